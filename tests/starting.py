"""Programs that tests start, as forks of a process that has everything loaded: half a second less each.

The fork is the program itself from its first line to Python's own end: in a session of its own, with
its own words, and nothing open but its three files. Where the start itself is tested, or what lies in
a server's memory, it is started anew.
"""

import atexit
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

_LIMITS = sorted({getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")})


class Started:
    """A program that was forked; what `subprocess.Popen` has for one that is a child of ours."""

    def __init__(self, args: Sequence[str], pid: int, ended: int) -> None:
        self.args = list(args)
        self.pid = pid
        self.returncode: int | None = None
        self._ended = ended

    def __del__(self) -> None:
        os.close(self._ended)

    def poll(self) -> int | None:
        """How it ended, if it did."""
        if self.returncode is None:
            try:
                told = os.read(self._ended, 100)
            except BlockingIOError:
                return None
            assert told, "who forked it is gone"
            self.returncode = int(told)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, as soon as it did."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def start(words: Sequence[str], said: BinaryIO, **variables: str) -> Started:
    """Python with these words, `-m MODULE ...` or `-c PROGRAM ...`; what it says goes to `said`.

    Its environment is ours, and these variables.
    """
    return _parent().start(words, Path.cwd(), (said, said), {**os.environ, **variables})


def ran(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `intake` with these arguments in a folder, to its end, as people of the demo do."""
    words = ["-m", "intake", *arguments]
    with TemporaryFile() as said, TemporaryFile() as complained:
        code = _parent().start(words, folder, (said, complained), dict(os.environ)).wait(120)
        texts = [(file.seek(0), file.read().decode())[1] for file in (said, complained)]
    return subprocess.CompletedProcess(words, code, *texts)


class _Parent:
    """The process that forks, and ends with this one."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.starting_parent", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=Path(__file__).parents[1],
                start_new_session=True,
            )
        atexit.register(self._end, os.getpid())

    def start(
        self,
        words: Sequence[str],
        folder: Path,
        said: tuple[BinaryIO, BinaryIO],
        environment: dict[str, str],
    ) -> Started:
        """Have it fork; what it says and what it complains of go to the two files."""
        asked = {
            "words": list(words),
            "folder": str(folder),
            "environment": environment,
            "limits": [(which, *resource.getrlimit(which)) for which in _LIMITS],
        }
        ended, tell = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        with Path(os.devnull).open("rb") as nothing:
            files = [nothing.fileno(), *(file.fileno() for file in said), tell]
            socket.send_fds(self._ours, [json.dumps(asked).encode()], files)
        os.close(tell)
        pid = self._ours.recv(100)
        assert pid, f"who forks has ended with {self._process.wait(10)}"
        return Started([sys.executable, *words], int(pid), ended)

    def _end(self, pid: int) -> None:
        if pid == os.getpid():
            self._ours.close()
            self._process.wait(30)


@cache
def _parent() -> _Parent:
    return _Parent()
