"""What a reviewer can rely on when some of what came says nothing: it is counted, and no more."""

import shutil
from dataclasses import replace

import pytest

from intake import canonical
from intake.age import encrypt_bytes
from intake.bundle import Contents
from intake.container import Kind
from intake.errors import MalformedError, ProofError, RosterError
from intake.review.import_records import add_import, imports_of
from intake.review.imported import Imported
from intake.review.importing import Report, import_items, make_case, record_import
from intake.review.journal import TITLE
from intake.review.record import Entry, Summary, Verdict, pack
from intake.review.standing import Standing, keep_standing
from intake.tlog.note import Algorithm, Note, Signer
from tests.panel import Panel, make_panel, seed
from tests.review.bad_items import flipped
from tests.review.conftest import Desk
from tests.review.workroom import (
    NOW,
    Room,
    Sealed,
    container,
    opening_for,
    seal_container,
    sealed_item,
    unchecked,
)

LOGGED = "the log has 18 entries, and all seven checks hold"
ME = Signer("r1", Algorithm.ED25519, seed("signer 1"))


def decoy(panel: Panel) -> Sealed:
    return seal_container(container(roster=panel.roster, kind=Kind.DECOY), panel.roster)


def record(room: Room, *items: Sealed, signer: Signer = ME) -> Imported:
    """Import, as the command does, and give the record."""
    with room.bundle(*items) as bundle:
        if not room.folder.exists():
            make_case(room.folder, bundle, room.panel.roster.roots, room.identities)
        with room.case(writing=True, signers=[signer]) as case:
            checked = unchecked(bundle.contents)
            return record_import(case, checked, list(import_items(case, bundle, checked)))


def test_a_decoy_is_reported_and_leaves_no_trace_in_the_case(room: Room) -> None:
    item = sealed_item(room.panel.roster)
    made = decoy(room.panel)
    assert sorted(r.verdict for r in room.take(item, made)) == [Verdict.DECOY, Verdict.NEW]
    with room.case() as case:
        assert case.items() == [room.item(item[1])]
    folders = [path.name for path in (room.folder / "items").iterdir()]
    assert folders == [room.item(item[1])]
    assert [r.verdict for r in room.take(made)] == [Verdict.DECOY], "it is one every time"
    assert not any(r.alarm for r in room.take(made))


def test_objects_without_decoys_are_items_whatever_came(room: Room) -> None:
    items = [sealed_item(room.panel.roster) for _ in range(2)]
    bad, decoys = flipped(room.panel), [decoy(room.panel) for _ in range(3)]
    first = record(room, *items, bad, *decoys)
    assert first.sum == "6 objects - 3 decoys = 3 items"
    again = record(room, *items, *decoys[:1])
    assert again.sum == "3 objects - 1 decoys = 2 items"
    with room.case() as case:
        assert imports_of(case) == [first, again]
    (room.folder / "records" / "import-0001-r1.age").unlink()
    third = record(room, *decoys)
    with room.case() as case:
        assert imports_of(case) == [again, third], "one that is lost takes no other along"
    assert (first.by, first.epoch, first.deployment) == ("r1", NOW, room.panel.roster.deployment)
    text = first.to_bytes().decode().splitlines()
    assert {"objects 6", "decoys 3", "items 3", "new 2", "duplicate 0", "unreadable 1"} <= set(text)


def test_a_text_that_is_called_a_decoy_is_kept_and_is_an_alarm(room: Room) -> None:
    """Or whoever seals for others could make their texts vanish without a word."""
    said = container(("narrative", "x"), agreed=(), roster=room.panel.roster)
    plain = replace(said, consent=()).to_bytes()
    size = int.from_bytes(plain[8:12])
    body = plain[12 : 12 + size].replace(b'"kind":"testimony"', b'"kind":"decoy"')

    data = plain[:8] + len(body).to_bytes(4) + body
    sealed = encrypt_bytes(data + bytes(len(plain) - len(data)), room.panel.roster.recipients)
    (report,) = room.take((opening_for(sealed, said), sealed))
    assert (report.verdict, report.why) == (Verdict.UNREADABLE, "a decoy says something")
    with room.case() as case:
        assert case.kept(report.item) == sealed


def test_a_decoy_that_could_not_be_opened_at_first_is_no_item_once_it_can(room: Room) -> None:
    made = decoy(room.panel)
    other = make_panel(first=7)
    both = replace(room, identities=(*other.identities, *room.identities))

    with room.bundle(made) as bundle:
        make_case(room.folder, bundle, room.panel.roster.roots, room.identities)
    with room.case(writing=True) as case:
        entry = Entry(made[0].envelope, made[0], Verdict.UNREADABLE, "why", None)
        keep_standing(case, Standing())
        case.keep_refused(made[1], entry)
        assert case.items() == [room.item(made[1])]
    assert both.take(made) == [Report(room.item(made[1]), Verdict.DECOY)]
    with room.case() as case:
        assert case.items() == []
        with pytest.raises(MalformedError):
            case.find(room.item(made[1]))


def test_a_decoy_whose_record_was_damaged_is_no_item_either(room: Room) -> None:
    item, made = sealed_item(room.panel.roster), decoy(room.panel)
    room.take(item)
    with room.case(writing=True) as case:
        case.keep_refused(made[1], Entry(made[0].envelope, made[0], Verdict.UNREADABLE, "y", None))
    folder = room.folder / "items" / room.item(made[1])
    (folder / "entry.age").write_bytes(b"damaged")
    assert room.take(item, made)[-1].verdict in {Verdict.DECOY, Verdict.DUPLICATE}
    assert list(folder.iterdir()) == []
    with room.case(writing=True) as case:
        assert case.items() == [room.item(item[1])]
        case.forget_refused(room.item(item[1]))
        assert case.items() == [room.item(item[1])], "an item that was read is never taken out"


