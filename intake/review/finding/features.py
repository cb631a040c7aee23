"""What a model sees of a word: its shape, its ending, on which lists it stands, and its neighbours.

A word itself is seen only where it stands on a list of ordinary words, so that no name of a text on
which a model was trained can be read in the model.
"""

# ruff: noqa: RUF001 - Cyrillic words are meant

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from intake.review.finding.teller import is_told
from intake.review.finding.tokens import Token
from intake.review.spelling import letter_for_letter

Marks = Callable[[str], tuple[str, ...]]
"""The lists on which a lower-cased word stands: one letter each, or a part of speech."""

Base = Callable[[str], str]
"""The base form of an ordinary word; the word itself where it has none."""

ORDINARY: Final = "w"  # the list of which words are seen themselves
LITTLE: Final = "f"  # words that only hold others together: of, the, он, и
_SUFFIX_LEAST: Final = 5  # letters of a word whose last three are seen
_LONGEST: Final = 40  # letters of a word that is looked up at all
_SIGNS: Final = frozenset(".,;:!?()[]\"'«»“”„‘’-\u2013\u2014/&%$€£№#@+=*§…")


class Hint(NamedTuple):
    """What another tagger holds a token for, or nothing, and signs of how likely it is a name.

    A sign with a colon is seen together with what the word is by itself, too.
    """

    tag: str
    signs: tuple[str, ...]


class _Own(NamedTuple):
    """What a word is by itself; `key` joins its shape and its lists."""

    word: str
    shape: str
    lists: tuple[str, ...]
    key: str
    base: str


_EDGE: Final = _Own("|", "|", (), "|", "|")


class Seen:
    """What a whole text shows, beyond the place where each word stands.

    `lower` are its words in small letters, `capital` those with a capital inside a sentence, small;
    `told` says that somebody tells of themselves.
    """

    __slots__ = ("capital", "lower", "told")

    def __init__(self, text: Sequence[Sequence[Token]]) -> None:
        self.lower: set[str] = set()
        self.capital: set[str] = set()
        for sentence in text:
            for token in sentence:
                low = token.text.lower()
                if token.text.islower():
                    self.lower.add(low)
                elif token.text[0].isupper() and not token.first:
                    self.capital.add(low)
        self.told = is_told(text)


def shape(text: str) -> str:  # noqa: PLR0911 - a table, a row a line
    """A word in a few letters: X, Xx, XX, X9, xX, x, 9, 99, 9x; a usual sign is itself."""
    head = text[0]
    if head.isdecimal():
        return "9" * min(len(text), 5) if text.isdecimal() else "9x"
    if not head.isalpha():
        return text if text in _SIGNS else "_"
    if text.islower():
        return "x" if len(text) > 1 else "x1"
    if len(text) == 1:
        return "X"
    if text.isupper():
        return "XX" if text.isalpha() else "X9"
    if head.isupper() and text[1:].islower():
        return "Xx"
    return "xX" if any(map(str.isupper, text)) else "c"


def features(  # noqa: PLR0913 - what is seen, each by its name
    sentence: Sequence[Token],
    marks: Marks,
    base: Base | None,
    seen: Seen,
    *,
    cased: bool,
    hints: Sequence[Hint] | None = None,
    hidden: frozenset[str] = frozenset(),
) -> list[list[str]]:
    """For each token of a sentence what a model sees of it.

    Without `cased` no capital is looked for, without `base` no base form; `hints` says what another tagger holds each token for. Words in
    `hidden` are not seen themselves: a model in training is not to hold them.
    """
    own = [_own(token, marks, base, seen if cased else None, hidden) for token in sentence]
    if hints:
        own = [
            one._replace(lists=(*one.lists, hint.tag)) if hint.tag else one
            for one, hint in zip(own, hints, strict=True)
        ]
    around = [_EDGE, _EDGE, *own, _EDGE, _EDGE]
    rows: list[list[str]] = []
    for i, token in enumerate(sentence):
        before2, before, here, after, after2 = around[i : i + 5]
        row = _joined(before, here, after)
        row += ("s-2=" + before2.shape, "s+2=" + after2.shape)
        for at, other in (("-2", before2), ("+2", after2)):
            if other.word:
                row.append(f"w{at}={other.word}")
            row += (name + at for name in other.lists)
        if len(token.text) >= _SUFFIX_LEAST and token.text.isalpha():
            end = token.text[-3:].lower()
            row += ("e3=" + end, "e2=" + end[1:], f"e3,k={end},{here.key}")
        if hints:
            row += _hinted(hints, i, here.key)
        if cased and token.first:
            row.append("first," + here.key)
        if seen.told:
            row += ("t", "t,s=" + here.shape, "t,k=" + here.key, "t,w=" + here.word)
            row += ("t," + name for name in here.lists)
        rows.append(row)
    return rows


