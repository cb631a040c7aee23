"""A ledger's file has one spelling, and a cut in its last act is told from damage."""

from dataclasses import replace
from io import BytesIO

import pytest

from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.ledger.act import Act, Kind
from intake.ledger.record import CutError, Head, Record, read_head, read_records
from intake.tlog.note import Signature
from tests.ledger.panels import GOOD, HEADS, I0, ROOT, signer, write

WEEK = Epoch(2026, 47)
FILE_BYTES = write(GOOD)["one"]


def read(data: bytes) -> tuple[Head, list[Record]]:
    """All of a ledger."""
    file = BytesIO(data)
    head = read_head(file)
    return head, list(read_records(file, head))


def test_a_ledger_is_read_as_it_was_written() -> None:
    """Head and records give the same bytes again."""
    head, records = read(FILE_BYTES)
    assert head == HEADS["one"]
    assert head.to_bytes() + b"".join(record.to_bytes() for record in records) == FILE_BYTES


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"testimony-intake/ledger/v1\n",
        b"testimony-intake/ledger/v2\n" + HEADS["one"].origin.encode() + b"\n",
        b"testimony-intake/ledger/v1\n" + HEADS["one"].origin.encode(),
        b"testimony-intake/ledger/v1\n" + HEADS["one"].origin.upper().encode() + b"\n",
        b"testimony-intake/ledger/v1\n" + HEADS["one"].origin.encode() + b"/two\n",
        b"testimony-intake/ledger/v1\n" + HEADS["one"].origin.encode() + b"\r\n",
        b"testimony-intake/ledger/v1\ntestimony-intake/test/ledger/one\n",
        b"\xff\n\xff\n",
    ],
)
def test_a_file_that_is_no_ledger_is_refused(data: bytes) -> None:
    """By its first two lines."""
    with pytest.raises(MalformedError):
        read(data)


def record(**changes: object) -> Record:
    """A record of which something may be another."""
    act = Act.of(WEEK, "r1", Kind.CODE, item=I0)
    good = Record(act, bytes(32), signer("r1").sign(b"a text\n"))
    return replace(good, **changes)  # type: ignore[arg-type]


def test_a_record_of_other_sizes_or_of_another_signer_is_refused() -> None:
    """The signature is of the one who is named, and of the length of Ed25519."""
    assert Record.parse(record().to_bytes()) == record()
    for changes in (
        {"root": bytes(31)},
        {"signature": signer("r2").sign(b"a text\n")},
        {"signature": Signature("r1", bytes(4), bytes(63))},
    ):
        with pytest.raises(MalformedError):
            record(**changes)


def test_a_record_has_three_lines_and_no_other_spelling() -> None:
    """Not one more, no other end of line, no other base64."""
    good = record().to_bytes()
    act, root, signature, _ = good.split(b"\n")
    for data in (
        good + b"\n",
        good[:-1],
        good.replace(b"\n", b"\r\n"),
        b"\n".join([act, root.rstrip(b"="), signature, b""]),
        b"\n".join([act, root.replace(b"A=", b"B="), signature, b""]),
        b"\n".join([act, root, signature + b" ", b""]),
        b"\n".join([act, root, signature.replace("—".encode(), b"-"), b""]),
        b"\n".join([act, b"\xff", signature, b""]),
    ):
        with pytest.raises(MalformedError):
            Record.parse(data)


def test_a_ledger_that_syncs_with_itself_is_refused() -> None:
    """It would know all its own future."""
    act = Act.of(WEEK, "r1", Kind.SYNC, machine="one", size="0", root=ROOT)
    with pytest.raises(MalformedError, match="itself"):
        read(HEADS["one"].to_bytes() + record(act=act).to_bytes())
    assert read(HEADS["two"].to_bytes() + record(act=act).to_bytes())[1] == [record(act=act)]


def test_a_file_cut_anywhere_in_its_last_act_is_told_from_a_damaged_one() -> None:
    """Every cut but those between acts; a line without end is damage, not a cut."""
    first = HEADS["one"].to_bytes() + record().to_bytes()
    for length in range(len(first) + 1, len(first) + len(record().to_bytes())):
        with pytest.raises(CutError):
            read((first + record().to_bytes())[:length])
    with pytest.raises(MalformedError) as caught:
        read(first + b"0" * 200_000)
    assert not isinstance(caught.value, CutError)
