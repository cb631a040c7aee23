"""Opens what an import is about to come to in other processes: on two cores it takes half the time.

They hold the keys, as the import does, and what they open; no file of the case, no lock, nothing that is
written. They leave no core dump, and end when the import does, however it ends. What they could not do
the import does itself: they make it quicker, and never other.
"""

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from typing import Final

from intake.dumps import refuse_dumps
from intake.opening import Opening
from intake.review.arriving import Arrived
from intake.review.unseal import RefusedError

MOST: Final = 4  # processes: more would wait for the disk
LARGEST: Final = (
    1 << 20
)  # bytes of an object that is opened ahead; larger ones would fill the memory
_WORTH: Final = 64  # objects for which a process is begun
_WAITING: Final = 8  # objects that lie ready or are being opened, for each process

Work = Callable[[Opening, bytes], Arrived]
"""Opens an object, and writes nothing; raises `RefusedError`."""
Outcome = Arrived | RefusedError
Came = tuple[Opening, bytes]


def processes_for(objects: int) -> int:
    """How many processes open so many objects: one for each core, none where there is but one core."""
    cores = len(os.sched_getaffinity(0))
    return 0 if cores == 1 else min(cores, MOST, objects // _WORTH)


@contextmanager
def opened_ahead(work: Work, processes: int) -> Generator["Ahead", None, None]:
    """Begin so many processes, for as long as the block lasts; the caller has no threads yet."""
    helpers = list[_Helper]()
    try:
        with suppress(OSError):  # what no process can be had for, the import does itself
            for _ in range(processes):
                helpers.append(_Helper(work))
        with ThreadPoolExecutor(max(1, processes)) as threads:
            try:
                yield Ahead(helpers, threads)
            finally:
                threads.shutdown(cancel_futures=True)
    finally:
        for helper in helpers:
            helper.end()


class Ahead:
    """The processes that open ahead."""

    def __init__(self, helpers: list["_Helper"], threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._most = _WAITING * len(helpers)
        self._free = SimpleQueue[_Helper]()
        for helper in helpers:
            self._free.put(helper)

    def each(
        self, objects: Iterable[Came], wanted: Callable[[Opening], bool]
    ) -> Iterator[tuple[Opening, bytes, Outcome | None]]:
        """Every object in its order, with what came of it where it was opened already.

        None for what is not wanted, is large, or what no process could do.
        """
        waiting = deque[tuple[Opening, bytes, Future[Outcome | None] | None]]()
        for opening, sealed in objects:
            ahead = self._most and len(sealed) <= LARGEST and wanted(opening)
            future = self._threads.submit(self._ask, opening, sealed) if ahead else None
            waiting.append((opening, sealed, future))
            if len(waiting) > self._most:
                yield _answered(*waiting.popleft())
        while waiting:
            yield _answered(*waiting.popleft())

    def _ask(self, opening: Opening, sealed: bytes) -> Outcome | None:
        helper = self._free.get()
        try:
            return helper.ask(opening, sealed)
        finally:
            self._free.put(helper)


def _answered(
    opening: Opening, sealed: bytes, future: Future[Outcome | None] | None
) -> tuple[Opening, bytes, Outcome | None]:
    return opening, sealed, None if future is None else future.result()


class _Helper:
    """One process, and the way to it."""

    def __init__(self, work: Work) -> None:
        self._channel, theirs = Pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                _serve(theirs, work)
            finally:
                os._exit(0)
        theirs.close()

    def ask(self, opening: Opening, sealed: bytes) -> Outcome | None:
        """What came of an object; None where the process could not say."""
        with suppress(OSError, EOFError):
            self._channel.send((opening, sealed))
            answer: Outcome | None = self._channel.recv()
            return answer
        return None

    def end(self) -> None:
        """Let it end: nobody asks any more."""
        self._channel.close()
        os.waitpid(self._pid, 0)


def _serve(channel: Connection, work: Work) -> None:
    """Open one object after the other, until nobody asks any more or the import is gone."""
    refuse_dumps()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the import's to hear
    # Else the case's lock would be held, and the end of another's channel kept from it.
    own = channel.fileno()
    os.closerange(3, own)
    os.closerange(own + 1, os.sysconf("SC_OPEN_MAX"))
    gc.freeze()  # what is here already is the import's, and only a copy for looking through it
    with suppress(EOFError, OSError):
        while True:
            opening, sealed = channel.recv()
            channel.send(_outcome(work, opening, sealed))


def _outcome(work: Work, opening: Opening, sealed: bytes) -> Outcome | None:
    try:
        return work(opening, sealed)
    except RefusedError as error:
        return error
    except Exception:  # noqa: BLE001  # the import does it again, and says what is wrong
        return None
