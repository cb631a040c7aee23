"""What can be found by rule: contacts, dates, numbers and what else gives a person away.

A rule proposes, and never decides. Each costs no more than the length of a text, whatever it holds.
"""

from collections.abc import Iterator
from functools import cache

from intake.review.finding.reading import Reading
from intake.review.finding.rules.find import Find, Matter
from intake.review.finding.span import Kind, Span


@cache
def matters() -> tuple[Matter, ...]:
    """Every matter, in order; its rules are made ready when the first text comes, not at each command."""
    from intake.review.finding.rules import (
        addresses,
        ages,
        belonging,
        contacts,
        dates,
        kin,
        money,
        numbers,
        people,
        places,
        spelled,
        things,
        units,
    )

    return (
        contacts.finds,
        numbers.finds,
        spelled.finds,
        money.finds,
        ages.finds,
        dates.finds,
        kin.finds,
        units.finds,
        belonging.finds,
        addresses.finds,
        things.finds,
        places.finds,
        people.finds,
    )


def found(text: str, language: str) -> list[Span]:
    """All that the rules find in `text`, by place, in code points; no two overlap.

    `language` is `ru`, `en` or `ce`: for Chechen and for what mixes it, Russian rules apply too. Each
    reason is the name of a rule. Confidence orders what is shown, and is no probability.
    """
    reading = Reading.of(text)
    return spans(reading, (find for matter in matters() for find in matter(reading, language)))


def spans(reading: Reading, finds: Iterator[Find]) -> list[Span]:
    """Finds as places of the original; of those that overlap the longest stays whole."""
    taken = bytearray(len(reading.text))
    made: list[Span] = []
    for find in sorted(finds, key=lambda f: (f.start - f.end, f.start, -f.confidence, f.reason)):
        for start, end in _free(reading, taken, find):
            taken[start:end] = b"\1" * (end - start)
            place = reading.place(start, end)
            made.append(Span(*place, find.label, Kind.PROPOSAL, find.reason, find.confidence))
    return sorted(made, key=lambda span: span.start)


def _free(reading: Reading, taken: bytearray, find: Find) -> Iterator[tuple[int, int]]:
    """The stretches of a find that are not taken and hold a letter or digit, without what parts them."""
    start = find.start
    while start < find.end:
        if taken[start]:
            start += 1
            continue
        wall = taken.find(1, start, find.end)
        end = find.end if wall < 0 else wall
        if start == find.start and end == find.end:
            yield start, end
        else:
            piece = reading.text[start:end]
            left = len(piece) - len(piece.lstrip(" \n.,;:-()\"'"))
            kept = piece.strip(" \n.,;:-()\"'")
            if any(character.isalnum() for character in kept):
                yield start + left, start + left + len(kept)
        start = end
