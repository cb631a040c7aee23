"""What the redaction page shows beside the rules: names that the case knows, and what is left for one last look.

It only proposes: the reviewer ticks, and what is ticked becomes a part of the draft.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from intake.review.desk.at_hand import AtHand
from intake.review.desk.marking import Place, texts_of
from intake.review.finding.memory import OfItem
from intake.review.finding.sweep import Left, left_over, plain
from intake.review.proposing import known_places
from intake.review.redacting import Span, taken_places
from intake.review.remembering import learn_register
from intake.visible import line

LISTED_STRINGS: Final = 200  # strings that one list shows
_AROUND: Final = 40  # characters shown on either side


@dataclass(frozen=True)
class LeftRow:
    """One string that is left, safe to look at: where it stands first, and how often."""

    place: str
    before: str
    words: str
    after: str
    count: int
    opening: bool


def remembered(
    hand: AtHand, spans: Sequence[Span], withheld: Sequence[str], seen: Sequence[Place]
) -> list[Span]:
    """Every place of a name or an address that the case knows, of what is neither out nor looked at."""
    return known_places(_shown(hand, withheld), spans, memory_of(hand, seen))


def memory_of(hand: AtHand, seen: Sequence[Place]) -> OfItem:
    """What the case knows, as this item sees it: what was looked at there and left is not proposed."""
    names = hand.sitting.corpus.names
    learn_register(names, hand.case)
    answers = hand.container.answers
    return OfItem(names, (answers[one.field][one.start : one.end] for one in seen))


def _shown(hand: AtHand, withheld: Sequence[str]) -> dict[str, str]:
    """The texts of the fields that are not left out whole."""
    return {path: text for path, text in texts_of(hand.container).items() if path not in withheld}


def swept(
    texts: Mapping[str, str],
    spans: Sequence[Span],
    withheld: Sequence[str],
    seen: Sequence[Place],
) -> list[Left]:
    """What is left for one last look, less what was looked at already."""
    looked = {plain(texts[one.field][one.start : one.end]) for one in seen if one.field in texts}
    fields = ((path, text) for path, text in texts.items() if path not in withheld)
    left = left_over(fields, taken_places(sorted(spans)))
    return [one for one in left if one.key not in looked]


def rows_of(texts: Mapping[str, str], left: Sequence[Left]) -> list[LeftRow]:
    """The same as rows of the page."""
    found: list[LeftRow] = []
    for one in left:
        path, start, end = one.places[0]
        text = texts[path]
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        words = text[start:end][:LISTED_STRINGS]
        cells = (_flat(before), _flat(words), _flat(after))
        found.append(LeftRow(str(Place(path, start, end)), *cells, len(one.places), one.opening))
    return found


def _flat(text: str) -> str:
    return line(text.replace("\n", " "))
