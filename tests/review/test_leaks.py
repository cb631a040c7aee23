"""What was removed is found again however it is spelled, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.review.leaks import needles, outside, remaining, standing


def finds(removed: str, text: str) -> list[str]:
    return [text[start:end] for start, end, _ in standing(text, needles(removed))]


@pytest.mark.parametrize(
    ("removed", "text", "taken"),
    [
        ("Ахмед", "он, АХМЕД, и ахмед.", ["АХМЕД", "ахмед"]),
        ("Семёнов", "Семенов и СЕМЁНОВ", ["Семенов", "СЕМЁНОВ"]),
        ("Семенов", "Се\u0308мёнов", ["Се\u0308мёнов"]),
        ("Хьаж-Ӏела", "хьаж-1ела Хьаж-Iела ХЬАЖ-ӏЕЛА хьаж-lела хьаж-|ела", None),
        ("Ахмед", "Ахмед! Ахмед1 Ахмедов", ["Ахмед"]),
        (
            "Ivan Petrov",
            "Petrov, ivan; IVAN\n  petrov ivanov",
            ["Petrov", "ivan", "IVAN\n  petrov"],
        ),
        ("Ivan", "Iv\u200ban I\u00advan Ｉｖａｎ", ["Iv\u200ban", "I\u00advan", "Ｉｖａｎ"]),
        ("«Ivan,»", "ivan", ["ivan"]),
        ("straße", "STRASSE strasse", ["STRASSE", "strasse"]),
        ("12", "12 а 123 не 312, но 12.", ["12", "12"]),
        ("x", "x x x", []),
        ("a dog", "a dog a cat dogs dog", ["a dog"]),
        ("the Police Dept", "police dept", ["police", "dept"]),
        ("UAZ", "uaz", ["uaz"]),
        ("my car k123", "K123 car", ["K123"]),
        ("was at home", "home was", []),
        ("ivan_petrov", "ivan_petrov ivan", ["ivan_petrov"]),
        ("...", "... !!!", []),
        ("𝒳𝒴", "XY xy", ["XY", "xy"]),
    ],
)
def test_spellings(removed: str, text: str, taken: list[str] | None) -> None:
    assert finds(removed, text) == (text.split() if taken is None else taken)


def test_longer_strings_take_their_place_first() -> None:
    wanted = needles("Ivan") | needles("Ivan Petrov")
    assert [n for *_, n in standing("ivan petrov ivan", wanted)] == ["ivan petrov", "ivan"]


def test_a_word_of_three_letters_or_without_capital_is_not_looked_for_alone() -> None:
    assert needles("Zaur and Ali went home") == {"zaur and ali went home", "zaur"}
    assert needles("ab1 ab12") == {"ab1 ab12", "ab12"}


@given(st.text(min_size=2).filter(lambda t: any(c.isalnum() for c in t)))
def test_any_string_is_found_in_itself_between_other_words(text: str) -> None:
    wanted = needles(text)
    if wanted:
        assert standing(f"xx {text} yy", wanted)
        assert standing(f"xx {text.upper()} yy", needles(text.upper()))


@given(st.text("ab \u0301ё1Ӏ|A", max_size=30), st.text("ab \u0301ё1Ӏ|A", max_size=60))
def test_places_and_what_lies_between_them_make_up_the_text(removed: str, text: str) -> None:
    places = [(start, end) for start, end, _ in standing(text, needles(removed))]
    pieces = {start: text[start:end] for start, end in places} | dict(outside(text, places))
    assert "".join(pieces[at] for at in sorted(pieces)) == text


def test_places_are_given_in_the_field_and_never_inside_what_was_taken() -> None:
    fields = {"a": "Ivan, then Ivan", "b": "no", "c": "IVAN"}
    places = list(remaining(fields, {"a": [(0, 4)]}, needles("Ivan")))
    assert places == [("a", 11, 15, "ivan"), ("c", 0, 4, "ivan")]
