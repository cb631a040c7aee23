"""Checks 4 to 6: every blinded entry is opened, every submission is accounted for, and nothing else.

Each opening is read once or twice, in step with its entry, and none is kept.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from intake.bundle import Bundle
from intake.completeness.faults import Findings, Gap
from intake.completeness.known import Known, Week
from intake.completeness.log_part import ReadLog, Run
from intake.completeness.waiting_part import Accepted
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.event import Collected, Void, Withdrawn, parse_event
from intake.opening import Opening
from intake.tlog.entries import COMMIT_SIZE

RETENTION: Final = 52  # weeks; only then may an opening be erased
NOT_LOGGED: Final = sys.maxsize  # in the place of an entry's number: after all that are there
_BLINDED: Final = b"B"
_FEW: Final = (b"event withdrawn\n", b"event collected\n")

Event = Opening | Void | Withdrawn | Collected


@dataclass(frozen=True)
class Paired:
    """A blinded entry with its opening: the number of the entry, its week, what it commits to.

    `data` is None where the bundle has no opening for it, and empty where it was erased.
    """

    number: int
    epoch: Epoch
    commit: bytes
    data: bytes | None

    @property
    def where(self) -> tuple[Epoch, int]:
        """How a finding names it."""
        return self.epoch, self.number

    def event(self) -> Event | None:
        """What it stands for; None where its opening is not there, or is not its own."""
        if not self.data:
            return None
        try:
            event = parse_event(self.data)
        except MalformedError:
            return None
        return event if event.commit == self.commit else None


@dataclass
class Accounts:
    """What takes the place of an object: withdrawals and collections, in the log or promised to it.

    Each may stand for a submission once: `claimed` are the envelopes that were accounted for.
    `collected` has the entry's number beside each; `NOT_LOGGED` where it is only promised. `unnamed`
    are the numbers of statements of which no collection speaks: they let nothing go. No more do those
    in `doubted`, by envelope: a key that signed them was known to be stolen before.
    """

    withdrawals: dict[bytes, Withdrawn] = field(default_factory=dict[bytes, Withdrawn])
    collected: list[tuple[int, Collected]] = field(default_factory=list[tuple[int, Collected]])
    released: set[bytes] = field(default_factory=set[bytes])
    doubted: dict[bytes, int] = field(default_factory=dict[bytes, int])
    unnamed: list[int] = field(default_factory=list[int])
    claimed: set[bytes] = field(default_factory=set[bytes])
    weeks: dict[Epoch, Week] = field(default_factory=dict[Epoch, Week])
    numbers: dict[bytes, tuple[Epoch, int]] = field(default_factory=dict[bytes, tuple[Epoch, int]])

    def add(self, event: Event, number: int, findings: Findings) -> None:
        """Remember a withdrawal or a collection."""
        if isinstance(event, Collected):
            self.collected.append((number, event))
        elif isinstance(event, Withdrawn):
            if event.envelope in self.withdrawals:
                findings.of_object(
                    Gap.DOUBLE, (event.epoch, event.envelope), "was withdrawn twice in the log"
                )
            self.withdrawals[event.envelope] = event


def paired(
    entries: Iterator[bytes], openings: Iterator[bytes], runs: tuple[Run, ...]
) -> Iterator[Paired]:
    """Every blinded entry with its opening; what is left of these belongs to none."""
    left = iter(runs)
    run = next(left, None)
    for number, entry in enumerate(entries):
        if run is not None and number >= run.end:
            run = next(left, None)
        if entry.startswith(_BLINDED) and run is not None:
            yield Paired(number, run.epoch, entry[-COMMIT_SIZE:], _next(openings))


def _next(openings: Iterator[bytes]) -> bytes | None:
    try:
        return next(openings, None)
    except MalformedError:
        return None  # cut short: this entry and those after it have none


def gather(bundle: Bundle, log: ReadLog, accepted: Accepted, findings: Findings) -> Accounts:
    """The withdrawals and collections of the whole bundle, before a submission needs them."""
    accounts = Accounts()
    for one in paired(bundle.entries(), bundle.openings(), log.runs):
        if one.data and one.data.startswith(_FEW) and (event := one.event()) is not None:
            accounts.add(event, one.number, findings)
    for waiting in accepted.events:
        accounts.add(waiting.event, NOT_LOGGED, findings)
    return accounts


def check_openings(
    bundle: Bundle, log: ReadLog, known: Known, accounts: Accounts, findings: Findings
) -> None:
    """Checks 4 and 5, over every opening.

    4. each blinded entry has its opening, which is of its week; one that was erased is older than
       the retention
    5. each submission is accounted for, once
    """
    objects = {item.opening.to_bytes() for item in bundle.contents.items}
    logged = {entry.digest for entry in log.rosters}
    openings = bundle.openings()
    for one in paired(bundle.entries(), openings, log.runs):
        week = accounts.weeks.setdefault(one.epoch, Week())
        # (4)
        event = _opened(one, week, known.today, findings)
        if isinstance(event, Opening) and one.data is not None:
            # (5)
            kept = one.data in objects
            if kept:
                accounts.numbers[one.data] = one.where
            elif event.roster not in logged:
                findings.of_entry(Gap.ROSTER, one.where, "names a roster that the log does not")
            check_submitted(event, f"entry {one.number}", accounts, findings, kept=kept)
    if _have_more(openings):
        findings.add(Gap.MISMATCH, "the bundle has more openings than the log has entries for them")


def _have_more(openings: Iterator[bytes]) -> bool:
    """Whether anything is left; after one that was cut short before, nothing is."""
    try:
        return next(openings, None) is not None
    except MalformedError:
        return True  # not whole, and so no opening of any entry


def _opened(one: Paired, week: Week, today: Epoch, findings: Findings) -> Event | None:
    """What an entry stands for, counted; None where it is a finding, or was erased in its time."""
    if one.data == b"" and one.epoch.number + RETENTION < today.number:
        week.erased += 1
        return None
    if not one.data:
        findings.of_entry(Gap.UNOPENED, one.where, "has no opening in the bundle")
        return None
    event = one.event()
    if event is None:
        findings.of_entry(Gap.MISMATCH, one.where, "has an opening that is not its own")
        return None
    if event.epoch != one.epoch:
        findings.of_entry(Gap.WEEK, one.where, f"has an opening of week {event.epoch}")
    match event:
        case Opening():
            week.submitted += 1
        case Withdrawn():
            week.withdrawn += 1
        case Collected():
            week.collected += 1
        case Void():
            week.void += 1
    return event


def check_submitted(
    opening: Opening, name: str, accounts: Accounts, findings: Findings, *, kept: bool
) -> None:
    """Check 5 for one submission: its object is there, or its author or two reviewers took it."""
    envelope, where = opening.envelope, f"week {opening.epoch}: {name}"
    withdrawal = accounts.withdrawals.get(envelope)
    if envelope in accounts.claimed:
        findings.add(Gap.DOUBLE, f"{where} opens to a submission that another entry opens to")
    elif withdrawal is not None and not withdrawal.is_of(opening):
        findings.add(Gap.FORGED, f"{where} was withdrawn, and not authorised by its author")
    elif withdrawal is not None and kept:
        findings.add(Gap.KEPT, f"{where} was withdrawn, and its object is in the bundle")
    elif not (kept or withdrawal is not None or envelope in accounts.released):
        number = accounts.doubted.get(envelope)
        if number is None:
            findings.add(
                Gap.WITHHELD, f"{where} has an opening, and its object is not in the bundle"
            )
        else:
            findings.add(
                Gap.STATEMENT,
                f"{where} was let go by the reviewers' statement number {number}, which came into the"
                " log after a key that signed it was revoked as compromised",
            )
        # Nothing to remember: one that is withheld twice is said twice.
        return
    accounts.claimed.add(envelope)


def check_events(accounts: Accounts, findings: Findings) -> None:
    """Check 5, from the other side: each withdrawal is of a submission in the bundle.

    And each statement is named by a collection. Where openings were erased, or are not there, what
    is looked for may be one of them.
    """
    if findings.have(4) or any(week.erased for week in accounts.weeks.values()):
        return
    for number in accounts.unnamed:
        findings.add(
            Gap.STATEMENT,
            f"the reviewers' statement number {number} is named by no entry of the log",
        )
    for envelope, event in accounts.withdrawals.items():
        if envelope not in accounts.claimed:
            findings.of_object(
                Gap.FORGED, (event.epoch, envelope), "was withdrawn, and was never submitted"
            )
