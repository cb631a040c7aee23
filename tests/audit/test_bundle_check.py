"""What an auditor can rely on of the file that is collected for them."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.age import HybridIdentity
from intake.audit.bundle_check import Seen, read_identities, read_seen
from intake.cli import run
from intake.errors import IntakeError, MalformedError, StoreError
from intake.event import Void, Withdrawn
from tests.little_log import POLICY, Little, LittleLog
from tests.panel import make_panel
from tests.test_completeness import LAST, NOW, Scene, item
from tests.test_completeness import scene as scene  # noqa: PLC0414 - the fixture

AUDITOR = HybridIdentity.generate()


@dataclass(frozen=True)
class Office:
    """An auditor's folder and command."""

    folder: Path
    scene: Scene
    capsys: pytest.CaptureFixture[str]

    def __call__(self, little: Little, *words: str) -> tuple[int, str, str]:
        file = self.folder / "file"
        data = replace(little, objects=False).to_bytes([AUDITOR.recipient])
        file.write_bytes(data)
        (self.folder / "key").write_text(f"# public: {AUDITOR.recipient}\n\n{AUDITOR}\n")
        (self.folder / "policy").write_bytes(POLICY.to_bytes())
        (self.folder / "roots").write_bytes(little.panel.roster.roots.to_bytes())
        given = [f"--{name}={self.folder / file}" for name, file in GIVEN.items()]
        code = run(["audit", "bundle", str(file), *given, *words])
        return code, *self.capsys.readouterr()

    @property
    def state(self) -> str:
        return f"--state={self.folder / 'state'}"


GIVEN = {"identity": "key", "policy": "policy", "roots": "roots"}


@pytest.fixture
def office(tmp_path: Path, scene: Scene, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, scene, capsys)


def test_a_file_in_order_gives_the_counts_of_each_week(office: Office) -> None:
    code, out, _ = office(office.scene.little)
    assert (code, out.splitlines()) == (
        0,
        [
            f"week {LAST.previous}: 3 submitted, 0 withdrawn, 0 collected, 13 void",
            f"week {LAST}: 1 submitted, 1 withdrawn, 1 collected, 13 void",
            "the log has 35 entries; 3 objects are on the server, and 1 of them are not yet logged",
        ],
    )
    told = json.loads(office(office.scene.little, "--json")[1])
    assert (told["count"], told["findings"], told["size"]) == (0, [], 35)
    assert told["weeks"][str(LAST)] == {
        "submitted": 1,
        "withdrawn": 1,
        "collected": 1,
        "void": 13,
        "erased": 0,
    }
    assert (told["objects"], told["unlogged"]) == (3, 1)


