"""The markup is read strictly, and an error names a place and never a word."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.redaction import gold
from intake.errors import MalformedError
from intake.review.finding.span import Label

SMALL = """# Invented.
### en-001 plain
They took [[PERSON/D|Ruslan]]'s brother on [[DATETIME/Q|12 March]].

Two lines later: [[CODE/D|+7 000 123 45 67]], or [[CODE/D|@sova00]] (a [[MISC/Q|red «Niva»]]).

### ce-002 phone
тейп [[DEM/Q|ч|ебарлой]] 𐌰 [[LOC/Q|ц|]]
"""


def test_text_and_marks_are_apart_and_offsets_count_code_points() -> None:
    first, second = gold.parse(SMALL.encode(), "x.txt").testimonies
    assert (first.name, first.phone, first.language, first.line) == ("en-001", False, "en", 2)
    assert (second.name, second.phone, second.language, second.line) == ("ce-002", True, "ce", 7)
    assert first.text == (
        "They took Ruslan's brother on 12 March.\n\nTwo lines later: +7 000 123 45 67, or @sova00 (a red «Niva»)."
    )
    assert [first.text[mark.start : mark.end] for mark in first.marks] == [
        *("Ruslan", "12 March", "+7 000 123 45 67", "@sova00", "red «Niva»"),
    ]
    assert [(mark.label, mark.directness) for mark in first.marks] == [
        (Label.PERSON, gold.Directness.DIRECT),
        (Label.DATETIME, gold.Directness.QUASI),
        (Label.CODE, gold.Directness.DIRECT),
        (Label.CODE, gold.Directness.DIRECT),
        (Label.MISC, gold.Directness.QUASI),
    ]
    assert [second.text[mark.start : mark.end] for mark in second.marks] == ["ч|ебарлой", "ц|"]
    assert [first.line_of(mark.start) for mark in first.marks] == [3, 3, 5, 5, 5]


def test_a_file_is_written_as_it_was_read(tmp_path: Path) -> None:
    assert gold.encode(gold.parse(SMALL.encode(), "x.txt")) == SMALL.encode()
    path = tmp_path / "some.txt"
    path.write_text(SMALL, "utf-8")
    assert [one.name for one in gold.load(path)] == ["en-001", "ce-002"]


@pytest.mark.parametrize(
    ("was", "becomes", "line", "why"),
    [
        ("[[PERSON/D|Ruslan]]", "[[PERSN/D|Ruslan]]", 3, "unknown label"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/X|Ruslan]]", 3, "unknown label or kind"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON|Ruslan]]", 3, "nested, open or misspelt"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/D|Ruslan", 3, "nested, open or misspelt"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/D|]]", 3, "nested, open or misspelt"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/D|[[ORG/Q|Ru]]slan]]", 3, "nested, open or misspelt"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/D|Ruslan ]]", 3, "white space or punctuation"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/D|Ruslan.]]", 3, "white space or punctuation"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/D|Ruslan»]]", 3, "white space or punctuation"),
        ("[[PERSON/D|Ruslan]]", "[[PERSON/D|@Ruslan]]", 3, "white space or punctuation"),
        ("[[DATETIME/Q|12", "[[DATETIME/D|12", 3, "never direct"),
        ("### en-001 plain", "### en-1 plain", 2, "is no header"),
        ("### en-001 plain", "### en-001 plain\n", 2, "empty lines at an end"),
        ("### en-001 plain", "hello\n### en-001 plain", 2, "before the first header"),
        ("\n\n### ce", "\n### ce", 5, "not followed by an empty line"),
        ("# Invented.", "# Invented. ", 1, "white space"),
        ("Two", "Tw\u0438\u0306", 5, "not NFC"),
        ("Two", "Tw\to", 5, "control character"),
    ],
)
def test_what_breaks_the_format_is_refused_at_its_line(
    was: str, becomes: str, line: int, why: str
) -> None:
    assert SMALL.count(was) == 1
    with pytest.raises(MalformedError, match=why) as caught:
        gold.parse(SMALL.replace(was, becomes).encode(), "x.txt")
    assert caught.value.phrase.startswith(f"x.txt, line {line}: ")
    assert "Ruslan" not in caught.value.phrase


@pytest.mark.parametrize(
    "data",
    [SMALL.encode()[:-1], SMALL.encode() + b"\n", SMALL.encode() + b"\xff", b"\n", b"# a"],
)
def test_what_would_be_written_otherwise_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError, match=r"x\.txt, line [0-9]+: "):
        gold.parse(data, "x.txt")


@given(st.text(alphabet="ab|[]/ D#-01\nPERSONце\u0301", max_size=60))
def test_nothing_is_read_that_would_not_be_written_the_same(middle: str) -> None:
    data = f"### en-001 phone\n{middle}\n".encode()
    try:
        read = gold.parse(data, "x.txt")
    except MalformedError:
        return
    assert gold.encode(read) == data
