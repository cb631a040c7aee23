"""What is left of an item that its author took back: nothing that opens, and what it was no more."""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from intake.age import decrypt_bytes
from intake.author import Holder, withdraw_commit_of
from intake.canaries import CanaryList, Mark
from intake.container import Kind
from intake.errors import ConsentError, MalformedError
from intake.event import Withdrawn
from intake.review import destroying
from intake.review.canaries import search
from intake.review.case import Case
from intake.review.confirming import held_by
from intake.review.consent import Purpose
from intake.review.destroying import destroy_withdrawn
from intake.review.gathering import add_reply, next_number, thread_of
from intake.review.import_records import imports_of
from intake.review.importing import Report
from intake.review.record import Summary, Verdict
from intake.review.redacting import Redaction, Span
from intake.review.sent import Exported, Replied
from intake.review.standing import keep_standing, standing_of
from tests.little_log import Little, LittleLog, this_week
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.workroom import MARKER, Room, Sealed, container, seal_container, under
from tests.test_completeness import PREIMAGE

NOW = this_week()
HOLDER = Holder(bytes(32))
AGE = b"age-encryption.org/v1"


def made(panel: Panel, text: str = MARKER, kind: Kind = Kind.TESTIMONY) -> Sealed:
    box = under(HOLDER, container(("narrative", text), roster=panel.roster))
    box = replace(box, kind=kind, withdraw=withdraw_commit_of(PREIMAGE))
    return seal_container(box, panel.roster)


def name(item: Sealed) -> str:
    return item[0].envelope.hex()[:12]


def worked_on(case: Case, item: Sealed) -> None:
    """A redaction, an export of it and a reply to it."""
    envelope = item[0].envelope
    case.add_redaction(
        name(item), Redaction(envelope, 1, (Span("narrative", 0, 4, "person"),), (), "r1")
    )
    case.add_export(name(item), Exported(1, Purpose.COURTS, "text", bytes([7]) * 32, "r1"))
    add_reply(case, name(item), Replied(4, "sha256:" + "0" * 64, NOW, "r1", "text of the reply"))


def withdraw(room: Room, *items: Sealed) -> list[Report]:
    """The next import after the withdrawals are believed, of a bundle that has nothing else."""
    with room.case(writing=True) as case:
        standing = standing_of(case)
        gone = standing.withdrawn | {opening.envelope for opening, _ in items}
        keep_standing(case, replace(standing, withdrawn=gone))
    return room.take()


@pytest.fixture
def blocks(tmp_path: Path) -> "Blocks":
    return Blocks(tmp_path / "blocks")


