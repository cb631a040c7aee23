"""The case sheet: the text on the left, what was coded of it on the right, each code with its words.

Whoever codes chooses words first and then says what they bear out. Each act that is entered is kept as a
draft at once, and what is still being typed too; it becomes the next version when it is saved.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from flask import Flask, redirect, render_template, request

from intake.errors import IntakeError, MalformedError
from intake.review import drafts, gates, progress
from intake.review.coding.chain import Leads, Watch
from intake.review.coding.register import Of, Scope
from intake.review.coding.vocabulary import TERMS, UNCHECKED, Vocabulary
from intake.review.desk import coding_form as forms
from intake.review.desk.at_hand import AtHand, moved, without
from intake.review.desk.case_sheet import cards_of, chain_cards_of, places_of
from intake.review.desk.coding_form import ACT, PART, RELATION, Form
from intake.review.desk.history import History, State
from intake.review.desk.marking import marked, texts_of, words_of
from intake.review.desk.naming import check_new, name_of, named_person, named_place
from intake.review.desk.sitting import Desk
from intake.review.registering import check_known, register_of
from intake.review.steps import Step

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

DRAFT: Final = "code"
TYPED: Final = "typed"  # the draft of what is still being filled in
_ANYBODY: Final = "p-000000"


class CodePage:
    """The page `/item/ID/code`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def add_to(self, app: Flask) -> None:
        """Add it to the application, and each change that it can ask for."""
        here = "/item/<item>/code"
        app.add_url_rule(here, endpoint="code", view_func=self.page)
        for kind in forms.FIELDS:
            self._change(app, here, kind, partial(self.entered, kind=kind))
        for view in (self.relation, self.remove, self.typed):
            self._change(app, here, view.__name__, view)
        for view in (self.move, self.save, self.drop):
            self._change(app, here, view.__name__, view)

    def _change(self, app: Flask, here: str, name: str, view: object) -> None:
        app.add_url_rule(
            f"{here}/{name}",
            endpoint=f"code-{name}",
            view_func=cast("None", view),
            methods=["POST"],
        )

    def page(self, item: str) -> str:
        """The sheet; `act` or `part` is the number of the one that is changed in its form."""
        hand, history = self._in_hand(item)
        typed = _typed(hand)
        for kind in (ACT, PART, forms.EVENT, forms.LINK):
            number = request.args.get(kind, "")
            if number:
                value = history.state.get(f"{kind} {forms.number_in(number)}")
                if value is None:
                    raise MalformedError("there is no act or part of this number")
                typed[kind] = {**forms.form_of(value), "number": [number]}
        return self._page(hand, history, typed)

    def _page(
        self,
        hand: AtHand,
        history: History,
        typed: dict[str, Form],
        *,
        refused: IntakeError | None = None,
    ) -> str:
        texts = texts_of(hand.container)
        cards = cards_of(history.state, texts)
        events, links = chain_cards_of(history.state, texts)
        places, codes = places_of(cards, events, links)
        newest = self._begun(hand).base
        register = register_of(hand.case)
        return render_template(
            "code.html",
            row=hand.row,
            fields=marked(texts, places),
            codes=codes,
            cards=cards,
            events=events,
            links=links,
            leads=list(Leads),
            watches=list(Watch),
            relation=history.state.get(RELATION, ""),
            typed=typed,
            register=register,
            name_of=partial(name_of, register),
            terms={vocabulary.value: list(TERMS[vocabulary]) for vocabulary in Vocabulary},
            many=forms.MANY,
            single=forms.ONE,
            kinds=list(Of),
            scopes=list(Scope),
            unchecked=UNCHECKED,
            history=history,
            changed=history.state != self._begun(hand).state,
            newest=newest[0],
            stale=history.base != newest,
            aside=hand.aside(DRAFT, TYPED),
            refused=refused,
            words_of=words_of if "words" in request.args else None,
        )

    # Changes, each of them kept at once

    def entered(self, item: str, kind: str) -> "AnyResponse | tuple[str, int]":
        """Enter an act, an event, a part or a link, or change the one of `number`; or words for a method."""
        hand, history = self._in_hand(item)
        form = forms.form_in(dict(request.form.lists()), forms.FIELDS[kind])
        try:
            of, number = _number(history.state, kind, form)
            before = history.state.get(f"{of} {number}")
            # First whether it is one, whoever it names: nobody comes into the register for nothing.
            for names_of in (_nobody, partial(_named, hand)):
                value = _value(kind, form, number, names_of, before)
                state = {**history.state, f"{of} {number}": value}
                coding = forms.coding_of(state)
                coding.check_fits(texts_of(hand.container))
        except MalformedError as error:
            page = self._page(hand, history, {**_typed(hand), kind: form}, refused=error)
            return page, 409
        check_known(register_of(hand.case), coding)
        hand.keep(DRAFT, history.changed(state))
        _keep_typed(hand, {one: form for one, form in _typed(hand).items() if one != kind})
        return _back(item)

    def relation(self, item: str) -> "AnyResponse":
        """Say what the source had to do with it."""
        hand, history = self._in_hand(item)
        code = request.form.get(RELATION, "")
        state = without(history.state, RELATION) | ({RELATION: code} if code else {})
        forms.coding_of(state)
        hand.keep(DRAFT, history.changed(state))
        return _back(item)

    def remove(self, item: str) -> "AnyResponse":
        """Take out an act, with the parts in it, or a part."""
        hand, history = self._in_hand(item)
        number = forms.number_in(request.form.get("number", ""))
        kind = request.form.get("kind", "")
        if kind not in {ACT, PART, forms.EVENT, forms.LINK}:
            raise MalformedError("there is no such thing to take out")
        typed = _typed(hand)
        if forms.one(typed.get(kind, {}), "number") == str(number):
            _keep_typed(hand, {one: form for one, form in typed.items() if one != kind})
        if kind == ACT:
            state = forms.without_act(history.state, number)
        elif kind == forms.EVENT:
            state = forms.without_event(history.state, number)
        else:
            state = without(history.state, f"{kind} {number}")
        hand.keep(DRAFT, history.changed(state))
        return _back(item)

    def typed(self, item: str) -> tuple[str, int]:
        """Keep what is still being filled in: the page's script sends it at every pause."""
        hand = AtHand.of(self._desk, item, Step.CODE)
        kind = request.form.get("kind", "")
        if kind not in forms.FIELDS:
            raise MalformedError("there is no such form")
        form = forms.form_in(dict(request.form.lists()), forms.FIELDS[kind])
        _keep_typed(hand, {**_typed(hand), kind: form})
        return "", 204

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
        hand = AtHand.of(self._desk, item, Step.CODE)
        hand.drop(DRAFT)
        hand.drop(TYPED)
        return _back(item)

    def save(self, item: str) -> "AnyResponse":
        """Make what is in hand the next version."""
        hand, history = self._in_hand(item)
        if history.base != self._begun(hand).base:
            raise MalformedError(
                "another version was saved since this draft began",
                "drop the draft, and begin again from that one",
                key="stale_draft",
            )
        mark = gates.code(hand.case, item, forms.coding_of(history.state))
        hand.drop(DRAFT)
        return redirect(f"/item/{item}/code?saved={mark.number}", 303)

    # What is in hand

    def _in_hand(self, item: str) -> tuple[AtHand, History]:
        hand = AtHand.of(self._desk, item, Step.CODE)
        return hand, hand.history(DRAFT, lambda: self._begun(hand))

    def _begun(self, hand: AtHand) -> History:
        newest = progress.coding_of(hand.case, hand.item)
        if newest is None:
            return History()
        return History((newest.mark.number, newest.mark.by), forms.state_of(newest.value))


