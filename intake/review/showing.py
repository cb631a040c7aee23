"""What a person wrote, made safe to look at on a terminal.

Testimony is hostile input here. Nothing in this module prints a character that moves a cursor,
turns the direction of text, or cannot be seen.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from intake.container import Container
from intake.visible import cells, line

_COLUMNS = 80


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
