import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from intake.age import decrypt_bytes, encrypt_bytes, sealed_length
from intake.bundle import (
    LARGEST_OBJECT,
    MAGIC,
    SMALLEST,
    Bundle,
    Contents,
    Item,
    Waiting,
    framed,
    framed_statements,
    padded,
    statements_length,
    write_bundle,
)
from intake.canonical import b64, decode, encode
from intake.container import NewerVersionError
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, WrongKeyError
from intake.event import Collected, Void, Withdrawn
from intake.log.promising import promise_for
from intake.opening import Opening
from intake.tlog.note import Algorithm, Signer
from tests.panel import Panel, make_panel

VOID = Void.fresh(Epoch(2026, 47)).to_bytes().decode()
STATEMENTS = [b"", b"a statement\n", b"another\n"]
ZERO = Opening(Epoch(2026, 47), *[bytes(32)] * 3, "sha256:" + "0" * 64, *[bytes(32)] * 2)


def contents_of(objects: list[bytes], panel: Panel) -> tuple[Contents, dict[bytes, bytes]]:
    openings = [
        replace(ZERO, envelope=sha256(data).digest(), salt=os.urandom(32)) for data in objects
    ]
    kept = {o.to_bytes(): data for o, data in zip(openings, objects, strict=True)}
    items = tuple(Item(Opening.parse(key), len(kept[key])) for key in sorted(kept))
    epoch = Epoch(2026, 47)
    return Contents(panel.roster.deployment, epoch, (panel.note,), items), kept


def written(
    contents: Contents, kept: dict[bytes, bytes], panel: Panel, log: tuple[bytes, ...] = ()
) -> bytes:
    sink = BytesIO()
    write_bundle(sink, contents, log, lambda o: kept[o.to_bytes()], panel.roster.recipients)
    return sink.getvalue()


def with_log(contents: Contents, entries: list[bytes], openings: list[bytes]) -> Contents:
    """The same with a log of these lengths, under a note that nobody checks here."""
    lengths = [sum(len(block) for block in framed(part)) for part in (entries, openings)]
    return replace(contents, checkpoint=b"x\n", log=(lengths[0], lengths[1]))


