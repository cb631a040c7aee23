"""Places that are on a list, and words after `village`, `town` and their like."""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from intake.review.finding.lexicons.lexicon import Lexicon
from intake.review.finding.reading import Reading, Word
from intake.review.finding.rules.find import Find, Pattern
from intake.review.finding.span import Label

# What the whole collection says already.
EVERYWHERE: Final = frozenset(
    [
        "чечня",
        "чечни",
        "чечне",
        "чечню",
        "чечней",
        "россия",
        "россии",
        "россию",
        "россией",
        "рф",
        "кавказ",
        "кавказа",
        "кавказе",
        "нохчи",
        "нохчий",
        "нохчо",
        "нохчийчоь",
        "нохчичо",
        "ичкерия",
        "chechnya",
        "russia",
        "caucasus",
        "chechen",
        "russian",
    ]
)
_WORDS_MOST: Final = 3
_LOWER_LEAST: Final = 5  # letters of a place that is believed without a capital
_RU: Final = Pattern(
    Label.LOC,
    "place",
    0.85,
    r"(?:сел[оауе]м?|деревн[яеию]|станиц[аыеу]|аул[аеу]?|хутор[аеу]?|пос[её]лк[аеу]|поселок|пгт|город[аеу]?|с\.|г\.|пос\.|ст\.|х\.)"
    r" (?P<it>(?!в|на|и|был|не|мы|где|за|у|к|что|я|он|она|они|по|там|это|с|а|но|меня|нас|его|ее|их|как|все)[а-яӏ]{3,20}(?:-[а-яӏ]{2,15}){0,2})",
    r"[а-яӏ]{3,20}(?:-[а-яӏ]{2,15})?ск(?:ий|ого|ому|ом|им)(?: (?:муниципальн\w{2,3} )?(?:район|р-н|округ|сельсовет|перевал)\w{0,2})",
    r"[а-яӏ]{3,20}ск(?:ая|ой|ую) (?:област\w{1,3}|республик\w{1,2}|волост\w)|[а-яӏ]{3,20}ск(?:ое|ого|ом) (?:ущель|кладбищ|сел|шоссе|водохранилищ)\w{1,2}",
    r"(?:республик\w|остров\w?|рек[аеиу]|озер[оае]|гор[аыеу]|перевал\w?) (?P<it>[а-яӏ]{4,20})(?! (?:был|где))",
)
_EN: Final = Pattern(
    Label.LOC,
    "place",
    0.85,
    r"(?:village|town|city|settlement|hamlet|stanitsa|aul|district|region|province|river|republic) of (?!the|a|my|our|his|her|all|about|some|origin|residence|birth|choice)"
    r"(?P<it>[a-z'-]{3,20}(?:-[a-z]{2,15})?)",
    r"(?!the|this|that|same|whole|their|our|my|his|her|a|every|each|another|nearest|neighbouring|neighboring|old|new|second|local|federal|city|military|central|administrative|regional)"
    r"[a-z'-]{4,20} (?:district|province|oblast|region|gorge|county|municipality)(?! court| prosec)",
)


def finds(reading: Reading, language: str) -> Iterator[Find]:
    """Places that lists know, of up to three words, and what a word before or after calls one."""
    yield from _listed(reading, language)
    for find in (_EN if language == "en" else _RU)(reading):
        if reading.text[find.start : find.end].split(" ", 1)[0] not in EVERYWHERE and _named(
            reading, find, language
        ):
            yield find


def _named(reading: Reading, find: Find, language: str) -> bool:
    """Whether a capital, or that no dictionary has it, speaks for a name."""
    first = reading.text[find.start : find.end].split(" ", 1)[0]
    capital = reading.typed[find.start].isupper()
    return capital or not Lexicon.shared().is_ordinary(first.split("-")[0], language)


def _listed(reading: Reading, language: str) -> Iterator[Find]:
    lexicon, words, i = Lexicon.shared(), reading.words, 0
    while i < len(words):
        for length in range(min(_WORDS_MOST, len(words) - i), 0, -1):
            run = words[i : i + length]
            if _joined(reading, run) and _is_place(lexicon, reading, run, language):
                yield Find(run[0].start, run[-1].end, Label.LOC, "gazetteer", 0.8)
                i += length - 1
                break
        i += 1


def _joined(reading: Reading, run: tuple[Word, ...]) -> bool:
    return all(reading.text[one.end : other.start] in {" ", "-"} for one, other in pairwise(run))


def _is_place(lexicon: Lexicon, reading: Reading, run: tuple[Word, ...], language: str) -> bool:
    first = run[0]
    capital = reading.is_capital(first)
    if len(run) == 1:
        if first.key in EVERYWHERE or len(first.key) < (3 if capital else _LOWER_LEAST):
            return False
        if not lexicon.in_places(first.key):
            return False
        if lexicon.is_ordinary(first.key, language):
            return capital and not begins(reading, first) and language != "en"
        return capital or not lexicon.in_given_names(first.key)
    plain = not capital and all(lexicon.is_ordinary(word.key, language) for word in run)
    if plain or capital != reading.is_capital(run[-1]):
        return False
    return lexicon.in_places("-".join(word.key for word in run))


def begins(reading: Reading, word: Word) -> bool:
    """Whether a sentence may begin with this word."""
    before = reading.text[max(0, word.start - 3) : word.start].rstrip(' "(-')
    return not before or before[-1] in ".!?\n:…"
