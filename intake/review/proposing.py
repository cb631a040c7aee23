"""What the desk proposes to take out of an item: finds in its fields, as places of a redaction.

It decides nothing: a proposal is taken out where a reviewer says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from intake.container import Container
from intake.review import leaks
from intake.review.consent import is_code
from intake.review.finding.memory import Memory
from intake.review.finding.span import SURE, Label
from intake.review.finding.span import Span as Found
from intake.review.redacting import Span, taken_places

REASONS: Final = {
    Label.PERSON: "person",
    Label.CODE: "number",
    Label.LOC: "place",
    Label.ORG: "work",
    Label.DEM: "family",
    Label.DATETIME: "date",
    Label.QUANTITY: "number",
    Label.MISC: "words",
}
"""For what a find is taken out, by its label; a reviewer may say otherwise."""
_KNOWN: Final = {Label.PERSON: "person", Label.LOC: "place", Label.CODE: "contact"}
_CONTACTS: Final = frozenset({"phone", "e-mail", "url", "handle", "contact"})


@dataclass(frozen=True)
class Proposal:
    """A place of a redaction, what found it, and how sure that is, from 0 to 1."""

    span: Span
    why: str = ""
    confidence: float = SURE


def proposals(
    container: Container,
    taken: Sequence[Span],
    language: str = "",
    memory: Memory | None = None,
) -> list[Proposal]:
    """What to propose in the fields that a person wrote in, less what is taken out already."""
    from intake.review.finding.find import NO_MEMORY, find  # late: the desk opens without its lists

    found: list[Proposal] = []
    places = taken_places(sorted(taken))
    for path, text in container.fields:
        if is_code(path, text):
            continue
        for one in find(text, language, memory or NO_MEMORY):
            found += _proposed(path, text, one, places.get(path, []))
    return found


def known_places(texts: Mapping[str, str], taken: Sequence[Span], memory: Memory) -> list[Span]:
    """Every place in these texts of a name or an address that the case knows, of what is not out already."""
    found: list[Span] = []
    for path, text in texts.items():
        for one in memory.found(text):
            fresh = Span(path, one.start, one.end, _KNOWN[one.label])
            if not any(span.overlaps(fresh) for span in taken):
                found.append(fresh)
    return found


def _proposed(
    path: str, text: str, found: Found, taken: Sequence[tuple[int, int]]
) -> Iterator[Proposal]:
    """A find, or the pieces of it that nothing takes out already."""
    reason = "contact" if found.reason in _CONTACTS else REASONS[found.label]
    inside = [
        (start - found.start, end - found.start)
        for start, end in leaks.clipped(taken, found.start, found.end)
    ]
    for offset, piece in leaks.outside(text[found.start : found.end], inside):
        if any(character.isalnum() for character in piece):
            start = found.start + offset
            span = Span(path, start, start + len(piece), reason)
            yield Proposal(span, found.reason, found.confidence)
