"""The return page is no weapon: whoever only reads never stops those who send."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median

import pytest

from intake.web.seats import READERS
from intake.web.stretching import QUEUE, BusyError, Gate, places
from tests.web.hammering import Sender, hammered
from tests.web.serving import serving, site_in, until

CORES = len(os.sched_getaffinity(0))

# Three workers of as many threads come as one, and each notes when it was in, and out again.
WORKERS = """
import os, threading, time
from intake.web.stretching import Gate
{}
gate = Gate(queue=9, patience=20)
def come():
    with gate.place():
        began = time.monotonic()
        time.sleep(0.05)
        os.write(1, f"{{began}} {{time.monotonic()}}\\n".encode())
for _ in range(3):
    if os.fork() == 0:
        threads = [threading.Thread(target=come) for _ in range(CORES + 1)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        os._exit(0)
for _ in range(3): os.wait()
""".replace("CORES", str(CORES))
# The place of the parent: forked, a lock on it is everybody's.
INHERITED = """
import fcntl
from intake.web.seats import Seats
def _place(self):
    mine = os.dup(self._files[0])
    fcntl.flock(mine, fcntl.LOCK_EX)
    return mine
Seats.take = _place
"""


def at_once(change: str = "") -> int:
    """How many were in at one time, of all workers together."""
    done = subprocess.run(
        [sys.executable, "-c", WORKERS.format(change)], capture_output=True, check=True
    )
    rows = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    assert len(rows) == 3 * (CORES + 1)
    return max(sum(began <= row[0] < ended for began, ended in rows) for row in rows)


def test_all_workers_together_stretch_one_code_for_every_two_cores() -> None:
    assert places() == max(1, CORES // 2)
    assert at_once() == places()


def test_the_twin_whose_workers_share_their_lock_is_caught() -> None:
    assert at_once(INHERITED) > places()


def test_a_place_is_free_again_when_its_process_is_killed() -> None:
    gate = Gate(patience=10)
    reading, writing = os.pipe()
    children = []
    for _ in range(places()):
        child = os.fork()
        if child == 0:  # pragma: no cover
            with gate.place():
                os.write(writing, b".")
                time.sleep(60)
            os._exit(0)
        children.append(child)
    for _ in children:
        os.read(reading, 1)
    with pytest.raises(BusyError), Gate.place(impatient(gate)):
        pass
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with gate.place():
        pass


def impatient(gate: Gate) -> Gate:
    gate._patience = 0
    return gate


def test_a_few_wait_and_the_rest_are_told_at_once() -> None:
    """Fewer than there are readers: there is always one for those who write."""
    assert 0 < QUEUE < READERS
    gate = Gate(queue=places() + 1, patience=30)
    inside, leave = threading.Semaphore(0), threading.Event()

    def come() -> None:
        with gate.place():
            inside.release()
            leave.wait(30)

    threads = [threading.Thread(target=come) for _ in range(places() + 1)]
    for thread in threads:
        thread.start()
    for _ in range(places()):
        assert inside.acquire(timeout=10)
    until(lambda: all_taken(gate))
    began = time.monotonic()
    with pytest.raises(BusyError), gate.place():
        pass
    assert time.monotonic() - began < 1
    leave.set()
    for thread in threads:
        thread.join()
    with gate.place():
        pass


def all_taken(gate: Gate) -> bool:
    """Whether the last of them has its seat in the queue."""
    assert gate._queue is not None
    seat = gate._queue.take()
    if seat is not None:
        os.close(seat)
    return seat is None


def test_in_all_processes_together_no_more_wait_than_there_are_seats() -> None:
    """Each request is a process: what one process counted would hold nobody back."""
    gate = Gate(queue=2, patience=30)
    reading, writing = os.pipe()
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:  # pragma: no cover
            try:
                with gate.place():
                    os.write(writing, b"i")
                    time.sleep(60)
            except BusyError:
                os.write(writing, b"b")
            os._exit(0)
        children.append(child)
    said = b"".join(os.read(reading, 1) for _ in range(6 - 2 + min(2, places())))
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert said.count(b"b") == 4


def test_nobody_waits_longer_than_a_few_seconds() -> None:
    gate = Gate(queue=places() + 1, patience=0.2)
    leave = threading.Event()
    inside = threading.Semaphore(0)

    def come() -> None:
        with gate.place():
            inside.release()
            leave.wait(30)

    threads = [threading.Thread(target=come) for _ in range(places())]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert inside.acquire(timeout=10)
    began = time.monotonic()
    with pytest.raises(BusyError), gate.place():
        pass
    assert 0.2 <= time.monotonic() - began < 10
    leave.set()
    for thread in threads:
        thread.join()


def test_a_place_is_given_back_when_something_breaks() -> None:
    gate = Gate(queue=1)
    for _ in range(CORES + 1):
        with pytest.raises(ZeroDivisionError), gate.place():
            raise ZeroDivisionError


def at_work(gate: Gate, comers: int) -> int:
    """How many of so many were in at one time, when all had come; none may be sent away."""
    inside, most, lock = 0, 0, threading.Lock()

    def come() -> None:
        nonlocal inside, most
        with gate.place():
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=come) for _ in range(comers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return most


def test_whoever_sends_waits_for_a_core_and_is_never_sent_away() -> None:
    assert at_work(Gate.for_texts(), 8 * CORES) == places()


# Threads that have stretched a code and live on, and how many MiB the process has more than before.
FREED = """
import threading
from pathlib import Path
from intake.codename import Codename
{}
def held():
    rows = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Rss:")) // 1024
Codename.fresh().stretched("x")
before, done, leave = held(), threading.Barrier(5), threading.Barrier(5)
def work():
    for _ in range(3):
        Codename.fresh().stretched("x")
    done.wait()
    leave.wait()
for _ in range(4): threading.Thread(target=work).start()
done.wait()
print(held() - before)
leave.wait()
"""


def more_than_before(change: str) -> int:
    """MiB that four threads hold when each has stretched three codes."""
    words = [sys.executable, "-c", FREED.format(change)]
    return int(subprocess.run(words, capture_output=True, check=True).stdout)


# The twin, which asks the C library's heap.
BY_HEAP = """
from argon2.low_level import Type, hash_secret_raw
Codename.stretched = lambda self, _: hash_secret_raw(self.secret, bytes(16), 2, 19456, 1, 32, Type.ID)
"""


def test_what_codes_took_goes_back_at_once_and_by_the_heap_is_kept() -> None:
    assert more_than_before("") < 19
    assert more_than_before(BY_HEAP) > 2 * 19
    given_back = "from intake.web.freed_memory import give_back\nassert give_back()"
    assert more_than_before(BY_HEAP + given_back) < 19


OPEN = """
from contextlib import nullcontext
from intake.web.stretching import Gate
Gate.place = lambda _: nullcontext()
"""
CLIENTS, SENDS = 30, 6


def slowed(folder: Path, change: str) -> tuple[float, float, dict[int, int]]:
    """How long a Send takes while 30 open codes all the time: in the middle, and the second worst.

    Both are in terms of the middle of a quiet time on the same server.
    """
    site_in(folder)
    with serving(folder, change=change) as (port, _):
        sender = Sender(port, 2 * SENDS)
        quiet = median(sender.waits(SENDS))
        with hammered(port, CLIENTS) as said:
            times = sender.waits(SENDS)
    return median(times) / quiet, times[-2] / quiet, said


@pytest.mark.parametrize(("change", "said"), [("pass", {200, 503}), (OPEN, {200})])
def test_while_many_open_codes_most_are_told_to_come_back_and_a_text_is_taken(
    tmp_path: Path, change: str, said: set[int]
) -> None:
    """And without the gate nobody is: the twin stretches for whoever asks."""
    site_in(tmp_path / "site")
    with serving(tmp_path / "site", change=change) as (port, _):
        sender = Sender(port, 1)
        with hammered(port, CLIENTS) as statuses:
            sender.waits(1)
    assert set(statuses) == said


@pytest.mark.long
def test_while_many_open_codes_a_text_is_sent_about_as_fast(tmp_path: Path) -> None:
    """And without the gate it waits as long as all of them: the same measure finds that twin."""
    middle, worst, said = slowed(tmp_path / "site", "pass")
    assert set(said) == {200, 503}
    assert said[503] > said[200]
    without, _, served = slowed(tmp_path / "twin", OPEN)
    assert set(served) == {200}
    assert without > 1.4 * middle
    assert worst < 25
