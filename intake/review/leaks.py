"""Finds what was removed wherever it still stands, however it is spelled.

Two spellings are one here if they differ in case, in accents and the dots of `ё`, in white space,
in the typed form of palochka, or in characters that are drawn as nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from intake.review.showing import seen

WHOLE_LEAST = 2  # characters of a removed string that is looked for at all
WORD_LEAST = 4  # letters or digits of a single word that is looked for alone

_PALOCHKA = "\u04cf"
_PALOCHKA_TYPED = frozenset("\u04c0\u04cf\u0406\u0456Iil1|!")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Folded:
    """A text in the one spelling in which texts are compared, and where each letter came from.

    `starts[i]` and `ends[i]` bound, in the text itself, what gave the letter `text[i]`.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str, *, palochka: bool) -> "Folded":
        """Fold `text`.

        With `palochka`, what may be one counts as one. A caller looks with and without: in
        "Ахмед!" the mark only ends a sentence.
        """
        letters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for i, character in enumerate(text):
            typed = palochka and character in _PALOCHKA_TYPED and _beside_cyrillic(text, i)
            folded = _PALOCHKA if typed else _plain(character)
            if not folded or (folded == " " and letters and letters[-1] == " "):
                # Drawn as nothing, a mark on the letter before, or more white space: belongs there.
                if ends:
                    ends[-1] = i + 1
                continue
            letters.extend(folded)
            starts.extend(i for _ in folded)
            ends.extend(i + 1 for _ in folded)
        return cls("".join(letters), tuple(starts), tuple(ends))

    def find(self, needle: str) -> Iterator[tuple[int, int]]:
        """Every place in the text itself where the folded `needle` stands as whole words."""
        at = self.text.find(needle)
        while at >= 0:
            end = at + len(needle)
            if self._edge(at) and self._edge(end):
                yield self.starts[at], self.ends[end - 1]
                at = self.text.find(needle, end)
            else:
                at = self.text.find(needle, at + 1)

    def _edge(self, at: int) -> bool:
        """Whether no word runs across this place."""
        inside = 0 < at < len(self.text)
        return not (inside and self.text[at - 1].isalnum() and self.text[at].isalnum())


@lru_cache(4096)
def _plain(character: str) -> str:
    if character.isspace():
        return " "
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c) and seen(c)).strip()


def _beside_cyrillic(text: str, i: int) -> bool:
    beside = text[max(0, i - 1) : i] + text[i + 1 : i + 2]
    return any("\u0400" <= c <= "\u052f" and c not in _PALOCHKA_TYPED for c in beside)


def needles(removed: str) -> frozenset[str]:
    """What must stand nowhere once `removed` was taken out, folded.

    The whole string without the punctuation around it, if it has at least 2 characters; and those
    of its words that have at least 4 and carry a capital or a digit: names and numbers.
    """
    words = [
        word
        for word in _WORD.findall(removed)
        if len(word) >= WORD_LEAST and any(c.isupper() or c.isdigit() for c in word)
    ]
    candidates = (
        _trimmed(Folded.of(text, palochka=palochka).text)
        for text in (removed, *words)
        for palochka in (False, True)
    )
    return frozenset(needle for needle in candidates if len(needle) >= WHOLE_LEAST)


def _trimmed(folded: str) -> str:
    inside = [i for i, c in enumerate(folded) if c.isalnum()]
    return folded[inside[0] : inside[-1] + 1] if inside else ""


def standing(text: str, wanted: Iterable[str]) -> list[tuple[int, int, str]]:
    """Where folded needles stand in `text`: start, end, needle.

    The longest take their place first, and no two overlap.
    """
    foldings = [Folded.of(text, palochka=palochka) for palochka in (False, True)]
    found: list[tuple[int, int, str]] = []
    taken = bytearray(len(text))
    for needle in sorted(wanted, key=lambda n: (-len(n), n)):
        for start, end in sorted({place for f in foldings for place in f.find(needle)}):
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append((start, end, needle))
    return sorted(found)


def outside(text: str, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The pieces of `text` that lie between sorted spans, each with its offset."""
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        if start > at:
            yield at, text[at:start]
        at = max(at, end)


def remaining(
    fields: Mapping[str, str],
    taken: Mapping[str, list[tuple[int, int]]],
    wanted: Iterable[str],
) -> Iterator[tuple[str, int, int, str]]:
    """Where needles stand in the fields outside the spans taken: field, start, end, needle."""
    wanted = list(wanted)
    for path, text in fields.items():
        for offset, piece in outside(text, taken.get(path, [])):
            for start, end, needle in standing(piece, wanted):
                yield path, offset + start, offset + end, needle
