"""Whether somebody tells of themselves in a text, as in testimony, or others are told of, as in news and judgments."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Final

from intake.review.finding.tokens import Token

_TOLD: Final = 0.015  # of its words are of the first person where somebody tells
_QUOTED_MOST: Final = 200  # words of a quotation; where no end comes before, none was meant
_MOSTLY: Final = 0.75  # of its words are quoted where a text as a whole is
_OWN: Final = (
    "i me my mine myself we us our ours я мне меня мной мною мой моя мое мои моего моей "
    "моему моих моим мою мы нас нам нами наш наша наше наши нашего нашей нашему наших нашим "
    "нашу"
)
_OWN_WORDS: Final = frozenset(_OWN.split())
_MARK: Final = '"'


def is_told(text: Sequence[Sequence[Token]]) -> bool:
    """Whether a text speaks of an I or a we, of which what is quoted from others does not count.

    Where nearly all is quoted, all of it counts: testimony may be handed on in quotation marks.
    """
    words, own = {True: 0, False: 0}, {True: 0, False: 0}
    tokens = [token for sentence in text for token in sentence]
    for i, quoted in enumerate(_quoted(tokens)):
        words[quoted] += tokens[i].text[0].isalpha()
        own[quoted] += tokens[i].text.lower() in _OWN_WORDS and not _ends_a_number(tokens, i)
    if words[True] > _MOSTLY * sum(words.values()):
        return own[True] > _TOLD * words[True]
    return own[False] > _TOLD * words[False]


def _ends_a_number(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word is the end of a number, as in `1-я`."""
    return i > 1 and tokens[i - 1].text == "-" and tokens[i - 2].text.isdecimal()


def _quoted(tokens: Sequence[Token]) -> Iterator[bool]:
    """For each token whether it is quoted; every quotation mark was folded into one sign."""
    waiting = depth = 0
    for i, token in enumerate(tokens):
        if token.text == _MARK:
            depth = max(0, depth + (1 if _opens(tokens, i) else -1))
        waiting += 1
        if depth == 0 or waiting > _QUOTED_MOST:
            yield from repeat(depth == 0 and waiting > 1, waiting)
            waiting = depth = 0
    yield from repeat(False, waiting)


def _opens(tokens: Sequence[Token], i: int) -> bool:
    """Whether a quotation mark touches what comes and not what came."""
    after, before = tokens[i + 1 : i + 2], tokens[max(0, i - 1) : i]
    if not after or after[0].start > tokens[i].end or not _is_said(after[0]):
        return False
    return not (before and before[0].end == tokens[i].start and _is_said(before[0]))


def _is_said(token: Token) -> bool:
    return token.text[0].isalnum() or token.text in (_MARK, "…")
