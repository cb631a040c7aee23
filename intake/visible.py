"""Text of strangers made visible: no character of it moves a cursor or turns the line around.

It says nothing of what may be shown, and to whom.
"""

import re
import unicodedata
from collections.abc import Iterator

OPEN, CLOSE = "\u27e8", "\u27e9"  # the brackets of an escape, as in ⟨U+202E⟩
_ESCAPE = re.compile(rf"{OPEN}U\+([0-9A-F]{{4,6}}){CLOSE}")
_MARKS = 3  # combining marks on one letter; more of them climb over other lines

# Drawn as nothing, though their category says letter or mark (DerivedCoreProperties.txt,
# Default_Ignorable_Code_Point, less those of category Cf, which are all escaped anyway).
_INVISIBLE = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2065, 0x2065),
        (0x2800, 0x2800),  # a braille cell without dots
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xFFF0, 0xFFF8),
        (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
)
_SHOWN = frozenset({"L", "M", "N", "P", "S"})


def escape(character: str) -> str:
    """One code point as ⟨U+202E⟩."""
    return f"{OPEN}U+{ord(character):04X}{CLOSE}"


def seen(character: str) -> bool:
    """Whether a code point is drawn, stays in its place, and is not the bracket of an escape.

    The spaces of category Zs are; TAB, LF and the line and paragraph separators are not.
    """
    category = unicodedata.category(character)
    if character == OPEN or character in _INVISIBLE:
        return False
    return category == "Zs" or category[0] in _SHOWN


def cells(text: str) -> Iterator[str]:
    """Each code point of `text` as it is shown: itself, or its escape. LF is escaped too."""
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        yield character if seen(character) and marks <= _MARKS else escape(character)


def line(text: str) -> str:
    """`text` in one line, for names, reasons and everything that is not a field."""
    return "".join(cells(text))


def safe(text: str) -> str:
    """`text` with its LFs kept. Two texts are never shown alike unless they are equal."""
    return "\n".join(map(line, text.split("\n")))


def unsafe(text: str) -> str:
    """What `safe` was given; its exact inverse."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
