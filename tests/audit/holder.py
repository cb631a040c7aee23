"""Somebody who submitted, and keeps a receipt or a promise, with `intake audit receipt`."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from intake.cli import run
from intake.epoch import Epoch
from intake.log.acknowledgement import Acknowledgement
from intake.opening import Opening
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded
from intake.tlog.note import Note, Signer
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from intake.tlog.tile_reader import TileReader
from tests.audit.log_site import LogSite, closed
from tests.tlog.logs import LOG, ORIGIN


def opening(epoch: Epoch) -> Opening:
    """What somebody submitted in this week."""
    parts = [os.urandom(32) for _ in range(5)]
    return Opening(epoch, *parts[:3], "sha256:" + "0" * 64, *parts[3:])


def week_with(entry: bytes, epoch: Epoch, at: int = 5) -> list[bytes]:
    """An epoch of 16 entries that holds this one."""
    entries = closed(epoch)
    entries[at] = entry
    return entries


@dataclass
class Holder:
    """Somebody who submitted last week, and keeps a receipt or a promise in a file."""

    site: LogSite
    opening: Opening
    file: Path
    policy: Path
    capsys: pytest.CaptureFixture[str]
    err: str = ""

    @property
    def leaf(self) -> bytes:
        """The entry that stands for it."""
        return Blinded(self.opening.commit).to_bytes()

    def proof(self) -> LogProof:
        """The receipt out of what the site serves now."""
        index = self.site.entries.index(self.leaf)
        signed = SignedCheckpoint.parse(self.site.served["/log/checkpoint"])
        checkpoint = signed.checkpoint
        reader = TileReader(
            lambda name: self.site.served.get(f"/log/{name}"), checkpoint.size, checkpoint.root
        )
        return LogProof(index, reader.inclusion(index), signed, self.opening.to_bytes())

    def promise(self, signer: Signer = LOG, origin: str = ORIGIN) -> bytes:
        """The log's word of the same submission."""
        promise = Promise(origin, self.opening.epoch, self.opening.commit)
        text = promise.to_bytes()
        return Note(text, (signer.sign(text),)).to_bytes()

    def acknowledgement(self) -> bytes:
        """The same with the opening that it is about, as the sent page shows it."""
        return Acknowledgement.give(self.opening, LOG).to_bytes()

    def check(self, data: bytes, *options: str, code: int) -> list[str]:
        """Check these bytes and expect an exit code; the lines on standard output."""
        self.file.write_bytes(data)
        self.capsys.readouterr()
        words = ["audit", "receipt", str(self.file), "--policy", str(self.policy), *options]
        assert run(words) == code
        said = self.capsys.readouterr()
        self.err = said.err
        return said.out.splitlines()

    def ask(self, data: bytes, *options: str, code: int) -> list[str]:
        """The same, with the site's log."""
        return self.check(data, "--url", self.site.url, *options, code=code)