LIES: dict[str, tuple[Callable[[Scene], Little], str]] = {
    "withheld": (lambda s: replace(s.little, items=(s.a,)), "check 5, withheld: "),
    "passed off as void": (
        lambda s: replace(s.reopened(s.b[0], Void.fresh(LAST).to_bytes()), items=(s.a,)),
        "check 4, mismatch: ",
    ),
    "not opened": (
        lambda s: s.with_log(replace(s.log, openings=s.log.openings[:-1])),
        "check 4, unopened: ",
    ),
    "slipped in": (
        lambda s: replace(s.little, items=(*s.little.items, s.c), unlogged=()),
        "check 6, slipped in: ",
    ),
    "forged withdrawal": (
        lambda s: replace(s.little, events=(s.d, Withdrawn.fresh(NOW, s.d.envelope, bytes(32)))),
        "check 5, forged withdrawal: ",
    ),
    "cut": (
        lambda s: replace(
            s.little,
            log=replace(s.log, entries=s.log.entries[:-1]),
            signed=s.log.signed(),
        ),
        "check 2, cut: ",
    ),
    "a roster of others": (
        lambda s: replace(s.little, notes=(make_panel(1, first=5).note[:-9] + b"AAAAAAAA\n",)),
        "roster: ",
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_what_a_site_hides_is_found_without_an_object(office: Office, name: str) -> None:
    make, says = LIES[name]
    code, out, _ = office(make(office.scene), office.state)
    assert (code, len(out.splitlines())) == (1, 1)
    assert out.startswith(says)
    assert not (office.folder / "state").exists(), "nothing is kept"
    told = json.loads(office(make(office.scene), "--json")[1])
    assert (told["count"], len(told["findings"])) == (1, 1)
    assert "weeks" not in told


def test_the_next_file_must_go_on_from_the_last_and_keep_its_promises(office: Office) -> None:
    scene = office.scene
    assert office(scene.little, office.state)[0] == 0
    assert office(scene.little, office.state)[0] == 0, "the same again"
    # The week is over, and the one that was promised is not there.
    log = scene.log.close(NOW, *scene.little.events)
    little = replace(scene.little, log=log, unlogged=(), events=())
    code, out, _ = office(little, office.state)
    assert (code, out.splitlines()[0].startswith("check 6, broken promise: ")) == (1, True)
    log = scene.log.close(NOW, *scene.little.events, scene.c[0])
    whole = replace(little, log=log, items=(scene.a, scene.b, scene.c))
    assert office(whole, office.state)[0] == 0
    code, out, _ = office(scene.little, office.state)
    assert (code, out.startswith("check 3, older: its log has 35 entries, and 52")) == (1, True)
    seen = read_seen(office.folder / "state")
    assert seen is not None
    assert seen.signed is not None
    assert (seen.signed.checkpoint.size, seen.awaited) == (52, {})


def test_what_is_still_to_come_is_remembered_though_a_file_leaves_it_out(office: Office) -> None:
    """Or two files of one week would make a site forget what it promised."""
    scene = office.scene
    assert office(scene.little, office.state)[0] == 0
    assert office(replace(scene.little, unlogged=()), office.state)[0] == 0
    seen = read_seen(office.folder / "state")
    assert seen is not None
    assert scene.c[0].commit in seen.awaited


def test_what_a_site_without_a_log_yet_promises_is_kept_too(office: Office) -> None:
    """Its first week is as easily forgotten as any other."""
    scene, panel = office.scene, office.scene.little.panel
    promised = item(panel, LAST)
    code, out, _ = office(Little(panel, None, unlogged=(promised,)), office.state)
    assert (code, "the log has 0 entries; 1 objects" in out) == (0, True)
    seen = read_seen(office.folder / "state")
    assert seen == Seen(None, {promised[0].commit: LAST})
    code, out, _ = office(scene.little, office.state)
    assert (code, out.splitlines()[0].startswith("check 6, broken promise: ")) == (1, True)
    assert read_seen(office.folder / "state") == seen


def test_what_is_kept_is_read_strictly(tmp_path: Path) -> None:
    signed = LittleLog().close(LAST).signed()
    seen = Seen(signed, {bytes(32): LAST, bytes([1]) * 32: NOW})
    data = seen.to_bytes()
    assert Seen.parse(data) == seen
    for other in (Seen(signed, {}), Seen(None, {}), Seen(None, seen.awaited)):
        assert Seen.parse(other.to_bytes()) == other
    head, first, second, *rest = data.split(b"\n")
    for bad in (
        b"",
        data[:-1],
        data + b"x",
        b"\n".join((head, second, first, *rest)),
        b"\n".join((head, first, first, second, *rest)),
        data.replace(b"/v1", b"/v2", 1),
        data.replace(b"AAA= ", b"AAA=  ", 1),
        data.replace(b"AAA= ", b"AAB= ", 1),
        data.replace(str(LAST).encode(), b"2026-W54", 1),
    ):
        with pytest.raises(MalformedError):
            Seen.parse(bad)
        (tmp_path / "bundle").write_bytes(bad)
        with pytest.raises(StoreError, match="damaged"):
            read_seen(tmp_path)


def test_an_identity_is_one_of_a_hybrid_key() -> None:
    other = HybridIdentity.generate()
    found = read_identities(f"# created\n{AUDITOR}\n\n{other}\n".encode())
    assert [one.recipient for one in found] == [AUDITOR.recipient, other.recipient]
    for data in (b"", b"# nothing\n", b"AGE-SECRET-KEY-1X\n", b"\xff\n", b"#" * 10_001):
        with pytest.raises(MalformedError):
            read_identities(data)


@given(st.binary(max_size=200))
def test_other_bytes_raise_nothing_but_our_errors(data: bytes) -> None:
    head = b"testimony-intake/bundle-seen/v1\n"
    for given_bytes in (data, head + data):
        for parse in (Seen.parse, read_identities):
            with contextlib.suppress(IntakeError):
                parse(given_bytes)


def test_a_file_for_somebody_else_is_said(office: Office) -> None:
    little = office.scene.little
    (office.folder / "file").write_bytes(little.to_bytes())
    office(little)
    (office.folder / "file").write_bytes(replace(little, objects=False).to_bytes())
    given = [f"--{name}={office.folder / file}" for name, file in GIVEN.items()]
    assert run(["audit", "bundle", str(office.folder / "file"), *given]) == 1
    assert office.capsys.readouterr().err.startswith("intake: error: ")
