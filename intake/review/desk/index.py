"""Finds the items that hold certain words, whatever their spelling.

It keeps words and numbers of items, in memory alone, and is gone with the sitting that made it.
"""

import re
from array import array
from collections.abc import Iterator
from threading import Lock
from typing import Final

from intake.review.spelling import foldings

LONGEST: Final = 200  # characters of a search
WHOLE: Final = 2  # a shorter search than this finds whole words alone: as a part it is everywhere
# A word may go on after the end of its line: its two halves are also taken as one.
_BROKEN: Final = re.compile("\\S+[-\u00ad\u2010\u2011][^\\S\\n]*\\n\\s*\\S+")


class Index:
    """The words of each item, which is a number here. One thread may add while others search.

    Words are compared as `spelling` folds them, in every reading that it knows of each.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._places: dict[str, array[int]] = {}
        self._words, self._known = "", 0
        self._readings: dict[str, tuple[str, ...]] = {}

    def add(self, number: int, text: str) -> None:
        """Take in a text of an item; numbers never go down."""
        pieces = {*text.split(), *(match[0] for match in _BROKEN.finditer(text))}
        words = {word for piece in pieces for word in self._folded(piece)}
        with self._lock:
            for word in words:
                places = self._places.get(word)
                if places is None:
                    self._places[word] = array("I", (number,))
                elif places[-1] != number:
                    places.append(number)

    def settle(self) -> None:
        """Forget what only adding needs."""
        self._readings = {}

    def find(self, search: str) -> set[int]:
        """The items that hold all words of a search, each as a word or a part of one."""
        wanted = {tuple(word.text for word in folded.words()) for folded in foldings(search)}
        with self._lock:
            return {number for words in wanted if words for number in self._with_all(words)}

    def _with_all(self, words: tuple[str, ...]) -> set[int]:
        found: set[int] | None = None
        for word in sorted(set(words), key=len, reverse=True):
            here = self._with(word)
            found = here if found is None else found & here
            if not found:
                break
        return found or set()

    def _with(self, part: str) -> set[int]:
        found: set[int] = set()
        for places in self._lists(part):
            found.update(places)
        return found

    def _lists(self, part: str) -> Iterator["array[int]"]:
        if len(part) <= WHOLE:
            if part in self._places:
                yield self._places[part]
            return
        for word in self._words_with(part):
            yield self._places[word]

    def _words_with(self, part: str) -> Iterator[str]:
        """Every word of which it is a part: in one text with a word a line, which is searched in one go."""
        if self._known != len(self._places):
            self._words, self._known = "\n".join(self._places) + "\n", len(self._places)
        at = self._words.find(part)
        while at >= 0:
            end = self._words.index("\n", at)
            yield self._words[self._words.rfind("\n", 0, at) + 1 : end]
            at = self._words.find(part, end)

    def _folded(self, piece: str) -> tuple[str, ...]:
        # Most of a text is words that were met before, and folding goes letter by letter.
        known = self._readings.get(piece)
        if known is None:
            known = tuple({word.text for folded in foldings(piece) for word in folded.words()})
            self._readings[piece] = known
        return known
