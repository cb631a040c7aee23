"""`intake audit ledger` says what it found in lines, in JSON and by its exit code."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.audit.ledger_cli import TITLE
from intake.cli import run
from intake.epoch import Epoch
from intake.ledger.act import Kind
from tests.ledger.panels import FILE, GOOD, HEADS, I0, I1, one, put, two, write
from tests.ledger.test_ledger_vectors import JSON, LEDGERS

Audit = Callable[..., int]
WITHDRAWALS = (
    "withdrawals: 1 items, 1 of them destroyed on every machine, 0 overdue; "
    "0 exports after one was known, 0 with an item withdrawn since"
)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """Runs the command on the files of a ledger, with the rosters and roots of the vectors."""
    roots = tmp_path / "roots"
    roots.write_text(JSON["roots"])
    words = ["--roots", str(roots)]
    for number, note in enumerate(JSON["rosters"]):
        path = tmp_path / f"roster{number}"
        path.write_text(note)
        words += ["--roster", str(path)]

    def start(files: dict[str, bytes], *more: str | Path) -> int:
        paths = put(tmp_path / "ledgers", files)
        return run(["audit", "ledger", *map(str, paths), *words, *map(str, more)])

    return start


def test_good_ledgers_are_told_by_their_figures(
    audit: Audit, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0, and one line each for size, access, sign-off, consent and retention."""
    assert audit(LEDGERS) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        f"{HEADS['one'].origin}: 23 acts",
        f"{HEADS['two'].origin}: 12 acts",
    ]
    assert lines[2:] == [
        "access: 3 items imported, opened 4 times, 0 times without triage, 0 items by one person only",
        "sign-off: 1 exports, 1 by four eyes, 0 by a panel of one",
        "consent: 1 recorded, 0 changed, 0 exports refused",
        WITHDRAWALS,
        "retention: 2 items due, 1 of them erased on every machine, 0 under way, 1 overdue",
    ]


