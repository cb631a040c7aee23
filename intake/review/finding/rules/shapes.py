"""Number words and what else several rules are made of, over folded text.

Every repetition is bounded, and none stands in another, so that no text makes a rule slow.
"""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from typing import Final

GAP: Final = r"[ \n-]{1,2}"
_ONE_RU: Final = (
    r"(?:дв(?:а|е|ух|ум|умя|ое|оих|оим)|тр(?:и|ех|ем|емя|ое|оих|оим)|четыр(?:е|ех|ем|ьмя)"
    r"|(?:четв|пят|шест|сем|восьм)ер(?:о|ых|ым)|(?:пят|шест|сем|восем|восьм|девят|десят)(?:ь|и|ью)"
    r"|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцат(?:ь|и|ью)|(?:два|три)дцат(?:ь|и|ью)"
    r"|сорока?|(?:пят|шест|сем|восем)[ьи]десят[и]?|девяност[оа]|ст[оа]|двести|двухсот|трист[аи]"
    r"|трехсот|четырест[аи]|(?:пят|шест|сем|восем|девят)ьсот|полтор[аы]|полутора|тысяч\w{0,2}"
    r"|полмиллиона|миллион\w{0,2})"
)
_ONE_EN: Final = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety|hundred"
    r"|thousand|million|dozen)"
)
_DIGITS: Final = r"\d{1,3}(?:[ .,]\d{3}){1,4}(?!\d)|\d{1,12}(?:[.,]\d{1,2}(?!\d))?"
_ONES_CE: Final = (
    r"(?:ши|шиъ|кхо|кхоъ|деа|диъ|пхи|пхиъ|ялх|ворхӏ|бархӏ|исс|итт|цхьайтта|шийтта|кхойтта|дейтта"
    r"|пхийтта|ялхитта|вуьрхӏитта|берхӏитта|ткъа|ткъе|бӏе|эзар)"
)
NUMBER: Final = {
    "ru": rf"(?:{_DIGITS}|{_ONE_RU}(?:[ -]{_ONE_RU}){{0,5}})",
    "en": rf"(?:{_DIGITS}|(?:(?:a|one) )?{_ONE_EN}(?:(?:[ -]|-? ?and ){_ONE_EN}){{0,5}})",
    "ce": rf"(?:{_ONES_CE}(?: {_ONES_CE}){{0,3}})",
}
"""A count above one, in digits or words."""

ORDINAL_RU: Final = (
    r"(?:перв|втор|четверт|пят|шест|седьм|восьм|девят|десят|\w{2,7}надцат|двадцат|тридцат|сороков)"
    r"(?:ый|ой|ая|ое|ого|ому|ым|ом|ую|ых)|трет(?:ий|ья|ье|ьего|ьему|ьим|ьем|ьей|ью|ьих)"
    r"|(?:двадцать|тридцать) (?:перв|втор|трет|четверт|пят|шест|седьм|восьм|девят)\w{2,4}"
    r"|\d{1,3}-?(?:й|го|ый|ой|ая|ом|му|м|ое|ую|я|е|х)"
)
ORDINAL_EN: Final = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|twentieth|twenty-\w{3,7}|\d{1,3}(?:st|nd|rd|th))"
)
MONTH_RU: Final = r"(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяюе]\w?|(?:март|август)[аеу]?|ма[йяею]"
MONTH_EN: Final = (
    r"january|february|march|april|may|june|july|august|september|october|november|december"
)


def numbers(language: str) -> str:
    """A count above one in the languages that a text of `language` may have."""
    ways = {"ru": ("ru",), "en": ("en",), "ce": ("ru", "ce")}[language]
    return f"(?:{'|'.join(NUMBER[way] for way in ways)})"
