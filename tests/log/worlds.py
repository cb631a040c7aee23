"""A store with a log for tests: real files, real keys, openings of nobody's words."""

import itertools
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Self

from intake.epoch import Epoch
from intake.event import Void, parse_event
from intake.log.folder import LogFolder
from intake.log.site_log import SiteLog
from intake.opening import Opening
from intake.store import Allowance, EpochClosedError, Store, following
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.note import Algorithm, Signer
from tests.tlog.trees import mth

DEPLOYMENT = "test-abcdefgh"
ORIGIN = f"testimony-intake/{DEPLOYMENT}"
SIGNER = Signer(ORIGIN, Algorithm.ED25519, os.urandom(32))  # new in every run
FIRST = Epoch(2026, 47)


def opening_in(epoch: Epoch, envelope: bytes | None = None) -> Opening:
    """The opening of an object whose content nobody looks at."""
    fresh = [os.urandom(32) for _ in range(5)]
    roster = f"sha256:{'0' * 64}"
    return Opening(epoch, fresh[0], fresh[1], envelope or fresh[2], roster, fresh[3], fresh[4])


@dataclass
class World:
    """A site's store and log folder, opened anew for each use as commands do."""

    path: Path

    @classmethod
    def make(cls, path: Path, since: Epoch | None = FIRST) -> Self:
        path.mkdir()
        Store.create(path / "store.sqlite", DEPLOYMENT, since).close()
        return cls(path)

    @property
    def folder(self) -> LogFolder:
        return LogFolder(self.path / "log")

    @contextmanager
    def store(self):
        store = Store.open(self.path / "store.sqlite")
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
        sealed = os.urandom(100) if sealed is None else sealed
        opening = opening_in(epoch, sha256(sealed).digest())
        with self.store() as store:
            while True:
                try:
                    return self._keep(store, opening, sealed)
                except EpochClosedError as closed:  # and that one may be closed meanwhile, too
                    opening = replace(opening, epoch=closed.open)

    @staticmethod
    def _keep(store: Store, opening: Opening, sealed: bytes) -> Opening:
        allowance = Allowance(opening.epoch, 1 << 40)
        store.keep(os.urandom(16), opening.envelope, opening.to_bytes(), sealed, allowance)
        return opening

    def close(self, epoch: Epoch = FIRST, step: int = 16) -> SignedCheckpoint:
        """What `intake epoch` does in the week after `epoch`."""
        with self.log(step) as log:
            log.close_due(following(epoch))
            signed = log.stage()
            log.settle()
        return signed

    def entries(self) -> list[bytes]:
        """The log as its files have it, believed only as far as the staged checkpoint proves."""
        staged = self.folder.staged()
        assert staged is not None
        return list(self.folder.reader(staged).entries())

    def check(self, kept: list[Opening]) -> None:
        """Files and store have one tree, with every opening of a closed epoch in it exactly once.

        Each epoch's entries stand before its `epoch-closed`, in steps of 16, and open.
        """
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
        assert [leaf.entry for leaf in leaves] == entries
        section: list[Opening | Void] = []
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
                epochs.append(entry.epoch)
                section = []
        assert section == []
        for before, after in itertools.pairwise(epochs):
            assert after == following(before)
        assert closed == (epochs[-1] if epochs else closed)
        logged = [opening for opening in kept if opening.to_bytes() not in waiting]
        assert len(seen) == len(set(seen))
        assert set(seen) == set(logged)
        assert all(closed is None or opening.epoch > closed for opening in set(kept) - set(logged))
