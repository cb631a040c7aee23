"""Sums of money."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.shapes import NUMBER
from intake.review.finding.span import Label

_TIMES_RU: Final = r"(?: ?(?:тыс|тыщ|млн|лям|миллион|тысяч|к|т)\w{0,3}\.?)?"
_COIN_RU: Final = r"(?:руб(?:л\w{1,3})?\b\.?|р\b\.?|тр\b|т\.р\b|₽|долл(?:ар\w{0,3})?|бакс\w{0,3}|евро|\$|€|тенге|лир\w{0,2}|грив\w{1,4})"
_COIN_EN: Final = (
    r"(?:ro?ubles?|rub|dollars?|usd|euros?|eur|pounds?(?: sterling)?|gbp|liras?|(?:new )?turkish liras?|try|trl"
    r"|z[lł]ot(?:y|ys|ych)|pln|kron(?:or|er|e|a)|sek|nok|dkk|marks?|dem|schillings?|ats|francs?|frf|chf|bucks|tenge|k)"
)
_RU: Final = Pattern(
    Label.QUANTITY,
    "money",
    0.95,
    rf"{NUMBER['ru']}{_TIMES_RU} ?{_COIN_RU}",
    rf"[$€₽] ?{NUMBER['ru']}{_TIMES_RU}",
    r"\d{1,4} ?(?:к|тр|тыс\.?|тыщ|тысяч\w?|млн\.?|лям\w?|миллион\w{0,2})",
    r"(?:полмиллиона|миллион|пол ?ляма|лям|сотку)(?: \w{4,6})?",
)
_EN: Final = Pattern(
    Label.QUANTITY,
    "money",
    0.95,
    rf"{NUMBER['en']}(?: ?(?:thousand|million|billion|k|m))? ?{_COIN_EN}(?: ?\([a-z]{{2,4}}\))?",
    r"(?:eur|usd|gbp|trl|try|ytl|pln|sek|nok|dkk|ats|dem|chf|frf|rub|uah|itl|esp|czk|huf|skk|bgn|ron|rol|fim|iep)"
    rf" ?{NUMBER['en']}",
    r"\d{1,4} ?k",
    r"\d{1,3}(?:\.\d{1,2})? ?per cent",
)
_SIGN: Final = re.compile(
    r"[$€£₽] ?\d{1,3}(?:[ ,.]?\d{3}){0,3}(?!\d)|(?<!\w)\d{1,3}(?:[.,]\d{1,2})? ?%"
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """An amount beside a coin, or in thousands."""
    yield from (_EN if language == "en" else _RU)(reading)
    for match in _SIGN.finditer(reading.text):
        yield Find(*match.span(), Label.QUANTITY, "money", 0.95)
