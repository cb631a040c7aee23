"""Numbers that lead to one person, one thing or one file: documents, cases, plates, coordinates."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.span import Label

_PLATE: Final = "[авекмнорстухabekmhopctyx]"
_FINDS: Final = (
    Pattern(
        Label.CODE,
        "plate",
        0.95,
        rf"{_PLATE} ?\d{{3}} ?{_PLATE}{{2}}(?: ?/? ?\d{{2,3}}(?: ?rus)?)?",
        rf"{_PLATE}{{2}} ?\d{{3}} ?\d{{2,3}} ?(?:rus)?",
        r"\d{3},? (?:и )?регион\w{0,2} ?\d{2,3}",
        r"(?:номер\w{0,2}|plates?|number plate)(?: машины)?:? (?P<it>\w{0,2} ?\d{3} ?\w{1,3}(?: ?\d{2,3})?)",
    ),
    Pattern(
        Label.CODE,
        "document",
        0.95,
        r"серия:? (?P<it>\d{2} ?\d{2},? (?:(?:№|номер|n)\.? ?)?\d{6})",
        r"(?:паспорт\w{0,2}|загран\w{0,8}|passports?|снилс|инн|полис\w?|военник\w?|удостоверени\w{1,2}"
        r"|жетон\w?|badge|свидетельств\w{1,2}|visa|виз[аы]|imei|id card|id|ид|карт[аыуе]|card|сч[её]т\w?"
        r"|account|договор\w?|протокол\w?|ордер\w?|вагон\w?)(?: (?:no|nr|номер\w?|number|серии|№)\.?)?"
        r"[:,]? ?№? ?(?P<it>[a-zа-я]{0,3}[- ]?\d[\d -]{1,24}\d)",
        r"\*{1,4} ?(?P<it>\d{4})",
        r"[a-z]{2}\d{2}(?: ?[\da-z]{4}){3,7}(?: ?[\da-z]{1,3})?",
    ),
    Pattern(
        Label.CODE,
        "case",
        0.9,
        r"(?:№|n°|nos?\.|nr\.?|номер\w{0,2}|дел[оаеу]|(?:case|application|file) no\.?) ?:?№? ?"
        r"(?P<it>[a-zа-я]{0,3}-?\d{1,9}(?:[/\\-][\dа-яa-z]{1,8}){1,5})",
        r"(?P<it>\d{3,6}/\d{2})",
        r"(?:дел[оаеу]|case|file|жалоб\w{1,2}|заявлени\w{1,2}|талон\w?|куcп|кусп)(?: no\.?)? ?№? ?(?P<it>\d{2,12})",
    ),
    Pattern(
        Label.CODE,
        "coordinates",
        0.95,
        r"-?\d{1,2}[.,]\d{3,9}°? ?[nсs]?[ ,;/]{1,3}-?\d{1,3}[.,]\d{3,9}°?(?: ?[eвw])?",
        r"\d{1,2}° ?\d{1,2}(?:[.,]\d{1,5})?['′]? ?(?:\d{1,2}(?:[.,]\d{1,5})?[\"″])? ?[nсs]?[ ,]{1,3}"
        r"\d{1,3}° ?\d{1,2}(?:[.,]\d{1,5})?['′]? ?(?:\d{1,2}(?:[.,]\d{1,5})?[\"″])?(?: ?[eвw])?",
        r"(?:широт|долгот|lat|lon|lng|latitude|longitude)\w{0,2}:? (?P<it>-?\d{1,3}[.,]\d{2,9})",
    ),
    Pattern(
        Label.CODE,
        "journey",
        0.85,
        r"(?:поезд\w{0,2}|рейс\w{0,2}|маршрут\w{0,2}|автобус\w{0,2}|train|flight|bus)"
        r"(?: (?:no|number|номер)\.?)? ?№? ?(?P<it>[a-zа-я0-9]{0,2}[ -]?\d{2,4}[а-яa-z]?)",
        r"(?:su|dp|s7|u6|ut|5n|fz|tk|lh|fr) ?-?\d{3,4}",
    ),
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Numbers after a word that says what they are, or in a shape that nothing else has."""
    del language  # a number is one in any
    for pattern in _FINDS:
        yield from pattern(reading)
