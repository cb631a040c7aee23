"""Tables of accounts, two ways at most, as they are inside and as they may be shown outside.

What is counted are accounts, never victims. An account that tells of several acts counts once in
the line of each; so lines do not add up to the number of accounts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake.review.coding.account import Act
from intake.review.coding.register import HOMES, Register
from intake.review.outputs.material import Piece
from intake.review.outputs.refusing import K
from intake.review.outputs.suppression import SOURCE, Edge, hidden
from intake.review.outputs.wording import district_code

UNKNOWN: Final = ""
"""The line of what nobody knows or said."""


class Name(StrEnum):
    """The tables that there are."""

    MONTH_ACT = "month_act"
    RELATION_ACT = "relation_act"
    PLACE_AFFILIATION = "place_affiliation"
    DISTRICT = "district"


@dataclass(frozen=True)
class Table:
    """Counts by row and column; None is a number that is hidden. Totals are sums of the line's cells.

    `n` is the number of accounts counted, `suppressed` how many numbers of lines that are shown are
    hidden. A line in which everything is hidden is not shown: nobody can tell it from one of zeros.
    """

    name: Name
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | None]
    row_totals: Mapping[str, int | None]
    column_totals: Mapping[str, int | None]
    n: int

    @property
    def suppressed(self) -> int:
        """How many numbers are hidden."""
        everything = (
            *self.cells.values(),
            *self.row_totals.values(),
            *self.column_totals.values(),
        )
        return sum(value is None for value in everything)


Counts = Counter[tuple[str, str]]
Lines = Callable[[Piece], Iterable[tuple[str, str]]]
Spot = tuple[Name, str, str, str]  # of a table: what it is (`cell`, `row`, `column`), row, column
Network = list[tuple[Edge, tuple[Spot, ...]]]


def tables(
    pieces: Sequence[Piece], register: Register, *, inside: bool, k: int = K
) -> dict[Name, Table]:
    """All tables of these accounts; with `inside` nothing is hidden, and it never leaves."""
    counts = {
        Name.MONTH_ACT: _count(pieces, _act_months),
        Name.RELATION_ACT: _count(pieces, _act_relations),
        Name.PLACE_AFFILIATION: _count(pieces, lambda piece: _places_sides(piece, register)),
        Name.DISTRICT: _count(pieces, lambda piece: _districts(piece, register)),
    }
    n = len(pieces)
    taken: set[Spot] = set()
    if not inside:
        for network in (
            _acts(counts[Name.MONTH_ACT], counts[Name.RELATION_ACT], n),
            _pairs(counts[Name.PLACE_AFFILIATION], n),
            _line(counts[Name.DISTRICT], n),
        ):
            hide = hidden([edge for edge, _ in network], k)
            taken |= {spot for i in hide for spot in network[i][1]}
    return {name: _table(name, cells, n, taken) for name, cells in counts.items()}


def _count(pieces: Iterable[Piece], lines: Lines) -> Counts:
    return Counter(pair for piece in pieces for pair in lines(piece))


def _act_months(piece: Piece) -> Iterable[tuple[str, str]]:
    """Each act once, in the earliest month that is known: then both tables of acts have one total."""
    months: dict[str, str] = {}
    for act in piece.coding.acts:
        known = [month for month in (months.get(act.code, ""), act.when.month) if month]
        months[act.code] = min(known, default=UNKNOWN)
    return months.items()


def _act_relations(piece: Piece) -> Iterable[tuple[str, str]]:
    return {(act.code, piece.relation) for act in piece.coding.acts}


def _places_sides(piece: Piece, register: Register) -> Iterable[tuple[str, str]]:
    sides: dict[int, set[str]] = {}
    for one in piece.coding.involvements:
        sides.setdefault(one.act, set()).add(one.affiliation)
    return {
        (kind_of_place(act, register), side)
        for act in piece.coding.acts
        for side in sides.get(act.number, {"p.unknown"})
    }


def _districts(piece: Piece, register: Register) -> Iterable[tuple[str, str]]:
    """One district for each account, the first that its acts name, so that all add up to n."""
    found = sorted(
        code
        for act in piece.coding.acts
        if (code := district_of(act, register)) and not is_home(act, register)
    )
    return [(found[0] if found else UNKNOWN, "")]


def kind_of_place(act: Act, register: Register) -> str:
    """V3: as coded of the act, or of the place in the register; not known otherwise."""
    place = register.place(act.place)
    return act.place_type or (place.type if place else "") or "pl.unknown"


def is_home(act: Act, register: Register) -> bool:
    """Whether an act's place is somebody's home by either word: as coded of the act, or of the place."""
    place = register.place(act.place)
    known = {kind_of_place(act, register), "" if place is None else place.type}
    return not known.isdisjoint(HOMES)


def district_of(act: Act, register: Register) -> str:
    """The code of the bundled district in which an act's place lies; empty where it is not known."""
    place = register.place(act.place)
    return district_code(place.district) if place else ""


