"""A real site, served by the real `intake serve` on this machine, and the keys to open it."""

import datetime as dt
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from intake.age import HybridIdentity, decrypt_bytes
from intake.container import Container
from intake.opening import Opening
from intake.roots import RootSet
from intake.roster import Reviewer, Roster
from intake.seal import check_container
from intake.store import Store, Stored
from intake.tlog.note import Algorithm, Note, Signer
from intake.web.site import Site, today_in_utc


@dataclass(frozen=True)
class Keys:
    """Two reviewers and two root holders, new in each run: a site refuses known test keys."""

    identities: tuple[HybridIdentity, ...]
    signers: tuple[Signer, ...]
    roots: tuple[Signer, ...]

    @classmethod
    def fresh(cls) -> "Keys":
        """From the system's randomness."""
        return cls(
            tuple(HybridIdentity.generate() for _ in range(2)),
            tuple(Signer(f"r{n}", Algorithm.ED25519, os.urandom(32)) for n in range(2)),
            tuple(
                Signer(f"root{n}.test", algorithm, os.urandom(32))
                for n in range(2)
                for algorithm in (Algorithm.ED25519, Algorithm.ML_DSA_44)
            ),
        )

    def roster(self, deployment: str, issued: dt.date) -> Roster:
        """The roster of these reviewers for 30 days, to be signed by both root holders."""
        return Roster(
            deployment=deployment,
            version=1,
            previous=None,
            issued=issued,
            expires=issued + dt.timedelta(days=30),
            k=1,
            reviewers=tuple(
                Reviewer(signer.name, identity.recipient, signer.vkey)
                for signer, identity in zip(self.signers, self.identities, strict=True)
            ),
            revoked=(),
            roots=RootSet(2, tuple(signer.vkey for signer in self.roots)),
        )

    def sign(self, roster: Roster, *, signatures: int = 4) -> bytes:
        """The note of a roster with the first of its signatures."""
        note = Note(roster.to_bytes(), ())
        for signer in self.roots[:signatures]:
            note = note.with_signature(signer.sign(note.text))
        return note.to_bytes()


@dataclass(frozen=True)
class Served:
    """A site that is being served on a port of 127.0.0.1."""

    site: Site
    keys: Keys
    port: int
    old: set[bytes] = field(default_factory=set[bytes])

    def begin(self) -> None:
        """Pass over everything that is kept already: the next test begins."""
        self.old.update(row.sealed for row in self._rows())

    def kept(self) -> list[Container]:
        """Everything kept since `begin`, opened by each reviewer and checked."""
        rows = [row for row in self._rows() if row.sealed not in self.old]
        return [self._opened(row.opening, row.sealed) for row in rows]

    def _rows(self) -> list[Stored]:
        store = Store.open(self.site.store_path)
        try:
            return list(store)
        finally:
            store.close()

    def _opened(self, opening: bytes, sealed: bytes) -> Container:
        one, two = (decrypt_bytes(sealed, [identity]) for identity in self.keys.identities)
        assert one == two
        container = Container.parse(one)
        check_container(container, Opening.parse(opening))
        return container


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Make a site in `folder` and serve it until the end of the block."""
    keys = Keys.fresh()
    site = Site.create(folder, "test", "Северный архив", "abcdefgh.onion", "ru")
    Store.create(site.store_path, site.settings.deployment).close()
    # In use for two weeks, so that tests can open a page in the weeks before this one.
    issued = today_in_utc() - dt.timedelta(days=14)
    roster = keys.roster(site.settings.deployment, issued)
    site.publish(keys.sign(roster), roster.roots, today_in_utc())
    port = free_port()
    command = [sys.executable, "-m", "intake", "serve", str(folder), "--bind", f"127.0.0.1:{port}"]
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen([*command, "--workers", "1"], stdout=log, stderr=log)
    try:
        wait_for(port, process)
        yield Served(site, keys, port)
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Return when something listens on `port`; raise where its process ends first."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on {port}")
