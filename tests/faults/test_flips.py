"""A bit that turned in the store is named, or changes nothing of what is given out of it."""

import datetime as dt
import os
import re
import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from intake.cli import run
from intake.errors import IntakeError
from intake.keeping import writing
from intake.keeping.writing import Source
from intake.store import Store
from tests.keeping.places import Kept

TODAY = dt.datetime.now(dt.UTC).date()
# What no hash is over, by records (docs/format.md 28): a submission's status (what is sent again is
# then taken for new, and refused by its envelope); the salts of what is not logged yet (it breaks
# the promise that its author may have kept); the week of a row of the board (when it leaves); the
# counters (how much came, which week was closed last: whoever closes the next one stops).
UNSEEN = {6, 8, 10, 11}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    made = Kept.make(tmp_path_factory.mktemp("flips"))
    made.send()
    author, _ = made.send()
    made.withdraw(author)
    made.release(made.place.logged[:1])
    for path in made.site.glob("store.sqlite-*"):
        assert path.stat().st_size == 0 or path.name.endswith("shm")
    return made


def records_of(kept: Kept, path: Path) -> list[tuple[int, bytes]]:
    """All that a base would hold, but for its own random name."""
    store = Store.open(path)
    try:
        signer = kept.place.site.log_signer
        source = Source(kept.site, store, signer, kept.identity.recipient, 16 << 20)
        with store.moment() as moment:
            if not moment.is_sound():
                raise IntakeError("not sound")
            staged = writing._staged(kept.site)
            head = writing._head(source, moment, None, staged, (TODAY, False))
            made = writing._Writing(moment, head, writing._files(kept.site))
            return [(record.kind, record.content) for record in made.records()][1:]
    finally:
        store.close()


def flipped(source: Path, to: Path, place: int, bit: int) -> Path:
    shutil.copy(source, to)
    with to.open("r+b") as file:
        file.seek(place)
        (old,) = file.read(1)
        file.seek(place)
        file.write(bytes([old ^ 1 << bit]))
    return to


def walk(kept: Kept, tmp_path: Path, step: int) -> tuple[int, int, list[tuple[int, int, int]]]:
    """Turn one bit in every `step` bytes: how many were named, changed nothing, or were not seen."""
    source = kept.site / "store.sqlite"
    clean = records_of(kept, source)
    named = same = 0
    unseen: list[tuple[int, int, int]] = []
    size = source.stat().st_size
    for place in range(int.from_bytes(os.urandom(3)) % step, size, step):
        bit = os.urandom(1)[0] % 8
        copy = flipped(source, tmp_path / "store.sqlite", place, bit)
        try:
            found = records_of(kept, copy)
        except IntakeError:
            named += 1
        except (ValueError, TypeError, UnicodeDecodeError, AttributeError) as error:
            pytest.fail(f"bit {bit} at {place} is no phrase but {error!r}")
        else:
            if found == clean:
                same += 1
            else:
                kinds = {kind for kind, content in set(found) ^ set(clean)}
                unseen += [(place, bit, kind) for kind in kinds]
        for path in tmp_path.glob("store.sqlite*"):
            path.unlink()
    return named, same, unseen


def test_one_in_every_few_pages_is_named_or_changes_nothing(kept: Kept, tmp_path: Path) -> None:
    named, same, unseen = walk(kept, tmp_path, 8_192 + 512)
    assert named > 5
    assert same + named > 0
    assert [row for row in unseen if row[2] not in UNSEEN] == []


@pytest.mark.long
def test_every_64th_byte_is_named_or_changes_nothing(kept: Kept, tmp_path: Path) -> None:
    named, _, unseen = walk(kept, tmp_path, 64)
    assert named > 1000
    assert [row for row in unseen if row[2] not in UNSEEN] == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("piece", "content"),
        ("entry", "content"),
        ("opening", "content"),
        ("statement", "content"),
        ("board", "content"),
        ("submission", "opening"),
        ("submission", "envelope"),
    ],
)
def test_each_cell_that_counts_is_named(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, column: str
) -> None:
    """One bit of every value, so that SQLite itself finds nothing: a backup does, and a collection."""
    site = tmp_path / "site"
    shutil.copytree(kept.site, site)
    connection = sqlite3.connect(site / "store.sqlite")
    for (value,) in connection.execute(f"SELECT {column} FROM {table}").fetchall()[:1]:
        turned = bytes([value[0] ^ 2]) + value[1:] if column == "envelope" else turn(value)
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (turned, value))
    assert connection.total_changes
    connection.commit()
    connection.close()
    assert run(["backup", str(site), str(tmp_path / "new.age"), "--base"]) == 1
    said = capsys.readouterr().err
    assert "intake: error: " in said
    assert "Traceback" not in said
    assert not (tmp_path / "new.age").exists()


def test_a_schema_that_is_no_text_is_named(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SQLite quotes it when it says what is wrong, and that is no UTF-8 then."""
    site = tmp_path / "site"
    shutil.copytree(kept.site, site)
    path = site / "store.sqlite"
    content = path.read_bytes()
    begin = content.index(b"CREATE TABLE entry")
    for place in range(begin + 7, begin + 40, 9):
        path.write_bytes(content[:place] + bytes([content[place] | 128]) + content[place + 1 :])
        assert run(["backup", str(site), str(tmp_path / "new.age")]) == 1
        said = capsys.readouterr().err
        assert "the store is damaged, or is no store" in said
        assert run(["doctor", str(site)]) == 1
        assert re.search("^wrong +store: .* damaged", capsys.readouterr().out, re.MULTILINE)
        run(["doctor", str(site), "--sentinel"])
        assert "not checked  the store's file times: the store cannot" in capsys.readouterr().out
    assert not (tmp_path / "new.age").exists()


def turn(value: bytes) -> bytes:
    """Turn a bit in the middle, so that text stays text."""
    middle = len(value) // 2
    return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]


def test_a_turned_object_is_never_collected_as_good(
    kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    shutil.copytree(kept.site, site)
    connection = sqlite3.connect(site / "store.sqlite")
    (row, value) = connection.execute("SELECT id, content FROM piece").fetchone()
    connection.execute("UPDATE piece SET content = ? WHERE id = ?", (turn(value), row))
    connection.commit()
    connection.close()
    capsys.readouterr()
    assert run(["collect", str(site), str(tmp_path / "bundle")]) == 1
    assert f"object {sha256(value).hexdigest()[:12]} of" in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()
