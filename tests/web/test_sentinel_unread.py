"""What the sentinel could not look at is said, and a link to a place does not hide it."""

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from intake.web.sentinel_machine import Machine, MachinePlaces
from intake.web.sentinel_places import Place, SitePlaces, State
from intake.web.sentinel_scan import Search, Walk
from intake.web.sentinel_tables import Tables
from intake.web.sentinel_words import Kind, Planted
from tests.web.serving import site_in

OTHER = "CREATE VIRTUAL TABLE zz USING nobodys(a)"
LEAK = "{0.latin} 203.0.113.77\n"


@dataclass
class Ground:
    """A machine of files: what its system says is what a test writes into `proc`."""

    folder: Path
    planted: Planted = field(default_factory=Planted.fresh)

    def __post_init__(self) -> None:
        for name in ("site", "proc/sys/kernel", "dumps"):
            (self.folder / name).mkdir(parents=True)
        (self.site / "serve.lock").touch()
        self.says("swaps", "Filename Type Size Used Priority\n")
        self.says("locks", "")
        self.pattern(f"{self.folder}/dumps/core.%p")

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def search(self) -> Search:
        return Search(self.planted.needles(), time.time())

    def says(self, name: str, content: str) -> None:
        (self.folder / "proc" / name).write_text(content)

    def pattern(self, value: str) -> None:
        self.says("sys/kernel/core_pattern", f"{value}\n")

    def holds(self, pid: int, *, waits: bool = False) -> None:
        """The lock of the site, held by this process."""
        inode = (self.site / "serve.lock").stat().st_ino
        arrow = "-> " if waits else ""
        with (self.folder / "proc" / "locks").open("a") as file:
            file.write(f"1: {arrow}FLOCK  ADVISORY  WRITE {pid} 00:13:{inode} 0 EOF\n")

    def works_in(self, pid: int, folder: Path) -> None:
        (self.folder / "proc" / str(pid)).mkdir()
        (self.folder / "proc" / str(pid) / "cwd").symlink_to(folder)

    def look(self, **named: tuple[Path, ...]) -> dict[str, Place]:
        machine = Machine(unit="intake-of-nobody.service", proc=self.folder / "proc", **named)
        return {
            place.name: place
            for place in MachinePlaces(machine, self.site).look(self.planted, self.search)
        }


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    """Core dumps go to `dumps`, there is no swap, and no other folder is looked for dumps."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setattr("intake.web.sentinel_machine._DUMPS", ())
    return Ground(tmp_path)


def states(found: dict[str, Place], name: str) -> dict[str, State]:
    return {one: place.state for one, place in found.items() if one.startswith(name)}


def test_a_link_that_was_named_is_followed(ground: Ground) -> None:
    """`current.log` and a link to a backup are read where they lead, with the logs before it."""
    real = ground.folder / "real-2026.log"
    link = ground.folder / "current.log"
    link.symlink_to(real)
    real.write_text(LEAK.format(ground.planted))
    found = ground.look(logs=(link,), also=(link,))
    assert found[f"server log {link}"].kinds == (Kind.WORDS, Kind.ANY_ADDRESS)
    assert found[f"named with --also: {link}"].kinds == (Kind.WORDS, Kind.ANY_ADDRESS)
    real.write_text("")
    assert ground.look(logs=(link,))[f"server log {link}"].state is State.CHECKED
    for old in (f"{real}.1", f"{link}-20261117"):
        Path(old).write_text(ground.planted.latin)
        assert ground.look(logs=(link,))[f"server log {link}"].kinds == (Kind.WORDS,)
        Path(old).unlink()
    folder = ground.folder / "backup"
    folder.symlink_to(real.parent / "dumps")
    (folder / "copy").write_text(ground.planted.latin)
    assert ground.look(also=(folder,))[f"named with --also: {folder}"].kinds == (Kind.WORDS,)


def test_a_link_inside_a_folder_is_not_followed(tmp_path: Path) -> None:
    """It may lead anywhere, and to the same thing many times."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "secret").write_text("x")
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "secret")
    walk = Walk((tmp_path / "folder",))
    assert (list(walk.files()), walk.unread) == ([], 0)


