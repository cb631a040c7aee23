"""Coding on the desk: every code with its words, in vocabularies, kept at once, saved as the next version."""

import re

import pytest

from intake.review.case import Case
from intake.review.coding.account import Coding
from intake.review.coding.register import Of
from intake.review.coding.vocabulary import Vocabulary, label
from intake.review.progress import coding_of
from intake.review.registering import register_of
from tests.review.desk.conftest import Made, Window
from tests.review.desk.test_pages import MARKUP
from tests.review.desk.working import LONG, opened, own, read_through, working

__all__ = ["own", "read_through", "working"]


def here(own: Made, name: str = "long") -> str:
    return f"/item/{own.items[name]}/code"


def case_of(window: Window) -> Case:
    assert window.desk.sitting is not None
    return window.desk.sitting.case


def spot(words: str) -> str:
    at = LONG.index(words)
    return f"narrative:{at}:{at + len(words)}"


TORTURE = {
    "quotes": spot("били током"),
    "code": "act.torture",
    "methods": ["m.tied", "m.electric"],
    "purposes": ["u.info"],
    "effects": "e.burn",
    "from": "2017-03-12",
    "victim_new": "Ахмед",
    "place_new": "подвал",
    "place_scope": "town",
    "place_type": "pl.secret",
    "status_at_end": "s.released",
    "whereabouts": "w.denied",
    "attribution": "o.deny",
    "reason": "за слова",
}


def saved(window: Window, own: Made, name: str = "long") -> Coding | None:
    newest = coding_of(case_of(window), own.items[name])
    return None if newest is None else newest.value


