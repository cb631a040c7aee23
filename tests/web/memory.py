"""What lies in the memory of a running server's processes: who looks is root's, or root's in its own.

`/proc/PID/mem` of a process that refuses dumps is open to nobody else: so without root the server
is started in a user namespace of ours.
"""

import contextlib
import os
import re
from pathlib import Path
from urllib.parse import quote, quote_plus

OURS = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]


def spellings(text: str) -> dict[str, bytes]:
    """A text as a browser sends it, and as Python and a page may hold it, by name."""
    return {
        "UTF-8": text.encode(),
        "percent": quote(text).encode(),
        "percent, plus": quote_plus(text).encode(),
        "percent, lower case": re.sub("%..", lambda code: code[0].lower(), quote(text)).encode(),
        "UCS-2": text.encode("utf-16-le"),
        "UCS-4": text.encode("utf-32-le"),
    }


def children_of(pid: int) -> list[int]:
    """The processes that a process forked and that live."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    return []


def family_of(pid: int) -> list[int]:
    """A process, and all that came of it."""
    return [pid, *(one for child in children_of(pid) for one in family_of(child))]


def readers_of(pid: int) -> list[int]:
    """The readers of a server: who was forked by whom a worker forked."""
    parents = (parent for worker in children_of(pid) for parent in children_of(worker))
    return [reader for parent in parents for reader in children_of(parent)]


def is_alive(pid: int) -> bool:
    """Whether a process has not begun to end; its memory may still be there for a moment after."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        flags = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[6])
        return not flags & 4  # PF_EXITING
    return False


def found_in(pid: int, texts: list[str]) -> set[tuple[str, str]]:
    """Which texts lie in the memory of a server, and how they are spelled there."""
    wanted = {(text, name): seen for text in texts for name, seen in spellings(text).items()}
    found: set[tuple[str, str]] = set()
    for one in family_of(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            found |= _found_in(one, wanted)
    return found


def _found_in(pid: int, wanted: dict[tuple[str, str], bytes]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    seen = 0
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for row in Path(f"/proc/{pid}/maps").read_text().splitlines():
            words = row.split()
            if "w" not in words[1] and not words[1].endswith("s"):
                continue  # a program's own text and constants
            start, end = (int(half, 16) for half in words[0].split("-"))
            try:
                memory.seek(start)
                content = memory.read(end - start)
            except OSError:
                continue  # the kernel's own
            seen += len(content)
            found |= {what for what, spelled in wanted.items() if spelled in content}
    assert seen > 10_000_000 or not is_alive(pid), "that was no look at a server's memory"
    return found
