"""The places that the redaction's page lists: taken out, standing still, or proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from intake.review import leaks
from intake.review.desk.at_hand import AtHand
from intake.review.desk.history import State
from intake.review.desk.marking import Place, seen_in, spans_of
from intake.review.desk.remembered import memory_of, remembered
from intake.review.needles import Needles
from intake.review.planning import Plan, carry_out
from intake.review.proposing import Proposal, proposals
from intake.review.redacting import Span, cuts_word, removed_strings, taken_places
from intake.visible import line

_AROUND: Final = 40  # characters shown on either side of a place
LISTED: Final = 200  # places that one list shows


@dataclass(frozen=True)
class Shown:
    """A place in a list: its words and what stands around them, each safe to look at."""

    place: str
    reason: str
    before: str
    words: str
    after: str
    cuts: bool = False
    why: str = ""


def proposals_for(hand: AtHand, state: State, how: str) -> list[Proposal] | None:
    """What may give somebody away, names that the case knows, or every other occurrence of what is out.

    None where nobody asked.
    """
    spans, withheld = spans_of(state.items())
    seen = seen_in(state)
    if how == "find":
        found = proposals(hand.container, spans, memory=memory_of(hand, seen))
        return [one for one in found if one.span.field not in withheld]
    if how == "memory":
        return list(map(Proposal, remembered(hand, spans, withheld, seen)))
    if how == "everywhere":
        plan = Plan(tuple(spans), tuple(withheld), everywhere=True)
        made = carry_out(hand.container, hand.opening.envelope, plan, None, hand.case.by)
        return [Proposal(span) for span in made.spans if span not in set(spans)]
    return None


def offered(texts: dict[str, str], proposed: Sequence[Proposal]) -> list[Shown]:
    """Each proposal as it is listed, with why it is one."""
    shown = shown_at(texts, [one.span for one in proposed])
    return [replace(row, why=line(one.why)) for row, one in zip(shown, proposed, strict=True)]


def still_standing(
    texts: dict[str, str], hand: AtHand, spans: Sequence[Span], withheld: Sequence[str]
) -> list[Span]:
    """Where something that is taken out stands still: for this an export is refused."""
    shown = {path: text for path, text in texts.items() if path not in withheld}
    needles = Needles.of(removed_strings(hand.container, spans, withheld))
    found = leaks.remaining(shown, taken_places(spans), needles)
    return [Span(path, find.start, find.end, find.reason) for path, find in found]


def shown_at(
    texts: dict[str, str], spans: Sequence[Span], hand: AtHand | None = None
) -> list[Shown]:
    """Each place as it is listed; with `hand` it is said where one cuts a word."""
    found: list[Shown] = []
    for span in spans:
        text = texts[span.field]
        before = _flat(text[max(0, span.start - _AROUND) : span.start])
        after = _flat(text[span.end : span.end + _AROUND])
        place = Place(span.field, span.start, span.end)
        words = _flat(text[span.start : span.end][:LISTED])
        cuts = hand is not None and cuts_word(hand.container, span)
        found.append(Shown(str(place), span.reason, before, words, after, cuts))
    return found


def _flat(text: str) -> str:
    """A run of a text in one line, safe to look at."""
    return line(text.replace("\n", " "))
