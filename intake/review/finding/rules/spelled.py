"""Numbers and addresses in the net that are told in words, as by ear or to slip past a search: `plus seven, zero`, `anna at post dot com`."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.span import Label

_RU: Final = (
    r"ноль|ноля|нуль|нуля|нулей|нулик\w{0,2}|один|одна|одно|два|две|три|четыре|пять|шесть|семь|восемь|девять|десять"
    r"|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцать|(?:два|три)дцать|сорок|(?:пять|шесть|семь|восемь)десят"
    r"|девяносто|сто|двести|триста|четыреста|(?:пять|шесть|семь|восемь|девять)сот"
)
_EN: Final = (
    r"zero|zeros|zeroes|oh|nought|double|triple|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir"
    r"|four|fif|six|seven|eigh|nine)teen|twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety|hundred"
)
DIGITS: Final = r"\+?\d{1,4}"
NUMBER_WORDS: Final = rf"{_RU}|{_EN}"
_APART: Final = r"[ ,.\n-]{1,3}"
_RUN: Final = re.compile(
    rf"(?<!\w)(?:(?:плюс|plus){_APART})?(?:{_RU}|{_EN}|{DIGITS})(?:{_APART}(?:{_RU}|{_EN}|{DIGITS})(?!\w)){{2,24}}(?!\w)"
)
_COUNTED: Final = re.compile(
    r"[ \n](?:тысяч|миллион|год|лет|рубл|thousand|million|years|roubles|rubles)"
)
_LETTER: Final = "[авекмнорстухabekmhopctyx]"  # of a Russian plate
_NOUGHT: Final = re.compile(r"(?:ноль|нол|нул|zero|oh\b|nought|double|triple|плюс|plus)")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONG: Final = 5  # words in a row that are a number of something even without a nought
_NETS: Final = Pattern(
    Label.CODE,
    "spelled",
    0.9,
    r"\w[\w.-]{0,40} ?(?:@|\(at\)|\[at\]) ?[\w-]{1,30} ?(?:\.|\(dot\)|\[dot\]|dot|точка) ?[a-zа-я]{2,12}",
    r"\w[\w.-]{0,40} (?:at|собака|собачка|эт) (?!the |a |my |his |her |our |their |this |that |one )[\w-]{1,30} (?:dot|точка) [a-zа-я]{2,12}",
    r"\w[\w.-]{0,40}(?: (?:ноль|zero|\d{1,4})){0,4} (?:собака|собачка|эт|at) (?:г?мейл|г?майл|g?mail|джимейл|gmail|яндекс|yandex|ya|рамблер|rambler|бк|инбокс|inbox|лист|протон\w{0,4}|proton\w{0,4}|outlook|аутлук|icloud|айклауд)"
    r"(?: ?(?:\.|точка|dot))?(?: ?(?:ру|ru|ком|com|net|нет|ми|me))?",
    r"\w[\w.]{0,40} (?:underscore|(?:нижнее|нижний) (?:подчеркивание|пробел|тире)) [\w.]{1,40}(?: (?:ноль|zero|\d{1,4})){0,4}",
)
_LETTERS: Final = Pattern(
    Label.PERSON,
    "spelled",
    0.7,
    r"[^\W\d_](?:(?: ?- ?|\. )[^\W\d_](?!\w)){3,30}",
    r"[^\W\d_](?: [^\W\d_](?!\w)){4,30}",
)
_PLATES: Final = Pattern(
    Label.CODE,
    "plate",
    0.85,
    rf"{_LETTER} (?:\d{{3}}|(?:(?:{_RU}|{_EN}) ){{2}}(?:{_RU}|{_EN})|(?:три|three) (?:нуля|zeros?)) {_LETTER}{{1,2}}(?: {_LETTER})?"
    rf"(?: (?:{_RU}|{_EN}|\d{{1,3}})){{1,3}}",
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Runs of number words that count nothing, and the others, in either language."""
    del language
    for run in _RUN.finditer(reading.text):
        words = _WORD.findall(run[0])
        if not words or _COUNTED.match(reading.text, run.end()):
            continue
        noughts = len(_NOUGHT.findall(run[0]))
        if (noughts and len(run[0].split()) > 2) or len(words) >= _LONG:
            yield Find(run.start(), run.end(), Label.CODE, "spelled", 0.9)
    yield from _NETS(reading)
    yield from _PLATES(reading)
    yield from _LETTERS(reading)
