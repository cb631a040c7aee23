"""What the worst form that there can be costs the server, in memory."""

import contextlib
import re
import threading
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from pathlib import Path

from tests.web.follow import Headers, Send, Visitor, over_http, urlencoded
from tests.web.memory import readers_of
from tests.web.serving import serving, site_in


def memory_of(pid: int) -> int:
    """The most memory that a process ever held, in bytes; 0 where it is gone."""
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) * 1024 if found else 0
    return 0


def in_two(port: int, between: threading.Event) -> Send:
    """Requests of which a byte is sent, and the rest when something happened."""

    def send(
        method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Headers, bytes]:
        def pieces() -> Iterator[bytes]:
            yield body[:1]
            assert between.wait(30)
            yield body[1:]

        with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            length = {"Content-Length": str(len(body))}
            connection.request(method, path, pieces(), {**headers, **length})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    return send


def test_the_worst_form_costs_less_than_100_megabytes(tmp_path: Path) -> None:
    """An emoji makes four bytes of each character, and a quotation mark becomes five."""
    site, _ = site_in(tmp_path / "site")
    with serving(site.folder, change="server.__name__") as (port, server):
        visitor = Visitor(over_http(port))
        page = visitor.get("/1")
        rows = [row for row in page.forms[0].values() if row[0] != "narrative"]
        body = urlencoded(rows) + "&narrative=😀".encode()
        body += b'"' * (1024 * 1024 - len(body))
        peaks: dict[int, list[int]] = {}
        looked, answered = threading.Event(), threading.Event()

        def watch() -> None:
            while not answered.is_set():
                for reader in readers_of(server.pid):
                    peaks.setdefault(reader, []).append(memory_of(reader))
                    looked.set()
                time.sleep(0.002)  # it is the most that it ever held that is read

        watcher = threading.Thread(target=watch)
        watcher.start()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        # In two, so that a reader is looked at before it grows.
        writer = Visitor(in_two(port, looked))
        writer.cookies = visitor.cookies
        try:
            answer = writer.ask("POST", "/2", body, kind)
        finally:
            answered.set()
            watcher.join()
        assert answer.status == 400
        assert answer.forms[0].value("narrative").count('"') > 1_000_000
        # Where the first is slow to begin there may be another, which finds nothing to read.
        (grown,) = (more for seen in peaks.values() if (more := max(seen) - seen[0]) > 5_000_000)
        assert grown < 100_000_000
