"""The Russian dictionary, pymorphy3's of OpenCorpora: what a word may be. Loaded once a process, for all who look words up."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Protocol, cast


class Tag(Protocol):
    """What a dictionary says of a reading: `POS` is its part of speech, or None."""

    POS: str | None
    grammemes: frozenset[str]


class Parse(Protocol):
    """One reading of a word; `is_known` says that it is no guess."""

    word: str
    normal_form: str
    is_known: bool
    tag: Tag

    @property
    def lexeme(self) -> Sequence["Parse"]:
        """The same reading in all its forms."""
        ...


class Dictionary(Protocol):
    """What of pymorphy3's analyser is used here; it has no types of its own."""

    def parse(self, word: str) -> Sequence[Parse]:
        """Every reading of a word, the likeliest first: guesses too where it is not known."""
        ...

    def word_is_known(self, word: str) -> bool:
        """Whether the dictionary has the word itself."""
        ...


@cache
def dictionary() -> Dictionary:
    """The one of this process: half a second and some 30 MB the first time, so never before a text is looked at."""
    return cast("Dictionary", import_module("pymorphy3").MorphAnalyzer(lang="ru"))
