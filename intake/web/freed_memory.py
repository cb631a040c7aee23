"""Has freed memory go back to the kernel at once, where the C library would keep it for later.

Stretching a code takes 19 MiB. The GNU C library sees such a piece freed and from then on keeps the
next ones, in each thread's own heap: eight threads of a worker hold 150 MB, of which nothing is in
use. What goes back to the kernel is given to nobody before it was overwritten with zeros.
"""

import ctypes
from typing import Final

WHOLE: Final = (
    1 << 20
)  # bytes from which a piece is taken from the kernel, and given back, by itself
_M_MMAP_THRESHOLD: Final = -3  # mallopt(3); to set it also stops it from rising by itself


def give_back() -> bool:
    """Set this for the process and those that it forks; False where the C library is another."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_MMAP_THRESHOLD, WHOLE) == 1
