"""How much one week may fill, so that a flood stops files first, texts last, and tracks nobody.

It knows sums of bytes and nothing of who sent them (docs/format.md 8).
"""

from dataclasses import dataclass
from enum import IntEnum

from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.store import Store

WEEKLY = 2_000_000_000  # bytes of sealed objects that one epoch may have, where nobody says else
RESERVE = 2_000_000_000  # bytes of free disk that files leave to texts
# Bytes of free disk below which nothing is taken: SQLite's log, and the system beside it, need some.
FLOOR = 64 << 20


class Step(IntEnum):
    """What is still taken; each step is one more that has stopped."""

    OPEN = 0
    NO_FILES = 1
    TEXT_ONLY = 2
    CLOSED = 3

    @property
    def alarm(self) -> str:
        """What the operator is told: a class of event, and no number."""
        return _ALARMS[self]


_ALARMS = {
    Step.OPEN: "everything is taken",
    Step.NO_FILES: "half of this week's bytes are used: files are refused, texts are taken",
    Step.TEXT_ONLY: "little room is left: texts alone are taken; raise tor's proof of work",
    Step.CLOSED: "no room is left: nothing is taken; make room, or raise weekly_bytes in site.toml",
}


@dataclass(frozen=True)
class Budget:
    """`weekly` is how many bytes of sealed objects one epoch may have.

    Half of it is never given to files: one sender of files could otherwise use up in an hour what
    13,000 texts need. The last fifth is where the operator must do something.
    """

    weekly: int

    def __post_init__(self) -> None:
        if self.weekly < 1:
            raise MalformedError("a week's budget is at least one byte")

    def step(self, taken: int, free: int) -> Step:
        """The step with so many bytes taken in the epoch, and so many free on the disk."""
        if taken >= self.weekly or free < FLOOR:
            return Step.CLOSED
        if taken >= self.weekly * 4 // 5 or free < RESERVE:
            return Step.TEXT_ONLY
        if taken >= self.weekly // 2:
            return Step.NO_FILES
        return Step.OPEN

    def below(self, *, text: bool) -> int:
        """Before a text, or a larger object, the epoch must have fewer bytes than this."""
        return self.weekly if text else self.weekly // 2

    def free_for(self, *, text: bool) -> int:
        """How many bytes must be free on the disk when the object is there."""
        return FLOOR if text else RESERVE


@dataclass(frozen=True)
class BudgetState:
    """Where an epoch stands; `taken`, `weekly` and `free` are bytes."""

    epoch: Epoch
    step: Step
    taken: int
    weekly: int
    free: int


def budget_state(store: Store, weekly: int, epoch: Epoch) -> BudgetState:
    """Where `epoch` stands in a store that may take `weekly` bytes; for the operator's eyes."""
    taken, free = store.taken(epoch), store.free()
    return BudgetState(epoch, Budget(weekly).step(taken, free), taken, weekly, free)
