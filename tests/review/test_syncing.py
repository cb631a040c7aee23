"""Two copies of a case and a stick: nothing of either reviewer's work is lost, and no lie is taken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.age import encrypt_bytes
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError, RosterError, StoreError
from intake.review import gates, retaining
from intake.review.acting import ledger_path, machine_of, salt_of
from intake.review.case import Case
from intake.review.folder import write
from intake.review.gathering import add_reply
from intake.review.panel import Panel as Settled
from intake.review.panel import panel_of
from intake.review.progress import Progress, answers_of
from intake.review.record import Verdict, pack
from intake.review.redacting import Redaction, Span
from intake.review.sent import Replied
from intake.review.standing import Standing, keep_standing, standing_of
from intake.review.steps import Step
from intake.review.stick import FOLDER
from intake.review.syncing import join, sync
from intake.tlog.note import Note
from tests.panel import Panel, make_panel
from tests.review.two_people import READ, READ_TOO, TRIAGED, Pair
from tests.review.workroom import MARKER, NOW, Room, container, seal_container, sealed_item


@pytest.fixture
def pair(room: Room, panel: Panel, tmp_path: Path) -> Pair:
    """r1 has two items, of which one was read; r2's case came from the stick."""
    room.take(sealed_item(panel.roster), sealed_item(panel.roster, "another"))
    both = Pair(panel, room.folder, tmp_path)
    both.read(items(both, 1)[0])
    both.sync(1)
    both.sync(2)
    return both


def items(pair: Pair, number: int) -> list[str]:
    with pair.case(number) as case:
        return case.items()


def told(pair: Pair, number: int) -> list[str]:
    return [one.what for one in pair.sync(number)]


def words(case: Case, item: str) -> list[str]:
    return [one.value.given["note"] for one in answers_of(case, item, Step.READ)]


def test_the_second_case_is_made_from_the_stick_and_holds_the_same(pair: Pair) -> None:
    with pair.case(1) as one, pair.case(2) as two:
        assert one.items() == two.items()
        for item in one.items():
            assert one.original(item) == two.original(item)
            assert one.entry(item) == two.entry(item)
        item = one.items()[0]
        assert Progress.of(one, item) == Progress.of(two, item)
        assert salt_of(one) == salt_of(two)
        assert machine_of(one.folder) != machine_of(two.folder)
        for name in ("key", "original", "read-0001-r1"):
            files = [case.files.path(item, name).read_bytes() for case in (one, two)]
            assert files[0] != files[1], "each copy has its own key"


def test_the_stick_holds_no_word_and_everything_on_it_is_sealed_or_public(pair: Pair) -> None:
    with pair.case(2) as case:
        gates.open_item(case, case.items()[0])
        gates.answer(case, case.items()[0], READ_TOO)
    pair.sync(2)
    public = {"list", "list.note", "case", "roots"}
    for path in (p for p in pair.stick.rglob("*") if p.is_file()):
        data = path.read_bytes()
        assert MARKER.encode() not in data
        assert b"all of it" not in data
        sealed = data.startswith(b"age-encryption.org/v1\n")
        assert sealed or path.name in public or path.suffix in {".note", ".ledger"}, path


def test_what_both_did_at_the_same_time_is_kept_of_both(pair: Pair) -> None:
    item = items(pair, 1)[0]
    with pair.case(1) as case:
        envelope = case.entry(item).opening.envelope
        gates.redact(
            case, item, Redaction(envelope, 1, (Span("narrative", 0, 3, "person"),), (), "r1")
        )
        add_reply(case, item, Replied(0, f"sha256:{'0' * 64}", NOW, "r1", "one"))
    with pair.case(2) as case:
        gates.open_item(case, item)
        gates.answer(case, item, READ_TOO)
        gates.answer(case, item, READ)
        add_reply(case, item, Replied(1, f"sha256:{'1' * 64}", NOW, "r2", "two"))
    for number in (1, 2, 1):
        pair.sync(number)
    with pair.case(1) as one, pair.case(2) as two:
        for case in (one, two):
            assert words(case, item) == ["read", "read"]
            assert {str(mark) for mark in case.marks(item, "reply")} == {"1 of r1", "1 of r2"}
            assert case.read(item)[1] is not None
            assert [one.mark.by for one in answers_of(case, item, Step.SECOND)] == ["r2"]
        assert Progress.of(one, item) == Progress.of(two, item)


