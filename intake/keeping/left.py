"""What backups and restores that were killed left: a file, or a folder that may have the log's key."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from intake.age.held import left_in

BEGUN: Final = ".intake-backup-"  # begins the name of a backup until it is whole
RESTORING: Final = ".intake-restoring-"  # and of a site until it is proven
_RANDOM: Final = "[a-z0-9_]{8}"  # as `tempfile` makes it
_FILE: Final = re.compile(rf"{re.escape(BEGUN)}{_RANDOM}\.part", re.ASCII)
_FOLDER: Final = re.compile(f"{re.escape(RESTORING)}{_RANDOM}", re.ASCII)


def left(folder: Path) -> Iterator[Path]:
    """What lies in a folder under such a name and is nobody's any more.

    Of what only begins so nothing is said: it is somebody's own.
    """
    yield from (path for path in left_in(folder, f"{BEGUN}*") if _is_ours(path))
    yield from (path for path in left_in(folder, f"{RESTORING}*") if _is_ours(path))


def remove_left(folder: Path) -> None:
    """Remove it, where it is this user's.

    What cannot be removed is `intake doctor`'s to name, and stops nobody.
    """
    for path in left(folder):
        with suppress(OSError):
            if path.lstat().st_uid != os.geteuid():
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


def _is_ours(path: Path) -> bool:
    # Not by its mode: a stick knows none.
    if path.is_dir():
        return _FOLDER.fullmatch(path.name) is not None
    return path.is_file() and _FILE.fullmatch(path.name) is not None
