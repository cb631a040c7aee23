"""Where a coded value stands in the original, and when it was: what acts, parts and events have alike."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, cast

from intake.errors import MalformedError
from intake.review.coding.vocabulary import Vocabulary, check_code

QUOTES_LIMIT: Final = 50  # for one value
TEXT_LIMIT: Final = 2_000  # characters of a reviewer's own words about a value
_NAME: Final = re.compile(r"(?:p|l)-[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True, order=True)
class Quote:
    """A place in a field of the original, in code points from 0, the end exclusive."""

    field: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise MalformedError("a quote does not end after it starts")


@dataclass(frozen=True)
class When:
    """A date as far as it is known: from and to are days, either may be missing; V8 says how exact."""

    start: dt.date | None
    end: dt.date | None
    precision: str

    def __post_init__(self) -> None:
        check_code(Vocabulary.PRECISION, self.precision)
        if self.start is not None and self.end is not None and self.end < self.start:
            raise MalformedError("a date ends before it begins")
        if (self.start is None and self.end is None) != (self.precision == "d.unknown"):
            raise MalformedError("a date that is not known has no day, and one that is has one")

    @property
    def month(self) -> str:
        """`2017-03` where all of it lies in one month, empty where it does not or nobody knows."""
        if self.start is None or self.end is None:
            return ""
        first, last = f"{self.start:%Y-%m}", f"{self.end:%Y-%m}"
        return first if first == last else ""


UNKNOWN: Final = When(None, None, "d.unknown")


def check_pseudonym(name: str, kind: str) -> None:
    """Raise `MalformedError` unless this is empty or a pseudonym of this kind (`p` or `l`)."""
    if name and (not _NAME.fullmatch(name) or name[0] != kind):
        raise MalformedError("not a pseudonym of the register")


def check_quotes(quotes: tuple[Quote, ...]) -> None:
    """Raise `MalformedError` unless there are some, in order, each once."""
    if not 1 <= len(quotes) <= QUOTES_LIMIT or sorted(set(quotes)) != list(quotes):
        raise MalformedError(
            "every code points to the words that bear it out", "select them in the text first"
        )


def check_text(text: str) -> None:
    """Raise `MalformedError` where reviewers wrote more than a value takes."""
    if len(text) > TEXT_LIMIT:
        raise MalformedError(f"a remark is longer than {TEXT_LIMIT:,} characters")


def quotes_to_json(quotes: tuple[Quote, ...]) -> list[object]:
    """The places, as a record has them."""
    return [[quote.field, quote.start, quote.end] for quote in quotes]


def quotes_of(value: object) -> tuple[Quote, ...]:
    """Read what `quotes_to_json` gave."""
    return tuple(Quote(*row) for row in cast("list[tuple[str, int, int]]", value))


def _day(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


def when_to_json(when: When) -> list[object]:
    """From, to and how exact, as a record has it."""
    days = [None if day is None else day.isoformat() for day in (when.start, when.end)]
    return [*days, when.precision]


def when_of(value: object) -> When:
    """Read what `when_to_json` gave."""
    start, end, precision = cast("tuple[str | None, str | None, str]", value)
    return When(_day(start), _day(end), precision)