class Blocks:
    """The blocks of files on a disk, which stay when their names are gone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before: dict[str, bytes] = {}

    def watch(self, item: Path) -> None:
        self.folder.mkdir()
        for path in item.iterdir():
            self.before[path.name] = path.read_bytes()
            (self.folder / path.name).hardlink_to(path)

    def open_still(self, room: Room) -> set[str]:
        """Names of former files of which the blocks can be opened, or still show a header."""
        return {path.name for path in self.folder.iterdir() if self._opens(path, room)}

    @staticmethod
    def _opens(path: Path, room: Room) -> bool:
        data = path.read_bytes()
        try:
            decrypt_bytes(data, room.identities)
        except Exception:  # noqa: BLE001 - whatever stops it
            return AGE in data or b"-> " in data
        return True


def test_the_next_import_destroys_the_keys_of_all_that_there_was(
    room: Room, blocks: Blocks
) -> None:
    """On the disk itself: blocks whose names are gone are read here, too."""
    mine, other = made(room.panel), made(room.panel, "other")
    room.take(mine, other)
    with room.case(writing=True) as case:
        worked_on(case, mine)
        length = Summary.of(case.original(name(mine))[1]).length
    folder = room.folder / "items" / name(mine)
    blocks.watch(folder)
    assert blocks.open_still(room) == set(blocks.before)
    (report,) = withdraw(room, mine)
    assert (report.item, report.verdict, report.came) == (name(mine), Verdict.WITHDRAWN, False)
    (left,) = report.left
    assert left == (
        "redacted version 1, for courts (text), by r1: the file with the hash"
        f" sha256:{'07' * 32}; it cannot be called back"
    )
    assert blocks.open_still(room) == {"export-0001-r1.age"}
    assert {path.name for path in folder.iterdir()} == {"entry.age", "export-0001-r1.age"}
    for path in room.folder.rglob("*"):
        # Not a piece of the object's payload under another name either.
        assert not path.is_file() or mine[1][-64:] not in path.read_bytes()
    with room.case() as case:
        entry = case.entry(name(mine))
        assert (entry.opening, entry.digest, entry.summary) == (mine[0], mine[0].envelope, None)
        assert (entry.verdict, entry.why, entry.used) == (Verdict.WITHDRAWN, "", 5)
        assert str(length) not in str(entry.to_json()["summary"])
        assert case.original(name(other))[1].answers["narrative"] == "other"
    assert room.take() == [], "it is said once"


def test_the_twin_that_only_removes_names_is_noticed(
    room: Room, blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = made(room.panel)
    room.take(mine)
    with room.case(writing=True) as case:
        worked_on(case, mine)
    blocks.watch(room.folder / "items" / name(mine))
    monkeypatch.setattr(destroying, "_blank", lambda _: None)
    withdraw(room, mine)
    assert blocks.open_still(room) == set(blocks.before)


def test_a_refused_item_is_destroyed_too(room: Room, blocks: Blocks) -> None:
    opening, sealed = made(room.panel)
    room.take((replace(opening, redact=bytes(32)), sealed))
    folder = room.folder / "items" / name((opening, sealed))
    assert (folder / "kept.age").exists()
    blocks.watch(folder)
    (report,) = withdraw(room, (opening, sealed))
    assert (report.verdict, report.alarm) == (Verdict.WITHDRAWN, False)
    assert blocks.open_still(room) == set()
    assert [path.name for path in folder.iterdir()] == ["entry.age"]


class Cut(BaseException):
    """The power goes."""


CALLS = ("link", "replace", "pwrite", "fsync", "unlink")


def test_whatever_moment_it_is_cut_off_at_the_next_import_finishes_it(
    room: Room, blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before each call that changes the disk, one after the other."""
    mine = made(room.panel)
    room.take(mine)
    with room.case(writing=True) as case:
        worked_on(case, mine)
        keep_standing(case, replace(standing_of(case), withdrawn=frozenset({mine[0].envelope})))
    folder = room.folder / "items" / name(mine)
    blocks.watch(folder)
    cuts = 0
    for moment in range(200):
        left = [moment]

        def counted(call: str, left: list[int] = left, **kept: object) -> object:
            true = getattr(os, call)

            def wrapped(*arguments: object, **words: object) -> object:
                if not left[0]:
                    raise Cut
                left[0] -= 1
                return true(*arguments, **words)

            return wrapped

        with monkeypatch.context() as patch, room.case(writing=True) as case:
            for call in CALLS:
                patch.setattr(os, call, counted(call))
            try:
                done = list(destroy_withdrawn(case, standing_of(case).withdrawn))
            except Cut:
                cuts += 1
            else:
                break
        with room.case() as case:
            # At each moment it is one or the other, and never what cannot be said.
            entry = case.entry(name(mine))
            assert entry.withdrawn or case.original(name(mine))[0] == mine[0]
            if entry.withdrawn:
                with pytest.raises(ConsentError):
                    case.original(name(mine))
        # The next one begins where this one stopped.
    else:
        pytest.fail("it never came to its end")
    assert cuts > 5
    assert [one.item for one in done] in ([name(mine)], [])
    assert blocks.open_still(room) == {"export-0001-r1.age"}
    assert {path.name for path in folder.iterdir()} == {"entry.age", "export-0001-r1.age"}
    with room.case() as case:
        assert case.entry(name(mine)).used == 5


