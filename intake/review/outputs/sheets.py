"""CSV that a spreadsheet shows and never runs: RFC 4180, UTF-8, every cell in quotes that needs them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from intake import visible
from intake.errors import MalformedError

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
GUARD: Final = "'"
"""Stands before a cell that would begin like a formula: a line of dialogue begins with a dash."""


# The reader's own limit of 131,072 characters is less than an account of hidden characters, each
# written as an escape of eight.
csv.field_size_limit(1 << 24)


def sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """The file, lines parted by CRLF; all rows as long as the first."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    width = 0
    for row in rows:
        width = width or len(row)
        if len(row) != width:
            raise MalformedError("a row of a sheet is shorter or longer than its head")
        writer.writerow([cell(text) for text in row])
    return out.getvalue().encode()


def cell(text: str) -> str:
    """A text as it stands in a cell: nothing hidden in it, and no formula.

    A spreadsheet also skips spaces before a formula's sign, and takes a full-width one for it.
    """
    shown = visible.safe(text.replace("\t", " ").replace("\r\n", "\n"))
    return GUARD + shown if dangerous(shown) else shown


def dangerous(text: str) -> bool:
    """Whether a spreadsheet could take this cell for a formula."""
    first = text.lstrip(" \u00a0\u3000")[:1]
    return text.startswith(_STARTS) or first in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}  # noqa: RUF001


def read_sheet(content: bytes) -> list[list[str]]:
    """The cells of a file that `sheet` wrote, and of no other; raises `MalformedError`."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise MalformedError("not a sheet") from None
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    if out.getvalue().encode() != content:
        raise MalformedError("a sheet is not in its one spelling")
    return rows
