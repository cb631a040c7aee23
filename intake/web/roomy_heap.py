"""Room in the C library's heap for what a reader needs, in large pages and taken only when used.

A reader starts with next to nothing of its own. The kernel would give it the 19 MiB in which a code
is stretched 4 KiB at a time, which takes 10 ms of a core; a page of 2 MiB it gives in a quarter of one.
"""

import ctypes
from typing import Any, Final

_ROOM: Final = 32 << 20  # bytes: a code's 19 MiB, and a text of the largest size beside it
_LARGE_PAGE: Final = 2 << 20
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3  # mallopt(3)
_MADV_HUGEPAGE: Final = 14  # madvise(2)


def make_room() -> bool:
    """Do so for the children of this process; False where the C library or the kernel is another.

    Nothing is taken yet: where there are no large pages, pages are as small as ever.
    """
    libc: Any = ctypes.CDLL(None)
    if getattr(libc, "mallopt", None) is None:
        return False
    # Not from the kernel by themselves, which is right for a process that stays: from the heap.
    if not (libc.mallopt(_M_MMAP_THRESHOLD, _ROOM) and libc.mallopt(_M_TRIM_THRESHOLD, 1 << 30)):
        return False
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    size = _ROOM - _LARGE_PAGE  # less than what is taken by itself
    room = libc.malloc(size)
    if not room:
        return False
    first = -(-room // _LARGE_PAGE) * _LARGE_PAGE
    last = (room + size) // _LARGE_PAGE * _LARGE_PAGE
    refused: int = libc.madvise(first, last - first, _MADV_HUGEPAGE)
    libc.free(room)  # the end of the heap again, untouched
    return refused == 0
