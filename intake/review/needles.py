"""What must stand nowhere once it was taken out, ready to be compared with every word of a text.

Looking up a word, a phrase or a number costs the same whether one string was removed or thousands.
"""

# ruff: noqa: RUF001, RUF002 - letters that look like others are the matter of this module

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from intake.review.endings import (
    FOLDED,
    FREE_LEAST,
    FREE_MOST,
    ROMANISED,
    SILENT,
    STEM_LEAST,
    Grammar,
    fleeting,
    romanised,
)
from intake.review.spelling import AS_CYRILLIC, AS_LATIN, Folded, Word, foldings, trimmed, unbroken

WHOLE_LEAST = 2  # characters of a removed string that is looked for at all
ANYWHERE_LEAST = 5  # letters or digits of what is looked for inside longer words too
PHONE_LEAST, PHONE_MOST = 7, 10  # digits by which a number is known: its last ones
NAME_MOST = 12  # words of a text of which also those without a capital are looked for
NAMES = frozenset({"person", "family", "third", "helper", "place"})
_PEOPLE = frozenset({"person", "family", "third"})
_ORDINARY_WORDS = (
    "он она оно они мы вы ты но на не ни по из за до от об во со ко же бы то это этот эта эти как"
    " что где кто так там тут вот его ему её ее их им нас нам вас вам мне меня мой моя мои был была"
    " было были для при под над без или если когда тогда потом после перед через между здесь"
    " который которая которые"
    " the he she it his her him they them their we us our you your my me and or but not was were is"
    " are in on at of to by for from with then when after before there here this that who"
)
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z]")

Shelved = dict[str, dict[int, dict[str, str]]]


@dataclass(frozen=True)
class Match:
    """How many letters fitted, and the reason for which they were removed."""

    strength: int
    reason: str


def _shelve(shelf: Shelved, needle: str, reason: str) -> None:
    by_length = shelf.setdefault(needle[:ANYWHERE_LEAST], {})
    by_length.setdefault(len(needle), {}).setdefault(needle, reason)


def _shelved(shelf: Shelved, text: str) -> Iterator[tuple[int, int, str]]:
    """Where a shelved needle begins in `text`, the longest first: start, end, reason."""
    for start in range(len(text) - ANYWHERE_LEAST + 1):
        by_length = shelf.get(text[start : start + ANYWHERE_LEAST])
        for length in sorted(by_length or (), reverse=True):
            reason = by_length[length].get(text[start : start + length]) if by_length else None
            if reason is not None:
                yield start, start + length, reason


