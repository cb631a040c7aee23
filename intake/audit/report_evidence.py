"""What an auditor's report is made from, and what its claims have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake.audit.ledger_chain import Fault as LedgerFault
from intake.epoch import Epoch
from intake.errors import MalformedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from intake.audit.follow import Outcome
    from intake.audit.followed import Followed
    from intake.audit.history import History
    from intake.audit.report import Draft
    from intake.audit.report_inputs import (
        BundleResult,
        CanaryResult,
        LedgerResult,
        SentinelResult,
        SiteResult,
    )
    from intake.log_reading import Fault, Passed
    from intake.roots import RootSet
    from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
    from intake.tlog.entries import CodeReleased, ConfigChanged, RosterChanged
    from intake.tlog.policy import Policy

FRESH_WEEKS: Final = 5  # an auditor looks monthly; a result that is older says nothing of now
_NOT_READ: Final = "the log was not read to its end at the last look: see R3 and R9"
NO_LOOK: Final = "no look at the log was ever kept: give --url, or run `intake audit follow`"
_PREFIX: Final = "testimony-intake/"
OF_WORK: Final = frozenset(  # R4, R5 and R6; all other faults of a ledger are of its integrity
    {LedgerFault.UNOPENED, LedgerFault.UNTRIAGED, LedgerFault.GONE, LedgerFault.FOUR_EYES}
)


@dataclass(frozen=True)
class Evidence:
    """All that a report is made from; None stands for what was not given or is not there.

    `kept` and `history` are of the folder, `contradicting` the checkpoints put away in it. `look`
    is the look of just now; `unreached` says why there is none though one was wanted. `grown` says
    whether the log of that look goes on from the bundle's, None where that was not seen.
    """

    policy: Policy
    now: dt.datetime
    late: int
    kept: Followed | None = None
    history: History | None = None
    contradicting: int = 0
    look: Outcome | None = None
    unreached: str = ""
    grown: bool | None = None
    roster: bytes | None = None
    roots: RootSet | None = None
    bundle: BundleResult | None = None
    canaries: CanaryResult | None = None
    site: SiteResult | None = None
    sentinel: SentinelResult | None = None
    ledger: LedgerResult | None = None

    @property
    def signed(self) -> SignedCheckpoint | None:
        """The newest checkpoint of which anything is known."""
        if self.look is not None and self.look.signed is not None:
            return self.look.signed
        return None if self.kept is None else self.kept.signed

    @property
    def checkpoint(self) -> Checkpoint | None:
        """Its text."""
        return None if self.signed is None else self.signed.checkpoint

    @property
    def passed(self) -> Passed | None:
        """What the log's entries said last, None where they were not read to their end."""
        if self.look is not None:
            return self.look.passed
        return None if self.kept is None else self.kept.passed

    @property
    def unread(self) -> str:
        """Why `passed` is None."""
        return NO_LOOK if self.look is None else _NOT_READ

    @property
    def deployment(self) -> str | None:
        """Whose log it is."""
        checkpoint = self.checkpoint
        return None if checkpoint is None else checkpoint.origin.removeprefix(_PREFIX)

    def check_one_site(self) -> None:
        """Raise `MalformedError` where what was given is not all of one deployment."""
        results = (self.bundle, self.canaries, self.sentinel, self.ledger)
        names = {result.deployment for result in results if result is not None}
        if self.deployment is not None:
            names.add(self.deployment)
        if len(names) > 1:
            raise MalformedError(f"this is of more than one site: {', '.join(sorted(names))}")

    @property
    def today(self) -> Epoch:
        """The week of now."""
        return Epoch.of(self.now.date())

    def found(self, *faults: Fault) -> Iterator[str]:
        """What the look of just now found of these kinds."""
        for finding in () if self.look is None else self.look.findings:
            if finding.fault in faults:
                yield str(finding)

    def announced(self, kind: type[RosterChanged | CodeReleased | ConfigChanged]) -> str:
        """How many entries of a kind the log has."""
        count = 0 if self.history is None else self.history.kinds.get(kind, 0)
        # One that began late has not heard the first ones.
        late = self.history is None or self.history.begin > 0
        return f"{count} times since it is followed" if late else f"{count} times in all"


def faults_of(ledger: LedgerResult | None, *faults: LedgerFault) -> Iterator[str]:
    """What is wrong with the work, of these kinds; without one, with the ledgers themselves (R3)."""
    for fault, phrase in () if ledger is None else ledger.findings:
        if fault in faults or (not faults and fault not in OF_WORK):
            yield f"ledger: {fault}: {phrase}"


def check_age(draft: Draft, what: str, epoch: Epoch, today: Epoch) -> None:
    """A result of long ago, or of a week to come, is none."""
    age = today.number - epoch.number
    if age < 0:
        draft.miss(f"{what} is of {epoch}, which has not begun")
    elif age > FRESH_WEEKS:
        draft.miss(f"{what} is {age} weeks old: make it anew")