def test_syncing_again_changes_nothing_but_ledgers(pair: Pair) -> None:
    for number in (1, 2, 1, 2):
        pair.sync(number)

    def everything(folder: Path) -> dict[str, bytes]:
        files = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".ledger")
        return {str(p.relative_to(folder)): p.read_bytes() for p in files}

    before = [everything(folder) for folder in (pair.first, pair.second)]
    for number in (1, 2):
        pair.sync(number)
    assert [everything(folder) for folder in (pair.first, pair.second)] == before


def test_settings_and_what_the_log_said_go_along(pair: Pair) -> None:
    with pair.case(1) as case:
        gates.config(case, Settled.parse('steps = ["read", "jigsaw"]'))
        seen = Standing(logged=frozenset({bytes(32)}), withdrawn=frozenset({bytes([1]) * 32}))
        keep_standing(case, seen)
    with pair.case(2) as case:
        mine = Standing(logged=frozenset({bytes([2]) * 32}))
        keep_standing(case, mine)
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        assert Step.JIGSAW in panel_of(case).steps
        standing = standing_of(case)
        assert standing.logged >= {bytes(32), bytes([2]) * 32}
        assert standing.withdrawn == {bytes([1]) * 32}


def test_what_is_erased_in_one_copy_is_gone_from_both_and_from_the_stick(pair: Pair) -> None:
    gone, left = items(pair, 1)
    with pair.case(1) as case:
        retaining.keep_until(case, gone, Epoch.now().previous)
        retaining.erase(case, gone, Epoch.now())
    pair.sync(1)
    assert any("erased, and destroyed here" in line for line in told(pair, 2))
    for number in (1, 2):
        with pair.case(number) as case:
            assert case.entry(gone).verdict is Verdict.ERASED
            assert [p.name for p in case.files.path(gone, "entry").parent.iterdir()] == [
                "entry.age"
            ]
            with pytest.raises(IntakeError):
                case.original(gone)
            assert case.original(left)[1].answers["narrative"]
    folders = [path for path in pair.stick.glob(f"{FOLDER}/*/items/{gone}") if path.is_dir()]
    assert folders
    for folder in folders:
        assert [path.name for path in folder.iterdir()] == ["entry.age"]
    # and it does not come back from a copy that was behind
    pair.sync(1)
    with pair.case(1) as case:
        assert case.entry(gone).gone


def test_an_item_that_one_never_had_and_is_gone_stays_known_as_gone(
    room: Room, panel: Panel, pair: Pair
) -> None:
    (report,) = room.take(sealed_item(panel.roster, "late"))
    with pair.case(1) as case:
        retaining.keep_until(case, report.item, Epoch.now().previous)
        retaining.erase(case, report.item, Epoch.now())
    pair.sync(1)
    pair.sync(2)
    with pair.case(2) as case:
        assert case.entry(report.item).verdict is Verdict.ERASED


def test_an_item_is_not_erased_before_its_time(pair: Pair) -> None:
    item = items(pair, 1)[0]
    with pair.case(1) as case:
        with pytest.raises(IntakeError, match="is kept until"):
            retaining.erase(case, item, Epoch.now())
        assert retaining.due(case, Epoch.now()) == ([], [])
        retaining.keep_until(case, item, Epoch.now().previous)
        due, _ = retaining.due(case, Epoch.now())
        assert [kept.item for kept in due] == [item]