@pytest.mark.parametrize("size", [0, 1, 300, 65_535])
def test_the_log_comes_out_as_it_went_in(panel: Panel, tmp_path: Path, size: int) -> None:
    """Also where an entry lies across two blocks of a mebibyte, and both are read side by side."""
    contents, kept = contents_of([b"an object", b"another"], panel)
    entries = [os.urandom(size) for _ in range(40 if size else 3)]
    openings = [b"", *(os.urandom(size // 2) for _ in range(70))]
    told = with_log(contents, entries, openings)
    data = written(told, kept, panel, (*framed(entries), *framed(openings)))
    with Bundle.open(BytesIO(data), panel.identities, tmp_path) as bundle:
        assert bundle.contents == told
        both = zip(bundle.entries(), bundle.openings(), strict=False)
        assert all(one == (entries[n], openings[n]) for n, one in enumerate(both))
        assert list(bundle.openings()) == openings
        assert {o.to_bytes(): sealed for o, sealed in bundle} == kept


def test_a_log_that_is_cut_or_too_long_is_noticed(panel: Panel, tmp_path: Path) -> None:
    contents, kept = contents_of([b"an object"], panel)
    told = replace(contents, checkpoint=b"x\n", log=(4, 3))
    data = written(told, kept, panel, (b"\0\1a\0", b"\0\2b"))
    with Bundle.open(BytesIO(data), panel.identities, tmp_path) as bundle:
        for part in (bundle.entries(), bundle.openings()):
            with pytest.raises(MalformedError, match="cut short"):
                list(part)
    for log in ((b"\0\1a\0",), (b"\0\1a\0", b"\0\2bc")):
        with pytest.raises(MalformedError, match="log changed"):
            written(told, kept, panel, log)
    with pytest.raises(MalformedError, match="longer"):
        list(framed([bytes(65_536)]))


def test_an_auditors_file_has_no_object(panel: Panel, tmp_path: Path) -> None:
    contents, _ = contents_of([os.urandom(70_309)], panel)
    told = replace(contents, objects=False)
    with Bundle.open(BytesIO(written(told, {}, panel)), panel.identities, tmp_path) as bundle:
        assert bundle.contents == told
        assert list(bundle) == []


def test_what_waits_for_the_log_comes_with_its_promise(panel: Panel, tmp_path: Path) -> None:
    contents, kept = contents_of([b"an object"], panel)
    (item,) = contents.items
    epoch = contents.epoch
    events = [
        Waiting(Withdrawn(epoch, *[bytes(32)] * 4), b"a note\n"),
        Waiting(Collected(epoch, bytes(32), bytes(32), bytes(32), ("r1", "r2")), b"a note\n"),
        Waiting(ZERO, "\u2014 a note\n".encode()),
    ]
    events.sort(key=lambda one: one.event.to_bytes())
    told = replace(
        contents,
        items=(replace(item, promise="\u2014 its promise\n".encode()),),
        events=tuple(events),
        statements=statements_length(STATEMENTS),
    )
    data = written(told, kept, panel, (*framed_statements(STATEMENTS),))
    with Bundle.open(BytesIO(data), panel.identities, tmp_path) as bundle:
        assert bundle.contents == told
        assert list(bundle.statements()) == STATEMENTS
        assert {o.to_bytes(): sealed for o, sealed in bundle} == kept
    with pytest.raises(MalformedError, match="log changed"):
        written(told, kept, panel)


def test_statements_may_be_more_than_a_manifest_holds_and_none_is_longer_than_a_note(
    panel: Panel, tmp_path: Path
) -> None:
    """They are kept for ever, so there is no end to all of them; one is read at a time."""
    contents, kept = contents_of([b"an object"], panel)
    most = [os.urandom(1_000_000) for _ in range(18)]
    told = replace(contents, statements=statements_length(most))
    data = written(told, kept, panel, tuple(framed_statements(most)))
    with Bundle.open(BytesIO(data), panel.identities, tmp_path) as bundle:
        assert list(bundle.statements()) == most
        assert {o.to_bytes(): sealed for o, sealed in bundle} == kept
    with pytest.raises(MalformedError, match="longer than 1000000 bytes"):
        list(framed_statements([bytes(1_000_001)]))
    long = (1_000_001).to_bytes(4) + bytes(1_000_001)
    for block in (long, b"\0\0\0", b"\0\0\0\2x"):
        told = replace(contents, statements=len(block))
        data = written(told, kept, panel, (block,))
        with (
            Bundle.open(BytesIO(data), panel.identities, tmp_path) as bundle,
            pytest.raises(MalformedError, match="statements are cut short"),
        ):
            list(bundle.statements())
    with pytest.raises(MalformedError, match="statements have a length"):
        replace(contents, statements=-1)


def test_no_item_is_longer_than_the_largest_sealed_object() -> None:
    """Who checks a bundle reads an object at once: anybody could make one of many gigabytes."""
    assert sealed_length(32, 65_536 << 10) == LARGEST_OBJECT < 65 << 20
    for size in (1, LARGEST_OBJECT):
        row = Item(ZERO, size).to_json()
        assert Item.from_json(row).size == size
    for size in (0, LARGEST_OBJECT + 1, 700_000_000):
        with pytest.raises(MalformedError, match="a length that no sealed object has"):
            Item.from_json(Item(ZERO, size).to_json())


@pytest.mark.parametrize("log", [(1, 0), (0, 1), (-1, 2)])
def test_a_log_has_a_length_only_under_a_checkpoint(panel: Panel, log: tuple[int, int]) -> None:
    contents, _ = contents_of([], panel)
    with pytest.raises(MalformedError):
        replace(contents, log=log)
    with pytest.raises(MalformedError):
        replace(contents, checkpoint=b"x\n", log=(-1, 1))


def test_every_reviewer_finds_everything_that_was_put_in(panel: Panel, tmp_path: Path) -> None:
    contents, kept = contents_of([os.urandom(70_309) for _ in range(5)] + [b"x"], panel)
    data = written(contents, kept, panel)
    for identity in panel.identities:
        with Bundle.open(BytesIO(data), [identity], tmp_path) as bundle:
            assert bundle.contents == contents
            assert {o.to_bytes(): sealed for o, sealed in bundle} == kept
    assert list(tmp_path.iterdir()) == []


def test_its_length_tells_only_a_power_of_two(panel: Panel) -> None:
    lengths = {
        len(written(*contents_of([os.urandom(70_309)] * count, panel), panel))
        for count in (0, 1, 7)
    }
    assert len(lengths) == 1
    assert [padded(n) for n in (1, SMALLEST, SMALLEST + 1)] == [SMALLEST, SMALLEST, 2 * SMALLEST]
    (length,) = lengths
    assert length > SMALLEST


def test_another_panel_cannot_open_it(panel: Panel, tmp_path: Path) -> None:
    data = written(*contents_of([b"x"], panel), panel)
    with pytest.raises(WrongKeyError):
        Bundle.open(BytesIO(data), make_panel(first=7).identities, tmp_path)


@pytest.mark.parametrize("fault", ["cut", "flip", "empty", "begins like one"])
def test_a_damaged_bundle_gives_nothing_out(panel: Panel, tmp_path: Path, fault: str) -> None:
    data = bytearray(written(*contents_of([b"x" * 1000], panel), panel))
    if fault == "cut":
        del data[-20_000_000 // 2 :]
    elif fault == "flip":
        data[-1] ^= 1
    elif fault == "empty":
        data = bytearray()
    else:
        data = bytearray(b"age-encryption.org/v1\nand then a story")
    with pytest.raises(IntakeError):
        Bundle.open(BytesIO(data), panel.identities, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_inside_is_read_strictly(panel: Panel, tmp_path: Path) -> None:
    contents, kept = contents_of([b"one object", b"another"], panel)
    plain = decrypt_bytes(written(contents, kept, panel), panel.identities)
    size = len(contents.to_bytes())
    end = 12 + size + 17
    first, second = contents.items
    value = decode(contents.to_bytes())
    assert isinstance(value, dict)

    def packed(manifest: bytes) -> bytes:
        body = MAGIC + len(manifest).to_bytes(4) + manifest + plain[12 + size : end]
        return body + bytes(padded(len(body)) - len(body))

    assert packed(contents.to_bytes()) == plain
    bad = {
        "magic": b"INTKB2" + plain[6:],
        "length": plain[:8] + b"\xff" * 4 + plain[12:],
        "padding": plain[:-1] + b"\x01",
        "longer": plain + bytes(len(plain)),
        "shorter": plain[:-1],
        "order": packed(replace(contents, items=(second, first)).to_bytes()),
        "twice": packed(replace(contents, items=(first, first)).to_bytes()),
        "extra": packed(encode(value | {"more": 1})),
        "size": packed(replace(contents, items=(first, replace(second, size=1 << 24))).to_bytes()),
        "log": packed(with_log(contents, [bytes(1 << 14)] * 1025, []).to_bytes()),
        "objects": packed(encode(value | {"objects": 1})),
        "lengths": packed(encode(value | {"log": [0, 0, 0]})),
        "negative": packed(encode(value | {"checkpoint": "x", "log": [-1, 1]})),
        "no checkpoint": packed(encode(value | {"log": [0, 1]})),
        "events": packed(encode(value | {"events": [{"opening": VOID, "promise": "x"}]})),
        "event": packed(encode(value | {"events": [{"opening": VOID}]})),
        "statements": packed(encode(value | {"statements": [2]})),
        "fewer statements": packed(encode(value | {"statements": -1})),
        "more statements": packed(replace(contents, statements=1 << 24).to_bytes()),
        "promise": packed(encode(value | {"items": [{"opening": "x", "promise": 1, "size": 1}]})),
        "empty promise": packed(
            encode(value | {"items": [row | {"promise": ""} for row in value["items"]]})
        ),
        "zero": packed(replace(contents, items=(first, replace(second, size=0))).to_bytes()),
        "kind": packed(encode(value | {"rosters": [1]})),
        "version": packed(encode(value | {"v": 0})),
        "spelling": packed(contents.to_bytes().replace(b":", b": ", 1)),
        "rosters": packed(encode(value | {"rosters": {}})),
        "items": packed(encode(value | {"items": ["x"]})),
        "deployment": packed(encode(value | {"deployment": "x\u001b]0;pwned\u0007-abcdefgh"})),
    }
    for name, data in bad.items():
        sealed = encrypt_bytes(data, panel.roster.recipients)
        with pytest.raises(MalformedError):
            Bundle.open(BytesIO(sealed), panel.identities, tmp_path)
            pytest.fail(name)
    newer = encrypt_bytes(packed(encode(value | {"v": 3})), panel.roster.recipients)
    with pytest.raises(NewerVersionError):
        Bundle.open(BytesIO(newer), panel.identities, tmp_path)
    keys = ("v", "deployment", "epoch", "rosters", "items")
    first_version = packed(encode({key: value[key] for key in keys} | {"v": 1}))
    older = encrypt_bytes(first_version, panel.roster.recipients)
    with pytest.raises(MalformedError, match="version 1, which says nothing of the log") as refused:
        Bundle.open(BytesIO(older), panel.identities, tmp_path)
    assert refused.value.hint == "collect it again with this intake"


def test_an_object_that_changed_its_length_stops_the_writing(panel: Panel) -> None:
    contents, kept = contents_of([b"one object"], panel)
    with pytest.raises(MalformedError, match="length"):
        written(contents, dict.fromkeys(kept, b"other"), panel)


def test_the_manifest_says_nothing_but_openings_and_sizes(panel: Panel) -> None:
    contents, _ = contents_of([b"one"], panel)
    value = decode(contents.to_bytes())
    assert isinstance(value, dict)
    assert set(value) == {
        *("v", "deployment", "epoch", "objects", "checkpoint", "log"),
        *("rosters", "statements", "items", "events"),
    }
    (item,) = value["items"]
    assert set(item) == {"opening", "size"}
    assert b64(sha256(b"one").digest()) in item["opening"]


HOSTILE = """
import sys, time
from io import BytesIO
from benchmarks.high_water import forget, most
from intake.bundle import MAGIC, padded
from intake.bundle.whole import checked
from intake.errors import MalformedError
manifest = eval(sys.argv[1])
body = MAGIC + len(manifest).to_bytes(4) + manifest
spool = BytesIO(body + bytes(padded(len(body)) - len(body)))
del manifest, body
spool.seek(0, 2)
forget()
before = most()
started = time.process_time()
try:
    checked(spool)
except MalformedError as error:
    print(error.phrase)
used = time.process_time() - started
print(int(used), (most() - before) // 1024)
"""


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        ("b'[' + b'[],' * (22 << 20)", "this is no bundle"),
        ("b'[' + b'[],' * (5 << 20)", "more values than its length allows"),
        ("b'[' * (16 << 20)", "more values than its length allows"),
        ("b'{\"items\":[' + b'{},' * (5 << 20)", "more values than its length allows"),
        ("b'[' + (b'[\"' + b'a' * 120 + b'\"],') * (1 << 17) + b'1]'", "another shape"),
    ],
    ids=["64 MiB", "lists", "tower", "objects", "sparse"],
)
def test_a_hostile_manifest_is_refused_soon_and_in_little_memory(manifest: str, says: str) -> None:
    """Anybody can seal a bundle to the reviewers; their machine must not stop at it."""
    command = [sys.executable, "-c", HOSTILE, manifest]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120, text=True)
    phrase, numbers = done.stdout.splitlines()
    seconds, mebibytes = map(int, numbers.split())
    assert says in phrase
    assert seconds < 10
    assert mebibytes < 200


def test_a_bundle_that_could_not_be_read_again_is_not_written(panel: Panel) -> None:
    contents, kept = contents_of([b"x"], panel)
    crowded = replace(contents, rosters=(b"x" * 100_000,) * 175)
    with pytest.raises(MalformedError, match="more submissions than one bundle holds"):
        written(crowded, kept, panel)
    full = replace(contents, rosters=(b"x" * 100_000,) * 160)
    assert len(written(full, kept, panel)) > SMALLEST


def test_a_manifest_as_dense_as_any_real_one_is_read_and_a_denser_one_is_not(panel: Panel) -> None:
    """The bound is 100 marks and one in 60 bytes: a thousandth more is refused."""
    contents, _ = contents_of([os.urandom(9) for _ in range(200)], panel)
    bare = replace(contents, rosters=())
    data = bare.to_bytes()
    assert Contents.parse(data) == bare
    marks = sum(map(data.count, (b",", b"[", b"{", b":")))
    assert 0.8 < marks / (len(data) // 60 + 100) < 1
    lists = b'["' + b"a" * 3220 + b'",' + b"1," * 157 + b"1]"
    assert lists.count(b",") + lists.count(b"[") == len(lists) // 60 + 100
    with pytest.raises(MalformedError, match="another shape"):
        Contents.parse(lists)
    with pytest.raises(MalformedError, match="more values than its length allows"):
        Contents.parse(lists.replace(b"1]", b"1,1]"))


def test_a_manifest_with_promises_fits_its_objects(panel: Panel) -> None:
    """The smallest objects, all with a promise of the longest name: there is room for every one."""
    epoch = Epoch(2026, 47)
    log = Signer(f"testimony-intake/{'a' * 63}-abcdefgh", Algorithm.ED25519, bytes(32))
    item = Item(ZERO, 67_195, promise_for(ZERO, log))
    row = len(encode(item.to_json())) + 1
    assert row * 64 < 67_195
    assert len(encode(replace(item, promise=b"").to_json())) * 128 < 67_195
    assert epoch == ZERO.epoch
