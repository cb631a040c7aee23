"""Checks what a person kept of a submission: the promise given at once, or the receipt of later.

A site that is asked sees somebody read all of its log, the same for every promise and receipt.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from intake.audit.follow import Ask, Terms, open_log, tiles_of
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.log.acknowledgement import MARK, Acknowledgement
from intake.log_reading import Fault, LogFinding
from intake.opening import Opening
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.merkle import EMPTY, Edge, leaf_hashes, prove_inclusion
from intake.tlog.note import Note
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from intake.tlog.tiles import WIDTH

if TYPE_CHECKING:
    from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
    from intake.tlog.policy import Policy
    from intake.tlog.tile_reader import TileReader

LIMIT: Final = 2_000_000  # bytes of a receipt or a promise
_PROOF: Final = b"c2sp.org/tlog-proof@"


@dataclass
class Checked:
    """What was seen of a receipt: sentences of what holds, findings of what does not.

    `receipt` is a receipt that was made out of a promise with its opening, once it is in the log.
    """

    holds: list[str] = field(default_factory=list[str])
    findings: list[LogFinding] = field(default_factory=list[LogFinding])
    receipt: LogProof | None = None

    def find(self, fault: Fault, phrase: str) -> None:
        """Add a finding."""
        self.findings.append(LogFinding(fault, phrase))


def check_receipt(
    data: bytes, terms: Terms, ask: Ask | None, now: dt.datetime, *, make: bool = False
) -> Checked:
    """Check a tlog-proof, a promise, or an acknowledgement, which is a promise with its opening.

    `ask` asks the site whose log it should be in; without it only the paper itself is checked.
    With `make`, an acknowledgement that was kept is made into a receipt. Raises `MalformedError` for anything else.
    """
    data = _as_given(data)
    if data.startswith(_PROOF):
        return _check_proof(data, terms.policy, ask)
    if MARK not in data:
        return _check_promise(data, None, terms, ask, now)
    given = Acknowledgement.parse(data)
    return _check_promise(given.note.to_bytes(), given.opening if make else None, terms, ask, now)


def _as_given(data: bytes) -> bytes:
    """A paper as it was given, of what an editor made of it: one line end, at the end of each line."""
    lines = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return lines.strip(b" \n") + b"\n"


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
    reader = None if ask is None else believed(ask, policy, checkpoint.origin, checked)
    if reader is not None:
        compare(reader, checkpoint, checked)
    return checked


def compare(
    tree: SiteLog, checkpoint: Checkpoint, checked: Checked, paper: str = "receipt"
) -> None:
    """See whether the site's log begins with that of a `paper`; `checked` says what is found."""
    if tree.checkpoint.size < checkpoint.size:
        for _ in tree.reader.entries():
            pass  # what is asked for is the same whatever is looked for
        checked.find(
            Fault.ROLLBACK,
            f"the site gives {tree.checkpoint.size} entries, the {paper} is of {checkpoint.size}",
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
            f"the site's log does not begin with the {paper}'s {checkpoint.size} entries",
        )
        return
    checked.holds.append(f"the site's log of {tree.checkpoint.size} entries continues it")


def _root_at(reader: TileReader, size: int) -> bytes:
    """Root of the first `size` entries."""
    edge, entries = EMPTY, reader.entries()
    while batch := list(islice(entries, WIDTH)):
        edge = edge.extended(leaf_hashes(batch[: max(size - edge.size, 0)]))
    return edge.root


def _check_promise(
    data: bytes, opening: Opening | None, terms: Terms, ask: Ask | None, now: dt.datetime
) -> Checked:
    """Check a promise; where its opening is there and it was kept, make the receipt.

    1. a log of the policy signed it, for a week that has begun or is the next one
    2. the log closed that epoch, or still has time to
    3. the commitment stands among that epoch's entries
    """
    checked = Checked()
    claimed = Promise.parse(Note.parse(data).text)
    # (1)
    try:
        promise = _open_promise(data, claimed, terms.policy, now)
    except ProofError as error:
        checked.find(Fault.PROMISE, error.phrase)
        return checked
    checked.holds.append(f"{promise.origin} promised an entry in {promise.epoch}")
    tree = None if ask is None else believed(ask, terms.policy, promise.origin, checked)
    if tree is None:
        return checked
    receipt = None
    try:
        place = find_entry(tree.reader, promise.commit, promise.epoch)
        # Read again whether it was kept or not: the site is not to learn which.
        if opening is not None and tree.checkpoint.size:
            receipt = tree.receipt(place.index or 0, opening)
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
            checked.receipt = receipt
        return checked
    # (2)
    end = promise.epoch.end
    if now > end + dt.timedelta(days=terms.late):
        checked.find(Fault.FROZEN, f"promised, not logged: {promise.epoch} is over and not closed")
    else:
        checked.holds.append(f"it may still be kept: {promise.epoch} is not closed yet")
    return checked


