"""From what a reviewer asks for to the next redaction: spans, rules, and every other occurrence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from intake.container import Container
from intake.review import leaks, rules
from intake.review.consent import is_code
from intake.review.redacting import (
    Redaction,
    Span,
    check_apart,
    check_span,
    check_withheld,
    taken_places,
)


@dataclass(frozen=True)
class Plan:
    """What a reviewer asks for: spans, whole fields, and whether the rest is to be looked for."""

    spans: tuple[Span, ...] = ()
    withheld: tuple[str, ...] = ()
    rules: bool = False
    everywhere: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a plan file: a span or `withhold FIELD` a line, `#` begins a comment."""
        spans: list[Span] = []
        withheld: list[str] = []
        for row in text.splitlines():
            words = row.partition("#")[0].split()
            if len(words) == 2 and words[0] == "withhold":
                withheld.append(words[1])
            elif words:
                spans.append(Span.parse(" ".join(words)))
        return cls(tuple(spans), tuple(withheld))


def carry_out(
    container: Container, envelope: bytes, plan: Plan, earlier: Redaction | None, by: str
) -> Redaction:
    """The next version: everything that `earlier` took out and everything that the plan asks for.

    1. the reviewer's own spans, which must not overlap each other or earlier ones;
    2. what the rules find beside them: where both want a character, the reviewer's reason stands;
    3. every other occurrence, again and again until none stands.
    """
    withheld = sorted({*plan.withheld, *(earlier.withheld if earlier else ())})
    check_withheld(container, withheld)
    # (1)
    spans = sorted({*plan.spans, *(earlier.spans if earlier else ())})
    for span in spans:
        check_span(container, span)
    check_apart(spans)
    # (2)
    if plan.rules:
        spans = sorted((*spans, *by_rules(container, spans)))
    # (3)
    if plan.everywhere:
        spans = _everywhere(container, spans, withheld)
    version = earlier.version + 1 if earlier else 1
    return Redaction(envelope, version, tuple(spans), tuple(withheld), by)


def by_rules(container: Container, taken: Sequence[Span]) -> list[Span]:
    """What the rules find in the text fields, less what is taken already."""
    spans: list[Span] = []
    for path, text in container.fields:
        if is_code(path, text):
            continue
        places = [(s.start, s.end) for s in taken if s.field == path]
        for found in rules.found(text):
            for offset, piece in leaks.outside(text[: found.end], _clipped(places, found)):
                if any(c.isalnum() for c in piece):
                    span = Span(path, offset, offset + len(piece), found.rule.reason)
                    spans.append(span)
    return spans


def _clipped(places: Sequence[tuple[int, int]], found: rules.Found) -> list[tuple[int, int]]:
    """Everything before the find, and of the places taken what lies in it."""
    inside = [
        (max(start, found.start), min(end, found.end))
        for start, end in places
        if start < found.end and found.start < end
    ]
    return [(0, found.start), *inside]


def _everywhere(container: Container, spans: list[Span], withheld: Sequence[str]) -> list[Span]:
    shown = {
        path: text
        for path, text in container.fields
        if path not in withheld and not is_code(path, text)
    }
    answers = container.answers
    reasons: dict[str, str] = {}
    fresh = spans
    while True:
        for span in fresh:
            text = answers[span.field][span.start : span.end]
            reasons |= dict.fromkeys(leaks.needles(text) - reasons.keys(), span.reason)
        for path in withheld:
            if not is_code(path, answers[path]):
                wanted = leaks.needles(answers[path]) - reasons.keys()
                reasons |= dict.fromkeys(wanted, "words")
        taken = taken_places(spans)
        fresh = [
            Span(path, start, end, reasons[needle])
            for path, start, end, needle in leaks.remaining(shown, taken, reasons)
        ]
        if not fresh:
            return spans
        spans = sorted((*spans, *fresh))
