"""A linear-chain CRF over the words of a text: how likely each gives somebody away, and as what.

Models are files of this package, trained by `make models`. They hold shapes, endings and ordinary words, and
no name (`models/NOTICE`).
"""

# ruff: noqa: RUF001 - Cyrillic words and typeset signs are meant

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, resources
from pathlib import Path
from typing import Any, Final

from intake.review.finding.span import Kind, Label, Span
from intake.review.finding.tokens import Token
from intake.review.finding.view import View

NOTHING: Final = "O"  # the label of a word that gives nobody away
_BETWEEN: Final = frozenset({"", " ", "-", ".", ". ", "'", "’", "/"})  # what one place may run over


@dataclass(frozen=True, slots=True)
class Doubt:
    """A token, how likely it gives somebody away, and as what it would."""

    token: Token
    chance: float
    label: Label


class Tagger:
    """One model; for texts with capitals, or for texts without."""

    def __init__(self, path: Path) -> None:
        """Open a model file."""
        crf: Any = import_module("pycrfsuite")  # has no types
        self._tagger = crf.Tagger()
        self._tagger.open(str(path))
        self._labels: list[str] = [name for name in self._tagger.labels() if name != NOTHING]

    @classmethod
    def shipped(cls, language: str, *, cased: bool) -> "Tagger":
        """The model of this package for `en` or `ru`."""
        name = model_name(language, cased=cased)
        with resources.as_file(resources.files("intake.review.finding") / "models" / name) as path:
            return cls(path)

    def doubts(self, view: View, least: float) -> Iterator[list[Doubt]]:
        """For each sentence its words; one less likely than `least` is called MISC, whatever it is."""
        tagger = self._tagger
        for sentence, rows in zip(view.sentences, view.rows(), strict=True):
            tagger.set(rows)
            found: list[Doubt] = []
            for i, token in enumerate(sentence):
                chance = max(0.0, min(1.0, 1.0 - float(tagger.marginal(NOTHING, i))))
                label = self._best(i) if chance >= least else Label.MISC
                found.append(Doubt(token, chance, label))
            yield found

    def _best(self, i: int) -> Label:
        chances = {name: float(self._tagger.marginal(name, i)) for name in self._labels}
        return Label(max(self._labels, key=chances.__getitem__))


def model_name(language: str, *, cased: bool) -> str:
    """The file of a model."""
    return f"{language}-{'cased' if cased else 'lower'}.crfsuite"


def spans(
    text: str, sentence: Sequence[Doubt], bars: Mapping[Label, float], reason: str
) -> Iterator[Span]:
    """Runs of words that are at least as likely as asked of their label; small signs inside a run belong to it."""
    run: list[Doubt] = []
    for doubt in sentence:
        if doubt.chance < bars[doubt.label] or not doubt.token.text[0].isalnum():
            continue
        if run and not (
            run[-1].label == doubt.label and text[run[-1].token.end : doubt.token.start] in _BETWEEN
        ):
            yield _span(run, reason)
            run = []
        run.append(doubt)
    if run:
        yield _span(run, reason)


def _span(run: Sequence[Doubt], reason: str) -> Span:
    chance = round(max(doubt.chance for doubt in run), 3)
    return Span(run[0].token.start, run[-1].token.end, run[0].label, Kind.PROPOSAL, reason, chance)
