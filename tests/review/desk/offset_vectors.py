"""Where in a text each drawn place lies: `python -m tests.review.desk.offset_vectors` writes the file.

Both the desk's pages and its script are compared with it.
"""

import json
from pathlib import Path
from typing import Final

from intake.review.desk.reading import pieces_of

FILE: Final = Path(__file__).parents[2] / "vectors" / "offsets.json"
TEXTS: Final = (
    "Заур из Ачхой-Мартана",
    "a😀б😀😀в",
    "и\u0301о\u0301",
    "\u0301начало",
    "а\u202eб\u200bв",
    "\u202e",
    "x\u27e8U+202E\u27e9y",
    "👨\u200d👩\u200d👧 семья",
    "e" + "\u0301" * 6 + "z",
    "х1ара тоже, «Уезжай-ка» он",
    "",
    "\U000e0041😀\t.",
)


def units(text: str) -> int:
    """The length of a text as a browser counts it."""
    return len(text.encode("utf-16-le")) // 2


def vector(text: str) -> dict[str, object]:
    """A text, how it is drawn, and rows [piece, code unit in it, code point of the text]."""
    pieces = list(pieces_of(text))
    points: list[list[int]] = []
    at = 0
    for number, piece in enumerate(pieces):
        drawn = [piece.text] if piece.escape else list(piece.text)
        unit = 0
        for cell in drawn:
            points.append([number, unit, at])
            unit += units(cell)
            at += 1
        points.append([number, unit, at])
    return {"text": text, "pieces": [[p.text, p.escape] for p in pieces], "points": points}


def content() -> str:
    """The file."""
    return json.dumps([vector(text) for text in TEXTS], indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(content(), encoding="ascii")
