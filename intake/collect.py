"""Writes what a site keeps, and its log, into one sealed file, whole or not at all (docs/format.md 9).

It opens nothing and removes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from intake.age import HybridRecipient
from intake.age.whole import written_whole
from intake.bundle import (
    Contents,
    Item,
    Waiting,
    framed,
    framed_length,
    framed_statements,
    statements_length,
    write_bundle,
)
from intake.epoch import Epoch
from intake.errors import IntakeError, ProofError, StoreError
from intake.event import Void, parse_event
from intake.log.folder import LogFolder
from intake.log.promising import promise_for
from intake.opening import Opening
from intake.roster import Roster
from intake.store import Leaf, Store
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.merkle import EMPTY, leaf_hashes
from intake.tlog.note import Signer

TRIES: Final = 5  # something is let go or withdrawn while it is collected: then it is begun anew
_BATCH: Final = 4096  # entries read at a time
_BLINDED: Final = b"B"
_VOID: Final = b"event void\n"


@dataclass(frozen=True)
class Source:
    """A site as a bundle is made from it; `notes` are all its rosters, which go along."""

    store: Store
    log: LogFolder
    signer: Signer
    roster: Roster
    notes: Sequence[bytes]


def collect_bundle(source: Source, path: Path, auditor: HybridRecipient | None = None) -> Contents:
    """Write a bundle to the new file `path`; gives what it says of itself.

    It is sealed to the reviewers of the roster in use; or to an `auditor`, and then without the
    objects. Its log ends at the published checkpoint; whatever is not in that goes along under the
    log's promise, be it that its week is not over or that nobody has cosigned yet.

    What comes, is withdrawn or released meanwhile changes nothing that was read as one (see
    `_snapshot`), or makes it begin anew. Raises `MalformedError` where something stands at `path`.
    """
    recipients = source.roster.recipients if auditor is None else (auditor,)
    for _ in range(TRIES):
        seen = _snapshot(source)
        contents = _contents(source, seen, objects=auditor is None)
        try:
            with written_whole(path, replace=False) as sink:
                write_bundle(
                    sink,
                    contents,
                    _sections(source.store, seen),
                    lambda opening: _whole(source.store, opening),
                    recipients,
                )
        except IntakeError:
            # An object that is gone by now was withdrawn or released: that makes another bundle.
            if source.store.sizes().keys() >= seen.sizes.keys():
                raise
        else:
            return contents
    raise StoreError("the store does not hold still", "collect again")


def _whole(store: Store, opening: Opening) -> bytes:
    """The sealed object of an opening; `StoreError` where a disk changed it: that stops any import."""
    sealed = store.sealed(opening.to_bytes())
    if sha256(sealed).digest() != opening.envelope:
        raise StoreError(
            f"object {opening.envelope.hex()[:12]} of {opening.epoch} is damaged in the store",
            "look at the disk, and restore the newest backup (`intake restore`)",
        )
    return sealed


@dataclass(frozen=True)
class _Snapshot:
    """What a store held at one moment, beside a checkpoint that was published before it."""

    signed: SignedCheckpoint | None
    sizes: dict[bytes, int]
    logged: frozenset[bytes]
    lengths: tuple[int, int]
    events: tuple[bytes, ...]
    statements: tuple[bytes, ...]

    @property
    def size(self) -> int:
        return 0 if self.signed is None else self.signed.checkpoint.size


def _snapshot(source: Source) -> _Snapshot:
    """Read until nothing was let go meanwhile.

    An opening never comes back: where the same objects are there before and after the rest was
    read, none was withdrawn or released between, and what stands in their place is of that moment.
    What came between is left for the next bundle. What was logged between is read as waiting, for
    the checkpoint was read first.
    """
    store = source.store
    for _ in range(TRIES):
        signed = source.log.published()
        size = 0 if signed is None else signed.checkpoint.size
        sizes = store.sizes()
        events = _unlogged(store, size) - sizes.keys()
        statements = tuple(store.statements())
        logged, lengths = _measured(store, signed, sizes)
        now = store.sizes()
        events -= now.keys()
        if now.keys() >= sizes.keys() and events == _unlogged(store, size) - now.keys():
            return _Snapshot(signed, sizes, logged, lengths, tuple(sorted(events)), statements)
    raise StoreError("the store does not hold still", "collect again")


def _unlogged(store: Store, size: int) -> set[bytes]:
    """The openings of all that is not among the first `size` entries and stands for something."""
    waiting = {*store.waiting_events(), *store.leaves.waiting()}
    later = (leaf.opening for leaf in store.leaves.leaves(size))
    waiting |= {opening for opening in later if opening is not None}
    return {opening for opening in waiting if not opening.startswith(_VOID)}


def _measured(
    store: Store, signed: SignedCheckpoint | None, sizes: dict[bytes, int]
) -> tuple[frozenset[bytes], tuple[int, int]]:
    """Which of the kept openings are in the log, and how long its entries and its openings are.

    Raises `ProofError` where the store does not hold the log that was signed.
    """
    if signed is None:
        return frozenset(), (0, 0)
    checkpoint, edge = signed.checkpoint, EMPTY
    logged: set[bytes] = set()
    entries = openings = 0
    leaves = islice(store.leaves.leaves(), checkpoint.size)
    while batch := list(islice(leaves, _BATCH)):
        edge = edge.extended(leaf_hashes([leaf.entry for leaf in batch]))
        entries += sum(framed_length(leaf.entry) for leaf in batch)
        openings += sum(map(framed_length, _openings(batch)))
        logged.update(leaf.opening for leaf in batch if leaf.opening in sizes)
    if (edge.size, edge.root) != (checkpoint.size, checkpoint.root):
        raise ProofError(
            "the store does not hold the entries that the log signed",
            "an older store was put back: restore the newest one",
        )
    return frozenset(logged), (entries, openings)


def _openings(leaves: Sequence[Leaf]) -> Iterator[bytes]:
    return (leaf.opening or b"" for leaf in leaves if leaf.entry.startswith(_BLINDED))


def _sections(store: Store, seen: _Snapshot) -> Iterator[bytes]:
    """All entries, the openings of the blinded ones, empty where erased, and the statements."""
    batches = _batches(store, seen.size)
    yield from framed(leaf.entry for batch in batches for leaf in batch)
    batches = _batches(store, seen.size)
    yield from framed(opening for batch in batches for opening in _openings(batch))
    yield from framed_statements(seen.statements)


def _batches(store: Store, size: int) -> Iterator[list[Leaf]]:
    leaves = islice(store.leaves.leaves(), size)
    return iter(partial(_batch, leaves), [])


def _batch(leaves: Iterator[Leaf]) -> list[Leaf]:
    return list(islice(leaves, _BATCH))


def _contents(source: Source, seen: _Snapshot, *, objects: bool) -> Contents:
    return Contents(
        deployment=source.roster.deployment,
        epoch=Epoch.now(),
        objects=objects,
        checkpoint=b"" if seen.signed is None else seen.signed.to_bytes(),
        log=seen.lengths,
        rosters=tuple(source.notes),
        statements=statements_length(seen.statements),
        items=tuple(_item(source.signer, seen, data) for data in sorted(seen.sizes)),
        events=tuple(_waiting(source.signer, seen.events)),
    )


def _item(signer: Signer, seen: _Snapshot, data: bytes) -> Item:
    opening = Opening.parse(data)
    promise = b"" if data in seen.logged else promise_for(opening, signer)
    return Item(opening, seen.sizes[data], promise)


def _waiting(signer: Signer, openings: Sequence[bytes]) -> Iterator[Waiting]:
    for data in openings:
        event = parse_event(data)
        if not isinstance(event, Void):
            yield Waiting(event, promise_for(event, signer))
