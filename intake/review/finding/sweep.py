"""What is left of a text for one last look: every word with a capital, whatever has a digit, and small words that no dictionary has.

It is what finds the names that nothing else found. Letters one by one and numbers in words are listed too. Where a text
has no capitals to go by, names that are ordinary words too are listed; a nickname that is a word of the dictionary stays
unlisted there, and whoever shows the list says so.
"""

# ruff: noqa: RUF001 - Cyrillic letters that look like Latin ones are meant to be

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from intake.review import leaks
from intake.review.finding import english, morphology
from intake.review.finding.lexicons.lexicon import Lexicon
from intake.review.finding.routing import Capitals, capitals_of
from intake.review.finding.span import Kind, Label, Span
from intake.review.finding.tokens import sentences
from intake.review.finding.told import told
from intake.review.spelling import NOTHING, foldings, letter_for_letter, trimmed

REASON: Final = "sweep"
CONFIDENCE: Final = 0.1
_TOKEN: Final = re.compile(r"\w+(?:[-\u2010\u2011'\u2019./:@]\w+)*")
_PART: Final = re.compile(r"[^\W\d_]+")
_LEAST: Final = 2  # letters of a small word that is looked up
_SHORT_WORDS: Final = (
    "км мм см кг мг гр мл га шт ул пр пл др тд тп те тк тн ст гг вв рф чр рд св им ну вс ок ой ай эй ах ох эх ух ха хе хи хм "
    "am pm km cm mm kg st nd rd th no nr mr ms dr vs eg ie ok oh ah ha id tv eu uk us un re ve ll"
)
_SHORT: Final = frozenset(_SHORT_WORDS.split())  # in no dictionary, and yet nobody's name
_ENDS: Final = frozenset(".!?…")


@dataclass(frozen=True)
class Left:
    """One string that is left, however often; `places` are (field, start, end), in order.

    `opening` says that each of them begins a sentence, where most words with a capital are nobody's name.
    """

    key: str
    places: tuple[tuple[str, int, int], ...]
    opening: bool


def swept(text: str, taken: Iterable[tuple[int, int]] = ()) -> list[Span]:
    """Every such word outside the sorted places that are taken, in order.

    A word is also what letters of an alphabet without capitals make: there, nothing tells names apart.
    """
    return [
        Span(start, end, Label.MISC, Kind.SWEEP, REASON, CONFIDENCE)
        for start, end in _places(text, taken)
    ]


def _places(text: str, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    silent = capitals_of(list(sentences(text))) is not Capitals.SURE
    for offset, piece in leaks.outside(text, taken):
        words = (
            match.span()
            for match in _TOKEN.finditer(piece)
            if any(map(_tells, match[0])) or _is_strange(match[0], names_too=silent)
        )
        for start, end in _apart([*told(piece), *words]):
            yield offset + start, offset + end


def _apart(places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places in order; what overlaps a longer one that began no later is part of it."""
    done = 0
    for start, end in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= done:
            yield start, end
            done = end


def _is_strange(typed: str, *, names_too: bool) -> bool:
    """Whether a word in small letters, or a part of it, is in no dictionary, or a given name as well as a word."""
    for part in _PART.findall(letter_for_letter(typed).replace(NOTHING, "")):
        if len(part) < _LEAST or part in _SHORT:
            continue
        ascii_too = part.isascii()
        known = english.is_ordinary(part) if ascii_too else morphology.is_ordinary(part)
        if not known or (names_too and _may_be_name(part)):
            return True
    return False


def _may_be_name(word: str) -> bool:
    if word.isascii():
        return not english.is_usual(word) and english.is_given_name(word)
    return not morphology.is_little(word) and (
        morphology.is_name(word) or Lexicon.shared().chechen_names.has(word)
    )


def _tells(character: str) -> bool:
    # Georgian has capitals in Unicode, and writes names without them.
    georgian = "\u10d0" <= character <= "\u10ff"
    uncased = character.isalpha() and (georgian or character.lower() == character.upper())
    return character.isupper() or character.istitle() or character.isnumeric() or uncased


def left_over(
    texts: Iterable[tuple[str, str]], taken: dict[str, list[tuple[int, int]]]
) -> list[Left]:
    """What is left of fields, one row for each distinct string; what only opens sentences comes last."""
    places = dict[str, list[tuple[str, int, int]]]()
    opening = dict[str, bool]()
    for path, text in texts:
        for start, end in _places(text, taken.get(path, [])):
            key = plain(text[start:end])
            places.setdefault(key, []).append((path, start, end))
            opening[key] = opening.get(key, True) and _opens(text, start, end)
    found = [Left(key, tuple(where), opening[key]) for key, where in places.items()]
    return sorted(found, key=lambda one: one.opening)


def plain(words: str) -> str:
    """By what two strings are one here: no case, ё or palochka tells them apart."""
    return trimmed(foldings(words)[0].text) or words


def _opens(text: str, start: int, end: int) -> bool:
    """Whether a word with a small rest and no digit begins a text, a line or a sentence."""
    word = text[start:end]
    if any(map(_tells, word[1:])) or not word[0].isupper():
        return False
    row = text.rfind("\n", max(0, start - 200), start) + 1
    before = text[max(row, start - 200) : start].rstrip(" \t\"'«“„(-\u2013\u2014•")
    return not before or before[-1] in _ENDS
