import json
import time
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.canonical import encode
from intake.container import (
    MAGIC,
    SIZES,
    Consent,
    Container,
    File,
    Form,
    Kind,
    Level,
    Mode,
    NewerVersionError,
    Reply,
    size_for,
)
from intake.epoch import Epoch
from intake.errors import MalformedError

PLAIN = Container(
    kind=Kind.TESTIMONY,
    mode=Mode.TOOL,
    form=Form("minimal", 2, "ru"),
    deployment="test-abcdefgh",
    roster="sha256:" + "0" * 64,
    epoch=Epoch(2026, 47),
    consent=(Consent(Level.STATS, True, "c_stats.1", "ru"),),
    fields=(("narrative", "Ӏумар сказал: «нет»."), ("when_text", "2017")),
    seed=bytes(16),
    withdraw=bytes(32),
)
FULL = replace(
    PLAIN,
    files=(File("a.jpg", "image/jpeg", b"\x00\xff" * 9), File("b", "", b"")),
    reply=Reply(bytes(32), "age1pq1" + "q" * 1952),
)

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
paths = st.from_regex(r"[a-z][a-z0-9_]{0,9}(\.[1-9][0-9]{0,2}\.[a-z]{1,9})?", fullmatch=True)
containers = st.builds(
    Container,
    kind=st.just(Kind.TESTIMONY),
    mode=st.sampled_from(Mode),
    form=st.builds(
        Form, st.just("minimal"), st.integers(1, 9), st.sampled_from(["ru", "ce", "ar"])
    ),
    deployment=st.just("test-abcdefgh"),
    roster=st.binary(min_size=32, max_size=32).map(lambda b: f"sha256:{b.hex()}"),
    epoch=st.integers(1, 52).map(lambda week: Epoch(2026, week)),
    consent=st.lists(
        st.builds(Consent, st.sampled_from(Level), st.booleans(), st.just("c.1"), st.just("ru")),
        unique_by=lambda row: row.level,
    ).map(tuple),
    fields=st.lists(st.tuples(paths, any_text), unique_by=lambda row: row[0], max_size=5).map(
        tuple
    ),
    seed=st.binary(min_size=16, max_size=16),
    withdraw=st.binary(min_size=32, max_size=32),
    files=st.lists(
        st.builds(File, any_text.filter(lambda t: 0 < len(t) < 200), st.just("x/y"), st.binary()),
        max_size=3,
    ).map(tuple),
    reply=st.none() | st.just(FULL.reply),
)


@given(containers)
@settings(max_examples=60)
def test_what_is_packed_is_read_back_the_same_in_one_of_eight_sizes(container: Container) -> None:
    data = container.to_bytes()
    assert len(data) in SIZES
    assert Container.parse(data) == container
    assert Container.parse(data).to_bytes() == data


def altered(container: Container, **changes: object) -> bytes:
    """A container's bytes with keys of its manifest set, or removed where the value is None."""
    manifest = json.loads(container.manifest()) | changes
    kept = encode({key: value for key, value in manifest.items() if value is not None})
    blobs = b"".join(file.content for file in container.files)
    body = MAGIC + len(kept).to_bytes(4) + kept + blobs
    return body + bytes(size_for(len(body)) - len(body))


def test_the_helper_of_these_tests_changes_nothing_by_itself() -> None:
    assert altered(FULL) == FULL.to_bytes()


