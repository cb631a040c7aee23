"""Forms of Russian words: what a word may be a form of, and the forms that one has.

All readings of a word count, never only the likeliest: for names that nobody wrote into a
dictionary the likeliest is often wrong. Words are folded (`intake.review.spelling`).
"""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterable
from typing import Final

from intake.review.finding.dictionary import dictionary
from intake.review.known_words import known_words
from intake.review.spelling import letter_for_letter

LETTERS_MOST: Final = 40  # of a word that is looked at
_KNOWN_MOST: Final = 50_000  # words that are remembered; a testimony has some hundreds
_NAMES: Final = frozenset({"Name", "Surn", "Patr"})
_GIVEN: Final = frozenset({"Name", "Patr"})
_LITTLE: Final = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})
_PROPER: Final = _NAMES | {"Geox", "Orgn", "Trad", "Abbr", "Init"}
_UNUSUAL: Final = frozenset({"Arch", "Erro", "Dist", "Infr"})
_ENDINGS: Final = [
    "ами",
    "ями",
    "ого",
    "его",
    "ому",
    "ему",
    "ыми",
    "ими",
    "ой",
    "ей",
    "ою",
    "ею",
    "ом",
    "ем",
    "ам",
    "ям",
    "ах",
    "ях",
    "ых",
    "их",
    "ым",
    "им",
    "ую",
    "юю",
    "ая",
    "яя",
    "ое",
    "ее",
    "ые",
    "ие",
    "а",
    "у",
    "ы",
    "и",
    "е",
    "о",
    "я",
    "ю",
    "ь",
    "й",
]
_BASE_ENDINGS: Final = ("", "а", "я", "о", "е", "ы", "и", "ь", "й", "ый", "ий", "ой", "ая", "ое")
_STEM_LEAST: Final = 3
_RUSSIAN: Final = re.compile("[а-я]+")


@known_words(_KNOWN_MOST)
def _readings(word: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The base form and the grammemes of each reading that the dictionary has."""
    if len(word) > LETTERS_MOST or not _RUSSIAN.fullmatch(word):
        return ()  # what pymorphy3 has no letters for it may trip over
    found = dictionary().parse(word)
    return tuple(
        (letter_for_letter(reading.normal_form), frozenset(reading.tag.grammemes))
        for reading in found
        if reading.is_known
    )


def lemmas(word: str) -> frozenset[str]:
    """Every base form that the dictionary has for a word; none for what it does not know."""
    return frozenset(base for base, _ in _readings(word))


@known_words(_KNOWN_MOST)
def bases(word: str) -> frozenset[str]:
    """What a word may be a form of: itself, its base forms, and what other endings would make."""
    found = {word, *lemmas(word)}
    if len(word) > LETTERS_MOST or word.isascii():
        return frozenset(found)
    for ending in (*_ENDINGS, ""):
        stem = word.removesuffix(ending)
        if word.endswith(ending) and len(stem) >= _STEM_LEAST:
            found.update(stem + base for base in _BASE_ENDINGS)
    return frozenset(found)


def is_ordinary(word: str) -> bool:
    """Whether the dictionary has a word as one that is no name."""
    return any(not grammemes & (_PROPER | _UNUSUAL) for _, grammemes in _readings(word))


def is_somebody(word: str) -> bool:
    """Whether a word says what somebody is, and is nothing else: `teacher`, `soldier`."""
    readings = _readings(word)
    return bool(readings) and all(
        {"NOUN", "anim"} <= grammemes and not grammemes & _PROPER for _, grammemes in readings
    )


def is_name(word: str) -> bool:
    """Whether the dictionary has a word as a given name, a patronymic or a surname."""
    return any(grammemes & _NAMES for _, grammemes in _readings(word))


def is_given_name(word: str) -> bool:
    """Whether the dictionary has a word as a given name or a patronymic."""
    return any(grammemes & _GIVEN for _, grammemes in _readings(word))


def is_little(word: str) -> bool:
    """Whether a word may be one that only holds others together: a preposition, a pronoun."""
    return any(grammemes & _LITTLE for _, grammemes in _readings(word))


def is_place(word: str) -> bool:
    """Whether the dictionary has a word as the name of a place."""
    return any("Geox" in grammemes for _, grammemes in _readings(word))


def forms(words: Iterable[str]) -> frozenset[str]:
    """All forms of words that the dictionary has, and the words."""
    found: set[str] = set()
    for word in words:
        found.add(letter_for_letter(word))
        for reading in dictionary().parse(word):
            if reading.is_known and reading.normal_form == word:
                found.update(letter_for_letter(form.word) for form in reading.lexeme)
    return frozenset(found)
