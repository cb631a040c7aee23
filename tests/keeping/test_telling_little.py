"""What a backup tells by its size, by what stands in it, and by what it leaves behind."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from intake.age import decrypt_bytes, sealed_length
from intake.keeping.records import LEAST_STEP, padded
from intake.store import Store
from tests.keeping.places import Kept
from tests.log.worlds import FIRST, World
from tests.web.test_release import NOW


@pytest.mark.parametrize(
    ("length", "size"), [(0, 16), (1, 16), (16 << 20, 16), ((16 << 20) + 1, 32), (65 << 20, 128)]
)
def test_a_size_is_one_of_few(length: int, size: int) -> None:
    assert padded(length, LEAST_STEP) == size << 20


def test_it_is_of_one_size_with_much_and_with_nothing(tmp_path: Path) -> None:
    kept = Kept.make(tmp_path)
    sizes = {kept.backup().stat().st_size, kept.backup().stat().st_size}
    for _ in range(16):
        kept.send()
    sizes.add(kept.backup().stat().st_size)
    kept.withdraw(kept.place.authors[0])
    kept.release(kept.place.logged[1:])
    sizes |= {kept.backup().stat().st_size, kept.backup("--base").stat().st_size}
    assert sizes == {sealed_length(1, 16 << 20)}


def test_nothing_in_it_is_a_time_finer_than_a_week_but_its_own_day(tmp_path: Path) -> None:
    """And no word, no address, and no key but the log's: the forms' key stays where it is."""
    kept = Kept.make(tmp_path)
    kept.send()
    kept.backup()
    kept.send()
    plain = decrypt_bytes(kept.backup().read_bytes(), [kept.identity])
    weeks = {str(week).encode() for week in (NOW, NOW.next)}  # this one was closed early
    # Sealed objects and hashes are random bytes: what looks like a day is looked for in text.
    days = set(re.findall(rb'"day":"([0-9-]{10})"', plain))
    assert len(days) == 1
    assert set(re.findall(rb"20[0-9]{2}-W[0-9]{2}", plain)) == weeks
    for clock in (rb"T[0-9]{2}:[0-9]{2}", rb"[0-9]{2}:[0-9]{2}:[0-9]{2}"):
        assert not re.findall(clock, plain)
    assert (kept.site / "log.key").read_bytes() in plain
    assert (kept.site / "antiforgery.key").read_bytes() not in plain
    assert kept.folder.name.encode() not in plain


def test_it_reads_one_moment_while_the_site_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes, goes or is closed while it is written is not in it, in no half.

    And what went is not left behind in the log of changes, which its reader was in the way of.
    """
    # A withdrawal waits 15 seconds for such a reader, and then leaves that to whoever comes next.
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_empty_changes", lambda _: False)
        read_one_moment(World.make(tmp_path / "site"))
    reader = Store.open(tmp_path / "site" / "store.sqlite")
    changes = tmp_path / "site" / "store.sqlite-wal"
    with reader.moment() as moment:
        assert moment.size() > 0
    assert changes.stat().st_size == 0
    reader.close()


def read_one_moment(world: World) -> None:
    kept = [world.add() for _ in range(3)]
    with world.store() as store, store.moment() as moment:
        assert moment.size() == 0
        late = world.add()
        world.withdraw(kept[0])
        with world.log() as log:
            log.close_due(FIRST.next)
        rows = [(row.envelope, b"".join(pieces)) for row, pieces in moment.kept(0)]
        assert sorted(one.envelope for one in kept) == [envelope for envelope, _ in rows]
        assert all(content for _, content in rows)
        assert late.envelope not in dict(rows)
        assert list(moment.events()) == []
        assert (moment.size(), moment.counters().closed) == (0, str(FIRST.previous))


MEASURED = """
import sys
from pathlib import Path
import datetime as dt
from benchmarks.high_water import most
from intake.age import HybridIdentity
from intake.keeping.writing import Source, back_up
from intake.store import Store
from intake.tlog.note import Algorithm, Signer
folder = Path(sys.argv[1])
store = Store.open(folder / "store.sqlite")
signer = Signer("testimony-intake/" + store.deployment, Algorithm.ED25519, bytes(range(32)))
source = Source(folder, store, signer, HybridIdentity.generate().recipient, 16 << 20)
back_up(source, folder / "backup", dt.date(2026, 11, 30))
print(most())
"""


def peak(world: World) -> int:
    """The most memory that writing a backup took, in kB."""
    command = [sys.executable, "-c", MEASURED, str(world.path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_its_memory_does_not_grow_with_the_store(tmp_path: Path) -> None:
    small, large = World.make(tmp_path / "small"), World.make(tmp_path / "large")
    small.add()
    with large.store() as store:
        for number in range(96):
            large.add_to(store, FIRST, number.to_bytes(4) * 250_000)
    assert (large.path / "store.sqlite").stat().st_size > 90_000_000
    # A few MB are for pages that SQLite keeps of what it read last.
    assert peak(large) - peak(small) < 24_000
