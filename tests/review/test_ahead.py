"""What a reviewer can rely on when other processes open: the import is quicker, and never other."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from intake.container import Kind
from intake.errors import MalformedError
from intake.opening import Opening
from intake.review import ahead
from intake.review.ahead import Outcome, opened_ahead, processes_for
from intake.review.arriving import Arrived
from intake.review.case_files import NewItem
from intake.review.importing import import_items, make_case
from intake.review.record import Verdict
from intake.review.unseal import RefusedError
from tests.panel import Panel, seed
from tests.review.bad_items import BAD
from tests.review.conftest import Desk
from tests.review.workroom import (
    MARKER,
    Room,
    Sealed,
    container,
    opening_for,
    seal_container,
    sealed_item,
    unchecked,
)

ENOUGH = 2 * 64  # objects for two processes


def mixed(panel: Panel) -> list[Sealed]:
    """Good ones, a decoy, and every bad one that there is, none beside its like."""
    decoy = seal_container(container(roster=panel.roster, kind=Kind.DECOY), panel.roster)
    made = [decoy, *(make(panel) for make, _, _ in BAD)]
    return [one for bad in made for one in (sealed_item(panel.roster), bad)]


def within(room: Room) -> dict[str, object]:
    """All that a case has of its items, opened."""
    with room.case() as case:
        return {
            item: (entry, case.original(item) if entry.readable else case.kept(item))
            for item in case.items()
            for entry in [case.entry(item)]
        }


@pytest.mark.parametrize("processes", [1, 2])
def test_the_case_and_the_reports_are_those_of_an_import_alone(
    panel: Panel, tmp_path: Path, processes: int
) -> None:
    alone = Room(panel, tmp_path / "alone", panel.identities[:1])
    room = Room(panel, tmp_path / "case", panel.identities[:1])
    items = mixed(panel)
    reports = alone.take(*items)
    assert len({report.verdict for report in reports}) == 6
    assert room.take(*items, processes=processes) == reports
    assert within(room) == within(alone)
    again = alone.take(*items)
    assert room.take(*items, processes=processes) == again
    assert Verdict.NEW not in {report.verdict for report in again}


def test_what_was_opened_ahead_is_sealed_to_every_reviewer_and_to_a_key_of_its_own(
    room: Room,
) -> None:
    items = [sealed_item(room.panel.roster, f"{MARKER} {n}") for n in range(4)]
    room.take(*items, processes=2)
    seen = set[bytes]()
    for identity in room.panel.identities:
        each = Room(room.panel, room.folder, (identity,))
        with each.case() as case:
            for opening, sealed in items:
                item = case.id_of(opening.envelope)
                assert case.files.open(item, "original") == sealed
                seen.add(case.files.key(item).seed)
    assert len(seen) == len(items)
    assert all(path.stat().st_mode & 0o077 == 0 for path in room.folder.rglob("*"))
    assert MARKER.encode() not in b"".join(
        path.read_bytes() for path in room.folder.rglob("*") if path.is_file()
    )


def test_an_object_that_comes_twice_is_new_once(room: Room) -> None:
    """Both were opened before either was in the case."""
    item = sealed_item(room.panel.roster)
    verdicts = [report.verdict for report in room.take(item, item, processes=2)]
    assert verdicts == [Verdict.NEW, Verdict.DUPLICATE]


def test_what_is_in_the_case_already_is_not_opened_ahead(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (sealed_item(room.panel.roster) for _ in range(2))
    room.take(old)
    asked = set[bytes]()
    each = ahead.Ahead.each

    def seen(
        self: ahead.Ahead, objects: Iterator[Sealed], wanted: Callable[[Opening], bool]
    ) -> Iterator[tuple[Opening, bytes, Outcome | None]]:
        for opening, sealed, outcome in each(self, objects, wanted):
            asked.update({opening.envelope} if outcome else ())
            yield opening, sealed, outcome

    monkeypatch.setattr(ahead.Ahead, "each", seen)
    room.take(old, new, processes=1)
    assert asked == {new[0].envelope}


# Other processes that fail


def answers(
    work: ahead.Work, *objects: Sealed, processes: int = 1
) -> list[tuple[Opening, Outcome | None]]:
    with opened_ahead(work, processes) as begun:
        return [(opening, got) for opening, _, got in begun.each(objects, lambda _: True)]


def bare(count: int, size: int = 10) -> list[Sealed]:
    made = (os.urandom(size) for _ in range(count))
    return [(opening_for(one, container()), one) for one in made]


def facts(*found: object) -> Arrived:
    """What a process says of itself, in the place of an item's files."""
    return Arrived(None, NewItem(repr(found).encode(), b"", b""))


def said(answer: Outcome | None) -> bytes:
    assert isinstance(answer, Arrived)
    assert answer.files is not None
    return answer.files.key


def test_a_process_holds_no_file_of_the_import_and_leaves_no_dump(tmp_path: Path) -> None:
    def work(_opening: Opening, _sealed: bytes) -> Arrived:
        opened = 0
        for number in range(3, 1024):
            with suppress(OSError):
                os.fstat(number)
                opened += 1
        dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)  # PR_GET_DUMPABLE
        return facts(opened, resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable)

    with (tmp_path / "held").open("wb"):
        got = [said(answer) for _, answer in answers(work, *bare(4), processes=2)]
    assert got == [b"(1, 0, 0)"] * 4


def test_the_processes_work_at_one_time(tmp_path: Path) -> None:
    """Each waits until the other has begun, too."""

    def work(_opening: Opening, _sealed: bytes) -> Arrived:
        (tmp_path / str(os.getpid())).touch()
        deadline = time.monotonic() + 10
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        return facts(len(list(tmp_path.iterdir())))

    got = [said(answer) for _, answer in answers(work, *bare(2), processes=2)]
    assert got == [b"(2,)"] * 2