def test_how_long_is_by_what_it_is(room: Room, panel: Panel) -> None:
    box = container(("narrative", "x"), agreed=(), roster=panel.roster)
    (quiet,) = room.take(seal_container(box, panel.roster))
    (wanted,) = room.take(sealed_item(panel.roster))
    pair = Pair(panel, room.folder, room.folder.parent)
    with pair.case(1) as case:
        assert retaining.kept_until(case, quiet.item).until.number == NOW.number + 104
        kept = retaining.kept_until(case, wanted.item)
        assert (kept.until.number, kept.review) == (NOW.number + 52, True)
        gates.open_item(case, wanted.item)
        gates.answer(case, wanted.item, TRIAGED.__class__.of(Step.TRIAGE, {"triage": "t.6"}))
        assert retaining.kept_until(case, wanted.item).until.number == NOW.number + 5


# What is no stick of this panel


def one_list(pair: Pair) -> Path:
    """The folder of r1's machine on the stick."""
    with pair.case(1) as case:
        return pair.stick / FOLDER / machine_of(case.folder)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def stranger(pair: Pair) -> None:
    """Everything signed anew by somebody who is no reviewer of the case."""
    other = make_panel(1, first=7)
    folder = one_list(pair)
    text = (folder / "list.note").read_bytes().rsplit(b"\n\n", 1)[0] + b"\n"
    note = Note(text, (other.signers[0].sign(text),))
    (folder / "list.note").write_bytes(note.to_bytes())


LIES: dict[str, tuple[Callable[[Pair], None], type[IntakeError], str]] = {
    "a file was changed": (
        lambda pair: flip(next(one_list(pair).glob("items/*/key.age"))),
        ProofError,
        "",
    ),
    "the salt was changed": (
        lambda pair: flip(one_list(pair) / "salt.age"),
        ProofError,
        "is not what machine",
    ),
    "the list was cut": (
        lambda pair: (one_list(pair) / "list").write_bytes(b""),
        MalformedError,
        "damaged",
    ),
    "the list was signed by a stranger": (stranger, ProofError, "not signed by a reviewer"),
    "it lies under another machine's name": (
        lambda pair: shutil.move(one_list(pair), one_list(pair).with_name("m-00000000")),
        ProofError,
        "another machine's name",
    ),
    "a file is missing": (
        lambda pair: (one_list(pair) / "salt.age").unlink(),
        StoreError,
        "cannot be read",
    ),
    "a file is a link": (
        lambda pair: relinked(one_list(pair) / "salt.age"),
        StoreError,
        "cannot be read",
    ),
}


def relinked(path: Path) -> None:
    other = path.with_name("elsewhere")
    path.rename(other)
    path.symlink_to(other)


@pytest.mark.parametrize("name", LIES)
def test_a_stick_that_is_not_as_it_was_made_is_refused(pair: Pair, name: str) -> None:
    lie, error, phrase = LIES[name]
    lie(pair)
    if phrase:
        with pytest.raises(error, match=phrase):
            pair.sync(2)
    else:
        assert any(merged.alarm for merged in pair.sync(2))


