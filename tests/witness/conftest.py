"""Witnesses as partner organisations run them: a folder, a process, a port of 127.0.0.1."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from intake.cli import run
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.merkle import prove_consistency
from intake.tlog.note import Note, VerifierKey
from intake.tlog.witness import AddCheckpoint
from intake.witness.cosigning import Witness
from intake.witness.record import WitnessFolder
from intake.witness.serving import WitnessServer
from tests.ports import free_port
from tests.starting import Started, start
from tests.tlog.logs import LOG, ORIGIN
from tests.tlog.trees import entries, mth, reader
from tests.web.serving import wait_for

LEAVES = entries(40)
FORK = [*LEAVES[:4], b"another", *LEAVES[5:]]

# `intake witness serve`, with words of a test before it that change something.
PROGRAM = """
import os, signal, sys
from intake.cli import run
{}
sys.exit(run(["witness", "serve", *sys.argv[1:]]))
"""


@dataclass(frozen=True)
class Partner:
    """A witness's folder and its two public keys, Ed25519 first."""

    folder: Path
    vkeys: tuple[VerifierKey, VerifierKey]


def make_partner(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str = "one.test/w"
) -> Partner:
    """`intake witness new` and `add-log` for the log of the tests."""
    capsys.readouterr()
    assert run(["witness", "new", str(folder), "--name", name]) == 0
    first, second = map(VerifierKey.parse, capsys.readouterr().out.splitlines())
    assert run(["witness", "add-log", str(folder), str(LOG.vkey)]) == 0
    return Partner(folder, (first, second))


@pytest.fixture
def partner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Partner:
    """A witness that knows the log of the tests and cosigned nothing yet."""
    return make_partner(tmp_path / "witness", capsys)


@dataclass(frozen=True)
class Serving:
    """A running witness."""

    port: int
    process: Started
    said: Path

    def ask(self, body: bytes) -> tuple[int, str, bytes]:
        """Ask it to add a checkpoint: status, type, body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", "/add-checkpoint", body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read()
        finally:
            connection.close()


@contextmanager
def serving(folder: Path, change: str = "") -> Iterator[Serving]:
    """`intake witness serve` in a process of its own, killed in the end."""
    port = free_port()
    bind = f"127.0.0.1:{port}"
    program = ["-c", PROGRAM.format(change)] if change else ["-m", "intake", "witness", "serve"]
    said = folder.parent / f"{folder.name}-{time.monotonic_ns()}.said"
    with said.open("wb") as sink:
        process = start([*program, str(folder), "--bind", bind], sink)
    try:
        wait_for(bind, process, 60)
        yield Serving(port, process, said)
    finally:
        process.kill()
        process.wait(30)


@contextmanager
def running(partner: Partner, patience: float = 30) -> Iterator[WitnessServer]:
    """A server in this process, stopped in the end."""
    with (
        WitnessFolder(partner.folder) as folder,
        WitnessServer(("127.0.0.1", 0), Witness(folder), patience) as server,
    ):
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def asking(old: int, size: int, leaves: list[bytes] = LEAVES) -> AddCheckpoint:
    """What a log of these entries sends to get its first `size` cosigned."""
    checkpoint = Checkpoint(ORIGIN, size, mth(leaves[:size]))
    text = checkpoint.to_bytes()
    proof = prove_consistency(old, size, reader(leaves[:size])) if old <= size else ()
    return AddCheckpoint(old, proof, SignedCheckpoint(Note(text, (LOG.sign(text),))))
