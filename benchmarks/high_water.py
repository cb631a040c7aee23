"""The most memory that a program had resident, from what Linux keeps of its own address space (proc(5): VmHWM).

Not `ru_maxrss`: what was started is credited there with the most of whoever started it, so that it hides growth.
"""

import re
from pathlib import Path


def most(pid: int | str = "self") -> int:
    """The KiB at the most, since the program began or `forget`; 0 where there is no such process."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+([0-9]+) kB", status, re.MULTILINE)
    return int(found[1]) if found else 0


def forget() -> None:
    """Of this program count anew, from what it has now."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
