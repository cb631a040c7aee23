"""The real `intake review desk` as a process of its own, with the real browser that it starts.

What it and its browser ask the kernel to connect to is written down by strace.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake.review.desk.window import TESTING
from tests.browser.browsers import FirefoxTab, until
from tests.browser.marionette import Marionette
from tests.review.desk.conftest import Made

SWITCHES = {
    "chromium": "--no-sandbox --headless=new --disable-gpu --remote-debugging-port=0",
    "firefox": "--headless",
}
RUN = "import sys; from intake.cli import run; sys.exit(run(sys.argv[1:]))"
_CALLS = "connect,sendto,sendmsg,sendmmsg"
_CALL = re.compile(r"(\w+)\(\d+<(TCP|UDP)(?:v6)?:[^>]*>")
_CONNECT = re.compile(r", \{sa_family=AF_INET6?, (.*?)\}, \d+")
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_ADDRESS = re.compile(r'"([0-9a-f.:]+)"')


@dataclass
class Command:
    """The running command; `home` is what it takes for the user's, `log` what strace wrote."""

    process: "subprocess.Popen[bytes]"
    home: Path
    log: Path
    parent: Path

    @property
    def pid(self) -> int:
        """The desk itself: strace's child, though strace tries itself out on another first."""
        children: list[int] = []

        def there() -> bool:
            children[:] = _children(self.process.pid)
            return bool(children)

        until(there, "the desk")
        return children[0]

    @property
    def folder(self) -> Path:
        """The folder of this run."""
        until(lambda: len(self.folders()) == 1, "the folder of the run")
        return self.folders()[0]

    def folders(self) -> list[Path]:
        """Every folder of this run that there is: one, or none at the end."""
        return list(self.parent.glob(f"intake-desk.{os.getuid()}.{self.pid}.*"))

    def port(self) -> int:
        """Where its Chromium can be driven."""
        path = self.folder / "profile" / "DevToolsActivePort"
        until(lambda: path.exists() and "\n" in path.read_text(), "the browser")
        return int(path.read_text().split()[0])

    def fox(self) -> FirefoxTab:
        """Its Firefox, which was started so that it can be driven."""
        path = self.folder / "profile" / "MarionetteActivePort"
        until(lambda: path.exists() and path.read_text().strip().isdecimal(), "the browser")
        return FirefoxTab(Marionette.attached(int(path.read_text())))

    def asked(self, request: str) -> bool:
        """Whether its browser sent a request that begins so."""
        return f'"{request}' in self._told()

    def _told(self) -> str:
        # strace makes the file a moment after it was started.
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def calls(self) -> set[tuple[str, str, str, int]]:
        """Each call over IP, with its protocol and, where it is connect, the address and port."""
        found = set()
        for row in self._told().splitlines():
            call = _CALL.search(row)
            if call:
                where = _CONNECT.search(row)
                address = _ADDRESS.search(where[1]) if where else None
                port = _PORT.search(where[1]) if where else None
                there = (address[1], int(port[1])) if address and port else ("", 0)
                found.add((call[1], call[2], *there))
        return found


@contextmanager
def sitting(
    made: Made,
    folder: Path,
    browser: str = "chromium",
    *,
    before: str = "",
    parent: Path = Path("/dev/shm"),
    switches: str = "",
) -> Iterator[Command]:
    """Start the command with a home of its own; end it by its signal if it still runs.

    `switches` are more of the browser's, `before` is code that runs before the command.
    """
    home, log = folder / "home", folder / "strace.log"
    for path in (home, home / "tmp"):
        path.mkdir(mode=0o700)
    (folder / "passphrase").write_text("four plain test words\n")
    given = {
        **os.environ,
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        TESTING: f"{SWITCHES[browser]} {switches}",
    }
    arguments = (
        *("--case", str(made.folder), "--identity", str(made.identity)),
        *("--passphrase-file", str(folder / "passphrase"), "--browser", browser),
    )
    with (folder / "stderr").open("wb") as told:
        process = subprocess.Popen(
            [
                *("strace", "-f", "-yy", "--seccomp-bpf", "-qq", "-e", f"trace={_CALLS}"),
                *("-o", str(log)),
                *(sys.executable, "-c", before + RUN, "review", "desk", *arguments),
            ],
            env=given,
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
    try:
        until(lambda: bool(_children(process.pid)), "the command")
        yield Command(process, home, log, parent)
    finally:
        if process.poll() is None:
            children = _children(process.pid)
            for child in children:
                os.kill(child, signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                for child in children:
                    os.kill(child, signal.SIGKILL)
                process.wait(30)
                raise


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
