"""What a dictionary says of a Russian word: pymorphy3's (OpenCorpora), and every reading counts."""

from collections.abc import Sequence
from typing import Final

from intake.review.finding.dictionary import dictionary
from intake.review.finding.features import LITTLE, ORDINARY
from intake.review.finding.news import News, joined
from intake.review.finding.tokens import Token
from intake.review.known_words import known_words

UNKNOWN: Final = "u"
LATIN: Final = "l"
_NAMES: Final = {"Name": "g", "Surn": "n", "Patr": "y", "Geox": "p", "Orgn": "z", "Abbr": "b"}
_LITTLE: Final = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})
_LONGEST: Final = 40  # letters of a word that is looked up


@known_words(100_000)
def marks(word: str) -> tuple[str, ...]:
    """The lists of a lower-cased word, a letter each, its part of speech, and words used alike.

    w ordinary, with f little; u not in the dictionary; g given name, n surname, y patronymic,
    p place, z organisation, b abbreviation; l written in Latin letters.
    """
    if not any("\u0400" <= letter <= "\u052f" for letter in word):
        return (LATIN, *News.shared().alike(word))
    if len(word) > _LONGEST:
        return (UNKNOWN,)
    alike = News.shared().alike(word)
    if not dictionary().word_is_known(word):
        return (UNKNOWN, *alike)
    names: set[str] = set()
    speech = ""
    for parse in dictionary().parse(word):
        hit = {letter for name, letter in _NAMES.items() if name in parse.tag.grammemes}
        names |= hit
        if not hit:
            speech = speech or str(parse.tag.POS or "NONE")
    if not speech:
        return (*sorted(names), *alike)
    return (ORDINARY, *sorted(names), LITTLE if speech in _LITTLE else speech, *alike)


def hints(sentences: Sequence[Sequence[Token]], *, cased: bool) -> list[list[str]]:
    """What the tagger of news says of each token, or nothing.

    In text without capitals it is shown capitals where the dictionary knows a name, or no word.
    """
    words = [joined(sentence) for sentence in sentences]
    shown = [
        ["".join(sentence[i].text for i in word) for word in row]
        for sentence, row in zip(sentences, words, strict=True)
    ]
    if not cased:
        shown = [
            [_capital(word) if i else word.capitalize() for i, word in enumerate(row)]
            for row in shown
        ]
    found: list[list[str]] = []
    for sentence, row, tags in zip(sentences, words, News.shared().tags(shown), strict=True):
        hinted = [""] * len(sentence)
        for word, tag in zip(row, tags, strict=True):
            for i in word:
                hinted[i] = tag
        found.append(hinted)
    return found


def _capital(word: str) -> str:
    return "-".join(
        part.capitalize() if part and ORDINARY not in marks(part) and part[0].isalpha() else part
        for part in word.split("-")
    )
