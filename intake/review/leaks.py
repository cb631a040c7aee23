"""Finds what was removed wherever it still stands, however it is spelled or bent.

`redact --everywhere` and the check before an export both look with `remaining`, at the same pieces
of text: what the one refuses, the other takes out.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from intake.review.needles import Needles
from intake.review.redacting import TOKENS
from intake.review.spelling import foldings

_TOKEN = re.compile("|".join(map(re.escape, TOKENS.values())))


@dataclass(frozen=True)
class Find:
    """Whole words that hold something removed, in code points of a text, and its reason."""

    start: int
    end: int
    reason: str


def standing(text: str, needles: Needles) -> list[Find]:
    """What of the needles stands in `text`, by place.

    What fits in most letters takes its place first, and no two overlap.
    """
    candidates: list[tuple[int, int, Find]] = []
    for way, folded in enumerate(foldings(text)):
        for word in folded.words():
            match = needles.match(word)
            if match is not None:
                find = Find(*folded.place(word.start, word.end), match.reason)
                candidates.append((-match.strength, way, find))
        numbers = needles.phones(folded) if way == 0 else ()
        for start, end, reason in (*needles.phrases(folded), *numbers):
            find = Find(*folded.place(start, end), reason)
            candidates.append((start - end, way, find))
    candidates.sort(key=lambda c: (c[0], c[1], c[2].start))
    return _apart(len(text), (find for *_, find in candidates))


def _apart(length: int, candidates: Iterable[Find]) -> list[Find]:
    taken = bytearray(length)
    found: list[Find] = []
    for find in candidates:
        if not any(taken[find.start : find.end]):
            taken[find.start : find.end] = b"\x01" * (find.end - find.start)
            found.append(find)
    return sorted(found, key=lambda find: find.start)


def outside(text: str, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The pieces of `text` that lie between sorted spans, each with its offset."""
    at = 0
    for start, end in [*taken, (len(text), len(text))]:
        if start > at:
            yield at, text[at:start]
        at = max(at, end)


def clipped(places: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Of places that are sorted and apart, what lies between `start` and `end`."""
    first = bisect_left(places, start + 1, key=lambda place: place[1])
    for one, other in places[first:]:
        if one >= end:
            return
        yield max(one, start), min(other, end)


def pieces(text: str, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The pieces of `text` between sorted spans and between tokens, each with its offset.

    They are the same before the tokens of the spans were put in and after: no token holds the
    bracket of another, so none can be cut by one that the author typed.
    """
    for offset, piece in outside(text, taken):
        tokens = [match.span() for match in _TOKEN.finditer(piece)]
        for start, part in outside(piece, tokens):
            yield offset + start, part


def remaining(
    fields: Mapping[str, str], taken: Mapping[str, list[tuple[int, int]]], needles: Needles
) -> Iterator[tuple[str, Find]]:
    """What stands in the fields outside the spans taken: the field, and the place in it."""
    for path, text in fields.items():
        for offset, piece in pieces(text, taken.get(path, [])):
            for find in standing(piece, needles):
                yield path, Find(offset + find.start, offset + find.end, find.reason)
