"""Reads a log's entries in their order and says where they break the rules of such a log.

It believes that they belong to the log: tile_reader.py proves that. It opens no commitment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.errors import MalformedError
from intake.tlog.entries import (
    STEP,
    Blinded,
    CodeReleased,
    ConfigChanged,
    EpochClosed,
    Restored,
    Retired,
    RosterChanged,
    parse_entry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.epoch import Epoch
    from intake.tlog.entries import Entry, Public


class Fault(StrEnum):
    """The kinds of what an auditor can find of a log, as they stand before a finding."""

    CHECKPOINT = "checkpoint"
    SIGNATURE = "signature"
    QUORUM = "quorum"
    ROLLBACK = "rollback"
    FORK = "fork"
    TILE = "tile"
    ENTRY = "entry"
    PADDING = "padding"
    EPOCH = "epoch"
    FROZEN = "frozen"
    RETIRED = "retired"
    ROSTER = "roster"
    CODE = "code"
    PROMISE = "promise"
    RECEIPT = "receipt"


@dataclass(frozen=True)
class LogFinding:
    """One thing that does not hold."""

    fault: Fault
    phrase: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.phrase}"


@dataclass(frozen=True)
class Passed:
    """What the entries up to a checkpoint said last: all that is needed to judge the next ones."""

    closed: Epoch | None = None
    roster: RosterChanged | None = None
    config: ConfigChanged | None = None
    code: CodeReleased | None = None
    retired: Retired | None = None

    @property
    def newest(self) -> tuple[Entry, ...]:
        """The last entry of each kind that there was."""
        last = (self.roster, self.config, self.code, self.retired)
        closed = () if self.closed is None else (EpochClosed(self.closed),)
        return (*closed, *(entry for entry in last if entry is not None))


class LogReading:
    """Takes one entry after another, from the one numbered `begin` on."""

    def __init__(self, begin: int, passed: Passed, today: Epoch, step: int = STEP) -> None:
        self.passed = passed
        self._index = begin
        self._today = today
        self._step = step
        self._blinded = 0

    def take(self, data: bytes) -> tuple[Entry, list[LogFinding]]:
        """Judge the next entry; `MalformedError` names it where it is none, and ends the reading.

        1. it has one of the seven forms
        2. blinded entries stand in one run, right before the end of their epoch
        3. there are a multiple of the step of them, and at least one step
        4. each epoch is the week after the one before, and has begun
        5. a roster's version is above the one before
        6. nothing stands after the end of a site; that and a restored site are of a week that has
           begun, and a site ends when its last week is closed: else what came in it would be dropped
        """
        index = self._index
        self._index += 1
        # (1)
        try:
            entry = parse_entry(data)
        except MalformedError as error:
            raise MalformedError(f"entry {index}: {error.phrase}") from None
        found = list(self._judge_end(index))
        if isinstance(entry, Blinded):
            self._blinded += 1
            return entry, found
        return entry, [*found, *self._judge(index, entry)]

    def end(self) -> Iterator[LogFinding]:
        """Judge the end: a checkpoint never stands inside an epoch's entries."""
        if self._blinded:
            yield LogFinding(
                Fault.EPOCH, f"{self._blinded} blinded entries at the end are of no closed epoch"
            )

    def _judge_end(self, index: int) -> Iterator[LogFinding]:
        # (6)
        if self.passed.retired is not None:
            yield LogFinding(Fault.RETIRED, f"entry {index} stands after the site's end")

    def _judge(self, index: int, entry: Public) -> Iterator[LogFinding]:
        match entry:
            case EpochClosed():
                yield from self._close(index, entry.epoch)
                return
            case RosterChanged():
                # (5)
                before = self.passed.roster
                if before is not None and entry.version <= before.version:
                    yield LogFinding(
                        Fault.ROSTER,
                        f"entry {index} brings version {entry.version} after {before.version}",
                    )
                self.passed = replace(self.passed, roster=entry)
            case ConfigChanged():
                self.passed = replace(self.passed, config=entry)
            case CodeReleased():
                self.passed = replace(self.passed, code=entry)
            case Restored() | Retired():
                # (6)
                if entry.epoch > self._today:
                    yield LogFinding(
                        Fault.EPOCH, f"entry {index} is of {entry.epoch}, which has not begun"
                    )
                if isinstance(entry, Retired):
                    yield from self._judge_last_week(index, entry)
                    self.passed = replace(self.passed, retired=entry)
        # (2)
        if self._blinded:
            yield LogFinding(
                Fault.EPOCH, f"{self._blinded} blinded entries before entry {index} close no epoch"
            )
            self._blinded = 0

    def _judge_last_week(self, index: int, entry: Retired) -> Iterator[LogFinding]:
        # (6)
        closed = self.passed.closed
        if closed is None or closed < entry.epoch:
            yield LogFinding(
                Fault.RETIRED, f"entry {index} ends the site in {entry.epoch}, which is not closed"
            )

    def _close(self, index: int, epoch: Epoch) -> Iterator[LogFinding]:
        # (3)
        count, self._blinded = self._blinded, 0
        if count == 0 or count % self._step:
            yield LogFinding(
                Fault.PADDING,
                f"epoch {epoch} has {count} blinded entries, not a multiple of {self._step}",
            )
        # (4)
        before = self.passed.closed
        if before is not None and epoch != before.next:
            yield LogFinding(Fault.EPOCH, f"entry {index} closes {epoch} after {before}")
        if epoch > self._today:
            yield LogFinding(Fault.EPOCH, f"entry {index} closes {epoch}, which has not begun")
        self.passed = replace(self.passed, closed=epoch)
