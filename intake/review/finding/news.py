"""Names as a tagger sees them that was trained on Russian news, and which words that news uses alike.

The tagger is slovnet's with navec's vectors; their files lie in the package natasha, which itself is never
imported. Words used alike are clusters of navec's vectors, made once by `benchmarks.redaction.clusters`.
"""

import importlib.util
import json
import os
import tarfile
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from intake.errors import StoreError
from intake.review.finding.tokens import Token

CLUSTERS: Final = "clusters-ru.z"
VECTORS: Final = "navec_news_v1_1B_250K_300d_100q.tar"
_TAGGER: Final = "slovnet_ner_news_v1.tar"
_META, _QUANTIZED = "meta.json", "pq.bin"  # members of the vectors' archive
_BATCH: Final = 8  # sentences that are tagged at once
_MOST: Final = 1_000_000  # bytes of the clusters, unpacked
_WORD_MOST: Final = 60  # letters of a word that the tagger is shown
_THREADS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Guess(NamedTuple):
    """What the tagger holds a word for, PER, LOC, ORG or nothing, and how likely it is each of the three."""

    tag: str
    chances: tuple[float, float, float]


class News:
    """The tagger and its words. It finds next to nothing in text without capitals."""

    def __init__(self) -> None:
        """Load both, in about a second; raises `StoreError` where their files are missing."""
        _one_thread()
        slovnet: Any = import_module("slovnet")  # it has no types
        data = data_folder()
        tagger = slovnet.NER.load(data / "model" / _TAGGER, batch_size=_BATCH)
        vectors = vectors_in(data / "emb" / VECTORS)
        tagger = tagger.navec(vectors)
        self._indexes, self._codes = vectors.pq.indexes, vectors.pq.codes
        self._infer: Any = tagger.infer
        self._steps: Any = self._infer.model.head.crf.transitions.array  # from tag to tag
        # The tagger's own list of words: navec's, in the same order.
        self._numbers: dict[str, int] = self._infer.encoder.words_vocab.item_ids
        packed = (resources.files("intake.review.finding") / "models" / CLUSTERS).read_bytes()
        self._clusters = zlib.decompressobj().decompress(packed, _MOST)
        if len(self._clusters) != 2 * len(self._numbers):
            raise StoreError("the clusters are those of other vectors", "make clusters")

    @staticmethod
    @cache
    def shared() -> "News":
        """The one that a program needs."""
        return News()

    def number(self, word: str) -> int | None:
        """The place of a lower-cased word in navec's list; None for one that it does not have."""
        return self._numbers.get(word)

    def vectors(self, numbers: Sequence[int | None]) -> Any:
        """The vectors of some words by their places in that list, a row of float32 each; zeros for None."""
        numpy: Any = import_module("numpy")
        parts, _, each = self._codes.shape
        found = numpy.zeros((len(numbers), parts * each), numpy.float32)
        known = [i for i, number in enumerate(numbers) if number is not None]
        if known:
            indexes = self._indexes[[numbers[i] for i in known]]
            found[known] = self._codes[numpy.arange(parts), indexes].reshape(len(known), -1)
        return found

    def alike(self, word: str) -> tuple[str, ...]:
        """In which of 60 wide and 250 narrow clusters a lower-cased word is; in none if unknown."""
        number = self.number(word)
        if number is None:
            return ()
        wide, narrow = self._clusters[number], self._clusters[len(self._numbers) + number]
        return f"A{wide}", f"B{narrow}"

    def guesses(self, sentences: Iterable[Sequence[str]]) -> list[list[Guess]]:
        """What the tagger says of each word of each sentence."""
        rows = [[word[:_WORD_MOST] for word in sentence] for sentence in sentences]
        # Of about the same length, so that few are padded; each is tagged as if it stood alone.
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        found: list[list[Guess]] = [[] for _ in rows]
        at = iter(order)
        for given in self._infer.encoder([rows[i] for i in order]):
            scores = self._infer.model(given.word_id, given.shape_id, given.pad_mask)
            kept = ~given.pad_mask
            tagged = self._infer.decoder(self._infer.model.head.crf.decode(scores, kept))
            chances = marginals(scores, self._steps, kept)
            for tags, row in zip(tagged, chances, strict=True):
                found[next(at)] = [
                    Guess(tag.partition("-")[2], (sum(c[2:4]), sum(c[4:6]), sum(c[6:8])))
                    for tag, c in zip(tags, row[: len(tags)].tolist(), strict=True)
                ]
        return found


