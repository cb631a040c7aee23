"""What backups and restores that were killed left: a file, or a folder that may have the log's key."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from intake.age.held import left_in

BEGUN: Final = ".backup-"  # begins the name of a backup until it is whole
RESTORING: Final = ".restoring-"  # and of a site until it is proven


def left(folder: Path) -> Iterator[Path]:
    """What lies in a folder under such a name and is nobody's any more."""
    yield from left_in(folder, f"{BEGUN}*.part")
    yield from left_in(folder, f"{RESTORING}*")


def remove_left(folder: Path) -> None:
    """Remove it. What cannot be removed is `intake doctor`'s to name, and stops nobody."""
    for path in left(folder):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()
