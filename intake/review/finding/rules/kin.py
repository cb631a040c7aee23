"""What tells one family from others: how many, which, and who is left. Bare kin is not found."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.shapes import GAP, NUMBER, numbers
from intake.review.finding.span import Label

BARE: Final = frozenset(
    [
        "нана",
        "нане",
        "нану",
        "наной",
        "наны",
        "дада",
        "баба",
        "ваша",
        "йиша",
        "ден",
        "ненан",
        "доча",
        "дочу",
    ]
)
"""Words of kin, for the most part Chechen, that a list has as names of persons somewhere in the world."""
_KIN_RU: Final = (
    r"(?:сын\w{0,5}|доч(?:ь|ка|ки|ку|ек|кой|ери|ерей|ерьми|ерям)|брат\w{0,4}|сест(?:ра|ры|ру|ре|рой|рам|рами|ер)"
    r"|дет(?:и|ей|ям|ьми)|ребен(?:ок|ка|ку)|ребят|мальчик\w{0,2}|девоч\w{2,4}|внук\w{0,2}|внуч\w{2,3}|племянни\w{1,4}|жен[аыу]?|д[ея]д(?:я|и|ей)|тет[ияь])"
)
_RU: Final = Pattern(
    Label.DEM,
    "family",
    0.9,
    rf"{NUMBER['ru']} (?:(?:родн|маленьк|младш|старш|малолетн|несовершеннолетн|двоюродн|взросл|сводн)\w{{2,3}} )?{_KIN_RU}",
    rf"единственн\w{{2,3}} (?:\w{{4,12}} )?(?:{_KIN_RU}|кормил\w{{2,4}}|мужчин\w)(?: в семье)?",
    rf"(?:сам\w{{2,3}} )?(?:младш|старш|средн|перв|втор|трет|четверт|пят|последн)\w{{2,4}} (?:{_KIN_RU} )?из {NUMBER['ru']}(?: {_KIN_RU})?",
    r"(?:перв|втор|трет|бывш)\w{2,4} (?:жен[аыуео]й?|муж\w{0,2}|супруг\w{0,2})",
    rf"(?:перв|втор|трет|четверт|пят)\w{{2,4}} {_KIN_RU}(?: в семье)",
    r"вдов[аыуео]?й?|вдовец|вдовц\w{1,2}|сирот\w{1,3}|круглый сирота|беременн\w{2,3}|на \w{4,9} месяце|многодетн\w{2,3}"
    r"|мат(?:ь|ери)-одиночк\w|близнец\w{0,3}|двойняш\w{1,3}|двойн[яюией]|разведен\w{0,3}|в разводе|развел(?:ась|ся|ись)",
    r"мачех\w{1,2}|отчим\w{0,2}|приемн\w{2,3} (?:сын\w{0,2}|доч\w{1,3}|отец|мать|родител\w{1,2})|усыновлен\w{1,3}|опекун\w{0,2}",
    r"(?:женат|замужем|не женат|не замужем|холост(?:ой|яка?|)|обручен\w?|помолвлен\w?)",
    r"(?:без отца|без матери|бездетн\w{2,3})",
    r"(?:муж|жена|супруга?|отец|мать|мама|папа|родители|невестка|сноха) (?:(?:рано|давно|недавно|уже) )?(?:умер(?:ла|ли)?|погиб(?:ла|ли)?)",
    r"(?:брат\w{0,3}|сестр\w{1,2}|родн\w{2,3}) по (?:отцу|матери)",
)
_CE: Final = Pattern(
    Label.DEM,
    "family",
    0.85,
    rf"(?:{numbers('ce')}|цхьа) (?:ваша|вежарий|вежарех|йиша|йижарий|кӏант|кӏентий|йоӏ|мехкарий|бер|бераш)",
    r"жеро|жерочун|байлахь|буо|бо бер|доьзалхо(?:йн)?|цхьа бен воцу (?:кӏант|ваша)|хаза йоӏ",
)
_KIN_EN: Final = r"(?:sons?|daughters?|brothers?|sisters?|siblings|child(?:ren)?|kids?|grandchild(?:ren)?|grandsons?|nephews?|nieces?|wives|cousins|boys|girls)"
_EN: Final = Pattern(
    Label.DEM,
    "family",
    0.9,
    rf"{NUMBER['en']}{GAP}(?:(?:small|little|young|younger|older|elder|minor|underage|grown|adult|step|half)[ -])?{_KIN_EN}",
    rf"only {_KIN_EN}",
    rf"(?:the )?(?P<it>(?:youngest|eldest|oldest|middle|second|third|fourth|one|last)(?: {_KIN_EN})? of (?:the |my |our |us )?{NUMBER['en']}(?: {_KIN_EN})?)",
    rf"(?P<it>(?:youngest|eldest|middle|firstborn) {_KIN_EN})",
    r"(?:second|first|third|ex|former)[ -](?:wife|husband)",
    r"widow(?:er|ed|s)?|orphan(?:s|ed)?|pregnant|(?:\w{4,7} months )pregnant|twins?(?: (?:brother|sister))?|divorced|divorcee"
    r"|single (?:mother|father|mum|mom|parent)|step(?:father|mother|son|daughter|brother|sister)s?|half-(?:brother|sister)s?"
    r"|adopted (?:son|daughter|child)|foster (?:son|daughter|child|mother|father)|breadwinner|unmarried|childless",
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Counted, only, youngest of several; widowed, orphaned, twins, with child."""
    yield from (_EN if language == "en" else _RU)(reading)
    if language == "ce":
        yield from _CE(reading)
