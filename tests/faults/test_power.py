"""Power lost at any moment: whatever the disk had not been told to keep may be gone, in any part.

A submission is watched by strace, with every byte that it writes and every time that it asks the
disk to keep them. From that the disk is made as it can be left: what was asked for is there; of what
was not, some writes are and some are not, in any order, and one may be half.
"""

import ast
import os
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from intake.opening import Opening
from intake.store import Store
from tests.faults.forking import Forking, forking
from tests.faults.test_killed import make_open, openings_of

_CALL = re.compile(r"^(\w+)\((.*)\)\s+= (\d+)$")
_FD = re.compile(r"^\d+<([^>]*)>(?:, )?(.*)$")
_SECTOR = 512  # bytes that a disk writes at once, or not


@dataclass
class Disk:
    """Files as they are for sure, and the writes that may still be lost."""

    kept: dict[str, bytearray]
    pending: list[tuple[str, int, bytes | None]] = field(default_factory=list)

    def left(self, chance: random.Random) -> dict[str, bytes]:
        """One way in which the power's loss may leave them."""
        files = {name: bytearray(content) for name, content in self.kept.items()}
        some = [write for write in self.pending if chance.random() < 0.5]
        for number, (name, place, content) in enumerate(some):
            half = len(content or b"") > _SECTOR and number == len(some) - 1
            end = _SECTOR * chance.randrange(1, 8) if half else None
            apply(files[name], place, content if content is None else content[:end])
        return {name: bytes(content) for name, content in files.items()}

    def keep(self, name: str) -> None:
        """The disk was asked to keep a file."""
        for write in self.pending:
            if write[0] == name:
                apply(self.kept[name], *write[1:])
        self.pending = [write for write in self.pending if write[0] != name]


def apply(file: bytearray, place: int, content: bytes | None) -> None:
    """Write there, or cut the file there."""
    if content is None:
        del file[place:]
        file += bytes(place - len(file))
        return
    file += bytes(max(0, place - len(file)))
    file[place : place + len(content)] = content


def moments(trace: Path, folder: Path) -> Iterator[tuple[Disk, bool]]:
    """The disk after each call of a trace, and whether the answer was given by then."""
    names = ("store.sqlite", "store.sqlite-wal")
    disk = Disk({name: bytearray(read(folder / name)) for name in names})
    done = False
    for line in trace.read_text("ascii").splitlines():
        match = _CALL.match(line)
        if match is None:
            continue
        call, words = match[1], match[2]
        where = _FD.match(words)
        name = "" if where is None else where[1].rpartition("/")[2].removesuffix(" (deleted)")
        if call == "write" and where is not None and where[1].startswith("pipe:"):
            done = True
        elif name in names and where is not None:
            change(disk, call, name, where[2])
        elif name.startswith("store.sqlite") and not name.endswith("-shm"):
            pytest.fail(f"{call} of {name} is not replayed")
        else:
            continue
        yield disk, done


def change(disk: Disk, call: str, name: str, words: str) -> None:
    if call == "pwrite64":
        quoted, _, rest = words.rpartition('", ')
        content = ast.literal_eval(f'b{quoted}"')
        disk.pending.append((name, int(rest.split(", ")[1]), content))
    elif call == "ftruncate":
        disk.pending.append((name, int(words), None))
    elif call in {"fsync", "fdatasync"}:
        disk.keep(name)
    else:
        pytest.fail(f"{call} is not replayed")


def read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forking]:
    with forking(tmp_path_factory.mktemp("forks") / "said") as made:
        yield made


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("open")
    make_open(folder)
    return folder


def lost(deed: str, words: str, template: Path, forks: Forking, tmp_path: Path) -> int:
    """Lose the power at every moment of a deed, three times; gives how many moments there were."""
    shutil.copytree(template, tmp_path / "done")
    shutil.copytree(template, tmp_path / "as it was")
    site = tmp_path / "done" / "site"
    ended = forks.do(deed, site, words, watch=("-y", "-s", "100000"))
    assert ended.done
    before, after = openings_of(template / "site"), openings_of(site)
    chance = random.Random(os.urandom(8))
    count = answered = 0
    for disk, done in moments(forks.said.with_suffix(".trace"), tmp_path / "as it was" / "site"):
        count += 1
        answered += done
        for _ in range(3):
            found = opened(disk.left(chance), tmp_path / "left")
            assert found in (before, after)
            assert not done or found == after
    assert answered
    return count


def opened(files: dict[str, bytes], folder: Path) -> set[bytes]:
    """What a store holds that was left like this, once it is found whole."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    store = Store.open(folder / "store.sqlite")
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    found = {stored.opening for stored in store if Opening.parse(stored.opening)}
    store.close()
    return found


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("submit", "letter"),
        ("withdraw", "secret"),
        pytest.param("submit large", "large", marks=pytest.mark.long),
    ],
)
def test_whatever_the_disk_keeps_it_is_as_before_or_as_after_and_after_the_answer_as_after(
    deed: str, words: str, template: Path, forks: Forking, tmp_path: Path
) -> None:
    assert lost(deed, words, template, forks, tmp_path) > 20


def test_the_twin_that_does_not_wait_for_the_disk_is_caught(
    template: Path, forks: Forking, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError):
        for number in range(5):  # what is lost is chance
            (tmp_path / str(number)).mkdir()
            lost("submit at once", "letter", template, forks, tmp_path / str(number))
