"""The page where a text is redacted: what is taken out on the left, what a recipient will see on the right.

Each change is kept as a draft at once, and becomes the next version when it is saved.
"""

from typing import TYPE_CHECKING, Final

from flask import Flask, redirect, render_template, request

from intake.errors import MalformedError
from intake.review import gates
from intake.review.consent import is_code
from intake.review.desk import step_form
from intake.review.desk.at_hand import AtHand, moved, without
from intake.review.desk.history import History, State
from intake.review.desk.marking import (
    SEEN,
    WITHHOLD,
    Place,
    check_place,
    place_of,
    redaction_rows,
    seen_in,
    seen_state,
    spans_of,
    state_of,
    taken_out,
    texts_of,
    words_of,
)
from intake.review.desk.redact_lists import LISTED, offered, proposals_for, shown_at, still_standing
from intake.review.desk.remembered import (
    LISTED_STRINGS,
    rows_of,
    swept,
)
from intake.review.desk.sitting import Desk
from intake.review.journal import Mark
from intake.review.progress import Progress, answers_of
from intake.review.redacting import (
    TOKENS,
    Redaction,
    Span,
    check_apart,
)
from intake.review.remembering import Seen, seen_of
from intake.review.steps import Step
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

DRAFT: Final = "redact"
KEYS: Final = dict(zip(TOKENS, "PFCLDWBERVHTOGN", strict=True))
"""The key of each reason, by its place on the keyboard, whatever the layout."""


