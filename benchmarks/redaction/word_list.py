"""Cuts SCOWL down to the ordinary words of English: `python -m benchmarks.redaction.word_list FOLDER`.

FOLDER holds SCOWL's lists, as Debian's package `scowl` puts them into /usr/share/dict/scowl. Names stand
there in lists of their own (proper-names, upper), which are not read.
"""

import sys
import zlib
from pathlib import Path
from typing import Final

from benchmarks.redaction.models import FOLDER
from intake.review.finding.english import WORDS

_STEPS: Final = ((10, 20, 35), (40, 50, 55, 60), (70,))
_SPELLINGS: Final = ("english", "american", "british")


def packed(folder: Path) -> bytes:
    """Three blocks of words, each word once, in order."""
    known: set[str] = set()
    blocks: list[str] = []
    for sizes in _STEPS:
        words = {
            word for size in sizes for name in _SPELLINGS for word in _words(folder, name, size)
        }
        blocks.append("\n".join(sorted(words - known)))
        known |= words
    return zlib.compress("\n\n".join(blocks).encode("ascii"), 9)


def _words(folder: Path, spelling: str, size: int) -> set[str]:
    path = folder / f"{spelling}-words.{size}"
    if not path.exists():  # not every spelling has every size
        return set()
    rows = path.read_text(encoding="latin-1").split()
    return {row for row in rows if row.isascii() and row.isalpha() and row.islower()}


if __name__ == "__main__":
    (FOLDER / WORDS).write_bytes(packed(Path(sys.argv[1])))