class _Names:
    """Words in one alphabet, and what else counts as one of them."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._whole: dict[str, str] = {}
        self._free: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._parts: Shelved = {}

    def add(self, word: str, reason: str, *, bent: bool) -> None:
        """Look for `word`; where `bent`, for its other forms too."""
        self._whole.setdefault(word, reason)
        for part in {word, self._grammar.stem(word)} if bent else {word}:
            if len(part) >= ANYWHERE_LEAST:
                _shelve(self._parts, part, reason)
        if bent:
            for stem in self._grammar.stems(word):
                if len(stem) >= STEM_LEAST:
                    stems = self._free if len(stem) >= FREE_LEAST else self._short
                    stems.setdefault(stem, reason)
            for form in self._grammar.forms(word):
                self._whole.setdefault(form, reason)

    def match(self, word: str) -> Match | None:
        """What `word` is a form of.

        1. the same word; 2. one that begins with a stem of four letters or more and goes on by
        four at most; 3. a stem of three letters and an ending; 4. the same but for a fleeting
        vowel; 5. one that a word or a stem of five letters or more stands in.
        """
        # (1)
        if word in self._whole:
            return Match(len(word), self._whole[word])
        # (2)
        for length in range(len(word), max(FREE_LEAST, len(word) - FREE_MOST) - 1, -1):
            reason = self._free.get(word[:length])
            if reason is not None:
                return Match(length, reason)
        # (3)
        reason = self._short.get(word[:STEM_LEAST])
        if reason is not None and word[STEM_LEAST:] in self._grammar.after_short:
            return Match(STEM_LEAST, reason)
        # (4)
        stem = fleeting(self._grammar.stem(word))
        reason = self._free.get(stem) or self._short.get(stem)
        if reason is not None:
            return Match(len(stem), reason)
        # (5)
        inside = max(_shelved(self._parts, word), key=lambda m: m[1] - m[0], default=None)
        return Match(inside[1] - inside[0], inside[2]) if inside else None


@dataclass
class Needles:
    """Removed strings, each with its reason; `add` more at any time."""

    _same: _Names = field(default_factory=lambda: _Names(FOLDED))
    _from_cyrillic: _Names = field(default_factory=lambda: _Names(ROMANISED))
    _from_latin: _Names = field(default_factory=lambda: _Names(ROMANISED))
    _phrases: Shelved = field(default_factory=dict[str, dict[int, dict[str, str]]])
    _short_phrases: dict[str, str] = field(default_factory=dict[str, str])
    _phones: dict[str, str] = field(default_factory=dict[str, str])
    _known: dict[tuple[str, str], Match | None] = field(
        default_factory=dict[tuple[str, str], Match | None]
    )

    @classmethod
    def of(cls, removed: Iterable[tuple[str, str]]) -> Self:
        """From removed strings and their reasons."""
        needles = cls()
        for text, reason in removed:
            needles.add(text, reason)
        return needles

    def add(self, removed: str, reason: str) -> None:
        """Look for `removed` from now on.

        1. for the whole, without the punctuation around it, if it has at least 2 characters;
        2. for its names and numbers: see `_is_name`;
        3. for every run of 7 digits or more in it, by its last 10 and its last 7.
        """
        self._known.clear()
        # A hyphen at a line's end may break a word, or stand between two: look for both.
        for text in dict.fromkeys((unbroken(removed), removed)):
            self._add(text, reason)

    def _add(self, removed: str, reason: str) -> None:
        for folded in foldings(removed):
            # (1)
            whole, words = trimmed(folded.text), list(folded.words())
            alone = len(words) == 1 and words[0].text == whole
            if len(whole) >= WHOLE_LEAST and not alone:
                self._add_phrase(whole, reason)
            # (2)
            for word in words:
                typed = removed[folded.starts[word.start] : folded.ends[word.end - 1]]
                if alone or _is_name(typed, reason, len(words)):
                    self._add_word(word, reason, bent=_is_bent(typed, word, reason))
        # (3)
        digits, _ = _digits(foldings(removed)[0])
        for run in digits.split("-"):
            for length in (PHONE_MOST, PHONE_LEAST) if len(run) >= PHONE_LEAST else ():
                self._phones.setdefault(run[-length:], reason)

    def _add_phrase(self, whole: str, reason: str) -> None:
        if len(whole) >= ANYWHERE_LEAST:
            _shelve(self._phrases, whole, reason)
        else:
            self._short_phrases.setdefault(whole, reason)

    def _add_word(self, word: Word, reason: str, *, bent: bool) -> None:
        for text in {word.text, _without_silent(word)}:
            if len(text) >= WHOLE_LEAST:
                self._same.add(text, reason, bent=bent)
        for latin in _sounds(word.plain):
            if len(latin) < STEM_LEAST:
                continue
            cyrillic = _CYRILLIC.search(word.plain) is not None
            names = self._from_cyrillic if cyrillic else self._from_latin
            names.add(latin, reason, bent=bent)

    def match(self, word: Word) -> Match | None:
        """What a word of a text is a form of, or None."""
        key = word.text, word.plain
        if key not in self._known:
            found = [match for match in self._matches(word) if match]
            self._known[key] = max(found, key=lambda match: match.strength, default=None)
        return self._known[key]

    def _matches(self, word: Word) -> Iterator[Match | None]:
        for text in {word.text, _without_silent(word), _without_digits(word)}:
            yield self._same.match(text)
        for latin in _sounds(word.plain):
            if len(latin) < STEM_LEAST:
                continue
            yield self._from_latin.match(latin)
            if _LATIN.search(word.plain):
                yield self._from_cyrillic.match(latin)

    def phrases(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        """Where something of several words stands: start and end in the folded text, reason."""
        text = folded.text
        for start, end, reason in _shelved(self._phrases, text) if self._phrases else ():
            letters = sum(c.isalnum() for c in text[start:end])
            whole = folded.is_edge(start) and folded.is_edge(end)
            if whole or letters >= ANYWHERE_LEAST:
                yield start, end, reason
        for start in range(len(text)) if self._short_phrases else ():
            for end in range(start + WHOLE_LEAST, min(start + ANYWHERE_LEAST, len(text) + 1)):
                reason = self._short_phrases.get(text[start:end], "")
                if reason and folded.is_edge(start) and folded.is_edge(end):
                    yield start, end, reason

    def phones(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        """Where the last digits of a removed number stand, whatever is between but a letter."""
        if not self._phones:
            return
        digits, places = _digits(folded)
        for length in range(PHONE_LEAST, PHONE_MOST + 1):
            for at in range(len(digits) - length + 1):
                reason = self._phones.get(digits[at : at + length])
                if reason is not None:
                    yield places[at], places[at + length - 1] + 1, reason


def _sounds(plain: str) -> set[str]:
    """A word in coarse Latin letters; one of two alphabets also as if all were of the one or the other.

    In "Pамзaн" a Latin P stands for the Cyrillic letter of its shape, in "Нusein" a Cyrillic one for H.
    """
    readings = {plain}
    if _CYRILLIC.search(plain) and _LATIN.search(plain):
        readings |= {plain.translate(AS_CYRILLIC), plain.translate(AS_LATIN)}
    return {romanised(reading) for reading in readings}


def _without_silent(word: Word) -> str:
    """Without the letters that many leave out; of a short word too little would stay."""
    kept = "".join(c for c in word.text if c not in SILENT)
    return kept if len(kept) >= FREE_LEAST else word.text


def _without_digits(word: Word) -> str:
    """Ахмед1, 2Ахмед: a name with digits around it is a name still."""
    before = len(word.plain) - len(word.plain.lstrip("0123456789"))
    return word.text[before : len(word.plain.rstrip("0123456789"))]


def is_ordinary(word: str) -> bool:
    """Whether it is a pronoun or the like, which is nobody's name and is looked for nowhere."""
    return word.casefold() in _ORDINARY


