"""A site comes back from a base and its newest part: all of it, and nothing that was let go."""

from pathlib import Path

import pytest

from intake.cli import run
from intake.keeping.state import read_remembered
from tests.keeping.places import Kept


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept.make(tmp_path)


def test_a_base_alone_brings_back_the_site_as_it_was(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.send()
    before = kept.state()
    base = kept.backup()
    assert base.stat().st_size > 16 << 20
    capsys.readouterr()
    assert kept.restore(base) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[:-2]] == [
        "ok  1.age", "ok  log", "ok  caught up", "ok  caught up", "ok  roster", "ok  openings",
        "ok  objects", "ok  complete",
    ]  # fmt: skip
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
