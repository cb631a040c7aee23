"""A text as rules and word lists read it: one spelling, its words, and the way back to its places."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from intake.review.spelling import NOTHING, letter_for_letter

_BLANK = re.compile(r"[^\S\n ]")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters and digits: its place in the reading, and how it is read."""

    start: int
    end: int
    key: str


@dataclass(frozen=True)
class Reading:
    """What is read is `text`: folded letter for letter, without what is drawn as nothing.

    `typed` is the same as it was written, but that a blank is one, and as long as `text`; `places` is None where nothing was left
    out, and else says where in the original each character stands, with one more for the end.
    """

    text: str
    typed: str
    places: tuple[int, ...] | None

    @classmethod
    def of(cls, original: str) -> Self:
        """Read `original`; any string will do."""
        folded = letter_for_letter(original)
        original = _BLANK.sub(" ", original)
        if NOTHING not in folded:
            return cls(folded, original, None)
        kept = [i for i, character in enumerate(folded) if character != NOTHING]
        text = "".join(map(folded.__getitem__, kept))
        typed = "".join(map(original.__getitem__, kept))
        return cls(text, typed, (*kept, len(original)))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Every run of letters and digits, in order."""
        return tuple(Word(*m.span(), m[0]) for m in _WORD.finditer(self.text))

    @cached_property
    def is_cased(self) -> bool:
        """Whether capitals say something here: some words begin with one, and most do not."""
        letters = [word for word in self.words if self.text[word.start].isalpha()]
        capital = sum(self.typed[word.start].isupper() for word in letters)
        return len(letters) < 60 * capital and 3 * capital < 2 * len(letters)

    def is_capital(self, word: Word) -> bool:
        """Whether a word was written with a capital."""
        return self.typed[word.start].isupper()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original a stretch of the reading stands, with the marks on its last letter."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end]
