"""The corroboration grid: each claim of a coding, what in other accounts may be near, and its grade.

The program proposes and a person decides. Nothing of another account is shown before the first reader's
own note is saved: whoever has seen a likeness finds it (domain.md 5.1, steps 8 and 11).
"""

from functools import partial
from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template, request

from intake.errors import GateError, IntakeError
from intake.review import gates, progress
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.desk.at_hand import AtHand
from intake.review.desk.coding_form import number_in
from intake.review.desk.naming import name_of
from intake.review.desk.sitting import Desk
from intake.review.journal import Mark
from intake.review.nearness import Account, proposals
from intake.review.occurrences import codings_of
from intake.review.progress import Progress, grades_of
from intake.review.registering import register_of
from intake.review.steps import Step
from intake.review.work import Claim, Grades

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response as AnyResponse


class GradesPage:
    """The page `/item/ID/grades`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application."""
        app.add_url_rule("/item/<item>/grades", endpoint="grades", view_func=self.page)
        app.add_url_rule(
            "/item/<item>/grades/save",
            endpoint="grades-save",
            view_func=self.save,
            methods=["POST"],
        )

    def _in_hand(self, item: str) -> AtHand:
        hand = AtHand.of(self._desk, item, Step.CORROBORATE)
        # Whatever steps the panel uses: a likeness that was seen first is found in the text.
        if Step.READ not in Progress.of(hand.case, item).done:
            raise GateError(
                "no other account is shown before the first note of this one is saved",
                "read it and write down what you think of it: `intake review read`",
                key="note_first",
            )
        return hand

    def page(self, item: str) -> str:
        """Each act with its proposals and its grade."""
        hand = self._in_hand(item)
        coding = progress.coding_of(hand.case, item)
        register = register_of(hand.case)
        near = {}
        if coding is not None:
            account = Account.of(item, coding.value, hand.container.answers)
            near = proposals(account, self._others(hand), register)
        kept = grades_of(hand.case, item)
        if kept is not None and (coding is None or kept.coding != coding.mark):
            kept = None  # it is of another coding
        return render_template(
            "grades.html",
            row=hand.row,
            coding=coding,
            near=near,
            claims={} if kept is None else {claim.act: claim for claim in kept.claims},
            grades=list(TERMS[Vocabulary.CORROBORATION]),
            name_of=partial(name_of, register),
        )

    def _others(self, hand: AtHand) -> "Iterator[Account]":
        for item, coding in codings_of(hand.case):
            if item == hand.item:
                continue
            try:
                _, container = hand.case.original(item)
            except IntakeError:
                continue  # its own page says why
            yield Account.of(item, coding, container.answers)

    def save(self, item: str) -> "AnyResponse":
        """Keep the grades of all claims in the coding that the page showed."""
        hand = self._in_hand(item)
        coding = progress.coding_of(hand.case, item)
        given = request.form
        numbers = () if coding is None else (act.number for act in coding.value.acts)
        claims = tuple(
            Claim(
                number, given.get(f"grade-{number}", ""), given.get(f"remark-{number}", "").strip()
            )
            for number in numbers
        )
        mark = Mark(number_in(given.get("coding", "")), given.get("by", ""))
        gates.grade(hand.case, item, Grades(mark, claims))
        return redirect(f"/item/{item}/grades?saved", 303)
