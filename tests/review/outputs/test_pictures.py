"""Pictures: the same every time, readable without seeing them, and nothing in them under 5 outside."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from intake.review.coding.account import When
from intake.review.coding.register import Register
from intake.review.consent import Purpose
from intake.review.outputs.counting import Name, tables
from intake.review.outputs.document import joined, squeezed
from intake.review.outputs.drawing import SVG, Box, Sheet, texts
from intake.review.outputs.pictures import Chart, districts, matrix, place_by_official
from intake.review.outputs.timeline import bars, by_act, by_case, stretch
from intake.review.outputs.wording import DISTRICTS, PHRASES, UNCHECKED
from tests.review.outputs.materials import (
    BROTHER,
    HOME,
    OFFICER,
    PRISON,
    REGISTER,
    material,
    piece,
    pieces,
)

CAPTION = "Counts of accounts received. Not a count of victims, and not a trend."


def every(count: int, lang: str, *, inside: bool) -> list[Chart]:
    told = pieces(count)
    made = tables(told, REGISTER, inside=inside)
    matrices = [matrix(made[name], lang) for name in Name if name is not Name.DISTRICT]
    return [
        *matrices,
        districts(made[Name.DISTRICT], lang),
        by_act(made[Name.MONTH_ACT], lang),
        place_by_official(told, REGISTER, lang, inside=inside),
        *([by_case(told, lang)] if inside else []),
    ]


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_each_says_in_words_what_it_shows(lang: str, inside: bool) -> None:
    for chart in every(12, lang, inside=inside):
        root = ET.fromstring(chart.picture.svg)
        assert root.get("role") == "img"
        title, desc = list(root)[:2]
        assert (title.tag, desc.tag) == (f"{{{SVG}}}title", f"{{{SVG}}}desc")
        assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert title.text
        assert PHRASES["caption"][lang] in joined(chart.picture.caption)
        assert PHRASES["caption"][lang] in joined(chart.grid.caption)
        assert chart.grid.rows
        assert squeezed("".join(texts(chart.picture.svg))) == squeezed("".join(chart.picture.texts))


def test_the_caption_is_the_fixed_one() -> None:
    assert PHRASES["caption"]["en"] == CAPTION


def test_nothing_in_them_runs_looks_or_tells_the_time() -> None:
    for chart in every(12, "en", inside=True):
        assert not re.search(
            r"<script|<style|style=|href=\"http|url\(http|<metadata|<!|<\?|onload|202[0-9]-|Matplotlib",
            chart.picture.svg,
        )


def test_they_are_the_same_every_time_and_whatever_a_reader_has_set(tmp_path: Path) -> None:
    first = [chart.picture.svg for chart in every(12, "ru", inside=False)]
    assert [chart.picture.svg for chart in every(12, "ru", inside=False)] == first
    with mpl.rc_context({"font.size": 30, "svg.hashsalt": "x", "axes.facecolor": "red"}):
        assert [chart.picture.svg for chart in every(12, "ru", inside=False)] == first


def test_outside_no_number_under_five_and_no_single_act_is_drawn() -> None:
    told = (*pieces(9), piece(9, addition=False))
    lone = replace(told[0].coding.acts[0], number=4, code="act.forced_marriage")
    coding = replace(told[0].coding, acts=(*told[0].coding.acts, lone))
    told = (replace(told[0], coding=coding), *told[1:])
    made = tables(told, REGISTER, inside=False)
    for chart in (matrix(made[Name.MONTH_ACT], "en"), by_act(made[Name.MONTH_ACT], "en")):
        words = " ".join(chart.picture.texts) + str(chart.grid)
        assert "Forced marriage" not in words
        assert not re.search(r"\b[0-4]\b", " ".join(chart.picture.texts))
    seen = matrix(tables(told, REGISTER, inside=True)[Name.MONTH_ACT], "en")
    assert "Forced marriage" in seen.picture.texts
    assert "1" in seen.picture.texts


def test_no_home_and_no_coordinate_is_in_any() -> None:
    for chart in every(12, "en", inside=True):
        words = str(chart.picture.texts) + str(chart.grid)
        assert HOME.name not in words
        assert "Sharoysky" not in str(chart.grid)
        assert HOME.names[0] not in words
    inside = place_by_official(pieces(6), REGISTER, "en", inside=True)
    assert inside.grid.head[1:] == ((OFFICER.name,),)
    assert inside.grid.rows == (((PRISON.name,), ("6",)),)
    assert BROTHER.name not in str(inside)


def test_outside_the_grid_of_places_has_no_pseudonym() -> None:
    outside = str(place_by_official(pieces(6), REGISTER, "en", inside=False))
    assert OFFICER.name not in outside
    assert PRISON.name not in outside


DAY, END = dt.date(2017, 3, 1), dt.date(2017, 3, 31)


@pytest.mark.parametrize(
    ("when", "before", "after"),
    [
        (When(DAY, DAY, "d.day"), False, False),
        (When(DAY, END, "d.month"), False, False),
        (When(DAY, END, "d.about"), True, True),
        (When(DAY, END, "d.season"), True, True),
        (When(DAY, dt.date(2017, 12, 31), "d.year"), True, True),
        (When(None, END, "d.before"), True, False),
        (When(DAY, None, "d.after"), False, True),
        (When(DAY, None, "d.day"), False, True),
    ],
)
def test_an_end_fades_where_nobody_knows_it(when: When, before: bool, after: bool) -> None:
    *_, left, right = stretch(when)
    assert (bool(left), bool(right)) == (before, after)
    act = replace(piece(0).coding.acts[0], when=when)
    told = replace(
        piece(0), coding=replace(piece(0).coding, acts=(act,), involvements=()), grades=()
    )
    (bar,) = bars([told])
    assert bar.act == act.code
    faint = by_case([told], "en").picture.svg.count('opacity="0.0')
    assert bool(faint) == (before or after)


def test_without_accounts_there_are_pictures_still() -> None:
    empty = tables((), Register.of(()), inside=False)
    for chart in (matrix(empty[Name.MONTH_ACT], "en"), by_act(empty[Name.MONTH_ACT], "en")):
        assert chart.picture.svg.startswith("<svg")
    assert by_case((), "en").grid.rows == ()
    assert districts(empty[Name.DISTRICT], "ru").picture.svg.startswith("<svg")


def test_a_label_is_neither_mathematics_nor_markup() -> None:
    sheet = Sheet(100, 20)
    sheet.box(Box(0, 0, 10, 10), "#000000")
    sheet.words((0, 5), "$x^2$ <b>&amp; \u202eZaur\x1b[2J \\frac")
    svg = sheet.svg("t", "<i>", "a & b")
    assert texts(svg) == ["$x^2$ <b>&amp; ⟨U+202E⟩Zaur⟨U+001B⟩[2J \\frac"]
    assert ET.fromstring(svg)[0].text == "<i>"


def test_every_label_is_in_both_languages_and_marked_where_unchecked() -> None:
    assert {"ru"} == UNCHECKED
    for words in (*PHRASES.values(), *DISTRICTS.values()):
        assert set(words) == {"en", "ru"}
        assert all(words.values())
    assert material(Purpose.STATS).counted