def test_one_file_under_two_names_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    files = Walk((tmp_path / "file", tmp_path / "link")).files()
    assert [path for path, _ in files] == [tmp_path / "file"]


@pytest.mark.parametrize("what", ["pipe", "loop", "a file for a folder", "/dev/null"])
def test_what_is_neither_file_nor_folder_is_not_called_checked(tmp_path: Path, what: str) -> None:
    """A named pipe, a link that leads nowhere but to itself, a device that never ends."""
    path = tmp_path / "named"
    if what == "pipe":
        os.mkfifo(path)
    elif what == "loop":
        path.symlink_to(path)
    elif what == "/dev/null":
        path.symlink_to(what)
    else:
        (tmp_path / "file").write_text("x")
        path = tmp_path / "file" / "named"
    walk = Walk((path,))
    assert (list(walk.files()), walk.unread) == ([], 1)


def test_a_pipe_named_as_a_log_or_a_backup_has_its_line(ground: Ground) -> None:
    pipe = ground.folder / "pipe"
    os.mkfifo(pipe)
    found = ground.look(logs=(pipe,), also=(pipe,))
    assert found[f"server log {pipe}, the rest"].state is State.NOT_CHECKED
    assert found[f"named with --also: {pipe}, the rest"].state is State.NOT_CHECKED