def _joined(before: _Own, here: _Own, after: _Own) -> list[str]:
    """A word, the one before, the one after, and what they say together."""
    row = [
        "b",
        "s=" + here.shape,
        "k=" + here.key,
        "s-1=" + before.shape,
        "s+1=" + after.shape,
        "k-1=" + before.key,
        "k+1=" + after.key,
        f"s-1,0={before.shape},{here.shape}",
        f"s0,1={here.shape},{after.shape}",
        f"s-1,0,1={before.shape},{here.shape},{after.shape}",
        f"k-1,0={before.key},{here.key}",
        f"k0,1={here.key},{after.key}",
    ]
    if here.word:
        row += (
            "w=" + here.word,
            f"w,k-1={here.word},{before.key}",
            f"w,k+1={here.word},{after.key}",
        )
    if here.base:
        row += (
            "l=" + here.base,
            f"l,k-1={here.base},{before.key}",
            f"l,l-1={here.base},{before.base}",
        )
    row += (name + "=" for name in here.lists)
    for at, other in (("-1", before), ("+1", after)):
        if other.word:
            row += (f"w{at}={other.word}", f"w{at},k={other.word},{here.key}")
        if other.base:
            row.append(f"l{at}={other.base}")
        row += (name + at for name in other.lists)
    return row


def _hinted(hints: Sequence[Hint], i: int, key: str) -> Iterator[str]:
    """What the other tagger says of a word and of its neighbours."""
    tag, signs = hints[i]
    yield f"h,k={tag},{key}"
    for sign in signs:
        yield sign
        if ":" in sign:
            yield f"{sign},{key}"
    for at in (i - 1, i + 1):
        if 0 <= at < len(hints):
            yield from (f"{sign}{at - i:+d}" for sign in hints[at].signs)


def _own(
    token: Token,
    marks: Marks,
    base: Base | None,
    seen: Seen | None,
    hidden: frozenset[str],
) -> _Own:
    text = token.text
    form = shape(text)
    if len(text) > _LONGEST:
        return _Own("", form, (), form, "")
    low = text.lower()
    alphabetic = text[0].isalpha()
    lists = marks(low) if alphabetic else ()
    # Of what is no word, the usual signs and numbers of a figure or two are seen.
    shown = (
        ORDINARY in lists if alphabetic else text in _SIGNS or (text.isascii() and len(text) < 3)
    )
    word = low if shown and low not in hidden else ""
    key = form + "".join(name for name in lists if len(name) == 1)
    if seen is not None and text[0].isupper():
        if low in seen.lower:
            lists, key = (*lists, "low"), key + "-"
        if token.first and low in seen.capital:
            lists, key = (*lists, "cap"), key + "+"
    root = "" if base is None else base(word) if word and alphabetic else word
    return _Own(word, form, lists, key, "" if is_hidden(root, hidden) else root)


def is_hidden(root: str, hidden: frozenset[str]) -> bool:
    """Whether a base form, which a dictionary may write with ё, is among words that are folded."""
    return bool(hidden) and (root in hidden or letter_for_letter(root) in hidden)
