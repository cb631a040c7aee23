"""Each check finds what it is for, and says where without saying what."""

import pytest

from benchmarks.redaction import gold
from benchmarks.redaction.gold import Testimony
from tests.redaction_gold import checks

FILLED = " ".join(["Word"] * 90)


def one(text: str, surface: str = "plain") -> Testimony:
    (testimony,) = gold.parse(f"### en-001 {surface}\n{text}\n".encode(), "x.txt").testimonies
    return testimony


@pytest.mark.parametrize(
    ("check", "text", "surface"),
    [
        (checks.lengths, "Word " * 88 + "Word", "plain"),
        (checks.lengths, "Word " * 260 + "Word", "plain"),
        (checks.surfaces, FILLED, "phone"),
        (checks.surfaces, FILLED.lower(), "plain"),
        (checks.repeats, "[[PERSON/D|Ruslan Kh]] and\nruslan", "plain"),
        (checks.repeats, "[[DATETIME/Q|two days]] and\nTwo days", "plain"),
        (checks.repeats, "[[LOC/Q|Argun]] and\nArgun", "plain"),
        (checks.digits, "word\nof 12 men", "plain"),
        (checks.digits, "word\n123 men", "plain"),
        (checks.digits, "word\na1b", "plain"),
        (checks.codes, "word\n[[CODE/D|+7 928 123 45 67]]", "plain"),
        (checks.codes, "word\n[[CODE/D|a@mail.ru]]", "plain"),
        (checks.codes, "word\n[[CODE/D|a@notexample.org]]", "plain"),
        (checks.codes, "word\n[[CODE/D|43.3180, 45.6980]]", "plain"),
        (checks.codes, "word\n[[CODE/D|43°19′ N 45°41′ E]]", "plain"),
        (checks.codes, "word\n[[CODE/D|@sova]]", "plain"),
        (checks.codes, "word\n[[CODE/D|А 123 АА 95]]", "plain"),
    ],
)
def test_a_planted_fault_is_found(check, text: str, surface: str) -> None:
    line = 3 if "\n" in text else 2
    (found, *more) = list(check(one(text, surface)))
    assert more == []
    assert found.startswith(f"en-001, line {line}: ")
    assert "uslan" not in found


@pytest.mark.parametrize(
    ("check", "text", "surface"),
    [
        (checks.lengths, FILLED, "plain"),
        (checks.surfaces, FILLED, "plain"),
        (checks.surfaces, FILLED.lower(), "phone"),
        (checks.repeats, "[[PERSON/D|Ruslan]] and [[PERSON/D|ruslan]], ruslanovna", "plain"),
        (checks.digits, "1. word\n12 word ц1а [[DATETIME/Q|3 May]]", "plain"),
        (checks.codes, "[[CODE/D|+7 (000) 123-45-67]] [[CODE/D|8000 1234567]]", "plain"),
        (checks.codes, "[[CODE/D|a@b.example.org]] [[CODE/D|a@mail.example]]", "plain"),
        (checks.codes, "[[CODE/D|43.1, 48.9]] [[CODE/D|44°12′ 49°03]] [[CODE/D|@o_00]]", "plain"),
        (checks.codes, "[[CODE/Q|382]]", "plain"),
    ],
)
def test_what_is_right_is_left(check, text: str, surface: str) -> None:
    assert list(check(one(text, surface))) == []


@pytest.mark.parametrize("again", ["[[PERSON/Q|зелиму]]", "[[PERSON/D|Зелим Х]]"])
def test_a_name_of_both_halves_is_found_in_another_case(again: str) -> None:
    assert list(checks.shared_names([one("[[PERSON/D|Зелима]]")], [one(f"word\n{again}")])) == [
        "en-001, line 3: a name of the other half"
    ]
    assert not list(checks.shared_names([one("[[LOC/Q|Зелима]]")], [one(again)]))
