"""A store with a log for tests: real files, real keys, openings of nobody's words."""

import itertools
import os
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Self

from intake.author import withdraw_commit_of
from intake.epoch import Epoch
from intake.event import Collected, Event, Withdrawn, manifest_of, parse_event
from intake.log.folder import LogFolder
from intake.log.site_log import SiteLog
from intake.opening import Opening
from intake.store import Allowance, EpochClosedError, Place, Store
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.note import Algorithm, Signer
from tests.tlog.trees import mth

DEPLOYMENT = "test-abcdefgh"
ORIGIN = f"testimony-intake/{DEPLOYMENT}"
SIGNER = Signer(ORIGIN, Algorithm.ED25519, os.urandom(32))  # new in every run
FIRST = Epoch(2026, 47)
CONFIRMERS = ("anna", "berta")


def opening_in(epoch: Epoch, envelope: bytes | None = None) -> Opening:
    """The opening of an object whose content nobody looks at."""
    fresh = [os.urandom(32) for _ in range(4)]
    roster, envelope = f"sha256:{'0' * 64}", envelope or fresh[2]
    commit = withdraw_commit_of(preimage_of(envelope))
    return Opening(epoch, fresh[0], fresh[1], envelope, roster, commit, fresh[3])


def status_of(envelope: bytes) -> bytes:
    """The status under which a world keeps an object."""
    return sha256(b"status" + envelope).digest()[:16]


def preimage_of(envelope: bytes) -> bytes:
    """What withdraws it. A real one is its author's secret; nobody guesses this one either."""
    return sha256(SIGNER.seed + envelope).digest()


def fresh_secrets(count: int) -> list[bytes]:
    """Secrets that open nothing."""
    return [os.urandom(32) for _ in range(count)]


@dataclass
class World:
    """A site's store and log folder, opened anew for each use as commands do."""

    path: Path
    place: Place | None = None  # where its store is, if not in a file there

    @classmethod
    def make(cls, path: Path, since: Epoch | None = FIRST, place: Place | None = None) -> Self:
        path.mkdir()
        made = cls(path, place)
        Store.create(made.kept_at, DEPLOYMENT, since).close()
        return made

    @property
    def kept_at(self) -> Place:
        return self.place or self.path / "store.sqlite"

    @property
    def folder(self) -> LogFolder:
        return LogFolder(self.path / "log")

    @contextmanager
    def store(self):
        store = Store.open(self.kept_at)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def log(self, step: int = 16):
        with self.store() as store, self.folder.locked():
            yield SiteLog(store.leaves, self.folder, SIGNER, step)

    def add(self, epoch: Epoch = FIRST, sealed: bytes | None = None) -> Opening:
        """Keep a submission, in the next epoch where this one is closed."""
        with self.store() as store:
            return self.add_to(store, epoch, sealed)

    def add_to(self, store: Store, epoch: Epoch, sealed: bytes | None = None) -> Opening:
        """The same in a store that somebody has open, as a server."""
        sealed = os.urandom(100) if sealed is None else sealed
        opening = opening_in(epoch, sha256(sealed).digest())
        while True:
            try:
                return self._keep(store, opening, sealed)
            except EpochClosedError as closed:  # and that one may be closed meanwhile, too
                opening = replace(opening, epoch=closed.open)

    @staticmethod
    def _keep(store: Store, opening: Opening, sealed: bytes) -> Opening:
        allowance = Allowance(opening.epoch, 1 << 40)
        status = status_of(opening.envelope)
        store.keep(status, opening.envelope, opening.to_bytes(), sealed, allowance)
        return opening

    def close(self, epoch: Epoch = FIRST, step: int = 16) -> SignedCheckpoint:
        """What `intake epoch` does in the week after `epoch`."""
        with self.log(step) as log:
            log.close_due(epoch.next)
            signed = log.stage()
            log.settle()
        return signed

    def entries(self) -> list[bytes]:
        """The log as its files have it, believed only as far as the staged checkpoint proves."""
        staged = self.folder.staged()
        assert staged is not None
        return list(self.folder.reader(staged).entries())

    def withdraw(self, opening: Opening, today: Epoch = FIRST) -> int:
        """What its author does: among secrets of nothing there is the right one."""
        secrets = [*fresh_secrets(3), preimage_of(opening.envelope), *fresh_secrets(2)]
        with self.store() as store:
            return store.withdraw(secrets, today)

    def release(self, openings: Iterable[Opening], today: Epoch, statement: bytes = b"") -> int:
        """What `intake release` does of a statement that it believes."""
        envelopes = sorted(opening.envelope for opening in openings)
        with self.store() as store:
            return store.release(envelopes, statement or b"".join(envelopes), CONFIRMERS, today)

    def check(
        self,
        kept: list[Opening],
        withdrawn: Iterable[Opening] = (),
        collected: Iterable[Iterable[Opening]] = (),
    ) -> None:
        """Files and store have one tree, with every opening of a closed epoch in it exactly once.

        Each epoch's entries stand before its `epoch-closed`, in steps of 16, and open. Of what was
        `withdrawn`, or let go in one of the statements `collected`, the store has no object, and
        the log, or what waits for it, one event.
        """
        taken = {opening.to_bytes() for opening in withdrawn}
        sets = [set(openings) for openings in collected]
        gone = taken | {opening.to_bytes() for openings in sets for opening in openings}
        staged = self.folder.staged()
        assert staged is not None
        assert staged.note.signed_by(SIGNER.vkey)
        entries = self.entries()
        assert staged.checkpoint.root == mth(entries)
        with self.store() as store:
            leaves = list(store.leaves.leaves())
            closed = store.leaves.closed()
            assert store.leaves.settled() == closed
            waiting = set(store.leaves.waiting())
            events: list[Event] = [parse_event(opening) for opening in store.waiting_events()]
            here = {stored.opening for stored in store}
        assert [leaf.entry for leaf in leaves] == entries
        assert here == {opening.to_bytes() for opening in kept} - gone
        section: list[Event] = []
        seen: list[Opening] = []
        epochs: list[Epoch] = []
        for leaf in leaves:
            entry = parse_entry(leaf.entry)
            if isinstance(entry, Blinded):
                assert leaf.opening is not None
                section.append(parse_event(leaf.opening))
                assert section[-1].commit == entry.commit
            elif isinstance(entry, EpochClosed):
                assert len(section) % 16 == 0
                assert len(section) >= 16
                assert {event.epoch for event in section} == {entry.epoch}
                seen += [event for event in section if isinstance(event, Opening)]
                events += section
                epochs.append(entry.epoch)
                section = []
        assert section == []
        for before, after in itertools.pairwise(epochs):
            assert after == before.next
        assert closed == (epochs[-1] if epochs else closed)
        logged = [opening for opening in kept if opening.to_bytes() not in waiting]
        assert len(seen) == len(set(seen))
        assert set(seen) == set(logged)
        assert all(closed is None or opening.epoch > closed for opening in set(kept) - set(logged))
        named = [event for event in events if isinstance(event, Withdrawn)]
        assert sorted(event.envelope for event in named) == sorted(
            Opening.parse(opening).envelope for opening in taken
        )
        assert all(
            withdraw_commit_of(e.preimage) in {o.withdraw_commit for o in kept} for e in named
        )
        manifests = [(event.manifest, event.by) for event in events if isinstance(event, Collected)]
        assert sorted(manifests) == sorted(
            (manifest_of(opening.envelope for opening in openings), CONFIRMERS) for openings in sets
        )
