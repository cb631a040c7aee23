"""Material that exists is valid, and a case code says nothing."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from intake.container import Consent, Level
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.review.outputs.codes import case_codes, labels_of
from intake.review.outputs.material import Extract, Finding, Government, Grade, Output
from tests.review.outputs.materials import CODES, material, piece, pieces


def test_a_case_code_is_stable_in_an_output_and_another_in_the_next() -> None:
    items = [bytes([i]) * 32 for i in range(200)]
    one = case_codes(b"a" * 32, items)
    assert case_codes(b"a" * 32, reversed(items)) == one
    assert len(set(one.values())) == 200
    other = case_codes(b"b" * 32, items)
    assert not set(one.values()) & set(other.values())
    # The order of the codes is not the order of the items.
    assert sorted(items, key=lambda item: one[item]) != sorted(items)
    with pytest.raises(MalformedError, match="32 bytes"):
        case_codes(b"short", items)


def test_a_label_is_of_one_output_and_says_neither_order_nor_number_nor_who() -> None:
    names = [f"p-{n:06x}" for n in range(500)] + [f"l-{n:06x}" for n in range(500)]
    one, other = labels_of(b"a" * 32, names), labels_of(b"b" * 32, names)
    assert labels_of(b"a" * 32, reversed(names)) == one, "both machines come to the same"
    assert len(set(one.values())) == len(names)
    assert not set(one.values()) & set(other.values()), "two outputs cannot be joined"
    assert all(re.fullmatch(f"{name[0].upper()}-[A-Z]{{6}}", label) for name, label in one.items())
    # Neither the order of the register nor how many there are shows in them.
    assert sorted(names, key=one.__getitem__) != sorted(names, key=other.__getitem__)
    few = labels_of(b"a" * 32, names[:3])
    assert {name: one[name] for name in few} == few
    # That somebody is a place or a person is said; nothing else is.
    letters = Counter(label[2] for label in one.values())
    assert max(letters.values()) < 2 * len(names) / len(letters)


@pytest.mark.parametrize(
    "change",
    [
        {"case": "zaur"},
        {"case": "ZAUREK"},
        {"language": "ru-Zaur"},
        {"consents": (Consent(Level.STATS, False, "c_stats.1", "ru"),)},
        {"consents": (Consent(Level.STATS, True, "c_stats.1", "ru"),) * 2},
        {"grades": (Grade(9, "g.a"),)},
        {"grades": (Grade(2, "g.a"), Grade(1, "g.a"))},
        {"reasons": (("whim", 1),)},
        {"extracts": (Extract("narrative", 0, 10_000),)},
        {"extracts": (Extract("who_text", 0, 1),)},
    ],
)
def test_a_piece_that_does_not_hold_together_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        piece(0, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "to.nobody"},
        {"recipient_name": ""},
        {"organisation": "two\nlines"},
        {"contact": " "},
        {"title": "x" * 301},
        {"lang": "fr"},
        {"method": ("x" * 4001,)},
        {"pieces": ()},
        {"pieces": pieces(3)[::-1]},
        {"pieces": (piece(0), piece(0))},
        {"pieces": (piece(0, related=(CODES[50],)),), "findings": ()},
        {"findings": (Finding("x", "g.b", (CODES[0],)),)},
        {"findings": (Finding("x", "g.c", (CODES[100],)),)},
    ],
)
def test_material_that_does_not_hold_together_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        material(**change)  # type: ignore[arg-type]


def test_the_other_values_are_valid_or_not_there() -> None:
    for make in (
        lambda: Finding("", "g.c", (CODES[0],)),
        lambda: Finding("one source is not two", "g.a", (CODES[0],)),
        lambda: Finding("x", "g.z", (CODES[0],)),
        lambda: Extract("narrative", 5, 5),
        lambda: Grade(1, "A"),
        lambda: Government(Output.DETENTION, Epoch(2026, 1), ("r1", "r1")),
        lambda: Government(Output.DETENTION, Epoch(2026, 1), ("r1", "")),
    ):
        with pytest.raises(MalformedError):
            make()


def test_no_word_of_an_account_stands_in_what_a_value_shows_of_itself() -> None:
    shown = repr(material())
    assert "They took me" not in shown
    assert "Хасавюртов" not in shown + repr(piece(0))
    assert "police station" not in repr(piece(0).extracts)
    assert replace(piece(0), fields=(("narrative", "x" * 99),)).words(
        Extract("narrative", 0, 2)
    ) == ("xx")
