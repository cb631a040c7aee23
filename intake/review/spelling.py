"""The one spelling in which texts are compared, and where in a text each letter of it came from.

Two spellings are one here if they differ in case, in accents and the dots of `ё`, in white space,
in letters of two alphabets that look alike, in the typed form of palochka, in a word broken at the
end of a line, or in characters that are drawn as nothing.
"""

# ruff: noqa: RUF001, RUF002 - letters that look like others are the matter of this module

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from intake.review.known_words import known_words
from intake.visible import seen

NOTHING = "\ufdd0"  # what is drawn as nothing, where a folding may not get shorter
PALOCHKA = "\u04cf"
_TATWEEL = "\u0640"
_TYPED = "\u04c0\u04cf\u0406\u0456\u0131\u2160\u2170\uff11\u4e28\u01c0\u2223\uff5cIil1|!"
_CYRILLIC = "\u0400-\u0405\u0407-\u0455\u0457-\u04bf\u04c1-\u04ce\u04d0-\u052f"
_AS_PALOCHKA = re.compile(rf"(?<=[{_CYRILLIC}])[{_TYPED}]|[{_TYPED}](?=[{_CYRILLIC}])")
# What may stand inside a word: a hyphen where the line ends, an apostrophe, a slash.
_GLUE = re.compile(
    r"(?<=[^\W_])(?:[-\u00ad\u2010\u2011][^\S\n]*\n\s*|['\u2018\u2019\u02bc`\u00b4/])(?=[^\W_])"
)
_BROKEN = re.compile(r"(?<=[^\W_])[-\u00ad\u2010\u2011][^\S\n]*\n\s*(?=[^\W_])")
_WORD = re.compile(r"[^\W_]+")
_LOOK_ALIKE = str.maketrans(
    "abcehkmoptxy03" + "αεηκμορτυχ" + "і",
    "авсенкмортху" + "оз" + "аенкмортух" + "i",
)
_LATIN, _SHAPES = "abcehkmoptxy", "авсенкмортху"
AS_CYRILLIC: Final = str.maketrans(_LATIN, _SHAPES)
AS_LATIN: Final = str.maketrans(_SHAPES, _LATIN)
"""Letters of one alphabet as those of the other that have their shape, whatever their sound is."""
_SOUND = "а-яґєії\u0450-\u052f"  # Cyrillic letters in lower case
_CLEAR_PALOCHKA = re.compile(
    rf"(?<=[{_SOUND}])[\u0406\u0456il|\u01c0\u2223]|(?<=[{_SOUND}])[1!](?=[{_SOUND}])"
    rf"|[il|\u01c0\u2223](?=[{_SOUND}])"
)
_SEAM = re.compile(f"[a-z][{_SOUND}]|[{_SOUND}][a-z]")
_CLEARLY_CYRILLIC = re.compile(f"(?![авсенкмортхуі{PALOCHKA}])[{_SOUND}]")
_TO_LATIN = str.maketrans(_SHAPES + "і" + PALOCHKA, _LATIN + "il")
_FIXED = {
    "\0": "\0",
    **dict.fromkeys("йЙ", "й"),
    **dict.fromkeys("\u04c0\u04cf", PALOCHKA),
    **dict.fromkeys("\u2018\u2019\u02bc`\u00b4\u02bb", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f«»\u2039\u203a", '"'),
    **dict.fromkeys("\u2212\u2043", "-"),
    **dict.fromkeys("\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n"),
}
_BREVE = "и\u0306", "И\u0306"


@dataclass(frozen=True)
class Word:
    """A run of letters and digits: from `start` to `end` in the folded text.

    `text` is what is compared; `plain` still tells look-alike letters apart.
    """

    text: str
    plain: str
    start: int
    end: int


@dataclass(frozen=True)
class Folded:
    """A text in the spelling in which texts are compared.

    `plain` still tells look-alike letters apart, letter for letter as long as `text`. `starts[i]`
    and `ends[i]` bound, in the text itself, what gave the letter `text[i]`.
    """

    text: str
    plain: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str, *, palochka: bool, glued: bool) -> "Folded":
        """Fold `text`.

        With `palochka`, what may be one counts as one; with `glued`, what may stand inside a word
        is dropped. Which is meant, nobody knows: in "Ахмед!" the mark only ends a sentence.
        """
        typed = {match.start() for match in _AS_PALOCHKA.finditer(text)} if palochka else ()
        dropped = (
            {i for match in _GLUE.finditer(text) for i in range(*match.span())} if glued else ()
        )
        letters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for i, character in enumerate(text):
            folded = PALOCHKA if i in typed else "" if i in dropped else _plain(character)
            if not folded or (folded == " " and letters and letters[-1] == " "):
                # Drawn as nothing, a mark on the letter before, or more white space: belongs there.
                if ends:
                    ends[-1] = i + 1
                continue
            letters.extend(folded)
            starts.extend(i for _ in folded)
            ends.extend(i + 1 for _ in folded)
        plain = "".join(letters)
        return cls(plain.translate(_LOOK_ALIKE), plain, tuple(starts), tuple(ends))

    def words(self) -> Iterator[Word]:
        """Every run of letters and digits."""
        for match in _WORD.finditer(self.text):
            start, end = match.span()
            yield Word(match[0], self.plain[start:end], start, end)

    def is_edge(self, at: int) -> bool:
        """Whether no word runs across this place of the folded text."""
        inside = 0 < at < len(self.text)
        return not (inside and self.text[at - 1].isalnum() and self.text[at].isalnum())

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text itself of the whole words that a stretch of this one touches."""
        while not self.is_edge(start):
            start -= 1
        while not self.is_edge(end):
            end += 1
        return self.starts[start], self.ends[end - 1]


def foldings(text: str) -> tuple[Folded, ...]:
    """Every way to fold `text` that differs: the plain one first, then what may be meant."""
    palochka = (False, True) if _AS_PALOCHKA.search(text) else (False,)
    glued = (False, True) if _GLUE.search(text) else (False,)
    return tuple(Folded.of(text, palochka=p, glued=g) for p in palochka for g in glued)


def letter_for_letter(text: str) -> str:
    """`text` folded without getting longer or shorter: what stands at i is what `text` has there.

    Small letters without accents (й stays), digits 0 to 9, one hyphen, one quotation mark, one
    space; a clear palochka is one; letters of another alphabet inside a word are those of its own.
    What is drawn as nothing is `NOTHING`.
    """
    for decomposed in _BREVE:
        text = text.replace(decomposed, f"й{NOTHING}")
    text = text.translate(_SAME_LENGTH)
    if _SEAM.search(text):
        text = _WORD.sub(lambda match: _of_one_alphabet(match[0]), text)
    return _CLEAR_PALOCHKA.sub(PALOCHKA, text)


def _of_one_alphabet(word: str) -> str:
    if not _SEAM.search(word):
        return word
    cyrillic = _CLEARLY_CYRILLIC.search(word) is not None
    return word.translate(AS_CYRILLIC if cyrillic else _TO_LATIN)


class _SameLength(dict[int, int]):
    """Each code point and the one that stands for it; learnt as texts need them."""

    def __missing__(self, code: int) -> int:
        self[code] = found = ord(_one_for_one(chr(code)))
        return found


def _one_for_one(character: str) -> str:
    if character in _FIXED:
        return _FIXED[character]
    if character.isspace():
        return " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Pd":
        return "-"
    if unicodedata.combining(character) or not seen(character):
        return NOTHING
    plain = unicodedata.normalize("NFKD", character.lower())
    letters = [c.lower() for c in plain if not unicodedata.combining(c)]
    return letters[0] if len(letters) == 1 and len(letters[0]) == 1 else character


_SAME_LENGTH = _SameLength()


def unbroken(text: str) -> str:
    """`text` with the words in one that a hyphen parts at the end of a line.

    What goes on with a capital, as Урус-Мартан, stays parted: those may be two names.
    """
    return _BROKEN.sub(lambda m: m[0] if text[m.end()].isupper() else "", text)


def with_palochka(text: str) -> str:
    """`text` with a palochka for each sign that may have been typed for one: beside a Cyrillic letter."""
    return _AS_PALOCHKA.sub(PALOCHKA, text)


def trimmed(folded: str) -> str:
    """Without what is no letter or digit at both ends."""
    inside = [i for i, c in enumerate(folded) if c.isalnum()]
    return folded[inside[0] : inside[-1] + 1] if inside else ""


@known_words(4096)
def _plain(character: str) -> str:
    if character.isspace():
        return " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(
        c for c in plain if not unicodedata.combining(c) and c != _TATWEEL and seen(c)
    ).strip()