FILE = {
    "name": "a.jpg",
    "sha256": sha256(b"\x00\xff" * 9).hexdigest(),
    "size": 18,
    "type": "image/jpeg",
}
EMPTY = {"name": "b", "sha256": sha256(b"").hexdigest(), "size": 0, "type": ""}


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "statement"},
        {"mode": "server "},
        {"v": 0},
        {"v": True},
        {"v": "1"},
        {"extra": 1},
        {"consent": None},
        {"files": None},
        {"form": {"id": "minimal", "lang": "ru"}},
        {"form": {"id": "minimal", "lang": "ru", "version": 0}},
        {"form": {"id": "minimal", "lang": "russian", "version": 1}},
        {"form": {"id": "minimal", "lang": "ru", "version": 1, "more": 1}},
        {"consent": [["stats", True, "c_stats.1", "ru"], ["stats", False, "c_stats.1", "ru"]]},
        {"consent": [["all", True, "c_stats.1", "ru"]]},
        {"consent": [["stats", 1, "c_stats.1", "ru"]]},
        {"consent": [["stats", True, "c_stats.1"]]},
        {"deployment": "test"},
        {"roster": "sha256:" + "A" * 64},
        {"epoch": "2026-W54"},
        {"fields": [["narrative", "a"], ["narrative", "b"]]},
        {"fields": [["Narrative", "a"]]},
        {"fields": [["episode.01.when", "a"]]},
        {"fields": [["narrative"]]},
        {"fields": [["narrative", 1]]},
        {"fields": {"narrative": "a"}},
        {"fields": [["narrative", "another text"], ["when_text", "2017"]]},
        {"files": [FILE | {"size": 17}, EMPTY]},
        {"files": [FILE | {"size": 65536}, EMPTY]},
        {"files": [FILE | {"size": -1}, EMPTY]},
        {"files": [FILE | {"sha256": "0" * 64}, EMPTY]},
        {"files": [FILE | {"name": ""}, EMPTY]},
        {"files": [FILE, EMPTY | {"path": "x"}]},
        {"files": [FILE, *[EMPTY] * 32]},
        {"redact": {"root": "A" * 43 + "=", "seed": "AAAAAAAAAAAAAAAAAAAAAA=="}},
        {"redact": {"root": "A" * 43 + "=", "seed": "AAAAAAAAAAAAAAAAAAAAAA"}},
        {"reply": {"mailbox": "A" * 43 + "=", "to": "age1" + "q" * 58}},
        {"reply": {"to": "age1pq1" + "q" * 1952}},
    ],
    ids=str,
)
def test_a_manifest_that_says_anything_else_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedError) as caught:
        Container.parse(altered(FULL, **changes))
    assert not isinstance(caught.value, NewerVersionError)


def test_a_newer_version_is_told_apart() -> None:
    with pytest.raises(NewerVersionError, match="version 2") as caught:
        Container.parse(altered(FULL, v=2, something={"new": 1}))
    assert "keep it sealed" in caught.value.hint


def test_bytes_around_the_manifest_are_checked() -> None:
    good = FULL.to_bytes()
    length = len(FULL.manifest())
    end = 12 + length + 18
    for bad in (
        b"",
        good[:-1],
        good + b"\0",
        good + bytes(SIZES[1] - SIZES[0]),
        b"INTK2" + good[5:],
        good[:8] + (length + 1).to_bytes(4) + good[12:],
        good[:8] + (length - 1).to_bytes(4) + good[12:],
        good[:8] + b"\xff\xff\xff\xff" + good[12:],
        good[:end] + b"\x01" + good[end + 1 :],
        good[:-1] + b"\x01",
        good[: end - 1] + b"\x01" + good[end:],
        good[:12] + b" " + good[12:-1],
    ):
        with pytest.raises(MalformedError):
            Container.parse(bad)
    assert Container.parse(good) == FULL


@given(st.integers(0, 12 + len(FULL.manifest()) + 17), st.integers(1, 255))
@settings(max_examples=150)
def test_no_byte_before_the_padding_can_change_unseen(position: int, flip: int) -> None:
    data = bytearray(FULL.to_bytes())
    data[position] ^= flip
    try:
        assert Container.parse(bytes(data)) != FULL
    except MalformedError:
        return


@pytest.mark.parametrize(("length", "size"), [(1, 0), (65536, 0), (65537, 1), (64 << 20, 7)])
def test_the_smallest_size_that_fits_is_taken(length: int, size: int) -> None:
    assert size_for(length) == SIZES[size]


def test_more_than_the_last_size_is_refused() -> None:
    with pytest.raises(MalformedError, match="64 MiB"):
        size_for((64 << 20) + 1)


