"""How old somebody is, and when they were born."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.shapes import NUMBER
from intake.review.finding.span import Label

_WHOSE: Final = (
    r"(?:мне|ему|ей|брату|сестре|сыну|дочери|дочке|мужу|жене|отцу|матери|маме|другу|парню|старшему|младшему"
    r"|старшей|младшей|возраст\w{0,2}|самому|самой)"
)
_RU: Final = Pattern(
    Label.DEM,
    "age",
    0.95,
    rf"{_WHOSE}(?: (?:было|уже|тогда|сейчас|только|всего|лет|исполнилось|около|почти|где-то|тоже)){{0,3}}"
    r" (?P<it>\d{1,2}(?: ?(?:лет|год[а]?))?)(?! ?(?:тыс|руб|раз|дн|час|мин|месяц|недел|[%$€]))(?![.:/]?\d)",
    rf"{_WHOSE}(?: (?:было|уже|тогда|сейчас|только|всего|лет|исполнилось)){{0,3}}"
    rf" (?P<it>{NUMBER['ru']}(?: (?:лет|год[а]?))?)(?! (?:тыс|руб|раз|дн|час|мин|месяц|недел|сказ|звон))",
    r"лет (?:\d{1,2}|двадцати|тридцати|сорока|пятидесяти|шестидесяти|семидесяти|восемнадцати|пятнадцати)"
    r"(?:[ -](?:пяти|двух|трех|\d{1,2}))?",
    r"\d{1,2}[ -]?(?:ти|и|х|ми)?[ -]?летн\w{2,3}",
    r"(?:восемнадцати|девятнадцати|двадцати|тридцати|сорока|пятидесяти|шести|семи|пятнадцати|шестнадцати"
    r"|семнадцати|четырнадцати|двенадцати|десяти)(?:одно|двух|трех|четырех|пяти|шести|семи|восьми|девяти)?летн\w{2,3}",
    r"(?:под|за|около|старше|младше|до) (?P<it>тридцат\w{1,2}|сорока?|пят[ьи]десят|шест[ьи]десят|восемнадцати)",
    r"(?P<it>(?:19|20)\d\d(?: ?(?:года?|г))?)\.? ?(?:рождения|р\b|г\.р|рожд)",
    r"(?P<it>\d{2}(?:-го)? ?(?:года?|г))\.? ?(?:рождения|р\b)",
    r"(?P<it>(?:19|20)\d\d г)\.?р",
    r"в свои (?P<it>\d{1,2})",
    r"совершеннолетн\w{2,3}|несовершеннолетн\w{2,3}|пенсионер\w{0,3}",
)
_EN: Final = Pattern(
    Label.DEM,
    "age",
    0.95,
    rf"{NUMBER['en']}[ -]years?[ -]old(?:s)?",
    rf"{NUMBER['en']}[ -]years? of age",
    r"\d{1,2} ?(?:y/?o|yrs? old)",
    rf"(?:aged?|age of|aged about|turned|turning)(?: (?:about|around|between|only))?:? (?P<it>{NUMBER['en']})",
    r"(?:i am|i'm|im|he is|she is|he's|she's|he was|she was|i was|was only|was just|is only)"
    r" (?:only |just |about |then |now |already )?(?P<it>\d{2})(?! ?(?:years|days|hours|minutes|km|metres|when \d))(?!\w)(?![.,:/]\d)",
    r"in (?:his|her|my|their) (?:early |mid-?|late )?(?P<it>twenties|thirties|forties|fifties|sixties|seventies|teens)",
    r"teenagers?|minors?|underage|pensioners?",
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Ages in numbers and words. How long something took is a matter of `dates`."""
    yield from (_EN if language == "en" else _RU)(reading)
