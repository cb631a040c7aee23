"""The page `/pictures`: what the coded accounts of the case look like together, each picture with its table.

It never leaves the desk, so every number shows; what leaves is drawn anew from redacted text, with small numbers
hidden. Drawn of ids, codes and pseudonyms: no text is opened for it.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import Flask, render_template
from markupsafe import Markup

from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError
from intake.review.coding.register import Register
from intake.review.desk.finding import sitting_of
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.table import UNREADABLE, Row, View, wanted_of
from intake.review.outputs import pictures, timeline
from intake.review.outputs.codes import case_codes
from intake.review.outputs.counting import Name, tables
from intake.review.outputs.document import Line, joined
from intake.review.outputs.material import PIECES_LIMIT, Piece
from intake.review.outputs.pictures import Chart
from intake.review.progress import coding_of
from intake.review.registering import register_of
from intake.visible import line

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}", re.ASCII)
_PSEUDONYM: Final = re.compile(r"([pl])-[0-9a-f]{6}", re.ASCII)
_COUNTED: Final = "testimony"  # what was sent later under a code is no further account


@dataclass(frozen=True)
class Cell:
    """A cell of a table, and the page that it leads to, if any."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Drawn:
    """A picture with what is said under it, and the table beside it."""

    name: str
    svg: Markup = field(repr=False)
    caption: str
    head: list[Cell]
    rows: list[list[Cell]] = field(repr=False)


class PicturesPage:
    """The page `/pictures`. `lang` says which language the desk speaks."""

    def __init__(self, desk: Desk, lang: Callable[[], str]) -> None:
        self._desk = desk
        self._lang = lang
        # A case is called here what it is called nowhere else.
        self._secret = secrets.token_bytes(32)

    def add_to(self, app: Flask) -> None:
        """Add it to the application."""
        app.add_url_rule("/pictures", endpoint="pictures", view_func=self.pictures)

    def pictures(self) -> str:
        """All pictures of the accounts that the list shows now."""
        sitting = sitting_of(self._desk)
        corpus = sitting.corpus
        rows = corpus.rows[:]
        accounts = [row for row in rows if _is_account(row)]
        wanted = [
            row for row in wanted_of(rows, sitting.view, corpus.index.find) if _is_account(row)
        ]
        names, pieces = self._pieces(sitting, wanted)
        register = register_of(sitting.case)
        items = {piece.case: names[piece.case] for piece in pieces}
        charts = charts_of(pieces, register, self._lang()) if pieces else []
        return render_template(
            "pictures.html",
            drawn=[_drawn(name, chart, items) for name, chart in charts],
            coded=len(pieces),
            wanted=len(wanted),
            whole=len(accounts),
            filtered=sitting.view != View(),
            progress=corpus.progress,
        )

    def _pieces(
        self, sitting: Sitting, rows: Sequence[Row]
    ) -> tuple[dict[str, str], tuple[Piece, ...]]:
        """The coded accounts of these rows, and the item of each case code."""
        case = sitting.case
        coded = {path.parent.name for path in case.folder.glob("items/*/code-*.age")}
        ours = [row for row in rows if row.item in coded]
        if len(ours) > PIECES_LIMIT:
            raise MalformedError(
                f"more than {PIECES_LIMIT:,} accounts are too many for one picture",
                "let the list show fewer, and come back",
            )
        digests = {row.item: case.entry(row.item).digest for row in ours}
        codes = case_codes(self._secret, digests.values())
        pieces = [*_coded(sitting, ours, {item: codes[one] for item, one in digests.items()})]
        names = {codes[one]: item for item, one in digests.items()}
        return names, tuple(sorted(pieces, key=lambda piece: piece.case))


def _is_account(row: Row) -> bool:
    return row.kind == _COUNTED and row.state not in UNREADABLE and row.state != "canary"


def _coded(sitting: Sitting, rows: Sequence[Row], codes: dict[str, str]) -> Iterator[Piece]:
    for row in rows:
        try:
            newest = coding_of(sitting.case, row.item)
        except IntakeError:
            continue  # its own page says why
        if newest is not None:
            yield Piece(
                case=codes[row.item],
                fields=(),
                coding=newest.value,
                week=Epoch.parse(row.week),
                language=row.lang if _LANGUAGE.fullmatch(row.lang) else "und",
                consents=(),
            )


def charts_of(pieces: Sequence[Piece], register: Register, lang: str) -> list[tuple[str, Chart]]:
    """Every picture of these accounts as it is inside, with all its numbers."""
    counts = tables(pieces, register, inside=True)
    return [
        ("timeline", timeline.by_case(pieces, lang)),
        ("months", pictures.matrix(counts[Name.MONTH_ACT], lang, inside=True)),
        ("districts", pictures.districts(counts[Name.DISTRICT], lang, inside=True)),
        ("officials", pictures.place_by_official(pieces, register, lang, inside=True)),
        ("relations", pictures.matrix(counts[Name.RELATION_ACT], lang, inside=True)),
        ("sides", pictures.matrix(counts[Name.PLACE_AFFILIATION], lang, inside=True)),
    ]


def _drawn(name: str, chart: Chart, items: dict[str, str]) -> Drawn:
    grid = chart.grid
    return Drawn(
        name,
        # Made of our own shapes, with every label as text in it: `drawing` writes no other markup.
        Markup(chart.picture.svg),  # noqa: S704
        line(joined(chart.picture.caption)),
        [_cell(one, items) for one in grid.head],
        [[_cell(one, items) for one in row] for row in grid.rows],
    )


def _cell(words: Line, items: dict[str, str]) -> Cell:
    text = line(joined(words))
    if text in items:
        return Cell(text, f"/item/{items[text]}")
    match = _PSEUDONYM.fullmatch(text)
    if match:
        return Cell(text, f"/{'people' if match[1] == 'p' else 'places'}#{text}")
    return Cell(text)