def _open_promise(data: bytes, claimed: Promise, policy: Policy, now: dt.datetime) -> Promise:
    """Open it with a key of the log that it names; `ProofError` where none signed it.

    So where it is for a week that is not to come soon: such a promise could be kept open for ever.
    """
    if claimed.epoch > Epoch.of(now.date()).next:
        raise ProofError(f"it promises an entry in {claimed.epoch}, which has not come")
    keys = [log.vkey for log in policy.logs if log.vkey.name == claimed.origin]
    keys = [key for key in keys if key.algorithm.signs_text]
    if not keys:
        raise ProofError(f"policy knows no log {claimed.origin!r} that signs promises")
    for key in keys[:-1]:
        if Note.parse(data).lines_of(key):
            return Promise.open(data, key)
    return Promise.open(data, keys[-1])


@dataclass(frozen=True)
class SiteLog:
    """A log that the policy believes: its checkpoint, and its tiles."""

    signed: SignedCheckpoint
    reader: TileReader

    @property
    def checkpoint(self) -> Checkpoint:
        return self.signed.checkpoint

    def receipt(self, index: int, opening: Opening) -> LogProof:
        """The proof that this opening's entry is here.

        All of the log is read once more for it: the few tiles of its path would tell which it is.
        """
        size = self.checkpoint.size
        edges: dict[tuple[int, int], Edge] = {}

        def root(level: int, number: int) -> bytes:
            return edges.setdefault((level, number), EMPTY).root

        prove_inclusion(index, size, root)  # to know which subtrees it takes
        begin, entries = 0, self.reader.entries()
        while batch := list(islice(entries, WIDTH)):
            hashes = leaf_hashes(batch)
            for (level, number), edge in edges.items():
                own = range(number << level, (number + 1) << level)
                part = slice(max(own.start - begin, 0), max(own.stop - begin, 0))
                edges[level, number] = edge.extended(hashes[part])
            begin += len(batch)
        path = prove_inclusion(index, size, root)
        return LogProof(index, path, self.signed, opening.to_bytes())


@dataclass(frozen=True)
class Place:
    """Whether the promised epoch is closed, and where in it the commitment stands."""

    closed: bool
    index: int | None


def believed(ask: Ask, policy: Policy, origin: str, checked: Checked) -> SiteLog | None:
    """The site's log as the policy believes it; else the finding stands in `checked`."""
    outcome = open_log(ask, policy)
    checked.findings += outcome.findings
    if outcome.signed is None or outcome.findings:
        return None
    checkpoint = outcome.signed.checkpoint
    if checkpoint.origin != origin:
        checked.find(Fault.FORK, f"the site's log is {checkpoint.origin}")
        return None
    try:
        return SiteLog(outcome.signed, tiles_of(ask, checkpoint))
    except ProofError as error:
        checked.find(Fault.TILE, error.phrase)
        return None


def find_entry(reader: TileReader, commit: bytes, epoch: Epoch) -> Place:
    """Look for the commitment in the run of blinded entries that an epoch closes."""
    wanted = Blinded(commit).to_bytes()
    found: int | None = None
    place: Place | None = None
    for index, data in enumerate(reader.entries()):
        if place is not None:
            continue  # to its end all the same: where the reading stops would tell the week
        if data == wanted:
            found = index
            continue
        entry = parse_entry(data)
        if isinstance(entry, EpochClosed):
            if entry.epoch == epoch:
                place = Place(closed=True, index=found)
            found = None
    return place or Place(closed=False, index=None)
