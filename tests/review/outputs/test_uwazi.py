"""A sheet is read as Uwazi reads it: every value arrives, and no mistake passes."""

import datetime as dt
from dataclasses import replace

import pytest

from intake.errors import MalformedError
from intake.review.consent import Purpose
from intake.review.outputs.archives import read_archive
from intake.review.outputs.building import build
from intake.review.outputs.material import Extract, Material, Output
from intake.review.outputs.sheets import sheet
from intake.review.outputs.uwazi import uwazi_csv, uwazi_zip
from intake.review.outputs.uwazi_reading import TEMPLATE, check, cleaned
from tests.review.outputs.materials import CODES, TEXT, material, piece


def investigators(**changes: object) -> Material:
    return replace(material(Purpose.INVESTIGATORS, **changes), recipient="to.ngo")  # type: ignore[arg-type]


def test_every_value_arrives_as_it_was_meant() -> None:
    made = investigators()
    entity = check(uwazi_csv(made), {})[0]
    assert entity == {
        "title": f"Case {CODES[0]}",
        "summary__en": "Unlawful arrest or detention; Death threat; Torture",
        "summary__ru": entity["summary__ru"],
        "act": ["Death threat", "Torture", "Unlawful arrest or detention"],
        "method": ["Electric shock", "Hit with an object (stick, pipe, rifle butt, cable)"],
        "purpose": [
            "Because of who the person is or is thought to be",
            "To get information or names",
        ],
        "place_type": ["Own home", "Police station or department"],
        "district": ["Argun (town)", "Sharoysky"],
        "affiliation": ["Police (local or district)", "Relatives"],
        "relation": ["It happened to me"],
        "corroboration": [
            "Not assessed",
            "One direct source, detailed",
            "Two or more independent direct sources",
        ],
        "period": [(dt.date(2017, 3, 1), dt.date(2017, 3, 31))],
        "account": f"r.self\n\n{TEXT}",
        "signed": "Two people read and signed this.",
        "events": "",
        "chain": "",
    }
    assert "Пытки" in str(entity["summary__ru"])


def test_in_public_it_is_whole_months_chosen_extracts_and_no_district_of_a_home() -> None:
    act = piece(0).coding.acts[1]
    told = piece(0, coding=replace(piece(0).coding, acts=(act,), involvements=()), grades=())
    (entity,) = check(uwazi_csv(material(pieces=(told,), findings=())), {})
    assert entity["period"] == [(dt.date(2017, 3, 1), dt.date(2017, 3, 31))]
    assert entity["account"] == "A man was taken to a police station."
    assert check(uwazi_csv(material()), {})[0]["district"] == ["Argun (town)"]
    yard = replace(piece(0).coding.acts[2], place_type="pl.street")
    told = piece(0, coding=replace(piece(0).coding, acts=(yard,), involvements=()), grades=())
    (entity,) = check(uwazi_csv(material(pieces=(told,), findings=())), {})
    assert entity["district"] in ([], ""), "the register calls it a home"


def test_an_archive_has_the_accounts_beside_the_sheet() -> None:
    files = read_archive(uwazi_zip(investigators()))
    entities = check(files.pop("import.csv"), files)
    assert [entity["attachments"] for entity in entities] == [[name] for name in sorted(files)]


def test_a_bar_in_an_account_is_text_and_parts_no_value() -> None:
    told = piece(0, text="| a | b" * 20, extracts=(Extract("narrative", 0, 3, "| x"),))
    (entity,) = check(uwazi_csv(investigators(pieces=(told,), findings=())), {})
    assert "| a | b" in str(entity["account"])


def test_the_output_is_what_was_checked() -> None:
    names = [one.name for one in build(Output.UWAZI, investigators())]
    assert names == ["uwazi.csv", "uwazi.zip"]


@pytest.mark.parametrize(
    ("head", "row", "why"),
    [
        (("title", "id"), ("x", "1"), "overwrites"),
        (("title", "ID"), ("x", "1"), "overwrites"),
        (("act",), ("Torture",), "no column for the title"),
        (("title", "act"), ("", "Torture"), "no title"),
        (("title", "teip"), ("x", "y"), "no property"),
        (("title", "Деяние"), ("x", "y"), "no property"),
        (("title", "place type", "place-type"), ("x", "", ""), "one property"),
        (("title", "summary__ru"), ("x", "y"), "language copy"),
        (("title", "summary__en", "summary"), ("x", "y", "z"), "language copy"),
        (("title", "act"), ("x", "Tortures"), "not in the thesaurus"),
        (("title", "act"), ("x", "torture"), "not in the thesaurus"),
        (("title", "act"), ("x", "Torture|Torture"), "one twice"),
        (("title", "act"), ("x", "A::B::C"), "not in the thesaurus"),
        (("title", "relation"), ("x", "Not said|Relative, told about it"), "more values"),
        (("title", "period"), ("x", "2017/03/01~2017/03/15"), "is written"),
        (("title", "period"), ("x", "2017-03-01:2017-03-15"), "is written"),
        (("title", "period"), ("x", "2017/03/15:2017/03/01"), "before it begins"),
        (("title", "period"), ("x", "2017/02/30:2017/03/01"), "a day that there is not"),
        (("title", "place_geolocation"), ("x", "43.3|45.7"), "coordinates"),
        (("title", "attachments"), ("x", "a.txt"), "not in the archive"),
        (("title",), ("a\nb",), "one line"),
    ],
    ids=range(21),
)
def test_what_uwazi_would_take_wrongly_is_refused(
    head: tuple[str, ...], row: tuple[str, ...], why: str
) -> None:
    with pytest.raises(MalformedError, match=why):
        check(sheet([head, row]), {})


def test_the_old_naming_cleans_a_label_as_uwazi_does() -> None:
    assert cleaned(" Place Type ") == "place_type"
    assert cleaned("Деяние") == cleaned("Способ") == "______"
    assert all(cleaned(name) == name for name in TEMPLATE)