class RedactPage:
    """The page `/item/ID/redact`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application, and each change that it can ask for."""
        here = "/item/<item>/redact"
        app.add_url_rule(here, endpoint="redact", view_func=self.page)
        for name, view in (
            ("mark", self.mark),
            ("look", self.look),
            ("put-back", self.put_back),
            ("withhold", self.withhold),
            ("move", self.move),
            ("save", self.save),
            ("drop", self.drop),
        ):
            app.add_url_rule(
                f"{here}/{name}", endpoint=f"redact-{name}", view_func=view, methods=["POST"]
            )

    def page(self, item: str) -> str:
        """The text with what is in hand; `propose` is `find`, `everywhere` or `memory`."""
        hand, history = self._in_hand(item)
        spans, withheld = spans_of(history.state.items())
        texts = texts_of(hand.container)
        newest = self._newest(hand)
        proposed = proposals_for(hand, history.state, request.args.get("propose", ""))
        left = swept(texts, spans, withheld, seen_in(history.state))
        standing = still_standing(texts, hand, spans, withheld)
        return render_template(
            "redact.html",
            row=hand.row,
            fields=redaction_rows(texts, spans, withheld),
            chosen=[
                (path, line(text), path in withheld)
                for path, text in hand.container.fields
                if is_code(path, text)
            ],
            spans=spans,
            marks=shown_at(texts, spans, hand),
            standing=shown_at(texts, standing[:LISTED]),
            standing_count=len(standing),
            proposed=None if proposed is None else offered(texts, proposed[:LISTED]),
            proposed_count=len(proposed or ()),
            history=history,
            changed=history.state != self._begun(hand).state,
            newest=newest[0],
            stale=history.base != newest,
            aside=hand.aside(DRAFT),
            left=rows_of(texts, left[:LISTED_STRINGS]),
            left_count=len(left),
            names_read=hand.sitting.corpus.progress.ended,
            reasons=TOKENS,
            keys=KEYS,
            **_checklist(hand, newest),
            words_of=words_of if "words" in request.args else None,
        )

    # Changes, each of them kept at once

    def mark(self, item: str) -> "AnyResponse":
        """Take out each place of `lines`, for its own reason or for `reason`."""
        hand, history = self._in_hand(item)
        texts = texts_of(hand.container)
        spans, withheld = spans_of(history.state.items())
        given = [row for row in request.form.getlist("lines") for row in row.splitlines()]
        fresh: list[Span] = []
        for row in filter(str.strip, given):
            place, reason = place_of(row)
            check_place(texts, place)
            fresh.append(
                Span(place.field, place.start, place.end, reason or request.form.get("reason", ""))
            )
        check_apart(fresh)
        for span in fresh:
            spans = taken_out(spans, span)
        seen = _seen_of(history.state)
        if request.form.get("do") == "leave":
            # What was proposed and not ticked was looked at: it stays, and is not proposed again here.
            shown = (place_of(row)[0] for row in request.form.getlist("shown"))
            kept = {(span.field, span.start, span.end) for span in fresh}
            rest = [(one.field, one.start, one.end) for one in shown if _is_at(texts, one)]
            seen |= seen_state(place for place in rest if place not in kept)
        return self._done(hand, history, state_of(spans, withheld) | seen)

    def look(self, item: str) -> "AnyResponse":
        """Of what is left, take out each ticked string wherever it stands, or note that it was looked at."""
        hand, history = self._in_hand(item)
        texts = texts_of(hand.container)
        spans, withheld = spans_of(history.state.items())
        ticked = set(request.form.getlist("strings"))
        left = swept(texts, spans, withheld, seen_in(history.state))
        chosen = [one for one in left if str(Place(*one.places[0])) in ticked]
        seen, reason = _seen_of(history.state), request.form.get("reason", "")
        if not reason:
            seen |= seen_state(one.places[0] for one in chosen)
        for one in chosen if reason else ():
            for place in one.places:
                spans = taken_out(spans, Span(*place, reason))
        self._done(hand, history, state_of(spans, withheld) | seen)
        return redirect(f"/item/{item}/redact#left", 303)

    def put_back(self, item: str) -> "AnyResponse":
        """Take out a place no more."""
        hand, history = self._in_hand(item)
        return self._done(hand, history, without(history.state, request.form.get("place", "")))

    def withhold(self, item: str) -> "AnyResponse":
        """Leave out a whole field, or no more."""
        hand, history = self._in_hand(item)
        path = request.form.get("field", "")
        if path not in hand.container.answers:
            raise MalformedError("the text has no such field")
        state = without(history.state, f"{WITHHOLD}{path}")
        if len(state) == len(history.state):
            state[f"{WITHHOLD}{path}"] = True
        return self._done(hand, history, state)

    def move(self, item: str) -> "AnyResponse":
        """Undo, or redo."""
        hand, history = self._in_hand(item)
        after = moved(history, request.form.get("how", ""))
        if after is None:
            raise MalformedError("there is no such change")
        hand.keep(DRAFT, after)
        return _back(item)

    def drop(self, item: str) -> "AnyResponse":
        """Forget the draft and begin again from the newest version."""
        hand = AtHand.of(self._desk, item, Step.REDACT)
        hand.drop(DRAFT)
        return _back(item)

    def save(self, item: str) -> "AnyResponse":
        """Make what is in hand the next version; `GateError` or `MalformedError` where it may not be."""
        hand, history = self._in_hand(item)
        if history.base != self._newest(hand):
            raise MalformedError(
                "another version was saved since this draft began",
                "drop the draft, and begin again from that one",
                key="stale_draft",
            )
        spans, withheld = spans_of(history.state.items())
        made = Redaction(
            hand.opening.envelope,
            hand.case.redactions(item) + 1,
            tuple(spans),
            tuple(withheld),
            hand.case.by,
        )
        made.check_fits(hand.container)
        seen = tuple((one.field, one.start, one.end) for one in seen_in(history.state))
        last = hand.case.redaction(item, hand.opening.envelope)
        looked = seen != seen_of(hand.case, item, hand.opening.envelope).places
        if looked:
            gates.leave(hand.case, item, Seen(hand.opening.envelope, seen))
        # Words that were only looked at change nothing of what others see: no new version voids what was done.
        same = last is not None and (last.spans, last.withheld) == (made.spans, made.withheld)
        if not (looked and same):
            gates.redact(hand.case, item, made)
            hand.sitting.corpus.remember(item, hand.container, made)
        hand.drop(DRAFT)
        return redirect(f"/item/{item}/redact?saved={hand.case.redactions(item)}", 303)

    # What is in hand

    def _in_hand(self, item: str) -> tuple[AtHand, History]:
        hand = AtHand.of(self._desk, item, Step.REDACT)
        return hand, hand.history(DRAFT, lambda: self._begun(hand))

    def _begun(self, hand: AtHand) -> History:
        last = hand.case.redaction(hand.item, hand.opening.envelope)
        seen = seen_state(seen_of(hand.case, hand.item, hand.opening.envelope).places)
        if last is None:
            return History(state=seen)
        return History((last.version, last.by), state_of(last.spans, last.withheld) | seen)

    def _newest(self, hand: AtHand) -> tuple[int, str]:
        return self._begun(hand).base

    def _done(self, hand: AtHand, history: History, state: State) -> "AnyResponse":
        hand.keep(DRAFT, history.changed(state))
        return _back(hand.item)


def _checklist(hand: AtHand, newest: tuple[int, str]) -> dict[str, object]:
    """The questions that no program answers, with what was answered about the newest version."""
    mark, about = Progress.of(hand.case, hand.item).done.get(Step.CHECKLIST), Mark(*newest)
    given: Mapping[str, str] = {}
    if mark is not None:
        given = answers_of(hand.case, hand.item, Step.CHECKLIST)[-1].value.given
    asked = step_form.asked(Step.CHECKLIST, given, "en", judged=False)
    return {"checked": mark, "asked": asked, "about": about}


def _seen_of(state: State) -> dict[str, object]:
    return {name: value for name, value in state.items() if name.startswith(SEEN)}


def _is_at(texts: dict[str, str], place: Place) -> bool:
    check_place(texts, place)
    return True


def _back(item: str) -> "AnyResponse":
    return redirect(f"/item/{item}/redact", 303)
