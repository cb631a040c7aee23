"""Many who open codes at once, and one who sends texts meanwhile; and how long that one waits."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from intake.codename import Codename
from tests.web.follow import Visitor, over_http, urlencoded
from tests.web.returning import code_of
from tests.web.test_form_pages import check_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def opening(port: int) -> tuple[bytes, dict[str, str]]:
    """What a browser without script sends to open a code."""
    visitor = Visitor(over_http(port))
    token = visitor.get("/r").forms[0].value("csrf_token")
    rows = {"csrf_token": token, "lang": "ru", "code": code_of(Codename.fresh()), "go": "open"}
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    return urlencoded(list(rows.items())), FORM | {"Cookie": cookie}


@contextmanager
def hammered(port: int, clients: int) -> Iterator[dict[int, int]]:
    """So many clients who do nothing but open codes; gives how often each status came."""
    body, headers = opening(port)
    said: dict[int, int] = {}
    stop = threading.Event()

    def run() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        while not stop.is_set():
            try:
                connection.request("POST", "/r", body, headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, HTTPException):
                connection.close()
                continue
            said[answer.status] = said.get(answer.status, 0) + 1
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)  # until their queue is as long as it gets
        yield said
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class Sender:
    """One who has written, and presses Send on one text after another."""

    def __init__(self, port: int, texts: int) -> None:
        self._visitor = Visitor(over_http(port))
        self._checks = [check_of(self._visitor) for _ in range(texts)]

    def waits(self, count: int) -> list[float]:
        """How many seconds each of so many Sends took, in order of size; all were taken."""
        times = []
        for check in self._checks[:count]:
            began = time.monotonic()
            assert self._visitor.press(check, "Отправить").status == 200
            times.append(time.monotonic() - began)
        del self._checks[:count]
        return sorted(times)
