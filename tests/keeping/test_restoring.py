"""A site comes back from a base and its newest part: all of it, and nothing that was let go."""

from pathlib import Path

import pytest

from intake.cli import run
from intake.keeping.state import read_remembered
from intake.store import Store
from intake.web.notice import RECIPIENTS
from intake.web.site import Site
from tests.keeping.places import Kept
from tests.postgres.clusters import Cluster


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept.make(tmp_path)


def test_a_base_alone_brings_back_the_site_as_it_was(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.send()
    before = kept.state()
    told = kept.site / "keys" / RECIPIENTS
    told.write_text(f"# the courier\n{kept.to}\n")
    base = kept.backup()
    assert base.stat().st_size > 16 << 20
    capsys.readouterr()
    assert kept.restore(base) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:-2]] == [
        "ok  1.age", "ok  log", "ok  caught up", "ok  caught up", "ok  roster", "ok  openings",
        "ok  objects", "ok  complete",
    ]  # fmt: skip
    restored = kept.folder / "restored" / "keys" / RECIPIENTS
    assert restored.read_bytes() == told.read_bytes()
    assert restored.stat().st_mode & 0o777 == 0o600
    after = kept.state("restored")
    assert after[:3] == before[:3]
    assert after[3][:-1] == before[3]
    assert after[3][-1].startswith(b"Prestored 2")


def test_a_part_brings_what_came_and_keeps_gone_what_went(kept: Kept) -> None:
    first, second = kept.place.logged[:2]
    base = kept.backup()
    author, opening = kept.send()
    gone, taken = kept.send()
    old = kept.backup()
    kept.withdraw(kept.place.authors[0])
    kept.withdraw(gone)
    kept.release([second])
    part = kept.backup()
    assert old.stat().st_size == part.stat().st_size == base.stat().st_size
    before = kept.state()
    assert kept.restore(base, part) == 0
    after = kept.state("restored")
    assert after[:3] == before[:3]
    assert opening.to_bytes() in after[0]
    for one in (first, second, taken):
        assert one.to_bytes() not in after[0]
    remembered = read_remembered(kept.site)
    assert remembered is not None
    assert remembered.kind == "part"
    del author
    assert run(["doctor", str(kept.folder / "restored")]) in (0, 1)


def test_what_a_restored_log_shows_can_be_read_before_it_is_cosigned(kept: Kept) -> None:
    assert kept.restore(kept.backup()) == 0
    folder = Site.open(kept.folder / "restored").log_folder
    for signed in (folder.published(), folder.staged()):
        assert signed is not None
        reader = folder.reader(signed)
        assert len(list(reader.entries())) == signed.checkpoint.size
        assert reader.edge()


def test_a_site_moves_to_postgresql_and_back(kept: Kept, cluster: Cluster) -> None:
    _, opening = kept.send()
    before = kept.state()
    written = (kept.site / "site.toml").read_bytes()
    base = kept.backup()
    with cluster.new_database() as there:
        words = ("--accept-gap", "--store", there.url, "--store-room", str(there.room))
        assert kept.restore(base, words=words, to="moved") == 0
        moved = Site.open(kept.folder / "moved")
        assert moved.store_place == there
        assert not moved.store_path.exists()
        store = Store.open(there)
        assert set(store.openings()) == before[0]
        found = [leaf.entry + b"|" + (leaf.opening or b"") for leaf in store.leaves.leaves()]
        assert found[:-1] == before[3]
        store.close()
        assert run(["cosign", str(moved.folder)]) == 0
        again = kept.folder / "again.age"
        assert run(["backup", str(moved.folder), str(again)]) == 0
        # Where it was is full of rows: nothing is written over.
        assert kept.restore(base, words=words, to="twice") == 1
        assert not (kept.folder / "twice").exists()
    known = ("--accept-gap", "--known", str(moved.folder / "log"))
    assert kept.restore(again, words=known, to="back") == 0
    assert opening.to_bytes() in kept.state("back")[0]
    back = (kept.folder / "back" / "site.toml").read_bytes()
    assert b"postgresql:///" not in back
    assert kept.restore(base, to="plain") == 0
    assert (kept.folder / "plain" / "site.toml").read_bytes() == written
