"""Counts what all ledgers together say of access, sign-off, consent and retention, and names items."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from intake.audit.ledger_facts import among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from intake.audit.ledger_facts import Facts, Known
    from intake.epoch import Epoch

ERASE_WEEKS: Final = 4  # what is withdrawn is gone within 30 days; weeks are all that is known
LISTED: Final = 1_000  # items of one list; the figure beside it counts them all


@dataclass
class Figures:
    """Numbers for the reports of domain.md 6: R4 access, R5 sign-off, R6 consent, R10 retention.

    R4: `lone` counts items opened beyond triage by one person only. R6: `recorded`, `changed` and
    `refused` count acts of consent, `after_end` exports of what was known to be gone, `recall` other
    exports with an item that has been withdrawn since; of the items `withdrawn`, `destroyed` are gone
    from every machine that had them, `undestroyed` are not, after more than four weeks. R10: `due`
    items' retention is over, or their end was told more than four weeks ago; of these `erased` are
    gone from every machine, `under_way` from one for at most four weeks, `overdue` are the others.
    `unchecked` counts acts that rest on a ledger that was not given or not read to its end.
    """

    acts: int = 0
    items: int = 0
    opens: int = 0
    without_triage: int = 0
    lone: int = 0
    exports: int = 0
    four_eyes: int = 0
    alone: int = 0
    recorded: int = 0
    changed: int = 0
    refused: int = 0
    after_end: int = 0
    recall: int = 0
    withdrawn: int = 0
    destroyed: int = 0
    undestroyed: int = 0
    due: int = 0
    erased: int = 0
    under_way: int = 0
    overdue: int = 0
    unchecked: int = 0


@dataclass
class Named:
    """Items behind four of the figures, each with the machines that it concerns.

    Those on which it was opened; or those that have it still.
    """

    without_triage: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lone: dict[str, Collection[str]] = field(default_factory=dict[str, "Collection[str]"])
    undestroyed: dict[str, Collection[str]] = field(default_factory=dict[str, "Collection[str]"])
    overdue: dict[str, Collection[str]] = field(default_factory=dict[str, "Collection[str]"])

    def told(self) -> Mapping[str, object]:
        """The first ones of each as JSON can hold them."""
        lists: dict[str, Mapping[str, Collection[str]]] = {
            "without_triage": self.without_triage,
            "lone": self.lone,
            "undestroyed": self.undestroyed,
            "overdue": self.overdue,
        }
        return {
            name: [
                {"item": item, "ledgers": sorted(machines)}
                for item, machines in sorted(found.items())[:LISTED]
            ]
            for name, found in lists.items()
        }


class Holders:
    """On which machines an item came to lie, as far as their ledgers tell.

    It comes by an import of the machine's own, or by a sync with one that has it. What is known to be
    gone by then does not come.
    """

    def __init__(self, facts: Facts, machines: Iterable[str]) -> None:
        """When all ledgers were heard."""
        self._facts = facts
        self._moments = {name: list(_moments(facts, name)) for name in machines}

    def left(self, item: str) -> tuple[str, ...]:
        """Machines that had it, and whose own ledgers do not say that it was destroyed there."""
        imported, gone = self._facts.imported.get(item), self._facts.gone.get(item)
        found: list[str] = []
        for name, moments in self._moments.items():
            at = bisect_left(moments, 1, key=lambda known: int(among(imported, known)))
            came = at < len(moments) and not among(gone, moments[at])
            if came and (gone is None or name not in gone):
                found.append(name)
        return tuple(found)


def _moments(facts: Facts, name: str) -> Iterator[Known]:
    """What a machine knew each time that items may have come to it."""
    syncs = [(index, f"{other}.ledger") for index, other, _ in facts.syncs.get(name, ())]
    # A stick's ledgers are recorded one by one, by the names of their files, after its items: that is
    # one moment. What another stick brought would stand out of order, or behind another act.
    one_stick = {
        index + 1
        for (index, other), (next_index, another) in pairwise(syncs)
        if next_index == index + 1 and other < another
    }
    met = {index + 1 for index, _ in syncs} - one_stick
    imports = {first[name] + 1 for first in facts.imported.values() if name in first}
    known: Known = {}
    for index in sorted(met | imports):
        known = facts.knows(name, index, known)
        yield known


def count(
    facts: Facts, machines: Iterable[str], figures: Figures, named: Named, now: Epoch
) -> None:
    """Set all figures, and name all items, that do not hang on what was known at an act."""
    holders = Holders(facts, machines)
    figures.acts = facts.acts
    figures.items = len(facts.imported)
    figures.opens = facts.opens
    figures.recorded = facts.consents["recorded"]
    figures.changed = facts.consents["changed"]
    figures.refused = facts.consents["refused"]
    named.lone = {
        item: {machine for machine, _ in looked}
        for item, looked in facts.looked.items()
        if len({by for _, by in looked}) == 1
    }
    figures.lone = len(named.lone)
    _count_consent(facts, holders, figures, named, now)
    _count_retention(facts, holders, figures, named, now)


def _count_consent(
    facts: Facts, holders: Holders, figures: Figures, named: Named, now: Epoch
) -> None:
    left = {item: machines for item in facts.withdrawn if (machines := holders.left(item))}
    named.undestroyed = {
        item: machines for item, machines in left.items() if _is_old(facts.withdrawn[item], now)
    }
    figures.withdrawn = len(facts.withdrawn)
    figures.destroyed = len(facts.withdrawn) - len(left)
    figures.undestroyed = len(named.undestroyed)


def _count_retention(
    facts: Facts, holders: Holders, figures: Figures, named: Named, now: Epoch
) -> None:
    old = {item for item, week in facts.ended.items() if _is_old(week, now)}
    due = old | {item for item in facts.retained if facts.until(item) < now}
    left = {item: holders.left(item) for item in due}
    erased = {item for item in due if item in facts.ended and not left[item]}
    begun = {item for item in due if item in facts.ended} - erased - old
    named.overdue = {item: left[item] for item in due - erased - begun}
    figures.due, figures.erased = len(due), len(erased)
    figures.under_way, figures.overdue = len(begun), len(named.overdue)


def _is_old(week: Epoch, now: Epoch) -> bool:
    return now.number - week.number > ERASE_WEEKS
