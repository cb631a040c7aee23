"""What a reviewer can rely on at the desk: a bundle that is not whole is not opened, and says why."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from intake.author import withdraw_commit_of
from intake.cli import run
from intake.container import Kind
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError, StoreError
from intake.event import Withdrawn
from intake.review import arriving, importing
from intake.review.case import Case
from intake.review.import_records import imports_of
from intake.review.log_kept import seen_by
from intake.review.log_policy import policy_for
from intake.review.record import pack
from intake.review.standing import Standing, standing_of
from intake.shelf import Shelf
from intake.tlog.policy import NONE, Log, Policy
from tests.little_log import LOG, POLICY, Little, LittleLog, this_week
from tests.panel import Panel, make_panel, sign
from tests.review.conftest import Desk
from tests.review.workroom import (
    MARKER,
    TODAY,
    Room,
    Sealed,
    container,
    seal_container,
    unchecked,
)
from tests.test_completeness import PREIMAGE

NOW = this_week()
LAST = NOW.previous


@pytest.fixture
def panel() -> Panel:
    """A panel whose roster was in use last week already."""
    month = dt.timedelta(days=30)
    return make_panel().dated(TODAY - month, TODAY + month)


def item(panel: Panel, epoch: Epoch, text: str = MARKER) -> Sealed:
    """A testimony of a week, which its author can withdraw."""
    box = container(("narrative", text), roster=panel.roster, epoch=epoch)
    box = replace(box, withdraw=withdraw_commit_of(PREIMAGE))
    return seal_container(box, panel.roster, epoch)


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, but the lock, which is empty."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def no_decryption(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test fail where a sealed object is opened."""

    def opened(*_: object) -> None:
        raise AssertionError("a sealed object was opened")

    monkeypatch.setattr(arriving, "unseal_object", opened)


def first_log(panel: Panel, *items: Sealed) -> Little:
    log = LittleLog().with_rosters(panel.note).close(LAST, *(opening for opening, _ in items))
    return Little(panel, log, items=items)


def imported(desk: Desk, little: Little, *words: str) -> tuple[int, str, str]:
    return desk("import", desk.written(little.to_bytes()), *words)


