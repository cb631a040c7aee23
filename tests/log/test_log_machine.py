"""Whatever happens to a site in whatever order, every submission is in one log exactly once."""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from intake.log.site_log import SiteLog
from intake.store import Leaves, following, leaves, settling
from intake.tlog.entries import RosterChanged
from tests.log.worlds import FIRST, World
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
        (leaves, "written_anew"),
        (settling, "_empty_log"),
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
    """Submissions come, weeks pass, rosters change, processes crash and start again."""

    @initialize()
    def begin(self) -> None:
        self.where = Path(tempfile.mkdtemp())
        self.world = World.make(self.where / "site")
        self.kept: list[Opening] = []
        self.week = FIRST
        self.version = 0
        self.signed: list[SignedCheckpoint] = []

    def teardown(self) -> None:
        if hasattr(self, "where"):
            shutil.rmtree(self.where)

    @rule(count=st.integers(1, 9))
    def come(self, count: int) -> None:
        self.kept += [self.world.add(self.week) for _ in range(count)]

    @rule()
    def pass_a_week(self) -> None:
        self.week = following(self.week)

    @rule()
    def change_roster(self) -> None:
        self.version += 1

    @rule(now=st.booleans())
    def write(self, *, now: bool) -> None:
        with self.world.log() as log:
            self.everything(log, now=now)
        self.world.check(self.kept)

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
TestLog.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