def _back(item: str) -> "AnyResponse":
    return redirect(f"/item/{item}/code", 303)


def _number(state: State, kind: str, form: Form) -> tuple[str, int]:
    """Which value of a state a form is of: its kind and number; a method's is its act."""
    if kind == forms.METHOD:
        number = forms.number_in(forms.one(form, "act"))
        if f"{ACT} {number}" not in state:
            raise MalformedError("there is no act or part of this number")
        return ACT, number
    given = forms.one(form, "number")
    number = forms.number_in(given) if given else forms.next_number(state, kind)
    if given and f"{kind} {number}" not in state:
        raise MalformedError("there is no act or part of this number")
    return kind, number


_NamesOf = Callable[[str, Form], tuple[str, str]]


def _nobody(kind: str, form: Form) -> tuple[str, str]:
    """Stands for the names of a form that may still be refused."""
    return (forms.one(form, "victim") if kind == ACT else _ANYBODY), ""


def _named(hand: AtHand, kind: str, form: Form) -> tuple[str, str]:
    """Whom and what a form names, by pseudonym; who is new comes into the register."""
    check_new(hand.case, form)
    if kind == forms.EVENT:
        return "", named_place(hand.case, form)
    if kind == PART:
        return named_person(hand.case, form, "person"), ""
    return named_person(hand.case, form, "victim"), named_place(hand.case, form)


def _value(kind: str, form: Form, number: int, names_of: _NamesOf, before: object) -> object:
    if kind == forms.METHOD:
        return forms.with_method(before, form)
    if kind == forms.LINK:
        return forms.link_of(form)
    person, place = names_of(kind, form)
    if kind == forms.EVENT:
        return forms.event_of(form, number, place)
    if kind == ACT:
        return forms.act_of(form, number, person, place, before)
    return forms.part_of(form, forms.number_in(forms.one(form, "act")), person)


def _typed(hand: AtHand) -> dict[str, Form]:
    """What is still being filled in, by form; one that cannot be read is set aside."""
    return drafts.taken_up(hand.case, hand.item, TYPED, _forms) or {}


def _forms(kept: object) -> dict[str, Form]:
    try:
        given = cast("dict[str, dict[str, list[str]]]", kept)
        return {
            kind: forms.form_in(given[kind], names)
            for kind, names in forms.FIELDS.items()
            if kind in given
        }
    except (AttributeError, TypeError):
        raise MalformedError("a draft has another shape") from None


def _keep_typed(hand: AtHand, typed: dict[str, Form]) -> None:
    rows = {kind: {name: list(v) for name, v in form.items()} for kind, form in typed.items()}
    drafts.keep(hand.case, hand.item, TYPED, rows)
