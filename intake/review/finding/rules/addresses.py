"""Where a house, a room or a cell is: streets, numbers, and the way there from something known."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.shapes import NUMBER, ORDINAL_EN, ORDINAL_RU
from intake.review.finding.span import Label

_STREET_RU: Final = r"(?:ул\.?|улиц[аыеу]й?|пр-?к?т\.?|просп\.?|проспект[аеу]?|пер\.?|переул(?:ок|ка|ке)|бульвар[аеу]?|б-р|мкр\.?|микрорайон[аеу]?|шоссе|пл\.|площад[ьи]|тупик[аеу]?|квартал[аеу]?|трасс[аыеу])"
_ENTRY_RU: Final = (
    rf"(?:, ?(?:(?:{ORDINAL_RU}|верхн\w{{2,3}}|задн\w{{2,3}}|крайн\w{{2,3}}|син\w{{2,3}}|зелен\w{{2,3}}) )?"
    r"(?:вход|подъезд|этаж|квартир|двор|арк|звонок|домофон|код|калитк|ворот|лестниц|крыльц|двер)\w{0,2}"
    r"(?: (?:(?:со?|из|во?|под|за|у|через) [а-яӏ]{3,12}|слева|справа|налево|направо|\d{1,4}))?)"
)
_SPELLED_RU: Final = (
    r"(?:два|три|четыре|пять|шесть|семь|восемь|девять|десять|\w{2,7}надцать|(?:двадцать|тридцать|сорок|пятьдесят|шестьдесят|семьдесят"
    r"|восемьдесят|девяносто|сто)(?: (?:один|два|три|четыре|пять|шесть|семь|восемь|девять))?)"
)
_NAME_RU: Final = (
    r"(?:(?:им\.?|имени) )?(?:\d{1,3}[- ]?(?:го|я|й|лет)? )?(?:[а-яӏ]\. ?){0,2}[а-яӏ-]{3,22}"
)
_HOUSE_RU: Final = r"(?:,? ?(?:д\.?|дом[ае]?)? ?№? ?\d{1,4}(?: ?[а-я](?!\w))?(?:[/-]\d{1,3})?)"
_REST_RU: Final = r"(?:,? ?(?:корп(?:ус)?\.?|к\.|стр\.?|подъезд\.?|под\.|этаж|кв\.?|квартир[аеуы]|оф\.?|комн?\.?|ком(?:ната|нате)) ?№? ?\d{1,4}[а-я]?)"
_CUT: Final = r"(?:(?<=\.)|(?!\w))"  # a word or its abbreviation is at its end
_MARK_RU: Final = (
    r"мельниц|мечет|водокачк|завод|рынк|рынок|заправк|школ|больниц|кладбищ|вокзал|мост|элеватор|бан|клуб|магазин|совхоз|ферм|карьер|парк|цирк|музе|кафе"
    r"|аптек|автостанци|развалин|башн|родник|зиярат|котельн|част|церк|сельсовет|памятник|стадион|пекарн|тоннел|водохранилищ|плотин|комбинат|мясокомбинат|фабрик"
)
_FORMER_RU: Final = r"комендатур|фильтр|колхоз|контор|пионерлагер|лагер|санатори|общежити|склад|детсад|садик|милици|отдел|роддом|депо|котельн|дк|кинотеатр"
_RU: Final = (
    Pattern(
        Label.LOC,
        "address",
        0.95,
        rf"{_STREET_RU}{_CUT} ?{_NAME_RU}(?: [а-яӏ-]{{4,22}})?{_HOUSE_RU}{_REST_RU}{{0,3}}{_ENTRY_RU}{{0,3}}",
        rf"[а-яӏ-]{{4,22}}(?:ая|ой|ую|ий|ом|ский|ского) {_STREET_RU}{_HOUSE_RU}{_REST_RU}{{0,3}}{_ENTRY_RU}{{0,3}}",
        rf"(?:д\.?|дом[ае]?) ?№? ?\d{{1,4}}[а-я]?(?:[/-]\d{{1,3}})?{_REST_RU}{{0,3}}",
        r"(?:кв\.?|квартир[аеуы]) ?№? ?\d{1,4}|подъезд\w? ?№? ?\d{1,2}",
        rf"(?:дом[ае]?|квартир[аеуы]|кв\.?) (?:номер )?{_SPELLED_RU}(?:,? (?:квартир[аеуы]|кв\.?|подъезд|этаж) {_SPELLED_RU})?",
        rf"[а-яӏ]{{4,20}}(?:ого|его|ая|ой|ую|ом)(?: \d{{1,3}})?{_ENTRY_RU}{{1,3}}",
        rf"[а-яӏ]{{4,20}}(?:ая|ой|ую|ского|ском),? (?:{ORDINAL_RU}) дом\w?",
        rf"(?:{_STREET_RU}{_CUT} ?{_NAME_RU}|[а-яӏ]{{4,20}}(?:ая|ской|ную|ского)|(?:на|с|по) [а-яӏ]{{4,20}}(?:ной|ской)),? (?:(?:дом|д\.|номер) )?{_SPELLED_RU}(?:,? (?:квартир[аеуы]|кв\.?) (?:{_SPELLED_RU}|\d{{1,3}}))?(?! (?:год|лет|дн|сут|час|мин|недел|месяц|тыс|руб|человек|раз))",
        rf"[а-яӏ]{{4,20}}(?:ая|ой|ова|ева|ского|скому?|ина|ную) \d{{1,3}}(?:[а-я](?!\w))?(?:[/-]\d{{1,3}})?(?:,? ?{_REST_RU}|-\d{{1,3}})",
    ),
    Pattern(
        Label.LOC,
        "street",
        0.85,
        rf"{_STREET_RU} (?!была|было|был|где|на|в|и|по|к|с|мы|не|там|я|он|они|за|от|до|у|но|а){_NAME_RU}",
        r"[а-яӏ-]{4,22}(?:ск|н|ов|ев|ин)(?:ая|ой|ую|ий|ом|ого) (?:улиц[аеуы]|проспект\w?|переул\w{2,3}|площад[ьи]|шоссе|трасс\w|бульвар\w?|мкр|микрорайон\w?)",
        rf"(?:{ORDINAL_RU}) (?:микрорайон\w?|мкр|участ(?:ок|ке|ка)|квартал\w?|городок|городке)",
        rf"(?:{ORDINAL_RU}) (?:подъезд\w?|этаж\w?|камер\w|палат\w|барак\w?|кабинет\w?)",
        r"(?:камер[аыеу]|кабинет\w?|палат[аыеу]|барак\w?|корпус\w?|комнат[аыеу]|блок\w?|отряд\w?|бокс\w?|купе|мест[оа]) ?(?:№|номер)? ?\d{1,4}",
        r"\d{1,3}-?(?:й|м|ый) (?:км|километр\w?)(?: трассы)?|трасс[аыеу] [a-zа-я]-?\d{1,3}|(?:м|р|m)-?\d{1,3} \"[а-я]{3,12}\"",
    ),
    Pattern(
        Label.LOC,
        "landmark",
        0.8,
        rf"(?:(?:{ORDINAL_RU}|последн\w{{2,3}}|крайн\w{{2,3}}) )(?:дом\w?|ворот\w{{0,2}}|поворот\w?|калитк\w|подъезд\w?|улиц\w|двор\w?|переул\w{{2,3}})"
        r" (?:от|после|за|слева|справа|направо|налево|по|перед|до|с краю)(?: (?:стар|нов|больш|центральн|бывш|разрушен|сгоревш|заброшен)\w{2,3})?(?: [а-яӏ]{4,20}){1,2}",
        r"(?:за|возле|около|напротив|рядом с|рядом со|позади|перед|недалеко от|между)"
        rf" (?P<it>(?:(?:стар|нов|больш|центральн|бывш|разрушенн|сгоревш|заброшенн|главн|дальн|верхн|нижн|втор|перв|соборн|пожарн|консервн|кирпичн|молочн|центральн|железн|подвесн|каменн)\w{{2,3}} )"
        rf"(?:{_MARK_RU})\w{{0,4}})",
        rf"(?P<it>бывш\w{{2,3}}(?: [а-яӏ-]{{4,20}}(?:ого|его|ой|ей|ом|ем|ый|ий|ая|ое|ую))? (?:{_MARK_RU}|{_FORMER_RU})\w{{0,4}})",
        rf"(?P<it>(?:{_MARK_RU}|поворот|развилк|кольц|перекрест|въезд|выезд|съезд|спуск|обрыв|брод|канал|ручь|водопад|пост|блокпост|остановк|переезд)\w{{0,4}} (?:на|у|через|возле|около|перед|под|над|за) [а-яӏ-]{{4,20}})",
        r"(?:дом|живем|живет|жили|жил|жила)(?: наш| мой| его| ее| их)?(?: стоит| был)?:? (?P<it>(?:крайн|последн|перв|втор|трет)\w{2,3} (?:к|от|у|за|по|на) [а-яӏ-]{4,20})",
        rf"(?P<it>(?:над|под|за|у|возле|около) (?:{_MARK_RU})\w{{0,4}}, где(?: [а-яӏ-]{{2,15}}){{1,3}})",
    ),
)
_STREET_EN: Final = r"(?:street|st\.?|avenue|ave\.?|road|rd\.?|lane|boulevard|blvd|prospekt|prospect|square|highway|alley|drive|ulitsa)"
_ENTRY_EN: Final = (
    rf"(?:, (?:(?:{ORDINAL_EN}|top|ground|back|side|rear|blue|green) )?(?:floor|door|entrance|staircase|bell|yard|arch|basement|gate)s?"
    r"(?: (?:left|right|says [a-z]{3,15}|from the [a-z]{3,12}|\d{1,4}))?)"
)
_SPELLED_EN: Final = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_EN: Final = (
    Pattern(
        Label.LOC,
        "address",
        0.95,
        rf"\d{{1,4}}[a-z]?(?:/\d{{1,3}})?,? (?:[a-z'-]{{3,20}} ){{1,3}}{_STREET_EN}(?:,? (?:flat|apartment|apt\.?|app?t) ?\d{{1,4}})?{_ENTRY_EN}{{0,3}}",
        rf"(?!the |a |on |in |to |my |our |main |this |that |same |next )(?:[a-z'-]{{3,20}} ){{1,2}}{_STREET_EN},? (?:no\.? |number |house )?\d{{1,4}}[a-z]?(?:,? ?(?:flat|apartment|apt\.?) ?\d{{1,4}})?",
        r"(?:flat|apartment|apt\.?|house|entrance|building) (?:no\.? |number )?\d{1,4}[a-z]?(?:,? (?:flat|apartment|apt\.?|floor) ?\d{1,4})?",
        rf"(?:flat|apartment|house|number) {_SPELLED_EN}(?:,? (?:on |in )?{_SPELLED_EN}? ?(?:[a-z'-]{{3,20}} ){{1,2}}{_STREET_EN})?",
        r"p\.?o\.? box \d{1,6}",
    ),
    Pattern(
        Label.LOC,
        "street",
        0.8,
        r"(?:on|in|at|from|along|off|near) (?:the )?(?P<it>(?!the|a|my|our|his|her|their|main|this|that|same|next|every|another|whole|street|dirt|side|back|narrow|one|other|dark)[a-z'-]{3,20} (?:street|avenue|prospekt|lane|boulevard|square|highway))",
        r"(?:cell|room|ward|block|barrack|office|cabinet|wing|plot|parcel) (?:no\.? ?|number )?\d{1,4}[a-z]?(?:/\d{1,3})?",
        rf"(?:{ORDINAL_EN}) (?:floor|microdistrict|quarter)",
    ),
    Pattern(
        Label.LOC,
        "landmark",
        0.8,
        rf"(?:(?:{ORDINAL_EN}|last|next) )(?:gate|house|door|turn|street|building|lane|yard)s? (?:after|past|from|behind|on|to|before|down|beyond|off)(?: the)?(?: (?:old|new|big|central|burnt|ruined|abandoned|former|left|right|main|green|red|white|blue))?(?: [a-z]{{3,15}})(?: (?:station|factory|shop|mosque|bridge|mill|road|market|school))?",
        r"(?:behind|opposite|next to|near|beside|past|across from|between|by) (?:the )(?P<it>(?:old|new|big|central|burnt|ruined|abandoned|former|main|great|disused)(?: [a-z]{3,12})? (?:mill|mosque|factory|plant|market|petrol station|school|hospital|cemetery|station|bridge|elevator|bathhouse|club|shop|farm|quarry|park|circus|museum|water tower|tower|spring|barracks|cinema|stadium|depot))",
        rf"{NUMBER['en']} (?:houses|doors|streets|gates) (?:from|after|past|down|before|away from) (?:the )?[a-z]{{3,15}}(?: [a-z]{{3,12}})?",
    ),
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Addresses from street to flat, and directions from what stands there."""
    for pattern in _EN if language == "en" else _RU:
        yield from pattern(reading)
