"""Holding a site's folder still, and the mark of one that went to another machine.

Two machines that write one log make two logs, and no witness cosigns both. So the old one stops
for good before the last backup of it is made: its folder by this mark, and every host of its store by
a row there (intake/store/standstill.py).
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from intake.age.whole import written_whole
from intake.errors import StoreError

MARK: Final = "handed-over"
_SAYS: Final = b"""This site went to another machine. It must not go on here: two sites under one log
key make two logs, and witnesses believe neither of them. Nothing here starts while this file is.
If the other machine never started, run `intake resume`.
"""


def held(folder: Path) -> int | None:
    """The descriptor by which this process, and those that it forks, alone have a site's folder.

    None where another has it. It is let go of with the last process that has it.
    """
    descriptor = os.open(folder / "serve.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def unserved(folder: Path) -> Generator[None]:
    """Hold a site that no server runs on; `StoreError` where one does."""
    descriptor = held(folder)
    if descriptor is None:
        raise StoreError("a server runs on this site", "end it first")
    try:
        yield
    finally:
        os.close(descriptor)


def check_not_handed_over(folder: Path) -> None:
    """Raise `StoreError` where the site went to another machine."""
    if (folder / MARK).exists():
        raise StoreError(
            "this site went to another machine, and must not go on here",
            "if that one never started, run `intake resume`",
        )


def hand_over(folder: Path) -> None:
    """Mark a site as gone; durable on return."""
    with written_whole(folder / MARK) as sink:
        sink.write(_SAYS)


def take_back(folder: Path) -> bool:
    """Remove the mark, and say whether there was one: the site goes on here after all."""
    try:
        (folder / MARK).unlink()
    except FileNotFoundError:
        return False
    return True
