"""A folder of files that are written whole, one writer at a time, and left as it was found.

It knows nothing of what is in them.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from intake.age.whole import remove_unfinished, write_together, written_whole
from intake.errors import StoreError

__all__ = ["LOCK", "locked", "made_for", "remove_unfinished", "write", "write_together"]

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


def write(path: Path, content: bytes, *, settle: bool = True) -> None:
    """Put a whole file in the place of the one that is there, if any.

    Without `settle` the next file that is written beside it settles both: see `written_whole`.
    """
    with written_whole(path, settle=settle) as sink:
        sink.write(content)
