"""The rows of the list, what a reviewer wants to see of them, and one page of that.

A row holds codes, numbers and a problem, and no word of testimony.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Self

from intake.container import Level
from intake.errors import MalformedError
from intake.review.desk.work_state import NOTHING, Next

PAGE: Final = 50  # rows
WAITING: Final = "waiting"  # the state of what is not yet logged, whatever else was done with it
MINE: Final = "mine"  # what of the list is the reviewer's own to do next
SECOND: Final = "SECOND"  # what wants a second reader; no reviewer is called so
UNREADABLE: Final = frozenset({"withdrawn", "erased", "sealed", "damaged"})
_NOT_LOGGED: Final = ", not yet logged"
LETTERS: Final = {level.value[0].upper(): level for level in Level}


@dataclass(frozen=True)
class Row:
    """One item. `count` is of what `state` says, as of exports; `agreed` a letter for each use.

    `triage` is its code in the newest record, `work` what the names of its files say of its steps.
    `belongs` is the testimony to which an addition or a change of consent belongs, if it is here.
    """

    item: str
    week: str
    kind: str
    belongs: str
    mode: str
    lang: str
    length: int
    agreed: str
    state: str
    count: int
    logged: bool
    problem: str
    triage: str = ""
    work: Next = NOTHING

    @classmethod
    def of(cls, cells: Sequence[str]) -> Self:
        """Read a row of `listing`; what is unknown there as `-` is empty here."""
        known = ("" if cell == "-" else cell for cell in cells)
        item, week, kind, mode, lang, length, agreed, state, problem = known
        name, _, belongs = kind.partition(" to ")
        said, waits, _ = state.partition(_NOT_LOGGED)
        word, _, count = said.partition(" ")
        return cls(
            item=item,
            week=week,
            kind=name,
            belongs="" if belongs == "nothing here" else belongs,
            mode=mode,
            lang=lang,
            length=int(length or 0),
            agreed=agreed,
            state=word,
            count=int(count or 0),
            logged=not waits,
            problem=problem,
        )


@dataclass(frozen=True)
class View:
    """What is wanted of the list; empty for everything. `words` are searched for in the texts."""

    words: str = ""
    state: str = ""
    lang: str = ""
    week: str = ""
    use: str = ""
    triage: str = ""
    todo: str = ""

    def shows(self, row: Row) -> bool:
        """Whether a row is wanted, whatever its text."""
        return (
            (
                not self.state
                or row.state == self.state
                or (self.state == WAITING and not row.logged)
            )
            and (not self.lang or row.lang == self.lang)
            and (not self.week or row.week == self.week)
            and (not self.use or self.use in row.agreed)
            and (not self.triage or self.triage == row.triage)
            and (not self.todo or self._wants(row))
        )

    def _wants(self, row: Row) -> bool:
        """`mine`: something is mine to do; `second`: a second reader is wanted; else whose first it is."""
        if self.todo == MINE:
            return bool(row.work.mine)
        return row.work.second_wanted if self.todo == SECOND else row.work.first == self.todo


def wanted_of(
    rows: Sequence[Row], view: View, find: Callable[[str], Collection[int]]
) -> Sequence[Row]:
    """The rows that are wanted, in order; `find` gives the places of rows by their text."""
    if view.words:
        places = sorted(find(view.words))
        return [rows[at] for at in places if view.shows(rows[at])]
    return rows if view == View() else [row for row in rows if view.shows(row)]


@dataclass(frozen=True)
class Choices:
    """What the rows of a list can be told apart by."""

    states: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    weeks: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    triages: tuple[str, ...] = ()

    @classmethod
    def of(cls, rows: Collection[Row]) -> Self:
        """Everything that stands in one of these rows; the newest week first."""
        states, langs, weeks, uses = set[str](), set[str](), set[str](), set[str]()
        for row in rows:
            states.add(row.state)
            if not row.logged:
                states.add(WAITING)
            langs.add(row.lang)
            weeks.add(row.week)
            uses.update(row.agreed)
        for known in (states, langs, weeks):
            known.discard("")
        return cls(
            tuple(sorted(states)),
            tuple(sorted(langs)),
            tuple(sorted(weeks, reverse=True)),
            tuple(letter for letter in LETTERS if letter in uses),
            tuple(sorted({row.triage for row in rows} - {""})),
        )


@dataclass(frozen=True)
class Page:
    """One page of what is wanted, the number of rows wanted, and the number of the last page."""

    rows: tuple[Row, ...]
    number: int
    last: int
    wanted: int

    @classmethod
    def of(
        cls,
        rows: Sequence[Row],
        view: View,
        number: int,
        find: Callable[[str], Collection[int]],
    ) -> Self:
        """The page with this number, from 1; `find` gives the places of rows by their text.

        Raises `MalformedError` for a page that there is not.
        """
        wanted = wanted_of(rows, view, find)
        last = max(1, -(-len(wanted) // PAGE))
        if not 1 <= number <= last:
            raise MalformedError("there is no such page of the list")
        shown = tuple(wanted[(number - 1) * PAGE : number * PAGE])
        return cls(shown, number, last, len(wanted))
