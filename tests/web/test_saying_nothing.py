"""Whatever is sent to the server, no word of it, and not that it came, is written anywhere."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.ports import free_port
from tests.web.follow import Visitor, over_http
from tests.web.serving import PROGRAM, answer_to, connect, serving, site_in, until
from tests.web.test_form_pages import check_of

MARKER = "PLANTED-words-zqx"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
HEAD = "Host: a\r\nConnection: close\r\n"
MALFORMED = {
    "words after a short length": f"POST /2 HTTP/1.1\r\nHost: a\r\n{FORM}Content-Length: 5\r\n\r\n"
    f"narrative={MARKER}\r\n\r\n",
    "no request": f"{MARKER}\r\n\r\n",
    "no version": f"GET /{MARKER}\r\n\r\n",
    "another version": f"GET /{MARKER} HTTP/9.9\r\n{HEAD}\r\n",
    "a bad method": f"{MARKER} / HTTP/1.1\r\n{HEAD}\r\n",
    "a bare line feed": f"GET /{MARKER} HTTP/1.1\nHost: a\n\n",
    "no header": f"GET / HTTP/1.1\r\n{MARKER}\r\n\r\n",
    "a bad header": f"GET / HTTP/1.1\r\n{MARKER} x: y\r\n\r\n",
    "a control character": f"GET / HTTP/1.1\r\nX: {MARKER}\x01\r\n\r\n",
    "a folded header": f"GET / HTTP/1.1\r\nX: y\r\n {MARKER}\r\n\r\n",
    "a long path": f"GET /{MARKER * 500} HTTP/1.1\r\n{HEAD}\r\n",
    "a long header": f"GET / HTTP/1.1\r\nX: {MARKER * 500}\r\n{HEAD}\r\n",
    "many headers": f"GET / HTTP/1.1\r\n{f'X: {MARKER}{chr(13)}{chr(10)}' * 200}\r\n",
    "an endless head": f"GET / HTTP/1.1\r\nX: {MARKER * 60_000}",
    "an unknown coding": f"POST /2 HTTP/1.1\r\n{HEAD}Transfer-Encoding: {MARKER}\r\n\r\n",
    "an unknown expectation": f"POST /2 HTTP/1.1\r\n{HEAD}Expect: {MARKER}\r\n\r\n",
    "two lengths": f"POST /2 HTTP/1.1\r\n{HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{MARKER}",
    "a negative length": f"POST /2 HTTP/1.1\r\n{HEAD}{FORM}Content-Length: -5\r\n\r\n{MARKER}",
    "a length in words": f"POST /2 HTTP/1.1\r\n{HEAD}Content-Length: {MARKER}\r\n\r\n",
}
CHUNKED = f"POST /2 HTTP/1.1\r\n{HEAD}{FORM}Transfer-Encoding: chunked\r\n\r\n"
BAD_CHUNKS = {
    "a bad size": f"{CHUNKED}{MARKER}\r\n",
    "a negative size": f"{CHUNKED}-5\r\n{MARKER}\r\n",
    "no end of a chunk": f"{CHUNKED}5\r\n{MARKER}\r\n0\r\n\r\n",
    "a bad extension": f"{CHUNKED}5;\x01{MARKER}\r\nabcde\r\n0\r\n\r\n",
    "a bad trailer": f"{CHUNKED}0\r\n{MARKER}\r\n\r\n",
    "cut short": f"{CHUNKED}ffff\r\n{MARKER}",
}
NOT_BELIEVED = {
    "SCRIPT_NAME": "SCRIPT_NAME: /foo",
    "PATH_INFO": f"PATH_INFO: /{MARKER}",
    "a scheme": "X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off",
    "a sender": f"X-Forwarded-For: {MARKER}",
    "an upgrade": "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
}


def sent(port: int, request: str) -> bytes:
    """The whole answer to a request after which no more comes."""
    with connect(f":{port}") as connection:
        connection.settimeout(30)
        connection.sendall(request.encode())
        connection.shutdown(1)
        return answer_to(connection)


def test_a_request_that_cannot_be_read_leaves_no_trace(tmp_path: Path) -> None:
    """Not in a log, and not in the answer, which has the headers of every other answer."""
    site, _ = site_in(tmp_path / "site")
    log = tmp_path / "log"
    with serving(site.folder, log=log) as (port, _):
        sent(port, f"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\n{HEAD}\r\n")
        for what, request in MALFORMED.items():
            answer = sent(port, request)
            last = answer[answer.rindex(b"HTTP/1.1 ") :]
            assert last.startswith(b"HTTP/1.1 400 Bad Request\r\n"), what
            assert b"\r\nContent-Length: 0\r\n" in last, what
            assert b"\r\nCache-Control: no-store\r\n" in last, what
            assert b"\r\nContent-Security-Policy: default-src 'none'; " in last, what
            assert MARKER.encode() not in answer.replace(b"narrative=", b""), what
            assert b"gunicorn" not in answer, what
        for what, request in BAD_CHUNKS.items():
            answer = sent(port, request)
            assert answer.startswith(b"HTTP/1.1 400 "), what
            assert "Ничего не отправлено и не сохранено".encode() in answer, what
            assert MARKER.encode() not in answer, what
        for what, header in NOT_BELIEVED.items():
            answer = sent(port, f"GET /1 HTTP/1.1\r\n{HEAD}{header}\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200 OK\r\nServer: web\r\n"), what
        connect(f":{port}").close()
        assert Visitor(over_http(port)).get("/1").status == 200
    assert log.read_bytes() == b""


def test_a_failure_is_said_once_and_by_class_and_line(tmp_path: Path) -> None:
    """One line however many requests met it: with times beside them they would be an access log."""
    site, _ = site_in(tmp_path / "site")
    log = tmp_path / "log"
    change = f"""
