"""A reader that stretched a code keeps nothing of the memory that this took."""

import subprocess
import sys
from pathlib import Path

LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")

# Prints megabytes: before, while 19 MiB are used, those of them in large pages, and afterwards.
_USED = """
import re
from pathlib import Path
from intake.web.freed_memory import give_back
from intake.web.roomy_heap import allow_room, room_for_a_while
def held(name):
    said = Path("/proc/self/smaps_rollup").read_text()
    return int(re.search(rf"^{name}: +([0-9]+)", said, re.M)[1]) / 1024
give_back()
"""
_WITH_ROOM = """
before = held("Rss")
with room_for_a_while() as done:
    used = bytearray(19 << 20)
    used[::4096] = b"x" * len(used[::4096])
    print(done, before, held("Rss"), held("AnonHugePages"))
    del used
print(held("Rss"))
"""


def _run(words: str) -> tuple[bool, float, float, float, float]:
    ended = subprocess.run(
        [sys.executable, "-c", _USED + words], capture_output=True, text=True, check=True
    )
    done, *figures = ended.stdout.split()
    before, during, large, after = map(float, figures)
    return done == "True", before, during, large, after


def test_what_a_code_took_is_given_back_when_it_is_stretched() -> None:
    done, before, during, large, after = _run(f"allow_room(){_WITH_ROOM}")
    assert done
    assert during > before + 18
    if "[never]" not in LARGE_PAGES.read_text("ascii"):
        assert large >= 14, "it was taken in small pages"
    assert after < before + 3


def test_it_would_be_seen_if_it_were_kept() -> None:
    """The twin: the same room, and nothing given back."""
    made = "import ctypes\nfrom intake.web.roomy_heap import _made\n"
    kept = _WITH_ROOM.replace(
        "with room_for_a_while() as done:", "if done := _made(ctypes.CDLL(None)):"
    )
    _, before, _, _, after = _run(made + kept)
    assert after > before + 15


def test_a_process_that_stays_has_no_such_room() -> None:
    done, _, _, large, _ = _run(_WITH_ROOM)
    assert not done
    assert large == 0
