"""What a person wrote, made safe to look at: on a terminal and in what leaves the machine.

Testimony is hostile input here. Nothing in this module prints a character that moves a cursor,
turns the direction of text, or cannot be seen.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from intake.container import Container

OPEN, CLOSE = "\u27e8", "\u27e9"  # the brackets of an escape, as in ⟨U+202E⟩
_ESCAPE = re.compile(rf"{OPEN}U\+([0-9A-F]{{4,6}}){CLOSE}")
_COLUMNS = 80
_MARKS = 3  # combining marks on one letter; more of them climb over other lines

# Drawn as nothing, though their category says letter or mark (DerivedCoreProperties.txt,
# Default_Ignorable_Code_Point, less those of category Cf, which are all escaped anyway).
_INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2065, 0x2065),
        (0x2800, 0x2800),  # a braille cell without dots
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8),
        (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
)
_SHOWN = frozenset({"L", "M", "N", "P", "S"})


def escape(character: str) -> str:
    """One code point as ⟨U+202E⟩."""
    return f"{OPEN}U+{ord(character):04X}{CLOSE}"


def seen(character: str) -> bool:
    """Whether a code point is drawn, stays in its place, and is not the bracket of an escape.

    The spaces of category Zs are; TAB, LF and the line and paragraph separators are not.
    """
    category = unicodedata.category(character)
    if character == OPEN or character in _INVISIBLE:
        return False
    return category == "Zs" or category[0] in _SHOWN


def cells(text: str) -> Iterator[str]:
    """Each code point of `text` as it is shown: itself, or its escape. LF is escaped too."""
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        yield character if seen(character) and marks <= _MARKS else escape(character)


def line(text: str) -> str:
    """`text` in one line, for names, reasons and everything that is not a field."""
    return "".join(cells(text))


def safe(text: str) -> str:
    """`text` with its LFs kept. Two texts are never shown alike unless they are equal."""
    return "\n".join(map(line, text.split("\n")))


def unsafe(text: str) -> str:
    """What `safe` was given; its exact inverse."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def wrapped(text: str) -> Iterator[tuple[int, str]]:
    """Lines of at most 80 columns, each with the code-point offset in `text` where it starts.

    The terminal never wraps one itself, so no line of a testimony reaches the margin.
    """
    start = 0
    for row in text.split("\n"):
        yield from _wrapped_row(row, start)
        start += len(row) + 1


def _wrapped_row(row: str, start: int) -> Iterator[tuple[int, str]]:
    shown = list(cells(row))
    widths = [_columns(cell) for cell in shown]
    first = 0
    while True:
        last, room = first, _COLUMNS
        while last < len(shown) and widths[last] <= room:
            room -= widths[last]
            last += 1
        if last < len(shown):
            space = max((i for i in range(first, last) if row[i] == " "), default=-1)
            last = space + 1 if space >= first else last
        yield start + first, "".join(shown[first:last])
        first = last
        if first >= len(shown):
            return


def _columns(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)


def field_lines(path: str, text: str, *, offsets: bool) -> Iterator[str]:
    """A field under its name, every line behind a margin that no testimony can imitate."""
    yield f"{line(path)} ({len(text)} characters)"
    for start, row in wrapped(text):
        yield f"{start:>7} | {row}" if offsets else f"  | {row}"


def lines_of(
    container: Container, fields: Sequence[tuple[str, str]], *, offsets: bool
) -> Iterator[str]:
    """All of a container that a reviewer reads: what it is, the fields given, its files' names."""
    form = container.form
    yield f"{container.kind} sealed by {container.mode} in {container.epoch}"
    yield f"form {form.id} {form.version} in {form.lang}"
    for row in container.consent:
        yield f"consent {row.level}: {'yes' if row.agreed else 'no'} ({row.wording}, {row.lang})"
    for path, text in fields:
        yield ""
        yield from field_lines(path, text, offsets=offsets)
    for number, file in enumerate(container.files, 1):
        yield ""
        yield f"file {number}: {len(file.content)} bytes, not opened by this tool"
        yield f"  | named {line(file.name)}, said to be {line(file.type)}"
