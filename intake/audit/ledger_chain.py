"""Reads one ledger to its end: is it one tree, signed act by act by who was a reviewer then?

What the acts say about each other is for `intake.audit.ledger_check`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError, RosterError
from intake.ledger.act import Kind
from intake.ledger.record import Head, Record, read_head, read_records
from intake.tlog.merkle import EMPTY, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from intake.ledger.act import Act
    from intake.roster import Roster
    from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint

MACHINES: Final = 256  # that one ledger names: eight for each of the most reviewers that there are


class Fault(StrEnum):
    """What can be wrong with ledgers."""

    FORMAT = "format"  # not a ledger from here on; nothing after it is read
    ROOT = "root"  # an act, or an earlier one, is not the one that was signed
    SIGNATURE = "signature"
    ROSTER = "roster"  # by someone who was no reviewer in that week
    TIME = "time"  # earlier than the act before it, or later than today
    FORK = "fork"  # another ledger than the one seen before, or seen by the other machine
    ROLLBACK = "rollback"  # shorter than it was seen
    ABSENT = "absent"  # it builds on another ledger that was not given
    STALE = "stale"  # the machines did not exchange their ledgers in time
    IMPORT = "import"  # the site's log was seen with two roots of one size
    REFERENCE = "reference"  # on an item never imported, or a file never built
    UNOPENED = "unopened"  # on a text that its reviewer had not opened
    UNTRIAGED = "untriaged"  # read before it was opened for triage
    GONE = "gone"  # on what had been withdrawn or erased
    FOUR_EYES = "four-eyes"  # exported without two sign-offs by two people on two machines


@dataclass(frozen=True)
class Finding:
    """What is wrong, in whose ledger, and at which act, counted from 0."""

    fault: Fault
    machine: str
    index: int | None
    phrase: str

    def __str__(self) -> str:
        place = self.machine if self.index is None else f"{self.machine} act {self.index}"
        return f"{self.fault}: {place}: {self.phrase}"


class Reviewers:
    """Who was a reviewer when: each roster counts from its day of issue until the next one's."""

    def __init__(self, rosters: Sequence[Roster]) -> None:
        """Rosters already verified, of one deployment, in any order."""
        ordered = sorted(rosters, key=lambda roster: roster.version)
        if not ordered or len({roster.deployment for roster in ordered}) != 1:
            raise RosterError("rosters are not of one deployment")
        if len({roster.version for roster in ordered}) != len(ordered):
            raise RosterError("two rosters have one version", "leave out the one not in use")
        ends = [roster.issued for roster in ordered[1:]] + [dt.date.max]
        self.deployment = ordered[0].deployment
        self._terms = [
            (Epoch.of(roster.issued), Epoch.of(min(roster.expires, end)), roster)
            for roster, end in zip(ordered, ends, strict=True)
        ]

    def during(self, week: Epoch) -> list[Roster]:
        """The rosters in use on a day of this week."""
        return [roster for begin, end, roster in self._terms if begin <= week <= end]

    def alone(self, week: Epoch) -> bool:
        """Whether all rosters of this week, at least one, name a single reviewer."""
        rosters = self.during(week)
        return bool(rosters) and all(len(roster.reviewers) == 1 for roster in rosters)

    def check(self, signed: SignedCheckpoint, act: Act) -> None:
        """Raise `RosterError` where no reviewer of that week signed, `ProofError` for a forgery."""
        for roster in self.during(act.week):
            for reviewer in roster.reviewers:
                if reviewer.name == act.by and signed.note.signed_by(reviewer.signer):
                    return
        raise RosterError("is not signed by the key of a reviewer of that week")


@dataclass
class Chain:
    """What one reading of a file gave: `last` is its checkpoint, `whole` that it was read to its end."""

    path: Path
    head: Head
    size: int = 0
    last: SignedCheckpoint | None = None
    whole: bool = True
    findings: list[Finding] = field(default_factory=list[Finding])

    def add(self, fault: Fault, index: int | None, phrase: str) -> None:
        """Note one more finding."""
        self.findings.append(Finding(fault, self.head.machine, index, phrase))


def head_of(path: Path) -> Head:
    """Read whose ledger it is; raises `MalformedError` where it is none."""
    with path.open("rb") as file:
        return read_head(file)


def read_chain(
    path: Path,
    reviewers: Reviewers,
    kept: Checkpoint | None,
    today: dt.date,
    heard: Callable[[str, int, Act], None],
) -> Chain:
    """Check one ledger by itself, and tell each act in order to `heard`.

    1. every act has its form, and no more than 256 other machines are named; what follows one that
       has not, or names one more, is not read
    2. the root beside each act is that of the tree up to it
    3. a key that was a reviewer's in that week signed that root
    4. weeks do not go back, and none has yet to come
    5. it begins with the tree that was `kept` the last time
    """
    with path.open("rb") as file:
        head = read_head(file)
        chain = Chain(path, head)
        one = _Walk(chain, reviewers, kept, Epoch.of(today + dt.timedelta(days=1)))
        records = _read(file, head)
        while True:
            # (1)
            try:
                record = next(records, None)
            except MalformedError as error:
                chain.whole = False
                chain.add(Fault.FORMAT, chain.size, error.phrase)
                break
            if record is None:
                break
            one.step(record)
            heard(head.machine, chain.size - 1, record.act)
    # (5)
    if kept is not None and chain.whole and chain.size < kept.size:
        chain.add(Fault.ROLLBACK, None, f"has {chain.size} acts, and had {kept.size} before")
    return chain


def _read(file: BinaryIO, head: Head) -> Iterator[Record]:
    """The records, as far as they name a bounded number of machines: what is known is kept for each."""
    machines: set[str] = set()
    for record in read_records(file, head):
        if record.act.kind is Kind.SYNC:
            machines.add(record.act["machine"])
            if len(machines) > MACHINES:
                raise MalformedError(f"it names more than {MACHINES} other machines")
        yield record


class _Walk:
    """Steps (2) to (5) for one act after another."""

    def __init__(
        self, chain: Chain, reviewers: Reviewers, kept: Checkpoint | None, latest: Epoch
    ) -> None:
        self._chain = chain
        self._reviewers = reviewers
        self._kept = kept
        self._latest = latest
        self._edge = EMPTY
        self._astray = False
        self._week: Epoch | None = None

    def step(self, record: Record) -> None:
        chain, act, index = self._chain, record.act, self._chain.size
        chain.size += 1
        chain.last = record.signed(chain.head, chain.size)
        # (2)
        self._edge = self._edge.extended([leaf_hash(act.to_bytes())])
        if self._edge.root != record.root and not self._astray:
            self._astray = True  # every root after it differs too
            chain.add(Fault.ROOT, index, "this act, or one before it, is not what was signed")
        # (3)
        try:
            self._reviewers.check(chain.last, act)
        except ProofError:
            chain.add(Fault.SIGNATURE, index, f"signature of {act.by} does not hold")
        except RosterError as error:
            chain.add(Fault.ROSTER, index, error.phrase)
        # (4)
        if self._week is not None and act.week < self._week:
            chain.add(Fault.TIME, index, f"is of {act.week}, after an act of {self._week}")
        elif act.week > self._latest:
            chain.add(Fault.TIME, index, f"is of {act.week}, which has yet to come")
        self._week = act.week if self._week is None else max(self._week, act.week)
        # (5)
        kept = self._kept
        # The root as it stands: whether it is the tree's was (2), and is told once.
        if kept is not None and kept.size == chain.size and kept.root != record.root:
            chain.add(Fault.FORK, index, "is not the ledger that was kept the last time")
