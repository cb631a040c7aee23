"""By what a word is known again in another case, number or alphabet.

Every reading that the dictionary gives a word counts, never the likeliest alone: of a Chechen name in a
Russian case the first guess is right in five of six, and one of all guesses nearly always. Source:
redaction.md 4, measured on 152 forms.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from intake.review.endings import CHECHEN, FOLDED, Grammar
from intake.review.finding import english
from intake.review.finding.dictionary import Parse, dictionary
from intake.review.finding.orthography import LONGEST, readings
from intake.review.known_words import known_words
from intake.review.spelling import PALOCHKA, foldings, with_palochka

STEM_LEAST: Final = 4  # letters of a stem that says something in a word no dictionary has
SOUND_LEAST: Final = 3  # letters of a reading that may be bent
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_LATIN: Final = re.compile("[a-z]")
_NAMES: Final = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn"})
_NOUNS: Final = frozenset({"NOUN", "ADJF"})
_AS_CYRILLIC: Final = str.maketrans("abcehkmoptxy03", "авсенкмортхуоз")


@dataclass(frozen=True)
class Forms:
    """A word's keys: words that share one may be forms of one name.

    `ordinary` says that a dictionary has it as a word that is nobody's name, `named` that it has it as a
    name, or that it does not know it; of a word in Latin letters no dictionary here says that it is none.
    """

    keys: frozenset[str]
    ordinary: bool
    named: bool


_NONE: Final = Forms(frozenset(), ordinary=False, named=False)


@known_words(65_536)
def forms_of(word: str) -> Forms:
    """The forms of one word as it was typed, capitals or not; none for over 40 letters."""
    typed = unicodedata.normalize("NFC", with_palochka(word).lower())
    bare = "".join(c for c in typed if c.isalnum())
    if not 2 <= len(bare) <= LONGEST:
        return _NONE
    if _CYRILLIC.search(bare):
        return _of_cyrillic(bare.translate(_AS_CYRILLIC) if _LATIN.search(bare) else bare)
    if not bare.isalpha():
        return Forms(frozenset({f"w:{_folded(bare)}"}), ordinary=False, named=True)
    plural = bare.endswith("s") and len(bare) > STEM_LEAST
    keys = _keys({bare, bare[:-1]} if plural else {bare})
    return Forms(keys, ordinary=english.is_usual(bare), named=True)


def _of_cyrillic(bare: str) -> Forms:
    plain = "".join(c for c in bare if c != PALOCHKA)
    parses = dictionary().parse(plain) if plain.isalpha() else list[Parse]()
    known = any(one.is_known for one in parses)
    names = [one for one in parses if _NAMES & set(one.tag.grammemes)]
    nouns = [one for one in parses if one.tag.POS in _NOUNS]
    others = [one for one in parses if one.is_known and one not in names]
    if known and not nouns:
        # A verb or the like, and all the same some place's or person's name: Ведено, Лечи.
        return Forms(_keys({plain}), ordinary=True, named=False)
    bases = {one.normal_form for one in (*names, *nouns)} | {plain}
    keys = _keys(bases)
    if not known:
        keys |= _stems(bare)
    return Forms(keys, ordinary=bool(others), named=bool(names) or not known)


def _keys(bases: set[str]) -> frozenset[str]:
    sounds = {f"r:{one}" for base in bases for one in readings(base) if len(one) >= SOUND_LEAST}
    return frozenset(sounds | {f"w:{_folded(base)}" for base in bases})


def _stems(bare: str) -> frozenset[str]:
    """What stays of a word that no dictionary has without a Russian or a Chechen ending."""
    folded = _folded(bare)
    grammars: tuple[Grammar, ...] = (FOLDED, CHECHEN)
    stems = {folded, *(grammar.stem(folded) for grammar in grammars)}
    return frozenset(f"s:{stem}" for stem in stems if len(stem) >= STEM_LEAST)


def _folded(word: str) -> str:
    return "".join(c for c in foldings(word)[0].text if c.isalnum())
