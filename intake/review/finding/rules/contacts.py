"""By what a person can be reached: numbers of telephones, addresses in the net, names in messengers."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules import plain
from intake.review.finding.rules.checksums import confidence
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.span import Label

_MESSENGERS: Final = (
    r"телеграм\w{0,3}|телег[аеу]|тг|ватсап\w?|вотсап\w?|вацап\w?|вайбер\w?|инстаграм\w{0,2}|инст[аеуы]"
    r"|вконтакте|вк|скайп\w?|фейсбук\w?|сигнал\w?|ник(?:нейм)?|логин|аккаунт\w?|профил[ьея]"
    r"|telegram|whatsapp|viber|instagram|insta|skype|facebook|signal|hornet|grindr|nick(?:name)?"
    r"|user(?:name)?|login|account|profile|handle"
)
_HANDLES: Final = Pattern(
    Label.CODE,
    "handle",
    0.9,
    rf"(?<!\w)(?:{_MESSENGERS})[ \n]{{0,2}}[:=-][ \n]{{0,2}}@?(?P<it>[a-z][\w.]{{3,40}})",
    rf"(?<!\w)(?:{_MESSENGERS})(?: (?:is|was|as|был|под ником|по нику|мой|his|my))? "
    r"(?P<it>(?=[a-z_.]{0,40}[\d_])[a-z][\w.]{3,40})",
)
_NICKS: Final = Pattern(
    Label.CODE,
    "handle",
    0.7,
    r"(?:ник(?:нейм)?|логин)(?: (?:был|у меня|у него|у нее|мой|его|ее|там|такой|там был))?(?: -|:)? \"?"
    r"(?P<it>(?!(?:у|не|и|в|на|был|был[аио]|мой|его|ее|там|такой|я|он|она|поменял[аи]?|сменил[аи]?|удалил[аи]?|с|а|но|что|которы\w{1,2}|забыл[аи]?)(?!\w))[а-яa-z][\w.]{2,30})",
)
_LABELS: Final = {"contact": Label.CODE, "number": Label.CODE, "date": Label.DATETIME}
_LEADING: Final = re.compile(
    r"(?:in|on|since|until|till|by|of|this|before|after|during|last|в|с|до|после|к)\s+"
)
_PHONE_MOST: Final = 40  # characters that the parser of telephone numbers is given
_REGION: Final = "RU"


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Whatever the plain rules find, surer where it checks, and names after a messenger's."""
    del language  # a number is one in any
    for found in plain.found(reading.text):
        start, end = found.start, found.end
        typed = reading.text[start:end]
        if found.rule.reason == "date":
            leading = _LEADING.match(typed)
            start += leading.end() if leading else 0
        sure = _is_phone(typed) if found.rule.name == "phone" else confidence(typed)
        yield Find(start, end, _LABELS[found.rule.reason], found.rule.name, sure)
    yield from _HANDLES(reading)
    yield from _NICKS(reading)


def _is_phone(typed: str) -> float:
    """How sure it is that digits are a telephone number: most where it is a possible one somewhere."""
    import phonenumbers  # late: its metadata takes a while

    try:
        number = phonenumbers.parse(typed[:_PHONE_MOST], _REGION)
    except phonenumbers.NumberParseException:
        return 0.8
    return 0.99 if phonenumbers.is_possible_number(number) else 0.9
