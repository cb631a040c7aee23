"""Every way in which a log can lie: each is found, under its name, and nothing else with it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.code_manifest import PATH as MANIFEST
from intake.tlog.entries import Restored, Retired, RosterChanged
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.tiles import parse_bundle, write_bundle
from tests.audit.auditor import Auditor, following
from tests.audit.log_site import (
    BEGINNING,
    MANIFEST_TEXT,
    THIS,
    LogSite,
    blinded,
    closed,
    digest,
    weeks_ago,
)
from tests.panel import seed
from tests.tlog.logs import ORIGIN, WITNESSES

LAST = weeks_ago(1)
WHOLE = [*BEGINNING, *closed(LAST)]
OTHER = Signer("testimony-intake/test-bcdefghi", Algorithm.ED25519, seed("another log"))
STRANGER = Signer(ORIGIN, Algorithm.ED25519, seed("a stranger of the log's name"))


@pytest.fixture
def auditor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Auditor]:
    """Who has followed the log of three weeks ago, all of which was right."""
    with following(tmp_path, capsys) as auditor:
        yield auditor


def published(entries: list[bytes]) -> Callable[[LogSite], None]:
    """Publish these entries, signed and cosigned as it should be."""

    def lie(site: LogSite) -> None:
        site.publish(entries)

    return lie


def edited(path: str, change: Callable[[bytes], bytes]) -> Callable[[LogSite], None]:
    """Publish what is right, but change one file: `0` and `entries` stand for partial tiles."""

    def lie(site: LogSite) -> None:
        site.publish(WHOLE)
        name = f"/log/{site.tile(path)}" if path in ("0", "entries") else path
        site.served[name] = change(site.served[name])

    return lie


def without(path: str) -> Callable[[LogSite], None]:
    """Publish what is right, but one file."""

    def lie(site: LogSite) -> None:
        site.publish(WHOLE)
        del site.served[f"/log/{site.tile(path)}" if path in ("0", "entries") else path]

    return lie


def reordered(content: bytes) -> bytes:
    """A bundle whose last two blinded entries changed places."""
    entries = parse_bundle(content, 69)
    entries[-3], entries[-2] = entries[-2], entries[-3]
    return write_bundle(entries)


def flipped(at: int) -> Callable[[bytes], bytes]:
    """One bit of one byte."""
    return lambda content: content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def cosigned_by_one(site: LogSite) -> None:
    site.publish(WHOLE, WITNESSES[:1])


def by_a_stranger(site: LogSite) -> None:
    site.publish(WHOLE, log=STRANGER)


def of_another_log(site: LogSite) -> None:
    site.publish(WHOLE, log=OTHER)


def with_false_line(number: int) -> Callable[[LogSite], None]:
    """Change the signature in one line of the checkpoint."""

    def lie(site: LogSite) -> None:
        note = site.publish(WHOLE).note
        lines = list(note.signatures)
        lines[number] = replace(lines[number], signature=flipped(20)(lines[number].signature))
        site.served["/log/checkpoint"] = Note(note.text, tuple(lines)).to_bytes()

    return lie


def split(site: LogSite) -> None:
    """Show this auditor a checkpoint of the same size, which the witnesses never saw."""
    site.publish([*BEGINNING[:30], *blinded(1, "other"), *BEGINNING[31:]], ())


FORKED = [*BEGINNING[:30], *blinded(1, "other"), *WHOLE[31:]]
END = f"epoch {LAST} has %d blinded entries, not a multiple of 16"
PART = "tile/%s/000.p/69"
LIES: dict[str, tuple[Callable[[LogSite], None], list[str]]] = {
    "no checkpoint": (without("/log/checkpoint"), ["checkpoint: the site gives none"]),
    "a longer checkpoint": (
        edited("/log/checkpoint", lambda c: c.replace(b"\n\n", b"\nmore\n\n", 1)),
        ["checkpoint: checkpoint has extension lines"],
    ),
    "another's signature": (
        by_a_stranger,
        [f"signature: checkpoint is not signed by the log {ORIGIN!r}"],
    ),
    "another log": (of_another_log, [f"signature: policy knows no log {OTHER.name!r}"]),
    "a false signature": (
        with_false_line(0),
        [f"signature: signature of {ORIGIN!r} does not hold"],
    ),
    "a false cosignature": (
        with_false_line(2),
        ["signature: cosignature of 'two.test/w' does not hold"],
    ),
    "too few witnesses": (
        cosigned_by_one,
        ["quorum: quorum 'q' is not met: no cosignature of 'w2', 'w3'"],
    ),
    "rollback": (published(BEGINNING[:19]), ["rollback: 19 entries after 52"]),
    "fork of the same size": (
        published(FORKED[:52]),
        ["fork: two logs of 52 entries have different roots"],
    ),
    "fork that grew": (
        published(FORKED),
        ["fork: the log of 69 does not continue the log of 52"],
    ),
    "fork for one visitor": (
        split,
        [
            "quorum: quorum 'q' is not met: no cosignature of 'w1', 'w2', 'w3'",
            "fork: two logs of 52 entries have different roots",
        ],
    ),
    "no tile": (without("0"), [f"tile: {PART % 0} is missing"]),
    "no bundle": (without("entries"), [f"tile: {PART % 'entries'} is missing"]),
    "a flipped tile": (
        edited("0", flipped(68 * 32)),
        [f"tile: {PART % 0} does not belong to the signed log"],
    ),
    "a flipped bundle": (
        edited("entries", flipped(-40)),
        [f"tile: {PART % 'entries'} does not belong to the signed log"],
    ),
    "a short tile": (
        edited("0", lambda content: content[:-1]),
        [f"tile: {PART % 0} is cut short or not a tile"],
    ),
    "a short bundle": (
        edited("entries", lambda content: content[:-1]),
        [f"tile: {PART % 'entries'} is cut short or not a bundle"],
    ),
    "reordered": (
        edited("entries", reordered),
        [f"tile: {PART % 'entries'} does not belong to the signed log"],
    ),
    "an entry of no kind": (
        published([*WHOLE[:60], b"Xyz", *WHOLE[61:]]),
        ["entry: entry 60: a log entry begins with B or P"],
    ),
    "a commitment too long": (
        published([*WHOLE[:60], b"B" + bytes(33), *WHOLE[61:]]),
        ["entry: entry 60: a commitment is 32 bytes"],
    ),
    "an unknown event": (
        published([*WHOLE, b"Phello there"]),
        ["entry: entry 69: a public log entry is of an unknown event"],
    ),
    "one too few": (published([*BEGINNING, *closed(LAST, 15)]), [f"padding: {END % 15}"]),
    "one too many": (published([*BEGINNING, *closed(LAST, 17)]), [f"padding: {END % 17}"]),
    "none": (published([*BEGINNING, *closed(LAST, 0)]), [f"padding: {END % 0}"]),
    "a week left out": (
        published([*BEGINNING, *closed(THIS)]),
        [f"epoch: entry 68 closes {THIS} after {weeks_ago(2)}"],
    ),
    "a week twice": (
        published([*WHOLE, *closed(LAST)]),
        [f"epoch: entry 85 closes {LAST} after {LAST}"],
    ),
    "a week to come": (
        published([*WHOLE, *closed(THIS), *closed(weeks_ago(-1))]),
        [f"epoch: entry 102 closes {weeks_ago(-1)}, which has not begun"],
    ),
    "a site restored in a week to come": (
        published([*WHOLE, Restored(weeks_ago(-1)).to_bytes()]),
        [f"epoch: entry 69 is of {weeks_ago(-1)}, which has not begun"],
    ),
    "an end in a week to come": (
        published([*WHOLE, *closed(THIS), Retired(weeks_ago(-1)).to_bytes()]),
        [
            f"epoch: entry 86 is of {weeks_ago(-1)}, which has not begun",
            f"retired: entry 86 ends the site in {weeks_ago(-1)}, which is not closed",
        ],
    ),
    "an end that leaves a week open": (
        published([*WHOLE, Retired(THIS).to_bytes()]),
        [f"retired: entry 69 ends the site in {THIS}, which is not closed"],
    ),
    "a week after the end": (
        published([*WHOLE, Retired(LAST).to_bytes(), *closed(THIS)]),
        ["retired: entry 86 stands after the site's end"],
    ),
    "entries of no week": (
        published([*WHOLE, *blinded(16)]),
        ["epoch: 16 blinded entries at the end are of no closed epoch"],
    ),
    "something between": (
        published([*BEGINNING, *blinded(5), BEGINNING[1], *closed(LAST)]),
        ["epoch: 5 blinded entries before entry 57 close no epoch"],
    ),
    "a roster again": (
        published([*WHOLE, BEGINNING[0]]),
        ["roster: entry 69 brings version 1 after 1"],
    ),
    "another roster": (
        edited("/roster.note", lambda note: note.replace(b"roster 1\n", b"roster 2\n", 1)),
        [f"roster: the site gives {digest(b'roster 2' + bytes([10]))}, not the log's newest"],
    ),
    "no roster": (
        edited("/roster.note", lambda _: b"x"),
        ["roster: what the site gives is none: note has no signatures"],
    ),
    "other code": (
        edited(MANIFEST, lambda text: text + b" "),
        [f"code: the site's manifest is {digest(MANIFEST_TEXT + b' ')}, not the log's newest"],
    ),
    "an old roster": (
        published([*WHOLE, RosterChanged(2, digest(b"roster 2\n")).to_bytes()]),
        [f"roster: the site gives {digest(b'roster 1' + bytes([10]))}, not the log's newest"],
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_each_lie_is_found_and_named_and_nothing_else(auditor: Auditor, lie: str) -> None:
    """Nothing is kept of what does not hold; a contradiction is; the truth passes afterwards."""
    kept = auditor.kept
    tell, expected = LIES[lie]
    tell(auditor.site)
    assert auditor.found() == expected
    assert auditor.look(code=1)[-len(expected) :] == expected
    assert auditor.kept == kept
    contradicts = expected[-1].startswith(("fork: ", "rollback: "))
    served = auditor.site.served.get("/log/checkpoint", b"")
    assert auditor.evidence == ([served] if contradicts else [])
    assert ("kept in" in auditor.err) == contradicts
    auditor.site.publish(WHOLE)
    auditor.look(code=0)


def test_what_nobody_vouches_for_is_compared_and_not_read(auditor: Auditor) -> None:
    """Its entries are neither fetched nor told."""
    auditor.site.publish(WHOLE, WITNESSES[:1])
    auditor.site.asked.clear()
    assert auditor.look(code=1) == LIES["too few witnesses"][1]
    assert not [path for path in auditor.site.asked if "entries" in path]
