"""What can be wrong with a bundle, in words that a courier can read over a telephone."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from intake.epoch import Epoch

MOST: Final = 20  # findings that are kept; of more there is only the number

_AGAIN: Final = "run `intake cosign` on the server and collect again"
_STOP: Final = "open nothing of it, and tell the auditor"
_ASK: Final = "collect again; if it stays so, open nothing of it, and tell the auditor"


class Gap(Enum):
    """A kind of finding: the number of the check that finds it (protocol 5.5), name, and advice."""

    CHECKPOINT = (1, "checkpoint", _AGAIN)
    UNSIGNED = (1, "unsigned", _STOP)
    QUORUM = (1, "quorum", _AGAIN)
    CUT = (2, "cut", _ASK)
    ROOT = (2, "root", _STOP)
    ENTRY = (2, "entry", _STOP)
    ORDER = (
        2,
        "order",
        "is the date of this machine right? then open nothing of it, and tell the auditor",
    )
    OLDER = (
        3,
        "older",
        "it was collected before the last one, or the server was set back: ask which",
    )
    REWRITTEN = (3, "rewritten", _STOP)
    UNOPENED = (4, "unopened", _ASK)
    MISMATCH = (4, "mismatch", _STOP)
    WEEK = (4, "week", _STOP)
    WITHHELD = (5, "withheld", _ASK)
    REPLACED = (5, "replaced", _ASK)
    FORGED = (5, "forged withdrawal", _STOP)
    KEPT = (
        5,
        "withdrawn and kept",
        "the server must delete it: tell its operator, and collect again",
    )
    DOUBLE = (5, "double", _STOP)
    STATEMENT = (5, "statement", _STOP)
    STRANGER = (6, "slipped in", _STOP)
    PROMISE = (6, "promise", _STOP)
    BROKEN = (
        6,
        "broken promise",
        "keep the earlier bundle: its promise is evidence; tell the auditor",
    )
    READERS = (7, "readers", "open nothing of it: somebody else may read what is sealed so")
    ROSTER = (7, "roster", "ask the root holders which rosters they signed, and tell the auditor")

    @property
    def check(self) -> int:
        """The number of the check."""
        return self.value[0]

    @property
    def hint(self) -> str:
        """What whoever stands there can do."""
        return self.value[2]

    def __str__(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold."""

    gap: Gap
    phrase: str

    def __str__(self) -> str:
        return f"check {self.gap.check}, {self.gap}: {self.phrase}"


class Findings:
    """All that was found, of which the first are kept."""

    def __init__(self) -> None:
        self.first: list[Finding] = []
        self.count = 0
        self._checks: set[int] = set()

    def add(self, gap: Gap, phrase: str) -> None:
        """Add one."""
        self.count += 1
        self._checks.add(gap.check)
        if len(self.first) < MOST:
            self.first.append(Finding(gap, phrase))

    def of_entry(self, gap: Gap, where: tuple[Epoch, int], what: str) -> None:
        """Add one about an entry: its week, its number, and what is wrong with it."""
        epoch, number = where
        self.add(gap, f"week {epoch}: entry {number} {what}")

    def of_object(self, gap: Gap, where: tuple[Epoch, bytes], what: str) -> None:
        """Add one about an object: its week, the first digits of its hash, and what is wrong."""
        epoch, envelope = where
        self.add(gap, f"week {epoch}: object {envelope.hex()[:12]} {what}")

    def have(self, *checks: int) -> bool:
        """Whether one of these checks found something."""
        return not self._checks.isdisjoint(checks)
