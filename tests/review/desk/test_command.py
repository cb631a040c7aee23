"""`intake review desk` as a command: it begins only for the right person, and ends clean."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.cli import run
from intake.review.desk import cli
from intake.review.desk.gate import Pass
from intake.review.desk.handing_over import LIFE, Letter
from intake.review.desk.sitting import Desk
from intake.review.desk.window import TESTING, environment
from tests.review.desk.conftest import AUTHORITY, PASSPHRASE, Made


def arguments(made: Made, folder: Path, passphrase: str = PASSPHRASE) -> list[str]:
    (folder / "passphrase").write_text(f"{passphrase}\n")
    return [
        *("review", "desk", "--case", str(made.folder), "--identity", str(made.identity)),
        *("--passphrase-file", str(folder / "passphrase"), "--browser", "none"),
    ]


@contextmanager
def running(made: Made, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """The command, and the file whose name it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "intake", *arguments(made, folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_without_a_browser_it_names_a_private_file_and_takes_it_along(
    made: Made, tmp_path: Path, number: signal.Signals
) -> None:
    with running(made, tmp_path) as (process, letter):
        assert stat.S_IMODE(letter.stat().st_mode) == 0o600
        assert stat.S_IMODE(letter.parent.stat().st_mode) == 0o700
        assert str(letter.parent).startswith("/dev/shm/intake-desk.")
        command = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        token = letter.read_text().split('name="token" value="')[1].split('"')[0]
        assert token.encode() not in command
        limits = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
        (dumps,) = (row.split() for row in limits if row.startswith("Max core file size"))
        assert dumps[4:6] == ["0", "0"]
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "")
        assert not letter.parent.exists()


def test_two_desks_do_not_open_one_case(made: Made, tmp_path: Path) -> None:
    with running(made, tmp_path) as (process, letter):
        assert letter.exists()
        second = subprocess.run(
            [sys.executable, "-m", "intake", *arguments(made, tmp_path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert "another command is using this case" in second.stderr
        assert process.poll() is None
        assert letter.exists(), "the second takes nothing of the first along"


def test_a_wrong_passphrase_opens_no_desk(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    handlers = [signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    try:
        assert run(arguments(made, tmp_path, "four wrong test words")) == 1
    finally:
        for number, handler in zip(
            (signal.SIGTERM, signal.SIGINT, signal.SIGHUP), handlers, strict=True
        ):
            signal.signal(number, handler)
    assert "passphrase does not open" in capsys.readouterr().err
    assert not list(Path("/dev/shm").glob(f"intake-desk.{os.getuid()}.{os.getpid()}.*"))


@pytest.mark.parametrize("idle", ["11", "0", "-1"])
def test_it_cannot_be_told_to_wait_longer(made: Made, tmp_path: Path, idle: str) -> None:
    assert run([*arguments(made, tmp_path), "--idle", idle]) == 2


def test_a_letter_that_nobody_opens_is_taken_away(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.monotonic()
    times = iter([begun, begun + LIFE - 1, begun + LIFE])
    monkeypatch.setattr(cli.time, "monotonic", lambda: next(times))
    monkeypatch.setattr(cli.time, "sleep", lambda _: None)
    entry, letter = Pass(), Letter(tmp_path, AUTHORITY, "secret")
    desk = Desk(made.folder, (made.identity,), clock=lambda: 0.0)
    with pytest.raises(Exception, match="no browser opened the page"):
        cli._watch(desk, entry, letter, None, cli.Ending())
    assert next(times, None) is None, "it was still there a second earlier"
    assert not letter.path.exists()
    assert entry.token is None


def test_the_browsers_home_is_in_the_runs_folder(tmp_path: Path) -> None:
    outside = {
        "HOME": "/home/x",
        "DISPLAY": ":0",
        "http_proxy": "http://p",
        "HTTPS_PROXY": "p",
        "XDG_CACHE_HOME": "/home/x/.cache",
        TESTING: "x",
    }
    inside = environment(tmp_path, outside)
    kept = {name: value for name, value in inside.items() if value.startswith("/home")}
    assert kept == {"XAUTHORITY": "/home/x/.Xauthority"}
    assert inside["DISPLAY"] == ":0"
    assert not {"http_proxy", "HTTPS_PROXY"} & set(inside)
    homes = {"HOME", "TMPDIR", *(f"XDG_{n}_HOME" for n in ("CACHE", "CONFIG", "DATA", "STATE"))}
    assert all(Path(inside[name]).is_relative_to(tmp_path) for name in homes)
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_signal_at_any_moment_ends_it() -> None:
    """Also one that comes while it is looked whether the end is wanted."""
    ending = cli.Ending()
    before = signal.getsignal(signal.SIGHUP), signal.getsignal(signal.SIGTERM)
    ints = signal.getsignal(signal.SIGINT)
    try:
        ending.at_signals()
        assert not ending.begun
        signal.raise_signal(signal.SIGTERM)
        assert ending.begun
    finally:
        signal.signal(signal.SIGHUP, before[0])
        signal.signal(signal.SIGTERM, before[1])
        signal.signal(signal.SIGINT, ints)
