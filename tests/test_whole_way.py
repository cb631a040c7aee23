"""From the form to the case folder, every role a process with its own folder.

Nothing is imported before Go's own packages, in a process of their own, believed the very log that the
bundle then carries: its signature, its witnesses, its tree, and the promise of each who sent.
"""

import base64
import html
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from deploy.demo.__main__ import ceremony, serving
from deploy.demo.roles import Person
from intake.log.acknowledgement import Acknowledgement
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded
from intake.tlog.policy import Policy
from intake.tlog.tiles import WIDTH, TileName
from tests.tlog.go_checker import Go, GoRefusedError
from tests.web.follow import Visitor, over_http
from tests.witness.conftest import serving as witnessing

pytestmark = pytest.mark.usefixtures("forked_people")

TEXTS = [f"They held me for {days} days, and then they let me go." for days in range(2, 7)]


@dataclass(frozen=True)
class Archive:
    """A site that is served, its operator and reviewers, and three partners who cosign its log."""

    site: Path
    port: int
    operator: Person
    reviewer: Person
    policy: Policy

    def get(self, path: str) -> bytes:
        """What anybody is served."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200, path
        content = answer.read()
        connection.close()
        return content

    def collect(self, name: str) -> Path:
        """A bundle, as the courier carries it to the reviewer."""
        path = self.operator.folder / name
        self.operator.intake("collect", self.site, path)
        return path

    def take(self, bundle: Path, exit_code: int = 0) -> str:
        """Import it into the reviewer's case."""
        digits = self.operator.intake("keys", "fingerprint", self.operator.folder / "roster.note")
        return self.reviewer.intake(
            *("review", "import", bundle, "--case", self.reviewer.folder / "case"),
            *("--identity", self.reviewer.folder / f"{self.reviewer.name}.identity"),
            *("--policy", self.site / "keys" / "log.policy", "--fingerprint", digits.strip()),
            *self.reviewer.passphrase,
            exit_code=exit_code,
        )


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """The keys, roster and site of `make demo`, with a quorum of two of three witnesses."""
    operator = Person.arrive(tmp_path, "operator")
    reviewers, site = ceremony(tmp_path, operator)
    policy = site / "keys" / "log.policy"
    log = next(line for line in policy.read_text().splitlines() if line.startswith("log "))
    rows = [log]
    with ExitStack() as servers:
        for number in (1, 2, 3):
            partner = Person.arrive(tmp_path, f"partner{number}")
            keys = partner.intake("witness", "new", "witness", "--name", f"partner{number}.test")
            partner.intake("witness", "add-log", "witness", log.removeprefix("log "))
            served = servers.enter_context(witnessing(partner.folder / "witness"))
            key = keys.splitlines()[number % 2]  # of either kind
            rows.append(f"witness w{number} {key} http://127.0.0.1:{served.port}/")
        policy.write_text("\n".join([*rows, "group q 2 w1 w2 w3", "quorum q", ""]))
        port = servers.enter_context(serving(operator, site))
        yield Archive(site, port, operator, reviewers[0], Policy.parse(policy.read_bytes()))


def send(port: int, text: str) -> Acknowledgement:
    """One person without script, who opens what the sent page has folded away."""
    visitor = Visitor(over_http(port))
    form = visitor.press(visitor.get("/en"), "Start")
    check = visitor.press(form, "Continue", {"narrative": text})
    sent = visitor.press(check, "Send")
    shown = re.search("<pre[^<>]*>(.*?)</pre>", sent.html, re.DOTALL)
    assert shown is not None
    return Acknowledgement.parse(html.unescape(shown[1]).encode())


def believed_by_go(go: Go, archive: Archive, folder: Path, given: list[Acknowledgement]) -> bytes:
    """The checkpoint that is served, once Go verified it with all that hangs on it.

    1. its lines: the log's and two witnesses'; 2. the tiles that are served, and every entry;
    3. each promise: signed by the log, for an entry that is there.
    """
    # (1)
    note = archive.get("/log/checkpoint")
    log = archive.policy.logs[0].vkey
    keys = [str(log), *(str(witness.vkey) for witness in archive.policy.witnesses)]
    opened = go.ask("open", note=note, vkeys=keys)
    signers = {key.rpartition("+")[0] for key in opened["Keys"]}
    assert log.name in signers
    assert len(signers - {log.name}) >= 2
    # (2)
    checkpoint = SignedCheckpoint.parse(note).checkpoint
    size, root = checkpoint.size, checkpoint.root
    assert size < WIDTH
    for name in (TileName(0, 0, size), TileName(None, 0, size)):
        path = folder / str(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.get(f"/log/{name}"))
    tree = {"folder": str(folder), "size": size, "root": root, "old": 1}
    entries = [base64.b64decode(e) for e in go.ask("prove", index=0, **tree)["Entries"]]
    # (3)
    for one in given:
        assert go.ask("open", note=one.note.to_bytes(), vkeys=[str(log)])["Keys"]
        entry = Blinded(one.opening.commit).to_bytes()
        index = entries.index(entry)
        proof = go.ask("prove", index=index, **tree)["Inclusion"]
        go.ask("check_record", size=size, root=root, index=index, entry=entry, proof=proof)
    return note


def test_what_people_sent_is_in_the_case_and_gos_own_log_code_agrees(
    go: Go, archive: Archive, tmp_path: Path
) -> None:
    given = [send(archive.port, text) for text in TEXTS]
    archive.operator.intake("epoch", archive.site, "--now")
    archive.operator.intake("cosign", archive.site)
    note = believed_by_go(go, archive, tmp_path / "served", given)
    told = archive.take(archive.collect("bundle"))
    assert "all seven checks hold" in told
    assert "5 objects - 0 decoys = 5 items" in told
    seen = (archive.reviewer.folder / "case" / "checkpoint").read_bytes()
    assert seen == note, "the reviewer's machine believed other bytes than Go did"

    # It would have seen a tile with one bit changed.
    tree = SignedCheckpoint.parse(note).checkpoint
    tile = tmp_path / "served" / str(TileName(0, 0, tree.size))
    tile.write_bytes(tile.read_bytes()[:-1] + bytes([tile.read_bytes()[-1] ^ 1]))
    with pytest.raises(GoRefusedError):
        go.ask(
            "prove", folder=str(tmp_path / "served"), size=tree.size, root=tree.root, index=0, old=1
        )
