"""Writes an auditor's report as lines for people: one page, however much there is to say."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from intake.audit.report import CLAIMS, Level
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from intake.audit.report import Claim, Report

WIDTH: Final = 100  # columns
PAGE: Final = 60  # lines
_MOST: Final = 9  # exceptions of one claim; --json has them all
_INDENT: Final = "   "


@dataclass(frozen=True)
class Room:
    """How much of a report fits on its page: exceptions of one claim, and rows of one phrase."""

    most: int
    rows: int


_ROOMS: Final = (
    *(Room(most, 2) for most in range(_MOST, 1, -1)),
    *(Room(most, 1) for most in range(_MOST, 0, -1)),
)
"""From the widest to the one into which every report fits."""


def page(report: Report) -> list[str]:
    """The lines of a report, at most `PAGE` of at most `WIDTH` columns."""
    return list(_lines(report, room_for(report)))


def room_for(report: Report) -> Room:
    """The most that fits on the page, at least one row of one exception of each claim."""
    fitting = (room for room in _ROOMS if len(list(_lines(report, room))) <= PAGE)
    return next(fitting, _ROOMS[-1])


def head_of(report: Report) -> str:
    """Whose log it is, and the week of the report."""
    return line(f"{report.origin or 'no log was seen'}, {report.epoch}")


def exceptions_of(claim: Claim, room: Room) -> list[str]:
    """The first ones as phrases, and how many more there are."""
    shown = [
        phrase if level is Level.FAILS else f"{level}: {phrase}"
        for level, phrase in claim.exceptions
    ]
    return cut(shown, room)


def cut(phrases: Sequence[str], room: Room) -> list[str]:
    """The first phrases, each made visible, and how many more there are."""
    more = len(phrases) - room.most
    rest = [f"and {more} more, see --json"] if more > 0 else []
    return [*(shortened(phrase, room) for phrase in phrases[: room.most]), *rest]


def shortened(phrase: str, room: Room) -> str:
    """A phrase made visible, of as many rows as there is room for: a cut ends with an ellipsis."""
    return " ".join(_rows(phrase, room.rows))


def _rows(phrase: str, most: int) -> list[str]:
    width = WIDTH - len(_INDENT) - 2
    rows = wrap(line(phrase[: WIDTH * most]), width, break_on_hyphens=False)
    left = len(phrase) > WIDTH * most or len(rows) > most
    if left:
        rows = rows[:most]
        rows[-1] = f"{rows[-1][: width - 2]} …"
    return rows


def _lines(report: Report, room: Room) -> Iterator[str]:
    yield from _folded(head_of(report), "", room)
    yield report.summary
    for claim in report.claims:
        yield ""
        yield f"{claim.name:<3} {claim.verdict:<11}  {CLAIMS[claim.name]}"
        for number in claim.numbers:
            yield from _folded(number, _INDENT, room)
        for phrase in exceptions_of(claim, room):
            yield from _folded(phrase, f"{_INDENT}- ", room)


def _folded(phrase: str, begin: str, room: Room) -> Iterator[str]:
    for number, row in enumerate(_rows(phrase, room.rows)):
        yield f"{' ' * len(begin) if number else begin}{row}"
