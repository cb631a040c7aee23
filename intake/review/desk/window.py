"""The desk's own browser window: a browser with a profile that lives as long as the window.

All that it writes, also into what it takes for the user's home, is in the run's folder in memory.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

from intake.errors import StoreError
from intake.review.desk import chromium, firefox
from intake.review.desk.run_folder import PROFILE

TESTING: Final = "INTAKE_DESK_TEST_SWITCHES"
"""An environment variable of the tests alone: switches for the browser, one space between two.

Debian's Chromium does not start as root without --no-sandbox, which no reviewer may ever use: where
the variable is set, the command says so before it opens anything.
"""
_GRACE: Final = 5.0  # seconds for a browser to end by itself


class Browser(StrEnum):
    """Which browser is started."""

    CHROMIUM = "chromium"
    FIREFOX = "firefox"
    NONE = "none"


class Window:
    """A browser that was started."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @classmethod
    def opened(cls, browser: Browser, folder: Path, letter: Path, authority: str) -> "Window":
        """Start a browser in the folder of this run, to open the file `letter` for this address.

        Raises `StoreError` where it is not installed.
        """
        profile = folder / PROFILE
        if browser is Browser.CHROMIUM:
            program = _found(chromium.NAMES)
            chromium.prepare(profile)
            arguments = chromium.arguments(profile, letter, authority)
        else:
            program = _found(firefox.NAMES)
            firefox.prepare(profile, authority)
            arguments = firefox.arguments(profile, letter)
        # Where this process is killed, the window must not stay and show what it shows.
        guard = shutil.which("setpriv")
        command = [*([guard, "--pdeathsig", "KILL"] if guard else []), program]
        return cls(
            subprocess.Popen(
                [*command, *test_switches(), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(folder, os.environ),
                start_new_session=True,
            )
        )

    def is_open(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it, and everything that it started."""
        if self.is_open():
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, 9)
        self._process.wait()


def test_switches() -> list[str]:
    """What the tests add; nothing for anybody else."""
    return os.environ.get(TESTING, "").split()


def environment(folder: Path, outside: Mapping[str, str]) -> dict[str, str]:
    """The browser's environment: its home is the run's folder, and what is no home stays."""
    home = folder / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    inside = {
        **outside,
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "MOZ_CRASHREPORTER_DISABLE": "1",
        "MOZ_DATA_REPORTING": "0",
    }
    if "HOME" in outside:
        inside.setdefault("XAUTHORITY", str(Path(outside["HOME"]) / ".Xauthority"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        inside.pop(name, None)
        inside.pop(name.upper(), None)
    return inside


def _found(names: tuple[str, ...]) -> str:
    for name in names:
        program = shutil.which(name)
        if program is not None:
            return program
    raise StoreError(
        f"{names[0]} is not installed",
        "install it, or take the other with --browser",
    )
