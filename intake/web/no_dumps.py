"""Keeps what is in the server's memory out of core dumps, and out of other programs' reach.

Swap it cannot forbid: locked in memory it would have to hold all that it might ever use. Of that
the operator is told.
"""

import ctypes
import resource
from pathlib import Path
from typing import Final

from intake.machine import PROC, swaps_in

_PR_SET_DUMPABLE: Final = 4  # prctl(2)
_NO_LIMIT: Final = "max"


def refuse_dumps() -> None:
    """For this process and all that it forks: no core dump, to a file or to a program.

    And no program of the same user reads its memory or attaches to it; only root's do. Raises
    `OSError` where the kernel refuses.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The limit alone does not hold where the kernel hands dumps to a program.
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the process cannot be kept out of core dumps")


def swap_in_use(proc: Path = PROC, groups: Path = Path("/sys/fs/cgroup")) -> tuple[str, ...]:
    """Where pages of this process may be written to; none where its unit may not be swapped out.

    Whether a device is encrypted is not looked at. None too where the unit hides /proc/swaps.
    """
    try:
        found = swaps_in((proc / "swaps").read_text("utf-8"))
    except OSError:
        return ()
    return () if _may_not_swap(proc, groups) else found


def _may_not_swap(proc: Path, groups: Path) -> bool:
    try:
        rows = (proc / "self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return False
    inside = next((row[3:] for row in rows if row.startswith("0::")), "/")
    # A limit on a group holds for all groups in it.
    for folder in (place := groups / inside.lstrip("/"), *place.parents):
        try:
            if (folder / "memory.swap.max").read_text("ascii").strip() == "0":
                return True
        except OSError:
            pass
        if folder == groups:
            break
    return False
