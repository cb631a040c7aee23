"""The meter of who could be singled out, with what each coded account tells kept in memory while the case is open.

The names of a case's files say whether anything was coded or noted since: an account is read again only then, so
that looking does not cost 10 milliseconds for each account there is.
"""

import os
from collections.abc import Callable
from typing import Final

from intake.errors import IntakeError
from intake.review.case import Case
from intake.review.facts import RECORD, Told, told_of
from intake.review.journal import Mark, mark_in
from intake.review.progress import RECORDS, coding_of
from intake.review.registering import register_of
from intake.review.singling_out import Meter
from intake.review.steps import Step

_READ: Final = frozenset({RECORDS[Step.CODE], RECORD})

Marks = frozenset[tuple[str, Mark]]


class Accounts:
    """What the coded accounts of one case tell. It goes with the sitting; codes and a few words are in it, no text."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[Marks, Told | None]] = {}
        self._last: tuple[object, Meter] | None = None

    def meter(self, case: Case, goes_on: Callable[[], bool] = lambda: True) -> Meter:
        """The meter of all accounts as they are now; `goes_on` is asked before each that must be read."""
        register, known = register_of(case), dict[str, tuple[Marks, Told | None]]()
        for item, marks in _coded(case):
            had = self._told.get(item)
            if had is not None and had[0] == marks:
                known[item] = had
            elif goes_on():
                known[item] = marks, _read(case, item)
        self._told = known
        key = register, {item: marks for item, (marks, told) in known.items() if told is not None}
        if self._last is None or self._last[0] != key:
            facts = {
                item: told.facts(register) for item, (_, told) in known.items() if told is not None
            }
            self._last = key, Meter(facts)
        return self._last[1]


def _coded(case: Case) -> list[tuple[str, Marks]]:
    """Every item that is there and coded, with the names of what is read of it."""
    found: list[tuple[str, Marks]] = []
    for item in case.items():
        names = os.listdir(case.files.path(item, "entry").parent)  # noqa: PTH208 - 10,000 of them
        marks = frozenset(
            mark for name in names if (mark := mark_in(name)) is not None and mark[0] in _READ
        )
        if any(name == RECORDS[Step.CODE] for name, _ in marks):
            found.append((item, marks))
    return found


def _read(case: Case, item: str) -> Told | None:
    try:
        newest = None if case.entry(item).gone else coding_of(case, item)
        return None if newest is None else told_of(case, item, newest.value)
    except IntakeError:
        return None  # its own page says why
