"""One network for all processes of a run of the tests: the first that needs it starts it.

Nobody waits for it before a test does; it ends with the last process that holds it, also where one
is killed.
"""

import fcntl
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.onion.network import socket_of

_PATIENCE = 600  # seconds


@dataclass(frozen=True)
class Network:
    """A network that is ready: the services' addresses, and the ports of two clients' proxies."""

    folder: Path
    hosts: dict[str, str]
    visitor: int
    operator: int

    def bind(self, service: str) -> str:
        """Where to listen, as `--bind` takes it."""
        return f"unix:{socket_of(self.folder, service)}"

    def logs(self, tor: str) -> str:
        """What one tor has said at notice since it started."""
        return (self.folder / tor / "notice.log").read_text("utf-8")


class Joined:
    """A hold on the network in a folder: as long as one is held, it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        pipe = folder / "held"
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            first = not pipe.exists()
            if first:
                os.mkfifo(pipe, 0o600)
            # For both, or it would wait for a reader here.
            self._held = os.open(pipe, os.O_RDWR)
            if first:
                _start(folder)

    def wait(self) -> Network:
        """The network, when it is ready; fails where it cannot be."""
        end = time.monotonic() + _PATIENCE
        ready, failed = self.folder / "ready", self.folder / "failed"
        while not ready.exists():
            assert not failed.exists(), failed.read_text("utf-8")
            assert time.monotonic() < end, "the private Tor network is not ready"
            time.sleep(0.2)
        return Network(self.folder, **json.loads(ready.read_text("utf-8")))

    def let_go(self) -> None:
        """Hold it no longer."""
        os.close(self._held)


def _start(folder: Path) -> None:
    """Start the network as a process of its own, which nobody waits for."""
    nothing = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    program = [sys.executable, "-m", "tests.onion.network", str(folder)]
    os.posix_spawn(program[0], program, os.environ, file_actions=nothing, setsid=True)
