"""What a dictionary says of a Russian word: pymorphy3's (OpenCorpora), and every reading counts."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from intake.review.finding.dictionary import dictionary
from intake.review.finding.features import LITTLE, ORDINARY, Hint
from intake.review.finding.lexicons.lexicon import Lexicon
from intake.review.finding.news import Guess, News, joined
from intake.review.finding.tokens import Token
from intake.review.known_words import known_words

UNKNOWN: Final = "u"
LATIN: Final = "l"
_NAMES: Final = {"Name": "g", "Surn": "n", "Patr": "y", "Geox": "p", "Orgn": "z", "Abbr": "b"}
_LITTLE: Final = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})
_LONGEST: Final = 40  # letters of a word that is looked up
_NO_HINT: Final = Hint("", ())
STEPS: Final = (0.02, 0.1, 0.3, 0.6, 0.9)  # of how likely a word is a name


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
    if Lexicon.shared().chechen_names.has(word):
        alike = ("c", *alike)
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


@known_words(100_000)
def base(word: str) -> str:
    """The base form of the first reading of a word that is no name; else the word."""
    if len(word) <= _LONGEST and dictionary().word_is_known(word):
        for parse in dictionary().parse(word):
            if parse.is_known and not _NAMES.keys() & parse.tag.grammemes:
                return parse.normal_form
    return word


def is_plain(word: str) -> bool:
    """Whether the dictionary has a lower-cased word as an ordinary one, and as nobody's and no place's name."""
    lists = marks(word)
    return ORDINARY in lists and not any(name in lists for name in _NAMES.values())


def hints(sentences: Sequence[Sequence[Token]], *, cased: bool) -> list[list[Hint]]:
    """What the tagger of news says of each token.

    In text without capitals it is asked twice. It is shown capitals where the dictionary knows a name, or no
    word; and then on every word but little ones, since a name may be an ordinary word as well.
    """
    words = [joined(sentence) for sentence in sentences]
    typed = [
        ["".join(sentence[i].text for i in word) for word in row]
        for sentence, row in zip(sentences, words, strict=True)
    ]
    if cased:
        views = [News.shared().guesses(typed)]
    else:
        likely = [
            [_capital(word) if i else word.capitalize() for i, word in enumerate(row)]
            for row in typed
        ]
        every = [[_capital(word, (LITTLE,)) for word in row] for row in typed]
        views = [News.shared().guesses(likely), News.shared().guesses(every)]
    found: list[list[Hint]] = []
    for sentence, row, *told in zip(sentences, words, *views, strict=True):
        hinted = [_NO_HINT] * len(sentence)
        for word, *guesses in zip(row, *told, strict=True):
            signs = tuple(sign for view, one in enumerate(guesses) for sign in _signs(view, one))
            for i in word:
                hinted[i] = Hint(guesses[0].tag, signs)
        found.append(hinted)
    return found


def _signs(view: int, guess: Guess) -> Iterator[str]:
    """How likely a word is a name at all, then as what, in steps; little is no sign."""
    yield f"n{view}:{bisect_left(STEPS, sum(guess.chances))}"
    for kind, chance in zip("PLO", guess.chances, strict=True):
        step = bisect_left(STEPS, chance)
        if step:
            yield f"n{view}{kind}{step}"


def _capital(word: str, small: tuple[str, ...] = (ORDINARY,)) -> str:
    """A word with a capital on each part, but for those on a list of `small` ones."""
    return "-".join(
        part.capitalize()
        if part and part[0].isalpha() and not any(name in marks(part) for name in small)
        else part
        for part in word.split("-")
    )
