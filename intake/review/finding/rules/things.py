"""Cars and phones that somebody would know again, what the body shows, and how many there were."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from typing import Final

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.shapes import NUMBER, numbers
from intake.review.finding.span import Label

_COLOUR_RU: Final = r"(?:(?:темно|светло)-)?(?:бел|черн|сер|серебрист|красн|син|зелен|желт|бежев|коричнев|вишнев|голуб|бордов|золотист|белоснежн|грязн|тонированн|бронированн|стар|нов)\w{2,3}"
_MAKE_RU: Final = (
    r"(?:лад[аыуе]|приор[аыуе]й?|ларгус\w?|ваз|нив[аыуе]|шевроле|камри|тойот[аыуе]|ленд ?крузер\w?|лэндкрузер\w?|крузак\w?|прадо|хайлюкс\w?"
    r"|мерседес\w{0,2}|мерс\w?|гелик\w?|гелендваген\w?|бмв|бэх[аиу]|ауди|лексус\w?|порше|кайен\w?|рендж ?ровер\w?|ленд ?ровер\w?|уаз\w{0,2}|уазик\w{0,2}|буханк[аиуе]"
    r"|газел[ьией]{1,2}|камаз\w{0,2}|зил\w?|бтр\w?|хонд[аыуе]|ниссан\w?|мазд[аыуе]|хендай|хундай|хёндэ|хендэ|солярис\w?|опел[ья]|фольксваген\w?"
    r"|рено|логан\w?|дастер\w?|пежо|форд\w?|субару|мицубиси|паджеро|инфинити|кадиллак\w?|жигул\w{1,3}|москвич\w?|форестер\w?|прадик\w{0,2}|скани[яюией]{1,2}|вольво|фредлайнер\w?|икарус\w?|спринтер\w?|шкод[аыуе]|октави[яюией]{1,2}|хавал\w?|джили|чери|лачетти|некси[яюией]{1,2}|матиз\w?|дэу|соболь|соболе|крет[аыуе]|пассат\w?|кашкай\w?|кразе?|трактор\w? беларус\w?)"
)
_MAKE_TOO: Final = r"(?:газ|урал\w?|ок[аиуе]|акцент\w?|рио|поло|фокус\w?|семерк[аиуе]|девятк[аиуе]|десятк[аиуе]|пятнашк[аиуе]|четырк[аиуе]|копейк[аиуе]|патриот\w?|волг[аиуе]|грант[аыуе]|вест[аыуе]|калин[аыуе]|киа)"
_CAR_EN: Final = (
    r"(?:lada|priora|granta|vesta|niva|vaz|toyota|camry|land ?cruiser|prado|hilux|mercedes(?:-benz)?|g-wagen|gelandewagen|bmw|audi|lexus|porsche|cayenne|range rover|land rover|uaz|gazelle?|gaz"
    r"|volga|ural|kamaz|honda|nissan|mazda|hyundai|solaris|kia|opel|volkswagen|renault|peugeot|ford|subaru|mitsubishi|pajero|infiniti|cadillac|chevrolet|zhiguli|skoda|volvo|fiat)"
)
_COLOUR_EN: Final = r"(?:(?:dark|light)[ -])?(?:white|black|gr[ea]y|silver|red|blue|green|yellow|beige|brown|tinted|armoured|armored|old|new|burgundy|golden)"
_PHONE: Final = r"(?:айфон\w{0,2}|iphone|самсунг\w?|samsung|галакси|galaxy|редми|redmi|ксиаоми|xiaomi|сяоми|нокиа|nokia|хуавей|huawei|хонор|honor|сони|sony|htc|леново|lenovo|zte|мейзу|meizu|асус|asus|моторола|motorola|поко|poco|реалми|рилми|realme|техно|tecno|инфиникс|infinix|филипс|philips|алкатель|alcatel|ванплас|oneplus|виво|vivo|оппо|oppo|пиксель|pixel|дексп|dexp|кнопочн\w{2,3} (?:телефон\w?|нокиа))"
_PART_RU: Final = (
    r"(?:рук[аиу]|ног[аиу]|пал(?:ец|ьца|ьцы|ьцев)|ребр[ао]|ребер|нос[а]?|челюст[ьи]|зуб[аы]?|зубов|ключиц[аыу]|череп[а]?|позвоночник[а]?|почк[аиу]|почек|кист[ьи]|плеч[оаи]|бедр[оа]|голен[ьи]|стоп[аыу]|колен[оаи]"
    r"|глаз[а]?|ух[оа]|уш[иа]|барабанн\w{2,3} перепонк\w{1,2}|перепонк[аиу]|лиц[оае]|бров[ьи]ю?|лб[уа]|щек[еиу]|ше[еи]|спин[еыа]|подбородк\w|губ[еаы]|живот[ае]|печен[ьи]|селезенк\w|мозга|запясть\w{1,2}|локт\w{1,2}|таза?|лопатк\w|предплечь\w|лодыжк\w|пятк\w|фаланг\w{0,2}|висо?к\w?|затыл\w{2,3}|легк(?:их|ие|ое)|сустав\w{0,2}|мениск\w?|связк\w|сухожили\w|язык\w?|желудк\w?|мочк\w{1,2}|ладон\w{1,2}|ступн\w{1,2}|ногт\w{1,2}|ногот\w{1,2}|мизин\w{2,3}|грудин\w|аппендикс\w?)"
)
_PLACE_RU: Final = rf"(?: (?:на|над|под|через|возле|у|в|вдоль|от))?(?: (?:лев|прав|верхн|нижн|передн|обе|весь|всю|мо)\w{{1,3}})?(?: {NUMBER['ru']})? {_PART_RU}"
_RU: Final = (
    Pattern(
        Label.MISC,
        "car",
        0.9,
        rf"(?:{_COLOUR_RU} ){{0,2}}{_MAKE_RU}(?:[ -](?:приор|грант|вест|камри|прадо|рио|поло|солярис|крузер|калин|2\d{{3}}|\d{{1,4}}|x[3-6]|х[3-6]|[a-z]\d{{1,3}})\w{{0,2}}){{0,2}}",
        r"(?:(?:бел|черн|сер|серебрист|красн|син|зелен|желт|бежев|тонированн)\w{2,3} )(?:тонированн\w{2,3} )?(?:иномарк[аиуе]|джип\w{0,2}|внедорожник\w{0,2}|микроавтобус\w{0,2}|минивэн\w?|седан\w?|автозак\w?|легковушк\w)",
        rf"{_COLOUR_RU} {_MAKE_TOO}|{_MAKE_TOO}[ -]\d{{1,4}}|(?:лада|ваз|kia|киа|тонированн\w{{2,3}}) {_MAKE_TOO}",
        rf"{_CAR_EN}(?: [a-z]?\d{{1,4}}| [a-z]{{3,8}})?",
    ),
    Pattern(
        Label.MISC,
        "phone model",
        0.85,
        rf"{_PHONE}(?: (?:s|x|j|a|m|p|c|t|м|р|п|с|т|note|нот|спарк|spark|hot)?[ -]?\d{{1,3}}[a-zа-я]?(?: ?(?:плюс|про|pro|plus|s|max|макс|mini))?)?",
    ),
    Pattern(
        Label.MISC,
        "body",
        0.9,
        rf"(?:(?:открыт|закрыт|двойн|сложн)\w{{2,3}} )?(?:перелом|трещин|вывих|ушиб|разрыв|надрыв|ожог|скол|отек|гематом|опухол|шрам|рубец|рубц|порез|прокол|растяжени)\w{{0,3}}{_PLACE_RU}(?: и {_PART_RU})?",
        rf"(?:сломан|перебит|выбит|отбит|вывихнут|пробит|отрезан|ампутирован|порван|отрублен|прострелен|раздроблен|выколот|обожжен)\w{{0,3}}(?: {NUMBER['ru']})?(?: (?:лев|прав|верхн|нижн|передн|обе)\w{{1,3}})?(?: \w{{5,9}})? {_PART_RU}",
        rf"(?:сломал|перебил|выбил|отбил|вывихнул|пробил|отрезал|порвал|выдрал)(?:и|а)?(?: (?:мне|ему|ей|брату|там))?(?P<it>(?: {NUMBER['ru']})?(?: (?:лев|прав|верхн|нижн|передн|обе)\w{{1,3}})? {_PART_RU})",
        rf"{_PART_RU} (?:был[аио]? )?(?:сломан|перебит|выбит|отбит|вывихнут|пробит|порван|раздроблен)\w{{0,3}}",
        rf"(?:не|плохо) (?:сгиба|разгиба|закрыва|открыва|двига|видит|слыш|чувству|работа|шевел|гн)\w{{0,4}}(?: (?:лев|прав|обе|одно|одн|сам)\w{{1,3}})? {_PART_RU}",
        rf"(?:(?:лев|прав|одн|обе)\w{{1,3}} )?{_PART_RU} (?:не (?:сгиба|разгиба|закрыва|открыва|двига|видит|слыш|чувству|работа|шевел|гн)\w{{0,4}}|отня\w{{2,4}}|висит)",
        r"сотрясени\w{1,2}(?: мозга)?|(?:шрам|рубец|рубц)\w{0,3}|родим\w{2,3} пятн\w{1,2}|родинк\w{1,2}(?: (?:на|над|под) \w{3,10})?|(?:наколк|татуировк|тату)\w{0,3}(?: (?:на|в виде) \w{3,12}(?: \w{4,10})?)?",
        r"(?:оглох|ослеп|охром|онемел|парализова|контуз)\w{0,5}(?: на (?:одно|лев|прав|оба)\w{0,3}(?: (?:ух|глаз|ног|рук|уш)\w{1,2})?)?|хрома(?:ю|ет|л|ла|ть)|прихрамыва\w{1,3}|заика(?:юсь|ется|лся|лась|ться|ние)",
        r"инвалид\w{0,6}(?: (?:перв|втор|трет|1|2|3)-?\w{0,3} групп\w{1,2}| с детства)?|диабет\w{0,3}|эпилепси\w{1,2}|эпилептик\w?|астм\w{1,3}|вич(?:-инфицированн\w{2,3})?|спид\w?|туберкул[её]з\w{0,2}|гепатит\w{0,2}(?: [cсвb])?|рак (?:\w{4,10})"
        r"|порок\w? сердца|инфаркт\w{0,2}|инсульт\w{0,2}|шизофрени\w{1,2}|протез\w{0,2}|слухов\w{2,3} аппарат\w?|онкологи\w{1,2}|псориаз\w?|ампутаци\w{1,2}|глухонем\w{2,3}|слеп(?:ой|ая|ого) на \w{4,6} глаз|дцп|аллерги\w \w{2} \w{3,12}",
        r"рыж(?:ий|ая|ие|его|ей|ую|им)(?: (?:бород|волос)\w{1,3})?|(?:огнестрельн|ножев|осколочн)\w{2,3} ранени\w{1,2}|(?:левша|альбинос|косоглаз\w{2,4}|седой бород\w{1,2}|одноглаз\w{2,3}|однорук\w{2,3}|заячь\w{1,2} губ\w{1,2}|шепеляв\w{2,4}|картав\w{2,4}|сутул\w{2,4}|веснуш\w{2,4}|золот\w{2,3} зуб\w{0,3})",
    ),
    Pattern(
        Label.QUANTITY,
        "count",
        0.85,
        rf"{NUMBER['ru']} (?:(?:вооруженн|молод|незнаком|взросл|пьян|остальн|друг|других|таких|мо)\w{{1,3}} )?(?:человек\w?|чел|мужчин\w{{0,2}}|мужик\w{{0,2}}|парн(?:я|ей|ям)|женщин\w?|девуш\w{{2,3}}|ребят|солдат\w?|полицейск\w{{2}}|военн\w{{2}}|боевик\w{{1,2}}"
        r"|задержанн\w{2}|заключенн\w{2}|пленн\w{2}|охранник\w{1,2}|силовик\w{1,2}|друз(?:ей|ья)|знаком\w{2}|сотрудник\w{1,2}|сосед\w{1,2}|омоновц\w{1,2}|родственник\w{1,2}|люд(?:ей|и|ям)|жертв\w?|таких|гостей|учеников|арестованн\w{2}|геев|семей|семьи|машин\w?|автомобил\w{1,2}|камер\w?)",
        rf"(?:нас|их|всех|вас)(?: (?:там|всего|уже|тогда|примерно|около|где-то|в камере|в подвале)){{0,2}}(?: (?:было|стало|осталось|сидело|держали))?(?: (?:там|всего|уже|примерно|около|где-то)){{0,2}} (?P<it>{NUMBER['ru']})",
        r"(?:вдвоем|втроем|вчетвером|впятером|вшестером|всемером|в?восьмером|вдевятером|вдесятером)",
        r"(?:двое|трое|четверо|пятеро|шестеро|семеро|восьмеро|двоих|троих|четверых|пятерых|шестерых|семерых|двоим|троим)",
        rf"{NUMBER['ru']} ?(?:километр\w{{0,2}}|км|метр\w{{0,2}}|м|кг|килограмм\w?|кило|литр\w{{0,2}}|сантиметр\w{{0,2}}|см|гектар\w?|соток|шагов|этаж\w{{0,2}}|вольт|ступен\w{{2}})",
    ),
)
_CE: Final = Pattern(
    Label.QUANTITY, "count", 0.85, rf"{numbers('ce')} (?:стаг|адам|нах|зуда|эпсар)"
)
_PART_EN: Final = r"(?:arms?|legs?|fingers?|toes?|ribs?|nose|jaw|tooth|teeth|collarbone|skull|spine|kidneys?|wrists?|shoulders?|hips?|knees?|ankles?|eyes?|ears?|eardrums?|face|cheek|chin|neck|eyebrow|forehead|lips?|hands?|foot|feet|head|back|chest|spleen|liver|kneecap|elbow|thigh|temple)"
_EN: Final = (
    Pattern(
        Label.MISC,
        "car",
        0.9,
        rf"(?:{_COLOUR_EN} ){{0,2}}{_CAR_EN}(?: (?:priora|granta|vesta|camry|land cruiser|prado|rio|polo|solaris|niva|\d{{1,4}}|x[3-6]|[a-z]\d{{1,3}}))?",
        r"(?:white|black|gr[ea]y|silver|red|blue|green|tinted|dark) (?:minibus|van|jeep|suv|saloon|sedan|pickup|off-roader)",
    ),
    Pattern(
        Label.MISC,
        "phone model",
        0.85,
        rf"{_PHONE}(?: (?:s|x|j|a|note )?\d{{1,2}}[a-z]?(?: (?:plus|pro|s|max|mini))?)?",
    ),
    Pattern(
        Label.MISC,
        "body",
        0.9,
        rf"(?:(?:{NUMBER['en']}|several) )?(?:broken|fractured|cracked|dislocated|amputated|missing|crushed|perforated|ruptured|burst|burnt|knocked-out|false|gold|prosthetic)(?: (?:left|right|lower|upper|front))? {_PART_EN}(?: joints?)?",
        rf"(?:broke|fractured|cracked|dislocated|knocked out|crushed|ruptured|lost)(?: (?:my|his|her|our|their))? (?P<it>(?:{NUMBER['en']} )?(?:of (?:my|his|her) )?(?:(?:left|right|lower|upper|front) )?{_PART_EN})",
        rf"(?:scars?|burns?|fractures?|tattoos?|birthmark|mole|loss of (?:sight|vision|hearing)|stitches)(?: (?:on|over|under|above|across|of|in|behind|below)(?: (?:the|my|his|her|both))?(?: (?:left|right|lower|upper))? {_PART_EN})?",
        r"concussion|deaf(?: in (?:one|my|his|her|the) (?:left |right )?ears?)?|blind(?: in (?:one|my|his|her|the) (?:left |right )?eyes?)?|limps?|limping|stutters?|stammers?|paralysed|paralyzed|wheelchair",
        r"disabled|disability|diabet(?:es|ic)|epilep(?:sy|tic)|asthma(?:tic)?|hiv(?:[- ]positive)?|aids|tuberculosis|hepatitis(?: [bc])?|cancer|schizophrenia|stroke|heart attack|prosthe(?:sis|tic|ses)|hearing aid|(?:gunshot|stab|shrapnel) wounds?|red-?haired|ginger(?: hair| beard)?|left-handed",
    ),
    Pattern(
        Label.QUANTITY,
        "count",
        0.85,
        rf"{NUMBER['en']} (?:(?:other|armed|masked|more|young|unknown|uniformed|police|military|of us|of them)[ ]?){{0,2}}(?:people|persons?|men|women|guys|boys|girls|soldiers|policemen|officers|guards|detainees|prisoners|inmates|friends|neighbours|neighbors|relatives|militants|fighters|captives|cars|vehicles|witnesses|families|hearings|occasions|colleagues|villagers|gendarmes)",
        rf"{NUMBER['en']} of (?:us|them)",
        rf"there were (?:about |around |already |only )?(?P<it>{NUMBER['en']})(?: of (?:us|them))?",
        rf"{NUMBER['en']} ?(?:kilomet(?:re|er)s?|kms?|met(?:re|er)s?|miles?|kgs?|kilos?|kilograms?|lit(?:re|er)s?|cm|centimet(?:re|er)s?|hectares?|acres?|grams?|tonnes?|pages|steps|floors|sq\.? ?m)",
    ),
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """What is described by make, colour, harm or number."""
    for pattern in _EN if language == "en" else _RU:
        yield from pattern(reading)
    if language == "ce":
        yield from _CE(reading)
