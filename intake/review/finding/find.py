"""What in a text may give somebody away: everything that finds, put together.

`find` proposes, `sweep` lists what is left; a reviewer decides. Nothing here is sure to find a name: what
nobody wrote a rule or marked a text for stays unfound. It writes nothing, and keeps no text.
"""

# ruff: noqa: RUF001 - Cyrillic words and typeset signs are meant

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final, Protocol

from intake.review.finding import rules, russian
from intake.review.finding.capitals import unexplained
from intake.review.finding.consistency import repeated
from intake.review.finding.memory import Memory
from intake.review.finding.reading import Reading
from intake.review.finding.routing import Capitals, Language, capitals_of, language_of
from intake.review.finding.span import Kind, Label, Span
from intake.review.finding.sweep import swept
from intake.review.finding.tagger import Doubt, Tagger, spans
from intake.review.finding.tokens import Token
from intake.review.finding.view import View

_USUAL: Final = 0.12  # of the words of a text that give away; where it is more, less likely ones do
_BEFORE: Final = 40  # words of a usual text that stand for what is not known of a short one
_DENSE: Final = 0.22  # then nearly every capital gives somebody away
_FLOOR: Final = 0.1  # of the bar, below which it does not sink
_STEEP: Final = 1.8  # the power with which the bar sinks where nobody tells of themselves
_NAMED: Final = 0.5  # of the bar, for what leads to a person by itself: to miss that costs most
_DOUBT: Final = 0.6  # of the bar, above which a model is not sure that a word gives nobody away
_ALWAYS: Final = frozenset({Label.PERSON, Label.CODE})  # what is found there leads to a person
_HYPHENATED: Final = 40  # letters that are looked at to either side of a find
_HEAD: Final = re.compile(r"(?<!\w)[^\W\d_]+[-\u2010\u2011](?:[^\W\d_]+[-\u2010\u2011])?\Z")
_TAIL: Final = re.compile(r"(?:[-\u2010\u2011][^\W\d_]+){1,2}(?!\w)")
_SURE_NEWS: Final = 0.9  # how sure a name is that the tagger of news found


class Nothing:
    """No memory."""

    def found(self, text: str) -> list[Span]:
        """Nothing."""
        del text
        return []

    def rejects(self, text: str, span: Span) -> bool:
        """Refuse nothing."""
        del text, span
        return False


NO_MEMORY: Final = Nothing()


class Taggers(Protocol):
    """Where the models are from: this package, or a benchmark that trained some of its own."""

    def __call__(self, language: Language, *, cased: bool) -> Tagger:
        """The model for a language, of texts with capitals or without."""
        ...


@cache
def shipped(language: Language, *, cased: bool) -> Tagger:
    """The model of this package."""
    return Tagger.shipped(language, cased=cased)


def find(
    text: str, language: str = "", memory: Memory = NO_MEMORY, taggers: Taggers = shipped
) -> list[Span]:
    """What to propose, by place, in code points of `text`; no two overlap.

    `language` is `en`, `ru`, `ce`, or empty to have it guessed. It costs time in step with the text,
    whatever that holds. The first call loads models, in a second or two; `load` does that before.
    """
    reading = Reading.of(text)
    spoken = Language(language) if language else language_of(reading.text)
    doubtful = bytearray(len(text))
    found = list(_modelled(reading, spoken, taggers, doubtful))
    ruled = rules.found(text, spoken)
    if spoken is Language.EN:
        ruled = [one for one in ruled if _stands(one, doubtful)]
    found += ruled
    whole = (_whole(text, span) for span in found)
    kept = [span for span in whole if not memory.rejects(text, span)]
    return joined((*kept, *memory.found(text)))


def _whole(text: str, span: Span) -> Span:
    """A find with all of a hyphenated word of which it has a part."""
    start, end = span.start, span.end
    head = _HEAD.search(text[max(0, start - _HYPHENATED) : start])
    tail = _TAIL.match(text, end, end + _HYPHENATED)
    if head is None and tail is None:
        return span
    start -= len(head[0]) if head else 0
    end += len(tail[0]) if tail else 0
    return Span(start, end, span.label, span.kind, span.reason, span.confidence)


def _stands(found: Span, doubtful: bytearray) -> bool:
    """Whether what a rule found is proposed: names and codes always, else where the model has a doubt.

    A rule knows no context: most places on a list, and most counts, give nobody away. Only the English models
    can tell: all kinds are marked in their texts. In Russian news only names are.
    """
    return found.label in _ALWAYS or doubtful.find(1, found.start, found.end) >= 0