def _one_thread() -> None:
    """Keep numpy to one thread, unless somebody said how many; to be called before it is imported.

    The tagger's tables are so small that a second thread gains nothing, and on a busy machine both wait for each
    other: a third of the speed is left.
    """
    if not any(name in os.environ for name in _THREADS):
        os.environ.update(dict.fromkeys(_THREADS, "1"))


def marginals(scores: Any, steps: Any, kept: Any) -> Any:
    """How likely each tag is for each word of a batch: forward and backward over its sentences."""
    numpy: Any = import_module("numpy")
    length = scores.shape[1]
    ahead, behind = scores.astype(numpy.float64), numpy.zeros(scores.shape)
    for i in range(1, length):
        ahead[:, i] += _summed(ahead[:, i - 1, :, None] + steps, 1)
    for i in range(length - 2, -1, -1):
        after = _summed(steps + (scores[:, i + 1] + behind[:, i + 1])[:, None], 2)
        behind[:, i] = numpy.where(kept[:, i + 1, None], after, 0)
    both = ahead + behind
    return numpy.exp(both - _summed(both, 2)[..., None])


def _summed(logarithms: Any, axis: int) -> Any:
    """The logarithm of a sum."""
    numpy: Any = import_module("numpy")
    most = logarithms.max(axis, keepdims=True)
    return numpy.log(numpy.exp(logarithms - most).sum(axis)) + most.squeeze(axis)


def vectors_in(path: Path) -> SimpleNamespace:
    """Of navec's file what the tagger asks for: its id, and the vectors, which stay in the file until they are needed.

    navec itself reads its words a second time and makes tables for comparing vectors: 100 MB that nobody
    here needs, and as much again while it loads.
    """
    numpy: Any = import_module("numpy")  # late, as the tagger, which brings it along
    with tarfile.open(path) as archive:
        meta = archive.extractfile(_META)
        at = archive.getmember(_QUANTIZED).offset_data
        name = "" if meta is None else json.load(meta)["id"]
    with path.open("rb") as file:
        file.seek(at)
        count, length, parts, centroids = map(int, numpy.fromfile(file, numpy.uint32, 4))
        begin = file.tell()
        file.seek(begin + count * parts)
        codes = numpy.fromfile(file, numpy.float32, length * centroids)
    indexes = numpy.memmap(path, numpy.uint8, "r", begin, (count, parts))
    vectors = SimpleNamespace(indexes=indexes, codes=codes.reshape(parts, centroids, -1))
    return SimpleNamespace(meta=SimpleNamespace(id=name), pq=vectors)


def data_folder() -> Path:
    """Where the files of the tagger lie; raises `StoreError` where they do not."""
    found = importlib.util.find_spec("natasha")
    if found is None or not found.submodule_search_locations:
        raise StoreError("natasha is missing", "install the review extra")
    return Path(found.submodule_search_locations[0]) / "data"


def joined(sentence: Sequence[Token]) -> list[list[int]]:
    """The tokens, by number, of each word as the tagger knows them: one with a hyphen inside is one."""
    found: list[list[int]] = []
    hyphen = False
    for i, token in enumerate(sentence):
        touches = bool(found) and sentence[i - 1].end == token.start
        opens = token.text == "-" and i > 0 and sentence[i - 1].text[0].isalnum()
        if touches and (hyphen or opens):
            found[-1].append(i)
            hyphen = token.text == "-" and not hyphen
        else:
            found.append([i])
            hyphen = False
    return found
