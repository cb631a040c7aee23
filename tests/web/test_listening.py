"""The form listens on this machine alone, where it was asked to, or says why it cannot."""

import configparser
import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.cli import run
from intake.errors import MalformedError
from intake.web.listening import (
    FromSystemd,
    ListenError,
    Loopback,
    UnixPath,
    hand_over,
    parse_address,
)
from tests.ports import free_port
from tests.web.serving import answer_to, connect, serving, site_in

DEPLOY = Path(__file__).parents[2] / "deploy"
GET = b"GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("127.0.0.1:8000", Loopback("127.0.0.1", 8000)),
        ("127.1.2.3:1", Loopback("127.1.2.3", 1)),
        ("[::1]:65535", Loopback("::1", 65535)),
        ("localhost:80", Loopback("127.0.0.1", 80)),
        ("unix:/run/intake/form.sock", UnixPath("/run/intake/form.sock")),
        ("systemd", FromSystemd()),
    ],
)
def test_an_address_of_this_machine_is_taken(words: str, address: object) -> None:
    assert parse_address(words) == address
    assert str(address) == words.replace("localhost", "127.0.0.1")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "8000",
        ":8000",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:080",
        "127.0.0.1:65536",
        "127.0.0.1:8000 ",
        "127.0.0.1:٨",
        "127.0.0.1:8000\n",
        "127.1:8000",
        "0.0.0.0:8000",
        "[::]:8000",
        "::1:8000",
        "192.168.1.4:80",
        "10.0.0.1:80",
        "[2001:db8::1]:80",
        "example.org:80",
        "localhost.example.org:80",
        "fd://3",
        "tcp://127.0.0.1:80",
        "unix:",
        "unix:form.sock",
        "unix://\0x",
        "unix:/" + "x" * 107,
        "unix:/" + "ж" * 54,
    ],
)
def test_any_other_is_refused(words: str) -> None:
    with pytest.raises(MalformedError):
        parse_address(words)


@given(st.text(max_size=30))
def test_whatever_is_read_is_of_this_machine(words: str) -> None:
    try:
        address = parse_address(words)
    except MalformedError:
        return
    assert parse_address(str(address)) == address


def test_an_address_of_the_network_is_a_usage_error_with_advice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["serve", "x", "--bind", "0.0.0.0:8000"]) == 2
    printed = capsys.readouterr().err
    assert "0.0.0.0:8000 is not a port of this machine alone" in printed
    assert "an onion service or a reverse proxy on the same machine" in printed


