"""What a rule finds in a reading: a place, what kind of thing it is, and the rule's name."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from intake.review.finding.reading import Reading
from intake.review.finding.span import Label


class Find(NamedTuple):
    """From `start` to before `end` of a reading."""

    start: int
    end: int
    label: Label
    reason: str
    confidence: float


Matter = Callable[[Reading, str], Iterator[Find]]


class Pattern:
    """Regular expressions over the folded text of a reading, each of whole words, and what they find.

    Where one has a group `it`, that is found, and the rest is only what must stand around it.
    """

    def __init__(self, label: Label, reason: str, confidence: float, *patterns: str) -> None:
        self._label, self._reason, self._confidence = label, reason, confidence
        self._patterns = [re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for pattern in patterns]

    def __call__(self, reading: Reading) -> Iterator[Find]:
        """Every place that one of the patterns fits."""
        for pattern in self._patterns:
            group = "it" if "it" in pattern.groupindex else 0
            for match in pattern.finditer(reading.text):
                start = match.start(group)
                if start < 0:
                    continue
                kept = match[group].strip(" \n-,.:")
                start += match[group].find(kept)
                end = start + len(kept)
                if start < end:
                    yield Find(start, end, self._label, self._reason, self._confidence)


class Words:
    """Single words that say something wherever they stand, in all their forms."""

    def __init__(
        self, label: Label, reason: str, confidence: float, words: Callable[[], frozenset[str]]
    ) -> None:
        self._label, self._reason, self._confidence = label, reason, confidence
        self._words = words

    def __call__(self, reading: Reading) -> Iterator[Find]:
        """Every word that is one of them."""
        known = self._words()
        for word in reading.words:
            if word.key in known:
                yield Find(word.start, word.end, self._label, self._reason, self._confidence)
