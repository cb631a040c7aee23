"""Has freed memory go back to the kernel at once, where the C library would keep it for later.

A worker's threads take sealed files in, a piece of 1 MiB at a time. The GNU C library sees such a
piece freed and from then on keeps the next ones, in a heap for each thread: that of a worker which
has once taken ten files stays three times as large as it was. What goes back to the kernel is given
to nobody before it was overwritten with zeros.
"""

import ctypes
from typing import Final

WHOLE: Final = (
    128 * 1024
)  # bytes from which a piece is taken from the kernel, and given back, by itself
_HEAPS: Final = 2  # of one process, however many threads it has
_M_MMAP_THRESHOLD: Final = -3  # mallopt(3); to set it also stops it from rising by itself
_M_ARENA_MAX: Final = -8


def give_back() -> bool:
    """Set this for the process and those that it forks; False where the C library is another."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return (
        mallopt is not None
        and mallopt(_M_MMAP_THRESHOLD, WHOLE) == 1
        and mallopt(_M_ARENA_MAX, _HEAPS) == 1
    )
