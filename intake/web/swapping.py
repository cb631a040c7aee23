"""Whether what is in the server's memory may be written to a disk while it runs.

Forbid it the server cannot: locked in memory it would have to hold all that it might ever use. The
operator is told.
"""

from pathlib import Path

from intake.machine import PROC, swaps_in


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
