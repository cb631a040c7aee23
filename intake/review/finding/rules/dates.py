"""When something was: what the plain rules leave, words for days and hours, feasts, counted times."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.shapes import (
    MONTH_EN,
    MONTH_RU,
    NUMBER,
    ORDINAL_EN,
    ORDINAL_RU,
    numbers,
)
from intake.review.finding.span import Label

_YEAR_RU: Final = r"(?: (?:(?:19|20)\d\d(?: ?(?:года?у?|г)\b)?|(?:этого|того|прошлого) года))?"
_UNIT_RU: Final = (
    r"(?:секунд\w?|минут\w{0,2}|мин|час(?:а|ов|ам|ами|ах)?|ч|дн(?:я|ей|ям|ями|ях)|день|сут(?:ки|ок|кам|ках)|ноч(?:и|ей|ь)"
    r"|недел(?:и|ь|ю|ям|ях)|месяц(?:а|ев|ам|ах)?|мес|лет|год(?:а|ам|ах)?)"
)
_UNIT_EN: Final = (
    r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|decades?)"
)
_UNIT_CE: Final = r"(?:минот|сахьт|де|дийнахь|дийнан|буьйса|кӏира|бутт|баттахь|шо|шарахь|шеран)"
_PART_RU: Final = r"(?:ночи|утра|дня|вечера|пополудни|пополуночи)"
_HOUR_RU: Final = (
    r"(?:\d{1,2}|час|два|двух|три|трех|четыре|четырех|пят[ьи]|шест[ьи]|сем[ьи]|восем[ь]|восьми|девят[ьи]|десят[ьи]"
    r"|одиннадцат[ьи]|двенадцат[ьи])"
)
_HOUR_OF: Final = r"(?:первого|второго|третьего|четвертого|пятого|шестого|седьмого|восьмого|девятого|десятого|одиннадцатого|двенадцатого)"
_FEASTS_RU: Final = (
    r"(?:ураз[аыеуой]{1,2}|курбан|мархин)[ -]?(?:байрам\w{0,2}|де)|ураз[аыеу]|байрам\w{0,2}|рамад[аз]ан\w{0,2}|рамазан(?:а|е)"
    r"|мавлид\w{0,2}|ид[ -](?:аль-)?(?:фитр|адха)|гӏурба(?:нан)? де|марха(?: дастар| доссор)?|ночь предопределения"
    r"|(?:старый )?нов(?:ый|ого|ому|ым|ом) год(?:а|у|ом)?|рождеств\w{1,2}|пасх[аиуе]|крещени[ея]|масленниц\w"
    r"|день (?:победы|матери|чеченской женщины|народного единства|защитника отечества|конституции|мира|россии)|н[ао]вруз\w{0,2}"
    r"|дн(?:я|ю|ем|е) (?:победы|матери|чеченской женщины)|последн\w{2,3} звон\w{1,3}"
)
_WEEKDAY_RU: Final = r"понедельник\w{0,2}|вторник\w{0,2}|сред[уы]|четверг\w{0,2}|пятниц[аыеу]\w?|суббот[аыеу]\w?|воскресень[еяю]м?"
_RU: Final = (
    Pattern(
        Label.DATETIME,
        "date",
        0.95,
        rf"(?:{ORDINAL_RU})(?: числа)?(?: (?:{MONTH_RU}))(?:{_YEAR_RU})",
        r"(?:\d{1,2}|(?:перв|втор|трет|четверт|пят|шест|седьм|восьм|девят|десят|\w{2,7}надцат|двадцат)\w{2,3})"
        r"(?:-?(?:го|е|ого))? числ[ао]",
        rf"(?:с|со|между|от) (?P<it>\d{{1,2}}(?:-?го)?) (?:по|на|до|и) \d{{1,2}}(?:-?(?:го|е|ое))? (?:{MONTH_RU})",
        rf"(?P<it>\d{{1,2}}) ?(?:-|или|и|,) ?\d{{1,2}} (?:{MONTH_RU})",
        rf"\d{{1,2}} ?- ?\d{{1,2}} (?:{MONTH_RU}){_YEAR_RU}",
        r"(?:19[3-9]|20[0-3])\d(?:[ -]?(?:м|й|го|ом|г|гг|году?|года|годы|годах))?(?: ?- ?(?:19|20)\d\d(?: ?(?:гг|годы|годах))?)?",
        r"\d{2}-?(?:м|ом|й|го) году?а?|(?:\d0|девяност|восьмидесят|нулев|двухтысячн)-?(?:х|е|ых|ые)(?: год(?:ов|ах|ы))?",
        r"(?:две тысячи |тысяча девятьсот )(?:\w{4,12} ){0,2}?\w{4,14}(?:ом|ого|ый) году?а?",
        r"(?:\w{2,7}надцат|двадцат)(?:ый|ом|ого) год[уа]?",
        r"\d{1,2}/\d{1,2}(?:/(?:19|20)?\d\d)?",
    ),
    Pattern(
        Label.DATETIME, "feast", 0.95, _FEASTS_RU, r"(?:8|восьмо[ег]о?) марта|23 февраля|9 мая"
    ),
    Pattern(
        Label.DATETIME,
        "weekday",
        0.9,
        _WEEKDAY_RU,
        r"(?P<it>сред[ауыей]{1,2}) (?:утром|вечером|ночью)|оршот|оршотан|шинара|кхаара|еара|пӏераска\w{0,3}|шот дийнахь|кӏиранде",
    ),
    Pattern(
        Label.DATETIME,
        "season",
        0.75,
        rf"(?:весн(?:а|ы|ой|е|у)|осен(?:ь|и|ью)|зим(?:а|ы|ой|е|у)|летом|лето)(?:{_YEAR_RU})",
        r"(?:в начале|начало|конец|конце|в конце|середине) (?P<it>лета)|бӏаьста|аьхка|гурахь|ӏай",
    ),
    Pattern(
        Label.DATETIME,
        "clock",
        0.95,
        rf"{_HOUR_RU}(?: час(?:а|ов|ам)?| ?ч\.?)?(?: (?:\d{{1,2}}|тридцать|пятнадцать|двадцать|сорок) ?мин\w{{0,3}}\.?)? {_PART_RU}",
        rf"пол[- ]?(?:{_HOUR_OF}|перв\w{{3}}|одиннадцатого)(?: {_PART_RU})?|половин[аеуы] {_HOUR_OF}(?: {_PART_RU})?",
        rf"(?:без (?:\d{{1,2}}|пяти|десяти|четверти|двадцати)(?: минут)?|четверть) (?:{_HOUR_RU}|{_HOUR_OF})",
        r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?![.:/]?\d)(?: ?час\w{0,2})?",
        r"(?:в|к|около|после|до|с|часов) (?P<it>\d{1,2} час(?:а|ов|ам)?|\d{1,2}-00)",
        r"(?:часов|часа|часу) (?:в|до|к) (?P<it>\d{1,2}|двенадцать|десять|пять|шесть|семь|восемь|девять|три|четыре|два)",
        r"полночь|полуноч[иь]|полдень|полдня|полудн[яюе]м?",
        r"(?:(?:после|до|перед|во время|на) )?(?:утренн|вечерн|ночн|обеденн|полуденн|пятничн|праздничн|предвечерн)\w{2,3}"
        r" (?:намаз\w{0,2}|молитв\w{1,2}|азан\w{0,2})",
        r"(?:после|до|перед|во время) (?:намаза|азана|ифтара|сухура|таравиха|джумы|рузбы|рузбана|молитвы|проповеди)",
        r"ифтар\w{0,2}|сухур\w{0,2}|таравих\w{0,2}|рузб[аы]н?\w?",
    ),
    Pattern(
        Label.DATETIME,
        "counted time",
        0.85,
        rf"{NUMBER['ru']} ?{_UNIT_RU}",
        rf"(?:{ORDINAL_RU}) (?:день|дня|дню|сутки|суток|ночь|ночи|неделю|неделе|недел[яи]|месяц|месяца|час|год)",
        r"(?:через|спустя|за|на|почти|около|ровно|больше|с) (?P<it>недел[юи]|месяц|год|полгода|сутки|час|полчаса|день)"
        r"(?! (?:до|назад))(?!\w)",
        r"(?P<it>(?:неделю|месяц|год|полгода|сутки|час|полчаса)) (?:назад|спустя|до|после|подряд)",
        r"полгода|полчаса|полтора (?:года|месяца|часа|суток)|полутора (?:лет|месяцев|часов)|двое суток|трое суток|получаса",
    ),
)
_CE: Final = Pattern(Label.DATETIME, "counted time", 0.85, rf"{numbers('ce')} {_UNIT_CE}")
_WEEKDAY_EN: Final = r"mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?"
_EN: Final = (
    Pattern(
        Label.DATETIME,
        "date",
        0.95,
        rf"(?:(?:{_WEEKDAY_EN}),? )?(?:the )?(?:{ORDINAL_EN}|\d{{1,2}}) (?:of )?(?:{MONTH_EN})(?:,? (?:19|20)\d\d)?",
        rf"(?:early|mid|late)(?: |-)(?:{MONTH_EN}|(?:19|20)\d\d)(?:,? (?:19|20)\d\d)?",
        rf"(?P<it>\d{{1,2}})(?: and| or| to|,| ?-) \d{{1,2}} (?:{MONTH_EN})",
        r"(?:1[89]\d|20[0-3])\d(?:s|[-/]\d\d(?:\d\d)?)?",
        r"\d{1,2}/\d{1,2}/(?:19|20)?\d\d",
        r"(?:the )?(?P<it>(?:eighties|nineties|seventies))",
    ),
    Pattern(
        Label.DATETIME,
        "feast",
        0.95,
        r"ramad[ah]+n|eid(?: al-(?:fitr|adha))?|uraza(?:[- ]bairam)?|(?:kurban|uraza|qurban)[- ]ba[iy]ram|mawlid|christmas(?: eve)?"
        r"|easter|new year(?:'s(?: eve| day)?)?|victory day|women's day|mother's day|newroz|nowruz|thanksgiving|(?:his|her|my) birthday",
    ),
    Pattern(Label.DATETIME, "weekday", 0.95, _WEEKDAY_EN),
    Pattern(
        Label.DATETIME,
        "season",
        0.8,
        r"(?:in|last|this|early|late|the|that|of|since|by|during|mid|until|next|previous) (?P<it>(?:spring|summer|autumn|winter)"
        r"(?: (?:of )?(?:19|20)\d\d)?)",
        r"(?:spring|summer|autumn|fall|winter) (?:of )?(?:19|20)\d\d",
    ),
    Pattern(
        Label.DATETIME,
        "clock",
        0.95,
        r"\d{1,2}(?:[:.]\d\d)? ?(?:a\.?m|p\.?m|h\b|hours\b)",
        r"(?:[01]?\d|2[0-3]):[0-5]\d",
        r"(?:half past |quarter (?:past|to) )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
        r" o'? ?clock(?: in the (?:morning|evening|afternoon)| at night)?",
        r"(?:half past|half|quarter past|quarter to|(?:five|ten|twenty) (?:past|to)) (?:one|two|three|four|five|six|seven|eight|nine|ten"
        r"|eleven|twelve|\d{1,2})",
        r"(?:at|about|around|by|until|before|after|till) (?P<it>(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})"
        r" (?:in the (?:morning|evening|afternoon)|at night))",
        r"midnight|noon|midday",
        r"(?:(?:after|before|during|for|at) (?:the )?)?(?:morning|evening|night|noon|friday|dawn|afternoon|sunset) (?:prayers?|call to prayer)",
        r"(?:after|before|during) (?:the )?(?:prayers?|iftar|suhoor|fajr|isha|maghrib|asr|jumu?ah?)|iftar|suhoor",
    ),
    Pattern(
        Label.DATETIME,
        "counted time",
        0.85,
        rf"{NUMBER['en']}(?:[ -]and[ -]a[ -]half)?[ -]{_UNIT_EN}(?:'s?)?",
        rf"{ORDINAL_EN} (?:day|night|week|month|year)",
        r"day (?:two|three|four|five|six|seven|\d{1,2})",
        r"(?:after|for|within|about|almost|nearly|over|than|in) (?P<it>(?:a|one|half a|half an|an) (?:week|month|year|hour|fortnight))",
        r"(?P<it>(?:a|one|half a|an) (?:week|month|year|hour|fortnight)) (?:later|ago|before|after|earlier)",
        r"(?:one|a)(?: |-)(?:year|month|week|day)(?:'s)? (?:imprisonment|sentence|detention|suspended)",
        r"half an hour|a year and a half|a fortnight",
    ),
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Times by name, number or feast. Dates in digits and months are found by the plain rules."""
    for pattern in _EN if language == "en" else _RU:
        yield from pattern(reading)
    if language == "ce":
        yield from _CE(reading)
