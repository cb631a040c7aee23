"""Small witnesses on 127.0.0.1: they decide as the specification says, and can be told to fail."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from intake.tlog.checkpoint import Checkpoint
from intake.tlog.cosignature import Cosigner
from intake.tlog.note import Algorithm, VerifierKey
from intake.tlog.policy import Group, Log, Policy, Witness
from intake.tlog.witness import KnownLog, decide, write_answer

KINDS = (Algorithm.COSIGNATURE_ED25519, Algorithm.COSIGNATURE_ED25519)
KINDS += (Algorithm.COSIGNATURE_ML_DSA_44,)

Answer = tuple[int, str, bytes]
CHUNKED = b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Endless:
    """An answer in the raw: how it begins, and what comes again and again, after so many seconds.

    It ends with the connection, and after 20 seconds: a test that fails should not hang.
    """

    first: bytes
    then: bytes
    pause: float = 0.0

    def write(self, client: socket.socket) -> None:
        end = time.monotonic() + 20
        client.settimeout(20)
        with suppress(OSError):
            client.sendall(self.first)
            while time.monotonic() < end:
                time.sleep(self.pause)
                client.sendall(self.then)


@dataclass
class HonestWitness:
    """One witness: its key, the last checkpoint that it cosigned, and where it listens."""

    key: Cosigner
    log: VerifierKey
    port: int
    latest: Checkpoint | None = None
    asked: list[bytes] = field(default_factory=list)
    lie: Callable[[Answer], Answer | Endless] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/w"

    def answer(self, path: str, body: bytes) -> Answer | Endless:
        self.asked.append(body)
        if path != "/w/add-checkpoint":
            return 404, "text/plain", b""
        verdict = decide(body, lambda _: KnownLog((self.log,), self.latest))
        given = verdict.status, "text/plain", b""
        if verdict.latest is not None:
            given = 409, "text/x.tlog.size", b"%d\n" % verdict.latest
        if verdict.accepted is not None:
            self.latest = verdict.accepted
            line = self.key.cosign(verdict.accepted, int(time.time()))
            given = 200, "text/plain", write_answer([line])
        return self.lie(given) if self.lie else given


class Server(ThreadingHTTPServer):
    daemon_threads = True
    witness: HonestWitness


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        given = self.server.witness.answer(self.path, body)
        if isinstance(given, Endless):
            self.close_connection = True
            given.write(self.connection)
            return
        status, kind, content = given
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def witnesses(log: VerifierKey, seeds: list[bytes]):
    """As many witnesses as there are seeds, until the block ends."""
    servers = []
    try:
        for number, seed in enumerate(seeds):
            server = Server(("127.0.0.1", 0), Handler)
            key = Cosigner(f"w{number}.test/w", KINDS[number], seed)
            server.witness = HonestWitness(key, log, server.server_port)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            servers.append(server)
        yield [server.witness for server in servers]
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def policy_of(log: VerifierKey, found: list[HonestWitness], quorum: int = 2) -> Policy:
    """A policy that asks for `quorum` of these."""
    names = tuple(f"w{number}" for number in range(len(found)))
    return Policy(
        (Log(log),),
        tuple(Witness(n, w.key.vkey, w.url) for n, w in zip(names, found, strict=True)),
        (Group("q", quorum, names),),
        "q",
    )
