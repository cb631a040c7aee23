"""Who may be one, across alphabets: recall and precision on spellings of our own, and that a person decides."""

import time
from itertools import combinations
from pathlib import Path

import pytest

from intake.errors import MalformedError
from intake.review.coding.register import Of, Person, Place, Register, Scope
from intake.review.finding.orthography import readings, same_sound
from intake.review.linking import LEAST, alike, hints
from intake.review.registering import apart_of, enter, join, keep_apart, register_of
from tests.review.workroom import Room, sealed_item

SPELLINGS = Path(__file__).parents[1] / "vectors" / "spellings.txt"
SETTLED, LATER = (
    [row.split(", ") for row in part.splitlines()[1:] if row and not row.startswith("#")]
    for part in SPELLINGS.read_text("utf-8").split("# From here on: ")
)


def measured(groups: list[list[str]], by) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Recall and precision of pairs of spellings."""
    spelled = [(number, one) for number, row in enumerate(groups) for one in row]
    right = wrong = missed = 0
    for (mine, one), (theirs, other) in combinations(spelled, 2):
        said = by(one, other)
        right += said and mine == theirs
        wrong += said and mine != theirs
        missed += not said and mine == theirs
    return right / (right + missed), right / (right + wrong)


def by_sound(one: str, other: str) -> bool:
    words = [name.split("-") for name in (one, other)]
    same = len(words[0]) == len(words[1])
    return same and all(map(same_sound, *words))


@pytest.mark.parametrize(
    ("groups", "by", "recall", "precision"),
    [
        (SETTLED, by_sound, 0.97, 0.97),
        (LATER, by_sound, 0.97, 0.97),
        (SETTLED, lambda a, b: alike(a, b) >= LEAST, 0.99, 0.94),
        (LATER, lambda a, b: alike(a, b) >= LEAST, 0.99, 0.97),
    ],
)
def test_spellings_of_one_name_are_paired(groups, by, recall: float, precision: float) -> None:  # type: ignore[no-untyped-def]
    found = measured(groups, by)
    assert found[0] >= recall, found
    assert found[1] >= precision, found


@pytest.mark.parametrize("word", ["", "а", "x" * 41, "а1", "日本", "аbв日"])
def test_what_is_no_word_of_letters_has_no_reading(word: str) -> None:
    assert readings(word) == frozenset()


def test_readings_of_one_word_are_few_however_it_is_made() -> None:
    for word in ("sszsxvsieyoio" * 3, "ёёёё" * 10, "schschsch" * 4, "x" * 40):
        assert len(readings(word)) <= 4 * 48


def person(number: int, *names: str, of: Of = Of.INDIVIDUAL) -> Person:
    return Person(f"p-{number:06x}", of, tuple(sorted(names)))


def named(register: Register, **more: object) -> list[tuple[str, str]]:
    return [(one.one[-1], one.other[-1]) for one in hints(register, **more)]  # type: ignore[arg-type]


REGISTER = Register.of(
    [
        person(1, "Умар Хачукаев"),
        person(2, "Oumar Khatchoukaïev"),
        person(3, "Хачукаева"),
        person(4, "Умар Мутаев"),
        person(5, "Умар", of=Of.UNIT),
        Place("l-000006", "pl.police", Scope.SITE, ("Хачукаев",)),
        Place("l-000007", "pl.police", Scope.TOWN, ("Khatchoukaev",)),
        person(8, "Фатима"),
    ]
)


def test_the_most_alike_come_first_and_kinds_are_never_mixed() -> None:
    found = hints(REGISTER)
    assert named(REGISTER)[0] == ("1", "2")
    assert {("1", "2"), ("1", "3"), ("2", "3")} == set(named(REGISTER))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].spelled == ("Умар Хачукаев", "Oumar Khatchoukaïev")
    assert named(REGISTER, people=False) == [("6", "7")]


def test_those_that_somebody_kept_apart_are_not_proposed_by_any_pseudonym_that_they_had() -> None:
    apart = [("p-000003", "p-000001")]
    assert ("1", "3") not in named(REGISTER, apart=apart)
    former = Person("p-0000ff", Of.INDIVIDUAL, ("Хачукаева",), same="p-000003")
    register = Register.of([*REGISTER.entries.values(), former])
    assert ("1", "3") not in named(register, apart=[("p-000001", "p-0000ff")])


def test_both_answers_are_recorded_and_can_be_opened_again(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    with room.case(writing=True) as case:
        for number in (1, 2, 3):
            enter(case, REGISTER.entries[f"p-00000{number}"])  # type: ignore[arg-type]
        keep_apart(case, "p-000003", "p-000001")
        assert apart_of(case) == {("p-000001", "p-000003")}
        assert ("1", "3") not in named(register_of(case), apart=apart_of(case))
        keep_apart(case, "p-000001", "p-000003", apart=False)
        assert apart_of(case) == frozenset()
        join(case, "p-000001", "p-000002")
        assert named(register_of(case), apart=apart_of(case)) == [("1", "3")]
        for one, other in (("p-000001", "p-000001"), ("p-000001", "p-0000ee"), ("", "")):
            with pytest.raises(MalformedError):
                keep_apart(case, one, other)
    sealed = [path.read_bytes() for path in room.folder.glob("records/apart-*")]
    assert len(sealed) == 2
    assert not any(b"p-00000" in one for one in sealed)


def test_a_register_of_five_hundred_is_gone_through_in_seconds() -> None:
    names = [row[0] for row in (*SETTLED, *LATER)]
    people = [
        person(number, f"{names[number % len(names)]} {names[number // len(names)]}")
        for number in range(500)
    ]
    began = time.process_time()
    hints(Register.of(people))
    assert time.process_time() - began < 10
