"""Which language a text is in, and whether its capitals say anything: a rule of a few lines each."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from intake.review.finding.tokens import Token
from intake.review.spelling import PALOCHKA

_CHECHEN: Final = re.compile(rf"[аоуюя]ь|хь|къ|кх|{PALOCHKA}")
_CHECHEN_SHARE: Final = (
    0.02  # of such pairs among Cyrillic letters; Russian news reaches none of it
)
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[a-z]")
_SHOUTED: Final = 2 / 3  # of words in capitals: then a capital says nothing
_FEW: Final = 0.015  # of words with a capital inside a sentence: then names may have none


class Language(StrEnum):
    """A language that is known here; what mixes Chechen with Russian counts as Chechen."""

    EN = "en"
    RU = "ru"
    CE = "ce"

    @property
    def model(self) -> "Language":
        """The language whose models read it: what mixes Chechen runs on in Russian."""
        return Language.RU if self is Language.CE else self

    @property
    def bar(self) -> float:
        """How likely a word must be to give somebody away to be proposed, in text with capitals.

        Chosen on five folds of the texts for training and on accounts, as `bar_small` for text without capitals.
        """
        return 0.14 if self is Language.EN else 0.6

    @property
    def bar_small(self) -> float:
        """The same without capitals."""
        return 0.14 if self is Language.EN else 0.57

    @property
    def of_the_bar(self) -> float:
        """How much of the bar is asked where somebody tells of themselves, which testimony does."""
        return 1.0 if self is Language.EN else 0.88

    @property
    def steep(self) -> float:
        """The power with which the bar sinks where much gives away and somebody tells of themselves.

        Less than elsewhere, since there are such texts among those for training.
        """
        return 1.4 if self is Language.EN else 1.0


class Capitals(StrEnum):
    """What a capital says in a text: all, nothing, or perhaps."""

    SURE = "sure"
    NONE = "none"
    DOUBTFUL = "doubtful"


def language_of(folded: str) -> Language:
    """The language of a text that was folded letter for letter; English if it has no letter."""
    cyrillic = sum(1 for _ in _CYRILLIC.finditer(folded))
    if cyrillic <= sum(1 for _ in _LATIN.finditer(folded)):
        return Language.EN
    chechen = sum(1 for _ in _CHECHEN.finditer(folded))
    return Language.CE if chechen > _CHECHEN_SHARE * cyrillic else Language.RU


def capitals_of(sentences: Sequence[Sequence[Token]]) -> Capitals:
    """Whether a text is written with capitals, without, or all in them."""
    words = capital = inside = 0
    for sentence in sentences:
        for token in sentence:
            if token.text[0].isalpha():
                words += 1
                if token.text[0].isupper():
                    capital += 1
                    inside += not token.first
    if capital == 0 or capital > _SHOUTED * words:
        return Capitals.NONE
    return Capitals.DOUBTFUL if inside < _FEW * words else Capitals.SURE
