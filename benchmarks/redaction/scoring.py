"""The metrics of the Text Anonymization Benchmark (Pilán et al. 2022, 6), over plain places.

Token recall: of the words that must go, how many went. Entity recall: of the persons, places and
numbers that must go, how many went in all their mentions. Precision: of the words taken out, how
many had to go; each word counts the same. As in the paper's program, words of a closed class (of,
the, and, Mr) need not be taken out, so that nothing masked scores above nothing.
"""

# ruff: noqa: RUF001

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.redaction.corpora import Document

Places = Sequence[tuple[int, int]]
_WORD: Final = re.compile(r"\w+")
_CLOSED: Final = frozenset(
    # ADP, PART, CCONJ, DET
    "of in to for with on at from by about as into like through after over between out against"
    " during without before under around among within along upon across behind beyond near since"
    " until till above below towards toward per via despite off up down throughout onto inside"
    " outside besides beside except amongst concerning regarding following"
    " not n't 's s ’s t"
    " and or but nor both either neither yet plus"
    " the a an this that these those all some any each every no another such what which whose"
    " half quite"
    " mr mrs ms mr. mrs. ms. nr".split()
) | frozenset("в на с со к ко из от до по за у о об и а но или во под над при для не".split())


@dataclass
class Score:
    """Counts that add up over documents."""

    words: int = 0
    tokens: int = 0
    tokens_gone: int = 0
    taken: int = 0
    taken_rightly: int = 0
    spans: int = 0
    entities: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    by_label: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    left: list[tuple[str, str, str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.tokens_gone / max(1, self.tokens)

    @property
    def precision(self) -> float:
        return self.taken_rightly / max(1, self.taken)

    @property
    def burden(self) -> float:
        """Spans for each 1,000 words."""
        return 1000 * self.spans / max(1, self.words)

    def entity_recall(self, weight: str) -> float:
        gone, all_ = self.entities[weight]
        return gone / max(1, all_)

    def add(self, document: Document, places: Places) -> None:
        """Count one document of which `places` are taken out."""
        text = document.text
        out = _characters(text, places)
        due = _characters(text, [(m.start, m.end) for m in document.masked])
        self.spans += len(places)
        self.words += sum(1 for _ in _WORD.finditer(text))
        self._recall(document, out)
        for start, end in merged(places):
            for word in _WORD.finditer(text, start, end):
                right = due[word.start()]
                self.taken += 1
                self.taken_rightly += right
                if not right:
                    self.wrong.append((document.name, word[0]))

    def _recall(self, document: Document, out: bytearray) -> None:
        text = document.text
        whole: dict[str, bool] = {}
        weights: dict[str, str] = {}
        for mention in document.masked:
            gone = True
            for word in _WORD.finditer(text, mention.start, mention.end):
                hidden = all(out[word.start() : word.end()]) or word[0].lower() in _CLOSED
                self.tokens += 1
                self.tokens_gone += hidden
                counts = self.by_label[mention.label]
                counts[1] += 1
                counts[0] += hidden
                gone = gone and hidden
            if not gone:
                words = text[mention.start : mention.end]
                self.left.append((document.name, mention.label, mention.weight, words))
            key = mention.entity
            whole[key] = whole.get(key, True) and gone
            weights[key] = "DIRECT" if "DIRECT" in {weights.get(key), mention.weight} else "QUASI"
        for key, gone in whole.items():
            counts = self.entities[weights[key]]
            counts[1] += 1
            counts[0] += gone


def merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters in places that are sorted and apart."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def trivial(text: str) -> list[tuple[int, int]]:
    """Every word with a capital or a digit: what anything better has to be better than."""
    return [
        match.span()
        for match in _WORD.finditer(text)
        if match[0][0].isupper() or any(map(str.isdigit, match[0]))
    ]


def _characters(text: str, places: Places) -> bytearray:
    hidden = bytearray(len(text))
    for start, end in places:
        hidden[start:end] = b"\1" * (end - start)
    return hidden
