"""Keeps what is in a process's memory out of core dumps, and out of other programs' reach."""

import ctypes
import resource
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # prctl(2)


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
