"""What all ledgers together say of each item and file, and how much of it a machine knew when.

A machine knows its own acts and, through `sync`, those of others up to the checkpoint it recorded.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from intake.ledger.act import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.epoch import Epoch
    from intake.ledger.act import Act

Known = dict[str, int]
"""For each machine, how many of its acts are known."""

First = dict[str, int]
"""For each machine, its first act of some kind."""


class Facts:
    """Of each item and file where it first happened on each machine: not an act more is kept."""

    def __init__(self) -> None:
        """Nothing yet: see `hear`."""
        self.acts = 0
        self.opens = 0
        self.imported: defaultdict[str, First] = defaultdict(dict)
        self.gone: defaultdict[str, First] = defaultdict(dict)
        self.triaged: defaultdict[str, First] = defaultdict(dict)
        self.opened_for_triage: defaultdict[str, First] = defaultdict(dict)
        self.opened: defaultdict[str, dict[tuple[str, str], int]] = defaultdict(dict)
        self.looked: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self.built: defaultdict[str, First] = defaultdict(dict)
        self.content: defaultdict[str, set[str]] = defaultdict(set)
        self.signoffs: defaultdict[str, list[tuple[str, int, str]]] = defaultdict(list)
        self.syncs: defaultdict[str, list[tuple[int, str, int]]] = defaultdict(list)
        self.seen: defaultdict[str, dict[int, dict[str, str]]] = defaultdict(dict)
        self.retained: defaultdict[str, dict[str, tuple[Epoch, Epoch]]] = defaultdict(dict)
        self.withdrawn: dict[str, Epoch] = {}
        self.ended: dict[str, Epoch] = {}
        self.consents: Counter[str] = Counter()

    def hear(self, machine: str, index: int, act: Act) -> None:
        """Take in one act; those of one machine come in order."""
        self.acts += 1
        match act.kind:
            case Kind.IMPORT:
                self._hear_import(machine, index, act)
            case Kind.OPEN:
                self._hear_open(machine, index, act)
            case Kind.TRIAGE:
                self.triaged[act["item"]].setdefault(machine, index)
            case Kind.WITHDRAW | Kind.ERASE:
                self._hear_end(machine, index, act)
            case Kind.CONSENT:
                self.consents[act["subject"]] += 1
            case Kind.RETAIN:
                self._hear_retain(machine, act)
            case Kind.BUILD:
                self.built[act["hash"]].setdefault(machine, index)
                self.content[act["hash"]].update(act.items)
            case Kind.SIGNOFF:
                self.signoffs[act["hash"]].append((machine, index, act.by))
            case Kind.SYNC:
                other, size = act["machine"], int(act["size"])
                self.syncs[machine].append((index, other, size))
                self.seen[other].setdefault(size, {}).setdefault(act["root"], machine)
            case _:
                pass

    def _hear_import(self, machine: str, index: int, act: Act) -> None:
        for item in act.items:
            self.imported[item].setdefault(machine, index)

    def _hear_open(self, machine: str, index: int, act: Act) -> None:
        item = act["item"]
        self.opens += 1
        self.opened[item].setdefault((machine, act.by), index)
        if act["purpose"] == "triage":
            self.opened_for_triage[item].setdefault(machine, index)
        else:
            self.looked[item].add((machine, act.by))

    def _hear_end(self, machine: str, index: int, act: Act) -> None:
        item = act["item"]
        self.gone[item].setdefault(machine, index)
        self.ended[item] = min(self.ended.get(item, act.week), act.week)
        if act.kind is Kind.WITHDRAW:
            self.withdrawn[item] = min(self.withdrawn.get(item, act.week), act.week)

    def _hear_retain(self, machine: str, act: Act) -> None:
        kept, until = self.retained[act["item"]], type(act.week).parse(act["until"])
        if machine not in kept or act.week >= kept[machine][0]:
            kept[machine] = act.week, until

    def until(self, item: str) -> Epoch:
        """The last week in which this item, of `retained`, may be kept: what the newest act says.

        On one machine that is the last of its acts. Which of two machines was later within a week
        nobody knows: the earlier end counts, so that nothing is kept for longer than one of them
        says.
        """
        newest = max(week for week, _ in self.retained[item].values())
        return min(until for week, until in self.retained[item].values() if week == newest)

    def knows(self, machine: str, index: int, before: Mapping[str, int] | None = None) -> Known:
        """What this machine knew before its act `index`, also of what others knew.

        `before` is what it knew at an earlier act of its own, to begin with.
        """
        known: Known = dict(before or {})
        # Grows only, and never beyond the sizes recorded: it ends, whatever a forger wrote.
        waiting = [(machine, index)]
        while waiting:
            name, size = waiting.pop()
            if known.get(name, 0) >= size:
                continue
            first, known[name] = known.get(name, 0), size
            syncs = self.syncs.get(name, [])
            begin, end = bisect_left(syncs, (first, "", 0)), bisect_left(syncs, (size, "", 0))
            waiting += [(other, seen) for _, other, seen in syncs[begin:end]]
        return known


def among(first: Mapping[str, int] | None, known: Known) -> bool:
    """Whether one of these acts is known."""
    return first is not None and any(at < known.get(name, 0) for name, at in first.items())
