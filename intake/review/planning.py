"""From what a reviewer asks for to the next redaction: spans, rules, and every other occurrence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from intake.container import Container
from intake.review import leaks
from intake.review.consent import is_code
from intake.review.finding.rules import plain
from intake.review.needles import Needles
from intake.review.redacting import (
    Redaction,
    Span,
    check_apart,
    check_span,
    check_withheld,
    removed_strings,
    taken_places,
)

ROUNDS = 16  # of looking again; a text in which names lead on and on was made to


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

    Raises `MalformedError` where that are more places than a redaction holds.
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
    places = taken_places(taken)
    for path, text in container.fields:
        if is_code(path, text):
            continue
        for found in plain.found(text):
            inside = leaks.clipped(places.get(path, []), found.start, found.end)
            for offset, piece in leaks.outside(text[: found.end], [(0, found.start), *inside]):
                if any(c.isalnum() for c in piece):
                    span = Span(path, offset, offset + len(piece), found.rule.reason)
                    spans.append(span)
    return spans


def _everywhere(container: Container, spans: list[Span], withheld: Sequence[str]) -> list[Span]:
    """Every other occurrence, and every one of what was taken out for it, until none stands."""
    answers = container.answers
    shown = {
        path: text
        for path, text in container.fields
        if path not in withheld and not is_code(path, text)
    }
    needles = Needles.of(removed_strings(container, spans, withheld))
    rounds = 0
    while True:
        taken = taken_places(spans)
        fresh = [
            Span(path, find.start, find.end, find.reason)
            for path, find in leaks.remaining(shown, taken, needles)
        ]
        if not fresh:
            return spans
        rounds += 1
        if rounds > ROUNDS:
            fresh = list(_all_of(shown, taken, {span.field for span in fresh}))
        for span in fresh:
            needles.add(answers[span.field][span.start : span.end], span.reason)
        spans = sorted((*spans, *fresh))


def _all_of(
    shown: dict[str, str], taken: dict[str, list[tuple[int, int]]], paths: set[str]
) -> Iterator[Span]:
    """Whatever still stands in some fields, so that the search ends and an export can be made."""
    for path in sorted(paths):
        for offset, piece in leaks.pieces(shown[path], taken.get(path, [])):
            if any(c.isalnum() for c in piece):
                yield Span(path, offset, offset + len(piece), "words")
