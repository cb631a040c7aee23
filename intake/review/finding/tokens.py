"""Cuts a text into words and signs, and those into sentences, in time that grows with the text alone.

Offsets are code points of the text as it was given. Nothing here knows a language.
"""

# ruff: noqa: RUF001 - Cyrillic abbreviations are meant to be Cyrillic

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST_SENTENCE: Final = (
    120  # tokens; a longer one is cut, so that no text costs more than its length
)
_TOKEN: Final = re.compile(r"\w[\w\u0300-\u036f\u0483-\u0487]*|[^\w\s]")
_ENDS: Final = frozenset(".!?…")
_SHORT: Final = (
    "mr mrs ms dr prof st sgt lt col gen capt maj rev hon no nos art arts vs v etc fr jr sr "
    "op cf г гг ул пр просп пер пос с д дер обл р н им т тов гр гражд стр кв корп к ок см "
    "ст ч п тел м др проф акад св мл ген полк подп кап лейт серж ряд о a"
)
_ABBREVIATED: Final = frozenset(_SHORT.split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, or one sign: code points `start` to `end` of the text.

    `first` says that a sentence or a line begins with it; what opens a sentence, as a quotation
    mark, hands that on to the next.
    """

    text: str
    start: int
    end: int
    first: bool


def sentences(text: str) -> Iterator[list[Token]]:
    """The tokens of `text`, sentence by sentence; a line is at least one sentence."""
    found: list[Token] = []
    last = 0
    fresh = True
    for match in _TOKEN.finditer(text):
        word = match[0]
        broken = "\n" in text[last : match.start()]
        if found and (
            broken or len(found) >= LONGEST_SENTENCE or _ended(found, text, match.start())
        ):
            fresh = broken or len(found) < LONGEST_SENTENCE or _ended(found, text, match.start())
            yield found
            found = []
        found.append(Token(word, match.start(), match.end(), fresh))
        last = match.end()
        fresh = fresh and not word[0].isalnum()
    if found:
        yield found


def _ended(found: list[Token], text: str, at: int) -> bool:
    """Whether what was read ends a sentence and what comes at `at` begins one."""
    last = found[-1]
    if last.text not in _ENDS or last.end == at:
        return False
    if last.text != "." or len(found) == 1:
        return True
    before = found[-2]
    if before.end == last.start and (len(before.text) == 1 or before.text.lower() in _ABBREVIATED):
        # An initial or an abbreviation; at the end of a line only the line ends it.
        return before.text.isdecimal() and text[at].isupper()
    return True