import logging, warnings
from intake.errors import RosterError
def current(self):
    logging.getLogger("sqlalchemy.pool").error("%s", "{MARKER}")
    warnings.warn("{MARKER}")
    raise RosterError("expired {MARKER}")
check = Site.current
asked = []
def later(self):
    asked.append(1)
    return check(self) if len(asked) < 2 else current(self)
Site.current = later
"""
    with serving(site.folder, change=change, log=log) as (port, _):
        visitor = Visitor(over_http(port))
        for _ in range(5):
            assert visitor.get("/1").status == 503
    lines = log.read_text().splitlines()
    assert lines == ["intake.errors.RosterError at <string>:13"]


def test_a_worker_that_cannot_start_is_said_to_the_operator(tmp_path: Path) -> None:
    """The server ends, with what failed by class and line: a message may hold anything."""
    site, _ = site_in(tmp_path / "site")
    change = f"""
def broken(self):
    raise ValueError("{MARKER}")
server.PatientWorker.load_wsgi = broken
"""
    program = [sys.executable, "-c", PROGRAM.format(change)]
    ended = subprocess.run(
        [*program, str(site.folder), "--bind", f"127.0.0.1:{free_port()}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 3
    assert ended.stderr.startswith("builtins.ValueError at <string>:9\n")
    assert "intake: server: Reason: Worker failed to boot.\n" in ended.stderr
    assert MARKER not in ended.stderr
    assert "Traceback" not in ended.stderr


LOUD = f"""
import logging, sys, threading, warnings
from intake.web import server_log
from intake.web.server_log import ServerLog
server_log.install()
words = "{MARKER}"
def fail():
    raise ValueError(words)
for name in ("", "gunicorn.error", "gunicorn.http.wsgi", "concurrent.futures", "sqlalchemy.pool"):
    logging.getLogger(name).critical("%s", words)
    logging.getLogger(name).critical("%s %s", words)
    try:
        fail()
    except ValueError:
        logging.getLogger(name).exception(words)
warnings.warn(words)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
class Gone:
    def __del__(self):
        raise KeyError(words)
Gone()
log = ServerLog(None)
try:
    fail()
except ValueError:
    log.exception("%s", words)
    log.error("%s", words, exc_info=True)
import os
if os.fork() == 0:
    log.critical("%s", words)
    log.warning(words)
    os._exit(0)
os.wait()
for _ in range(3):
    log.error("Worker (pid:%s) exited", 7)
log.info(words); log.debug(words); log.access(words, words); log.log(40, words)
"""


def test_no_library_says_a_word_of_what_it_handled() -> None:
    """By log, warning, thread or destructor; a worker's own messages go the same way."""
    ended = subprocess.run(
        [sys.executable, "-c", LOUD], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr.splitlines() == [
        "builtins.ValueError at <string>:8",
        "builtins.KeyError at <string>:22",
        "intake: server: Worker (pid:7) exited",
    ]


def test_a_worker_that_dies_is_said_once_and_replaced(tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    log = tmp_path / "log"
    with serving(site.folder, log=log) as (port, server):
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        until(lambda: len(children.read_text().split()) == 2)
        for _ in range(3):
            before = children.read_text().split()
            os.kill(int(before[0]), signal.SIGKILL)
            until(lambda before=before: before[0] not in children.read_text().split())
            until(lambda: len(children.read_text().split()) == 2)
        time.sleep(0.5)
        assert check_of(Visitor(over_http(port)), narrative=MARKER).status == 200
    said = log.read_text().splitlines()
    assert len(said) == 1
    assert said[0].startswith("intake: server: Worker (pid:")