def test_what_was_withdrawn_never_comes_in_again(room: Room) -> None:
    """From an old bundle; and where the record of the log was lost, its own still says so."""
    mine, other = made(room.panel), made(room.panel, "other")
    room.take(mine)
    withdraw(room, mine)
    for lost in (False, True):
        if lost:
            (room.folder / "standing.age").unlink()
        reports = {report.item: report for report in room.take(mine, other) if report.came}
        again = reports[name(mine)]
        assert (again.verdict, again.alarm) == (Verdict.WITHDRAWN, False)
        assert [p.name for p in (room.folder / "items" / name(mine)).iterdir()] == ["entry.age"]
    with room.case(writing=True) as case:
        held = held_by(case)
        assert (held.envelopes, held.damaged) == ({other[0].envelope}, ())
        with pytest.raises(ConsentError):
            case.original(name(mine))
        with pytest.raises(MalformedError, match="was not refused"):
            case.despite(name(mine))


def test_an_item_that_no_import_ever_kept_is_not_kept_after_it_was_withdrawn(room: Room) -> None:
    mine = made(room.panel)
    room.take()
    withdraw(room, mine)
    (report,) = room.take(mine)
    assert (report.verdict, report.came) == (Verdict.WITHDRAWN, True)
    assert list((room.folder / "items").iterdir()) == []


def test_numbers_of_replies_are_not_used_twice_though_their_records_are_gone(room: Room) -> None:
    """Two rows with one hint would tell whoever sees the board that both are for one person."""
    mine, more = made(room.panel), made(room.panel, "more", Kind.ADDITION)
    room.take(mine, more)
    with room.case(writing=True) as case:
        worked_on(case, mine)
        assert next_number(case, thread_of(case, name(more), standing_of(case))) == 5
    withdraw(room, mine)
    with room.case() as case:
        thread = thread_of(case, name(more), standing_of(case))
        assert next_number(case, thread) == 5
        assert thread.gone == ((name(mine), NOW),)


def test_a_canary_that_its_auditor_withdrew_is_missing_and_no_fault(room: Room) -> None:
    mine = made(room.panel, "canary")
    room.take(mine)
    withdraw(room, mine)
    mark = Mark(PREIMAGE, sha256(b"canary").digest())
    known = CanaryList.of(room.panel.roster.deployment, NOW.previous, [mark], [])
    with room.case() as case, pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "intake.review.canaries.imports_of", lambda _: [type("I", (), {"epoch": NOW})]
        )
        found = search(case, known, "r1")
        assert (found.items, found.other, found.unread) == ((), (), (name(mine),))
        assert imports_of(case) == []


def test_the_way_of_a_withdrawal_as_it_is_typed(desk: Desk, panel: Panel) -> None:
    mine, other = made(panel), made(panel, "other")
    log = LittleLog().with_rosters(panel.note).close(NOW.previous).close(NOW, mine[0], other[0])
    little = Little(panel, log, items=(mine, other))
    assert desk("import", desk.written(little.to_bytes()), "--roots", desk.roots)[0] == 0
    room = Room(panel, desk.folder / "case", panel.identities[:1])
    with room.case(writing=True) as case:
        worked_on(case, mine)
    taken = Withdrawn.fresh(NOW.next, mine[0].envelope, PREIMAGE)
    after = replace(little, items=(other,), events=(taken,))
    code, out, _ = desk("import", desk.written(after.to_bytes()))
    assert code == 0
    assert (
        f"{name(mine)}  withdrawn: nothing of it is left in this case\n  left before: redacted"
        in out
    )
    assert f"sha256:{'07' * 32}; it cannot be called back\n" in out
    with room.case() as case:
        assert imports_of(case)[-1].objects == 1
    rows = {row.split()[0]: row.rstrip() for row in desk("list")[1].splitlines()}
    assert rows[name(mine)].split()[2:] == [*"-----", "withdrawn", "exported", "before:", "1"]
    code, out, _ = desk("show", name(mine))
    assert (code, MARKER in out) == (0, False)
    assert (
        out.splitlines()[0] == f"item {name(mine)}, withdrawn by its author: nothing of it is shown"
    )
    assert "it cannot be called back" in out.splitlines()[1]
    for words in (
        ("redact", name(mine), "--rules"),
        ("export", name(mine), str(desk.folder / "out"), "--for", "courts"),
    ):
        code, _, err = desk(*words)
        assert (code, "its author withdrew this item" in err) == (1, True)
    text = " ".join(desk("import", "--help")[1].split())
    assert "overwriting in place is not certain: such a disk must be encrypted" in text
