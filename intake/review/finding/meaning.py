"""How likely a word gives somebody away by what it means: a small network over the vectors of a word and its neighbours.

A vector says which words a word is used like. So what was marked in one text tells of words that stand in no
marked text, which a model of words and shapes cannot. Its file is trained by `make models`; it holds numbers
alone, no word. A word is seen by its vector only where it is on the list of ordinary ones, and in training none that is
part of a name in the texts.
"""

import zlib
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final, NamedTuple, Self

from intake.errors import StoreError
from intake.review.finding.features import ORDINARY, is_hidden, shape
from intake.review.finding.news import News
from intake.review.finding.russian import STEPS
from intake.review.finding.span import Label
from intake.review.finding.view import View

LANGUAGES: Final = frozenset({"ru"})  # whose words have vectors
AROUND: Final = 3  # neighbours that are seen to either side
VECTOR: Final = 300  # numbers of one of navec's vectors
KEPT: Final = 60  # directions of them that are seen
HIDDEN: Final = 256
NOTHING: Final = "O"  # the label of a word that gives nobody away
LABELS: Final = (NOTHING, *(label.value for label in Label))

_SHAPED: Final = 'X Xx XX X9 xX x x1 9 99 999 9999 99999 9x c _ . , - " ? ! : ; ( ) / №'
_LISTED: Final = (
    "w f u l g n y p z b c NOUN ADJF ADJS VERB INFN PRTF PRTS GRND NUMR ADVB COMP PRED INTJ NONE"
)
_NEWS: Final = tuple(f"n{view}{kind}" for view in (0, 1) for kind in "PLO")
_SHAPE_AT: Final = {name: i for i, name in enumerate(_SHAPED.split())}
_LIST_AT: Final = {name: i for i, name in enumerate(_LISTED.split(), len(_SHAPE_AT))}
_NEWS_AT: Final = {name: i for i, name in enumerate(_NEWS, len(_SHAPE_AT) + len(_LIST_AT))}
_OTHERS: Final = len(_SHAPE_AT) + len(_LIST_AT) + len(_NEWS_AT)
_NONE, _FIRST, _TOLD, _EDGE = range(_OTHERS, _OTHERS + 4)
SIGNS: Final = _OTHERS + 4
WIDTH: Final = KEPT + SIGNS
_BATCH: Final = 2_000  # words and edges that are reckoned at once
_MOST: Final = 2_000_000  # bytes of a file, unpacked


class Words(NamedTuple):
    """The words of some sentences, a row each: their vectors, of zeros where none is seen, and their signs."""

    vectors: Any  # float32, n x VECTOR
    signs: Any  # float32, n x SIGNS


class Network(NamedTuple):
    """The numbers of a network, as float32: which directions of a vector are seen, then two layers."""

    mean: Any  # VECTOR
    directions: Any  # VECTOR x KEPT
    first: Any  # (2 * AROUND + 1) x WIDTH x HIDDEN
    first_bias: Any  # HIDDEN
    last: Any  # HIDDEN x len(LABELS)
    last_bias: Any  # len(LABELS)

    def encoded(self) -> bytes:
        """The bytes of a file."""
        numpy = _numpy()
        return zlib.compress(
            b"".join(part.astype(numpy.dtype("<f2")).tobytes() for part in self), 9
        )

    @classmethod
    def decoded(cls, data: bytes) -> Self:
        """Read such bytes; raises `StoreError` where they are no network of this size."""
        numpy = _numpy()
        shapes = cls.shapes()
        sizes = [int(numpy.prod(shape)) for shape in shapes]
        unpacking = zlib.decompressobj()
        try:
            unpacked = unpacking.decompress(data, _MOST)
        except zlib.error:
            raise _damaged() from None
        if len(unpacked) != 2 * sum(sizes) or not unpacking.eof or unpacking.unused_data:
            raise _damaged()
        numbers = numpy.frombuffer(unpacked, numpy.dtype("<f2")).astype(numpy.float32)
        if not numpy.isfinite(numbers).all():
            raise _damaged()
        parts = numpy.split(numbers, numpy.cumsum(sizes)[:-1])
        return cls(*(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)))

    @staticmethod
    def shapes() -> tuple[tuple[int, ...], ...]:
        """How many numbers each part has."""
        first = (2 * AROUND + 1, WIDTH, HIDDEN)
        return (VECTOR,), (VECTOR, KEPT), first, (HIDDEN,), (HIDDEN, len(LABELS)), (len(LABELS),)


