"""`intake doctor` on a torrc, the folders and sockets that it names, and the real tor."""

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.machine import Level
from intake.web.checkup_tor import examine_tor, read_torrc
from tests.web.test_doctor_clock_by_tor import ENDS, saved

HOST = "abcd.onion"
TORRC = Path("deploy/torrc").read_text("utf-8")


@pytest.fixture
def torrc(tmp_path: Path) -> Iterator[Path]:
    """The one of deploy/, with its folder and its socket here, both as tor and systemd leave them."""
    service = tmp_path / "service"
    for folder, host in ((service, HOST), (tmp_path / "ssh", "efgh.onion")):
        folder.mkdir(mode=0o700)
        (folder / "hostname").write_text(f"{host}\n")
    path = tmp_path / "torrc"
    text = TORRC.replace("/var/lib/tor/intake", str(service))
    text = text.replace("/var/lib/tor/ssh", str(tmp_path / "ssh"))
    text += f"DataDirectory {saved(tmp_path, ENDS)}\n"
    path.write_text(re.sub(r"unix:\S+", f"unix:{tmp_path}/form.sock", text))
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{tmp_path}/form.sock")
        (tmp_path / "form.sock").chmod(0o660)
        yield path


def wrong(torrc: Path, address: str = HOST) -> dict[str, Level]:
    rows = list(examine_tor(torrc, address, ENDS))
    assert all((row.advice != "") == (row.level is not Level.FINE) for row in rows)
    return {row.topic: row.level for row in rows if row.level is not Level.FINE}


def changed(torrc: Path, old: str, new: str) -> Path:
    text = torrc.read_text("utf-8")
    assert old in text
    torrc.write_text(text.replace(old, new))
    return torrc


def test_the_torrc_of_deploy_is_fine_with_the_tor_that_is_installed(torrc: Path) -> None:
    assert wrong(torrc) == {}


def test_the_real_tor_takes_the_torrc_of_deploy(torrc: Path, tmp_path: Path) -> None:
    """With proof of work, word for word but for its places."""
    (tmp_path / "data").mkdir(mode=0o700)
    words = ["tor", "--verify-config", "-f", torrc, "--DataDirectory", tmp_path / "data"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    changed(torrc, "HiddenServicePoWDefensesEnabled 1", "HiddenServicePoWDefensesEnabled maybe")
    assert subprocess.run(words, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(
    ("old", "new", "topic", "level"),
    [
        ("PoWDefensesEnabled 1", "PoWDefensesEnabled 0", "onion flood", Level.WARNING),
        ("HiddenServicePoW", "# HiddenServicePoW", "onion flood", Level.WARNING),
        ("SafeLogging 1", "SafeLogging 0", "tor log", Level.WRONG),
        ("SafeLogging 1", "\tSafeLogging\t 0", "tor log", Level.WRONG),
        ("SafeLogging 1", "%include /etc/torrc.d/*.conf", "tor", Level.UNKNOWN),
        ("DataDirectory ", "DataDirectory /nowhere", "clock by tor", Level.UNKNOWN),
        ("Log notice syslog", "Log info file /var/log/tor/log", "tor log", Level.WRONG),
        ("Log notice syslog", "Log debug-notice syslog", "tor log", Level.WRONG),
        ("Log notice syslog", "log NOTICE syslog\nLog [rend]Debug syslog", "tor log", Level.WRONG),
        ("Log notice syslog", "Log [rend,circ]info-err syslog", "tor log", Level.WRONG),
        ("form.sock", "other.sock", "onion socket", Level.WRONG),
        ("form.sock", "torrc", "onion socket", Level.WRONG),
    ],
)
def test_each_line_that_should_be_otherwise_is_found(
    torrc: Path, old: str, new: str, topic: str, level: Level
) -> None:
    assert wrong(changed(torrc, old, new)) == {topic: level}


def test_a_log_that_is_quiet_may_have_any_name(torrc: Path) -> None:
    assert wrong(changed(torrc, "Log notice syslog", "Log notice file /var/log/debug/info")) == {}


def test_a_port_in_place_of_a_socket_is_found(torrc: Path, tmp_path: Path) -> None:
    changed(torrc, f"unix:{tmp_path}/form.sock", "127.0.0.1:8000")
    assert wrong(torrc) == {"onion socket": Level.WARNING}


def test_a_socket_that_anybody_can_reach_is_found(torrc: Path, tmp_path: Path) -> None:
    (tmp_path / "form.sock").chmod(0o666)
    assert wrong(torrc) == {"onion socket": Level.WARNING}


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o701])
def test_an_onion_key_that_others_can_reach_is_found(
    torrc: Path, tmp_path: Path, mode: int
) -> None:
    (tmp_path / "service").chmod(mode)
    assert wrong(torrc) == {"onion key": Level.WRONG}


def test_a_torrc_of_another_site_and_none_are_found(torrc: Path, tmp_path: Path) -> None:
    assert wrong(torrc, "other.onion") == {"tor": Level.WARNING}
    assert wrong(tmp_path / "none") == {"tor": Level.WARNING}


def test_whoever_may_not_read_addresses_looks_at_what_leads_to_a_socket(
    torrc: Path, tmp_path: Path
) -> None:
    for folder in ("service", "ssh"):
        (tmp_path / folder / "hostname").unlink()
    assert wrong(torrc) == {}
    (tmp_path / "form.sock").chmod(0o666)
    assert wrong(torrc) == {"onion socket": Level.WARNING}


def test_a_tor_that_is_too_old_or_not_there_is_found(
    torrc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the program says of itself decides."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert wrong(torrc) == {"tor version": Level.WARNING}
    program = tmp_path / "tor"
    for version, modules, rest in (
        ("0.4.7.16", "pow: yes", {"tor version": Level.WARNING}),
        ("0.4.8.0", "pow: no", {"tor version": Level.WARNING}),
        ("0.4.8.0", "pow: yes", {}),
    ):
        program.write_text(f"#!/bin/sh\necho 'Tor version {version}.'\necho '{modules}'\n")
        program.chmod(0o700)
        assert wrong(torrc) == rest


def test_options_belong_to_the_service_before_them() -> None:
    common, services = read_torrc(
        "HiddenServicePort 1 # of none\nHiddenServiceDir /a\nhiddenserviceport 80 unix:/a.sock\n"
        'HiddenServiceDir "/b c"\nHiddenServicePort 80 unix:"/b c.sock"\nSafeLogging 0\n'
    )
    assert [str(one.folder) for one in services] == ["/a", "/b c"]
    assert [[str(path) for path in one.sockets] for one in services] == [["/a.sock"], ["/b c.sock"]]
    assert common["safelogging"] == ["0"]
    assert "hiddenserviceport" in common
