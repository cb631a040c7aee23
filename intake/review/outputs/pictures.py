"""Pictures of the corpus: a timeline, months by act, districts, places by who acted.

Each stands beside the table that says the same, and under each stands that it counts accounts. Inside, on
the desk, every number shows; outside none under 5 does, nor one from which it follows. No home and
no coordinate is in any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake.review.coding.register import HOMES, Register
from intake.review.coding.vocabulary import Vocabulary
from intake.review.outputs.counting import (
    Name,
    Table,
    tables,
)
from intake.review.outputs.document import Grid, Line, Picture
from intake.review.outputs.drawing import GREY, INK, LIGHT, PAPER, SHADES, Box, Sheet
from intake.review.outputs.material import Piece
from intake.review.outputs.wording import DISTRICT_CELLS, district, say, term

WIDTH: Final = 470  # points: the text of an A4 page
LABEL: Final = 150  # points for the names of lines


@dataclass(frozen=True)
class Chart:
    """A picture and the table beside it, which says the same."""

    picture: Picture
    grid: Grid


_LABELS: Final = {
    (Name.RELATION_ACT, True): Vocabulary.RELATION,
    (Name.PLACE_AFFILIATION, True): Vocabulary.AFFILIATION,
    (Name.PLACE_AFFILIATION, False): Vocabulary.PLACE_TYPE,
    (Name.MONTH_ACT, False): Vocabulary.ACT,
    (Name.RELATION_ACT, False): Vocabulary.ACT,
}


def line_name(name: Name, code: str, lang: str, *, column: bool) -> str:
    """How a line of a table is called."""
    if name is Name.DISTRICT:
        return say("accounts", lang) if column else district(code, lang)
    if name is Name.MONTH_ACT and column:
        return code or say("month_unknown", lang)
    return term(_LABELS[name, column], code, lang)


def number(value: int | None, lang: str) -> str:
    """A count as it is written: hidden ones say so."""
    return say("hidden", lang) if value is None else str(value)


def grid_of(table: Table, lang: str) -> Grid:
    """A table in words, with its totals, n and how much is hidden."""
    totals = bool(table.row_totals)
    head: list[Line] = [(say(f"head_{table.name}", lang),)]
    head += [(line_name(table.name, one, lang, column=True),) for one in table.columns]
    rows: list[tuple[Line, ...]] = []
    for row in table.rows:
        cells = [table.cells[row, column] for column in table.columns]
        cells += [table.row_totals[row]] if totals else []
        name = line_name(table.name, row, lang, column=False)
        rows.append(((name,), *((number(cell, lang),) for cell in cells)))
    if totals:
        head.append((say("total", lang),))
        sums = [(number(table.column_totals[column], lang),) for column in table.columns]
        rows.append(((say("total", lang),), *sums, ("",)))
    return Grid(caption(table, lang), tuple(head), tuple(rows))


def caption(table: Table, lang: str) -> Line:
    """What stands under each picture and over each table."""
    return (
        say(f"title_{table.name}", lang),
        ". ",
        say("caption", lang),
        " ",
        say("counted", lang),
        ": ",
        str(table.n),
        "; ",
        say("suppressed", lang),
        ": ",
        str(table.suppressed),
        ".",
    )


def matrix(table: Table, lang: str, *, inside: bool = False) -> Chart:
    """Any two-way table as shaded squares with their numbers, hidden ones hatched; `inside` none is."""
    columns = max(1, len(table.columns))
    wide = (WIDTH - LABEL) / columns
    high, top = 22, 50
    bottom = top + high * max(1, len(table.rows))
    sheet = Sheet(WIDTH, bottom + 26)
    size = 7 if columns <= 9 else 5 if columns <= 18 else 4
    room = max(7, int(wide / size * 1.7))
    for i, column in enumerate(table.columns):
        name = line_name(table.name, column, lang, column=True)
        sheet.lines((LABEL + wide * (i + 0.5), top / 2), name, room, size=size, centred=True)
    most = max((cell for cell in table.cells.values() if cell), default=1)
    for j, row in enumerate(table.rows):
        name = line_name(table.name, row, lang, column=False)
        sheet.lines((0, top + high * (j + 0.5)), name, 38)
        for i, column in enumerate(table.columns):
            box = Box(LABEL + wide * i, top + high * j, wide, high)
            _square(sheet, box, table.cells[row, column], most, size=min(7, size + 1))
    if not inside:
        _legend(sheet, bottom + 14, lang)
    return _chart(table, sheet, lang)


def _square(sheet: Sheet, box: Box, value: int | None, most: int, *, size: float = 7) -> None:
    shade = _shade(value, most)
    sheet.box(box.inset(1), shade, edge=LIGHT, hatched=value is None)
    if value:
        ink = PAPER if shade in SHADES[3:] else INK
        sheet.words(box.middle, str(value), size=size, centred=True, ink=ink)


def _shade(value: int | None, most: int) -> str:
    return SHADES[(value * len(SHADES) - 1) // max(most, value)] if value else PAPER


def _legend(sheet: Sheet, middle: float, lang: str) -> None:
    sheet.box(Box(0, middle - 5, 16, 10), PAPER, hatched=True)
    sheet.words((21, middle), say("hidden_or_few", lang), size=6.5, ink=GREY)


def districts(table: Table, lang: str, *, inside: bool = False) -> Chart:
    """Districts as squares that stand about where they lie; a square's centre is nobody's place."""
    wide, high = WIDTH / 5, 46
    sheet = Sheet(WIDTH, high * 6 + 30)
    most = max((cell for cell in table.cells.values() if cell), default=1)
    for code, (column, row) in DISTRICT_CELLS.items():
        box = Box(wide * column, high * row, wide, high)
        # One that is not in the table may have no account or few: both look alike.
        value = table.cells.get((code, ""))
        shade = _shade(value, most)
        middle = box.middle[0]
        sheet.box(box.inset(2), shade, edge=GREY)
        sheet.box(Box(box.left + 6, box.top + 5, wide - 12, 18), PAPER)
        sheet.lines((middle, box.top + 14), district(code, lang), 20, size=6.5, centred=True)
        if value:
            ink = PAPER if shade in SHADES[3:] else INK
            sheet.words((middle, box.top + 33), str(value), size=9, centred=True, ink=ink)
    if not inside:
        _legend(sheet, high * 6 + 14, lang)
    return _chart(table, sheet, lang)


def _chart(table: Table, sheet: Sheet, lang: str) -> Chart:
    title = say(f"title_{table.name}", lang)
    alt = (title, ". ", say("alt", lang))
    svg = sheet.svg(f"picture-{table.name.replace('_', '-')}", title, say("alt", lang))
    picture = Picture(svg, alt, caption(table, lang), tuple(sheet.labels))
    return Chart(picture, grid_of(table, lang))


def place_by_official(
    pieces: Sequence[Piece], register: Register, lang: str, *, inside: bool
) -> Chart:
    """Places by who acted there: by pseudonym inside, by type and affiliation outside."""
    if not inside:
        return matrix(tables(pieces, register, inside=False)[Name.PLACE_AFFILIATION], lang)
    pairs: dict[tuple[str, str], set[str]] = {}
    for piece in pieces:
        acts = {act.number: act for act in piece.coding.acts}
        for one in piece.coding.involvements:
            person = register.person(one.person)
            place = register.place(acts[one.act].place)
            if person and person.official and place and place.type not in HOMES:
                pairs.setdefault((place.name, person.name), set()).add(piece.case)
    rows, columns = sorted({row for row, _ in pairs}), sorted({column for _, column in pairs})
    wide, high, top = (WIDTH - LABEL) / max(1, len(columns)), 22, 30
    sheet = Sheet(WIDTH, top + high * max(1, len(rows)) + 6)
    most = max((len(cases) for cases in pairs.values()), default=1)
    for i, column in enumerate(columns):
        sheet.lines((LABEL + wide * (i + 0.5), top / 2), column, 9, size=6, centred=True)
    for j, row in enumerate(rows):
        sheet.lines((0, top + high * (j + 0.5)), row, 38)
        for i, column in enumerate(columns):
            value = len(pairs.get((row, column), ()))
            _square(sheet, Box(LABEL + wide * i, top + high * j, wide, high), value, most)
    title = say("title_place_official", lang)
    under: Line = (title, ". ", say("caption", lang))
    svg = sheet.svg("picture-place-official", title, say("alt", lang))
    head: tuple[Line, ...] = ((say("place", lang),), *((column,) for column in columns))
    cells = tuple(
        ((row,), *((str(len(pairs.get((row, column), ()))),) for column in columns)) for row in rows
    )
    picture = Picture(svg, (title, ". ", say("alt", lang)), under, tuple(sheet.labels))
    return Chart(picture, Grid(under, head, cells))
