"""A linear-chain CRF over the words of a text: how likely each gives somebody away, and as what.

In Russian a network that sees what words mean has the greater say. Models are files of this package, trained by
`make models`. They hold shapes, endings and ordinary words, and no name (`models/NOTICE`).
"""

# ruff: noqa: RUF001 - Cyrillic words and typeset signs are meant

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, resources
from itertools import repeat
from pathlib import Path
from typing import Any, Final

from intake.errors import StoreError
from intake.review.finding import morphology
from intake.review.finding.bare import CHECHEN, is_bare, is_before, is_loose
from intake.review.finding.features import LITTLE
from intake.review.finding.meaning import LABELS, LANGUAGES, NOTHING, Meaning, Network, network_name
from intake.review.finding.span import Kind, Label, Span
from intake.review.finding.tokens import Token
from intake.review.finding.view import View

_WHERE_OR_WHEN: Final = (
    "после перед мимо над между возле напротив вдоль без after before behind opposite past"
)
_TELLING: Final = frozenset(_WHERE_OR_WHEN.split())
_PLACES: Final = {name: i for i, name in enumerate(LABELS)}
_SHARE: Final = 0.7  # of the mean that is the network's where somebody tells of themselves
_SHARE_ELSEWHERE: Final = 0.5
_LEADING: Final = (Label.PERSON, Label.CODE)  # what leads to a person by itself
_CERTAIN: Final = 0.9  # how likely a word is that is kept whatever it is
_NAMED: Final = frozenset(
    {Label.LOC, Label.ORG}
)  # before whose names stands what somebody is there
_LETTERED: Final = frozenset({Label.PERSON, Label.LOC})  # may end in a letter by itself
_LIKELY: Final = 0.5  # of what is told by a verb alone
_DONE: Final = frozenset({Label.MISC, Label.DEM})  # what may be told by what was done
_BETWEEN: Final = frozenset({"", " ", "-", ".", ". ", "'", "’", "/"})  # what one place may run over


@dataclass(frozen=True, slots=True)
class Doubt:
    """A token, how likely it gives somebody away, and as what it would."""

    token: Token
    chance: float
    label: Label


class Tagger:
    """One model, with a network beside it or without; for texts with capitals, or for texts without."""

    def __init__(self, path: Path, meaning: Meaning | None = None) -> None:
        """Open a model file."""
        crf: Any = import_module("pycrfsuite")  # has no types
        self._tagger = crf.Tagger()
        self._tagger.open(str(path))
        self._names: list[str] = self._tagger.labels()
        self._meaning = meaning

    @classmethod
    def shipped(cls, language: str, *, cased: bool) -> "Tagger":
        """The model of this package for `en` or `ru`, with its network."""
        with resources.as_file(resources.files("intake.review.finding") / "models") as folder:
            return cls.in_folder(folder, language, cased=cased)

    @classmethod
    def in_folder(cls, folder: Path, language: str, *, cased: bool) -> "Tagger":
        """The model in a folder, with the network that lies beside it."""
        path = folder / model_name(language, cased=cased)
        if language not in LANGUAGES:
            return cls(path)
        network = folder / network_name(language, cased=cased)
        try:
            data = network.read_bytes()
        except OSError:
            raise StoreError(
                f"{network.name} is missing", "install again, or make models"
            ) from None
        return cls(path, Meaning(Network.decoded(data)))

    def doubts(self, view: View, least: float) -> Iterator[list[Doubt]]:
        """For each sentence its words; one less likely than `least` is called MISC, whatever it is."""
        sentences = view.sentences
        meant = (
            repeat(None, len(sentences)) if self._meaning is None else self._meaning.chances(view)
        )
        share = _SHARE if view.seen.told else _SHARE_ELSEWHERE
        for sentence, rows, means in zip(sentences, view.rows(), meant, strict=True):
            self._tagger.set(rows)
            found: list[Doubt] = []
            for i, token in enumerate(sentence):
                said = _Said(self._marginal, i, None if means is None else means[i], share)
                chance = said.gives_away()
                label = said.best() if chance >= least else Label.MISC
                found.append(Doubt(token, chance, label))
            yield found

    def _marginal(self, name: str, i: int) -> float:
        return float(self._tagger.marginal(name, i)) if name in self._names else 0.0


