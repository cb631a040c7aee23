"""Trains the networks that see what words mean: stochastic gradient descent as of Adam (Kingma and Ba 2015), with dropout.

Weights decay apart from the slope (Loshchilov and Hutter 2019). Several are trained, each from another beginning,
and put side by side in one: it scores the mean of what they score. One thread and the same numpy on the same kind of
processor give the same bytes; the files are in the tree, since others may not.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from benchmarks.redaction.corpora import Document
from benchmarks.redaction.lessons import labels_of, names_in, view_of
from intake.review.finding.meaning import (
    AROUND,
    HIDDEN,
    KEPT,
    LABELS,
    Network,
    Words,
    inputs,
    spaced,
    words_of,
)

_SIDE_BY_SIDE: Final = 2
_ROUNDS: Final = 40
_BATCH: Final = 256  # words of a step
_RATE: Final = 1e-3  # of the first step; it sinks to nothing
_DECAY: Final = 1e-3  # of the weights, times the rate
_MEANS: Final = (0.9, 0.999)  # how slowly the means of slopes and of their squares go along
_DROPPED: Final = (0.3, 0.5)  # of what is seen, and of what is hidden
_NEWS: Final = 0.6  # what a word of news counts, of which names alone are marked


class Lesson(NamedTuple):
    """The words of a text as they are seen, by sentence, and what each is; `weight` is what one counts."""

    sentences: Sequence[Words]
    labels: Sequence[int]
    weight: float


def train_network(documents: Sequence[Document], path: Path, *, cased: bool) -> None:
    """Train on texts as they are, or on all of them in small letters."""
    hidden = names_in(documents)
    lessons = [_lesson(document, hidden, cased=cased) for document in documents]
    path.write_bytes(_fitted(lessons).encoded())


def _lesson(document: Document, hidden: frozenset[str], *, cased: bool) -> Lesson:
    view = view_of(document, cased=cased)
    sentences = [words_of(view, i, hidden) for i in range(len(view.sentences))]
    labels = [LABELS.index(label) for row in labels_of(document, view) for label in row]
    return Lesson(sentences, labels, _NEWS if document.names_only else 1.0)


def _fitted(lessons: Sequence[Lesson]) -> Network:
    mean, directions = _directions(words for lesson in lessons for words in lesson.sentences)
    seen = Network(mean, directions, None, None, None, None)
    given = np.concatenate([_windows(seen, lesson.sentences) for lesson in lessons])
    labels = np.concatenate([np.array(lesson.labels) for lesson in lessons])
    weights = np.concatenate(
        [np.full(len(lesson.labels), lesson.weight, np.float32) for lesson in lessons]
    )
    found = [_descended(seed, given, labels, weights) for seed in range(_SIDE_BY_SIDE)]
    first, first_bias, last, last_bias = zip(*found, strict=True)
    return seen._replace(
        first=np.concatenate(first, 1).reshape(2 * AROUND + 1, -1, HIDDEN),
        first_bias=np.concatenate(first_bias),
        last=np.concatenate(last) / _SIDE_BY_SIDE,
        last_bias=np.mean(last_bias, 0),
    )


def _directions(sentences: Iterable[Words]) -> tuple[Any, Any]:
    """The mean of all vectors, and the directions in which they differ most, so long that these differ by about one."""
    vectors = np.concatenate([words.vectors[words.vectors.any(1)] for words in sentences])
    mean = vectors.mean(0)
    off = (vectors - mean).astype(np.float64)
    _, by_spread = np.linalg.eigh(off.T @ off)
    directions = by_spread[:, : -KEPT - 1 : -1].astype(np.float32)
    return mean, directions / ((vectors - mean) @ directions).std(0).mean()


def _windows(network: Network, sentences: Sequence[Words]) -> Any:
    """What is seen of each word and of its neighbours, in one row."""
    found = []
    for words in sentences:
        rows = spaced([inputs(network, words)])
        count = len(rows) - 2 * AROUND
        found.append(np.concatenate([rows[k : k + count] for k in range(2 * AROUND + 1)], 1))
    return np.concatenate(found).astype(np.float16)


def _descended(seed: int, given: Any, labels: Any, weights: Any) -> list[Any]:
    """The weights and biases of two layers, after all rounds from a beginning by chance."""
    chance = np.random.default_rng(seed)
    width, hidden = given.shape[1], HIDDEN // _SIDE_BY_SIDE
    layers = [
        chance.normal(0, (2 / width) ** 0.5, (width, hidden)).astype(np.float32),
        np.zeros(hidden, np.float32),
        chance.normal(0, (1 / hidden) ** 0.5, (hidden, len(LABELS))).astype(np.float32),
        np.zeros(len(LABELS), np.float32),
    ]
    descent = _Descent(layers)
    for turn in range(_ROUNDS):
        order = chance.permutation(len(given))
        for at in range(0, len(order), _BATCH):
            some = order[at : at + _BATCH]
            seen = given[some].astype(np.float32)
            downhill = _slopes(layers, seen, labels[some], weights[some], chance)
            descent.go(downhill, _RATE * (1 - turn / _ROUNDS))
    return layers


class _Descent:
    """Steps downhill, each as long as the slope is steady; layers change in place."""

    def __init__(self, layers: Sequence[Any]) -> None:
        self._layers = layers
        self._means = [np.zeros_like(part) for part in layers]
        self._squares = [np.zeros_like(part) for part in layers]
        self._steps = 0

    def go(self, slopes: Sequence[Any], rate: float) -> None:
        self._steps += 1
        slow, slower = (1 - kept**self._steps for kept in _MEANS)
        for i, slope in enumerate(slopes):
            self._means[i] += (1 - _MEANS[0]) * (slope - self._means[i])
            self._squares[i] += (1 - _MEANS[1]) * (slope**2 - self._squares[i])
            step = self._means[i] / slow / (np.sqrt(self._squares[i] / slower) + 1e-8)
            decay = _DECAY * self._layers[i] if slope.ndim > 1 else 0
            self._layers[i][...] -= rate * (step + decay)


def _slopes(layers: Sequence[Any], given: Any, labels: Any, weights: Any, chance: Any) -> list[Any]:
    """How the loss of some words falls with each number, where a share of what is seen and hidden is dropped."""
    first, first_bias, last, last_bias = layers
    given = given * _kept(chance, given.shape, _DROPPED[0])
    inner = np.maximum(given @ first + first_bias, 0)
    kept = _kept(chance, inner.shape, _DROPPED[1])
    scores = (inner * kept) @ last + last_bias
    off = np.exp(scores - scores.max(1, keepdims=True))
    off /= off.sum(1, keepdims=True)
    off[np.arange(len(labels)), labels] -= 1
    off *= weights[:, None] / len(labels)
    back = (off @ last.T) * kept * (inner > 0)
    return [given.T @ back, back.sum(0), (inner * kept).T @ off, off.sum(0)]


def _kept(chance: Any, size: tuple[int, ...], dropped: float) -> Any:
    return (chance.random(size, dtype=np.float32) > dropped).astype(np.float32) / (1 - dropped)
