"""Whatever happens to a site in whatever order, every submission is in one log exactly once.

And what was withdrawn or released is nowhere else, with one event that says so.
"""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.event import Collected, Withdrawn, manifest_of, parse_event
from intake.log.site_log import SiteLog
from intake.store import Leaves, Store, letting_go, settling, sqlite_file
from intake.tlog.entries import Blinded, RosterChanged
from intake.tlog.merkle import leaf_hash, verify_inclusion
from tests.log.worlds import CONFIRMERS, FIRST, World, preimage_of, status_of
from tests.tlog.trees import mth

if TYPE_CHECKING:
    from intake.opening import Opening
    from intake.tlog.checkpoint import SignedCheckpoint


class CrashError(BaseException):
    """The end of a process; nothing that it still had in mind is done."""


class Steps:
    """Counts what lasts, and ends the process before or after the nth."""

    PLACES = (
        (Path, "replace"),
        (Leaves, "append_public"),
        (Leaves, "close"),
        (sqlite_file, "written_anew"),
        (sqlite_file, "left_at"),
        (settling, "_empty_log"),
        (letting_go, "_queue"),
        (Store, "_empty_changes"),
    )

    def __init__(self, at: int) -> None:
        self.at = at
        self.taken = 0
        self.real = [getattr(place, name) for place, name in self.PLACES]

    def __enter__(self) -> None:
        for (place, name), real in zip(self.PLACES, self.real, strict=True):
            setattr(place, name, self.counted(real))

    def __exit__(self, *_: object) -> None:
        for (place, name), real in zip(self.PLACES, self.real, strict=True):
            setattr(place, name, real)

    def counted(self, real):
        def step(*words, **named):
            self.count()
            result = real(*words, **named)
            self.count()
            return result

        return step

    def count(self) -> None:
        self.taken += 1
        if self.taken == self.at:
            raise CrashError


class Machine(RuleBasedStateMachine):
    """Submissions come and go, weeks pass, rosters change, processes crash and start again."""

    @initialize()
    def begin(self) -> None:
        self.where = Path(tempfile.mkdtemp())
        self.world = World.make(self.where / "site")
        self.server = Store.open(self.world.path / "store.sqlite")
        self.kept: list[Opening] = []
        self.withdrawn: set[Opening] = set()
        self.collected: list[set[Opening]] = []
        self.week = FIRST
        self.version = 0
        self.signed: list[SignedCheckpoint] = []

    def teardown(self) -> None:
        if hasattr(self, "where"):
            self.server.close()
            shutil.rmtree(self.where)

    @rule(count=st.integers(1, 9))
    def come(self, count: int) -> None:
        self.kept += [self.world.add_to(self.server, self.week) for _ in range(count)]

    @rule()
    def restart(self) -> None:
        self.server.close()
        self.server = Store.open(self.world.path / "store.sqlite")
        assert self.server.sweep() == 0

    @rule(which=st.integers(0), at=st.integers(0, 5))
    def withdraw(self, which: int, at: int) -> None:
        """`at` is the step at which the process ends, if it comes to that."""
        if not self.kept:
            return
        opening = self.kept[which % len(self.kept)]
        envelope = opening.envelope
        with suppress(CrashError), Steps(at):
            assert self.server.withdraw([bytes(32), preimage_of(envelope)], self.week) == 1
        if at == 0 or opening in self.withdrawn or self.has_event(Withdrawn, envelope):
            self.withdrawn.add(opening)
        assert self.server.withdraw([bytes(32), status_of(envelope) * 2], self.week) == 0
        assert self.server.kept(status_of(envelope), envelope) == opening.to_bytes()

    @rule(which=st.sets(st.integers(0, 40), min_size=1, max_size=12), at=st.integers(0, 5))
    def release(self, which: set[int], at: int) -> None:
        """Objects of closed weeks, some of them gone before, others perhaps not logged yet."""
        chosen = {self.kept[n % len(self.kept)] for n in which} if self.kept else set()
        closed = self.server.leaves.closed()
        if not chosen:
            return
        gone = self.withdrawn.union(*self.collected)
        envelopes = sorted(opening.envelope for opening in chosen)
        statement = b"".join(envelopes)
        with suppress(CrashError), Steps(at):
            try:
                count = self.server.release(envelopes, statement, CONFIRMERS, self.week)
            except StoreError:
                assert any(closed is None or opening.epoch > closed for opening in chosen)
                return
            assert all(closed is not None and opening.epoch <= closed for opening in chosen)
            assert count == len(chosen - gone)
        if not chosen <= gone and self.has_event(Collected, manifest_of(envelopes)):
            self.collected.append(chosen)
        assert len(self.server.statements()) == len(self.collected)

    def has_event(self, kind: type[Withdrawn | Collected], named: bytes) -> bool:
        """Whether such an event waits for its week's end."""
        events = [parse_event(opening) for opening in self.server.waiting_events()]
        names = {
            event.envelope if isinstance(event, Withdrawn) else event.manifest
            for event in events
            if isinstance(event, kind)
        }
        return named in names

    @rule(which=st.integers(0))
    def prove(self, which: int) -> None:
        """Every submission of a week that is over is proved from the files, withdrawn or not."""
        staged = self.world.folder.staged()
        if staged is None:
            return
        entries = self.world.entries()
        weeks = [Epoch.parse(e.decode()[14:]) for e in entries if e.startswith(b"Pepoch-closed ")]
        logged = [opening for opening in self.kept if weeks and opening.epoch <= weeks[-1]]
        if not logged:
            return
        entry = Blinded(logged[which % len(logged)].commit).to_bytes()
        assert entries.count(entry) == 1
        index, checkpoint = entries.index(entry), staged.checkpoint
        proof = self.world.folder.reader(staged).inclusion(index)
        verify_inclusion(index, checkpoint.size, leaf_hash(entry), proof, checkpoint.root)

    @rule()
    def pass_a_week(self) -> None:
        self.week = self.week.next

    @rule()
    def change_roster(self) -> None:
        self.version += 1

    @rule(now=st.booleans())
    def write(self, *, now: bool) -> None:
        with self.world.log() as log:
            self.everything(log, now=now)
        self.world.check(self.kept, self.withdrawn, self.collected)

    @rule(at=st.integers(1, 16), now=st.booleans())
    def crash(self, at: int, *, now: bool) -> None:
        try:
            with self.world.log() as log, Steps(at):
                self.everything(log, now=now)
        except CrashError:
            pass

    @rule()
    def lose_the_folder(self) -> None:
        shutil.rmtree(self.world.folder.path, ignore_errors=True)

    def everything(self, log: SiteLog, *, now: bool) -> None:
        log.announce([RosterChanged(n + 1, f"sha256:{n:064x}") for n in range(self.version)])
        log.close_due(self.week, now=now)
        log.stage()
        log.settle()

    @invariant()
    def all_that_was_ever_signed_is_of_one_tree(self) -> None:
        if not hasattr(self, "world"):
            return
        staged = self.world.folder.staged()
        if staged is not None and staged not in self.signed:
            self.signed.append(staged)
        with self.world.store() as store:
            entries = list(store.leaves.entries())
        for signed in self.signed:
            assert mth(entries[: signed.checkpoint.size]) == signed.checkpoint.root


TestLog = Machine.TestCase
TestLog.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


@pytest.mark.long
class TestLogForLong(Machine.TestCase):
    settings = settings(max_examples=500, stateful_step_count=30, deadline=None)
