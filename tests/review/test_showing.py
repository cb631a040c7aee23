"""A testimony is hostile input: what a reviewer's terminal gets of it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.container import File
from intake.review.showing import field_lines, lines_of, wrapped
from intake.visible import line, safe, unsafe
from tests.review.poison import POISON
from tests.review.workroom import container

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def harmless(shown: str) -> bool:
    """Only characters that are drawn where they stand."""
    bad = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    return not any(unicodedata.category(c) in bad for c in shown)


def test_the_corpus_is_forty_texts() -> None:
    assert len(set(POISON)) == 40


@pytest.mark.parametrize("text", POISON, ids=range(40))
def test_no_poison_reaches_the_terminal(text: str) -> None:
    rows = list(field_lines("narrative", text, offsets=True))
    assert all(harmless(row) for row in rows)
    assert all(row[:10].lstrip("0123456789 ") == "| " for row in rows[1:]), "behind the margin"
    assert text.isprintable() or safe(text) != text or "\n" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x1b[2J", "⟨U+001B⟩[2J"),
        ("a\tb\r", "a⟨U+0009⟩b⟨U+000D⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("⟨U+202E⟩", "⟨U+27E8⟩U+202E⟩"),
        ("Ӏ ӏ é 𝒳 漢 😀\u00a0", "Ӏ ӏ é 𝒳 漢 😀\u00a0"),
        ("e\u0301\u0302\u0303\u0304", "e\u0301\u0302\u0303⟨U+0304⟩"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_number(text: str, shown: str) -> None:
    assert line(text) == shown


@given(TEXT)
def test_two_texts_are_never_shown_alike(text: str) -> None:
    assert unsafe(safe(text)) == text
    assert harmless(safe(text).replace("\n", ""))


@given(TEXT)
def test_each_line_says_at_which_code_point_it_begins(text: str) -> None:
    rows = list(wrapped(text))
    starts = [start for start, _ in rows]
    assert starts[0] == 0
    for (start, shown), end in zip(rows, [*starts[1:], len(text)], strict=True):
        assert unsafe(shown) == text[start:end].removesuffix("\n")


def test_long_lines_are_broken_at_spaces_and_keep_their_offsets() -> None:
    text = "слово " * 40 + "\n" + "x" * 100 + "漢" * 50
    rows = list(wrapped(text))
    assert [start for start, _ in rows[:4]] == [0, 78, 156, 234]
    for start, shown in rows:
        assert text.startswith(shown, start)
        assert sum(2 if c == "漢" else 1 for c in shown) <= 80
    assert "".join(shown for _, shown in rows) == text.replace("\n", "")


def test_an_empty_field_and_empty_lines_are_lines_too() -> None:
    assert list(wrapped("")) == [(0, "")]
    assert list(wrapped("a\n\nb")) == [(0, "a"), (2, ""), (3, "b")]


def test_offsets_count_code_points_as_the_spans_do() -> None:
    rows = list(field_lines("narrative", "𝒳ӏ\nдва", offsets=True))
    assert rows == ["narrative (6 characters)", "      0 | 𝒳ӏ", "      3 | два"]
    assert list(field_lines("a", "b", offsets=False)) == ["a (1 characters)", "  | b"]


def test_the_names_of_files_are_shown_safe_and_their_bytes_not_at_all() -> None:
    names = ("../../x", "C:\\x", "con", "a\u202egpj.exe", "n\x00l", "x" * 255)
    box = container(("narrative", "text"))
    box = type(box)(**{**vars(box), "files": tuple(File(n, "\x1b[2J", b"PLAIN") for n in names)})
    rows = list(lines_of(box, box.fields, offsets=False))
    assert all(harmless(row) for row in rows)
    assert not any("PLAIN" in row for row in rows)
    assert "  | named a⟨U+202E⟩gpj.exe, said to be ⟨U+001B⟩[2J" in rows
