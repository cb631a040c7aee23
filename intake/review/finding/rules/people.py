"""Names of persons: on a list, in the shape of a patronymic or a surname, or after a title."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterator
from typing import Final

from intake.review.finding import morphology
from intake.review.finding.lexicons.lexicon import Lexicon
from intake.review.finding.reading import Reading, Word
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.rules.kin import BARE
from intake.review.finding.rules.places import EVERYWHERE, begins
from intake.review.finding.span import Label

_PATRONYMIC: Final = re.compile(
    r"[а-яӏ]{3,20}(?:[ое]вич|[ьи]ич)(?:[ауе]|[ео]м)?|[а-яӏ]{3,20}[ое]вн(?:а|ы|е|у|ой)"
    r"|[a-z]{3,20}(?:ovich|evich|ovna|evna)"
)
_SURNAME: Final = re.compile(
    r"[а-яӏ]{2,20}(?:ов|ев|ин)(?:а|у|ым|е|ой|ы|ых|ыми)?|[а-яӏ]{2,20}(?:ск|цк)(?:ий|ая|ого|ой|ому|им|ую)"
    r"|[а-яӏ]{3,20}(?:швили|дзе|енко|ян|оглу|кызы)|[a-z]{2,20}(?:ov|ev|iev|ova|eva|ieva|yev|yeva)"
)
_CLEAR_SURNAME: Final = re.compile(
    r"[а-яӏ]{3,20}(?:аев|иев|уев|оев|ханов|беков|гиров|гиреев|султанов|мирзоев|мурзаев|арсанов|хаджиев|саев|заев|маев)(?:а|у|ым|е|ой|ы|ых)?"
    r"|[a-z]{3,20}(?:aev|iev|uev|oev|ayev|iyev|khanov|bekov)(?:a|s)?"
)
_RU: Final = Pattern(
    Label.PERSON,
    "title",
    0.85,
    r"(?P<it>(?:абу|умм)-[а-яӏ]{3,20})",
    r"(?:абу|умм|шейх|хаджи) (?P<it>[а-яӏ]{3,20})",
    r"[а-яӏ]{2,20}[- ]хаджи",
    r"(?:по кличке|по прозвищу|позывной|позывным|прозвище|кличка|звали его|по имени|меня зовут|его зовут|ее зовут|зовут) \"?(?P<it>(?!его|ее|меня|нас|всех|как|не|на|в)[а-яӏ-]{3,20})\"?",
)
_EN: Final = Pattern(
    Label.PERSON,
    "title",
    0.9,
    r"(?:mr|mrs|ms|dr|miss|messrs|sir|prof|professor|judge|imam|mullah|sheikh)\.? (?P<it>(?!and|of|or|in|was|had|who|at|to|is|the|told|said|then)(?:[a-z]\. ?){0,3}(?:(?:van|de|von|der|di|el|al|bin) ){0,2}[a-z'-]{2,20})",
    r"(?:nicknamed|called|call sign|known as|name is|name was|named) \"?(?P<it>(?!him|her|me|us|them|the|a|an|it|my|after|to|for|in|on|by|and|as|names|that|this)[a-z'-]{3,20})\"?",
    r"(?:abu|umm)[- ][a-z']{3,20}|[a-z]{2,20}[- ]h?adzh?i|[a-z]{2,20}-haji",
)
_NO_NAME: Final = (
    r"(?!(?:его|ее|меня|нас|вас|тебя|всех|их|как|не|на|в|во|и|а|к|с|со|по|так|то|там|тут|у|он|она|они|был|была|было|есть|что|чтобы|за|от|из|до|для|просто|только"
    r"|домой|сюда|туда|мне|ему|ей|им|своим|своими|этим|тоже|уже|еще|или|но|же|мы|я|ты|вы|все|дома|себя|свой|моим|его|при|нам|друг|this|that|the|a|an|was|is|by|for|and|in|on|it|him|her|me|us|them)(?!\w))"
)
# By what others call somebody: ordinary words for the most part, and found all the same.
_CALLED: Final = Pattern(
    Label.PERSON,
    "called",
    0.9,
    rf"(?:по кличке|по прозвищу|кличк[аиу]|прозвищ[еаму]{{1,2}}|погонял[ои]|позывн\w{{2,3}}|под ником|под именем|прозвали(?: (?:его|ее|меня))?|дразнили(?: (?:его|ее|меня))?)"
    rf"(?: (?:был[ао]?|у него|у нее|его|ее|мой|моя|-|:))?:? {_NO_NAME}(?P<it>[а-яӏ-]{{2,20}})",
    rf"(?:все|мы|его|ее|меня|которого|которую)(?: (?:все|мы|его|ее|меня|там|в детстве|дома)){{0,2}} (?:звали|кличут|зовут|прозвали|величали|кликали)(?: (?:его|ее|меня|все|просто)){{0,2}} {_NO_NAME}(?P<it>[а-яӏ-]{{2,20}})",
    rf"(?:со (?:ю|ву|йу)|сан цӏе|сан цӏера),? {_NO_NAME}(?P<it>[а-яӏ-]{{3,20}})",
    r"(?<=\n)(?:твой|твоя|ваш|ваша|подпись) (?P<it>[а-яӏ]{3,20})(?= ?[.,!\n])",
    rf"(?:nicknamed?|call ?sign|alias)(?: (?:was|is|him|her|me|of))? {_NO_NAME}(?P<it>[a-z'-]{{2,20}})",
)
_TITLED: Final = re.compile(
    r"(?<!\w)(?:Mr|Mrs|Ms|Miss|Messrs|Dr|Prof)\.? (?P<it>(?:[A-ZÀ-ÞŁŚŻİŞÇ]\.[ -]?){0,3}"
    r"(?:(?:(?:van|von|de|der|bin|al) )?[A-ZÀ-ÞŁŚŻİŞÇ][\w'’-]{1,25})(?: (?:van |von |de )?[A-ZÀ-ÞŁŚŻİŞÇ][\w'’-]{1,25}){0,3})(?!\w)"
)
_INITIALS: Final = re.compile(
    r"(?<![\w.])(?:[А-ЯӀ]\. ?){1,2}[А-ЯӀ][а-яё]{2,20}(?!\w)|(?<!\w)[А-ЯӀ][а-яё]{2,20} [А-ЯӀ]\. ?(?:[А-ЯӀ](?:\.|(?!\w)))?"
    r"|(?<![\w.])[А-ЯӀ]\. ?[А-ЯӀ](?=\.)|(?<![\w.])(?:[A-Z]\. ?){1,3}[A-Z][a-z'’-]{1,20}(?!\w)|(?<![\w.])[A-Z]\.[A-Z](?=\.)(?!\.[A-Z]\.[A-Z])"
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Names with the words beside them that look like parts of one."""
    yield from _named(reading, language)
    for find in (_EN if language == "en" else _RU)(reading):
        word = reading.text[find.start : find.end].split("-")[0]
        lexicon = Lexicon.shared()
        ordinary = lexicon.is_ordinary(word, language) and not lexicon.in_given_names(word)
        if reading.typed[find.start].isupper() or not ordinary:
            yield find
    yield from _CALLED(reading)
    for match in _TITLED.finditer(reading.typed):
        yield Find(*match.span("it"), Label.PERSON, "title", 0.9)
    for match in _INITIALS.finditer(reading.typed):
        if reading.text[match.start() - 1 : match.start()] in {"", "\n"}:
            continue  # more often the number of a heading
        end = match.start() + len(match[0].rstrip(". "))
        yield Find(match.start(), end, Label.PERSON, "initials", 0.85)


