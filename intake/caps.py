"""What a person agreed to and still is not done: stories of others, and of children (domain.md 1.6).

A tick above a cap is kept and shown; the check page says so, and the export is refused.
"""

from collections.abc import Mapping
from enum import StrEnum

from intake.container import Level

SELF = frozenset({"r.self", "r.na"})
UNASKED = frozenset({"no", "cannot"})
ADULT = frozenset({"a.18", "a.25", "a.35", "a.na"})

_NO_AGE = "a.na"
_SHOWN = frozenset({Level.PUBLISH, Level.INVESTIGATORS, Level.COURTS, Level.GOVERNMENT})
_OPEN = frozenset({Level.PUBLISH, Level.GOVERNMENT})  # to anybody, or to who may be the danger


class Cap(StrEnum):
    """Why a use is held back."""

    OTHER = "other"
    MINOR = "minor"

    @property
    def levels(self) -> frozenset[Level]:
        """The uses that it holds back."""
        return _SHOWN if self is Cap.OTHER else _OPEN


def about_another(answers: Mapping[str, str]) -> bool:
    """Whether it may be somebody else's story. An answer that is no known code counts as one.

    So does a story of nobody said whose, where it is said of somebody that they do not know.
    """
    relation = answers.get("relation", "r.na")
    unasked = relation != "r.self" and answers.get("aware", "") in UNASKED
    return unasked or relation not in SELF


def caps(answers: Mapping[str, str]) -> tuple[Cap, ...]:
    """The caps on what was answered: not clearly allowed is held back.

    1. somebody else's story, unless that person knows that it is being written;
    2. the story of a person under 18, or whose age is no answer that a form gives.
    """
    found: list[Cap] = []
    # (1)
    if about_another(answers) and answers.get("aware") != "yes":
        found.append(Cap.OTHER)
    # (2)
    if answers.get("age_band", _NO_AGE) not in ADULT:
        found.append(Cap.MINOR)
    return tuple(found)


def says_age(answers: Mapping[str, str]) -> bool:
    """Whether an age was given, and not left out or kept back."""
    return answers.get("age_band", _NO_AGE) != _NO_AGE
