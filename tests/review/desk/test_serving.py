"""The desk listens where nobody looks, answers this user's programs alone, and keeps no log."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from intake.review.desk.serving import DeskServer, peer_uid, random_address

pytestmark = pytest.mark.allow_hosts(["127.0.0.0/8"])
HEAD = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout\n"
)
PEER, HERE = ("127.1.2.3", 40000), ("127.9.8.7", 8080)
ROW = "   {n}: {local} {remote} {state} 00000000:00000000 00:00000000 00000000  {uid}        0 1 1 0\n"
# In bash, which every user may start; the tests' Python may lie where only this one may look.
ASK = r"exec 3<>/dev/tcp/$0/$1; printf 'GET / HTTP/1.0\r\n\r\n' >&3; cat <&3"
# Who is refused is told so before they say anything: what they send could find the end closed.
LISTEN = "exec 3<>/dev/tcp/$0/$1; cat <&3"


def hexed(end: tuple[str, int]) -> str:
    number = int.from_bytes(socket.inet_aton(end[0]), sys.byteorder)
    return f"{number:08X}:{end[1]:04X}"


def table(*rows: tuple[tuple[str, int], tuple[str, int], str, int]) -> str:
    lines = (
        ROW.format(n=n, local=hexed(local), remote=hexed(remote), state=state, uid=uid)
        for n, (local, remote, state, uid) in enumerate(rows)
    )
    return HEAD + "".join(lines)


def test_the_owner_of_the_other_end_is_read_from_the_kernels_table() -> None:
    rows = ((HERE, PEER, "01", 0), (PEER, HERE, "01", 1234), (PEER, ("127.9.8.7", 81), "01", 7))
    assert peer_uid(table(*rows), PEER, HERE) == 1234


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ((HERE, PEER, "01", 0),),  # our own end is not the other
        ((PEER, HERE, "06", 0),),  # closed: whose it was, nobody knows
        ((PEER, ("127.9.8.7", 8081), "01", 0),),
        ((("127.1.2.3", 40001), HERE, "01", 0),),
    ],
)
def test_an_end_that_is_not_in_the_table_is_nobodys(
    rows: tuple[tuple[tuple[str, int], tuple[str, int], str, int], ...],
) -> None:
    assert peer_uid(table(*rows), PEER, HERE) is None


def test_the_address_is_drawn_and_never_the_usual_one() -> None:
    drawn = {random_address() for _ in range(200)}
    assert len(drawn) > 190
    assert all(address.startswith("127.") for address in drawn)
    assert not any(address.endswith((".0", ".255")) for address in drawn)
    assert "127.0.0.1" not in drawn
    assert not any(address.startswith("127.0.") for address in drawn)


def _page(environ: object, start_response: object) -> list[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    return [b"pages"]


def _broken(environ: object, start_response: object) -> list[bytes]:
    raise RuntimeError("a word of testimony")


@pytest.fixture
def server() -> Iterator[DeskServer]:
    made = DeskServer(_page)
    Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def ask(server: DeskServer, uid: int | None = None, words: str = ASK) -> bytes:
    """The whole answer to a program of this user, or of another."""
    command = ["/bin/bash", "-c", words, str(server.host), str(server.port)]
    done = subprocess.run(command, check=True, capture_output=True, user=uid, timeout=30, cwd="/")
    return done.stdout


def test_this_users_programs_are_answered(server: DeskServer) -> None:
    answer = ask(server)
    assert b" 200 OK\r\n" in answer
    assert answer.endswith(b"pages")
    assert b"Server: desk\r\n" in answer


def test_another_users_programs_are_not(server: DeskServer) -> None:
    """Only root can be another user: for whoever is not, the server is one's, and the kernel is asked just so."""
    uid = 65534 if os.getuid() == 0 else None
    if uid is None:
        server.uid = os.getuid() + 1
    answer = ask(server, uid=uid, words=LISTEN)
    assert b" 403 Forbidden\r\n" in answer
    assert b"pages" not in answer


def test_a_server_of_another_user_does_not_answer_us(server: DeskServer) -> None:
    server.uid = os.getuid() + 1
    assert b" 403 Forbidden\r\n" in ask(server, words=LISTEN)


def test_nothing_is_logged_not_even_what_breaks(capfd: pytest.CaptureFixture[str]) -> None:
    made = DeskServer(_broken)
    Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    answer = ask(made)
    with socket.create_connection((str(made.host), int(made.port))) as rude:
        rude.sendall(b"\x16\x03nonsense\r\n\r\n")
        rude.recv(4096)
    made.shutdown()
    made.server_close()
    assert b"testimony" not in answer
    assert "Traceback" not in answer.decode()
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")


def test_it_listens_at_its_own_address_alone(server: DeskServer) -> None:
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    port = f"{int(server.port):04X}"
    listening = {row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{port}")}
    assert listening == {hexed((str(server.host), int(server.port)))}
