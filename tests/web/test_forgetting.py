"""What people write is in no process's memory a second after the answer; each fault is found there."""

import re
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from intake.codename import Codename
from tests.web.follow import Upload, Visitor, over_http, urlencoded
from tests.web.memory import OURS, found_in
from tests.web.returning import opened, reply_row, write_board
from tests.web.serving import connect, serving, site_in
from tests.web.test_form_pages import check_of

LATIN = "planted-sentence-zqxw by night"
CYRILLIC = "посаженное предложение щэъ"
EMOJI = "посажено 😀 щэъ zq"
CODE = "abacus zoom drop-down felt-tip t-shirt yo-yo unicorn granite"
REPLY = "a planted reply zqxw"
TEXTS = [LATIN, CYRILLIC, EMOJI, CODE, REPLY]
SEND = "Отправить"
POST = "POST {} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"


def with_reply(folder: Path) -> None:
    site, _ = site_in(folder)
    name = site.settings.deployment
    write_board(folder, name, [reply_row(name, Codename.parse(CODE), REPLY)])


def write_all(port: int) -> list[str]:
    """By every page that takes words, or shows them: in each width of Python's characters.

    Gives the secrets that were made for them.
    """
    visitor = Visitor(over_http(port))
    secrets = []
    for text in (LATIN, CYRILLIC, EMOJI):
        check = check_of(visitor, narrative=text)
        secrets.append(check.forms[0].value("resend"))
        assert visitor.press(check, SEND).status == 200
        large = Upload("letter", f"{text} ".encode() * 20_000)
        assert visitor.press(visitor.get("/s"), SEND, {"file": large}).status == 400
    page = opened(visitor, CODE)
    assert REPLY in page.words
    more = visitor.press(page, "Написать ещё")
    assert visitor.press(more, SEND, {"narrative": CYRILLIC}).status == 200
    return secrets


def write_and_stay(port: int, staying: ExitStack) -> None:
    """On connections that stay open, where the next request may come."""
    visitor = Visitor(over_http(port))
    token = visitor.get("/1").forms[0].value("csrf_token")
    for text in (LATIN, CYRILLIC, EMOJI):
        body = urlencoded([("csrf_token", token), ("lang", "ru"), ("narrative", text)])
        head = POST.format("/2") + f"Cookie: n={visitor.cookies['n']}\r\n"
        connection = staying.enter_context(connect(f":{port}"))
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = b""
        while (said := re.search(rb"Content-Length: (\d+)\r\n", answer)) is None or len(
            answer.partition(b"\r\n\r\n")[2]
        ) < int(said[1]):
            answer += connection.recv(65536)
        assert text.encode() in answer
        assert b"Connection: close" not in answer


# Connections on which nothing comes are let go after 5 seconds; a slow test must not wait for that.
STAYING = """
from intake.web.connections import Connection
begin = Connection.begin
Connection.begin = lambda self, _: begin(self, 600)
"""


def remembered(folder: Path, change: str) -> set[tuple[str, str]]:
    """What is found a second after the last answer."""
    with_reply(folder)
    with (
        serving(folder, OURS, f"{STAYING}{change}", anew=True) as (port, server),
        ExitStack() as staying,
    ):
        secrets = write_all(port)
        write_and_stay(port, staying)
        time.sleep(1)
        return found_in(server.pid, [*TEXTS, *secrets])


def test_a_second_later_no_process_of_the_server_holds_a_word(tmp_path: Path) -> None:
    assert remembered(tmp_path / "site", "") == set()


FAULTS = {
    "a reader that stays": "from intake.web import reading\nreading.LIFE = reading.LINGER = 60",
    "a thread that reads": (
        "from intake.web.connections import Connection\nConnection.is_wordless = lambda _: True"
    ),
    "a worker that keeps what it gathered": """
from intake.web.gathered import Gathered
def forget(self, count):
    self._length -= min(count, self._length)
Gathered.forget = forget
""",
    "a worker that gathers in values of Python": """
from intake.web.gathered import Gathered
receive = Gathered.receive
kept = []
def receiving(self, source):
    came = receive(self, source)
    kept.append(bytes(self._memory[: self._length]))
    return came
Gathered.receive = receiving
""",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_twin_that_remembers_is_found(tmp_path: Path, fault: str) -> None:
    found = remembered(tmp_path / "site", FAULTS[fault])
    texts, names = {text for text, _ in found}, {name for _, name in found}
    if "gather" in fault:
        assert texts >= {LATIN, CYRILLIC, EMOJI}
        assert "percent, plus" in names
    else:
        # What came first may be overwritten by what came later, in a process that goes on.
        assert EMOJI in texts
        assert {"UTF-8", "UCS-4"} <= names
