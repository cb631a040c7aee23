"""What a case folder keeps, from whom, and what it notices."""

import os
import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.age import decrypt_bytes, encrypt_bytes, read_header
from intake.errors import MalformedError, ProofError, RosterError, StoreError, WrongKeyError
from intake.review.case import Case
from intake.review.consent import Purpose
from intake.review.folder import locked, made_for
from intake.review.record import Entry, Summary, Verdict, pack, unpack
from intake.review.redacting import Redaction, Span
from intake.review.sent import Exported
from tests.panel import Panel, make_panel, sign
from tests.review.workroom import MARKER, Room, container, opening_for, sealed_item


def redaction_of(case: Case, item: str, version: int = 1) -> Redaction:
    envelope = case.entry(item).opening.envelope
    return Redaction(envelope, version, (Span("narrative", 0, 4, "person"),), (), case.by)


def test_a_case_is_for_its_owner_alone(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    for path in (room.folder, *room.folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    room.folder.chmod(0o750)
    with pytest.raises(StoreError, match="others may look"), room.case():
        pytest.fail("never reached")


OF_THE_ITEM = {"original.age", "kept.age", "redacted-0001-r1.age"}


def test_everything_at_rest_is_sealed_to_every_reviewer_or_to_its_item_or_public(
    room: Room,
) -> None:
    """Post-quantum stanzas only: one of the item's key, or as many as reviewers."""
    item = sealed_item(room.panel.roster)
    (report,) = room.take(item)
    room.take((item[0], item[1][:-1]))
    with room.case(writing=True) as case:
        case.add_redaction(report.item, redaction_of(case, report.item))
        exported = Exported(1, Purpose.PUBLISH, "text", bytes(32), case.by)
        case.add_export(report.item, exported)
        assert case.exports(report.item) == [exported]
    names = set()
    for path in (p for p in room.folder.rglob("*") if p.is_file()):
        assert MARKER.encode() not in path.read_bytes()
        if path.parent.name != "ledgers":
            names.add(path.name)
        if path.suffix == ".age":
            with path.open("rb") as source:
                stanzas = read_header(source).stanzas
            count = 1 if path.name in OF_THE_ITEM else 3
            assert [s.type for s in stanzas] == ["mlkem768x25519"] * count
    digest = room.panel.roster.digest.removeprefix("sha256:")
    assert names == {"case", "lock", "machine", "roots", f"{digest}.note"} | {
        f"{name}.age"
        for name in ("key", "entry", "original", "kept", "redacted-0001-r1", "export-0001-r1")
    } | {"standing.age", "salt.age"}


def test_records_are_all_of_one_length(room: Room) -> None:
    (one,) = room.take(sealed_item(room.panel.roster, "a"))
    (two,) = room.take(sealed_item(room.panel.roster, "b" * 20_000))
    sizes = {
        (room.folder / "items" / item / "entry.age").stat().st_size for item in (one.item, two.item)
    }
    assert len(sizes) == 1


@given(st.lists(st.text(max_size=50), max_size=5))
def test_a_record_is_padded_and_read_back(value: list[str]) -> None:
    data = pack(value)
    assert len(data) == 16384
    assert unpack(data) == value


def test_a_record_has_one_spelling() -> None:
    data = pack(["x"])
    for wrong in (data + bytes(16384), data[:-1], data[:-1] + b"\1", b" " + data[:-1], b""):
        with pytest.raises(MalformedError):
            unpack(wrong)
    assert len(pack("x" * 16384)) == 32768


def test_an_entry_is_read_back_as_it_was_written_and_in_no_other_shape() -> None:
    box = container(("narrative", "text"))
    opening = opening_for(b"sealed", box)
    digest = sha256(b"sealed").digest()
    entry = Entry(digest, opening, Verdict.NEW, "", Summary.of(box))
    value = entry.to_json()
    assert Entry.from_json(value) == entry
    refused = Entry(bytes(32), opening, Verdict.UNREADABLE, "why", None)
    assert Entry.from_json(refused.to_json()) == refused
    gone = Entry(digest, opening, Verdict.WITHDRAWN, "", None, bytes(16), 64)
    assert Entry.from_json(gone.to_json()) == gone
    wrong = {"used": 65}, {"used": -1}, {"used": True}, {"summary": value["summary"]}
    for more in wrong:
        with pytest.raises(MalformedError):
            Entry.from_json({**gone.to_json(), **more})
    with pytest.raises(MalformedError):
        Entry.from_json({**refused.to_json(), "thread": gone.to_json()["thread"]})
    changes: tuple[dict[str, object], ...] = (
        {"v": 2},
        {"verdict": "duplicate"},
        {"verdict": "mended"},
        {"verdict": "unreadable"},
        {"verdict": "fine"},
        {"summary": None},
        {"summary": ["testimony"]},
        {"summary": ["nothing", "server", "ru", 4, "", "2026-W47"]},
        {"summary": ["testimony", "server", "ru", 4, "X", "2026-W47"]},
        {"summary": ["testimony", "server", "ru", 4, "S", "2026-W99"]},
        {"thread": "AAAA"},
        {"thread": 1},
        {"used": 1},
        {"used": None},
        {"sha256": "A" * 43 + "="},
        {"opening": "event submitted\n"},
        {"more": 1},
    )
    for change in changes:
        with pytest.raises(MalformedError):
            Entry.from_json({**value, **change})
    for hostile in (None, [], {}, 3):
        with pytest.raises(MalformedError):
            Entry.from_json(hostile)


def test_an_export_is_read_back_as_it_was_written() -> None:
    value = Exported(3, Purpose.COURTS, "json", bytes(32), "r1").to_json()
    assert Exported.from_json(value).to_json() == value
    for change in ({"for": "sale"}, {"sha256": ""}, {"redaction": None}, {"more": 1}):
        if change != {"redaction": None}:
            with pytest.raises(MalformedError):
                Exported.from_json({**value, **change})


def test_an_original_that_was_changed_or_exchanged_is_noticed(room: Room) -> None:
    one, two = sealed_item(room.panel.roster), sealed_item(room.panel.roster)
    room.take(one, two)
    first, second = (room.folder / "items" / room.item(sealed) for _, sealed in (one, two))
    shutil.copy(second / "original.age", first / "original.age")
    with room.case() as case:
        with pytest.raises(ProofError, match="belongs to something else"):
            case.original(first.name)
        assert case.problem(first.name) == "its original was changed in this folder"
        assert case.problem(second.name) == ""
        (second / "original.age").unlink()
        assert case.problem(second.name) == "its original is missing"
        with pytest.raises(StoreError, match=f"original.age of item {second.name} is missing"):
            case.original(second.name)


def test_a_redaction_of_another_item_or_version_is_noticed(room: Room) -> None:
    one, two = sealed_item(room.panel.roster), sealed_item(room.panel.roster)
    room.take(one, two)
    first, second = room.item(one[1]), room.item(two[1])
    with room.case(writing=True) as case:
        case.add_redaction(first, redaction_of(case, first))
        with pytest.raises(StoreError, match="meanwhile"):
            case.add_redaction(first, redaction_of(case, first))
        items = room.folder / "items"
        shutil.copy(items / first / "redacted-0001-r1.age", items / second / "redacted-0001-r1.age")
        shutil.copy(items / first / "redacted-0001-r1.age", items / first / "redacted-0002-r1.age")
        for item in (first, second):
            with pytest.raises(ProofError, match="belongs to something else"):
                case.read(item)


def test_without_its_key_nothing_of_an_item_opens_and_the_others_do(room: Room) -> None:
    """Not even with every reviewer's identity: that is how an item is erased in all copies."""
    one, two = sealed_item(room.panel.roster), sealed_item(room.panel.roster)
    room.take(one, two)
    with room.case(writing=True) as case:
        case.add_redaction(room.item(one[1]), redaction_of(case, room.item(one[1])))
    folder = room.folder / "items" / room.item(one[1])
    (folder / "key.age").unlink()
    for name in ("original.age", "redacted-0001-r1.age"):
        with pytest.raises(WrongKeyError):
            decrypt_bytes((folder / name).read_bytes(), room.panel.identities)
    with room.case() as case:
        with pytest.raises(StoreError, match=r"key\.age"):
            case.read(room.item(one[1]))
        assert case.read(room.item(two[1]))[0].answers["narrative"] == MARKER


def test_the_key_of_another_item_opens_nothing(room: Room) -> None:
    one, two = sealed_item(room.panel.roster), sealed_item(room.panel.roster)
    room.take(one, two)
    first, second = (room.folder / "items" / room.item(sealed) for _, sealed in (one, two))
    shutil.copy(second / "key.age", first / "key.age")
    with room.case() as case, pytest.raises(ProofError, match="belongs to something else"):
        case.original(first.name)


def test_versions_stay_and_the_newest_counts(room: Room) -> None:
    (report,) = room.take(sealed_item(room.panel.roster))
    with room.case(writing=True) as case:
        assert case.read(report.item)[1] is None
        for version in (1, 2, 3):
            case.add_redaction(report.item, redaction_of(case, report.item, version))
        newest = case.read(report.item)[1]
        assert newest is not None
        assert (newest.version, newest.by, case.redactions(report.item)) == (3, "r1", 3)


def test_a_prefix_names_one_item_or_none(room: Room) -> None:
    items = [sealed_item(room.panel.roster, str(n)) for n in range(17)]
    room.take(*items)
    ids = sorted(room.item(sealed) for _, sealed in items)
    with room.case() as case:
        assert case.items() == ids
        assert case.find(ids[3]) == case.find(ids[3].upper()) == ids[3]
        first = next(c for c in "0123456789abcdef" if sum(i[0] == c for i in ids) > 1)
        with pytest.raises(MalformedError, match="items begin so"):
            case.find(first)
        for wrong in ("", "x", "../" + ids[3], "*", ids[3] + "0", "f" * 65):
            with pytest.raises(MalformedError):
                case.find(wrong)


def test_two_objects_whose_ids_are_alike_are_both_kept(room: Room) -> None:
    """Twelve characters can be searched for; the second one gets a longer id."""
    item = sealed_item(room.panel.roster)
    (report,) = room.take(item)
    alike = item[0].envelope[:6] + os.urandom(26)
    with room.case(writing=True) as case:
        longer = alike.hex()[:16]
        assert case.id_of(alike) == longer
        assert case.id_of(item[0].envelope) == report.item
        assert case.known(alike) is None
        case.keep_refused(b"x", Entry(alike, item[0], Verdict.UNREADABLE, "why", None))
        assert case.items() == [report.item, longer]
        assert (case.kept(longer), case.find(report.item)) == (b"x", report.item)


def test_one_writes_alone_and_several_read_together(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    writer = pytest.raises(StoreError, match="another command")
    with room.case(), room.case(), writer, room.case(writing=True):
        pytest.fail("never reached")
    with room.case(writing=True):
        for writing in (True, False):
            with pytest.raises(StoreError, match="another command"), room.case(writing=writing):
                pytest.fail("never reached")
    with locked(room.folder, alone=True):
        pass


def test_a_folder_made_for_something_that_fails_is_gone_and_any_other_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name in ("new", "mine"):
        with pytest.raises(StoreError), made_for(tmp_path / name):
            with locked(tmp_path / name, alone=True):
                pass
            raise StoreError("it failed")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    with pytest.raises(StoreError), made_for(tmp_path / "half"):
        (tmp_path / "half" / "roots").write_text("x")
        raise StoreError("it failed later")
    assert (tmp_path / "half" / "roots").exists(), "what was written is not ours to throw away"


def test_who_is_not_in_the_roster_of_the_case_cannot_open_it(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    stranger = make_panel(1, first=8).identities
    with (
        pytest.raises(RosterError, match="no identity offered is among"),
        Case.opened(room.folder, stranger, writing=False),
    ):
        pytest.fail("never reached")
    sealed = next(room.folder.glob("items/*/entry.age")).read_bytes()
    with pytest.raises(WrongKeyError):
        decrypt_bytes(sealed, stranger)


def exchange_roster(folder: Path, panel: Panel) -> None:
    """Put the note of other reviewers in the place of the roster of the case."""
    note = make_panel(1, first=8)
    (path,) = (folder / "rosters").iterdir()
    path.write_bytes(sign(replace(note.roster, roots=panel.roster.roots), (1,)))


def exchange_roots(folder: Path, panel: Panel) -> None:
    del panel
    (folder / "roots").write_bytes(b"testimony-intake/roots/v1\nroot-threshold 1\n")


def not_ascii(folder: Path, panel: Panel) -> None:
    del panel
    (folder / "case").write_bytes((folder / "case").read_bytes().replace(b"roster", b"r\xffster"))


def newer_case(folder: Path, panel: Panel) -> None:
    (folder / "case").write_text(f"testimony-intake/case/v3\nroster {panel.roster.digest}\n")


@pytest.mark.parametrize("change", [exchange_roster, exchange_roots, newer_case, not_ascii])
def test_a_case_whose_public_files_were_exchanged_is_not_opened(room: Room, change: object) -> None:
    """Otherwise the next redaction would be sealed to whoever exchanged them."""
    room.take(sealed_item(room.panel.roster))
    change(room.folder, room.panel)  # type: ignore[operator]
    with pytest.raises((RosterError, MalformedError, StoreError)), room.case():
        pytest.fail("never reached")


def test_what_a_killed_command_left_is_removed_by_the_next_that_writes(room: Room) -> None:
    (report,) = room.take(sealed_item(room.panel.roster))
    left = [room.folder / ".x.part", room.folder / "items" / report.item / ".y.part"]
    for path in left:
        path.write_bytes(encrypt_bytes(b"x", room.panel.roster.recipients))
    (room.folder / "items" / "0123456789ab").mkdir()
    with room.case(writing=True) as case:
        assert case.items() == [report.item]
    assert not any(path.exists() for path in left)


def test_there_is_no_case_where_none_was_made(room: Room) -> None:
    with pytest.raises(StoreError, match="no case in"), room.case():
        pytest.fail("never reached")
