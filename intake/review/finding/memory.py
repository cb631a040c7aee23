"""What reviewers took out once, known again in every form, alphabet and testimony of the case.

It proposes and takes nothing out. It lives in memory alone: what it is made from lies sealed in the case,
with the testimony that it came from, and goes with that (`intake.review.remembering`).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from intake.review.finding.english import is_given_name, is_surname
from intake.review.finding.forms import forms_of
from intake.review.finding.span import SURE, Kind, Label, Span
from intake.review.known_words import known_words
from intake.review.needles import PHONE_LEAST, PHONE_MOST, is_ordinary
from intake.review.spelling import foldings, trimmed, unbroken

REASON: Final = "memory"
LABELS: Final[Mapping[str, Label]] = {
    "person": Label.PERSON,
    "family": Label.PERSON,
    "third": Label.PERSON,
    "helper": Label.PERSON,
    "place": Label.LOC,
    "location": Label.LOC,
    "contact": Label.CODE,
}
"""The reasons for which what was taken out is a name or an address, and what kind of one."""

LONGEST_TOKEN: Final = 200  # characters; a longer one is a flood and not a word
ADDRESS_LEAST: Final = 4  # characters of an address
WORDS_MOST: Final = (
    12  # of what was taken out as one; longer is a story, in which only capitals are names
)
LOOSE: Final = 0.5  # confidence where the word is an ordinary one as well
BENT: Final = 0.9  # where it is another form, or in another alphabet
_KIN: Final = frozenset({"family", "third", "helper"})
_LOWERED: Final = 0.01  # share of capitals among letters under which a text says nothing by them
_FAR: Final = 6  # letters of a small Latin word that is looked for in a text with capitals
# A word with all that may stand in it: marks, signs typed for palochka, a hyphen where the line ends.
_TOKEN: Final = re.compile(
    "[^\\W_](?:[^\\W_]|[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff|!'\u2018\u2019\u02bc`\u00b4/]"
    "|[-\u2010\u2011][^\\S\\n]*\\n\\s*(?=[^\\W_]))*"
)
_NUMBER: Final = re.compile(r"\d(?:[\s().\-\u2010-\u2015]{0,3}\d){6,}")
_ADDRESS: Final = re.compile(r"[^\s<>«»\"]{4,400}")
_AROUND: Final = ".,;:!?()[]{}…'"  # stands around an address, and is none of it
_SIGN: Final = re.compile(r"(?<=\w)[^\w\s]\w|[\d_@]")  # what an address has, and a word has not


class Memory(Protocol):
    """What a case knows when one of its texts is looked through."""

    def found(self, text: str) -> list[Span]:
        """Every place where something known stands, sorted and apart."""
        ...

    def rejects(self, text: str, span: Span) -> bool:
        """Whether a reviewer looked at these words in this testimony and left them."""
        ...


class _Index:
    """Keys, each with the sources that it came from and why; what one source gave can be taken back."""

    def __init__(self) -> None:
        self.known = dict[str, dict[str, str]]()
        self._of = dict[str, set[str]]()

    def add(self, key: str, source: str, reason: str) -> None:
        self.known.setdefault(key, {})[source] = reason
        self._of.setdefault(source, set()).add(key)

    def forget(self, source: str) -> None:
        for key in self._of.pop(source, set()):
            del self.known[key][source]
            if not self.known[key]:
                del self.known[key]


class Names:
    """Names and addresses of a whole case, each with the testimonies that it came from."""

    def __init__(self) -> None:
        self._keys, self._exact, self._contacts = _Index(), _Index(), _Index()
        self._sources = set[str]()

    def learn(self, source: str, removed: Iterable[tuple[str, str]]) -> None:
        """Know what was taken out of `source` and why, in the place of what was known from it."""
        self.forget(source)
        self._sources.add(source)
        for text, reason in removed:
            if reason == "contact":
                for key in _addresses_in(text):
                    self._contacts.add(key, source, reason)
                continue
            for word in _names_in(text, reason) if reason in LABELS else ():
                self._exact.add(_plain(word), source, reason)
                for key in forms_of(word).keys:
                    self._keys.add(key, source, reason)

    def forget(self, source: str) -> None:
        """Know nothing any more that came from there alone."""
        self._sources.discard(source)
        for index in (self._keys, self._exact, self._contacts):
            index.forget(source)

    @property
    def sources(self) -> frozenset[str]:
        """The testimonies, and other records, from which something was to be learned."""
        return frozenset(self._sources)

    def found(self, text: str) -> list[Span]:
        """Every place where something known stands, sorted and apart."""
        return _joined(text, (*self._words(text), *self._addresses(text)))

    def _addresses(self, text: str) -> Iterator[Span]:
        if not self._contacts.known:
            return
        for match in _NUMBER.finditer(text):
            if not self._contacts.known.keys().isdisjoint(_numbers(match[0])):
                yield _span(*match.span(), Label.CODE, SURE)
        for match in _ADDRESS.finditer(text):
            bare = match[0].rstrip(_AROUND).lstrip(_AROUND)
            address = _address(bare) if _SIGN.search(bare) else bare.lower()
            if address and address in self._contacts.known:
                start = match.start() + match[0].index(bare)
                yield _span(start, start + len(bare), Label.CODE, SURE)

    def _words(self, text: str) -> Iterator[Span]:
        if not self._keys.known:
            return
        lowered = _is_lowered(text)
        for match in _TOKEN.finditer(text):
            for start, end in _words_in(match[0]):
                known = self._known(match[0][start:end], lowered=lowered)
                if known is not None:
                    yield _span(match.start() + start, match.start() + end, *known)

    def _known(self, word: str, *, lowered: bool) -> tuple[Label, float] | None:
        """What a word of a text is a form of, and how surely; None for what is not known.

        1. the very word, in any spelling of its letters; 2. a form of it, or another alphabet's. A small
        letter in a text that has capitals is no name where a dictionary has it as another word.
        """
        forms, small = forms_of(word), not any(c.isupper() for c in word)
        if small and is_ordinary(word):
            return None
        if small and forms.ordinary and not (lowered and forms.named):
            return None
        sure = LOOSE if forms.ordinary and small else SURE
        # (1)
        exact = self._exact.known.get(_plain(word))
        if exact:
            return _label(exact), sure
        # (2)
        if small and not lowered and word.isascii() and len(word) < _FAR:
            return None  # of a Latin word no dictionary says whether it is a name
        for key in sorted(forms.keys):
            sources = self._keys.known.get(key)
            if sources:
                return _label(sources), min(sure, BENT)
        return None


class OfItem:
    """The memory as one testimony sees it: what was looked at there and left is not proposed again.

    Words are compared as they are spelled: of one that was left, another case form is still proposed.
    """

    def __init__(self, names: Names, left: Iterable[str] = ()) -> None:
        self._names = names
        self._left = frozenset(map(_plain, left))

    def found(self, text: str) -> list[Span]:
        """Every place where something known stands and was not left, sorted and apart."""
        return [one for one in self._names.found(text) if not self.rejects(text, one)]

    def rejects(self, text: str, span: Span) -> bool:
        """Whether a reviewer looked at these words in this testimony and left them."""
        return _plain(text[span.start : span.end]) in self._left


def _label(sources: Mapping[str, str]) -> Label:
    return LABELS[min(sources.values(), key=list(LABELS).index)]


def _span(start: int, end: int, label: Label, confidence: float) -> Span:
    return Span(start, end, label, Kind.PROPOSAL, REASON, confidence)


@known_words(65_536)
def _plain(text: str) -> str:
    return trimmed(foldings(text)[0].text)


@known_words(65_536)
def _words_in(token: str) -> tuple[tuple[int, int], ...]:
    """Where in a token the words are, in every way in which it may be meant."""
    if len(token) > LONGEST_TOKEN:
        return ()
    places = {
        folded.place(word.start, word.end) for folded in foldings(token) for word in folded.words()
    }
    return tuple(sorted(places))


def _addresses_in(text: str) -> Iterator[str]:
    """The keys of an address: the last digits of a number, and each piece without space between."""
    yield from _numbers(text)
    pieces = _ADDRESS.findall(text)
    for piece in pieces:
        if len(pieces) == 1 or any(not c.isalpha() for c in piece):
            address = _address(piece)
            if len(address) >= ADDRESS_LEAST:
                yield address


def _numbers(text: str) -> Iterator[str]:
    digits = "".join(c for c in text if c.isdecimal())
    for length in (PHONE_LEAST, PHONE_MOST):
        if len(digits) >= length:
            yield digits[-length:]


@known_words(16_384)
def _address(piece: str) -> str:
    """An address as it is compared: as it is folded, without what only stands around it."""
    return _plain(piece).removeprefix("https://").removeprefix("http://").removeprefix("www.")


def _names_in(text: str, reason: str) -> Iterator[str]:
    """The words of what was taken out that are names.

    What has a capital, or is of an alphabet that has none; of a few words, also what no dictionary has
    as another word: phones write names small. Kinship and the like are nobody's name, and of who is only
    described, as "a man in grey", no word is.
    """
    text = unbroken(text)
    folded = foldings(text)[0]
    words = [text[slice(*folded.place(word.start, word.end))] for word in folded.words()]
    for word in words:
        letters = [c for c in word if c.isalpha()]
        if len(letters) < 2 or is_ordinary(word):
            continue
        forms = forms_of(word)
        if reason in _KIN and forms.ordinary and not forms.named:
            continue
        short = len(words) <= WORDS_MOST and len(letters) > 2
        small = short and (len(words) == 1 or (forms.named and not _describes(word, words)))
        if small or any(c.isupper() for c in letters) or word.upper() == word.lower():
            yield word


def _describes(word: str, beside: Sequence[str]) -> bool:
    """Whether a usual word in small Latin letters is no name: none is given, nor a surname beside one that is.

    Of Russian words the dictionary says which are names.
    """
    if not word.isascii() or not forms_of(word).ordinary or is_given_name(word):
        return False
    return not (is_surname(word) and any(map(is_given_name, map(str.lower, beside))))


def _is_lowered(text: str) -> bool:
    """Whether a text says nothing by its capitals, as many do that were typed on a phone."""
    letters = capitals = 0
    for character in text:
        category = unicodedata.category(character)
        letters += category in {"Lu", "Ll"}
        capitals += category == "Lu"
    return capitals <= letters * _LOWERED


def _joined(text: str, spans: Iterable[Span]) -> list[Span]:
    """Sorted and apart: a name and a surname beside it are one place, and of two that overlap the longer."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        last = found[-1] if found else None
        if last is not None and span.start < last.end:
            if span.end <= last.end:
                continue
            between = ""
        else:
            between = text[last.end : span.start] if last is not None else "\n"
        beside = span.label is not Label.CODE and between in {"", " ", "-"}
        if last is not None and last.label is span.label and beside:
            sure = min(last.confidence, span.confidence)
            found[-1] = _span(last.start, max(last.end, span.end), last.label, sure)
        elif last is None or span.start >= last.end:
            found.append(span)
    return found
