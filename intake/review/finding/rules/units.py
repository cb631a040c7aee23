"""Forces, departments and institutions that have a name, a number, or an abbreviation that is one."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.shapes import ORDINAL_EN, ORDINAL_RU
from intake.review.finding.span import Label

_FORCE_RU: Final = (
    r"(?:(?:у|гу)?фсб|(?:г|р|м|мо|о|у)?увд|ровд|говд|овд|ом ?вд|омвд|мвд|собр(?:а|у|ом|е)?|омон(?:а|у|ом|е|овц\w{1,3})?|рубоп|убоп|орб|орч|фсин|уфсин"
    r"|сизо|ивс|сво|фсо|гру|росгварди\w|вохр|ппсп?|дпс|гибдд|гаи|цпэ|цбп|уэб|убэп|угро|уголовн\w{2,3} розыск\w?|следственн\w{2,3} комитет\w?"
    r"|прокуратур\w{1,2}|военкомат\w?|вв мвд|су ск|скр|днд|мчс|роо?оп|опоп|пдн|пом|сбп|фмс|уфмс|овир|кадыровц\w{1,3})"
)
_ADJ_RU: Final = r"[а-яӏ]{2,20}(?:ск|цк)(?:ий|ого|ому|им|ом|ой|ая|ую|ое)"
_AREA_RU: Final = r"(?: (?:по|г|гор|города?|района?|по городу|по г)\.? ?(?:чр|чеченск\w{2,3} республик\w|рф|россии|[а-яӏ-]{3,25}(?:ск\w{2,3}(?: район\w{0,2})?)?))?"
_NUMBER_RU: Final = r"(?:[ -]?№? ?\d{1,5})"
_HEAD_RU: Final = (
    r"(?:школ[аыеу]|лице[йяею]м?|гимнази[яиюе]|колледж\w{0,2}|училищ\w{1,2}|техникум\w{0,2}|больниц[аыеу]|поликлиник[аиеу]|госпитал\w{1,2}"
    r"|роддом\w{0,2}|колони[яиюе]|ик|интернат\w?|детск\w{2,3} сад\w{0,2}|детсад\w{0,2}|садик\w?|част(?:ь|и)|в/ч|войсков\w{2,3} част\w"
    r"|пост\w?|блокпост\w{0,2}|отдел(?:е|а|ение|ении|ения)?(?: полиции)?|опорн\w{2,3} пункт\w?|магазин\w?|завод\w?|шахт\w|база|буров\w{2,3})"
)
_BODY_RU: Final = r"(?:полк\w{0,2}|рот[аыеу]й?|батальон\w{0,2}|взвод\w{0,2}|бригад[аыеу]|дивизи[яиюе]|отряд\w{0,2}|отдел\w{0,4}|управлени[еяю]|школ[аыеу])"
_RU: Final = Pattern(
    Label.ORG,
    "unit",
    0.95,
    rf"(?:{_ADJ_RU} ){{0,2}}{_FORCE_RU}(?:-\d{{1,2}}| ?№ ?\d{{1,2}})?{_AREA_RU}",
    rf"(?:{ORDINAL_RU}) (?:\w{{4,20}} )?{_BODY_RU}(?: (?:ппс|ппсп|омон|собр|особого назначения|спецназа|полиции))?",
    rf"{_HEAD_RU}{_NUMBER_RU}",
    rf"(?:{ORDINAL_RU}) (?:городск\w{{2,3}} |детск\w{{2,3}} )?(?:школ\w|больниц\w|гимнази\w|поликлиник\w|роддом\w{{0,2}})",
    rf"(?:{_ADJ_RU} ){{1,3}}(?:областн\w{{2,3}} |районн\w{{2,3}} |городск\w{{2,3}} |верховн\w{{2,3}} |государственн\w{{2,3}} |медицинск\w{{2,3}} )?"
    r"(?:суд\w{0,2}|университет\w{0,2}|институт\w{0,2}|медколледж\w?|колледж\w{0,2}|военкомат\w?|рынок|рынк\w|мечет\w|прокуратур\w|больниц\w|колони\w"
    r"|полици\w|ведомств\w{1,2}|министерств\w{1,2}(?: (?:иностранных|внутренних) дел)?|посольств\w{1,2}|консульств\w{1,2}|академи\w|театр\w{0,2}|музе\w{1,2}|муфтият\w{0,2}|епархи\w"
    r"|отделени\w{1,2}|управлени\w{1,2}|администраци\w{1,2}|роддом\w{0,2}|филармони\w|ансамбл\w{1,2})",
    r"(?:верховн|конституционн|арбитражн)\w{2,3} суд\w{0,2}(?: (?:чр|рф|чечни|россии))?|министерств\w (?:внутренних дел|иностранных дел|юстиции|обороны|здравоохранения|образования|\w{5,15})",
    r"(?:полк\w?|батальон\w?|рот\w|отряд\w?|школ\w|мечет\w|колледж\w?) (?:имени|им\.?) (?:[а-я]\. ?){0,2}[а-яӏ-]{3,20}(?: [а-яӏ-]{4,20}(?:ова?|ева?|ина?))?",
    r"(?:полк\w?|батальон\w{0,2}|спецбатальон\w?|отряд\w{0,2}|группировк\w{1,2}) \"?(?P<it>север|юг|восток|запад|терек|ахмат|беркут|барс|рысь|витязь|альфа|вымпел)\"?",
    r"чгу|ггни|гнту|чгпу|нии|грозэнерго|грознефтегаз|роснефт\w|газпром\w?|сбербанк\w?|мегафон\w?|билайн\w?|мемориал\w?|лгбт-сет\w|красн\w{2,3} крест\w?",
)
_NAMED_RU: Final = Pattern(
    Label.ORG,
    "named",
    0.8,
    r"(?:кафе|магазин\w{0,2}|ресторан\w{0,2}|гостиниц\w{1,2}|отел\w{1,2}|клуб\w{0,2}|салон\w{0,2}|фирм\w{1,2}|компани\w{1,2}|ооо|тц|аптек\w{1,2}|организаци\w{1,2}"
    r"|газет\w{1,2}|канал\w{0,2}|заправк\w{1,2}|азс|такси|банк\w{0,2}|завод\w{0,2}|санатори\w{1,2}|рынок|рынке|рынка|автосервис\w{0,2}) ?\"(?P<it>[^\"\n]{2,40})\"",
)
_EN: Final = Pattern(
    Label.ORG,
    "unit",
    0.95,
    r"(?:(?!the|from|by|and|with|for|some|were|was|are|into|then|that|local|his|their)[a-z]{3,20} )?(?:omon|sobr|rovd|govd|uvd|ovd|mvd|fsb|fsin|gru|gibdd|sizo(?:[- ]?\d{1,2})?|rosgvardia|kadyrovtsy|nkvd|kgb|sbu|pkk|orb-?\d?)",
    r"(?:school|hospital|colony|prison|unit|police station|station|clinic|kindergarten|lyceum|department|factory|post|checkpoint) (?:no\.? ?|number |№ ?)?\d{1,5}",
    rf"{ORDINAL_EN} (?:\w{{4,14}} )?(?:regiment|company|battalion|platoon|brigade|division|department|school|hospital)",
    r"(?P<it>[a-z]{3,20}) (?:battalion|regiment)",
)
_CAPITAL: Final = r"[A-ZÀ-Þ][\wÀ-ÿ'’&.-]{1,24}"
_HEADS_EN: Final = (
    r"(?:Court|Tribunal|Ministry|University|College|Institute|Academy|Hospital|Prison|Regiment|Battalion|Party|Committee|Commission|Council|Board|Bank"
    r"|Association|Agency|Department|Office|Company|Ltd|Corporation|Union|Union|Foundation|Society|Church|Mosque|School|Service|Authority|Directorate|Police"
    r"|Inspectorate|Bureau|Assembly|Parliament|Chamber|Prosecutor|Clinic|Centre|Center|Army|Command|Headquarters|Federation|Group)"
)
_GENERAL: Final = re.compile(
    r"(?:The )?(?:Third|Fourth|First|Second|Fifth|Grand|European|Rules|Mr|Mrs|Ms|Head|Section|Government|Code"
    r"|Criminal|Civil|Supreme Court$|Constitutional Court$|High Court$|Court of Appeal$|Council$|Human) "
)
_CAPITALS_EN: Final = re.compile(
    rf"(?<!\w)(?:{_CAPITAL} (?:of (?:the )?|and |for (?:the )?|de |du )?){{1,5}}{_HEADS_EN}(?: (?:No\.? ?)?\d{{1,3}})?(?: (?:of|for|in)(?: the)? {_CAPITAL}(?: (?:and )?{_CAPITAL}){{0,3}})?(?!\w)"
    rf"|(?<!\w){_HEADS_EN} (?:of|for)(?: the)? {_CAPITAL}(?: (?:and )?{_CAPITAL}){{0,3}}(?!\w)"
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Forces by their letters, and the rest only beside a name or a number."""
    if language == "en":
        yield from _EN(reading)
        for match in _CAPITALS_EN.finditer(reading.typed):
            if _GENERAL.match(match[0]):
                continue
            yield Find(*match.span(), Label.ORG, "institution", 0.5)
        return
    yield from _RU(reading)
    yield from _NAMED_RU(reading)
