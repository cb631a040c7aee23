"""What somebody is: rank, post and job; teip and vird; people, faith and orientation."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from functools import cache
from typing import Final

from intake.review.finding.lexicons.lexicon import Lexicon
from intake.review.finding.morphology import forms
from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Pattern, Words
from intake.review.finding.span import Label

_RANKS_RU: Final = "рядовой ефрейтор сержант старшина прапорщик мичман лейтенант капитан майор подполковник полковник генерал атаман"
_JOBS_RU: Final = (
    "автослесарь автомеханик адвокат агроном акушерка актер актриса аптекарь архитектор бармен барменша библиотекарь бизнесмен борец боксер"
    " бухгалтер бурильщик ветеринар вахтер воспитатель воспитательница гинеколог грузчик дальнобойщик дизайнер директор доярка журналист журналистка"
    " заведующий заведующая завуч инженер имам инструктор кадий каменщик кассир кассирша кондитер кондуктор косметолог крановщик кладовщик"
    " маляр маникюрша массажист массажистка медбрат медсестра менеджер механик механизатор модель модистка муфтий мулла музыкант мэр нефтяник няня"
    " официант официантка оператор парикмахер парикмахерша пастух пекарь певец певица переводчик переводчица пилот плотник повар повариха портниха"
    " портной почтальон правозащитник правозащитница предприниматель преподаватель преподавательница программист продавец продавщица прораб психолог"
    " режиссер ремонтник риелтор санитар санитарка сапожник сварщик сантехник секретарша слесарь социолог спортсмен стилист стоматолог строитель"
    " студент студентка таксист танцор танцовщица телеведущая тракторист тренер уборщица учитель учительница учительствовать фармацевт фельдшер"
    " фермер фотограф хирург хореограф художник художница чабан чиновник чиновница швея шофер электрик электромонтер электромеханик юрист экономист"
    " депутат контрактник призывник срочник десантник спецназовец пограничник пожарный спасатель школьник школьница аспирант стюардесса"
    " терапевт педиатр кардиолог травматолог реаниматолог логопед флорист блогер блогерша визажист курьер логист маркетолог штукатур плиточник"
    " монтажник моторист комбайнер овчар мясник рыбак пасечник кузнец ювелир часовщик"
    " геодезист физик химик математик географ историк биолог филолог репетитор настройщик лаборант лаборантка доцент профессор ректор проректор декан"
    " методист кровельщик шиномонтажник барабанщик скрипач гармонист бариста хостес портье консьерж садовник лесник егерь пчеловод повитуха"
    " судмедэксперт патологоанатом рентгенолог анестезиолог окулист офтальмолог невролог невропатолог уролог нарколог ортопед протезист бригадир"
    " газовик буровик геолог топограф нотариус дорожник экскаваторщик бульдозерист бетонщик арматурщик отделочник столяр токарь фрезеровщик"
    " кочегар истопник дворник сторожиха завхоз кастелянша прачка посудомойка кухарка буфетчица кассирша товаровед закройщик закройщица вязальщица"
    " ковровщица гончар резчик камнерез краснодеревщик радиомеханик телемастер видеограф оператор монтажер диктор корреспондент редактор редакторша"
    " корректор издатель поэт поэтесса писатель писательница композитор дирижер хормейстер балерина гимнаст гимнастка дзюдоист самбист каратист"
    " штангист тяжелоатлет футболист вратарь судья-рефери инкассатор железнодорожник проводница машинист диспетчер стрелочник моряк летчик"
    " бортпроводница связист телефонистка айтишник сисадмин верстальщик аудитор брокер риэлтор страховщик банкир банкирша аниматор тамада диджей"
    " свадебщик дояр птичница скотник зоотехник мелиоратор виноградарь овощевод картофелевод лесоруб пильщик жестянщик маникюрша мастерица"
    " дальнобой таксистка водительница маршрутчик развозчик экспедитор комплектовщик упаковщица санитарка сиделка нянечка воспиталка"
    " пионервожатая вожатый тренерша физрук трудовик географичка математичка русичка англичанка учитель-предметник кинолог каптерщик"
)
# What somebody does for a living, told by what is done; only verbs that say `again and again`.
_WORK_RU: Final = (
    r"(?:таксу|такси|таксова|бомби|батрач|шабаш|калым|слесар|столярнича|портняжнича|учительств|репетиторств|плотнича|рыбача)\w{1,4}",
    r"(?:торгу(?:ю|ет|ем)|торговал[аи]?) (?!людьми|собой|на|в|у|с)(?:[а-я-]{4,20}(?:ом|ем|ой|ей|ами|ями|ью))|(?:торгу(?:ю|ет)|торговал[аи]?)(?= (?:на|в) )",
    (
        r"(?:продаю|продает|продавал[аи]?|чиню|чинит|чинил[аи]?|ремонтирую|ремонтирует|ремонтировал[аи]?|шью|шьет|шил[аи]?|стригу|стрижет|стриг(?:ла|ли)?"
        r"|пеку|печет|пекла?|пасу|пасет|пасла?|мою|моет|мыла?|убираю|убирает|убирала?|развожу|развозит|развозил[аи]?|доставля(?:ю|ет|л|ла)|преподаю|преподает|преподавал[аи]?"
        r"|вел[аи]?|веду|ведет|делаю|делает|делала?|вяжу|вяжет|вязала?|выращива(?:ю|ет|л|ла)|сторож(?:у|ит|ил|ила)|строю|строит|строил[аи]?|лечу|лечит|лечил[аи]?)"
        r" (?:чужие |чужих |женск\w{2,3} |мужск\w{2,3} )?(?:рассад|овощ|фрукт|картошк|картофел|арбуз|яблок|цвет|мяс|рыб|хлеб|торт|пирог|пирожк|лепешк|шаурм|одежд|обув|плать|костюм|штор|ковр|ковры|носк|шал|лекарств|телефон|запчаст"
        r"|часы|машин|мотор|двигател|холодильник|компьютер|утюг|телевизор|крыш|печи|печк|окна|полы|посуд|подъезд|квартир|офис|дома|овец|овцу|баран|коров|скот|коз|лошад|стадо|пчел|кур|гусей|индюк"
        r"|зубы|людей|детей|скотину|животных|физик|хими|математик|истори|литератур|географи|биологи|русск|английск|арабск|информатик|физкультур|урок|кружок|секци|класс|маникюр|прическ|ресниц|бров|массаж|мебел|пиццу|еду|посылк|заказ|почту|газет|молок|сыр|шерст)\w{0,4}"
    ),
    r"(?:играю|играет|играл[аи]?|пою|поет|пел[аи]?|танцую|танцует|танцевал[аи]?) (?:на|в|по) (?:скрипк|гармошк|гармон|дечиг|пандар|барабан|пианино|гитар|баян|аккордеон|доул|зурн|свадьб|ансамбл|хор|театр|групп|клуб|сборн|ресторан)\w{0,4}",
    r"(?:работа(?:ю|ет|л|ла|ли)|подрабатыва(?:ю|ет|л|ла)|устроил(?:ся|ась)|служи(?:л|т)) (?:на|в|при) (?P<it>(?:теплиц|ферм|пекарн|прачечн|автомойк|мойк|шиномонтаж|автосервис|котельн|морг|парикмахерск|ателье|типографи|пиццери|столов|кухн|бойн|коровник|птичник|лесопилк|пилорам|карьер|кирпичн)\w{0,5})",
)
_FAITHS_RU: Final = (
    "христианин христианка баптист баптистка католик католичка иудей иудейка атеист атеистка суфий салафит салафитка ваххабит ваххабитка"
    " зикрист мюрид шиит шиитка буддист адвентист"
)
_PEOPLES_RU: Final = (
    "ингуш ингушка дагестанец дагестанка кумык кумычка аварец аварка даргинец даргинка лезгин лезгинка лакец лачка ногаец ногайка осетин осетинка"
    " кабардинец кабардинка балкарец балкарка карачаевец черкес черкешенка адыг армянин армянка грузин грузинка азербайджанец азербайджанка турок"
    " турчанка татарин татарка башкир башкирка украинец украинка белорус белоруска казах казашка узбек узбечка таджик таджичка киргиз киргизка"
    " цыган цыганка еврей еврейка немец немка курд курдка кистинец кистинка таджичка калмык калмычка поляк полька литовец литовка сириец"
)
_ORIENTATIONS_RU: Final = (
    "гей лесбиянка бисексуал бисексуалка трансгендер трансгендерный транссексуал гомосексуал гомосексуалист гомосексуалка гомосексуальный квир"
    " бисексуальный пансексуал асексуал"
)
_RANK_EN: Final = (
    r"(?:(?:senior|junior|first|second|police|lieutenant|major|lance|staff|master|retired|non-commissioned)[ -])?"
    r"(?:sergeant|lieutenant|colonel|captain|corporal|warrant officer|ensign|brigadier|inspector|superintendent|commissioner|non-commissioned officer)s?"
)
_JOB_EN: Final = (
    "accountant actor actress advocate agronomist architect artist athlete baker barber barman barmaid barista beautician blacksmith blogger bookkeeper boxer"
    " bricklayer builder businessman businesswoman butcher caretaker carpenter cashier chef chemist choreographer cleaner clerk coach cobbler composer conscript"
    " cook courier dancer decorator dentist deputy designer director dispatcher dressmaker economist editor electrician engineer entrepreneur farmer firefighter"
    " fisherman florist gardener geologist governor gynaecologist hairdresser headmaster headmistress headteacher housekeeper imam interpreter jeweller joiner"
    " journalist judge kadi labourer laborer lawyer lecturer librarian locksmith manager masseur masseuse mayor mechanic midwife miller miner model mufti mullah"
    " musician nanny notary nurse oilman optician painter paramedic pastor pharmacist photographer physician physicist pilot plasterer plumber poet policeman"
    " policewoman postman priest principal professor programmer psychiatrist psychologist publisher receptionist researcher roofer sailor salesman saleswoman"
    " schoolboy schoolgirl sculptor seamstress secretary senator shepherd shopkeeper singer solicitor stewardess student surgeon tailor taxi-driver teacher"
    " technician trader trainer translator truck-driver tutor typist veterinarian waiter waitress watchman weaver welder wrestler writer activist pensioner"
    " lorry-driver bus-driver shop-assistant civil-servant student builder handyman chauffeur fitter turner postwoman undertaker bodyguard"
)
_PEOPLE_EN: Final = (
    r"abkhaz|afghan|albanian|algerian|arab|armenian|austrian|avar|azer(?:baijan)?i|azeri|balkar|bashkir|basque|belarusian|belgian|bosnian|british|bulgarian|catholic|circassian"
    r"|croat(?:ian)?|cypriot|czech|dagestani|danish|dargin|dutch|english|estonian|finnish|french|georgian|german|greek|gypsy|hungarian|ingush|iranian|iraqi|irish|israeli"
    r"|italian|jewish|jews?|kabardian|kalmyk|kazakh|kist|kumyk|kurd(?:s|ish)?|kyrgyz|lak|latvian|lezgin|lithuanian|macedonian|maltese|moldovan|moroccan|nigerian|nogai|norwegian"
    r"|orthodox|ossetian?|palestinian|polish|portuguese|roma|romanian|sami|scottish|serb(?:ian)?|slovak|slovenian?|somali|spanish|swedish|swiss|syrian|tajik|tatar|tunisian"
    r"|turkish|turkmen|ukrainian|uzbek|welsh|yazidi"
)
_FAITH_EN: Final = r"christians?|baptists?|protestants?|jehovah's witness(?:es)?|salafis?t?|wahhabis?|wahabis?|sufis?|shia|shiites?|sunni|atheists?|buddhists?|alevis?|hindus?|pentecostals?"
_ORIENTATION_EN: Final = r"gays?|lesbians?|bisexuals?|trans(?:gender|sexual)?s?|trans (?:wo)?m[ae]n|homosexuals?|queers?|non-?binary|lgbt\w?"


@cache
def _jobs() -> frozenset[str]:
    return forms(_JOBS_RU.split())


@cache
def _peoples() -> frozenset[str]:
    return forms((_PEOPLES_RU + _FAITHS_RU).split()) - {"полек", "поляк", "гея"}


@cache
def _orientations() -> frozenset[str]:
    return forms(_ORIENTATIONS_RU.split())


@cache
def _ranks() -> frozenset[str]:
    return forms(_RANKS_RU.split())


_RU: Final = (
    Words(Label.DEM, "rank", 0.9, _ranks),
    Words(Label.DEM, "job", 0.8, _jobs),
    Words(Label.DEM, "people", 0.8, _peoples),
    Words(Label.DEM, "orientation", 0.95, _orientations),
    Pattern(
        Label.DEM,
        "rank",
        0.95,
        r"(?:старш|младш)\w{2,3} (?:сержант|лейтенант|прапорщик)\w{0,3}|генерал-(?:майор|лейтенант|полковник)\w{0,3}",
    ),
    Pattern(
        Label.DEM,
        "job",
        0.85,
        r"(?:глав[аыуе]|зам(?:естител[ьяюе]м?)?(?: глав\w)?) (?:администрации|района|села|республики|города)"
        r"|(?:командир|заместител|начальник|замначальник|зам начальник)\w{0,2} (?:роты|полка|взвода|батальона|отдела|ровд|омона?|собра?|колонии|тюрьмы|сизо|полиции)"
        r"|(?:водител\w{1,2}) (?:маршрутки|автобуса|такси|камаза|грузовика|скорой|бензовоза|директора|министра)",
        r"(?:учил(?:ся|ась)|студент\w{0,2}|студентк\w{1,2}|перешел|перешла|был|была)? ?на (?P<it>(?:перв|втор|трет|четверт|пят|шест|\d-?)\w{1,4} курсе(?: \w{3,8}фака?)?)",
        r"работа(?:л|ла|ю|ет|ли) (?!на|в|с|по|у|не|там|здесь|тогда|вместе|до|и|как|а|за|без|то)(?P<it>[а-я]{4,20}(?:ом|ем|ей|ой|ицей|щиком|цей))",
    ),
    Pattern(Label.DEM, "work", 0.7, *_WORK_RU),
    Pattern(
        Label.DEM,
        "teip",
        0.9,
        r"(?:из |с )?(?:тейп|тайп)\w{0,3}:? \"?(?P<it>(?!у|и|не|в|на|был|что)[а-яӏ-]{3,20}(?:-хаджи)?)",
        r"(?P<it>[а-яӏ-]{4,20}) (?:тейп|тайп)\w{0,3}",
        r"(?:вирд|тукхум|тукъам|гар|некъе|неки)\w{0,2} (?P<it>[а-яӏ-]{4,20}(?:[ -]хаджи)?)",
        r"(?:кунта|вис|баматгири|юсуп|батал|багаутдин|шихмирза)[ -]?хаджи\w{0,5}",
    ),
    Pattern(
        Label.DEM,
        "people",
        0.85,
        r"православн\w{2,3}|свидетел\w{1,3} иеговы|крещен\w{2,3}|этническ\w{2,3} \w{4,12}",
    ),
    Pattern(
        Label.DEM,
        "orientation",
        0.8,
        r"(?:он|я|ты|что|из) голубой|голубые(?! \w)|лгбт\w?|транс[- ]?(?:девушк|парен|женщин|мужчин)\w{1,2}",
    ),
)
_EN: Final = (
    Pattern(Label.DEM, "rank", 0.9, _RANK_EN),
    Pattern(
        Label.DEM,
        "job",
        0.8,
        rf"(?:{'|'.join(sorted(word.replace('-', '[ -]') for word in set(_JOB_EN.split())))})s?",
        r"(?:(?:first|second|third|fourth|final|fifth)[ -]year )(?:\w{3,14} )?student",
        r"(?:primary|secondary|high) school (?:teacher|student|pupil)|university (?:professor|lecturer|student)|head of (?:the )?(?:administration|district|village|republic)",
    ),
    Pattern(
        Label.DEM,
        "people",
        0.6,
        rf"(?:{_PEOPLE_EN})s?(?:-born)?(?: (?:national|origin|citizen|nationality|descent))?s?",
        _FAITH_EN,
    ),
    Pattern(Label.DEM, "orientation", 0.95, _ORIENTATION_EN),
    Pattern(
        Label.DEM,
        "teip",
        0.9,
        r"(?:teip|teyp|taip|clan|wird|vird|tukkhum) (?:of )?(?P<it>(?!of|and|is|was|to|who|from|had|the)[a-z'-]{3,20})",
        r"(?P<it>(?!the|my|our|his|her|their|same|whole|other|a|this|that|one|your|and)[a-z'-]{4,20}) (?:teip|teyp|taip|clan|wird|vird)",
    ),
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Single words in all their forms, and what stands beside `teip`."""
    for rule in _EN if language == "en" else _RU:
        yield from rule(reading)
    lexicon = Lexicon.shared()
    for word in reading.words:
        if len(word.key) > 3 and lexicon.in_teips(word.key):
            ordinary = lexicon.is_ordinary(word.key, language) or lexicon.in_given_names(word.key)
            if not ordinary and not lexicon.in_places(word.key):
                yield Find(word.start, word.end, Label.DEM, "teip", 0.8)