def refused(site: Path, bind: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What `intake serve` says where it cannot listen: two lines, and exit 1."""
    ended = subprocess.run(
        [sys.executable, "-m", "intake", "serve", str(site), "--bind", bind],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    error, hint = ended.stderr.splitlines()
    assert error.startswith("intake: error: ")
    assert hint.startswith("intake: hint: ")
    return error.removeprefix("intake: error: ")


def test_a_place_that_is_taken_is_one_phrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, _ = site_in(tmp_path / "site")
    path = tmp_path / "sock"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        assert refused(site.folder, bind, capsys) == f"{bind} is in use"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        assert refused(site.folder, f"unix:{path}", capsys) == f"unix:{path} is in use"
    assert path.exists(), "somebody else's socket stays"
    missing = tmp_path / "no" / "sock"
    phrase = refused(site.folder, f"unix:{missing}", capsys)
    assert phrase == f"there is no folder {missing.parent}"
    assert refused(site.folder, "systemd", capsys) == "systemd handed over no socket, or several"


def test_what_is_no_socket_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a file")
    with pytest.raises(ListenError, match="is there and is no socket"):
        UnixPath(str(path)).bound()
    link = tmp_path / "link"
    link.symlink_to(path)
    with pytest.raises(ListenError, match="is there and is no socket"):
        UnixPath(str(link)).bound()
    assert path.read_text() == "a file"


def test_descriptors_of_another_program_are_not_listened_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """gunicorn would take up what these variables name, wherever that listens."""
    for name in ("LISTEN_PID", "LISTEN_FDS", "GUNICORN_FD", "GUNICORN_PID"):
        monkeypatch.setenv(name, "1")
    (words,) = hand_over(Loopback("127.0.0.1", free_port()))
    os.close(int(words.removeprefix("fd://")))
    for name in ("LISTEN_PID", "LISTEN_FDS", "GUNICORN_FD", "GUNICORN_PID"):
        assert name not in os.environ


def test_on_a_unix_socket_where_owners_cannot_be_changed(tmp_path: Path) -> None:
    """As systemd confines it. The socket is open to the process's group and to nobody else."""
    assert shutil.which("strace"), "strace is missing"
    site, _ = site_in(tmp_path / "site")
    path = tmp_path / "sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))  # and left behind, as by a server that was killed
    calls = "chown,fchown,lchown,fchownat,setuid,setgid,setgroups,setresuid,setresgid"
    confined = ["strace", "-f", "-o", os.devnull, "-e", f"inject={calls}:error=EPERM"]
    with serving(site.folder, confined, log=tmp_path / "log", bind=f"unix:{path}"):
        found = path.lstat()
        assert stat.S_ISSOCK(found.st_mode)
        assert stat.S_IMODE(found.st_mode) == 0o660
        assert (found.st_uid, found.st_gid) == (os.geteuid(), os.getegid())
        with connect(f"unix:{path}") as connection:
            assert answer_to(connection, GET).startswith(b"HTTP/1.1 200 ")
    assert not path.exists(), "it is gone with the server"
    assert (tmp_path / "log").read_bytes() == b""


def test_a_process_of_the_group_can_connect_and_a_stranger_cannot(tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    path = Path("/dev/shm") / f"intake-test-{os.getpid()}.sock"
    code = "import os, socket, sys; group = int(sys.argv[2])\n"
    code += "if os.geteuid() == 0: os.setgroups([]); os.setgid(group); os.setuid(65534)\n"
    code += "socket.socket(socket.AF_UNIX).connect(sys.argv[1])"

    def connects_as(group: int) -> bool:
        words = ["/usr/bin/env", "python3", "-c", code, str(path), str(group)]
        ended = subprocess.run(words, capture_output=True, check=False)
        assert not ended.stderr or b"PermissionError" in ended.stderr
        return ended.returncode == 0

    with serving(site.folder, bind=f"unix:{path}"):
        assert connects_as(os.getegid())
        if os.geteuid() == 0:  # only root can become a stranger
            assert not connects_as(65534)


ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, "-m", "intake", "serve", sys.argv[2], "--bind", "systemd"])
"""


def activated(site: Path, listener: socket.socket) -> "subprocess.Popen[bytes]":
    """`intake serve` as systemd starts it for a socket unit."""
    return subprocess.Popen(
        [sys.executable, "-c", ACTIVATED, str(listener.fileno()), str(site)],
        pass_fds=[listener.fileno()],
        stderr=subprocess.PIPE,
    )


def test_on_the_socket_of_a_systemd_unit_which_stays_when_it_ends(tmp_path: Path) -> None:
    """Whoever comes while it restarts waits, and is answered by the next one."""
    site, _ = site_in(tmp_path / "site")
    path = tmp_path / "sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        for _ in range(2):
            with connect(f"unix:{path}") as connection:
                connection.sendall(GET)
                server = activated(site.folder, listener)
                assert answer_to(connection).startswith(b"HTTP/1.1 200 ")
            server.terminate()
            assert server.communicate(timeout=20) == (None, b"")
            assert server.returncode == 0
            assert path.is_socket()


def test_a_systemd_socket_that_the_network_reaches_is_refused(tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    with socket.create_server(("", 0)) as listener:
        server = activated(site.folder, listener)
        _, said = server.communicate(timeout=60)
    assert server.returncode == 1
    assert b"the socket of systemd is open to the network" in said


def test_on_ipv6_of_this_machine_or_with_a_phrase_where_there_is_none(tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as probe:
            bind = f"[::1]:{probe.getsockname()[1]}"
    except OSError:
        with pytest.raises(ListenError, match="cannot listen on"):
            hand_over(Loopback("::1", 8000))
        return
    with serving(site.folder, bind=bind), connect(bind) as connection:
        assert answer_to(connection, GET).startswith(b"HTTP/1.1 200 ")


def test_the_units_fit_together() -> None:
    """The service is in no group of Tor's, changes no owners, and Tor is told the socket's path."""
    units = configparser.RawConfigParser(strict=False)
    units.optionxform = str  # type: ignore[assignment]
    units.read([DEPLOY / "intake.socket", DEPLOY / "intake.service"])
    path = units["Socket"]["ListenStream"]
    assert f"HiddenServicePort 80 unix:{path}\n" in (DEPLOY / "torrc").read_text()
    assert units["Socket"]["SocketGroup"] == "debian-tor"
    assert units["Socket"]["SocketMode"] == "0660"
    assert units["Service"]["ExecStart"].endswith("--bind systemd")
    assert (units["Service"]["User"], units["Service"]["Group"]) == ("intake", "intake")
    for word in ("SupplementaryGroups", "ExecStartPre", "AmbientCapabilities"):
        assert units["Service"].get(word, "") == ""
    if shutil.which("systemd-analyze"):
        analysis = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", str(DEPLOY / "intake.service")],
            capture_output=True,
            text=True,
            check=True,
        )
        level = analysis.stdout.rpartition("Overall exposure level for intake.service: ")[2]
        assert float(level.split()[0]) <= 1.0
