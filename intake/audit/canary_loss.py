"""How many canaries were lost, and what that says of testimonies: numbers alone.

It believes the answers and the log that it is given: who vouches for them is the caller's to check.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from intake.audit.canary_state import Outcome
from intake.canaries import CanaryList, hash_of
from intake.errors import ProofError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from intake.audit.canary_state import Canary
    from intake.canaries import CanaryAnswer
    from intake.epoch import Epoch

CONFIDENCE: Final = 0.95
_RULE_OF_THREE: Final = 3
_STEPS: Final = 60  # halvings: far below what a double can tell


class Fate(StrEnum):
    """What became of a canary that the site said it keeps."""

    FOUND = "found"
    LOST = "lost"
    OPEN = "not answered"


@dataclass(frozen=True)
class LogSeen:
    """What was seen of a log: which commitments of those looked for, and the last closed epoch."""

    commits: frozenset[bytes]
    closed: Epoch | None


@dataclass(frozen=True)
class Week:
    """The canaries of one epoch that is over, in numbers.

    `sent` are those that the site said it keeps; of these `logged` are seen in its log, and `known`
    could be, as the auditor knows their openings; each is found, lost, or nobody answered yet.
    `unsure` may not have arrived, `refused` were not taken: neither counts as sent.
    """

    epoch: Epoch
    sent: int
    known: int
    logged: int
    found: int
    lost: int
    unsure: int
    refused: int

    @property
    def unanswered(self) -> int:
        """Of how many nobody has said whether they arrived."""
        return self.sent - self.found - self.lost


@dataclass(frozen=True)
class Losses:
    """Every epoch that is over, and all of them together."""

    weeks: tuple[Week, ...]

    @property
    def n(self) -> int:
        """Of how many canaries it is known whether they arrived."""
        return sum(week.found + week.lost for week in self.weeks)

    @property
    def lost(self) -> int:
        """How many of these did not."""
        return sum(week.lost for week in self.weeks)

    @property
    def bound(self) -> float:
        """The share of testimonies, 0 to 1, that is lost at most, with 95 % confidence."""
        return bound_of(self.n, self.lost)


def losses_of(
    canaries: Sequence[Canary],
    answers: Iterable[CanaryAnswer],
    log: LogSeen | None,
    list_of: Callable[[Epoch], CanaryList],
    today: Epoch,
) -> Losses:
    """Count them, for every epoch before `today`.

    Raises `ProofError` for an answer to another list than `list_of` gives for its epoch.
    """
    found: defaultdict[Epoch, set[bytes]] = defaultdict(set)
    for answer in answers:
        if answer.list_hash != hash_of(list_of(answer.epoch)):
            raise ProofError(
                f"the answer of {answer.by} is to another list of {answer.epoch}",
                "did the reviewers get the one that `reveal` wrote? compare its digits",
            )
        found[answer.epoch] |= set(answer.found)
    weeks: list[Week] = []
    for epoch in sorted({one.epoch for one in canaries if one.epoch < today}):
        mine = [one for one in canaries if one.epoch == epoch]
        sent = [one for one in mine if one.outcome is Outcome.SENT]
        fates = Counter(_fate(one, found.get(epoch), log) for one in sent)
        outcomes = Counter(one.outcome for one in mine)
        seen = frozenset[bytes]() if log is None else log.commits
        weeks.append(
            Week(
                epoch=epoch,
                sent=len(sent),
                known=sum(one.opening is not None for one in sent),
                logged=sum(bool(one.log_commits() & seen) for one in sent),
                found=fates[Fate.FOUND],
                lost=fates[Fate.LOST],
                unsure=outcomes[Outcome.UNKNOWN],
                refused=outcomes[Outcome.REFUSED],
            )
        )
    return Losses(tuple(weeks))


def _fate(canary: Canary, found: set[bytes] | None, log: LogSeen | None) -> Fate:
    """Found by any reviewer; lost where those who answered have it not, or the log has it not.

    Sent as a week ends it may stand in the next one, so the log is silent until that is closed.
    """
    if found is not None:
        return Fate.FOUND if canary.commit in found else Fate.LOST
    commits = canary.log_commits()
    if log is None or log.closed is None or not commits or commits & log.commits:
        return Fate.OPEN
    return Fate.LOST if log.closed > canary.epoch else Fate.OPEN


def bound_of(n: int, lost: int) -> float:
    """The upper bound, at 95 %, of the share that is lost where `lost` of `n` were.

    3/n where none was; else the one-sided bound of Clopper and Pearson. 1 where `n` says nothing.
    """
    if not 0 <= lost <= n:
        raise ValueError("lost are some of those that were sent")
    if lost == 0:
        return 1.0 if n < _RULE_OF_THREE else _RULE_OF_THREE / n
    if lost == n:
        return 1.0
    low, high = lost / n, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_most(lost, n, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most(lost: int, n: int, share: float) -> float:
    """The chance that at most `lost` of `n` are lost where each is with the chance `share`."""
    if share >= 1:
        return 0.0
    whole = math.lgamma(n + 1)
    return math.fsum(
        math.exp(
            whole
            - math.lgamma(k + 1)
            - math.lgamma(n - k + 1)
            + k * math.log(share)
            + (n - k) * math.log1p(-share)
        )
        for k in range(lost + 1)
    )
