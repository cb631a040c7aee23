"""A testimony cut into paragraphs that can be shown one by one, each safe to look at.

Every code point of the text is in exactly one piece, so that offsets can be counted on a page.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from intake.container import Container
from intake.review.consent import is_code
from intake.visible import cells


@dataclass(frozen=True)
class Piece:
    """A run of characters that are drawn as they are, or the escape of one that is not."""

    text: str
    escape: bool


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a field: `number` counts from 1 over all fields, `start` in code points."""

    number: int
    start: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Shown:
    """A field that was written in, under its name, with the paragraphs that are shown of it."""

    path: str
    paragraphs: tuple[Paragraph, ...]


def fields_of(container: Container) -> list[Shown]:
    """Every field that a person wrote in; empty lines part paragraphs and are none."""
    shown: list[Shown] = []
    number = 0
    for path, text in container.fields:
        if is_code(path, text):
            continue
        paragraphs: list[Paragraph] = []
        start = 0
        for row in text.split("\n"):
            if row.strip():
                number += 1
                paragraphs.append(Paragraph(number, start, tuple(pieces_of(row))))
            start += len(row) + 1
        shown.append(Shown(path, tuple(paragraphs)))
    return shown


def codes_of(container: Container) -> list[tuple[str, str]]:
    """Every answer that was chosen from a list: its path and its codes."""
    return [(path, text) for path, text in container.fields if is_code(path, text)]


def first(shown: list[Shown], count: int) -> list[Shown]:
    """The fields as far as their first `count` paragraphs; none that has no paragraph in these."""
    cut = (Shown(one.path, tuple(p for p in one.paragraphs if p.number <= count)) for one in shown)
    return [one for one in cut if one.paragraphs]


def pieces_of(row: str) -> Iterator[Piece]:
    """The pieces of a text without LF, in order."""
    run: list[str] = []
    for character, cell in zip(row, cells(row), strict=True):
        # A lone mark at the start of a piece would be drawn on what stands before it.
        if cell == character and not (not run and unicodedata.combining(character)):
            run.append(cell)
            continue
        if run:
            yield Piece("".join(run), escape=False)
            run = []
        yield Piece(cell if cell != character else f"\u25cc{cell}", escape=True)
    if run:
        yield Piece("".join(run), escape=False)
