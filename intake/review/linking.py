"""Which entries of the register may be of one person or place, for a reviewer to decide: a hint and no more.

Entries are compared by how their spellings may be read in any of the alphabets and orthographies in which
accounts write them, and ranked by how alike they are. Nothing is joined here, and no hint leaves the case:
outputs are made without this module.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from intake.review.coding.register import Person, Register, Registered
from intake.review.finding.forms import forms_of
from intake.review.finding.orthography import readings
from intake.review.spelling import foldings

MOST: Final = 200  # hints on one page
LEAST: Final = 60.0  # of 100, under which two spellings are not shown as alike
_CROWD: Final = 60  # entries that share one word: with more of them it says nothing
_SLIP_LEAST: Final = 6  # sounds of a word in which one may be another
_WORD_LEAST: Final = 3  # letters of a word that counts

Pair = tuple[str, str]


@dataclass(frozen=True)
class Hint:
    """Two pseudonyms, the spellings in which they are alike, and how much so, from 0 to 100."""

    one: str
    other: str
    spelled: Pair = field(repr=False)
    score: float


def hints(register: Register, apart: Iterable[Pair] = (), *, people: bool = True) -> list[Hint]:
    """Pairs of people, or of places, that may be one, the most alike first.

    `apart` are those that somebody said are not: by any pseudonym that they ever had.
    """
    entries: Sequence[Registered] = [*(register.people if people else register.places)]
    settled = {_pair(register.now(one), register.now(other)) for one, other in apart}
    by_name = {entry.name: entry for entry in entries}
    found = list[Hint]()
    for one, other in sorted(_candidates(entries) - settled):
        hint = _best(by_name[one], by_name[other])
        if hint is not None:
            found.append(hint)
    return sorted(found, key=lambda hint: (-hint.score, hint.one, hint.other))


def alike(one: str, other: str) -> float:
    """How much two spellings are alike, from 0 to 100; 0 unless each word of the shorter has its like.

    Words are alike that share a form or a reading; where none is shared, those that differ in one sound.
    """
    ours, theirs = sorted((_words(one), _words(other)), key=len)
    if not ours:
        return 0.0
    matched: list[Pair] = []
    left = list(theirs)
    for word in ours:
        best = max(left, key=lambda their: _sound(word, their), default=None)
        if best is None or _sound(word, best) == 0.0:
            return 0.0
        left.remove(best)
        matched.append((word, best))
    sounds = [_shared(*pair) for pair in matched]
    short = " ".join(mine for mine, _ in sounds)
    long = " ".join([*(their for _, their in sounds), *map(_any, left)])
    return float(fuzz.token_sort_ratio(short, long))


def _candidates(entries: Sequence[Registered]) -> set[Pair]:
    by_key = dict[str, set[str]]()
    for entry in entries:
        for key in {key for name in entry.names for word in _words(name) for key in _keys(word)}:
            by_key.setdefault(key, set()).add(entry.name)
    crowds = (names for names in by_key.values() if 1 < len(names) <= _CROWD)
    return {pair for names in crowds for pair in combinations(sorted(names), 2)}


def _best(one: Registered, other: Registered) -> Hint | None:
    if isinstance(one, Person) and isinstance(other, Person) and one.of is not other.of:
        return None
    pairs = [(alike(a, b), (a, b)) for a in one.names for b in other.names]
    score, spelled = max(pairs, default=(0.0, ("", "")))
    return Hint(one.name, other.name, spelled, score) if score >= LEAST else None


def _words(spelling: str) -> list[str]:
    folded = foldings(spelling)[0]
    words = (spelling[slice(*folded.place(word.start, word.end))] for word in folded.words())
    return [word for word in words if len(word) >= _WORD_LEAST]


def _keys(word: str) -> Iterator[str]:
    yield from forms_of(word).keys
    for reading in readings(word):
        yield from _slips(reading)


def _slips(reading: str) -> set[str]:
    """A reading and it without one sound: two that differ in one share one of these."""
    if len(reading) < _SLIP_LEAST:
        return {f"d:{reading}"}
    return {f"d:{reading}", *(f"d:{reading[:i]}{reading[i + 1 :]}" for i in range(len(reading)))}


def _sound(one: str, other: str) -> float:
    """1 for words of one form or reading, 0.5 for those that one sound tells apart, else 0."""
    if not forms_of(one).keys.isdisjoint(forms_of(other).keys):
        return 1.0
    slips = {key for reading in readings(one) for key in _slips(reading)}
    return 0.5 if any(slips & _slips(reading) for reading in readings(other)) else 0.0


def _shared(one: str, other: str) -> Pair:
    """The readings in which two words are most alike."""
    pairs = ((a, b) for a in _all(one) for b in _all(other))
    return max(pairs, key=lambda pair: (fuzz.ratio(*pair), pair))


def _all(word: str) -> list[str]:
    keys = sorted(key[2:] for key in forms_of(word).keys if key.startswith("r:"))
    return keys or [word.lower()]


def _any(word: str) -> str:
    return _all(word)[0]


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)
