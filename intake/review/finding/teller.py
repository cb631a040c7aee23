"""Whether somebody tells of themselves in a text, as in testimony, or others are told of, as in news and judgments."""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Final

from intake.review.finding.tokens import Token

_TOLD: Final = 0.015  # of its words are of the first person where somebody tells
_SHORTEST: Final = 10  # words of a quotation; of what is told, speech that is remembered is shorter
_LONGEST: Final = 200  # words and signs of one; where no end comes before, none was meant
_MOSTLY: Final = 0.75  # of its words are quoted where a text as a whole is
_OWN: Final = (
    "i me my mine myself we us our ours я мне меня мной мною мой моя мое мои моего моей "
    "моему моих моим мою мы нас нам нами наш наша наше наши нашего нашей нашему наших нашим "
    "нашу"
)
_OWN_WORDS: Final = frozenset(_OWN.split())
_MARK: Final = '"'  # every quotation mark was folded into this one
_MAY_BEGIN: Final = frozenset((_MARK, "…", "-", "("))  # a quotation, as a word may
_MAY_TOUCH: Final = frozenset((_MARK, "-", "(", "["))  # a mark that opens, from before


def is_told(text: Sequence[Sequence[Token]]) -> bool:
    """Whether a text speaks of an I or a we, of which what is quoted at length from others does not count.

    Where nearly all is quoted, it does: testimony may be handed on in quotation marks.
    """
    words, own = {True: 0, False: 0}, {True: 0, False: 0}
    tokens = [token for sentence in text for token in sentence]
    for i, quoted in enumerate(_quoted(tokens)):
        words[quoted] += tokens[i].text[0].isalpha()
        own[quoted] += tokens[i].text.lower() in _OWN_WORDS and not _ends_a_number(tokens, i)
    if own[False] > _TOLD * words[False]:
        return True
    total = sum(words.values())
    return words[True] > _MOSTLY * total and sum(own.values()) > _TOLD * total


def _ends_a_number(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word is the end of a number, as in `1-я`; not in `19 - я`."""
    if i < 2 or tokens[i].text.lower() != "я" or tokens[i - 1].text != "-":
        return False
    number, dash = tokens[i - 2], tokens[i - 1]
    return number.text.isdecimal() and number.end == dash.start and dash.end == tokens[i].start


def _quoted(tokens: Sequence[Token]) -> Iterator[bool]:
    """For each token whether it is quoted at length."""
    waiting = words = depth = 0
    for i, token in enumerate(tokens):
        if token.text == _MARK:
            depth = max(0, depth + (1 if _opens(tokens, i) else -1))
        waiting += 1
        words += token.text[0].isalnum()
        if depth == 0 or waiting > _LONGEST:
            yield from repeat(depth == 0 and words >= _SHORTEST, waiting)
            waiting = words = depth = 0
    yield from repeat(False, waiting)


def _opens(tokens: Sequence[Token], i: int) -> bool:
    """Whether a quotation mark touches what comes and not what came."""
    after, before = tokens[i + 1 : i + 2], tokens[max(0, i - 1) : i]
    if not after or after[0].start > tokens[i].end:
        return False
    begins = after[0].text[0].isalnum() or after[0].text in _MAY_BEGIN
    touched = bool(before) and before[0].end == tokens[i].start
    return begins and not (touched and before[0].text not in _MAY_TOUCH)
