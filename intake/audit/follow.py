"""Follows a site's log: what it gives now must continue what was kept, under the same witnesses.

It decides only; whoever calls it fetches, and keeps the outcome when nothing was found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from intake.audit.followed import Followed
from intake.code_manifest import PATH as MANIFEST
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.log_reading import Fault, LogFinding, LogReading, Passed
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import STEP, Blinded, digest_of
from intake.tlog.merkle import verify_consistency
from intake.tlog.note import Note
from intake.tlog.policy import NONE
from intake.tlog.tile_reader import TileReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.tlog.checkpoint import Checkpoint
    from intake.tlog.entries import Entry
    from intake.tlog.policy import Endorsed, Policy

Ask = Callable[[str], bytes | None]
"""Gives what a site has at a path, as `/log/checkpoint`, or None where it has nothing."""

LATE: Final = 3  # days in which an epoch is closed and cosigned after its end
MOST: Final = 20  # findings; a log that breaks every rule in a million entries is cut off here
ROSTER: Final = "/roster.note"
_LOG: Final = "/log/"
_CHECKPOINT: Final = "/log/checkpoint"


@dataclass(frozen=True)
class Terms:
    """What is asked of a log: who vouches for it, by when it closes an epoch, in which steps.

    With `again`, every entry is read, and not the new ones alone.
    """

    policy: Policy
    late: int = LATE
    step: int = STEP
    again: bool = False


@dataclass
class Outcome:
    """What was seen. With no findings, `followed` is there and is what to keep.

    `passed` is there where the log was read to its end and keeps its rules.
    """

    signed: SignedCheckpoint | None = None
    endorsed: Endorsed | None = None
    followed: Followed | None = None
    passed: Passed | None = None
    findings: list[LogFinding] = field(default_factory=list[LogFinding])

    def find(self, fault: Fault, phrase: str) -> None:
        """Add a finding."""
        self.findings.append(LogFinding(fault, phrase))

    @property
    def contradicts(self) -> bool:
        """Whether the log signed what does not go together with the checkpoint kept."""
        return any(found.fault in (Fault.FORK, Fault.ROLLBACK) for found in self.findings)


def tiles_of(ask: Ask, checkpoint: Checkpoint) -> TileReader:
    """The log's tree; a tile that is missing or wrong is a `ProofError` with its name."""
    return TileReader(lambda name: ask(f"{_LOG}{name}"), checkpoint.size, checkpoint.root)


def begins_with(ask: Ask, checkpoint: Checkpoint, size: int, root: bytes) -> bool | None:
    """Whether the log goes on from another of this size and root; None where that cannot be seen."""
    if size > checkpoint.size:
        return None
    try:
        proof = tiles_of(ask, checkpoint).consistency(size)
    except ProofError:
        return None
    try:
        verify_consistency(size, checkpoint.size, root, checkpoint.root, proof)
    except ProofError:
        return False
    return True


def open_log(ask: Ask, policy: Policy) -> Outcome:
    """Fetch the checkpoint and see who vouches for it.

    1. it is there and follows its format
    2. the log signed it, and no line of a witness is false
    3. the witnesses of the policy's quorum cosigned it
    """
    outcome = Outcome()
    # (1)
    content = ask(_CHECKPOINT)
    if content is None:
        outcome.find(Fault.CHECKPOINT, "the site gives none")
        return outcome
    try:
        signed = SignedCheckpoint.parse(content)
    except MalformedError as error:
        outcome.find(Fault.CHECKPOINT, error.phrase)
        return outcome
    # (2)
    try:
        outcome.endorsed = replace(policy, quorum=NONE).endorsed(signed)
    except ProofError as error:
        outcome.find(Fault.SIGNATURE, error.phrase)
        return outcome
    outcome.signed = signed
    # (3)
    try:
        policy.endorsed(signed)
    except ProofError as error:
        outcome.find(Fault.QUORUM, error.phrase)
    return outcome