def test_a_container_in_a_larger_size_than_needed_is_refused() -> None:
    padded = PLAIN.to_bytes() + bytes(SIZES[1] - SIZES[0])
    with pytest.raises(MalformedError, match="larger than it needs"):
        Container.parse(padded)


def test_strange_characters_do_not_lose_a_testimony() -> None:
    odd = replace(PLAIN, fields=(("narrative", "a\x00b\x1b[31m\u202e\ufffd\r\n"),))
    assert Container.parse(odd.to_bytes()) == odd


def test_a_lone_surrogate_is_refused_and_no_traceback_shows() -> None:
    with pytest.raises(MalformedError, match="surrogate"):
        replace(PLAIN, fields=(("narrative", "\ud800"),)).to_bytes()


def test_no_text_stands_in_its_repr() -> None:
    assert "сказал" not in repr(FULL)
    assert "AAAA" not in repr(FULL)


def test_the_root_covers_kind_mode_form_consent_and_files() -> None:
    others = [
        replace(FULL, kind=Kind.ADDITION, consent=()),
        replace(FULL, mode=Mode.SERVER),
        replace(FULL, form=Form("minimal", 3, "ru")),
        replace(FULL, consent=()),
        replace(FULL, consent=(Consent(Level.STATS, False, "c_stats.1", "ru"),)),
        replace(FULL, files=FULL.files[:1]),
        replace(FULL, fields=FULL.fields[:1]),
    ]
    assert len({FULL.redact_root, *(other.redact_root for other in others)}) == len(others) + 1
    for same in (replace(FULL, epoch=Epoch(2026, 1)), replace(FULL, reply=None)):
        assert same.redact_root == FULL.redact_root


DECOY = replace(PLAIN, kind=Kind.DECOY, consent=(), fields=())


def test_a_decoy_is_read_back_in_the_size_of_a_text() -> None:
    data = DECOY.to_bytes()
    assert len(data) == len(PLAIN.to_bytes()) == SIZES[0]
    assert Container.parse(data) == DECOY


@pytest.mark.parametrize(
    "says",
    [
        {"fields": (("narrative", "x"),)},
        {"fields": (("narrative", ""),)},
        {"consent": PLAIN.consent},
        {"files": (File("b", "", b""),)},
        {"reply": FULL.reply},
    ],
)
def test_a_decoy_that_says_anything_is_malformed_so_that_no_text_hides_in_one(
    says: dict[str, Any],
) -> None:
    with pytest.raises(MalformedError, match="a decoy says something"):
        replace(DECOY, **says)
    # The same bytes, as no honest sealer writes them.
    plain = replace(PLAIN, **({"fields": (), "consent": ()} | says)).to_bytes()
    size = int.from_bytes(plain[8:12])
    body = plain[12 : 12 + size].replace(b'"kind":"testimony"', b'"kind":"decoy"')
    data = plain[:8] + len(body).to_bytes(4) + body
    with pytest.raises(MalformedError, match="a decoy says something"):
        Container.parse(data + bytes(len(plain) - len(data)))


def test_words_without_end_are_refused_before_they_cost_a_reader_anything() -> None:
    """A manifest has room for half a million words of one letter, and each was hashed several times."""
    plain = [("narrative", "a " * 80_000)]
    with pytest.raises(MalformedError, match="more words than"):
        replace(PLAIN, fields=tuple(plain)).to_bytes()
    sealed = bytearray(PLAIN.to_bytes())
    manifest = PLAIN.manifest().replace("Ӏумар".encode(), b"a " * 500_000)
    sealed[len(MAGIC) : len(MAGIC) + 4] = len(manifest).to_bytes(4)
    whole = bytes(sealed[: len(MAGIC) + 4]) + manifest
    begun = time.process_time()
    with pytest.raises(MalformedError, match="more words than"):
        Container.parse(whole + bytes(size_for(len(whole)) - len(whole)))
    assert time.process_time() - begun < 2
    longest = replace(PLAIN, fields=(("narrative", "a " * 30_720),))
    assert Container.parse(longest.to_bytes()) == longest
