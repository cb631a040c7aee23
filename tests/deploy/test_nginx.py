"""The proxy, for those who need one, keeps nothing: the real nginx, watched while a body goes through it."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.web.serving import serving, site_in, until

CONFIG = Path(__file__).parents[2] / "deploy/nginx.conf"
_OWN = re.compile(r'"/dev/null"|nginx\.pid"')
SIZE = 2 << 20  # more than nginx holds in memory by itself


def settings(folder: Path, port: int, text: str) -> Path:
    """The file as it is, at a port of its own without TLS."""
    for old, new in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("user www-data;", "user root;"),
        ("pid /run/nginx.pid;", f"pid {folder}/nginx.pid;"),
        ("unix:/run/intake/form.sock", f"unix:{folder}/form.sock"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    text = re.sub(r"(?m)^ *ssl_.*;\n", "", text)
    (folder / "nginx.conf").write_text(text)
    return folder / "nginx.conf"


@contextmanager
def proxy(folder: Path, text: str) -> Iterator[int]:
    """nginx before the form's socket; every file that it opens is told in `trace`."""
    port = free_port()
    config = settings(folder, port, text)
    nginx = ["nginx", "-e", "/dev/null", "-p", str(folder), "-c", str(config)]
    assert subprocess.run([*nginx, "-t"], check=False, capture_output=True).returncode == 0
    trace = ["strace", "-f", "-qq", "-e", "trace=open,openat,creat", "-o", str(folder / "trace")]
    running = subprocess.Popen([*trace, *nginx, "-g", "daemon off;"])

    def listens() -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(listens)
        yield port
    finally:
        # Not strace, which would let it go on alone.
        os.kill(int((folder / "nginx.pid").read_text()), signal.SIGTERM)
        running.wait(30)


def post(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    body = b"narrative=" + b"a" * SIZE
    kind = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "seen-by-nobody"}
    connection.request("POST", "/2", body, kind)
    status = connection.getresponse().status
    connection.close()
    return status


def made(folder: Path) -> list[str]:
    """The files that nginx made for a request."""
    rows = (folder / "trace").read_text().splitlines()
    return [row for row in rows if "O_CREAT" in row and not _OWN.search(row)]


@pytest.mark.parametrize("fault", [False, True])
def test_a_body_of_2_mib_is_in_no_file(*, fault: bool, tmp_path: Path) -> None:
    text = CONFIG.read_text("utf-8")
    if fault:
        text = text.replace("proxy_request_buffering off;", "")
    site, _ = site_in(tmp_path / "site")
    with serving(site.folder, bind=f"unix:{tmp_path}/form.sock"), proxy(tmp_path, text) as port:
        assert post(port) in (400, 413)
        time.sleep(0.1)
    assert bool(made(tmp_path)) is fault
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name not in ("trace", "nginx.conf", "nginx.pid"):
            assert b"seen-by-nobody" not in path.read_bytes(), path
