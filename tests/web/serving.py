"""`intake serve` for tests: as people run it, on 127.0.0.1 or a unix socket, and stopped in the end."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.epoch import Epoch
from intake.keeping.state import ID_SIZE, Remembered, remember
from intake.opening import Opening
from intake.store import Allowance, Store
from intake.web.site import Site
from tests.log.worlds import opening_in
from tests.panel import Panel, make_panel
from tests.ports import free_port
from tests.starting import Started, start

Process = subprocess.Popen[bytes] | Started

# A program in the place of `intake serve`: the words of a test come first, and change something.
PROGRAM = """
import sys
from pathlib import Path
from intake.web import server
from intake.web.listening import parse_address
from intake.web.site import Site
{}
server.run(Site.open(Path(sys.argv[1])), parse_address(sys.argv[3]), 1)
"""


def site_in(folder: Path) -> tuple[Site, Panel]:
    """A site with a store and a roster, as `intake init` and `roster publish` leave it."""
    site = Site.create(folder, "test", "Северный архив", "abcd.onion", "ru")
    panel = make_panel(deployment=site.settings.deployment)
    site.publish(panel.note, panel.roster.roots, panel.roster.issued)
    Store.create(site.store_path, site.settings.deployment).close()
    return site, panel


def kept_in(store: Store, epoch: Epoch) -> Opening:
    """Something small that came in an epoch; what was said of it."""
    opening = opening_in(epoch)
    allowance = Allowance(epoch, 1 << 40)
    store.keep(os.urandom(16), opening.envelope, opening.to_bytes(), b"sealed", allowance)
    return opening


def connect(bind: str) -> socket.socket:
    """A connection to a server, as `--bind` names it."""
    if bind.startswith("unix:"):
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(30)
        try:
            made.connect(bind.removeprefix("unix:"))
        except OSError:
            made.close()
            raise
        return made
    host = "::1" if bind.startswith("[") else "127.0.0.1"
    return socket.create_connection((host, int(bind.rpartition(":")[2])), 30)


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to hold."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def wait_for(bind: str, server: Process, seconds: float = 30) -> None:
    """Return when something listens at `bind`; fail where its process ends first."""

    def answers() -> bool:
        if server.poll() is not None:
            pytest.fail(f"{server.args!r} ended with {server.returncode}")
        try:
            connect(bind).close()
        except OSError:
            return False
        return True

    until(answers, seconds)


@contextmanager
def serving(
    folder: Path,
    before: Sequence[str] = (),
    change: str = "",
    log: Path | None = None,
    bind: str = "",
    workers: int = 2,
    *,
    anew: bool = False,
) -> Iterator[tuple[int, Process]]:
    """`intake serve`, run by the command `before`; with `change`, one worker of a changed server.

    Gives its port, 0 on a unix socket, and its process. `log` gets all that it says. Without `before`
    it is forked from a process that has it loaded already, unless it is to be started `anew`.
    """
    port = 0 if bind else free_port()
    bind = bind or f"127.0.0.1:{port}"
    program = ["-c", PROGRAM.format(change)] if change else ["-m", "intake", "serve"]
    words = [*program, str(folder), "--bind", bind, "--workers", str(workers)]
    with (log or Path(os.devnull)).open("wb") as said:
        if before or anew:
            command = [*before, sys.executable, *words]
            server = subprocess.Popen(command, start_new_session=True, stdout=said, stderr=said)
        else:
            server = start(words, said)
    try:
        wait_for(bind, server, 60)
        yield port, server
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def answer_to(connection: socket.socket, request: bytes = b"", seconds: float = 30) -> bytes:
    """Send the request, and read until the server closes the connection."""
    connection.settimeout(seconds)
    if request:
        connection.sendall(request)
    answer = b""
    while more := connection.recv(65536):
        answer += more
    return answer


def backed_up(site: Site, day: dt.date) -> None:
    """What `intake backup` leaves."""
    remember(site.folder, Remembered(day, "base", bytes(ID_SIZE), day, None, 0))
