"""A small honest site that serves a log, its roster and its manifest, and can be told to lie."""

import datetime as dt
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from intake.code_manifest import PATH as MANIFEST
from intake.epoch import Epoch
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.cosignature import Cosigner
from intake.tlog.entries import Blinded, CodeReleased, EpochClosed, RosterChanged
from intake.tlog.note import Note, Signer
from intake.tlog.tile_writer import TileWriter
from tests.tlog.logs import LOG, POLICY, WITNESSES

ROSTER_NOTE = LOG.sign(b"roster 1\n")
NOTE = Note(b"roster 1\n", (ROSTER_NOTE,)).to_bytes()
MANIFEST_TEXT = b'{"app": "testimony-intake"}\n'
THIS = Epoch.now()


def digest(content: bytes) -> str:
    """As entries write it."""
    return f"sha256:{sha256(content).hexdigest()}"


def weeks_ago(count: int) -> Epoch:
    """The epoch of that many weeks ago."""
    return Epoch.of(THIS.monday - dt.timedelta(weeks=count))


def blinded(count: int, label: str = "leaf") -> list[bytes]:
    """So many commitments to nothing."""
    return [Blinded(sha256(f"{label} {n}".encode()).digest()).to_bytes() for n in range(count)]


def closed(epoch: Epoch, count: int = 16) -> list[bytes]:
    """The entries of one epoch."""
    return [*blinded(count, str(epoch)), EpochClosed(epoch).to_bytes()]


BEGINNING = [
    RosterChanged(1, digest(b"roster 1\n")).to_bytes(),
    CodeReleased(digest(MANIFEST_TEXT)).to_bytes(),
    *closed(weeks_ago(3)),
    *closed(weeks_ago(2), 32),
]


@dataclass
class LogSite:
    """What it serves by path, and what it was asked for; `publish` makes the log anew."""

    folder: Path
    port: int = 0
    served: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)
    times: int = 0

    @property
    def url(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.port}"

    def publish(
        self,
        entries: Sequence[bytes],
        witnesses: Sequence[Cosigner] = WITNESSES[:2],
        log: Signer = LOG,
        at: int | None = None,
    ) -> SignedCheckpoint:
        """Serve the log of exactly these entries: its tiles and nothing of an earlier one."""
        self.times += 1
        folder = self.folder / f"log {self.times}"
        folder.mkdir(parents=True)
        edge = TileWriter(folder).append(entries)
        self.entries = list(entries)
        self.served = {
            f"/log/{path.relative_to(folder)}": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        self.served |= {"/roster.note": NOTE, MANIFEST: MANIFEST_TEXT}
        return self.sign(Checkpoint(log.name, edge.size, edge.root), witnesses, log, at)

    def sign(
        self,
        checkpoint: Checkpoint,
        witnesses: Sequence[Cosigner] = WITNESSES[:2],
        log: Signer = LOG,
        at: int | None = None,
    ) -> SignedCheckpoint:
        """Serve this checkpoint, signed and cosigned now."""
        text = checkpoint.to_bytes()
        when = int(time.time()) if at is None else at
        lines = [log.sign(text), *(witness.cosign(checkpoint, when) for witness in witnesses)]
        signed = SignedCheckpoint(Note(text, tuple(lines)))
        self.served["/log/checkpoint"] = signed.to_bytes()
        return signed

    def tile(self, kind: str) -> str:
        """The path of the partial tile of level 0, or of the partial bundle."""
        size = len(self.entries)
        return f"tile/{kind}/{size // 256:03d}.p/{size % 256}"


@contextmanager
def log_site(folder: Path) -> Iterator[LogSite]:
    """Serve one over HTTP on 127.0.0.1."""
    site = LogSite(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            site.asked.append(self.path)
            content = site.served.get(self.path)
            self.send_response_only(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def write_policy(folder: Path) -> Path:
    """The policy of the site's log: two of three witnesses."""
    path = folder / "log.policy"
    path.write_bytes(POLICY.to_bytes())
    return path
