"""Killed before any system call that changes the disk, every deed loses nothing it said was done.

The points are not chosen: strace sees by which calls a deed changes a disk, and kills it before each
of them for the first time, the second, and so on until it ends untouched. `make test` takes some of them, spread
over all, and `make long` every one.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from intake.author import Author
from intake.cli import run
from intake.container import Mode
from intake.outbox import Outbox
from intake.seal import seal
from intake.store import Store
from tests.boards import cheap_rows
from tests.faults.forking import Forking, forking
from tests.faults.operations import TODAY, pieces, submit
from tests.keeping.places import Kept
from tests.log.worlds import opening_in
from tests.web.serving import site_in
from tests.web.test_release import NOW, TESTIMONY, signer

SOME = 5  # points of a deed that `make test` takes


@dataclass(frozen=True)
class Case:
    """A deed on a site of a kind, its words, and how it is done again after a crash."""

    deed: str
    site: str
    words: tuple[str, ...] = ()
    again: tuple[str, ...] | None = None


CASES = (
    Case("submit", "open", ("letter",)),
    Case("submit large", "open", ("large",)),
    Case("withdraw", "open", ("secret",)),
    Case("deliver", "open"),
    Case("close", "open"),
    Case("cosign", "closed"),
    Case("release", "closed"),
    Case("collect", "closed", ("+bundle",), ("+bundle2",)),
    Case("backup", "closed", ("+backup",), ("+backup2",)),
    Case("retire", "empty"),
)


def make_open(folder: Path) -> None:
    """A site in the middle of a week: three submissions, and everything else still to be done."""
    site, panel = site_in(folder / "site")
    authors = [Author.fresh(NOW) for _ in range(4)]
    letters = [
        seal(TESTIMONY, panel.roster, mode=Mode.TOOL, today=TODAY, author=author)
        for author in authors
    ]
    (folder / "letter").write_bytes(letters[0].to_bytes())
    for number, letter in enumerate(letters[1:]):
        (folder / f"sent{number}").write_bytes(letter.to_bytes())
        assert submit(folder / "site", [f"sent{number}"]) == 0
    (folder / "secret").write_bytes(authors[1].withdraw)
    large = opening_in(NOW, sha256(b"".join(pieces())).digest())
    (folder / "large").write_bytes(large.to_bytes())
    rows = Outbox.of(site.settings.deployment, NOW, cheap_rows(3)).signed(signer(1))
    (folder / "outbox").write_bytes(rows)


def make_closed(folder: Path) -> None:
    """A site whose week is logged and not cosigned, with what reviewers confirm of it."""
    kept = Kept.make(folder)
    collection = kept.place.collection
    (folder / "statement").write_bytes(collection.signed(signer(1), signer(2)).to_bytes())
    settings = kept.site / "site.toml"
    settings.write_text(settings.read_text().replace('language = "ru"', 'language = "en"'))
    assert run(["epoch", str(kept.site)]) == 0


def make_empty(folder: Path) -> None:
    """A site to which nobody ever wrote."""
    site_in(folder / "site")
    assert run(["epoch", str(folder / "site")]) == 0


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    makers = {"open": make_open, "closed": make_closed, "empty": make_empty}
    found = {}
    for name, make in makers.items():
        found[name] = tmp_path_factory.mktemp(name)
        make(found[name])
    return found


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forking]:
    assert shutil.which("strace"), "strace is missing"
    with forking(tmp_path_factory.mktemp("forks") / "said") as made:
        yield made


def openings_of(folder: Path) -> set[bytes]:
    store = Store.open(folder / "store.sqlite")
    found = set(store.openings())
    store.close()
    return found


class Walk:
    """One deed, killed at points, each time on a fresh copy of its site."""

    def __init__(self, case: Case, template: Path, forks: Forking, tmp_path: Path) -> None:
        self._case = case
        self._template = template
        self._forks = forks
        self._tmp = tmp_path
        self._before = openings_of(template / "site")
        self._numbers = count()
        self.after: set[bytes] = set()

    def fresh(self) -> Path:
        folder = self._tmp / str(next(self._numbers))
        shutil.copytree(self._template, folder)
        return folder / "site"

    def untouched(self) -> list[tuple[str, int]]:
        """Let it be done once without a kill; gives every point: a call, for the nth time."""
        site = self.fresh()
        ended = self._forks.do(self._case.deed, site, *self._case.words, watch=())
        assert (ended.status, ended.done) == (0, True), self._forks.said.read_text()
        self.after = openings_of(site)
        self._check(site)
        shutil.rmtree(site.parent)
        seen: Counter[str] = Counter()
        points = []
        for call in ended.changes:
            seen[call] += 1
            points.append((call, seen[call]))
        return points

    def kill(self, at: tuple[str, int]) -> bool:
        """Kill it there, look, do it again, and look again; False where it ended untouched."""
        case = self._case
        site = self.fresh()
        ended = self._forks.killed(case.deed, site, at, *case.words)
        assert ended.status in (0, -9), self._forks.said.read_text()
        found = openings_of(site)
        # All or nothing, and all where it said so.
        assert found in (self._before, self.after)
        assert not ended.done or found == self.after
        again = self._forks.do(case.deed, site, *(case.again or case.words))
        assert (again.status, again.done) == (0, True), self._forks.said.read_text()
        assert openings_of(site) == self.after
        self._check(site)
        assert not list(site.parent.rglob(".intake-backup-*"))
        shutil.rmtree(site.parent)
        return ended.status == -9

    def _check(self, site: Path) -> None:
        """Whole, and whole again after what every night does."""
        nightly = ("close", "check") if self._case.deed in {"submit", "withdraw"} else ()
        for deed in ("check", *nightly):
            ended = self._forks.do(deed, site)
            assert ended.status == 0, self._forks.said.read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.deed)
def test_killed_at_some_points_it_is_as_before_or_as_after_and_can_be_done_again(
    case: Case, templates: dict[str, Path], forks: Forking, tmp_path: Path
) -> None:
    walk = Walk(case, templates[case.site], forks, tmp_path)
    points = walk.untouched()
    assert len(points) > SOME
    # Others in every run, for whoever runs it often. Not the last of a call: what is random in a
    # deed may take one less.
    step = -(-len(points) // SOME)
    first = os.urandom(1)[0] % step
    killed = [walk.kill(at) for at in points[first::step]]
    assert sum(killed) >= len(killed) - 1


def test_the_twin_that_keeps_in_two_steps_is_caught(
    templates: dict[str, Path], forks: Forking, tmp_path: Path
) -> None:
    """A row first and its object after: between them it is neither as before nor as after."""
    walk = Walk(Case("submit in halves", "open", ("letter",)), templates["open"], forks, tmp_path)
    points = walk.untouched()
    with pytest.raises(AssertionError):
        for at in points:
            walk.kill(at)


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.deed)
def test_killed_at_every_point_until_it_ends_untouched(
    case: Case, templates: dict[str, Path], forks: Forking, tmp_path: Path
) -> None:
    walk = Walk(case, templates[case.site], forks, tmp_path)
    points = walk.untouched()
    for call in sorted({call for call, _ in points}):
        at = next(number for number in count(1) if not walk.kill((call, number)))
        # What is random in a deed may take a few more, or fewer.
        assert at > 0.8 * sum(one == call for one, _ in points)