class Meaning:
    """One network; for Russian texts with capitals, or for such without."""

    def __init__(self, network: Network) -> None:
        """Take a network that was read or trained."""
        self._network = network

    def chances(self, view: View) -> Iterator[Any]:
        """For each sentence how likely each of its words is each of LABELS: n x len(LABELS)."""
        batch: list[int] = []
        count = 0
        for i, sentence in enumerate(view.sentences):
            if batch and count + len(sentence) + AROUND > _BATCH:
                yield from self._reckoned(view, batch)
                batch, count = [], 0
            batch.append(i)
            count += len(sentence) + AROUND
        if batch:
            yield from self._reckoned(view, batch)

    def _reckoned(self, view: View, batch: Sequence[int]) -> Iterator[Any]:
        numpy, network = _numpy(), self._network
        rows = spaced([inputs(network, words_of(view, i)) for i in batch])
        count = len(rows) - 2 * AROUND
        inner = network.first_bias + sum(
            rows[k : k + count] @ network.first[k] for k in range(2 * AROUND + 1)
        )
        scores = numpy.maximum(inner, 0) @ network.last + network.last_bias
        scores = numpy.exp(scores - scores.max(1, keepdims=True))
        scores /= scores.sum(1, keepdims=True)
        at = 0
        for i in batch:
            length = len(view.sentences[i])
            yield scores[at : at + length]
            at += length + AROUND


def network_name(language: str, *, cased: bool) -> str:
    """The file of a network."""
    return f"{language}-{'cased' if cased else 'lower'}.network"


def words_of(view: View, i: int, hidden: frozenset[str] = frozenset()) -> Words:
    """What is seen of the words of a sentence, but for the vectors of those that are `hidden`, in small letters."""
    numpy = _numpy()
    sentence = view.sentences[i]
    signs = numpy.zeros((len(sentence), SIGNS), numpy.float32)
    numbers: list[int | None] = []
    rows: list[int] = []
    columns: list[int] = []
    for at, token in enumerate(sentence):
        word = token.text.lower()
        lists = view.marks(word) if token.text[0].isalpha() else ()
        seen = ORDINARY in lists and word not in hidden
        numbers.append(_number(view, word, hidden) if seen else None)
        own = [_SHAPE_AT.get(shape(token.text)), *map(_LIST_AT.get, lists)]
        own += (_FIRST if token.first else None, _NONE if numbers[-1] is None else None)
        found = [column for column in own if column is not None]
        columns += found
        rows += [at] * len(found)
    signs[rows, columns] = 1
    signs[:, _TOLD] = view.seen.told
    for at, hint in enumerate(view.hints[i] if view.hints else ()):
        for sign in hint.signs:
            if sign[:3] in _NEWS_AT:
                signs[at, _NEWS_AT[sign[:3]]] = int(sign[3:]) / len(STEPS)
    return Words(News.shared().vectors(numbers), signs)


def _number(view: View, word: str, hidden: frozenset[str]) -> int | None:
    number = News.shared().number(word)
    if number is not None or view.base is None:
        return number
    base = view.base(word)
    return None if is_hidden(base, hidden) else News.shared().number(base)


def inputs(network: Network, words: Words) -> Any:
    """What the first layer sees of each word by itself: n x WIDTH."""
    numpy = _numpy()
    seen = (words.vectors - network.mean) @ network.directions
    seen *= words.signs[:, _NONE, None] == 0
    return numpy.concatenate([seen, words.signs], 1)


def spaced(sentences: Sequence[Any]) -> Any:
    """Sentences in a row, with as many edges before, between and after them as neighbours are seen."""
    numpy = _numpy()
    edges = numpy.zeros((AROUND, WIDTH), numpy.float32)
    edges[:, KEPT + _EDGE] = 1
    return numpy.concatenate([edges, *(part for rows in sentences for part in (rows, edges))])


def _damaged() -> StoreError:
    return StoreError("a model of what words mean is damaged", "install again, or make models")


def _numpy() -> Any:
    return import_module("numpy")  # late, as the tagger of news, which brings it along
