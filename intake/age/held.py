"""What has a passing name while it is made, locked: so what a killed process left is told apart.

A lock ends with its process, however that ends. Names are random, so that only who made something
locks it, but for whoever looks whether it was left.
"""

import fcntl
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held_file(folder: Path, prefix: str, suffix: str) -> Generator[tuple[int, Path]]:
    """A new file of the owner alone, held: a descriptor to write to, which the block closes, and its name."""
    while True:
        descriptor, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=folder)
        # The lock is the open file's, also by another descriptor, once the first one is closed.
        if (held := _held(os.dup(descriptor), name)) is not None:
            break
        os.close(descriptor)
    try:
        yield descriptor, Path(name)
    finally:
        os.close(held)


@contextmanager
def held_folder(beside: Path, prefix: str) -> Generator[Path]:
    """A new folder in `beside` of the owner alone, held. It stays where the block leaves it."""
    while True:
        name = tempfile.mkdtemp(prefix=prefix, dir=beside)
        held = _held(os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), name)
        if held is not None:
            break
    try:
        yield Path(name)
    finally:
        os.close(held)


def left_in(folder: Path, pattern: str) -> Iterator[Path]:
    """What nobody holds of what has such a name in a folder: whoever made it was killed.

    Each is held while it is looked at, so that it can be removed.
    """
    for path in sorted(folder.glob(pattern)):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            # Gone by now, a link, or somebody else's.
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            yield path
        finally:
            os.close(descriptor)


def _held(descriptor: int, name: str) -> int | None:
    """The descriptor, locked; None, and closed, where somebody just took it for left.

    Where a file system knows no locks nothing is ever taken for left.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        return descriptor
    if os.path.lexists(name):
        return descriptor
    os.close(descriptor)
    return None
