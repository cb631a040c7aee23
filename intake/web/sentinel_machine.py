"""Where the sentinel looks outside the site: logs, temporary folders, swap, core dumps, backups.

What this user may not read is said, and never counts as looked at.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path
from typing import Any

from intake.web.sentinel_places import Place, walked
from intake.web.sentinel_scan import Search, Walk, opened
from intake.web.sentinel_tables import MAGIC, Tables
from intake.web.sentinel_words import Kind, Planted

_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - to be looked at
_DUMPS = ("/var/lib/systemd/coredump", "/var/crash", "/var/lib/apport/coredump")
_FRESH = 2.0  # seconds that a file system's clock may be behind
_PATIENCE = 600  # seconds, for a journal
_NOTHING_PLANTED = "nothing was planted"
_PID, _INODE = 4, 5  # the columns of /proc/locks
_UNTOLD = "the system does not say"


@dataclass(frozen=True)
class Machine:
    """What the operator named, and what the system says of itself, under `proc`."""

    logs: tuple[Path, ...] = ()
    unit: str = "intake.service"
    also: tuple[Path, ...] = ()
    temporary: tuple[Path, ...] = ()
    proc: Path = Path("/proc")

    @classmethod
    def here(cls, temporary: tuple[Path, ...], **named: Any) -> "Machine":
        """This machine, with its own folders for temporary files beside those named."""
        given = os.environ.get("TMPDIR", "")
        paths = [*temporary, *map(Path, (*_TEMPORARY, *([given] if given else [])))]
        there = {path.resolve() for path in paths if path.is_dir()}
        return cls(temporary=tuple(sorted(there)), **named)


class MachinePlaces:
    """The places outside the site. Made before the planting, to know what was written since."""

    def __init__(self, machine: Machine, site: Path) -> None:
        self._machine = machine
        self._site = site
        self._before = {path: _size(path) for path in machine.logs}

    def look(self, planted: Planted | None, search: Search) -> Iterator[Place]:
        """Each of them; `search` has the spellings, and what it looks for besides is said here.

        1. The server's log files. 2. The journal. 3. Temporary folders. 4. Swap. 5. Core dumps.
        6. What was named besides. 7. What no program can look at.
        """
        named = search
        if planted is not None:
            named = replace(search, needles=search.needles | planted.names())
        # (1)
        if not self._machine.logs:
            yield Place.not_checked("server logs", "none was named with --log")
        for path in self._machine.logs:
            yield from self._log(path, planted, replace(named, patterns=True))
        # (2)
        yield self._journal(planted, replace(named, patterns=True))
        # (3), (4), (5)
        if planted is None:
            for name in ("temporary folders", "swap", "core dumps"):
                yield Place.not_checked(name, _NOTHING_PLANTED)
        else:
            for folder in self._machine.temporary:
                yield from self._fresh(folder, planted, named)
            yield from self._swap(search)
            yield from self._dumps(planted, named)
        # (6)
        if not self._machine.also:
            yield Place.not_checked("backups", "none was named with --also")
        for path in self._machine.also:
            yield from _backup(path, planted, replace(search, patterns=True, random=True))
        # (7)
        yield Place.not_checked("the server's memory", "a text is there until its page is answered")
        yield Place.not_checked("freed blocks of the disk", "no program can read them")

    def _log(self, path: Path, planted: Planted | None, search: Search) -> Iterator[Place]:
        name = f"server log {path}"
        if not _is_there(path):
            yield Place.not_checked(name, "there is no such file that this user can see")
            return
        older = [old for one in (path, Path(os.path.realpath(path))) for old in _rotated(one)]
        walk = Walk((path, *older))
        kinds = walk.search(search)
        if planted is not None and _size(path) != self._before[path]:
            kinds.add(Kind.WRITTEN)
        yield from walked(name, walk, kinds)

    def _journal(self, planted: Planted | None, search: Search) -> Place:
        name = f"the journal of {self._machine.unit}"
        program = shutil.which("journalctl")
        if program is None:
            return Place.not_checked(name, "there is no journalctl here")
        words = [program, f"--unit={self._machine.unit}", "--output=cat", "--no-pager", "--quiet"]
        content = _said(words)
        if not content.strip():
            return Place.not_checked(name, "no line of it is there, or this user may not read it")
        kinds = search.in_bytes(content)
        if planted is not None and _said([*words, f"--since=@{int(planted.began)}"]).strip():
            kinds.add(Kind.WRITTEN)
        return Place.looked_at(name, kinds)

    def _fresh(self, folder: Path, planted: Planted, search: Search) -> Iterator[Place]:
        others = (path for path in self._machine.temporary if path != folder)
        named = (self._site, *self._machine.logs, *self._machine.also, *others)
        walk = Walk((folder,), named, planted.began - _FRESH)
        yield from walked(f"temporary folder {folder}", walk, walk.search(search))

    def _swap(self, search: Search) -> Iterator[Place]:
        try:
            rows = _lines(self._machine.proc / "swaps")[1:]
        except OSError:
            yield Place.not_checked("swap", _UNTOLD)
            return
        devices = [row.split()[0] for row in rows if row.strip()]
        on_disk = [name for name in devices if not name.startswith("/dev/zram")]
        if not on_disk:
            yield Place.looked_at("swap", ())  # off, or in memory
        for name in on_disk:
            try:
                yield Place.looked_at(f"swap {name}", search.in_file(Path(name)))
            except OSError:
                yield Place.not_checked(f"swap {name}", "this user may not read it")

    def _dumps(self, planted: Planted, search: Search) -> Iterator[Place]:
        try:
            pattern = "".join(_lines(self._machine.proc / "sys/kernel/core_pattern")[:1]).strip()
        except OSError:
            yield Place.not_checked("core dumps", _UNTOLD)
            return
        folders, why = [Path(name) for name in _DUMPS], ""
        at_work: tuple[Path, ...] = ()
        if pattern.startswith("|"):
            # What it does with them is its own affair: it may keep none of them in these folders.
            why = f"the kernel gives them to {(pattern[1:].split() or ['a program'])[0]}"
        elif "%" in pattern.rpartition("/")[0] or not pattern.partition("%")[0]:
            why = "the kernel makes up their folder or their name each time"
        elif pattern.startswith("/"):
            folders.append(Path(pattern).parent)
        else:
            at_work, why = self._where_it_works()
        if why and not at_work and not any(map(_is_there, folders)):
            yield Place.not_checked("core dumps", why)
            return
        name = escape(pattern.partition("%")[0]) + "*"
        left = (path for folder in at_work for path in folder.glob(name))
        walk = Walk((*folders, *left), (), planted.began - _FRESH)
        # Whatever is in it, and packed however it may be: a dump at that time is one of a server
        # that was at work, or must be looked at by whoever knows better.
        dumped = any(True for _ in walk.files())
        walk.unread = 0
        kinds = walk.search(search)
        if dumped:
            kinds.add(Kind.WRITTEN)
        yield from walked("core dumps", walk, kinds)
        if why:
            yield Place.not_checked("core dumps, those elsewhere", why)

    def _where_it_works(self) -> tuple[tuple[Path, ...], str]:
        """The folders in which the server, or this program, would leave a core dump.

        And why that is not all of them, where it is not.
        """
        found = [Path.cwd(), self._site]
        try:
            inode = str((self._site / "serve.lock").stat().st_ino)
            rows = [row.split() for row in _lines(self._machine.proc / "locks")]
        except OSError:
            return tuple(found), "where the server works " + _UNTOLD
        # A row of one that waits has an arrow in it, and so nothing of this form in that column.
        ends = [(row[_PID], row[_INODE].rpartition(":")) for row in rows if len(row) > _INODE]
        holding = [pid for pid, (device, _, number) in ends if device and number == inode]
        found += [self._machine.proc / pid / "cwd" for pid in holding]
        readable = tuple(path for path in found if os.access(path, os.R_OK | os.X_OK))
        if not holding or len(readable) < len(found):
            return readable, "this user is not told where the server works, or may not read there"
        return readable, ""


def _backup(path: Path, planted: Planted | None, search: Search) -> Iterator[Place]:
    name = f"named with --also: {path}"
    if not _is_there(path):
        yield Place.not_checked(name, "there is no such file or folder that this user can see")
        return
    walk = Walk((path,))
    kinds = walk.search(search)
    text = replace(search, random=False)
    for file, _ in Walk((path,)).files():
        tables = Tables(file, planted, text, ours=False, at_rest=True)
        try:
            with opened(file) as source:
                is_store = source.read(len(MAGIC)) == MAGIC
            if is_store:
                tables.kinds()
        except (OSError, sqlite3.Error):
            walk.unread += 1
        kinds |= tables.found
    yield from walked(name, walk, kinds)


def _rotated(path: Path) -> list[Path]:
    """What a log file was before, as `log.1` or `log-20261117.gz`."""
    return sorted(path.parent.glob(f"{escape(path.name)}[.-]*"))


def _lines(path: Path) -> list[str]:
    """What the system says, which may name files by any bytes; raises `OSError`."""
    return path.read_text("utf-8", "surrogateescape").splitlines()


def _is_there(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110 - which raises nothing where it may not look


def _size(path: Path) -> int:
    return path.stat().st_size if _is_there(path) else 0


def _said(words: list[str]) -> bytes:
    """What a program writes, or nothing where it fails."""
    try:
        ended = subprocess.run(words, capture_output=True, check=False, timeout=_PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return ended.stdout if ended.returncode == 0 else b""