def _acts(months: Counts, relations: Counts, n: int) -> Network:
    """Month by act and relation by act in one: months flow into acts, and acts into relations.

    The total of an act is one number that stands in both tables.
    """
    acts, columns = _rows(months), _columns(months)
    network: Network = []
    for month in columns:
        value = sum(months[act, month] for act in acts)
        edge = Edge(SOURCE, ("month", month), value, value + n, total=True)
        network.append((edge, ((Name.MONTH_ACT, "column", "", month),)))
        for act in acts:
            cell = Edge(("month", month), ("act", act), months[act, month], n)
            network.append((cell, ((Name.MONTH_ACT, "cell", act, month),)))
    for act in acts:
        value = sum(months[act, month] for month in columns)
        edge = Edge(("act", act), ("told", act), value, n, total=True)
        both = tuple((name, "row", act, "") for name in (Name.MONTH_ACT, Name.RELATION_ACT))
        network.append((edge, both))
        for relation in _columns(relations):
            cell = Edge(("told", act), ("by", relation), relations[act, relation], n)
            network.append((cell, ((Name.RELATION_ACT, "cell", act, relation),)))
    for relation in _columns(relations):
        value = sum(relations[act, relation] for act in acts)
        edge = Edge(("by", relation), SOURCE, value, value + n, total=True)
        network.append((edge, ((Name.RELATION_ACT, "column", "", relation),)))
    return network


def _pairs(counts: Counts, n: int) -> Network:
    """One table with both totals."""
    name = Name.PLACE_AFFILIATION
    network: Network = []
    for row in _rows(counts):
        value = sum(counts[row, column] for column in _columns(counts))
        edge = Edge(SOURCE, ("row", row), value, value + n, total=True)
        network.append((edge, ((name, "row", row, ""),)))
        for column in _columns(counts):
            cell = Edge(("row", row), ("column", column), counts[row, column], n)
            network.append((cell, ((name, "cell", row, column),)))
    for column in _columns(counts):
        value = sum(counts[row, column] for row in _rows(counts))
        edge = Edge(("column", column), SOURCE, value, value + n, total=True)
        network.append((edge, ((name, "column", "", column),)))
    return network


def _line(counts: Counts, n: int) -> Network:
    """One line of counts that add up to the number of accounts, which everybody knows."""
    network: Network = [
        (Edge(SOURCE, "all", counts[row, ""], n), ((Name.DISTRICT, "cell", row, ""),))
        for row in _rows(counts)
    ]
    network.append((Edge("all", SOURCE, n, n, total=True, known=True), ()))
    return network


def _rows(counts: Counts) -> list[str]:
    return sorted({row for row, _ in counts})


def _columns(counts: Counts) -> list[str]:
    return sorted({column for _, column in counts})


def _table(name: Name, counts: Counts, n: int, taken: set[Spot]) -> Table:
    """The table with what is hidden taken out, and without lines of which nothing is left."""
    rows, columns = _rows(counts), _columns(counts)
    cells = {
        (row, column): _unless((name, "cell", row, column) in taken, counts[row, column])
        for row in rows
        for column in columns
    }
    # The one column of districts has no totals: n is said beside it.
    totals = name is not Name.DISTRICT
    down = {
        row: _unless((name, "row", row, "") in taken, sum(counts[row, c] for c in columns))
        for row in rows
        if totals
    }
    across = {
        column: _unless((name, "column", "", column) in taken, sum(counts[r, column] for r in rows))
        for column in columns
        if totals
    }
    kept = [
        row
        for row in rows
        if down.get(row) is not None or any(cells[row, c] is not None for c in columns)
    ]
    stay = [
        column
        for column in columns
        if across.get(column) is not None or any(cells[r, column] is not None for r in kept)
    ]
    return Table(
        name,
        tuple(kept),
        tuple(stay),
        {(row, column): cells[row, column] for row in kept for column in stay},
        {row: down[row] for row in kept if totals},
        {column: across[column] for column in stay if totals},
        n,
    )


def _unless(hide: object, value: int) -> int | None:
    return None if hide else value
