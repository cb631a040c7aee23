"""What is told bit by bit, so that no single word of it looks like a name or a number: letters one by one, and numbers in words.

It may stand for anything; for the last look that is enough.
"""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterator
from typing import Final

from intake.review.finding.rules.spelled import DIGITS, NUMBER_WORDS

_LETTER: Final = r"[^\W\d_](?!\w)"
_LETTERS: Final = re.compile(
    rf"(?<!\w)(?:{_LETTER}(?:\.{_LETTER}){{1,40}}|{_LETTER}(?:[-\u2010\u2011]{_LETTER}){{1,40}}"
    rf"|{_LETTER}(?:\.? {_LETTER}){{3,40}}|{_LETTER}\. {_LETTER}(?=\.)|{_LETTER}-[^\W\d_]{{2,3}}(?!\w))"
)
_WORDS: Final = frozenset("аивксоуяжбчai")  # of one letter; a few of them in a row are no name
_SHORTENED: Final = "те тк тд тп тч нэ ио кг рф гр гв вв сг жд св рр аля eg ie am pm ps us uk"
_ABBREVIATED: Final = frozenset(_SHORTENED.split())
_NUMBER: Final = rf"(?:{NUMBER_WORDS})(?!\w)"
_BETWEEN: Final = r"[ ,.\-\u2013\u2014]{1,3}(?:(?:и|потом|дальше|затем|then|and) )?"
_NUMBERS: Final = re.compile(rf"(?<!\w){_NUMBER}(?:{_BETWEEN}(?:{_NUMBER}|{DIGITS}(?!\w))){{1,30}}")
_HOUSE: Final = re.compile(rf"(?<!\w)\w{{4,20}}(?:ая|ой|ую|ского|ова|ева),? (?P<it>{_NUMBER})")
_NETS: Final = re.compile(
    r"(?<!\w)(?:собак[аиу]|собачк[аиу]|точка (?:ру|ком|нет|орг|net|com|ru|org)|(?:нижнее|нижний) (?:подчеркивание|подчёркивание|тире)"
    r"|dot (?:com|org|net|ru|me)|underscore)(?!\w)"
)


def told(text: str) -> Iterator[tuple[int, int]]:
    """The places of such letters, numbers and signs of addresses in the net, in no order."""
    small = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    for match in _LETTERS.finditer(small):
        letters = re.sub(r"\W", "", match[0])
        if letters not in _ABBREVIATED and not (" " in match[0] and set(letters) <= _WORDS):
            yield match.span()
    for match in _NUMBERS.finditer(small):
        yield match.span()
    for match in _HOUSE.finditer(small):
        yield match.span("it")
    for match in _NETS.finditer(small):
        yield match.span()