def follow(
    ask: Ask,
    terms: Terms,
    kept: Followed | None,
    now: dt.datetime,
    heard: Callable[[int, Entry], None],
) -> Outcome:
    """Check what the site gives now against what was kept; `heard` gets each new public entry.

    1. the checkpoint and its signatures (see `open_log`); without a quorum only 2 is looked at
    2. it continues the one kept: the same log, not smaller, the same tree up to there
    3. every new entry belongs to it, and follows the rules (see `LogReading.take`)
    4. it is not older than it can be: the epoch that should be closed is
    5. the roster and the code that the site gives are the newest in the log
    """
    # (1)
    outcome = open_log(ask, terms.policy)
    if outcome.signed is None:
        return outcome
    checkpoint = outcome.signed.checkpoint
    # (2)
    before = None if kept is None else kept.signed.checkpoint
    reader = _continued(ask, before, checkpoint, outcome)
    if reader is None or outcome.findings:
        return outcome  # what nobody vouches for is compared, for evidence, and not read
    # (3)
    begin, passed = 0, Passed()
    if kept is not None and not terms.again:
        begin, passed = kept.signed.checkpoint.size, kept.passed
    reading = LogReading(begin, passed, Epoch.of(now.date()), terms.step)
    whole = _read(reader, reading, begin, outcome, heard)
    if whole:
        outcome.passed = reading.passed
        # (4)
        outcome.findings += frozen(reading.passed, outcome.endorsed, now, terms.late)
        # (5)
        outcome.findings += _served(ask, reading.passed)
    if not outcome.findings:
        outcome.followed = Followed(reading.passed, outcome.signed)
    return outcome


def _continued(
    ask: Ask, before: Checkpoint | None, checkpoint: Checkpoint, outcome: Outcome
) -> TileReader | None:
    """The tree, if it continues the one before; else the finding stands in the outcome."""
    if before is not None:
        if checkpoint.origin != before.origin:
            outcome.find(Fault.FORK, f"{checkpoint.origin} stands in the place of {before.origin}")
            return None
        if checkpoint.size < before.size:
            outcome.find(Fault.ROLLBACK, f"{checkpoint.size} entries after {before.size}")
            return None
        if checkpoint.size == before.size and checkpoint.root != before.root:
            outcome.find(Fault.FORK, f"two logs of {before.size} entries have different roots")
            return None
    try:
        reader = tiles_of(ask, checkpoint)
        proof = reader.consistency(0 if before is None else before.size)
    except ProofError as error:
        outcome.find(Fault.TILE, error.phrase)
        return None
    if before is not None:
        try:
            verify_consistency(before.size, checkpoint.size, before.root, checkpoint.root, proof)
        except ProofError as error:
            outcome.find(Fault.FORK, error.phrase)
            return None
    return reader


def _read(
    reader: TileReader,
    reading: LogReading,
    begin: int,
    outcome: Outcome,
    heard: Callable[[int, Entry], None],
) -> bool:
    """Read the new entries; False where they could not be read to their end."""
    found: list[LogFinding] = []
    try:
        for index, data in enumerate(reader.entries(begin), begin):
            entry, wrong = reading.take(data)
            if not isinstance(entry, Blinded):
                heard(index, entry)
                found += wrong
                if len(found) >= MOST:
                    break
        else:
            found += reading.end()
    except ProofError as error:
        found.append(LogFinding(Fault.TILE, error.phrase))
    except MalformedError as error:
        found.append(LogFinding(Fault.ENTRY, error.phrase))
    outcome.findings += islice(found, MOST)
    # What comes after an entry that breaks a rule cannot be judged by it.
    return not found


def frozen(
    passed: Passed, endorsed: Endorsed | None, now: dt.datetime, late: int
) -> Iterator[LogFinding]:
    """Say where a log is older than it can be, if each epoch is closed `late` days after its end.

    One that says that its site ended is never too old.
    """
    if passed.retired is not None:
        return
    grace = dt.timedelta(days=late)
    if passed.closed is not None:
        due = passed.closed.next
        end = due.end
        if now > end + grace:
            days = (now - end).days
            yield LogFinding(Fault.FROZEN, f"epoch {due} ended {days} days ago and is not closed")
        return
    if endorsed is None or not endorsed.witnesses:
        return
    newest = endorsed.newest(now.timestamp())
    if newest is None:
        yield LogFinding(
            Fault.FROZEN, "no epoch was ever closed, and each cosignature is of a time yet to come"
        )
        return
    age = now.timestamp() - newest
    if age > (dt.timedelta(weeks=1) + grace).total_seconds():
        days = int(age // 86_400)
        yield LogFinding(
            Fault.FROZEN, f"no epoch was ever closed, and no cosignature is below {days} days"
        )


def _served(ask: Ask, passed: Passed) -> Iterator[LogFinding]:
    note, manifest = ask(ROSTER), ask(MANIFEST)
    if note is not None:
        try:
            digest = digest_of(Note.parse(note).text)
        except MalformedError as error:
            yield LogFinding(Fault.ROSTER, f"what the site gives is none: {error.phrase}")
        else:
            if passed.roster is None or passed.roster.digest != digest:
                yield LogFinding(Fault.ROSTER, f"the site gives {digest}, not the log's newest")
    if manifest is not None:
        digest = digest_of(manifest)
        if passed.code is None or passed.code.digest != digest:
            yield LogFinding(Fault.CODE, f"the site's manifest is {digest}, not the log's newest")