@dataclass(frozen=True, slots=True)
class _Said:
    """What model and network say of the word at `at`: the mean, of which the network has `share`.

    Of what leads to a person by itself it is no less than the model says: in training the network saw no
    name by its vector, so it knows no nickname that is an ordinary word.
    """

    model: Callable[[str, int], float]
    at: int
    network: Any
    share: float

    def gives_away(self) -> float:
        """How likely the word gives away, 0 to 1."""
        most = 1.0 - self.chance(NOTHING)
        if self.network is not None:
            most = max(most, *map(self.chance, _LEADING))
        return max(0.0, min(1.0, most))

    def best(self) -> Label:
        """What it is most likely, if it gives away."""
        return Label(max(LABELS[1:], key=self.chance))

    def chance(self, name: str) -> float:
        """How likely the word is what `name` says."""
        seen = self.model(name, self.at)
        if self.network is None:
            return seen
        mean: float = (1 - self.share) * seen + self.share * float(self.network[_PLACES[name]])
        return max(seen, mean) if name in _LEADING else mean


def model_name(language: str, *, cased: bool) -> str:
    """The file of a model."""
    return f"{language}-{'cased' if cased else 'lower'}.crfsuite"


def spans(
    view: View, sentence: Sequence[Doubt], bars: Mapping[Label, float], reason: str
) -> Iterator[Span]:
    """Runs of words that are at least as likely as asked of their label; small signs inside a run belong to it.

    Words that only hold others together are part of a run but inside it.
    """
    run: list[Doubt] = []
    for doubt in sentence:
        if doubt.chance < bars[doubt.label] or not doubt.token.text[0].isalnum():
            continue
        if run and not (
            run[-1].label == doubt.label
            and view.text[run[-1].token.end : doubt.token.start] in _BETWEEN
        ):
            yield from _span(view, run, reason)
            run = []
        run.append(doubt)
    yield from _span(view, run, reason)


def _span(view: View, run: Sequence[Doubt], reason: str) -> Iterator[Span]:
    first, end = 0, len(run)
    while first < end and (
        _is_loose(view, run[first], leading=True) or (first + 1 < end and _is_before(run[first]))
    ):
        first += 1
    while first < end and _is_loose(view, run[end - 1], leading=False):
        end -= 1
    kept = run[first:end]
    if not kept:
        return
    chance = round(max(doubt.chance for doubt in kept), 3)
    if _says_nothing(view, kept, chance):
        return
    place = kept[0].token.start, kept[-1].token.end
    yield Span(*place, kept[0].label, Kind.PROPOSAL, reason, chance)


def _says_nothing(view: View, kept: Sequence[Doubt], chance: float) -> bool:
    """Whether all of a find is bare words, or what somebody did, and the model is not sure; a nickname may be such a word."""
    words = [doubt.token.text.lower() for doubt in kept]
    sure = _LIKELY if kept[0].label is Label.PERSON else _CERTAIN
    if CHECHEN.issuperset(words) or (chance < sure and all(map(is_bare, words))):
        return True
    return chance < _LIKELY and all("VERB" in view.marks(word) for word in words)


def _is_before(doubt: Doubt) -> bool:
    """Whether a word before a find is bare kin or the like, or an office at what is named, and the model is not certain that it is not.

    Not before what somebody is: `son of a shepherd`.
    """
    token = doubt.token
    if doubt.chance >= _CERTAIN or doubt.label is Label.DEM:
        return False
    if not token.text.islower() and (doubt.label is Label.PERSON or not token.first):
        return False
    named = doubt.label in _NAMED and token.text.islower()
    return is_before(token.text.lower()) or (named and morphology.is_somebody(token.text))


def _is_loose(view: View, doubt: Doubt, *, leading: bool) -> bool:
    """Whether a word at an end of a run gives nobody away: `in`, `with`, `he`; beside a place or a time, what was done.

    Not what says where or when by itself, nor a letter that may be an initial, or part of a number.
    """
    token, word = doubt.token, doubt.token.text.lower()
    marks = view.marks(word)
    if word in _TELLING or doubt.label is Label.CODE:
        return False
    if len(word) > 1 and token.text == word and is_loose(word):
        return True
    if "VERB" in marks and doubt.label not in _DONE and doubt.chance < _CERTAIN:
        return token.text == word
    if LITTLE not in marks:
        return False
    if len(word) > 1:
        return True
    dotted = view.text[token.end : token.end + 1] == "."
    return token.text == word and not dotted and (leading or doubt.label not in _LETTERED)
