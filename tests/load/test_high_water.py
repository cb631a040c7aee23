"""The most memory that a program had: its own, and not of whoever started it."""

import subprocess
import sys

from benchmarks.high_water import forget, most

_MEBIBYTE = 1 << 20
CHILD = """
from benchmarks.high_water import forget, most
before = most()
held = b"x" * (64 << 20)
after = most()
del held
forget()
print(before // 1024, after // 1024, most() // 1024)
"""


def test_what_is_started_is_not_credited_with_its_starter() -> None:
    held = b"x" * (256 * _MEBIBYTE)
    assert most() > 256 * 1024
    done = subprocess.run([sys.executable, "-c", CHILD], check=True, capture_output=True, text=True)
    before, after, forgotten = map(int, done.stdout.split())
    assert len(held) == 256 * _MEBIBYTE
    assert before < 64
    assert before + 60 < after < before + 80
    assert forgotten < before + 16


def test_what_is_gone_has_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(30)
    assert most(process.pid) == 0


def test_to_forget_is_to_count_anew() -> None:
    held = b"x" * (64 * _MEBIBYTE)
    before = most()
    assert len(held) == 64 * _MEBIBYTE
    del held
    forget()
    assert most() < before - 48 * 1024
