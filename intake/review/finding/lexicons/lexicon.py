"""Whether a word is on a list: of places, of names, of ordinary words, in any of its forms.

Lists know who and what there is, and nothing of a text: that a word is on one proves nothing.
"""

# ruff: noqa: RUF001 - letters that look like others are the matter of this module

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from intake.review.endings import FOLDED, FREE_LEAST, romanised
from intake.review.finding import morphology
from intake.review.known_words import known_words
from intake.review.spelling import NOTHING, PALOCHKA, letter_for_letter

LIST_MOST: Final = 8_000_000  # bytes of a list that is unpacked
LETTERS_LEAST: Final = 3
_CHECHEN_ENDINGS: Final = ("хьара", "хьа", "хь", "ра", "ца", "го", "на", "ан", "ин", "та", "а", "н")
_KNOWN_MOST: Final = 50_000
_HERE: Final = files("intake.review.finding.lexicons")


@dataclass(frozen=True)
class ByHand:
    """A short list with its stems, and the coarse Latin keys that its words have."""

    words: frozenset[str]
    stems: frozenset[str]
    latin: frozenset[str]

    @classmethod
    def of(cls, names: Iterator[str]) -> "ByHand":
        """From names of one word or several, parted by hyphens."""
        words = frozenset(names)
        long = {word for word in words if len(word) >= LETTERS_LEAST}
        stems = {*map(_stem, long), *(_stem(f"{word}ом") for word in long)}
        return cls(words, frozenset(stems), frozenset(map(_latin, long)) - {""})

    def has(self, word: str) -> bool:
        """Whether a word may be a form of one on the list, in either alphabet."""
        if len(word) < LETTERS_LEAST or len(word) > morphology.LETTERS_MOST:
            return False
        if word.isascii():
            return _latin(word) in self.latin or _latin(word.removesuffix("s")) in self.latin
        return word in self.words or any(_stem(form) in self.stems for form in _nominatives(word))


class Lexicon:
    """All lists, loaded once; words are folded by whoever asks or here, and keep no state."""

    def __init__(self) -> None:
        self.places = _packed("places.z")
        self._beginnings = frozenset(_beginnings(self.places))
        self.given = _packed("given_names.z")
        self.surnames = _packed("surnames.z")
        self.more_places = ByHand.of(_listed("places_by_hand.txt"))
        self.chechen_names = ByHand.of(_listed("chechen_names.txt"))
        self.teips = ByHand.of(_listed("teips.txt"))
        self._english = frozenset(_english())

    @staticmethod
    @cache
    def shared() -> "Lexicon":
        """The one that a program needs."""
        return Lexicon()

    @known_words(_KNOWN_MOST)
    def in_names(self, word: str) -> bool:
        """Whether a word may be a form of a given name or a surname on a list."""
        return any(self.in_given_names(part) or self._is_surname(part) for part in _parts(word))

    @known_words(_KNOWN_MOST)
    def in_given_names(self, word: str) -> bool:
        """Whether one word may be a form of a given name on a list, or in the dictionary."""
        word = _folded(word)
        return self.chechen_names.has(word) or not self.given.isdisjoint(morphology.bases(word))

    @known_words(_KNOWN_MOST)
    def in_places(self, word: str) -> bool:
        """Whether a word, or one that hyphens part, may be a form of a place on a list."""
        word = " ".join(_parts(word))
        if self.more_places.has(word):
            return True
        heads = {""}
        *firsts, last = word.split(" ")
        for first in firsts:
            # Only what some place goes on from: all forms of all words together would be too many.
            heads = {f"{h}{base} " for h in heads for base in morphology.bases(first)}
            heads &= self._beginnings
        return any(head + base in self.places for head in heads for base in morphology.bases(last))

    def in_teips(self, word: str) -> bool:
        """Whether a word may be a form of the name of a teip, a tukkhum or a vird."""
        return self.teips.has(_folded(word))

    @known_words(_KNOWN_MOST)
    def is_ordinary(self, word: str, language: str) -> bool:
        """Whether a word is also one that is no name: in English for `en`, else in Russian."""
        word = _folded(word)
        if language == "en" or (word.isascii() and word.isalpha()):
            return word in self._english or _plural_of(word) in self._english
        return morphology.is_ordinary(word)

    def _is_surname(self, word: str) -> bool:
        word = _folded(word)
        if word.isascii():
            return word in self.surnames
        return morphology.is_name(word) or not self.surnames.isdisjoint(morphology.bases(word))


def _parts(word: str) -> list[str]:
    return _folded(word).replace("-", " ").split()


def _folded(word: str) -> str:
    return letter_for_letter(word[: 4 * morphology.LETTERS_MOST]).replace(NOTHING, "")


def _beginnings(names: frozenset[str]) -> Iterator[str]:
    """What names of several words begin with, up to each blank."""
    for name in names:
        at = name.find(" ")
        while at > 0:
            yield name[: at + 1]
            at = name.find(" ", at + 1)


def _nominatives(word: str) -> Iterator[str]:
    """A word, what it may be a form of that stems do not show, and the same in Chechen.

    1. palochka typed as a digit where a word begins; 2. forms of names in -ой; 3. Chechen endings
    that say where, with what, and whose.
    """
    # (1)
    if word.startswith("1"):
        word = PALOCHKA + word[1:]
    yield word
    # (2)
    for ending in ("оем", "оя", "ою", "ое"):
        if word.endswith(ending):
            yield f"{word.removesuffix(ending)}ой"
    # (3)
    for ending in _CHECHEN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= FREE_LEAST:
            yield word[: -len(ending)]


def _stem(word: str) -> str:
    return " ".join(FOLDED.stem(part) for part in word.replace("й", "и").split(" "))


@known_words(_KNOWN_MOST)
def _latin(word: str) -> str:
    found = romanised(word.replace("й", "и"))
    return found if len(found) >= LETTERS_LEAST else ""


def _plural_of(word: str) -> str:
    for ending, base in (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ing", ""), ("ly", "")):
        if word.endswith(ending) and len(word) - len(ending) >= LETTERS_LEAST:
            return word[: -len(ending)] + base
    return word


def _packed(name: str) -> frozenset[str]:
    """A built list: zlib, UTF-8, one folded name a line, sorted."""
    text = zlib.decompressobj().decompress(_HERE.joinpath(name).read_bytes(), LIST_MOST)
    return frozenset(text.decode().split("\n"))


def _listed(name: str) -> Iterator[str]:
    """A list by hand: names between commas, `#` begins a remark."""
    for line in _HERE.joinpath(name).read_text(encoding="utf-8").splitlines():
        for typed in line.partition("#")[0].split(","):
            word = " ".join(_parts(typed))
            if word:
                yield word


def _english() -> Iterator[str]:
    yield from _listed("ordinary_en.txt")
    yield from _packed("common_en.z")
    dice = files("intake").joinpath("eff_large_wordlist.txt").read_text(encoding="utf-8")
    yield from (line.split()[-1] for line in dice.splitlines() if line.strip())
