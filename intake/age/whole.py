"""Writes a file so that its name never stands for a part of it, nor is ever readable by others."""

import errno
import os
import tempfile
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from intake.age.held import held_file
from intake.errors import MalformedError


def check_distinct(source: Path, destination: Path) -> None:
    """Raise MalformedError where both paths lead to one file, which would be lost."""
    if destination.exists() and destination.samefile(source):
        raise MalformedError("input and output are the same file", "name another output")


@contextmanager
def written_whole(
    destination: Path, *, replace: bool = True, settle: bool = True, prefix: str = "."
) -> Generator[BinaryIO, None, None]:
    """Give a sink whose content takes the name `destination` once the block ends without error.

    It is a new file in the same folder, mode 0600, made with O_EXCL; flushed to the disk before
    it is renamed, and removed on any failure. Its name begins with `prefix` until then, and it is
    held (`held_file`). A file already at `destination` is replaced, or
    MalformedError raised where `replace` is false. Without `settle` its name is on the disk only once
    another file of the folder was written that settles: for one that means nothing before that one.
    """
    with held_file(destination.parent, prefix, ".part") as (descriptor, path):
        try:
            with os.fdopen(descriptor, "wb") as sink:
                yield sink
                sink.flush()
                os.fsync(sink.fileno())
            if replace:
                path.replace(destination)
            else:
                _name_new(path, destination)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    if settle:
        _sync_folder(destination.parent)


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files of a folder as `written_whole` does, and name them in this order.

    None is named before all are flushed to the disk: at one time, which takes little longer than for one.
    """
    parts: list[Path] = []
    try:
        with ExitStack() as opened:
            sinks: list[BinaryIO] = []
            for content in files.values():
                descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
                parts.append(Path(name))
                sinks.append(opened.enter_context(os.fdopen(descriptor, "wb")))
                sinks[-1].write(content)
                sinks[-1].flush()
            with ThreadPoolExecutor(len(sinks)) as threads:
                # Raises what one of them raised.
                list(threads.map(os.fsync, [sink.fileno() for sink in sinks]))
        for part, name in zip(parts, files, strict=True):
            part.replace(folder / name)
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
    _sync_folder(folder)


def remove_unfinished(folder: Path, *patterns: str) -> None:
    """Remove files without a name, left where a program was killed that wrote them.

    Only where nobody else can be writing there.
    """
    for pattern in patterns:
        for path in folder.glob(pattern):
            path.unlink()


def _name_new(written: Path, destination: Path) -> None:
    """Give the file its name only if nothing has it; a link fails where a rename would replace."""
    try:
        destination.hardlink_to(written)
    except FileExistsError:
        raise _taken(destination) from None
    except OSError as error:
        # USB sticks are mostly FAT, which has no links. There two programs at the very same moment
        # could still choose the same name; one person at one machine does not.
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP):
            raise
        if os.path.lexists(destination):
            raise _taken(destination) from None
        written.replace(destination)
    else:
        written.unlink()


def _taken(destination: Path) -> MalformedError:
    return MalformedError(f"{destination} exists already", "name a new file")


def _sync_folder(folder: Path) -> None:
    """Put the new name on the disk too: a rename alone may be lost with the power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