def _named(reading: Reading, language: str) -> Iterator[Find]:
    words = reading.words
    i = 0
    while i < len(words):
        strength = _strength(reading, words[i], language)
        j = i + 1
        while (
            strength
            and j < len(words)
            and j < i + 6
            and reading.text[words[j - 1].end : words[j].start] in {" ", "-"}
        ):
            more = _strength(reading, words[j], language)
            if not more and not _surname_beside(reading, words[j], language):
                break
            strength = max(strength, more)
            j += 1
        if strength:
            yield Find(words[i].start, words[j - 1].end, Label.PERSON, "name", strength)
            i = j
        else:
            i += 1


def _strength(reading: Reading, word: Word, language: str) -> float:
    """How sure a word alone is a name: 0 where nothing speaks for it."""
    lexicon, key = Lexicon.shared(), word.key
    if len(key) < 3 or key in EVERYWHERE or key in BARE or key[0].isdigit():
        return 0.0
    capital = reading.is_capital(word)
    if lexicon.is_ordinary(key, language):
        sure = capital and reading.is_cased and not begins(reading, word)
        return 0.6 if sure and lexicon.in_given_names(key) else 0.0
    if _PATRONYMIC.fullmatch(key):
        return 0.95
    if _CLEAR_SURNAME.fullmatch(key):
        return 0.9
    if lexicon.in_given_names(key):
        return _given(lexicon, key, capital=capital)
    return 0.8 if capital and _is_surname(lexicon, key) else 0.0


def _given(lexicon: Lexicon, key: str, *, capital: bool) -> float:
    """In Latin letters many a word would be a name of some country: there a capital is asked for."""
    if capital or not key.isascii() or lexicon.chechen_names.has(key):
        return 0.9
    return 0.5 if key in lexicon.given else 0.0


def _is_surname(lexicon: Lexicon, key: str) -> bool:
    if _SURNAME.fullmatch(key) and not lexicon.in_places(key):
        return True
    return not key.isascii() and morphology.is_name(key)


def _surname_beside(reading: Reading, word: Word, language: str) -> bool:
    """Whether a word beside a name looks like the rest of it."""
    lexicon, key = Lexicon.shared(), word.key
    if len(key) < 3 or lexicon.is_ordinary(key, language):
        return False
    if reading.is_capital(word):
        return not lexicon.in_places(key) or lexicon.in_names(key)
    return _SURNAME.fullmatch(key) is not None
