"""From a document to a PDF: PDF/A-2a and PDF/UA-1, tagged, one family of fonts, the same bytes anywhere.

The typesetter runs in a process of its own with little memory, little time and no folder to read;
it is handed the text as data and gives back the file.
"""

import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, cast

from intake import visible
from intake.errors import IntakeError, MalformedError
from intake.review.outputs.document import Document

TIME_LIMIT: Final = 120  # seconds of one file
MEMORY: Final = 4 << 30  # bytes of address space; a report of 2 million characters needs a quarter
PROCESSOR: Final = 240  # seconds, of all threads together
FAMILY: Final = "DejaVu Sans"
FACES: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_RIGHT_TO_LEFT: Final = ((0x0590, 0x08FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF), (0x10800, 0x10FFF))


class TypesettingError(IntakeError):
    """The typesetter gave no file: too long, too large, or a fault of its own."""


def pdf(document: Document) -> bytes:
    """The file; raises `TypesettingError` where there is none within its limits."""
    wire = json.dumps(drawable(document), ensure_ascii=True).encode()
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-I", "-m", "intake.review.outputs.typesetter"),
                *(str(MEMORY), str(PROCESSOR)),
            ],
            input=wire,
            capture_output=True,
            timeout=TIME_LIMIT,
            env={"PATH": os.defpath, "HOME": "/nonexistent"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TypesettingError(
            f"the typesetter took over {TIME_LIMIT} seconds", "make two files of fewer cases"
        ) from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        # What it says may quote the text: it is not passed on.
        raise TypesettingError("the typesetter gave no file", "make two files of fewer cases")
    return done.stdout


def drawable(document: Document) -> object:
    """What the typesetter gets, each letter that its font cannot draw in order as ⟨U+05D0⟩."""
    return _drawable(document.to_json())


def on_paper(text: str) -> str:
    """A text as the font can draw it: other alphabets, and those from right to left, as escapes.

    So are accents that stand beside their letter and not in it: a reader would copy the letter twice.
    """
    return unicodedata.normalize("NFC", text).translate(_ESCAPES)


class _Escapes(dict[int, str]):
    """What each code point is drawn as, looked up once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = character == "\n" or _drawn(character)
        self[code] = character if plain else visible.escape(character)
        return self[code]


_ESCAPES: Final = _Escapes()


def _drawable(value: object, key: str = "") -> object:
    match value:
        case str():
            # A drawing is markup that `pictures` made of words that were drawable before.
            return value if key == "svg" else on_paper(value)
        case list():
            return [_drawable(one) for one in cast("list[object]", value)]
        case dict():
            named = cast("dict[str, object]", value).items()
            return {name: _drawable(one, name) for name, one in named}
        case int():
            return value
        case _:
            raise MalformedError("a document holds something that cannot be drawn")


def _drawn(character: str) -> bool:
    code = ord(character)
    if unicodedata.category(character)[0] == "M":
        return False
    return code in covered() and not any(first <= code <= last for first, last in _RIGHT_TO_LEFT)


@cache
def covered() -> frozenset[int]:
    """The code points that every face of the font has."""
    leave_home_alone()
    from matplotlib.ft2font import FT2Font

    faces = [set(FT2Font(str(fonts() / face)).get_charmap()) for face in FACES]
    return frozenset(set[int].intersection(*faces))


@cache
def leave_home_alone() -> "tempfile.TemporaryDirectory[str]":
    """A folder for what the plotting library keeps: else it writes to the home when it is imported.

    It is gone when the program ends; called before each import of the library.
    """
    folder = tempfile.TemporaryDirectory(prefix="intake-plot-")
    os.environ["MPLCONFIGDIR"] = folder.name
    return folder


@cache
def fonts() -> Path:
    """The folder of the fonts, which come with the plotting library's own package."""
    # Found without importing it: an import writes a list of this machine's fonts to the home.
    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise TypesettingError(
            "matplotlib is not installed", "install testimony-intake with the extra [review]"
        )
    return Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
