"""Names as a tagger sees them that was trained on Russian news, and which words that news uses alike.

The tagger is slovnet's with navec's vectors; their files lie in the package natasha, which itself is never
imported. Words used alike are clusters of navec's vectors, made once by `benchmarks.redaction.clusters`.
"""

import importlib.util
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any, Final

from intake.errors import StoreError
from intake.review.finding.tokens import Token

CLUSTERS: Final = "clusters-ru.z"
VECTORS: Final = "navec_news_v1_1B_250K_300d_100q.tar"
_TAGGER: Final = "slovnet_ner_news_v1.tar"
_BATCH: Final = 8  # sentences that are tagged at once
_MOST: Final = 1_000_000  # bytes of the clusters, unpacked
_WORD_MOST: Final = 60  # letters of a word that the tagger is shown

Place = tuple[int, int]


class News:
    """The tagger and its words. It finds next to nothing in text without capitals."""

    def __init__(self) -> None:
        """Load both, in about a second; raises `StoreError` where their files are missing."""
        navec: Any = import_module("navec")  # neither has types
        slovnet: Any = import_module("slovnet")
        data = data_folder()
        vectors = navec.Navec.load(data / "emb" / VECTORS)
        tagger = slovnet.NER.load(data / "model" / _TAGGER, batch_size=_BATCH).navec(vectors)
        self._infer: Any = tagger.infer
        self._numbers: dict[str, int] = vectors.vocab.word_ids
        packed = (resources.files("intake.review.finding") / "models" / CLUSTERS).read_bytes()
        self._clusters = zlib.decompressobj().decompress(packed, _MOST)
        if len(self._clusters) != 2 * len(self._numbers):
            raise StoreError("the clusters are those of other vectors", "make clusters")

    @staticmethod
    @cache
    def shared() -> "News":
        """The one that a program needs."""
        return News()

    def alike(self, word: str) -> tuple[str, ...]:
        """In which of 60 wide and 250 narrow clusters a lower-cased word is; in none if unknown."""
        number = self._numbers.get(word)
        if number is None:
            return ()
        wide, narrow = self._clusters[number], self._clusters[len(self._numbers) + number]
        return f"A{wide}", f"B{narrow}"

    def tags(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """PER, LOC, ORG or nothing for each word of each sentence."""
        rows = [[word[:_WORD_MOST] for word in sentence] for sentence in sentences]
        # Of about the same length, so that few are padded; each is tagged as if it stood alone.
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        infer = self._infer
        tagged = infer.decoder(infer.process(infer.encoder([rows[i] for i in order])))
        found: list[list[str]] = [[] for _ in rows]
        for i, tags in zip(order, tagged, strict=True):
            found[i] = [tag.partition("-")[2] for tag in tags]
        return found


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
