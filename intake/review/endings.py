"""Forms of one name: Russian and Chechen case endings, English plurals, and Latin letters for Cyrillic ones.

It knows no grammar: it cuts what looks like an ending, and rather takes too much for one name.
"""

# ruff: noqa: RUF001, RUF002 - letters that look like others are the matter of this module

import re

from intake.review.spelling import PALOCHKA, foldings

STEM_LEAST = 3  # letters that stay when an ending is cut
FREE_LEAST = 4  # letters of a stem that may go on in any way
FREE_MOST = 4  # letters by which it may go on
SILENT = (PALOCHKA, "ъ", "ь")  # often left out

_CASES = (
    "а у ы и е о я ю ь й ой ей ою ею ом ем ам ям ах ях ых их ым им ый ий ая яя ое ее ую юю ые ие"
    " ье ью ьи ья ия ии ию ьей ьею ием ией ию ами ями ого его ому ему ыми ими иям иях иями s es"
)
_SURNAMES = "ов ев ин"
# Of nouns in the eight cases of Chechen (redaction.md 4); not every declension is here.
_CHECHEN = (
    "а ан н ин ен на ана ина о е с ас ос м ам ца аца ица х ах ех ехь ехьа ехьара хь га ега гахь гара"
    " егара е ера л ал ел лла"
)
_DIGRAPHS = (
    ("shch", "щ"),
    ("tsch", "ч"),
    ("dzh", "ж"),
    ("dj", "ж"),
    ("zh", "ж"),
    ("sch", "ш"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("ck", "k"),
)
_TO_LATIN = {
    **dict(zip("абвгдезиклмнопрстуфхцыэіїєґ", "abvgdeziklmnoprstufhцieiieg", strict=True)),
    **dict.fromkeys(SILENT, ""),
    "й": "i",
    "ж": "zh",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "iu",
    "я": "ia",
}
_ONE_LATIN = str.maketrans({"x": "h", "w": "v", "y": "i", "q": "k", "c": "k", "j": "ж"})
_LATIN_TABLE = str.maketrans(_TO_LATIN)


def romanised(plain: str) -> str:
    """A folded word in coarse Latin letters, in which Ахмед, Ahmed, Akhmed and Axmed are one.

    Sounds that Latin writes with several letters keep one Cyrillic letter; doubled ones are one.
    """
    text = plain.translate(_LATIN_TABLE)
    for digraph, letter in _DIGRAPHS:
        text = text.replace(digraph, letter)
    text = text.translate(_ONE_LATIN)
    text = re.sub(r"(.)\1+", r"\1", text)
    return text[1:] if text.startswith("ie") else text


class Grammar:
    """The endings of one alphabet."""

    def __init__(self, endings: frozenset[str], surnames: frozenset[str]) -> None:
        self.endings = endings
        self.after_short = endings | {s + e for s in surnames for e in (*endings, "")}
        self._longest_first = sorted(endings, key=lambda ending: -len(ending))

    def stem(self, word: str) -> str:
        """The word without the longest ending that leaves three letters."""
        for ending in self._longest_first:
            if word.endswith(ending) and len(word) - len(ending) >= STEM_LEAST:
                return word[: -len(ending)]
        return word

    def stems(self, word: str) -> set[str]:
        """What forms of the word may begin with: itself, its stem, the stem without a fleeting vowel."""
        stem = self.stem(word)
        return {word, stem, fleeting(stem)}

    def forms(self, word: str) -> set[str]:
        """The forms of a word of three letters, as Ада: a stem of two would begin too many."""
        if len(word) != STEM_LEAST or word[-1] not in self.endings:
            return set()
        return {word[:-1] + ending for ending in self.endings}


def fleeting(stem: str) -> str:
    """Павел, Павл-: a stem without the vowel before its last letter, where that is е or о."""
    if len(stem) > STEM_LEAST and stem[-2] in "еоeo" and stem[-1] not in "аеиоуaeiou":
        return stem[:-2] + stem[-1]
    return stem


def _folded(words: str) -> frozenset[str]:
    return frozenset(foldings(word)[0].text for word in words.split())


def _romanised(words: str) -> frozenset[str]:
    return frozenset(romanised(foldings(word)[0].plain) for word in words.split()) - {""}


FOLDED = Grammar(_folded(_CASES), _folded(_SURNAMES))
CHECHEN = Grammar(_folded(_CHECHEN), frozenset())
"""For words of which no dictionary knows how they bend: it proposes, and takes nothing out."""
ROMANISED = Grammar(_romanised(_CASES) | {"oi", "ei"}, _romanised(_SURNAMES))
