"""Words that give nobody away by themselves: what `docs/redaction-gold.md` leaves unmarked, by closed classes.

A model that is in doubt proposes them again and again; a rule, a list and the memory are never asked here.
"""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from typing import Final

from intake.review.finding import morphology
from intake.review.known_words import known_words
from intake.review.spelling import letter_for_letter

_CHECHEN: Final = (
    "ассаламу ассалам асалам ассалому салам салам-алейкум саламалейкум алейкум алайкум 1алайкум ӏалайкум ваалейкум маршалла марша маршалах "
    "баркалла дела дала дели аллах аллаха аллаху аллахом иншаллах инша альхамдулиллах алхамдулиллах алхамдулила астагфируллах машаллах "
    "бисмиллах субханаллах нана нане нану наной наны ненан дада дадас бабуля ваша вашас вашин вежарий йиша йишас йижарий денана дендада воккха "
    "эхь гечдойла собар тезет тезета тезете тезету тезетом дик дика хӏан хӏун х1ун хьан хьенан хьо сан тхан вай ма де ду ву ю бу дац вац яц цхьа "
    "марвоша маршо нус нускал зуда стаг кӏант к1ант йоӏ йо1 бер бераш доттагӏ доттаг1 доттагӏий доттаг1ий лулахо хьаша хьешан адат тайп тайпа тайпе тайпу тайпы "
    "тейп тейпа вирд вирда цӏа ц1а цӏера иза суна цунна хӏинца вайн вайнехан вайнах нохчи нохчий шича шичой шуьга ненаваша денваша"
)
_ONES: Final = (
    "мой твой свой наш ваш который этот тот такой сам каждый любой никакой какой чей мы ты он она они оно я вы кто что это ничто никто себя "
    "прямо прям же бы ли уже еще тоже также вместо якобы чтоб чтобы как когда где куда потом тогда там тут здесь сюда туда"
)
_KIN: Final = (
    "брат сестра братишка сестренка мать мама мамка отец папа папка батя сын дочь дочка муж жена супруг супруга дядя тетя тетка дед дедушка дедуля "
    "бабушка бабка баба внук внучка племянник племянница свекор свекровь тесть теща зять невестка сноха золовка деверь шурин свояк родитель родня "
    "родственник родственница сосед соседка друг подруга дружок приятель знакомый знакомая земляк жених невеста семья ребенок дети мальчик девочка "
    "парень парнишка пацан девушка мужчина женщина мужик человек люди старик старуха хлопец ребята тетка юноша"
)
_ROLES: Final = (
    "начальник дежурный охранник охрана полицейский милиционер мент солдат военный боевик сотрудник оперативник опер "
    "допрос подпись приказ справка бумага документ протокол удостоверение паспорт телефон трубка номер заявление объяснение журнал "
    "пассажир сокамерник задержанный понятой свидетель конвой караул"
)
_PLACES: Final = (
    "дом кухня коридор подвал двор забор ворота калитка гараж сарай школа магазин базар рынок улица дорога трасса участок отдел "
    "отделение полиция милиция город село деревня поселок район юрта помещение больница мечеть кладбище вокзал пост объект "
    "стройка столовая переход крыльцо окно дверь порог"
)
_TIMES: Final = "день ночь утро вечер время раз праздник момент обед завтрак сначала вчера завтра сегодня послезавтра квартира комната камера кабинет палата подъезд этаж"


def _words(*texts: str) -> frozenset[str]:
    return frozenset(letter_for_letter(word) for text in texts for word in text.split())


CHECHEN: Final = _words(_CHECHEN)
"""Greetings, blessings, kin and small words of Chechen, and what of Arabic is said with them."""
_LOOSE: Final = _words(_ONES)
_BEFORE: Final = _words(_KIN, _ROLES, _PLACES)
_ALL: Final = _BEFORE | _words(_TIMES)


@known_words(50_000)
def is_loose(word: str) -> bool:
    """Whether a small word at either end of what was found is no part of it."""
    return word in CHECHEN or _is_of(word, _LOOSE)


@known_words(50_000)
def is_before(word: str) -> bool:
    """Whether it is bare kin, a bare role or a place without a name, of which no mark begins."""
    return _is_of(word, _BEFORE)


@known_words(50_000)
def is_bare(word: str) -> bool:
    """Whether it says nothing where it stands alone."""
    return is_loose(word) or _is_of(word, _ALL)


def _is_of(word: str, known: frozenset[str]) -> bool:
    return word in known or not known.isdisjoint(morphology.lemmas(word))