def test_an_older_stick_is_refused(pair: Pair, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(pair.stick, old)
    with pair.case(1) as case:
        gates.open_item(case, case.items()[1])
    pair.sync(1)
    pair.sync(2)
    shutil.rmtree(pair.stick)
    shutil.copytree(old, pair.stick, dirs_exist_ok=True)
    with pytest.raises(ProofError, match="older than what was seen"):
        pair.sync(2)


def test_a_machine_that_was_set_back_is_noticed(pair: Pair) -> None:
    """Its ledger forked: two stories of one machine."""
    with pair.case(1) as case:
        path = ledger_path(case.folder, machine_of(case.folder))
    old = path.read_bytes()
    with pair.case(1) as case:
        gates.open_item(case, case.items()[1])
    pair.sync(1)
    pair.sync(2)
    path.write_bytes(old)
    with pytest.raises(ProofError, match="another ledger of this machine"):
        pair.sync(1)
    shutil.rmtree(pair.stick / FOLDER)
    with pair.case(1) as case:
        gates.open_item(case, case.items()[0])
        gates.open_item(case, case.items()[0])
        gates.open_item(case, case.items()[0])
        gates.open_item(case, case.items()[0])
    pair.sync(1)
    with pytest.raises(ProofError, match="not the one that was seen before"):
        pair.sync(2)


def test_two_cases_that_were_made_apart_stay_apart(
    room: Room, panel: Panel, pair: Pair, tmp_path: Path
) -> None:
    apart = Room(panel, tmp_path / "apart", panel.identities[1:2])
    apart.take(sealed_item(panel.roster))
    with apart.case(writing=True) as case, pytest.raises(ProofError, match="another case"):
        list(sync(case, pair.stick))


def test_one_reviewer_in_two_copies_is_noticed_before_either_is_lost(
    room: Room, panel: Panel, pair: Pair, tmp_path: Path
) -> None:
    third = tmp_path / "third"
    join(third, pair.stick, panel.roster.roots, panel.identities[:1], "")
    item = items(pair, 1)[1]
    with Case.opened(third, panel.identities[:1], writing=True, signers=panel.signers) as case:
        list(sync(case, pair.stick))
        gates.open_item(case, item)
        gates.answer(case, item, TRIAGED.__class__.of(Step.TRIAGE, {"triage": "t.1"}))
        list(sync(case, pair.stick))
    with pair.case(1) as case:
        gates.open_item(case, item)
        gates.answer(case, item, TRIAGED)
    merged = pair.sync(1)
    assert any(one.alarm and "is there twice" in one.what for one in merged)
    with pair.case(1) as case:
        (kept,) = answers_of(case, item, Step.TRIAGE)
        assert kept.value == TRIAGED


def test_whoever_is_not_in_the_roster_gets_no_case_from_a_stick(pair: Pair, tmp_path: Path) -> None:
    other = make_panel(1, first=7)
    with pytest.raises(RosterError, match="among the reviewers"):
        join(tmp_path / "x", pair.stick, pair.panel.roster.roots, other.identities, "")
    with pytest.raises(StoreError, match="no case on this stick"):
        join(tmp_path / "y", tmp_path, pair.panel.roster.roots, pair.panel.identities[1:2], "")


def test_a_record_that_is_sealed_and_not_signed_is_not_taken(pair: Pair, panel: Panel) -> None:
    """Anybody can seal to the reviewers: what lies in the other's folder is held to its signature."""
    item = items(pair, 1)[0]
    with pair.case(1) as case:
        path = case.files.path(item, "triage-0002-r2")
        key = case.files.key(item)
        path.write_bytes(encrypt_bytes(pack("no note"), [key.recipient]))
    pair.sync(1)
    assert any(one.alarm for one in pair.sync(2))
    with pair.case(2) as case:
        assert [str(mark) for mark in case.marks(item, "triage")] == ["1 of r1"]


def test_a_sync_that_was_cut_off_is_done_again(
    room: Room, panel: Panel, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At any write: nothing is lost, nothing is there by half, and the next one comes to the same end."""
    room.take(sealed_item(panel.roster, "late"))
    pair.sync(1)
    for left in range(1, 60):
        count = 0

        def cut(path: Path, content: bytes, left: int = left, **how: bool) -> None:
            nonlocal count
            count += 1
            if count >= left:
                raise KeyboardInterrupt
            write(path, content, **how)

        for module in (
            "case_files",
            "journal",
            "syncing",
            "sync_ledgers",
            "case",
            "standing",
            "stick",
        ):
            monkeypatch.setattr(f"intake.review.{module}.write", cut)
        try:
            pair.sync(2)
        except KeyboardInterrupt:
            monkeypatch.undo()
            with pair.case(2) as case:
                for item in case.items():
                    assert case.problem(item) == ""
        else:
            break
        finally:
            monkeypatch.undo()
    pair.sync(2)
    with pair.case(1) as one, pair.case(2) as two:
        assert one.items() == two.items()
    assert left > 3