def test_nothing_is_opened_and_no_case_is_made_where_a_check_fails(
    desk: Desk, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, lost = item(panel, LAST), item(panel, LAST)
    little = first_log(panel, good, lost)
    no_decryption(monkeypatch)
    code, out, err = imported(desk, replace(little, items=(good,)), "--roots", desk.roots)
    number = little.log.number(lost[0]) if little.log else 0
    assert (code, out) == (
        1,
        (
            f"check 5, withheld: week {LAST}: entry {number} has an opening, and its object is not"
            " in the bundle\n"
        ),
    )
    assert err == (
        "intake: error: the bundle is not whole: 1 faults; nothing was opened\n"
        "intake: hint: collect again; if it stays so, open nothing of it, and tell the auditor\n"
    )
    assert not (desk.folder / "case").exists()


def test_nothing_in_the_case_changes_where_a_check_fails(
    desk: Desk, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = item(panel, LAST)
    little = first_log(panel, good)
    assert imported(desk, little, "--roots", desk.roots)[0] == 0
    before = everything(desk.folder / "case")
    no_decryption(monkeypatch)
    fresh, spied = item(panel, NOW), item(panel, NOW)
    bad = replace(little, unlogged=(fresh, spied), promises={spied[0].commit: b"none\n"})
    code, out, _ = imported(desk, bad)
    assert (code, out.startswith("check 6, promise: ")) == (1, True)
    assert but_incidents(desk.folder / "case", 1) == before
    rewritten = first_log(panel, good)
    code, out, _ = imported(desk, rewritten)
    assert (code, out) == (
        1,
        "check 3, rewritten: the first 18 entries are not those that were seen before\n",
    )
    assert but_incidents(desk.folder / "case", 2) == before


def but_incidents(folder: Path, count: int) -> dict[str, bytes]:
    """All that is there, without so many acts that end the ledger: all say that there was a gap."""
    found = everything(folder)
    (name,) = [path for path in found if path.endswith(".ledger")]
    lines = found[name].splitlines(keepends=True)
    acts = lines[-3 * count :: 3]
    assert all(line.endswith(b" r1 incident subject=gap\n") for line in acts)
    return found | {name: b"".join(lines[: -3 * count])}


def test_a_bundle_for_an_auditor_is_refused_before_anything_is_made_or_changed(
    desk: Desk, panel: Panel, room: Room
) -> None:
    """It would be taken for one from which every object is gone."""
    little = first_log(panel, item(panel, LAST))
    auditors = replace(little, objects=False)
    for words in (("--roots", desk.roots), ()):
        before = everything(desk.folder / "case")
        code, out, err = imported(desk, auditors, *words)
        assert (code, out) == (1, "")
        assert err == (
            "intake: error: this bundle is an auditor's: it has no objects\n"
            "intake: hint: ask the operator for one that was collected without --for-auditor\n"
        )
        assert everything(desk.folder / "case") == before
        assert Case.exists(desk.folder / "case") != bool(words)
        if words:
            assert imported(desk, little, *words)[0] == 0
    with pytest.raises(MalformedError, match="auditor's"):
        room.take_whole(auditors)


def test_many_faults_are_counted(desk: Desk, panel: Panel) -> None:
    items = [item(panel, LAST) for _ in range(23)]
    little = replace(first_log(panel, *items), items=())
    code, out, err = imported(desk, little, "--roots", desk.roots)
    assert (code, len(out.splitlines()), out.splitlines()[-1]) == (1, 21, "and 3 more")
    assert "23 faults" in err


def test_an_import_of_another_check_is_a_mistake_of_the_caller(room: Room) -> None:
    room.take()
    with (
        room.bundle() as one,
        room.bundle() as other,
        room.case(writing=True) as case,
        pytest.raises(ValueError, match="another bundle"),
    ):
        list(importing.import_items(case, one, unchecked(other.contents)))


# A week that is not over


def test_what_is_not_yet_logged_can_be_read_and_redacted_and_must_not_leave(
    desk: Desk, panel: Panel
) -> None:
    opening, sealed = item(panel, NOW, f"{MARKER} told me")
    fresh, name = (opening, sealed), opening.envelope.hex()[:12]
    little = Little(panel, LittleLog().with_rosters(panel.note).close(LAST), unlogged=(fresh,))
    code, out, _ = imported(desk, little, "--roots", desk.roots)
    assert code == 0
    assert out == (
        f"{name}  new\nthe log has 18 entries, and all seven checks hold\n"
        "1 objects are not yet logged\n1 objects - 0 decoys = 1 items\n1 new\n"
    )
    assert "  new, not yet logged" in desk("list")[1]
    assert MARKER in desk("show", name)[1]
    span = f"narrative:0:{len(MARKER)}=person"
    assert desk("redact", name, "--span", span, "--everywhere")[0] == 0
    target = desk.folder / "out"
    code, out, err = desk("export", name, str(target), "--for", "publish")
    assert (code, out) == (1, "")
    assert err.startswith("intake: error: this item is not yet logged: it can be read, and must")
    assert "intake epoch" in err
    assert not target.exists()

    # The week is over, and it is in the log.
    assert little.log is not None
    later = replace(little, log=little.log.close(NOW, opening), items=(fresh,), unlogged=())
    assert imported(desk, later)[0] == 0
    assert "not yet logged" not in desk("list")[1]
    assert desk("export", name, str(target), "--for", "publish")[0] == 0


def test_a_promise_that_is_not_kept_stops_the_next_import_and_is_named(
    desk: Desk, panel: Panel
) -> None:
    one, two = item(panel, NOW), item(panel, NOW)
    start = LittleLog().with_rosters(panel.note).close(LAST)
    little = Little(panel, start, unlogged=(one, two))
    assert imported(desk, little, "--roots", desk.roots)[0] == 0
    before = everything(desk.folder / "case")
    # Not over yet: one that is not in this bundle may still be logged.
    assert imported(desk, replace(little, unlogged=(one,)))[0] == 0
    closed = replace(little, log=start.close(NOW, one[0]), items=(one,), unlogged=())
    code, out, err = imported(desk, closed)
    assert (code, out) == (
        1,
        (
            f"check 6, broken promise: week {NOW}: what an earlier bundle promised as"
            f" {two[0].commit.hex()[:12]} is not in the log, and its week is closed\n"
        ),
    )
    assert "its promise is evidence" in err
    assert everything(desk.folder / "case").keys() >= before.keys()
    kept = replace(closed, log=start.close(NOW, one[0], two[0]), items=(one, two))
    assert imported(desk, kept)[0] == 0
    with Room(panel, desk.folder / "case", panel.identities[:1]).case() as case:
        assert standing_of(case).waiting == ()


@pytest.mark.parametrize(("ago", "told"), [(1, False), (2, False), (3, True)])
def test_a_log_that_stands_still_is_said(desk: Desk, panel: Panel, ago: int, *, told: bool) -> None:
    """Everything could be `not yet logged` for ever; the Monday itself is no alarm."""
    closed = Epoch.of(TODAY - dt.timedelta(weeks=ago))
    little = Little(panel, LittleLog().with_rosters(panel.note).close(closed))
    code, out, _ = imported(desk, little, "--roots", desk.roots)
    says = f"no week after {closed} is closed in the log: ask the operator why\n"
    assert (code, says in out) == (0, told)


@pytest.mark.parametrize(("ago", "told"), [(2, False), (3, True)])
@pytest.mark.parametrize("log", [True, False])
def test_a_week_that_is_over_and_waits_still_is_said_though_none_was_ever_closed(
    desk: Desk, panel: Panel, ago: int, *, log: bool, told: bool
) -> None:
    """Else a site that never closes a week would say `not yet logged` for ever, without a word."""
    old = Epoch.of(TODAY - dt.timedelta(weeks=ago))
    start = LittleLog().with_rosters(panel.note) if log else None
    little = Little(panel, start, unlogged=(item(panel, old), item(panel, NOW)))
    code, out, _ = imported(desk, little, "--roots", desk.roots)
    says = f"week {old} is over, and not closed in the log: ask the operator why\n"
    assert (code, says in out) == (0, told)


def test_a_site_without_a_log_yet_is_said(desk: Desk, panel: Panel) -> None:
    little = Little(panel, None, unlogged=(item(panel, NOW),))
    code, out, _ = imported(desk, little, "--roots", desk.roots)
    assert (code, "the site has published no log yet\n" in out) == (0, True)
    assert not (desk.folder / "case" / "checkpoint").exists()


# What is over


def test_a_withdrawn_item_is_listed_so_and_nothing_more_is_done_with_it(
    desk: Desk, panel: Panel
) -> None:
    mine, other = item(panel, LAST), item(panel, LAST)
    name = mine[0].envelope.hex()[:12]
    little = first_log(panel, mine, other)
    assert imported(desk, little, "--roots", desk.roots)[0] == 0
    assert desk("redact", name, "--rules")[0] == 0
    taken = Withdrawn.fresh(NOW, mine[0].envelope, PREIMAGE)
    after = replace(little, items=(other,), events=(taken,))
    assert imported(desk, after)[0] == 0
    rows = {row.split()[0]: row for row in desk("list")[1].splitlines()}
    assert rows[name].rstrip().endswith("  withdrawn")
    assert "withdrawn" not in rows[other[0].envelope.hex()[:12]]
    for command in (
        ("redact", name, "--rules"),
        ("export", name, str(desk.folder / "out"), "--for", "publish"),
    ):
        code, out, err = desk(*command)
        assert (code, out) == (1, "")
        assert err.startswith("intake: error: its author withdrew this item\n")
    assert not (desk.folder / "out").exists()


def test_the_record_of_an_import_says_which_log_it_saw(desk: Desk, panel: Panel) -> None:
    logged, fresh = item(panel, LAST), item(panel, NOW)
    decoy = seal_container(container(roster=panel.roster, kind=Kind.DECOY), panel.roster)
    little = replace(first_log(panel, logged), unlogged=(fresh, decoy))
    assert imported(desk, little, "--roots", desk.roots)[0] == 0
    with Room(panel, desk.folder / "case", panel.identities[:1]).case() as case:
        (record,) = imports_of(case)
        standing = standing_of(case)
    assert little.log is not None
    checkpoint = little.log.signed().checkpoint
    assert (record.size, record.root) == (checkpoint.size, checkpoint.root)
    assert (record.objects, record.waiting, record.decoys) == (3, 2, 1)
    text = record.to_bytes().decode().splitlines()
    assert {"logged 1", "not yet logged 2"} <= set(text)
    assert standing.decoys == {(NOW, decoy[0].envelope)}
    assert standing.logged == {logged[0].envelope}
    assert {one.envelope for one in standing.waiting if one.envelope} == {
        fresh[0].envelope,
        decoy[0].envelope,
    }
    seen = seen_by(desk.folder / "case")
    assert seen is not None
    assert seen.checkpoint == checkpoint


def test_what_a_case_knows_of_the_log_is_read_back_the_same_and_strictly() -> None:
    decoys = frozenset({(NOW, bytes([1]) * 32), (LAST, bytes([2]) * 32)})
    standing = Standing((), frozenset({bytes(32)}), decoys, frozenset({bytes([3]) * 32}))
    assert Standing.from_json(standing.to_json()) == standing
    value = standing.to_json()
    others: tuple[object, ...] = (
        {**value, "v": 2},
        {**value, "more": 1},
        {**value, "decoys": ["x"]},
        {**value, "decoys": [["2026-W47", "x", "x"]]},
        {**value, "logged": ["x"]},
        {**value, "waiting": [["x"]]},
        {**value, "withdrawn": 1},
        {key: row for key, row in value.items() if key != "decoys"},
        {key: row for key, row in value.items() if key != "logged"},
        [],
        None,
    )
    for bad in others:
        with pytest.raises(MalformedError):
            Standing.from_json(bad)
    assert len(pack(value)) == 16 * 1024


# Who says which log is believed


def test_the_roster_says_which_log_is_believed_and_else_a_file_does_once(
    desk: Desk, panel: Panel, tmp_path: Path
) -> None:
    little = first_log(panel, item(panel, LAST))
    path = desk.written(little.to_bytes())
    command = ["review", "import", path, *desk.common]
    assert run([*command, "--roots", desk.roots]) == 1
    told = desk.capsys.readouterr().err
    assert "neither the roster nor the case says which log to believe" in told
    assert "--policy FILE" in told
    assert not (desk.folder / "case").exists()
    assert desk("import", path, "--roots", desk.roots)[0] == 0
    assert run(command) == 0, "the case keeps it"
    other = tmp_path / "other.policy"
    other.write_bytes(Policy((Log(LOG.vkey, "http://elsewhere"),), (), (), NONE).to_bytes())
    assert run([*command, "--policy", str(other)]) == 1
    assert "made with another policy" in desk.capsys.readouterr().err


def test_a_roster_that_names_its_log_needs_no_file_and_suffers_none(
    panel: Panel, tmp_path: Path
) -> None:
    named = replace(panel.roster, log=LOG.vkey)
    shelf = Shelf.of([sign(named)], named.roots)
    assert policy_for(shelf, tmp_path, None) == POLICY
    with pytest.raises(RosterError, match="names its log"):
        policy_for(shelf, tmp_path, POLICY)
    plain = Shelf.of([panel.note], panel.roster.roots)
    assert policy_for(plain, tmp_path, POLICY) == POLICY
    with pytest.raises(RosterError, match="neither"):
        policy_for(plain, tmp_path, None)


def test_a_checkpoint_that_was_damaged_in_the_case_is_said(desk: Desk, panel: Panel) -> None:
    little = first_log(panel, item(panel, LAST))
    assert imported(desk, little, "--roots", desk.roots)[0] == 0
    (desk.folder / "case" / "checkpoint").write_bytes(b"x")
    with pytest.raises(StoreError, match="damaged"):
        seen_by(desk.folder / "case")
    code, _, err = imported(desk, little)
    assert (code, "last checkpoint is damaged" in err) == (1, True)
