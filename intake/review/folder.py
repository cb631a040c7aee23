"""A folder of files that are written whole, one writer at a time, and left as it was found.

It knows nothing of what is in them.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from intake.age.whole import written_whole
from intake.errors import StoreError

LOCK = "lock"


@contextmanager
def locked(folder: Path, *, alone: bool) -> Generator[None, None, None]:
    """Hold the folder's lock: one command that writes, or several that read."""
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise StoreError("another command is using this case", "wait until it has ended") from None
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def made_for(folder: Path) -> Generator[None, None, None]:
    """A folder for what the block puts there; one that it leaves empty is removed again.

    Only one that was not there before: somebody else's empty folder stays.
    """
    ours = not folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield
    finally:
        if ours and {path.name for path in folder.iterdir()} <= {LOCK}:
            (folder / LOCK).unlink(missing_ok=True)
            folder.rmdir()


def remove_unfinished(folder: Path, *patterns: str) -> None:
    """Files without a name, left where a command was killed. All of them are sealed or public."""
    for pattern in patterns:
        for path in folder.glob(pattern):
            path.unlink()


def write(path: Path, content: bytes) -> None:
    """Put a whole file in the place of the one that is there, if any."""
    with written_whole(path) as sink:
        sink.write(content)