def test_what_a_process_cannot_do_the_import_does(room: Room) -> None:
    """A mistake in it is the import's to tell; whoever is killed is not waited for."""

    def mistaken(_opening: Opening, _sealed: bytes) -> Arrived:
        raise ZeroDivisionError

    def killed(_opening: Opening, _sealed: bytes) -> Arrived:
        os.kill(os.getpid(), signal.SIGKILL)
        return facts()

    objects = bare(40)
    for work in (mistaken, killed):
        assert answers(work, *objects, processes=2) == [(opening, None) for opening, _ in objects]


def test_an_import_that_can_begin_no_process_is_the_same(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    assert [r.verdict for r in room.take(sealed_item(room.panel.roster), processes=2)] == [
        Verdict.NEW
    ]


def test_a_refusal_comes_whole_from_another_process() -> None:
    def work(_opening: Opening, _sealed: bytes) -> Arrived:
        raise RefusedError(Verdict.NEWER, MalformedError("a phrase", "a hint"))

    ((_, got),) = answers(work, *bare(1))
    assert isinstance(got, RefusedError)
    assert (got.verdict, got.phrase, got.hint) == (Verdict.NEWER, "a phrase", "a hint")


def test_the_order_is_kept_and_large_objects_are_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def work(_opening: Opening, sealed: bytes) -> Arrived:
        time.sleep(sealed[0] / 25_600)
        return facts(sealed)

    monkeypatch.setattr(ahead, "LARGEST", 10)
    objects = [*bare(20), *bare(1, 11), *bare(20)]
    got = answers(work, *objects, processes=2)
    assert [opening for opening, _ in got] == [opening for opening, _ in objects]
    assert got[20][1] is None
    small = [(sealed, answer) for (_, sealed), (_, answer) in zip(objects, got, strict=True)]
    del small[20]
    assert all(said(answer) == repr((sealed,)).encode() for sealed, answer in small)


def test_no_process_is_left_whether_all_was_asked_for_or_not(room: Room) -> None:
    items = [sealed_item(room.panel.roster, str(n)) for n in range(20)]
    others = set(children_of(os.getpid()))  # of other tests
    with room.bundle(*items) as bundle:
        make_case(room.folder, bundle, room.panel.roster.roots, room.identities)
        with room.case(writing=True) as case:
            reports = import_items(case, bundle, unchecked(bundle.contents), 2)
            begun = [next(reports) for _ in range(3)]
            assert set(children_of(os.getpid())) > others
            assert isinstance(reports, Generator)
            reports.close()
    assert set(children_of(os.getpid())) <= others
    rest = [report.verdict for report in room.take(*items)]
    assert (len(begun), rest.count(Verdict.DUPLICATE)) == (3, 3)


@pytest.mark.parametrize(
    ("cores", "objects", "processes"),
    [(1, 10_000, 0), (2, 10_000, 2), (2, 127, 1), (2, 63, 0), (64, 10_000, ahead.MOST)],
)
def test_there_is_a_process_for_each_core_if_it_is_worth_it(
    monkeypatch: pytest.MonkeyPatch, cores: int, objects: int, processes: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    assert processes_for(objects) == processes


# The command itself, killed in the middle


def command(desk: Desk, bundle: str) -> list[str]:
    given = ("--roots", desk.roots, "--policy", desk.policy, *desk.common)
    return [sys.executable, "-m", "intake", "review", "import", bundle, *given]


def test_an_import_that_was_killed_is_done_again_and_completes(desk: Desk, panel: Panel) -> None:
    items = [sealed_item(panel.roster, f"{MARKER} {n}") for n in range(ENOUGH)]
    words = command(desk, desk.bundle(*items))
    ids = {opening.envelope.hex()[:12] for opening, _ in items}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, bufsize=1) as running:
        assert running.stdout is not None
        told = [line.split() for line in islice(running.stdout, 20)]
        helpers = [int(pid) for pid in children_of(running.pid)]
        running.kill()
    assert all(verdict == "new" for _, verdict in told)
    cores = len(os.sched_getaffinity(0))
    assert len(helpers) == (0 if cores == 1 else 2)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/exe").is_symlink() for pid in helpers):
        assert time.monotonic() < deadline, "a process outlives its import"
        time.sleep(0.01)
    left = b"".join(path.read_bytes() for path in desk.folder.rglob("*.age"))
    left += b"".join(path.read_bytes() for path in desk.folder.rglob(".*.part"))
    assert not any(word in left for word in (MARKER.encode(), seed("reviewer 1")))
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    rows = dict(line.split() for line in done.stdout.splitlines()[:ENOUGH])
    assert set(rows) == ids
    # Each that was told of was durable; what lay ready beside it was not written.
    assert {rows[item] for item, _ in told} == {"duplicate"}
    assert "new" in rows.values()
    room = Room(panel, desk.folder / "case", panel.identities[:1])
    with room.case() as case:
        assert set(case.items()) == ids
        for item in case.items():
            assert MARKER in case.original(item)[1].answers["narrative"]


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_one_core_is_enough(desk: Desk, panel: Panel) -> None:
    items = [sealed_item(panel.roster, str(n)) for n in range(ENOUGH)]
    words = command(desk, desk.bundle(*items))
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        [*words], capture_output=True, text=True, check=True, preexec_fn=lambda: _stay_on(core)
    )
    assert done.stdout.endswith(f"{ENOUGH} new\n")


def _stay_on(core: int) -> None:
    os.sched_setaffinity(0, {core})
