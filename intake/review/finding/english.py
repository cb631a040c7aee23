"""On which lists an English word stands: ordinary words in three steps, names, places, and a few more.

The ordinary words are SCOWL's, cut by `benchmarks.redaction.word_list`; `models/NOTICE` has its licence.
"""

import zlib
from functools import cache
from importlib import resources
from typing import Final

from intake.review.finding.features import ORDINARY
from intake.review.finding.lexicons.lexicon import Lexicon
from intake.review.known_words import known_words
from intake.review.spelling import NOTHING, letter_for_letter

WORDS: Final = "words-en.z"
STEPS: Final = ("w", "wr", "wq")  # usual, less usual, rare
KINDS: Final = "kinds_en.txt"
UNKNOWN: Final = "u"
_KIND: Final = "K"
_ENDINGS: Final = (
    ("ies", "y"),
    ("es", ""),
    ("s", ""),
    ("ied", "y"),
    ("ed", "e"),
    ("ed", ""),
    ("ing", "e"),
    ("ing", ""),
)
_STEM_LEAST: Final = 3
_MOST: Final = 4_000_000  # bytes of the list, unpacked
_LONGEST: Final = 40  # letters of a word that is looked up

_SHORT: Final = {
    "m": "january february march april may june july august september october november december"
    " monday tuesday wednesday thursday friday saturday sunday",
    "t": "mr mrs ms dr prof sir lady lord miss judge president minister captain general colonel"
    " sergeant lieutenant major officer uncle aunt",
    "d": "years year months month weeks week days day hours hour minutes decade decades",
    "o": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million first second third fourth fifth sixth seventh eighth ninth tenth",
    "f": "a an the of in to for with on at from by about as into like through after over between out"
    " against during without before under around among and or but nor not if that which who whom"
    " whose this these those he she it they we i you his her its their our my your him them us me"
    " is are was were be been being has have had do does did will would can could may might shall"
    " should must there then than so no yes when where why how all any some each",
}


# As typed without an apostrophe.
_CLIPPED_WORDS: Final = (
    "im ive id ill youre youve hes shes theyre theyve dont didnt doesnt cant couldnt wont wouldnt isnt wasnt"
    " arent werent hasnt havent hadnt shouldnt thats whats theres lets pls plz thx thru coz cuz"
)
_CLIPPED: Final = frozenset(_CLIPPED_WORDS.split())


@known_words(100_000)
def marks(word: str) -> tuple[str, ...]:
    """The lists of a lower-cased word, a letter each.

    w ordinary, with r less usual, q rare; u none of these; g given name, n surname, p place,
    m month or weekday, t title, d span of time, o number, f little word.
    """
    if len(word) > _LONGEST:
        return (UNKNOWN,)
    lexicon = Lexicon.shared()
    key = letter_for_letter(word).replace(NOTHING, "")
    found = [*_words().get(word, UNKNOWN)]
    for letter, names in (("g", lexicon.given), ("n", lexicon.surnames), ("p", lexicon.places)):
        if key in names:
            found.append(letter)
    found += _few().get(word, ())
    found += _kinds().get(word) or _kinds().get(word.removesuffix("s"), ())
    if lexicon.chechen_names.has(word):
        found.append("c")
    return tuple(found)


def is_ordinary(word: str) -> bool:
    """Whether a lower-cased word, or the one it is of, is ordinary: the neighbour's too, and dont."""
    return ORDINARY in marks(word) or ORDINARY in marks(word.removesuffix("s")) or word in _CLIPPED


def is_usual(word: str) -> bool:
    """Whether a lower-cased word is one that everybody uses, whatever else it may be: grey, mark."""
    lists = marks(word)
    return ORDINARY in lists and "r" not in lists and "q" not in lists


def is_given_name(word: str) -> bool:
    """Whether a lower-cased word is on a list of given names."""
    return "g" in marks(word) or Lexicon.shared().chechen_names.has(word)


def is_surname(word: str) -> bool:
    """Whether a lower-cased word is on the list of surnames, as many usual ones are: smith, grey, man."""
    return "n" in marks(word)


@cache
def _few() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for letter, words in _SHORT.items():
        for word in words.split():
            found.setdefault(word, []).append(letter)
    return found


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    """What a word is a word for, in two letters, so that it stays out of what joins a word's lists."""
    found: dict[str, tuple[str, ...]] = {}
    listed = (resources.files("intake.review.finding.lexicons") / KINDS).read_text("utf-8")
    for line in listed.splitlines():
        letter, _, words = line.partition(" ")
        if letter != "#":
            for word in words.split():
                found[word] = tuple(sorted({*found.get(word, ()), _KIND + letter}))
    return found


@known_words(100_000)
def base(word: str) -> str:
    """An ordinary word without its ending, where what stays is one too; else the word."""
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending) + instead
        if word.endswith(ending) and len(stem) >= _STEM_LEAST and "w" in _words().get(stem, ""):
            return stem
    return word


@cache
def _words() -> dict[str, str]:
    """Every ordinary word with the letters of its step: three blocks, an empty line between them."""
    packed = (resources.files("intake.review.finding") / "models" / WORDS).read_bytes()
    blocks = zlib.decompressobj().decompress(packed, _MOST).decode("ascii").split("\n\n")
    return {
        word: step
        for step, block in zip(STEPS, blocks, strict=True)
        for word in block.split("\n")
        if word
    }
