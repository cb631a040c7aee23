"""A restore that is killed at any moment leaves a whole site or none, and nothing after the next one."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.faults.forking import Forking, forking
from tests.faults.test_killed import SOME, openings_of
from tests.keeping.places import Kept


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a base and a part of it, after which something was taken back."""
    folder = tmp_path_factory.mktemp("backed")
    kept = Kept.make(folder)
    kept.backup().rename(folder / "base.age")
    author, _ = kept.send()
    kept.send()
    kept.withdraw(author)
    kept.release(kept.place.logged[:1])
    kept.backup().rename(folder / "part.age")
    return folder


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forking]:
    with forking(tmp_path_factory.mktemp("forks") / "said") as made:
        yield made


def fresh(template: Path, to: Path) -> Path:
    """A copy, but for the backups, which nobody changes."""

    def copied(source: str, there: str) -> None:
        (os.link if source.endswith(".age") else shutil.copy2)(source, there)

    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(template, to, copy_function=copied)
    return to / "site"


def is_whole(site: Path, forks: Forking) -> bool:
    """Whether a site was restored there, all of it; with nothing of it beside."""
    restored = site.parent / "restored"
    if not restored.exists():
        return False
    assert openings_of(restored) == openings_of(site)
    assert forks.do("check", restored).status == 0, forks.said.read_text()
    assert not list(site.parent.glob(".intake-restoring-*"))
    return True


def killed(template: Path, forks: Forking, tmp_path: Path, at: tuple[str, int]) -> bool:
    """Kill it there, look, and do it again where nothing was restored; False where it ended."""
    site = fresh(template, tmp_path / "one")
    ended = forks.killed("restore", site, at)
    assert ended.status in (0, -9), forks.said.read_text()
    if not is_whole(site, forks):
        assert not ended.done
        assert forks.do("restore", site).status == 0, forks.said.read_text()
        assert is_whole(site, forks)
    return ended.status == -9


def points(template: Path, forks: Forking, tmp_path: Path) -> list[tuple[str, int]]:
    """Every call by which an untouched one changes the disk, each for the nth time."""
    site = fresh(template, tmp_path / "untouched")
    ended = forks.do("restore", site, watch=())
    assert ended.done, forks.said.read_text()
    assert is_whole(site, forks)
    calls = ended.changes
    return [(call, calls[: place + 1].count(call)) for place, call in enumerate(calls)]


def test_killed_at_some_points_there_is_a_whole_site_or_none(
    template: Path, forks: Forking, tmp_path: Path
) -> None:
    found = points(template, forks, tmp_path)
    step = -(-len(found) // SOME)
    some = [killed(template, forks, tmp_path, at) for at in found[os.urandom(1)[0] % step :: step]]
    assert sum(some) >= len(some) - 1


@pytest.mark.long
def test_killed_at_every_point_there_is_a_whole_site_or_none(
    template: Path, forks: Forking, tmp_path: Path
) -> None:
    found = points(template, forks, tmp_path)
    for call in sorted({call for call, _ in found}):
        at = next(n for n in count(1) if not killed(template, forks, tmp_path, (call, n)))
        # What is random in a deed may take a few more, or fewer.
        assert at > 0.8 * sum(one == call for one, _ in found)