def test_a_decoy_has_no_record_as_an_item(panel: Panel) -> None:
    opening, sealed = decoy(panel)
    del sealed
    summary = Summary.of(container(kind=Kind.DECOY))
    for verdict, about in ((Verdict.DECOY, None), (Verdict.NEW, summary)):
        with pytest.raises(MalformedError):
            Entry(opening.envelope, opening, verdict, "", about)


def test_a_record_is_signed_by_the_reviewer_who_made_the_import(room: Room) -> None:
    for signer in (
        Signer("r2", Algorithm.ED25519, seed("signer 2")),
        Signer("r1", Algorithm.ED25519, seed("signer 2")),
    ):
        with pytest.raises(RosterError, match="no key offered signs"):
            record(room, decoy(room.panel), signer=signer)
    with room.case(writing=True) as case:
        assert imports_of(case) == []
        with pytest.raises(RosterError, match="not signed by"):
            add_import(case, record_of(by="r2"))


def test_a_record_that_somebody_else_put_there_is_noticed(
    room: Room,
) -> None:
    """Anybody can seal to the reviewers; only the signature says who counted."""
    record(room, decoy(room.panel))
    forger = Signer("r1", Algorithm.ED25519, seed("a forger"))

    path = room.folder / "records" / "import-0002-r1.age"
    for by, signer in (("r1", forger), ("r9", forger), ("r2", ME)):
        content = canonical.encode(record_of(by=by).to_bytes().decode())
        text = f"{TITLE}\ncase import 2 r1\n".encode() + content + b"\n"
        note = Note(text, (signer.sign(text),)).to_bytes().decode()
        path.write_bytes(encrypt_bytes(pack(note), room.panel.roster.recipients))
        with room.case() as case, pytest.raises(ProofError):
            imports_of(case)
    shutil.copy(room.folder / "records" / "import-0001-r1.age", path)
    with room.case() as case, pytest.raises(ProofError, match="something else"):
        imports_of(case)


def record_of(by: str = "r1", verdicts: tuple[Verdict, ...] = (Verdict.NEW,)) -> Imported:
    contents = Contents("test-abcdefgh", NOW, (), ())
    return Imported.of(unchecked(contents), verdicts, by)


def test_a_record_is_read_back_the_same() -> None:
    for verdicts in ((), (Verdict.DECOY,), tuple(Verdict) * 3):
        mine = record_of(verdicts=verdicts)
        assert Imported.parse(mine.to_bytes()) == mine
        assert (mine.objects, mine.decoys) == (len(verdicts), verdicts.count(Verdict.DECOY))


def test_a_record_whose_sum_or_spelling_is_wrong_is_refused() -> None:
    text = record_of(verdicts=(Verdict.NEW, Verdict.DECOY)).to_bytes()
    assert Imported.parse(text).sum == "2 objects - 1 decoys = 1 items"
    changed = [
        text.replace(b"objects 2", b"objects 3"),
        text.replace(b"decoys 1", b"decoys 2"),
        text.replace(b"\nitems 1", b"\nitems 2"),
        text.replace(b"new 1", b"new 01"),
        text.replace(b"new 1", b"new 2").replace(b"mended 0", b"mended -1"),
        text.replace(b"new 1", "new \u0661".encode()),
        text.replace(b"/v4", b"/v3"),
        text.replace(b"\nlogged 2", b"\nlogged 1"),
        text.replace(b"not yet logged 0", b"not yet logged 1"),
        text.replace(b"\nlogged 2", b"\nlogged -1").replace(b"logged 0", b"logged 3"),
        text.replace(b"checkpoint 0", b"checkpoint 00"),
        text.replace(b"checkpoint 0", b"checkpoint x"),
        text.replace(b"checkpoint 0 ", b"checkpoint "),
        text + b"\n",
        text[:-1],
        text + b"more 1\n",
        b"\xff" + text,
        text.replace(b"by r1", b"by r 1"),
        b"",
    ]
    assert text not in changed
    for number, data in enumerate(changed):
        with pytest.raises(MalformedError):
            Imported.parse(data)
            pytest.fail(str(number))


def test_an_import_that_was_cut_off_leaves_no_record(room: Room) -> None:
    with room.bundle(decoy(room.panel), decoy(room.panel)) as bundle:
        make_case(room.folder, bundle, room.panel.roster.roots, room.identities)
        with room.case(writing=True) as case:
            checked = unchecked(bundle.contents)
            reports = import_items(case, bundle, checked)
            with pytest.raises(MalformedError, match="end"):
                record_import(case, checked, [next(reports)])
            assert imports_of(case) == []


def test_the_command_counts_decoys_and_never_lists_one(desk: Desk, panel: Panel) -> None:
    item, made = sealed_item(panel.roster), decoy(panel)
    code, out, _ = desk("import", desk.bundle(item, made), "--roots", desk.roots)
    name = item[0].envelope.hex()[:12]
    assert (code, out) == (0, f"{name}  new\n{LOGGED}\n2 objects - 1 decoys = 1 items\n1 new\n")
    code, out, _ = desk("list")
    assert (code, [row.split()[0] for row in out.splitlines()]) == (0, ["ITEM", name])
    digits = made[0].envelope.hex()[:12]
    assert desk("show", digits)[0] == 1
    assert desk("export", digits, str(desk.folder / "out"), "--for", "publish")[0] == 1
    (kept,) = (desk.folder / "case" / "records").glob("import-*")
    assert kept.read_bytes().startswith(b"age-encryption.org/v1\n-> mlkem768x25519")
