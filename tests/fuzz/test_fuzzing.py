"""A coverage-guided fuzzer looks for what no parser should do, and is seen to find it."""

import platform
import re
import resource
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from tests.fuzz.planted import MAGIC
from tests.fuzz.table import BY_NAME

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or sys.version_info >= (3, 14),
    reason="atheris has packages for Linux on x86-64 and Python 3.11 to 3.13 alone",
)

ROOT = Path(__file__).parents[2]
SECONDS = 15
LONG = 600
FOUND_WITHIN = 60  # seconds of a processor; half of it is for what comes before the first input


def fuzz(folder: Path, seconds: int, *more: str) -> tuple[int, str]:
    """Fuzz in a process of its own: its exit code, and what it said."""
    command = (sys.executable, "-m", "tests.fuzz.target", *more, str(seconds), str(folder))
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=False, timeout=seconds + 120
    )
    return done.returncode, done.stderr.decode(errors="replace")


def found_in(said: str) -> tuple[str, bytes]:
    """The parser and the input of a fault."""
    match = re.search(r"^PARSER (.+)\nINPUT ([A-Za-z0-9+/=]*)$", said, re.MULTILINE)
    assert match is not None, said[-4000:]
    return match[1], b64decode(match[2])


def check_clean(folder: Path, seconds: int) -> None:
    """Fuzz, and show the fault where there is one, so that it can be tried again at once."""
    code, said = fuzz(folder, seconds)
    shown = "\n".join(line for line in said.splitlines() if not line.startswith(("#", "INFO")))
    assert code == 0, shown[-6000:]
    runs = re.search(r"^stat::number_of_executed_units: ([0-9]+)$", said, re.MULTILINE)
    covered = [int(points) for points in re.findall(r" cov: ([0-9]+)", said)]
    assert runs is not None
    assert int(runs[1]) > 100 * len(BY_NAME)  # a 25th of what a quiet machine does
    assert covered[-1] > covered[0]  # it found more than its seeds show


def test_a_quarter_of_a_minute_of_fuzzing_finds_nothing(tmp_path: Path) -> None:
    check_clean(tmp_path, SECONDS)


@pytest.mark.long
def test_ten_minutes_of_fuzzing_find_nothing(tmp_path: Path) -> None:
    check_clean(tmp_path, LONG)


def test_a_fault_behind_two_bytes_is_found_and_named(tmp_path: Path) -> None:
    """With the same means, among a fifth of the other parsers, and then it ends.

    In a time of a processor of its own, which a busy machine takes longer to give.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code, said = fuzz(tmp_path, LONG, "--planted")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert code != 0
    name, data = found_in(said)
    assert name == "planted"
    assert data[14:16] == MAGIC
    assert "KeyError: 'planted'" in said
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < FOUND_WITHIN
