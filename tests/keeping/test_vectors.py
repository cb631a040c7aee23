"""A base and its newest part from before are read and written alike for ever, and changed ones refused."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from intake.age import HybridIdentity, decrypt_bytes, encrypt_bytes
from intake.errors import IntakeError
from intake.keeping.reading import Reading, read_backup
from intake.keeping.records import Kind, write_records
from intake.keeping.rows import End, SiteFile
from intake.keeping.writing import _Writing
from intake.opening import Opening
from intake.store import Store
from tests.tlog.logs import LOG
from tests.vectors.backup.faults import content_of, read, refused
from tests.vectors.backup.generate import (
    FOLDER,
    LAST,
    NOW,
    STEP,
    good,
    object_of,
    opening_of,
    plaintext,
    records_of,
)
from tests.vectors.roster.fixed import DEPLOYMENT

GOOD = json.loads((FOLDER / "good.json").read_text("ascii"))
REFUSED = json.loads((FOLDER / "refused.json").read_text("ascii"))
KEY = HybridIdentity.generate()


def test_what_is_committed_is_what_its_inputs_give() -> None:
    assert list(good()) == GOOD
    assert list(refused()) == REFUSED


@contextmanager
def restored(folder: Path, *files: bytes) -> Iterator[tuple[Store, list[Reading]]]:
    """A new store with a base, or a base and its part, sealed and read as `intake restore` does."""
    store = Store.create(folder / "store.sqlite", DEPLOYMENT)
    store.close()
    store = Store.open(folder / "store.sqlite")
    readings: list[Reading] = []
    for number, content in enumerate(reversed(files)):
        (folder / f"{number}.age").write_bytes(encrypt_bytes(content, [KEY.recipient]))
        readings.append(Reading(store.filling(), *readings))
        read_backup(folder / f"{number}.age", [KEY], readings[-1])
    store.filling().finish()
    yield store, readings
    store.close()


def test_a_base_and_its_part_are_read_and_written_again_byte_for_byte(tmp_path: Path) -> None:
    """From a store: what is restored of them gives the same backups."""
    contents = [plaintext(records_of(row["records"])) for row in GOOD]
    for row, content in zip(GOOD, contents, strict=True):
        assert (len(content), sha256(content).hexdigest()) == (row["length"], row["sha256"])
    for count in (1, 2):
        folder = tmp_path / str(count)
        folder.mkdir()
        with restored(folder, *contents[:count]) as (store, readings), store.moment() as moment:
            newest = readings[0]
            files = [SiteFile(*one) for one in newest.files.items()]
            records = _Writing(moment, newest.head, files).records()
            sink = BytesIO()
            write_records(
                sink,
                records,
                lambda total, head=newest.head: End.of(head, total).signed(LOG),
                STEP,
                KEY.recipient,
            )
            assert decrypt_bytes(sink.getvalue(), [KEY]) == contents[count - 1]


def test_of_both_comes_what_was_there_when_the_part_was_made(tmp_path: Path) -> None:
    """The first is of the base, the withdrawn and the released are gone, the last is of the part."""
    contents = [plaintext(records_of(row["records"])) for row in GOOD]
    with restored(tmp_path, *contents) as (store, (part, base)):
        assert (part.head.last, base.head.last) == (True, False)
        assert {stored.opening: stored.sealed for stored in store} == {
            opening_of(name, epoch).to_bytes(): object_of(name)
            for name, epoch in (("a", LAST), ("d", NOW), ("e", NOW))
        }
        assert store.leaves.count() == 19
        assert len(store.statements()) == 1
        assert len(store.waiting_events()) == 2
        assert len(store.board.rows()) == 1
        gone = opening_of("b", LAST)
        assert Opening.parse(store.kept(bytes(16), gone.envelope) or b"") == gone


@pytest.mark.parametrize("row", REFUSED, ids=[row["why"] for row in REFUSED])
def test_what_was_changed_is_refused_for_what_it_is(row: dict[str, str]) -> None:
    with pytest.raises(IntakeError) as refusal:
        read(content_of(row))
    assert refusal.value.phrase == row["says"]


def test_every_kind_of_record_is_there() -> None:
    assert {kind for row in GOOD for kind, _ in row["records"]} == set(Kind)