def test_an_act_with_all_its_codes_is_saved_as_the_next_version(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/act", **TORTURE) == 303
    assert saved(working, own) is None
    page = working.get(here(own))
    assert "«били током»" in page
    assert '<mark data-codes="act-1 ">били током</mark>' in page
    assert label(Vocabulary.METHOD, "m.electric", "en") in page
    register = register_of(case_of(working))
    (victim,), (place,) = register.people, register.places
    assert (victim.names, place.names, place.type) == (("Ахмед",), ("подвал",), "pl.secret")
    part = {
        "quotes": spot("Иса"),
        "act": "1",
        "person_new": "Иса",
        "person_of": "unit",
        "official": "yes",
        "code": "i.ordered",
        "affiliation": "p.police",
        "rank": "майор",
    }
    assert working.post(f"{here(own)}/part", **part) == 303
    assert working.post(f"{here(own)}/relation", relation="r.self") == 303
    assert working.post(f"{here(own)}/save") == 303
    coding = saved(working, own)
    assert coding is not None
    (act,), (involved,) = coding.acts, coding.involvements
    assert (act.number, act.code, act.methods) == (1, "act.torture", ("m.electric", "m.tied"))
    assert (act.purposes, act.effects, act.reason) == (("u.info",), ("e.burn",), "за слова")
    assert (act.victim, act.place, act.place_type) == (victim.name, place.name, "pl.secret")
    assert (act.status_at_end, act.whereabouts, act.attribution) == (
        *("s.released", "w.denied"),
        "o.deny",
    )
    assert (act.when.month, act.when.precision, act.when.start) == (
        *("2017-03", "d.day"),
        act.when.end,
    )
    (quote,) = act.quotes
    assert LONG[quote.start : quote.end] == "били током"
    assert (involved.act, involved.code, involved.affiliation) == (1, "i.ordered", "p.police")
    person = register_of(case_of(working)).person(involved.person)
    assert person is not None
    assert (person.of, person.official, involved.rank) == (Of.UNIT, True, "майор")
    assert coding.relation == "r.self"


@pytest.mark.parametrize(
    "change",
    [
        {"quotes": ""},
        {"quotes": "narrative:0:99999"},
        {"quotes": "nothing:0:2"},
        {"quotes": "narrative:5:5"},
        {"code": ""},
        {"code": "act.nothing"},
        {"methods": "act.torture"},
        {"from": "yesterday"},
        {"from": "2017-03-12", "to": "2017-03-11"},
        {"precision": "d.unknown"},
        {"number": "7"},
        {"number": "x"},
    ],
)
def test_what_is_no_act_is_refused_and_what_was_typed_stays(
    working: Window, own: Made, change: dict[str, str]
) -> None:
    status, page, _ = working.ask("POST", f"{here(own)}/act", {**TORTURE, **change})
    assert status == 409
    assert 'role="alert"' in page
    assert "за слова" in page
    assert "Coded: 0" in working.get(here(own))
    # Nobody comes into the register by an act that is none.
    assert register_of(case_of(working)).entries == {}


def test_two_people_of_one_name_are_not_made_one_by_their_name(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/act", **TORTURE) == 303
    again = {**TORTURE, "victim_new": "АХМЕД", "place_new": ""}
    status, page, _ = working.ask("POST", f"{here(own)}/act", again)
    assert status == 409
    assert "the register has this name already" in page
    assert len(register_of(case_of(working)).people) == 1
    assert working.post(f"{here(own)}/act", **{**again, "victim_new": "Ахмед, водитель"}) == 303
    assert len(register_of(case_of(working)).people) == 2


def test_a_spelling_beside_somebody_known_is_one_more_of_theirs(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/act", **TORTURE) == 303
    (victim,) = register_of(case_of(working)).people
    (place,) = register_of(case_of(working)).places
    known = {"victim": victim.name, "place": place.name}
    again = {**TORTURE, **known, "victim_new": "Ахмеду", "place_new": "подвале"}
    assert working.post(f"{here(own)}/act", **again) == 303
    register = register_of(case_of(working))
    assert [person.names for person in register.people] == [("Ахмед", "Ахмеду")]
    assert [place.names for place in register.places] == [("подвал", "подвале")]


def test_an_act_is_changed_removed_undone_and_done_again(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/act", **TORTURE) == 303
    page = working.get(f"{here(own)}?act=1")
    assert 'name="number" value="1"' in page
    assert '<option value="m.tied" selected>' in page
    assert f">{TORTURE['quotes']}</textarea>" in page
    (victim,) = register_of(case_of(working)).people
    changed = {
        **{name: value for name, value in TORTURE.items() if not name.endswith("_new")},
        "number": "1",
        "code": "act.rape",
        "victim": victim.name,
    }
    assert working.post(f"{here(own)}/act", **changed) == 303
    coded = ("1. Rape", "1. Torture", "Nothing is coded yet")

    def shown() -> list[bool]:
        page = working.get(here(own)).partition('id="act-title"')[0]
        return [said in page for said in coded]

    assert shown() == [True, False, False]
    assert working.post(f"{here(own)}/remove", kind="act", number="1") == 303
    assert shown() == [False, False, True]
    for how, expected in (
        ("undo", [True, False, False]),
        ("undo", [False, True, False]),
        ("redo", [True, False, False]),
        ("redo", [False, False, True]),
    ):
        assert working.post(f"{here(own)}/move", how=how) == 303
        assert shown() == expected
    assert working.ask("GET", f"{here(own)}?act=5")[0] == 409


def test_an_act_that_goes_takes_its_parts_along(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/act", **TORTURE) == 303
    part = {"quotes": spot("Иса"), "act": "1", "person_new": "Иса", "code": "i.did"}
    assert working.post(f"{here(own)}/part", **part) == 409
    assert working.post(f"{here(own)}/part", **part, affiliation="p.unknown") == 303
    assert 'data-codes="part-1 "' in working.get(here(own))
    assert working.post(f"{here(own)}/remove", kind="act", number="1") == 303
    assert "data-codes" not in working.get(here(own))
    assert working.post(f"{here(own)}/save") == 303
    assert saved(working, own) == Coding()


def test_what_is_entered_and_what_is_half_typed_outlives_the_desk(
    working: Window, own: Made
) -> None:
    assert working.post(f"{here(own)}/act", **TORTURE) == 303
    typed = {"kind": "act", "reason": "недописан", "methods": ["m.bag"], "quotes": spot("Иса")}
    assert working.post(f"{here(own)}/typed", **typed) == 204
    assert working.post(f"{here(own)}/typed", kind="other") == 409
    working.desk.lock()
    again = opened(own)
    assert again.post(f"/item/{own.items['long']}/open") == 303
    page = again.get(here(own))
    assert "Coded: 1" in page
    assert "недописан</textarea>" in page
    assert '<option value="m.bag" selected>' in page
    # Entered, it is not half typed any more.
    full = {**TORTURE, "victim_new": "", "place_new": "", "reason": "дописан"}
    assert again.post(f"{here(own)}/act", **full) == 303
    page = again.get(here(own))
    assert "Coded: 2" in page
    assert "недописан" not in page
    again.desk.lock()


def test_quotes_that_meet_are_one_and_may_overlap_those_of_other_acts(
    working: Window, own: Made
) -> None:
    quotes = "narrative:0:10\nnarrative:5:14\nnarrative:20:22"
    assert working.post(f"{here(own)}/act", code="act.torture", quotes=quotes) == 303
    assert working.post(f"{here(own)}/act", code="act.abduction", quotes="narrative:3:21") == 303
    page = working.get(here(own))
    assert re.findall(r'data-codes="([^"]*)"', page) == [
        "act-1 ",
        "act-1 act-2 ",
        "act-2 ",
        "act-1 act-2 ",
        "act-1 ",
    ]


def test_it_is_the_first_readers_and_after_reading(window: Window, made: Made) -> None:
    assert window.post(f"/item/{made.items['story']}/open") == 303
    status, page, _ = window.ask("GET", here(made, "story"))
    assert status == 409
    assert "Мусхабов" not in page
    assert window.post(f"{here(made, 'story')}/act", **TORTURE) == 409
    assert window.post(f"{here(made, 'story')}/typed", kind="act", reason="x") == 409


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_names_and_remarks_is_text(working: Window, own: Made, markup: str) -> None:
    named = {"victim_new": markup, "place_new": markup, "reason": markup + "\u202e"}
    assert working.post(f"{here(own)}/act", **{**TORTURE, **named}) == 303
    for address in (here(own), f"{here(own)}?act=1", "/people", "/places"):
        page = working.get(address)
        assert page.count("<script") <= 2
        assert not re.search(r"<(svg|img|style|iframe)|<[a-z][^>]* on[a-z]+=|href=\"java", page)


def test_every_code_is_offered_in_both_languages(working: Window, own: Made) -> None:
    for tag in ("en", "ru"):
        assert working.post("/language", tag=tag, back="/") == 303
        page = working.get(here(own))
        assert label(Vocabulary.ACT, "act.outing", tag) in page
        assert label(Vocabulary.PURPOSE, "u.extort", tag) in page
    assert "ещё никто не проверил" in page


COMES = "1. Облава</bdi> <strong>comes before</strong> <bdi>2. Подвал"
EVENT = {"quotes": spot("меня взяли"), "title": "Облава", "from": "2017-03-12", "impact": "уехал"}
LATER = {
    "quotes": spot("Потом били током"),
    "title": "Подвал",
    "status": "watched",
    "place_new": "дом",
}


def test_events_their_chain_and_words_for_a_method_are_saved_with_the_rest(
    working: Window, own: Made
) -> None:
    for form in (EVENT, LATER):
        assert working.post(f"{here(own)}/event", **form) == 303
    assert working.post(f"{here(own)}/act", **{**TORTURE, "event": "2"}) == 303
    words = {"quotes": spot("током"), "act": "1", "method": "m.electric"}
    assert working.post(f"{here(own)}/method", **words) == 303
    link = {"quotes": spot("Потом"), "event": "1", "leads": "precedes", "to": "2"}
    assert working.post(f"{here(own)}/link", **link) == 303
    page = working.get(here(own))
    for shown in ("Облава", "Подвал", COMES, "«током»", "followed", "уехал"):
        assert shown in page
    assert '<mark data-codes="event-2 link-1 ">Потом</mark>' in page
    assert working.post(f"{here(own)}/save") == 303
    coding = saved(working, own)
    assert coding is not None
    one, two = coding.events
    assert (one.title, one.when.month, one.impact) == ("Облава", "2017-03", "уехал")
    place = register_of(case_of(working)).place(two.place)
    assert place is not None
    assert (two.status, place.names) == ("watched", ("дом",))
    ((method, (quote,)),) = coding.acts[0].method_quotes
    assert (method, LONG[quote.start : quote.end]) == ("m.electric", "током")
    assert coding.acts[0].event == 2
    assert [(at.event, at.kind, at.to) for at in coding.chain] == [(1, "precedes", 2)]
    # Changed, an act keeps the words of the methods that it still has, and an event its number.
    again = {**TORTURE, "number": "1", "event": "", "victim_new": "", "place_new": ""}
    assert working.post(f"{here(own)}/act", **again) == 303
    assert "«током»" in working.get(here(own))
    assert working.post(f"{here(own)}/act", **{**again, "methods": ["m.tied"]}) == 303
    assert "«током»" not in working.get(here(own))
    assert 'value="Подвал"' in working.get(f"{here(own)}?event=2")
    renamed = {**LATER, "number": "2", "title": "Погреб", "place_new": ""}
    assert working.post(f"{here(own)}/event", **renamed) == 303
    page = working.get(here(own))
    assert "Погреб" in page
    assert "Подвал" not in page
    assert working.post(f"{here(own)}/link", **{**link, "number": "1", "leads": "causes"}) == 303
    leads = "1. Облава</bdi> <strong>leads to</strong> <bdi>2. Погреб"
    assert leads in working.get(here(own))


def test_an_event_that_goes_takes_its_links_along_and_leaves_its_acts(
    working: Window, own: Made
) -> None:
    for form in (EVENT, LATER):
        assert working.post(f"{here(own)}/event", **form) == 303
    assert working.post(f"{here(own)}/act", **{**TORTURE, "event": "2"}) == 303
    link = {"quotes": spot("Потом"), "event": "1", "leads": "part_of", "to": "2"}
    assert working.post(f"{here(own)}/link", **link) == 303
    assert working.post(f"{here(own)}/remove", kind="event", number="2") == 303
    assert working.post(f"{here(own)}/move", how="undo") == 303
    assert "<strong>is a part of</strong> <bdi>2. Подвал" in working.get(here(own))
    assert working.post(f"{here(own)}/move", how="redo") == 303
    assert working.post(f"{here(own)}/save") == 303
    coding = saved(working, own)
    assert coding is not None
    assert [event.title for event in coding.events] == ["Облава"]
    assert (coding.chain, coding.acts[0].event) == ((), 0)


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("event", {**EVENT, "quotes": ""}),
        ("event", {**EVENT, "title": ""}),
        ("event", {**EVENT, "quotes": "narrative:0:99999"}),
        ("event", {**EVENT, "status": "lost"}),
        ("event", {**EVENT, "number": "9"}),
        ("link", {"quotes": spot("Потом"), "event": "1", "leads": "causes", "to": "1"}),
        ("link", {"quotes": spot("Потом"), "event": "1", "leads": "causes", "to": "9"}),
        ("link", {"quotes": spot("Потом"), "event": "2", "leads": "precedes", "to": "1"}),
        ("link", {"quotes": "", "event": "1", "leads": "causes", "to": "2"}),
        ("link", {"quotes": spot("Потом"), "event": "1", "leads": "", "to": "2"}),
        ("method", {"quotes": spot("током"), "act": "1", "method": "m.water"}),
        ("method", {"quotes": spot("током"), "act": "9", "method": "m.electric"}),
        ("method", {"quotes": "nothing:0:2", "act": "1", "method": "m.electric"}),
        ("act", {**TORTURE, "event": "9"}),
    ],
)
def test_what_is_no_event_link_or_word_is_refused(
    working: Window, own: Made, what: str, form: dict[str, object]
) -> None:
    for one in (EVENT, LATER):
        assert working.post(f"{here(own)}/event", **one) == 303
    assert working.post(f"{here(own)}/act", **TORTURE) == 303
    link = {"quotes": spot("Потом"), "event": "1", "leads": "precedes", "to": "2"}
    assert working.post(f"{here(own)}/link", **link) == 303
    before = working.get(here(own)).count('class="card"')
    status, page, _ = working.ask("POST", f"{here(own)}/{what}", form)
    assert (status, 'role="alert"' in page) == (409, True)
    assert working.get(here(own)).count('class="card"') == before
