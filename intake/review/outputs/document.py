"""A document as a value: headings, paragraphs, tables, pictures; the same for paper and for plain text.

A line is several runs in a row, each either fixed words of ours or somebody's text, so that the leak
tests know which is which. No run is ever read as markup.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from intake import visible
from intake.epoch import Epoch

Line = tuple[str, ...]
_MARGIN: Final = "    "


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3; it is also a bookmark."""

    level: int
    line: Line


@dataclass(frozen=True)
class Paragraph:
    """Lines of running text."""

    line: Line


@dataclass(frozen=True)
class Listing:
    """A list with a mark before each line."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Quotation:
    """Redacted text of a case, set apart from what is ours, with what is said of it."""

    label: Line
    text: str = field(repr=False)


@dataclass(frozen=True)
class Grid:
    """A table with a caption and one line of heads."""

    caption: Line
    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, what it shows in words for who cannot see it, and its caption.

    `texts` are the labels in it, in the order in which they are drawn.
    """

    svg: str = field(repr=False)
    alt: Line
    caption: Line
    texts: tuple[str, ...] = field(default=(), repr=False)


Block = Heading | Paragraph | Listing | Quotation | Grid | Picture


@dataclass(frozen=True)
class Document:
    """A whole document; `week` is the one time it carries."""

    title: Line
    lang: str
    week: Epoch
    blocks: tuple[Block, ...] = field(repr=False)

    def text(self) -> str:
        """All of it as plain text, pictures as their words; quoted text behind four spaces."""
        parts = [joined(self.title), "=" * 40, *(_plain(block) for block in self.blocks)]
        return "\n\n".join(parts) + "\n"

    def lines(self) -> Iterator[tuple[str, Line]]:
        """Every line in the order on paper, with where it stands; labels of pictures as well."""
        yield "title", self.title
        for block in self.blocks:
            yield from _lines(block)

    def headings(self) -> list[str]:
        """Every heading in order."""
        return [joined(block.line) for block in self.blocks if isinstance(block, Heading)]

    def alts(self) -> list[str]:
        """What each picture shows, in words, in order."""
        return [joined(block.alt) for block in self.blocks if isinstance(block, Picture)]

    def to_json(self) -> dict[str, object]:
        """What the typesetter is given; every string in it is drawn as it stands."""
        return {
            "title": shown(joined(self.title)),
            "lang": self.lang,
            "day": [self.week.monday.year, self.week.monday.month, self.week.monday.day],
            "blocks": [_block(block) for block in self.blocks],
        }


def joined(line: Line) -> str:
    """The runs of a line in one."""
    return "".join(line)


def shown(text: str) -> str:
    """A text as it stands on paper: nothing in it is invisible or moves what is beside it."""
    return visible.safe(text.replace("\t", " ").replace("\r\n", "\n"))


def squeezed(text: str) -> str:
    """A text without any white space and with its accents composed: what two readings have in common.

    A typesetter draws a letter and its accent as one where the font has both.
    """
    return unicodedata.normalize("NFC", re.sub(r"\s+", "", text))


def _lines(block: Block) -> Iterator[tuple[str, Line]]:
    match block:
        case Heading():
            yield "heading", block.line
        case Paragraph():
            yield "paragraph", block.line
        case Listing():
            for line in block.lines:
                yield "list", line
        case Quotation():
            yield "label of an extract", block.label
            yield "extract", (block.text,)
        case Grid():
            yield "caption of a table", block.caption
            for line in (*block.head, *(line for row in block.rows for line in row)):
                yield "cell of a table", line
        case Picture():
            for text in block.texts:
                yield "label of a picture", (text,)
            yield "caption of a picture", block.caption


def _plain(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {shown(joined(block.line))}"
        case Paragraph():
            return shown(joined(block.line))
        case Listing():
            return "\n".join(f"* {shown(joined(line))}" for line in block.lines)
        case Quotation():
            rows = shown(block.text).split("\n")
            label = f"[{shown(joined(block.label))}]"
            return "\n".join((label, *(_MARGIN + row for row in rows)))
        case Grid():
            rows = [" | ".join(_cells(row)) for row in (block.head, *block.rows)]
            return "\n".join((shown(joined(block.caption)), *rows))
        case Picture():
            return f"[{shown(joined(block.alt))}]\n{shown(joined(block.caption))}"


def _cells(row: Iterable[Line]) -> list[str]:
    return [shown(joined(line)).replace("\n", " ") for line in row]


def _block(block: Block) -> dict[str, object]:
    match block:
        case Heading():
            return {"is": "heading", "level": block.level, "text": shown(joined(block.line))}
        case Paragraph():
            return {"is": "paragraph", "text": shown(joined(block.line))}
        case Listing():
            return {"is": "list", "items": [shown(joined(line)) for line in block.lines]}
        case Quotation():
            label = shown(joined(block.label))
            return {"is": "quotation", "label": label, "text": shown(block.text)}
        case Grid():
            return {
                "is": "grid",
                "caption": shown(joined(block.caption)),
                "head": [shown(joined(line)) for line in block.head],
                "rows": [[shown(joined(line)) for line in row] for row in block.rows],
            }
        case Picture():
            return {
                "is": "picture",
                "svg": block.svg,
                "alt": shown(joined(block.alt)),
                "caption": shown(joined(block.caption)),
            }
