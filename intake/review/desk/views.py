"""A file that is to leave, cut into views: each fits a screen, and all of them together are all of the file.

A PDF is seen page by page, a sheet as a table, a text as text, an archive as the list of what is in it and
then each of its files; what is none of these, byte by byte. Nothing of a file does anything here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

from intake.errors import MalformedError
from intake.review.desk import paper
from intake.review.outputs.archives import read_archive
from intake.review.outputs.sheets import read_sheet
from intake.visible import line, safe

TEXT_SHOWN: Final = 40_000  # characters of one view
ROWS_SHOWN: Final = 200  # of a sheet, in one view
BYTES_SHOWN: Final = 65_536  # of what is no text, in one view
_DEEP: Final = 2  # archives in one another: of a third one only the bytes are seen
_ROW: Final = 16  # bytes in a row of what is no text
_AGE: Final = b"age-encryption.org/v1\n"


class Kind(StrEnum):
    """How a part of a file is seen."""

    PAGE = "page"
    TABLE = "table"
    TEXT = "text"
    ARCHIVE = "archive"
    BYTES = "bytes"


@dataclass(frozen=True)
class Member:
    """One file in an archive: `sealed` where nobody here can look into it."""

    name: str
    size: int
    digest: str
    sealed: bool


@dataclass(frozen=True)
class View:
    """What one screen shows: the `number`th of `whole` parts of a file; `file` is its name, empty for all of it.

    What is written there is safe to look at.
    """

    file: str
    kind: Kind
    number: int = 1
    whole: int = 1
    written: str = field(default="", repr=False)
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    members: tuple[Member, ...] = ()
    content: bytes = field(default=b"", repr=False)

    @property
    def text(self) -> str:
        """What is written there; of a page what a reader of the screen is told of its picture."""
        if self.kind is Kind.PAGE:
            return safe(paper.text_of(self.content, self.number))
        return self.written

    def picture(self) -> bytes:
        """The page as PNG; raises `MalformedError` for what is no page."""
        if self.kind is not Kind.PAGE:
            raise MalformedError("there is no such picture")
        return paper.picture_of(self.content, self.number)


def views_of(content: bytes) -> list[View]:
    """Every view of a file, in order; there is at least one."""
    return list(_views("", content, 0))


def _views(name: str, content: bytes, deep: int) -> Iterator[View]:
    for look in (_pages, _archive, _sheet, _text):
        try:
            # Whole, before the first is given: half of a file is no view of it.
            found = list(look(name, content, deep))
        except MalformedError:
            continue
        yield from found
        return
    yield from _bytes(name, content)


def _pages(name: str, content: bytes, deep: int) -> Iterator[View]:
    del deep
    if not content.startswith(b"%PDF-"):
        raise MalformedError("not a PDF")
    whole = paper.pages_of(content)
    for number in range(1, whole + 1):
        yield View(name, Kind.PAGE, number, whole, content=content)


def _archive(name: str, content: bytes, deep: int) -> Iterator[View]:
    if not content.startswith(b"PK") or deep >= _DEEP:
        raise MalformedError("not an archive that is looked into")
    files = read_archive(content)
    members = tuple(
        Member(line(inner), len(part), sha256(part).hexdigest(), part.startswith(_AGE))
        for inner, part in files.items()
    )
    yield View(name, Kind.ARCHIVE, members=members)
    for inner, part in files.items():
        if not part.startswith(_AGE):
            yield from _views(f"{name} / {line(inner)}" if name else line(inner), part, deep + 1)


def _sheet(name: str, content: bytes, deep: int) -> Iterator[View]:
    del deep
    rows = read_sheet(content)
    if len(rows) < 2 or len(rows[0]) < 2 or {len(row) for row in rows} != {len(rows[0])}:
        raise MalformedError("not a sheet")
    head, *body = (tuple(map(safe, row)) for row in rows)
    whole = -(-len(body) // ROWS_SHOWN)
    for at in range(whole):
        part = body[at * ROWS_SHOWN : (at + 1) * ROWS_SHOWN]
        yield View(name, Kind.TABLE, at + 1, whole, rows=(head, *part))


def _text(name: str, content: bytes, deep: int) -> Iterator[View]:
    del deep
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("not a text") from None
    rows = _indented(text)
    whole = max(1, -(-len(rows) // TEXT_SHOWN))
    for at in range(whole):
        part = rows[at * TEXT_SHOWN : (at + 1) * TEXT_SHOWN]
        yield View(name, Kind.TEXT, at + 1, whole, written=safe(part))


def _indented(text: str) -> str:
    """JSON that is written in one line, with a line for each value; anything else as it is."""
    if not text.startswith(("{", "[")) or "\n" in text.strip():
        return text
    try:
        value = json.loads(text)
        if json.dumps(value, ensure_ascii=False, separators=(",", ":")) != text.strip():
            return text  # something in it would be lost: a name that is there twice, a number's spelling
        return json.dumps(value, ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


def _bytes(name: str, content: bytes) -> Iterator[View]:
    whole = max(1, -(-len(content) // BYTES_SHOWN))
    for at in range(whole):
        part = content[at * BYTES_SHOWN : (at + 1) * BYTES_SHOWN]
        yield View(name, Kind.BYTES, at + 1, whole, written=_hexadecimal(part))


def _hexadecimal(content: bytes) -> str:
    rows = (content[at : at + _ROW] for at in range(0, len(content), _ROW))
    return "\n".join(
        f"{row.hex(' '):<{3 * _ROW}} {''.join(chr(b) if 32 <= b < 127 else '.' for b in row)}"
        for row in rows
    )