def test_a_store_that_is_linked_into_the_site_is_read_where_it_lies(tmp_path: Path) -> None:
    """With the log of changes that SQLite writes beside the file itself."""
    site, _ = site_in(tmp_path / "site")
    planted = Planted.fresh()
    disk = tmp_path / "disk"
    disk.mkdir()
    site.store_path.rename(disk / "db")
    site.store_path.symlink_to(disk / "db")
    search = Search(planted.needles(), time.time())
    places = SitePlaces(site, running=True)
    with closing(sqlite3.connect(site.store_path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('x', ?)", (planted.latin,))
        connection.commit()
        assert (disk / "db-wal").stat().st_size
        found = {place.name: place.kinds for place in places.look(planted, search)}
    assert found["store.sqlite-wal"] == (Kind.WORDS,)
    assert found["store.sqlite, its tables"] == (Kind.WORDS,)
    found = {place.name: place.kinds for place in SitePlaces(site, running=True).look(None, search)}
    assert found["store.sqlite"] == (Kind.WORDS,)


def test_dumps_that_go_to_a_program_are_never_called_checked(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the folders that such programs use are there: it may keep them elsewhere."""
    ground.pattern("|/opt/keep-cores %p")
    found = ground.look()
    assert states(found, "core dumps") == {"core dumps": State.NOT_CHECKED}
    assert "/opt/keep-cores" in found["core dumps"].why
    dumps = ground.folder / "dumps"
    monkeypatch.setattr("intake.web.sentinel_machine._DUMPS", (str(dumps),))
    found = ground.look()
    assert states(found, "core dumps") == {
        "core dumps": State.CHECKED,
        "core dumps, those elsewhere": State.NOT_CHECKED,
    }
    assert "/opt/keep-cores" in found["core dumps, those elsewhere"].why
    (dumps / "core.zst").write_bytes(b"packed")
    assert ground.look()["core dumps"].kinds == (Kind.WRITTEN,)


@pytest.mark.parametrize("pattern", ["/var/cores/%e/core", "%e/core", "%e.core", ""])
def test_dumps_of_names_that_cannot_be_told_are_never_called_checked(
    ground: Ground, pattern: str
) -> None:
    ground.pattern(pattern)
    assert states(ground.look(), "core dumps") == {"core dumps": State.NOT_CHECKED}


def test_dumps_are_looked_for_by_the_kernels_own_name_for_them(ground: Ground) -> None:
    ground.pattern("dumped.%e.%p")
    ground.works_in(4242, ground.folder / "dumps")
    ground.holds(4242)
    assert states(ground.look(), "core dumps") == {"core dumps": State.CHECKED}
    for folder in ("dumps", "site", "work"):
        dump = ground.folder / folder / "dumped.python.7"
        dump.write_bytes(b"")
        assert ground.look()["core dumps"].kinds == (Kind.WRITTEN,)
        dump.unlink()


def test_where_the_server_works_must_be_known_to_call_dumps_checked(ground: Ground) -> None:
    """No row of the lock, a row of one that waits, or a folder that this user may not read."""
    ground.pattern("core")
    here = {"core dumps": State.CHECKED}
    partly = {**here, "core dumps, those elsewhere": State.NOT_CHECKED}
    assert states(ground.look(), "core dumps") == partly
    ground.works_in(1, ground.folder / "dumps")
    ground.holds(1, waits=True)
    assert states(ground.look(), "core dumps") == partly
    ground.says("locks", "1: FLOCK\n\n")
    ground.holds(1)
    assert states(ground.look(), "core dumps") == here
    ground.holds(4242)
    assert states(ground.look(), "core dumps") == partly


@pytest.mark.parametrize(
    ("gone", "pattern", "place"),
    [
        ("swaps", "core", "swap"),
        ("sys/kernel/core_pattern", "core", "core dumps"),
        ("locks", "core", "core dumps, those elsewhere"),
    ],
)
def test_a_system_that_does_not_say_ends_no_run(
    ground: Ground, gone: str, pattern: str, place: str
) -> None:
    """Each has its line, and so has all that comes after it."""
    ground.pattern(pattern)
    (ground.folder / "proc" / gone).unlink()
    found = ground.look()
    assert found[place].state is State.NOT_CHECKED
    assert "does not say" in found[place].why
    assert "freed blocks of the disk" in found


def test_a_system_that_names_files_by_any_bytes_ends_no_run(ground: Ground) -> None:
    (ground.folder / "proc" / "swaps").write_bytes(b"Filename\n/\xff\\040x file 1 0 -2\n")
    (ground.folder / "proc" / "sys/kernel/core_pattern").write_bytes(b"|/\xff\n")
    found = ground.look()
    swaps = [place.state for name, place in found.items() if name.startswith("swap")]
    assert swaps == [State.NOT_CHECKED]


def broken_table(path: Path, planted: Planted) -> None:
    """A planted word, and after it a text that is none."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE visit (who TEXT)")
        connection.execute("INSERT INTO visit VALUES (?)", (planted.latin,))
        connection.execute("INSERT INTO visit VALUES (CAST(x'ff' AS TEXT))")
        connection.commit()


def test_a_text_that_is_no_utf_8_hides_nothing(tmp_path: Path) -> None:
    """What was found before it, in it, and after it is told."""
    planted, path = Planted.fresh(), tmp_path / "db"
    search = Search(planted.needles(), time.time(), patterns=True)
    broken_table(path, planted)
    assert Tables(path, planted, search, ours=True, at_rest=True).kinds() == {
        *(Kind.WORDS, Kind.COLUMN)
    }
    with closing(sqlite3.connect(path)) as connection:
        content = b"\xff" + planted.agent.encode()
        connection.execute("INSERT INTO visit VALUES (CAST(? AS TEXT))", (content,))
        connection.execute("INSERT INTO visit VALUES ('2026-11-17')")
        connection.commit()
    tables = Tables(path, planted, search, ours=False, at_rest=True)
    assert tables.kinds() == {Kind.WORDS, Kind.AGENT, Kind.TIME}


def test_what_was_found_stays_found_where_the_rest_cannot_be_read(tmp_path: Path) -> None:
    """A table of another program's kind: one line for what was found, one for what was not read."""
    site, _ = site_in(tmp_path / "site")
    planted = Planted.fresh()
    broken_table(site.store_path, planted)
    with closing(sqlite3.connect(site.store_path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_schema VALUES ('table', 'zz', 'zz', 0, ?)", (OTHER,))
        connection.commit()
    search = replace(Search(planted.needles(), time.time()), patterns=True)
    found = {place.name: place for place in SitePlaces(site, running=True).look(planted, search)}
    assert Kind.WORDS in found["store.sqlite, its tables"].kinds
    assert found["store.sqlite, its tables, the rest"].state is State.NOT_CHECKED
    backup = Ground(tmp_path / "ground", planted).look(also=(site.store_path,))
    name = f"named with --also: {site.store_path}"
    assert Kind.WORDS in backup[name].kinds
    assert backup[f"{name}, the rest"].state is State.NOT_CHECKED
