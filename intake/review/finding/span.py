"""A place in a text that may give somebody away, and why it was proposed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake.errors import MalformedError


class Label(StrEnum):
    """What kind of thing gives away, in the words of the Text Anonymization Benchmark."""

    PERSON = "PERSON"
    CODE = "CODE"
    LOC = "LOC"
    ORG = "ORG"
    DEM = "DEM"
    DATETIME = "DATETIME"
    QUANTITY = "QUANTITY"
    MISC = "MISC"


class Kind(StrEnum):
    """Whether something speaks for taking a place out, or it is only left for one last look."""

    PROPOSAL = "proposal"
    SWEEP = "sweep"


SURE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Span:
    """From code point `start` to before code point `end` of a text.

    `reason` names what found it, in a word: `model`, `phone`, `memory`. `confidence` goes from 0 to
    1 and orders what is shown; it is no probability that holds for anybody's text. A span never
    holds the words themselves.
    """

    start: int
    end: int
    label: Label
    kind: Kind
    reason: str
    confidence: float = SURE

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise MalformedError("a place in a text ends before it starts")
        if not 0 <= self.confidence <= SURE:
            raise MalformedError("a confidence lies between 0 and 1")
