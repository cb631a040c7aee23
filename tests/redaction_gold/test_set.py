"""The gold set is what its guideline says: how many, how typed, how marked, nobody's."""

from pathlib import Path

import pytest

from benchmarks.redaction import corpora, gold
from benchmarks.redaction.gold import Testimony
from intake.review.finding.span import Label
from tests.redaction_gold import checks

SHARES = {"en": (20, 10), "ru": (40, 20), "ce": (20, 10)}
"""Of each language, how many are for development and how many are held out."""

FILES = [(part, language) for language in SHARES for part in ("dev", "held")]
each_file = pytest.mark.parametrize(("part", "language"), FILES)

LEFT = {
    # what one person did is marked once, and not where it is told again
    checks.repeats: frozenset({"ru-034, line 442: marked elsewhere and not here"}),
}
"""What a check finds and is right: of the development half alone, since it can be read here."""


TRAINING = (*sorted(corpora.TRAINING.glob("*.txt")), gold.FOLDER.parent / "biographies-ru.txt")
MEASURED = {"fresh": (28, 8), "unseen": (10, 5)}
"""Of the accounts that only measure how many are Russian, and how many have Chechen words."""
ONLY_MEASURE = tuple(
    gold.FOLDER.parent / f"{part}-{language}.txt" for part in MEASURED for language in ("ru", "ce")
)
COUNTS = "general-"
"""Texts of law and advice have numbers that are nobody's."""


def read(part: str, language: str) -> list[Testimony]:
    return gold.load(gold.FOLDER / f"{part}-{language}.txt")


@pytest.mark.parametrize("language", SHARES)
def test_as_many_as_promised_numbered_in_order(language: str) -> None:
    shares = SHARES[language]
    halves = [read(part, language) for part in ("dev", "held")]
    assert tuple(map(len, halves)) == shares
    names = [testimony.name for half in halves for testimony in half]
    assert names == [f"{language}-{number:03}" for number in range(1, sum(shares) + 1)]


@pytest.mark.parametrize("language", SHARES)
def test_half_are_typed_as_on_a_phone(language: str) -> None:
    for part, share in zip(("dev", "held"), SHARES[language], strict=True):
        assert sum(testimony.phone for testimony in read(part, language)) == share // 2


@each_file
def test_no_label_is_missing(part: str, language: str) -> None:
    marks = [mark for testimony in read(part, language) for mark in testimony.marks]
    assert {mark.label for mark in marks} == set(Label)
    direct = {mark.label for mark in marks if mark.directness is gold.Directness.DIRECT}
    assert direct == {Label.PERSON, Label.CODE, Label.LOC}


@each_file
@pytest.mark.parametrize(
    "check", [checks.lengths, checks.surfaces, checks.codes, checks.repeats, checks.digits]
)
def test_every_text_holds(check, part: str, language: str) -> None:
    found = {line for testimony in read(part, language) for line in check(testimony)}
    assert sorted(found - LEFT.get(check, frozenset())) == []


@pytest.mark.parametrize(
    ("check", "path"),
    [
        (check, path)
        for path in (*TRAINING, *ONLY_MEASURE)
        for check in (checks.codes, checks.repeats, checks.digits)
        if check is not checks.digits or not path.stem.startswith(COUNTS)
    ],
)
def test_what_only_trains_or_only_measures_holds_too(check, path: Path) -> None:
    texts = gold.load(path)
    assert [line for testimony in texts for line in check(testimony)] == []


@pytest.mark.parametrize("part", MEASURED)
def test_what_only_measures_is_as_much_as_promised_and_trains_nothing(part: str) -> None:
    found = [corpora.accounts(part, language) for language in ("ru", "ce")]
    assert tuple(map(len, found)) == MEASURED[part]
    texts = {document.text for documents in found for document in documents}
    trained = {
        document.text
        for language in ("ru", "ce")
        for document in (*corpora.more(language), *corpora.gold("dev", language))
    }
    assert len(trained) > 200
    both = len(
        texts & trained
    )  # not the texts themselves: nobody is to read them, in a failing test either
    assert both == 0


def test_what_only_measures_is_typed_as_its_headers_say() -> None:
    texts = [one for path in ONLY_MEASURE for one in gold.load(path)]
    assert [line for one in texts for line in checks.surfaces(one)] == []


def test_what_is_left_on_purpose_is_found_and_not_held_out() -> None:
    for check, left in LEFT.items():
        texts = [one for language in SHARES for one in read("dev", language)]
        assert left <= {line for testimony in texts for line in check(testimony)}


@pytest.mark.parametrize("language", SHARES)
def test_the_halves_share_no_name(language: str) -> None:
    found = checks.shared_names(read("dev", language), read("held", language))
    assert sorted(found) == []


@pytest.mark.parametrize("part", ["dev", "held"])
def test_mixed_texts_say_that_their_chechen_is_unchecked(part: str) -> None:
    path = gold.FOLDER / f"{part}-ce.txt"
    remarks = gold.parse(path.read_bytes(), path.name).remarks
    assert any("unchecked" in remark for remark in remarks)