def sweep(text: str, found: Iterable[Span]) -> list[Span]:
    """What is left beside `found` for one last look: words with a capital or a digit."""
    return swept(text, sorted((span.start, span.end) for span in found))


def load() -> None:
    """Load every model and list, so that the first text need not wait."""
    for words in ("Он приехал в Грозный", "He came to London", "она жила у нас", "she lived here"):
        find(words)


def joined(found: Iterable[Span]) -> list[Span]:
    """One span for those that overlap: it reaches over all, and is what the longest, then the surest, is."""
    made: list[Span] = []
    best: Span | None = None
    for span in sorted(found, key=lambda s: (s.start, -s.end)):
        if best is None or span.start >= made[-1].end:
            made.append(span)
            best = span
            continue
        best = max(best, span, key=lambda s: (s.end - s.start, s.confidence))
        last = made[-1]
        end, confidence = max(last.end, span.end), max(last.confidence, span.confidence)
        made[-1] = Span(last.start, end, best.label, Kind.PROPOSAL, best.reason, confidence)
    return made


def _modelled(
    reading: Reading, language: Language, taggers: Taggers, doubtful: bytearray
) -> Iterator[Span]:
    """What models and dictionaries find, as places of the original; marks there what they are not sure of.

    A text all in small letters or all in capitals is read without them; one that begins its sentences
    with capitals and has none inside is read both ways, since then names may have none.
    """
    found: list[Span] = []
    doubts: list[Token] = []
    view = View.of(reading, language, cased=True)
    capitals = capitals_of(view.sentences)
    if capitals is not Capitals.NONE:
        found += _with_capitals(view, language, taggers(language.model, cased=True), doubts)
    if capitals is not Capitals.SURE:
        small = View.of(reading, language, cased=False)
        tagger = taggers(language.model, cased=False)
        found += _chosen(small, tagger, language, doubts)[0]
    found += repeated(view, found)
    for token in doubts:
        start, end = reading.place(token.start, token.end)
        doubtful[start:end] = b"\1" * (end - start)
    for span in found:
        start, end = reading.place(span.start, span.end)
        yield Span(start, end, span.label, span.kind, span.reason, span.confidence)


def _with_capitals(
    view: View, language: Language, tagger: Tagger, doubtful: list[Token]
) -> Iterator[Span]:
    chosen, share = _chosen(view, tagger, language, doubtful)
    yield from chosen
    if language is Language.RU:
        yield from _in_news(view)
    explained_too = language is Language.EN and share >= _DENSE
    yield from unexplained(view, explained_too=explained_too)


def _in_news(view: View) -> Iterator[Span]:
    """What the tagger of news found by itself, but for one ordinary word that only begins a sentence."""
    labels = {"PER": Label.PERSON, "LOC": Label.LOC, "ORG": Label.ORG}
    for sentence, hints in zip(view.sentences, view.hints or (), strict=True):
        doubts = [
            Doubt(token, _SURE_NEWS, labels[hint.tag])
            for token, hint in zip(sentence, hints, strict=True)
            if hint.tag
        ]
        plain = {
            (token.start, token.end)
            for token in sentence
            if token.first and russian.is_plain(token.text.lower())
        }
        found = spans(view, doubts, dict.fromkeys(Label, _SURE_NEWS), "news")
        yield from (span for span in found if (span.start, span.end) not in plain)


def _chosen(
    view: View, tagger: Tagger, language: Language, doubtful: list[Token]
) -> tuple[list[Span], float]:
    """What is likely enough, and the share of words that give away as far as the model can tell.

    The models were trained on texts in which about every tenth word gives somebody away. In a text in
    which more do, a word with the same signs does more often: the bar sinks, and faster than the share grows.
    """
    bar = language.bar if view.cased else language.bar_small
    if view.seen.told:
        bar *= language.of_the_bar
    doubts = list(tagger.doubts(view, bar * _FLOOR * _NAMED))
    share = _share(doubts)
    steep = language.steep if view.seen.told else _STEEP
    sunk = bar * min(1.0, max(_FLOOR, (_USUAL / share) ** steep))
    doubtful += (d.token for row in doubts for d in row if d.chance >= _DOUBT * sunk)
    bars = {label: sunk * (_NAMED if label in _ALWAYS else 1) for label in Label}
    return [span for row in doubts for span in spans(view, row, bars, "model")], share


def _share(doubts: Sequence[Sequence[Doubt]]) -> float:
    """The share of words that give away, as if a few more of the usual kind stood before: few say little."""
    chances = [d.chance for sentence in doubts for d in sentence if d.token.text[0].isalnum()]
    return (sum(chances) + _BEFORE * _USUAL) / (len(chances) + _BEFORE)
