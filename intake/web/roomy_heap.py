"""Room in the C library's heap for a code that is stretched, in large pages, and only for as long.

A reader starts with next to nothing of its own. The kernel would give it the 19 MiB in which a code
is stretched 4 KiB at a time, which takes 10 ms of a core; a page of 2 MiB it gives in a quarter of one.
"""

import ctypes
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

_ROOM: Final = 32 << 20  # bytes: a code's 19 MiB, and a text of the largest size beside it
_LARGE_PAGE: Final = 2 << 20
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3  # mallopt(3)
_MADV_HUGEPAGE: Final = 14  # madvise(2)


class _Allowed:
    here = False  # in this process, or in the one that forked it


def allow_room() -> None:
    """Let the children of this process have such room: those that are gone soon, and no others."""
    _Allowed.here = getattr(ctypes.CDLL(None), "malloc_trim", None) is not None


@contextmanager
def room_for_a_while() -> Generator[bool]:
    """Have that room, and then give back to the kernel what was taken of it.

    A reader that was done with a code would keep it to its end, and there are many of them. False
    where nothing is done: nobody allowed it, or the C library or the kernel is another.
    """
    if not _Allowed.here:
        yield False
        return
    libc: Any = ctypes.CDLL(None)
    done = _made(libc)
    try:
        yield done
    finally:
        libc.malloc_trim(0)


def _made(libc: Any) -> bool:
    """Nothing is taken yet: where there are no large pages, pages are as small as ever."""
    # Not from the kernel by itself, which is right for a process that stays: from the heap.
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