def _is_name(typed: str, reason: str, words: int) -> bool:
    """Whether a word inside a removed string is looked for alone.

    With a digit from 4 characters; with a capital from 3, or 2 of a person; and where a person or
    a place was removed, and not a story of more than 12 words, any from 4. Pronouns and the like
    never are.
    """
    if is_ordinary(typed):
        return False
    letters = [c for c in typed if c.isalnum()]
    capital = any(c.isupper() for c in letters)
    # Many alphabets have no capitals: there, all words of a name count as if they had one.
    uncased = reason in NAMES and typed.upper() == typed.lower() and not typed.isdigit()
    if capital or uncased:
        return len(letters) >= (2 if reason in _PEOPLE else 3)
    return len(letters) >= 4 and (
        any(c.isdigit() for c in letters) or (reason in NAMES and words <= NAME_MOST)
    )


def _is_bent(typed: str, word: Word, reason: str) -> bool:
    """Whether a word has other forms: letters alone, and long enough for what it is."""
    named = reason in NAMES or any(c.isupper() for c in typed)
    least = STEM_LEAST if named else FREE_LEAST
    return word.plain.isalpha() and len(word.plain) >= least and typed.casefold() not in _ORDINARY


def _digits(folded: Folded) -> tuple[str, list[int]]:
    """The digits of a text, a "-" for each letter between them, and where each stands."""
    kept = [(c, i) for i, c in enumerate(folded.plain) if c in "0123456789" or c.isalpha()]
    return "".join(c if c.isdigit() else "-" for c, _ in kept), [i for _, i in kept]
