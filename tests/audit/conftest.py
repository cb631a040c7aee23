"""A site served in this process, whose answers a test can change, and the audit of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from intake.accept import Acceptor
from intake.store import Store
from intake.web.app import FormApp, create_app
from intake.web.manifest import listed_by
from tests.web.serving import site_in

Headers = list[tuple[str, str]]
Change = Callable[[int, Headers, bytes], tuple[int, Headers, bytes]]


@dataclass
class Told:
    """One request as it came."""

    method: str
    path: str
    headers: list[tuple[str, str]]


@dataclass
class Audited:
    """A site that is being served, what it was asked, and what is done to its answers by path."""

    app: FormApp
    port: int
    folder: Path
    asked: list[Told] = field(default_factory=list)
    change: dict[str, Change] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.port}"

    def write(self, name: str = "reference") -> Path:
        """What `intake manifest` writes; the manifest's own path."""
        folder = self.folder / name
        folder.mkdir()
        for file, content in listed_by(self.app).items():
            (folder / file).write_bytes(content)
        return folder / "manifest.json"


class _Handler(WSGIRequestHandler):
    """Says nothing, and notes what came in its very order."""

    asked: list[Told]

    def get_environ(self) -> dict[str, object]:
        self.asked.append(Told(self.command, self.path, list(self.headers.items())))
        return super().get_environ()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def serving(folder: Path, form: str = "minimal") -> Iterator[Audited]:
    """A site over HTTP on 127.0.0.1, changed as a test says."""
    site, _ = site_in(folder / "site")
    site.settings = replace(site.settings, form=form)
    store = Store.open(site.store_path)
    app = create_app(site, Acceptor(store, site))
    handler = type("Handler", (_Handler,), {"asked": []})
    held: list[Audited] = []

    def changing(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        got: list[tuple[str, Headers]] = []
        body = b"".join(app(environ, lambda status, headers, *_: got.append((status, headers))))
        status, headers = got[0]
        code = int(status[:3])
        for path, change in held[0].change.items():
            if str(environ["PATH_INFO"]) == path:
                code, headers, body = change(code, headers, body)
        headers = [(n, v) for n, v in headers if n.lower() != "content-length"]
        start(f"{code} X", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    server = make_server("127.0.0.1", 0, changing, WSGIServer, handler)
    held.append(Audited(app, server.server_port, folder, handler.asked))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield held[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.close()


@pytest.fixture
def audited(tmp_path: Path) -> Iterator[Audited]:
    """One with the short form."""
    with serving(tmp_path) as made:
        yield made
