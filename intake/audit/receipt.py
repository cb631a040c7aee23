"""Checks what a person kept of a submission: the promise given at once, or the receipt of later.

A site that is asked sees somebody read all of its log, the same for every promise and receipt.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from intake.audit.follow import Ask, Terms, open_log, tiles_of
from intake.audit.log_reading import Fault, LogFinding, week_after
from intake.errors import MalformedError, ProofError
from intake.opening import Opening
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.merkle import EMPTY, leaf_hashes
from intake.tlog.note import Note
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from intake.tlog.tiles import WIDTH

if TYPE_CHECKING:
    from intake.tlog.checkpoint import Checkpoint
    from intake.tlog.policy import Policy
    from intake.tlog.tile_reader import TileReader

LIMIT: Final = 2_000_000  # bytes of a receipt or a promise
_PROOF: Final = b"c2sp.org/tlog-proof@"


@dataclass
class Checked:
    """What was seen of a receipt: sentences of what holds, findings of what does not."""

    holds: list[str] = field(default_factory=list[str])
    findings: list[LogFinding] = field(default_factory=list[LogFinding])

    def find(self, fault: Fault, phrase: str) -> None:
        """Add a finding."""
        self.findings.append(LogFinding(fault, phrase))


def check_receipt(data: bytes, terms: Terms, ask: Ask | None, now: dt.datetime) -> Checked:
    """Check a tlog-proof or a promise, told apart by their first line; `MalformedError` for others.

    `ask` asks the site whose log it should be in; without it only the paper itself is checked.
    """
    if data.startswith(_PROOF):
        return _check_proof(data, terms.policy, ask)
    return _check_promise(data, terms, ask, now)


def _check_proof(data: bytes, policy: Policy, ask: Ask | None) -> Checked:
    """Check a receipt.

    1. its extra data is the opening of a submission
    2. the commitment to that opening is the entry that it proves, in a log that the policy believes
    3. the site's log of today begins with the receipt's log
    """
    proof = LogProof.parse(data)
    # (1)
    opening = Opening.parse(proof.extra)
    checked, checkpoint = Checked(), proof.signed.checkpoint
    # (2)
    try:
        endorsed = proof.verify(Blinded(opening.commit).to_bytes(), policy)
    except ProofError as error:
        checked.find(Fault.RECEIPT, error.phrase)
        return checked
    names = ", ".join(name for name, _ in endorsed.witnesses) or "no witness"
    checked.holds.append(
        f"submitted in {opening.epoch}: entry {proof.index} of {checkpoint.size} in "
        f"{checkpoint.origin}, cosigned by {names}"
    )
    # (3)
    reader = None if ask is None else _believed(ask, policy, checkpoint.origin, checked)
    if reader is not None:
        _compare(reader, checkpoint, checked)
    return checked


def _compare(tree: _Tree, checkpoint: Checkpoint, checked: Checked) -> None:
    if tree.checkpoint.size < checkpoint.size:
        checked.find(
            Fault.ROLLBACK,
            f"the site gives {tree.checkpoint.size} entries, the receipt is of {checkpoint.size}",
        )
        return
    try:
        root = _root_at(tree.reader, checkpoint.size)
    except ProofError as error:
        checked.find(Fault.TILE, error.phrase)
        return
    if root != checkpoint.root:
        checked.find(
            Fault.FORK,
            f"the site's log does not begin with the receipt's {checkpoint.size} entries",
        )
        return
    checked.holds.append(f"the site's log of {tree.checkpoint.size} entries continues it")


def _root_at(reader: TileReader, size: int) -> bytes:
    """Root of the first `size` entries."""
    edge, entries = EMPTY, reader.entries()
    while batch := list(islice(entries, WIDTH)):
        edge = edge.extended(leaf_hashes(batch[: max(size - edge.size, 0)]))
    return edge.root


def _check_promise(data: bytes, terms: Terms, ask: Ask | None, now: dt.datetime) -> Checked:
    """Check a promise.

    1. a log of the policy signed it
    2. the log closed that epoch, or still has time to
    3. the commitment stands among that epoch's entries
    """
    checked = Checked()
    claimed = Promise.parse(Note.parse(data).text)
    # (1)
    try:
        promise = _open_promise(data, claimed, terms.policy)
    except ProofError as error:
        checked.find(Fault.PROMISE, error.phrase)
        return checked
    checked.holds.append(f"{promise.origin} promised an entry in {promise.epoch}")
    tree = None if ask is None else _believed(ask, terms.policy, promise.origin, checked)
    if tree is None:
        return checked
    try:
        place = _find(tree.reader, promise)
    except ProofError as error:
        checked.find(Fault.TILE, error.phrase)
        return checked
    except MalformedError as error:
        checked.find(Fault.ENTRY, error.phrase)
        return checked
    if place.closed:
        # (3)
        if place.index is None:
            checked.find(
                Fault.PROMISE, f"promised, not logged: {promise.epoch} is closed without it"
            )
        else:
            checked.holds.append(f"it was kept: entry {place.index} of {tree.checkpoint.size}")
        return checked
    # (2)
    end = dt.datetime.combine(week_after(promise.epoch).monday, dt.time(), dt.UTC)
    if now > end + dt.timedelta(days=terms.late):
        checked.find(Fault.FROZEN, f"promised, not logged: {promise.epoch} is over and not closed")
    else:
        checked.holds.append(f"it may still be kept: {promise.epoch} is not closed yet")
    return checked


def _open_promise(data: bytes, claimed: Promise, policy: Policy) -> Promise:
    """Open it with a key of the log that it names; `ProofError` where none signed it."""
    keys = [log.vkey for log in policy.logs if log.vkey.name == claimed.origin]
    keys = [key for key in keys if key.algorithm.signs_text]
    if not keys:
        raise ProofError(f"policy knows no log {claimed.origin!r} that signs promises")
    for key in keys[:-1]:
        if Note.parse(data).lines_of(key):
            return Promise.open(data, key)
    return Promise.open(data, keys[-1])


@dataclass(frozen=True)
class _Tree:
    """A log that the policy believes: its checkpoint, and its tiles."""

    checkpoint: Checkpoint
    reader: TileReader


@dataclass(frozen=True)
class _Place:
    """Whether the promised epoch is closed, and where in it the commitment stands."""

    closed: bool
    index: int | None


def _believed(ask: Ask, policy: Policy, origin: str, checked: Checked) -> _Tree | None:
    """The site's log; else the finding stands in `checked`."""
    outcome = open_log(ask, policy)
    checked.findings += outcome.findings
    if outcome.signed is None or outcome.findings:
        return None
    checkpoint = outcome.signed.checkpoint
    if checkpoint.origin != origin:
        checked.find(Fault.FORK, f"the site's log is {checkpoint.origin}")
        return None
    try:
        return _Tree(checkpoint, tiles_of(ask, checkpoint))
    except ProofError as error:
        checked.find(Fault.TILE, error.phrase)
        return None


def _find(reader: TileReader, promise: Promise) -> _Place:
    """Look for the commitment in the run of blinded entries that the promised epoch closes."""
    wanted = Blinded(promise.commit).to_bytes()
    found: int | None = None
    place: _Place | None = None
    for index, data in enumerate(reader.entries()):
        if place is not None:
            continue  # to its end all the same: where the reading stops would tell the week
        if data == wanted:
            found = index
            continue
        entry = parse_entry(data)
        if isinstance(entry, EpochClosed):
            if entry.epoch == promise.epoch:
                place = _Place(closed=True, index=found)
            found = None
    return place or _Place(closed=False, index=None)
