"""People, places and the grid of likenesses: stable pseudonyms, ids alone, and nothing before the first note."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from intake.review import gates
from intake.review.case import Case
from intake.review.coding.account import UNKNOWN, Act, Coding, Involvement, Quote, When
from intake.review.coding.register import Of, Person, Place, Register, Scope
from intake.review.nearness import Account, Near, proposals
from intake.review.panel import Panel
from intake.review.progress import Progress, coding_of, grades_of
from intake.review.registering import enter, register_of
from intake.review.steps import Step
from tests.review.desk.conftest import Made, Window
from tests.review.desk.working import LONG, opened, own, read_through, working

__all__ = ["own", "read_through", "working"]

QUOTES = (Quote("narrative", 0, 4),)


def case_of(window: Window) -> Case:
    assert window.desk.sitting is not None
    return window.desk.sitting.case


def test_somebody_is_entered_spelled_twice_and_joined(working: Window) -> None:
    assert working.post("/people/enter", spelling="Лорд", of="individual", official="yes") == 303
    assert working.post("/people/enter", spelling="ЛОРД", of="individual") == 409
    assert working.post("/people/enter", spelling="Lord A.", of="individual") == 303
    assert working.post("/people/enter", spelling="", of="individual") == 409
    assert working.post("/people/enter", spelling="X", of="king") == 409
    one, other = register_of(case_of(working)).people
    assert working.post("/people/enter", name=one.name, spelling="Лорда") == 303
    assert working.post("/places/enter", name=one.name, spelling="Лорда") == 409
    assert working.post("/people/join", one=other.name, other=one.name) == 303
    (both,) = register_of(case_of(working)).people
    assert both.name == min(one.name, other.name)
    assert {"Лорд", "Лорда", "Lord A."} == set(both.names)
    assert working.post("/people/join", one=other.name, other=one.name) == 409
    page = working.get("/people")
    assert page.count("<tr id=") == 1
    assert {one.name, other.name} <= set(re.findall(r"p-[0-9a-f]{6}", page))


def test_a_join_an_entry_and_a_spelling_are_taken_back(working: Window) -> None:
    for spelling in ("Лорд", "Граф"):
        assert working.post("/people/enter", spelling=spelling, of="individual") == 303
    one, other = register_of(case_of(working)).people
    assert working.post("/people/join", one=one.name, other=other.name) == 303
    page = working.get("/people")
    assert f"{other.name} is another" in page
    assert "Withdraw this entry" not in page, "it stands for two"
    assert working.post("/people/withdraw", name=one.name) == 409
    assert working.post("/people/part", name=other.name) == 303
    assert register_of(case_of(working)).people == [one, other]
    assert working.post("/people/enter", name=one.name, spelling="Lord") == 303
    assert "Not spelled “Lord”" in working.get("/people")
    assert working.post("/people/unspell", name=one.name, spelling="Lord") == 303
    assert register_of(case_of(working)).people == [one, other]
    assert working.post("/people/withdraw", name=one.name) == 303
    page = working.get("/people")
    assert f'<tr id="{one.name}">' not in page
    assert f"Bring {one.name} back" in page
    assert f'<option value="{one.name}">' not in page
    assert f"Bring {one.name} back" not in working.get("/places")
    assert working.post("/people/back", name=one.name) == 303
    assert register_of(case_of(working)).people == [one, other]
    for act in ("part", "withdraw", "back", "unspell"):
        assert working.post(f"/people/{act}", name="p-zzzzzz") == 409


def test_an_account_that_names_what_was_withdrawn_is_listed_beside_it(
    working: Window, own: Made
) -> None:
    assert working.post("/people/enter", spelling="Граф", of="individual") == 303
    (one,) = register_of(case_of(working)).people
    assert working.post("/people/withdraw", name=one.name) == 303
    # As it comes from another machine, where nobody knew of it.
    coded(working, own.items["long"], Act(1, "act.torture", QUOTES, victim=one.name))
    page = working.get("/people")
    assert "An account names it:" in page
    assert f"/item/{own.items['long']}" in page


def test_a_place_has_a_kind_and_a_home_is_no_site(working: Window) -> None:
    home = {"spelling": "дом", "type": "pl.home", "scope": "site"}
    assert working.post("/places/enter", **home) == 409
    assert working.post("/places/enter", **{**home, "scope": "district"}) == 303
    (place,) = register_of(case_of(working)).places
    assert (place.type, place.scope) == ("pl.home", Scope.DISTRICT)


def coded(window: Window, item: str, *acts: Act, parts: tuple[Involvement, ...] = ()) -> None:
    gates.code(case_of(window), item, Coding(acts, parts))


def test_accounts_are_counted_and_named_by_their_ids_alone(working: Window, own: Made) -> None:
    case = case_of(working)
    adam, site = Person.new(Of.INDIVIDUAL, ["Адам"]), Place.new("pl.police", Scope.SITE, ["ОВД"])
    enter(case, adam)
    enter(case, site)
    act = Act(1, "act.torture", QUOTES, victim=adam.name, place=site.name)
    for name in ("long", "story"):
        coded(working, own.items[name], act)
    for kind in ("people", "places"):
        page = working.get(f"/{kind}")
        (cell,) = re.findall(r"<td>2 (<a.*?)</td>", page)
        assert set(re.findall(r"/item/([0-9a-f]+)", cell)) == {
            own.items["long"],
            own.items["story"],
        }
        assert "Мусхабов" not in page


def test_two_acts_of_one_official_are_near(working: Window, own: Made) -> None:
    case = case_of(working)
    lord, other = (Person.new(Of.INDIVIDUAL, [name], official=True) for name in ("Лорд", "Lord"))
    for entry in (lord, other):
        enter(case, entry)
    for name, person in (("long", lord), ("story", other)):
        part = Involvement(1, person.name, "i.did", "p.police", QUOTES)
        coded(working, own.items[name], Act(1, "act.torture", QUOTES), parts=(part,))
    here = f"/item/{own.items['long']}/grades"
    assert own.items["story"] not in working.get(here)
    assert working.post("/people/join", one=lord.name, other=other.name) == 303
    page = working.get(here)
    assert own.items["story"] in page
    assert "who did it" in page


def test_the_grid_proposes_and_a_person_grades(working: Window, own: Made) -> None:
    case, item = case_of(working), own.items["long"]
    site = Place.new("pl.police", Scope.SITE, ["ОВД"])
    enter(case, site)
    coded(working, item, Act(1, "act.torture", QUOTES, place=site.name, methods=("m.electric",)))
    coded(working, own.items["story"], Act(1, "act.abduction", QUOTES, place=site.name))
    here = f"/item/{item}/grades"
    page = working.get(here)
    assert own.items["story"] in page
    assert "Perhaps the same: 1" in page
    newest = coding_of(case, item)
    assert newest is not None
    form = {"coding": "1", "by": "r1", "grade-1": "g.c", "remark-1": "подробно"}
    for change in ({"coding": "2"}, {"by": "r2"}, {"grade-1": "g.z"}, {"grade-1": ""}):
        assert working.post(f"{here}/save", **{**form, **change}) == 409
    assert grades_of(case, item) is None
    assert working.post(f"{here}/save", **form) == 303
    grades = grades_of(case, item)
    assert grades is not None
    assert (grades.coding, grades.claims[0].grade) == (newest.mark, "g.c")
    assert "подробно" in working.get(here)
    assert Step.CORROBORATE in Progress.of(case, item).done
    # Another coding has no grade yet.
    coded(working, item, Act(1, "act.rape", QUOTES))
    assert "подробно" not in working.get(here)


def test_nothing_of_other_accounts_is_shown_before_the_first_note(
    working: Window, own: Made
) -> None:
    coded(working, own.items["long"], Act(1, "act.torture", QUOTES))
    waiting = own.items["waiting"]
    assert working.post(f"/item/{waiting}/open") == 303
    status, page, _ = working.ask("GET", f"/item/{waiting}/grades")
    assert status == 409
    assert own.items["long"] not in page
    assert working.post(f"/item/{waiting}/grades/save", coding="1", by="r1") == 409


def test_nor_where_the_panel_does_without_the_first_reading(working: Window, own: Made) -> None:
    coded(working, own.items["long"], Act(1, "act.torture", QUOTES))
    waiting = own.items["waiting"]
    assert working.post(f"/item/{waiting}/open") == 303
    gates.config(case_of(working), Panel.parse('steps = ["code", "corroborate"]'))
    coded(working, waiting, Act(1, "act.torture", QUOTES))
    status, page, _ = working.ask("GET", f"/item/{waiting}/grades")
    assert status == 409
    assert "before your own first note" in page
    assert own.items["long"] not in page
    assert working.get(f"/item/{own.items['long']}/grades")


@pytest.mark.parametrize("page", ["redact", "code", "grades"])
def test_no_word_is_shown_of_what_is_not_open_in_this_sitting(own: Made, page: str) -> None:
    window = opened(own)
    status, shown, _ = window.ask("GET", f"/item/{own.items['long']}/{page}")
    window.desk.lock()
    assert status == 409
    assert "not open in this sitting" in shown
    assert "Мусхабов" not in shown


def account(item: str, said: str = "", **values: Any) -> Account:
    fields = {"narrative": said or LONG}
    quote = Quote("narrative", 0, len(fields["narrative"]))
    act = Act(1, "act.torture", (quote,), **values)
    return Account.of(item, Coding((act,)), fields)


MARCH = When(dt.date(2017, 3, 1), dt.date(2017, 3, 31), "d.month")
THE_LAST = When(dt.date(2017, 3, 31), None, "d.after")
APRIL = When(dt.date(2017, 4, 1), dt.date(2017, 4, 30), "d.month")
BAG = ("m.bag",)


@pytest.mark.parametrize(
    ("ours", "theirs", "near"),
    [
        # Days alone overlap for half a corpus.
        ({"when": MARCH}, {"when": MARCH}, []),
        *(
            ({"when": one, "methods": BAG}, {"when": other, "methods": BAG}, near)
            for one, other, near in (
                (MARCH, THE_LAST, [Near.METHOD, Near.DATES]),
                (THE_LAST, MARCH, [Near.METHOD, Near.DATES]),
                (MARCH, APRIL, [Near.METHOD]),
                (APRIL, MARCH, [Near.METHOD]),
                (MARCH, UNKNOWN, [Near.METHOD]),
            )
        ),
        ({"place": "l-00000a"}, {"place": "l-00000b"}, [Near.PLACE]),
        ({"place": ""}, {"place": ""}, []),
        ({"methods": ("m.bag",)}, {"methods": ("m.bag", "m.hands")}, [Near.METHOD]),
        ({"methods": ("m.hands",)}, {"methods": ("m.hands",)}, []),
        (
            {"said": "он кричал «Отдай телефон и назови друзей»"},
            {"said": "сказали: «НАЗОВИ друзей, отдай телефон»!"},
            [Near.WORDS],
        ),
        ({"said": "отдай телефон и назови друзей"}, {"said": "отдай телефон, назови друзей"}, []),
    ],
)
def test_what_is_near(ours: dict[str, Any], theirs: dict[str, Any], near: list[Near]) -> None:
    one = Place("l-00000a", "pl.police", Scope.SITE, ("a",))
    other = Place("l-00000b", "pl.police", Scope.SITE, ("b",), same="l-00000a")
    found = proposals(account("a", **ours), [account("b", **theirs)], Register.of([one, other]))
    assert [list(row.near) for row in found[1]] == ([near] if near else [])


def test_two_that_look_alike_are_proposed_and_a_person_decides(working: Window) -> None:
    for spelling in ("Умар Хачукаев", "Oumar Khatchoukaïev", "Умаром Хачукаевым", "Фатима"):
        assert working.post("/people/enter", spelling=spelling, of="individual") == 303
    page = working.get("/people")
    assert "May be the same: 3" in page
    pairs = re.findall(
        r'action="/people/apart".*?name="one" value="([^"]*)".*?name="other" value="([^"]*)"', page
    )
    assert len(pairs) == 3
    one, other = pairs[0]
    assert working.post("/people/apart", one=one, other=other) == 303
    page = working.get("/people")
    assert "May be the same: 2" in page
    assert "Not the same: 1" in page
    assert working.post("/people/apart", one=one, other=other, again="yes") == 303
    assert "May be the same: 3" in working.get("/people")
    assert working.post("/people/join", one=one, other=other) == 303
    assert "May be the same: 1" in working.get("/people")
    assert working.post("/people/apart", one=one, other="p-ffffff") == 409
    assert working.get("/places").count("May be the same: 0") == 1


def test_the_meter_reads_an_account_again_only_when_something_was_coded_or_noted_of_it(
    working: Window, own: Made
) -> None:
    act = Act(1, "act.torture", QUOTES)
    for name in ("long", "story"):
        coded(working, own.items[name], act)
    coded(working, own.items["poison"], replace(act, quotes=(Quote("f0", 0, 4),)))
    here = f"/item/{own.items['long']}/risk"
    assert "3 of 3 coded accounts fit" in working.get(here)
    # What cannot be read any more is still counted as it was told, so nothing was read for this look.
    original = case_of(working).files.path(own.items["story"], "original")
    sealed = original.read_bytes()
    original.unlink()
    assert "3 of 3 coded accounts fit" in working.get(here)
    original.write_bytes(sealed)
    coded(working, own.items["story"], replace(act, code="act.outing"))
    original.unlink()
    assert "2 of 2 coded accounts fit" in working.get(here), "it was read anew, and could not be"
    original.write_bytes(sealed)
    coded(working, own.items["story"], replace(act, code="act.outing"))
    assert "2 of 3 coded accounts fit" in working.get(here)


def test_the_meter_of_an_item_is_shown_after_its_reader_wrote_a_note_and_takes_what_no_code_says(
    working: Window, own: Made
) -> None:
    here = f"/item/{own.items['long']}/risk"
    page = working.get(here)
    assert "Nothing is coded of it yet" in page
    act = Act(
        1, "act.torture", QUOTES, when=When(dt.date(2017, 3, 1), dt.date(2017, 3, 31), "d.month")
    )
    coded(working, own.items["long"], act)
    coded(working, own.items["story"], replace(act, code="act.outing"))
    page = working.get(here)
    assert "1 of 2 coded accounts fit" in page
    assert "Torture" in page
    assert "there are too few" in page
    assert working.post(here, sex="", work="Сварщик <b>", teip="", other="") == 303
    page = working.get(here)
    assert 'value="Сварщик &lt;b&gt;"' in page
    assert "<b>" not in page
    assert working.post(here, work="x" * 101) == 409
    assert working.get(f"/item/{own.items['story']}/risk").count("coded accounts fit") == 1
    status, page, _ = working.ask("GET", f"/item/{own.items['waiting']}/risk")
    assert status == 409, "it was not opened"
    assert f'href="/item/{own.items["waiting"]}#work"' in page, "where that is done"