def test_every_fault_has_its_line(audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    """Two rules broken: two lines, exit 1."""
    steps = [
        *GOOD,
        one(4, Kind.OPEN, item=I1, purpose="triage"),
        two(4, Kind.EXPORT, hash=FILE[:-4] + "0000", purpose="stats"),
    ]
    assert audit(write(steps)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "gone: one act 23: open of an item withdrawn or erased",
        "reference: two act 12: export of a file never built",
        "four-eyes: two act 12: exported without sign-offs by two people on two machines",
    ]


def test_json_holds_all_that_the_lines_do(audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    """Ledgers, findings and every figure of the reports R4, R5, R6 and R10, in one object."""
    assert audit(LEDGERS, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    head = {"title": TITLE, "deployment": HEADS["one"].deployment, "epoch": str(Epoch.now())}
    assert told == {**head, **JSON["told"]}
    assert set(told["figures"]) == {
        *("acts", "items", "opens", "without_triage", "lone", "exports", "four_eyes", "alone"),
        *("recorded", "changed", "refused", "after_end", "recall"),
        *("withdrawn", "destroyed", "undestroyed"),
        *("due", "erased", "under_way", "overdue", "unchecked"),
    }
    assert set(told["items"]) == {"without_triage", "lone", "undestroyed", "overdue"}
    assert audit({"two": LEDGERS["two"]}, "--json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding == {
        "fault": "absent",
        "ledger": "two",
        "act": 2,
        "phrase": "ledger of one was not given",
    }


def test_what_was_seen_is_kept_and_compared(
    audit: Audit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second look finds a ledger cut short, keeps the evidence, and not the new checkpoint."""
    state = tmp_path / "state" / "new"
    assert audit(LEDGERS, "--state", state) == 0
    kept = {path.name: path.read_bytes() for path in state.iterdir()}
    assert set(kept) == {f"test-abcdefgh.{name}.ledger" for name in HEADS}
    assert state.stat().st_mode & 0o777 == 0o700
    assert audit(LEDGERS, "--state", state) == 0
    capsys.readouterr()
    assert audit(write(GOOD[:-1]), "--state", state) == 1
    told = capsys.readouterr()
    assert told.out.startswith("rollback: one: has 22 acts, and had 23 before\n")
    assert "evidence-" in told.err
    after = {path.name: path.read_bytes() for path in state.iterdir()}
    assert {name: after[name] for name in kept} == kept
    assert len(after) == len(kept) + 1
    grown = write([*GOOD, one(4, Kind.CONSENT, item=I0, subject="refused")])
    assert audit(grown, "--state", state) == 0
    assert (state / "test-abcdefgh.one.ledger").read_bytes().split(b"\n")[1] == b"24"


def test_a_ledger_that_was_seen_before_cannot_be_left_out(
    audit: Audit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where no other ledger speaks of it: what was kept does."""
    state = tmp_path / "state"
    steps = [one(0, Kind.INCIDENT, subject="other"), two(0, Kind.INCIDENT, subject="other")]
    alone = {name: write(steps)[name] for name in ("one", "two")}
    assert audit(alone, "--state", state) == 0
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    (state / "test-abcdefgi.two.ledger").write_bytes(b"of another deployment\n")
    capsys.readouterr()
    grown = write([*steps, one(0, Kind.INCIDENT, subject="gap")])
    assert audit({"one": grown["one"]}, "--state", state) == 1
    assert capsys.readouterr().out.startswith("absent: two: was seen before, and was not given\n")
    assert {name: (state / name).read_bytes() for name in before} == before
    assert audit({"one": grown["one"]}) == 0
    assert audit(grown, "--state", state) == 0
    assert (state / "test-abcdefgh.one.ledger").read_bytes() != before["test-abcdefgh.one.ledger"]
    (state / "test-abcdefgh.two.ledger").write_bytes(b"")
    assert audit({"one": grown["one"]}, "--state", state) == 1
    assert "is damaged" in capsys.readouterr().err


def test_nothing_is_kept_where_something_is_wrong(audit: Audit, tmp_path: Path) -> None:
    """Neither of the faulty ledger nor of the other one."""
    state = tmp_path / "state"
    assert audit(write([*GOOD, one(3, Kind.SESSION, hash=FILE)]), "--state", state) == 1
    assert not state.exists()


@pytest.mark.parametrize("content", [b"", b"nothing\n", b"\xff" * 100])
def test_a_damaged_state_is_refused(
    audit: Audit, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    """Not taken for no state: a rollback would not be seen."""
    state = tmp_path / "state"
    assert audit(LEDGERS, "--state", state) == 0
    (state / "test-abcdefgh.one.ledger").write_bytes(content)
    assert audit(LEDGERS, "--state", state) == 1
    assert "is damaged" in capsys.readouterr().err
    (state / "test-abcdefgh.one.ledger").write_bytes(
        (state / "test-abcdefgh.two.ledger").read_bytes()
    )
    assert audit(LEDGERS, "--state", state) == 1
    assert "of another ledger" in capsys.readouterr().err


def test_a_roster_of_other_roots_is_refused(
    audit: Audit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever signs their own roster is no reviewer."""
    from tests.vectors.roster.fixed import ROOTS

    (tmp_path / "other").write_bytes(ROOTS["other"].to_bytes())
    assert audit(LEDGERS, "--roots", tmp_path / "other") == 1
    assert "root holders it needs" in capsys.readouterr().err


def test_a_file_that_is_no_ledger_is_told_in_one_line(
    audit: Audit, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, exit 1."""
    assert audit({"one": b"hello\n\x1b[2J"}) == 1
    assert "not a ledger" in capsys.readouterr().err


def test_the_same_ledger_twice_is_refused(audit: Audit, capsys: pytest.CaptureFixture[str]) -> None:
    """Two copies say nothing about each other here."""
    assert audit({"one": LEDGERS["one"], "copy": LEDGERS["one"]}) == 1
    assert "of one machine" in capsys.readouterr().err
