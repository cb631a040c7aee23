"""Streaming: a file of any size is sealed and opened in a few MiB."""

import subprocess
import sys
from pathlib import Path

MEASURE = """
import re, sys
from pathlib import Path
from intake.age import ArmorReader, ArmorWriter, HybridIdentity, decrypt, encrypt, open_file
from intake.age import seal_file

def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1])

folder = Path(sys.argv[1])
identity = HybridIdentity.generate()

def round_trip(mib):
    plain, sealed, opened = (folder / name for name in ("plain", "sealed", "opened"))
    with plain.open("wb") as out:
        for number in range(mib):
            out.write(bytes([number]) * (1 << 20))
    seal_file(plain, sealed, [identity.recipient])
    open_file(sealed, opened, [identity])
    with plain.open("rb") as one, opened.open("rb") as two:
        while piece := one.read(1 << 20):
            assert two.read(1 << 20) == piece
        assert two.read() == b""

def armored_round_trip(mib):
    plain, text, opened = (folder / name for name in ("plain", "text", "opened"))
    with plain.open("wb") as out:
        for number in range(mib):
            out.write(bytes([number]) * (1 << 20))
    with plain.open("rb") as source, text.open("wb") as sink, ArmorWriter(sink) as writer:
        encrypt(source, writer, [identity.recipient])
    with text.open("rb") as source, opened.open("wb") as sink:
        decrypt(ArmorReader(source), sink, [identity])
    assert opened.stat().st_size == plain.stat().st_size

round_trip(1)
armored_round_trip(1)
before = peak()
round_trip(64)
armored_round_trip(16)
print(peak() - before)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A file of 64 MiB, and 16 MiB as armor, takes less than 8 MiB more than one of 1 MiB."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert int(run.stdout) < 8 * 1024  # kB
