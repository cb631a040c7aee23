"""What only a real server and a real connection can show."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.ports import free_port
from tests.starting import start
from tests.web.conftest import World
from tests.web.follow import Upload, Visitor, over_http, urlencoded
from tests.web.served import OPENED
from tests.web.serving import answer_to, until, wait_for
from tests.web.test_form_pages import ALL, TEXT, check_of, form_of
from tests.web.test_letter_page import letter_for

MARKER = "Посаженное предложение zqx"
Serve = Callable[..., AbstractContextManager[int]]


@contextmanager
def serving(world: World, fault: str = "") -> Iterator[int]:
    """The form under gunicorn, on a port of its own."""
    bind = f"127.0.0.1:{free_port()}"
    spool = world.site.folder.with_name("spool")
    spool.mkdir(exist_ok=True)
    words = ["-m", "gunicorn", "--bind", bind, "--worker-class", "gthread", "--threads", "4"]
    words += ["--log-level", "warning", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
    words.append(f"tests.web.served:application({str(world.site.folder)!r}, {fault!r})")
    with world.site.folder.with_name("server.log").open("wb") as log:
        server = start(words, log, TMPDIR=str(spool))
    try:
        wait_for(bind, server)
        yield int(bind.rpartition(":")[2])
    finally:
        server.terminate()
        assert server.wait(30) == 0


def files_holding(folder: Path, text: str) -> list[Path]:
    """The files under `folder` in which `text` stands, in any spelling on its way."""
    spellings = (text.encode(), text.encode("utf-16-le"), quote(text).encode())
    spellings += (quote(text).replace("%20", "+").encode(),)
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and any(s in path.read_bytes() for s in spellings)
    ]


def write_everything(port: int) -> None:
    """Send the marker by every way that takes a text or a file, small and large."""
    visitor = Visitor(over_http(port))
    check = check_of(visitor, **{**ALL, "narrative": MARKER})
    assert visitor.press(check, "Отправить").status == 200
    large = (MARKER + " ") * 6_500
    assert visitor.press(form_of(visitor), "Продолжить", {"narrative": large}).status == 400
    form = form_of(visitor)
    form.forms[0].attrs["enctype"] = "multipart/form-data"
    assert visitor.press(form, "Продолжить", {"narrative": large}).status == 400
    page = visitor.press(
        visitor.get("/s"), "Отправить", {"file": Upload("x", (large * 2).encode())}
    )
    assert page.status == 400


def test_a_text_is_never_written_to_a_file(world: World) -> None:
    with serving(world) as port:
        write_everything(port)
    folder = world.site.folder.parent
    assert (folder / OPENED).read_text() == ""
    assert files_holding(folder, MARKER) == []
    assert world.text() == MARKER


def test_the_test_would_see_a_file(world: World) -> None:
    with serving(world, "spool") as port:
        write_everything(port)
    assert (
        str(world.site.folder.with_name("spool")) in world.site.folder.with_name(OPENED).read_text()
    )


def test_without_script_over_a_real_connection(world: World) -> None:
    with serving(world) as port:
        visitor = Visitor(over_http(port))
        sent = visitor.press(check_of(visitor, "en", **ALL), "Send")
    assert sent.status == 200
    assert world.text() == TEXT
    assert world.site.folder.with_name("server.log").read_bytes() == b""


def raw(port: int, path: str, visitor: Visitor, kind: str, body: bytes, length: int) -> bytes:
    """Send a request that announces `length` bytes, and give whatever answer comes."""
    token = visitor.get("/1").forms[0].value("csrf_token")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: n={visitor.cookies['n']}\r\n"
        f"X-CSRFToken: {token}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(65536):
            answer += more
    return answer


def test_an_upload_cut_short_leaves_nothing(world: World) -> None:
    letter = letter_for(world).to_bytes()
    form = "application/x-www-form-urlencoded"
    with serving(world) as port:
        visitor = Visitor(over_http(port))
        for end in (0, 100, 1000, 30_000, len(letter) - 1):
            answer = raw(port, "/s", visitor, "application/octet-stream", letter[:end], len(letter))
            assert answer.startswith(b"HTTP/1.1 400 "), end
        check = check_of(visitor)
        body = urlencoded(check.forms[0].values())
        answer = raw(port, "/3", visitor, form, body[:-30], len(body))
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert world.store.count() == 0
        assert visitor.press(check, "Отправить").status == 200
    assert world.store.count() == 1


def test_a_lost_answer_and_a_second_send_keep_one(world: World) -> None:
    """The connection is cut when it is kept and before the person knows."""
    with serving(world) as port:
        visitor = Visitor(over_http(port))
        check = check_of(visitor, **ALL)
        body = urlencoded(check.forms[0].values())
        head = (
            f"POST /3 HTTP/1.1\r\nHost: x\r\nCookie: n={visitor.cookies['n']}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(head.encode() + body)
            until(lambda: world.store.count() == 1)
        assert visitor.press(check, "Отправить").status == 200
        letter = letter_for(world, "from the script").to_bytes()
        token = check.forms[0].value("csrf_token")
        sealed = {"Content-Type": "application/octet-stream", "X-CSRFToken": token}
        head = (
            f"POST /s HTTP/1.1\r\nHost: x\r\nCookie: n={visitor.cookies['n']}\r\nX-CSRFToken: {token}"
            "\r\nContent-Type: application/octet-stream\r\n"
            f"Content-Length: {len(letter)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(head.encode() + letter)
            until(lambda: world.store.count() == 2)
        assert visitor.ask("POST", "/s", letter, sealed).status == 200
    assert len(world.kept()) == 2


def test_what_is_too_large_is_said_and_not_just_cut_off(world: World) -> None:
    with serving(world) as port:
        visitor = Visitor(over_http(port))
        page = check_of(visitor, "en", narrative="x" * 8_000_000)
        assert page.status == 413
        answer = visitor.ask(
            "POST",
            "/s",
            b"no letter" * 40_000,
            {
                "Content-Type": "application/octet-stream",
                "X-CSRFToken": visitor.get("/1").forms[0].value("csrf_token"),
            },
        )
        assert answer.status == 400


def test_a_page_from_before_a_restart_still_sends(world: World) -> None:
    """The key lies in the site folder: a restart costs nobody a text."""
    with serving(world) as port:
        before = Visitor(over_http(port))
        check = check_of(before, **ALL)
    with serving(world) as port:
        after = Visitor(over_http(port))
        after.cookies = before.cookies
        assert after.press(check, "Отправить").status == 200
    assert world.text() == TEXT


def refusal(port: int, cookie: str) -> int:
    """The status that answers a large letter, sent whole before the answer is read; 0 for none."""
    request = (
        f"POST /s HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {8 << 20}\r\n"
        "Connection: close\r\n\r\n"
    ).encode()
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        try:
            status = answer_to(connection, request + bytes(8 << 20)).split(b" ", 2)[1]
        except (ConnectionError, IndexError):
            return 0
    return int(status)


@pytest.mark.parametrize(("fault", "closed", "onion"), [("", 503, 403), ("hang up", 0, 0)])
def test_whoever_still_sends_hears_that_nothing_was_kept(
    make_world: Callable[..., World], fault: str, closed: int, onion: int
) -> None:
    """After the exit, or at another address: the answer comes, and no reset instead of it."""
    with serving(make_world(), fault) as port:
        assert refusal(port, "closed=1") == closed
    world = make_world(only_onion=True)
    world.site.folder.joinpath("site.toml").write_bytes(world.site.settings.to_bytes())
    with serving(world, fault) as port:
        assert refusal(port, "n=0") == onion
