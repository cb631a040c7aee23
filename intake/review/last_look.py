"""How much of what is to leave has a capital or a digit, or is in no dictionary, and was looked at by nobody: a count for whoever signs.

A count of nought says that somebody looked, and never that nothing gives anybody away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.review.case import Case
from intake.review.consent import is_code
from intake.review.export import Publication
from intake.review.finding.sweep import left_over, plain
from intake.review.redacting import taken_places
from intake.review.remembering import seen_of


@dataclass(frozen=True)
class Looked:
    """Distinct strings left in one item's redacted texts, and how many of them nobody has looked at."""

    item: str
    left: int
    unseen: int


def looked_at(case: Case, publications: Mapping[str, Publication]) -> list[Looked]:
    """For each item of an output of which words may be shown, by its id."""
    return [_of(case, item, one) for item, one in publications.items() if one.fields]


def _of(case: Case, item: str, one: Publication) -> Looked:
    container, redaction = one.container, one.redaction
    shown = [
        (path, text)
        for path, text in container.fields
        if path not in redaction.withheld and not is_code(path, text)
    ]
    left = left_over(shown, taken_places(redaction.spans))
    seen = set(map(plain, seen_of(case, item, redaction.envelope).words(container)))
    return Looked(item, len(left), sum(row.key not in seen for row in left))


def said(rows: list[Looked]) -> list[str]:
    """The same in a line for each item, for a terminal."""
    return [
        f"left in {one.item}: {one.left} words with a capital or a digit, or in no dictionary, {one.unseen} of them seen by nobody"
        for one in rows
    ]
