import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from intake.age import decrypt_bytes, encrypt_bytes
from intake.bundle import MAGIC, SMALLEST, Bundle, Contents, Item, padded, write_bundle
from intake.canonical import b64, decode, encode
from intake.container import NewerVersionError
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, WrongKeyError
from intake.opening import Opening
from tests.panel import Panel, make_panel

ZERO = Opening(Epoch(2026, 47), *[bytes(32)] * 3, "sha256:" + "0" * 64, *[bytes(32)] * 2)


def contents_of(objects: list[bytes], panel: Panel) -> tuple[Contents, dict[bytes, bytes]]:
    openings = [
        replace(ZERO, envelope=sha256(data).digest(), salt=os.urandom(32)) for data in objects
    ]
    kept = {o.to_bytes(): data for o, data in zip(openings, objects, strict=True)}
    items = tuple(Item(Opening.parse(key), len(kept[key])) for key in sorted(kept))
    epoch = Epoch(2026, 47)
    return Contents(panel.roster.deployment, epoch, (panel.note,), items), kept


def written(contents: Contents, kept: dict[bytes, bytes], panel: Panel) -> bytes:
    sink = BytesIO()
    write_bundle(sink, contents, lambda o: kept[o.to_bytes()], panel.roster.recipients)
    return sink.getvalue()


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
    newer = encrypt_bytes(packed(encode(value | {"v": 2})), panel.roster.recipients)
    with pytest.raises(NewerVersionError):
        Bundle.open(BytesIO(newer), panel.identities, tmp_path)


def test_an_object_that_changed_its_length_stops_the_writing(panel: Panel) -> None:
    contents, kept = contents_of([b"one object"], panel)
    with pytest.raises(MalformedError, match="length"):
        written(contents, dict.fromkeys(kept, b"other"), panel)


def test_the_manifest_says_nothing_but_openings_and_sizes(panel: Panel) -> None:
    contents, _ = contents_of([b"one"], panel)
    value = decode(contents.to_bytes())
    assert isinstance(value, dict)
    assert set(value) == {"v", "deployment", "epoch", "rosters", "items"}
    (item,) = value["items"]
    assert set(item) == {"opening", "size"}
    assert b64(sha256(b"one").digest()) in item["opening"]


HOSTILE = """
import resource, sys, time
from io import BytesIO
from pathlib import Path
from intake.bundle import MAGIC, _checked, padded
from intake.errors import MalformedError
manifest = eval(sys.argv[1])
body = MAGIC + len(manifest).to_bytes(4) + manifest
spool = BytesIO(body + bytes(padded(len(body)) - len(body)))
del manifest, body
spool.seek(0, 2)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
try:
    _checked(spool)
except MalformedError as error:
    print(error.phrase)
used = time.process_time() - started
print(int(used), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
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
