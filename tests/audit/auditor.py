"""Somebody who follows a site's log from one folder, with `intake audit follow`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from intake.cli import run
from tests.audit.log_site import BEGINNING, LogSite, log_site, write_policy


@dataclass
class Auditor:
    """Somebody who follows one site from one folder."""

    site: LogSite
    policy: Path
    state: Path
    capsys: pytest.CaptureFixture[str]
    err: str = ""

    def look(self, *options: str, code: int) -> list[str]:
        """Look once, and expect this exit code; the lines on standard output."""
        self.capsys.readouterr()
        words = ["audit", "follow", self.site.url, "--state", str(self.state)]
        assert run([*words, "--policy", str(self.policy), *options]) == code
        said = self.capsys.readouterr()
        self.err = said.err
        return said.out.splitlines()

    def found(self, *options: str) -> list[str]:
        """Look once, and give what is found."""
        lines = self.look(*options, "--json", code=1)
        told = json.loads("\n".join(lines))
        return [f"{finding['fault']}: {finding['phrase']}" for finding in told["findings"]]

    @property
    def kept(self) -> bytes | None:
        """What the folder keeps."""
        path = self.state / "followed"
        return path.read_bytes() if path.exists() else None

    @property
    def evidence(self) -> list[bytes]:
        """Checkpoints put away."""
        return [path.read_bytes() for path in self.state.glob("evidence-*.note")]


@contextmanager
def following(folder: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Auditor]:
    """Who has followed the log of three weeks ago, all of which was right."""
    with log_site(folder / "site") as site:
        site.publish(BEGINNING)
        auditor = Auditor(site, write_policy(folder), folder / "state" / "log", capsys)
        auditor.look("--late", "14", code=0)
        yield auditor
