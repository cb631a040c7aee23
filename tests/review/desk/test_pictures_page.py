"""The pictures of the corpus on the desk: every number shows there, the list's filters hold, no word is drawn."""

import datetime as dt
import re
from xml.etree import ElementTree as ET

import pytest

from intake.review import gates
from intake.review.coding.account import Act, Coding, Involvement, Quote, When
from intake.review.coding.register import Of, Person, Place, Scope
from intake.review.desk import pictures_page
from intake.review.outputs.drawing import texts
from intake.review.registering import enter
from tests.review.desk.conftest import Made, Window
from tests.review.desk.test_pages import Page
from tests.review.desk.working import own, read_through, working

__all__ = ["own", "read_through", "working"]

QUOTES = (Quote("narrative", 0, 4),)
OFFICER = Person("p-00000a", Of.INDIVIDUAL, ("Кадырханов <b>",), official=True)
PRISON = Place("l-00000a", "pl.police", Scope.SITE, ("РОВД",), "argun")
HOME = Place("l-00000b", "pl.home", Scope.TOWN, ("Кенхи",), "sharoysky")
MARCH = When(dt.date(2017, 3, 1), dt.date(2017, 3, 31), "d.month")


@pytest.fixture
def pictured(working: Window, own: Made) -> Window:
    """Two accounts are coded: both of one prison, one of a home too."""
    assert working.desk.sitting is not None
    case = working.desk.sitting.case
    for entry in (OFFICER, PRISON, HOME):
        enter(case, entry)
    held = Act(1, "act.torture", QUOTES, when=MARCH, place=PRISON.name)
    home = Act(2, "act.threat_death", QUOTES, place=HOME.name)
    parts = (Involvement(1, OFFICER.name, "i.did", "p.police", QUOTES),)
    also = (Involvement(2, OFFICER.name, "i.did", "p.police", QUOTES),)
    gates.code(case, own.items["long"], Coding((held, home), (*parts, *also), "r.self"))
    gates.code(case, own.items["story"], Coding((held,), parts, "r.self"))
    return working


def drawings(page: str) -> list[str]:
    return re.findall(r"<svg.*?</svg>", page, re.DOTALL)


def table(page: str, name: str) -> list[list[str]]:
    """The cells of the table beside a picture."""
    section = table_of(page, name)
    rows = re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_every_picture_stands_beside_its_table_with_all_numbers(
    pictured: Window, own: Made
) -> None:
    page = pictured.get("/pictures")
    Page(page)  # every element that opens is closed
    drawn = drawings(page)
    assert len(drawn) == 6
    assert page.count("Counts of accounts received. Not a count of victims, and not a trend.") == 6
    assert "Coded: 2; of the" in page
    assert ["Torture", "0", "2", "2"] in table(page, "months")
    assert ["Argun (town)", "2"] in table(page, "districts")
    assert "2" in texts(drawn[1]), "a number under 5 shows here"
    assert not any("hidden" in text.lower() for svg in drawn for text in texts(svg))
    assert table(page, "officials") == [["Place", "p-00000a"], ["l-00000a", "2"]], "no home"
    assert '<a href="/people#p-00000a">' in page
    for name in ("long", "story"):
        assert f'<a href="/item/{own.items[name]}">' in table_of(page, "timeline")
    assert len(table(page, "timeline")) == 4


def table_of(page: str, name: str) -> str:
    return page.split(f'<h2 id="{name}"')[1].partition('<div class="charted">')[0]


def test_no_word_of_an_account_or_the_register_is_in_a_picture(pictured: Window) -> None:
    page = pictured.get("/pictures")
    for word in ("Мусхабов", "Ахмед", "Кадырханов", "РОВД", "Кенхи"):
        assert word not in page
    for svg in drawings(page):
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not names & {"script", "style", "image", "a", "foreignObject", "animate", "set"}
        for element in root.iter():
            for key, value in element.attrib.items():
                assert not key.startswith("on")
                assert key != "style"
                assert "http" not in value
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids)), "drawings on one page share no id"


def test_the_filters_of_the_list_hold_here(pictured: Window) -> None:
    assert pictured.post("/view", words="Уезжай") == 303
    page = pictured.get("/pictures")
    assert "Coded: 1; of the 1 accounts" in page
    assert "The filters of the list hold here too." in page
    assert ["Argun (town)", "1"] in table(page, "districts")
    assert pictured.post("/view", words="нигде") == 303
    page = pictured.get("/pictures")
    assert drawings(page) == []
    assert "nothing is coded yet" in page


def test_what_was_withdrawn_or_is_too_much_is_not_drawn(
    pictured: Window, own: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = pictured.desk.sitting
    assert sitting is not None
    at = next(i for i, row in enumerate(sitting.corpus.rows) if row.item == own.items["story"])
    row = sitting.corpus.rows[at]
    for state in ("withdrawn", "erased", "canary"):
        sitting.corpus.rows[at] = type(row)(**{**vars(row), "state": state})
        assert ["Argun (town)", "1"] in table(pictured.get("/pictures"), "districts"), state
    sitting.corpus.rows[at] = type(row)(**{**vars(row), "kind": "addition"})
    assert ["Argun (town)", "1"] in table(pictured.get("/pictures"), "districts")
    sitting.corpus.rows[at] = row
    monkeypatch.setattr(pictures_page, "PIECES_LIMIT", 1)
    assert pictured.ask("GET", "/pictures")[0] == 409


def test_pictures_are_in_the_language_of_the_desk(pictured: Window) -> None:
    assert pictured.post("/language", tag="ru", back="/") == 303
    page = pictured.get("/pictures")
    assert "Диаграммы" in page
    assert "Counts of accounts" not in page
    assert len(drawings(page)) == 6
