"""Layer B of one account: who did what to whom, when and where, each with the words that bear it out.

After HURIDOCS Events Standard Formats (Act, Person, Involvement). It points into layer A by character
and holds no word of it; nothing here is ever written back. Who a person or what a place is, the whole
case says once (`register`): here stand their pseudonyms.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self, cast

from intake import canonical
from intake.errors import MalformedError
from intake.review.coding.vocabulary import Vocabulary, check_code

ACTS_LIMIT: Final = 200  # in one account
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


@dataclass(frozen=True)
class Act:
    """One act: what was done to `victim`, as the quoted words say.

    `number` counts within the account; `victim` and `place` are pseudonyms of the register, or empty
    where nobody said. Codes not known are left out of sets, and empty in single places.
    """

    number: int
    code: str
    quotes: tuple[Quote, ...]
    methods: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    victim: str = ""
    when: When = UNKNOWN
    place: str = ""
    place_type: str = ""
    status_at_end: str = ""
    whereabouts: str = ""
    attribution: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        check_code(Vocabulary.ACT, self.code)
        for vocabulary, codes in (
            (Vocabulary.METHOD, self.methods),
            (Vocabulary.PURPOSE, self.purposes),
            (Vocabulary.EFFECT, self.effects),
        ):
            check_code(vocabulary, *codes)
            if sorted(set(codes)) != list(codes):
                raise MalformedError("codes of an act are sorted, and each stands once")
        for vocabulary, code in (
            (Vocabulary.PLACE_TYPE, self.place_type),
            (Vocabulary.STATUS_AT_END, self.status_at_end),
            (Vocabulary.WHEREABOUTS, self.whereabouts),
            (Vocabulary.ATTRIBUTION, self.attribution),
        ):
            if code:
                check_code(vocabulary, code)
        check_pseudonym(self.victim, "p")
        check_pseudonym(self.place, "l")
        _check_quotes(self.quotes)
        _check_text(self.reason)


@dataclass(frozen=True)
class Involvement:
    """That a person or unit of the register had a part in an act, as the quoted words say."""

    act: int
    person: str
    code: str
    affiliation: str
    quotes: tuple[Quote, ...]
    rank: str = ""
    confidence: str = ""

    def __post_init__(self) -> None:
        check_code(Vocabulary.INVOLVEMENT, self.code)
        check_code(Vocabulary.AFFILIATION, self.affiliation)
        if not self.person:
            raise MalformedError("an involvement names nobody")
        check_pseudonym(self.person, "p")
        _check_quotes(self.quotes)
        _check_text(self.rank)
        _check_text(self.confidence)


@dataclass(frozen=True)
class Coding:
    """All that one reviewer coded of one account, in one version; newer ones take its place.

    `relation` is the source's (V6), empty where it was not judged.
    """

    acts: tuple[Act, ...] = ()
    involvements: tuple[Involvement, ...] = ()
    relation: str = ""

    def __post_init__(self) -> None:
        if self.relation:
            check_code(Vocabulary.RELATION, self.relation)
        numbers = [act.number for act in self.acts]
        if (
            sorted(set(numbers)) != numbers
            or len(numbers) > ACTS_LIMIT
            or min(numbers, default=1) < 1
        ):
            raise MalformedError("acts of an account are numbered in order")
        if any(one.act not in numbers for one in self.involvements):
            raise MalformedError("an involvement is in an act that is not there")

    @property
    def quotes(self) -> list[Quote]:
        """Every place that bears something out, in order."""
        ours = [act.quotes for act in self.acts] + [one.quotes for one in self.involvements]
        return sorted({quote for quotes in ours for quote in quotes})

    def check_fits(self, fields: Mapping[str, str]) -> None:
        """Raise `MalformedError` unless every quote lies in one of these fields of the original."""
        for quote in self.quotes:
            if quote.end > len(fields.get(quote.field, "")):
                raise MalformedError(
                    "a code points to words that the account does not have",
                    "mark the words again",
                )

    def to_json(self) -> dict[str, object]:
        """The value that is signed and sealed into the case."""
        return {
            "acts": [_act_to_json(act) for act in self.acts],
            "involvements": [
                [
                    o.act,
                    o.person,
                    o.code,
                    o.affiliation,
                    _quotes_to_json(o.quotes),
                    o.rank,
                    o.confidence,
                ]
                for o in self.involvements
            ],
            "relation": self.relation,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            coding = cls(
                acts=tuple(_act(act) for act in cast("list[object]", row["acts"])),
                involvements=tuple(
                    Involvement(act, person, code, side, _quotes(quotes), rank, sure)
                    for act, person, code, side, quotes, rank, sure in cast(
                        "list[tuple[int, str, str, str, object, str, str]]", row["involvements"]
                    )
                ),
                relation=str(row["relation"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise MalformedError("a coding has another shape") from None
        if canonical.encode(coding.to_json()) != canonical.encode(value):
            raise MalformedError("a coding has another shape")
        return coding


def check_pseudonym(name: str, kind: str) -> None:
    """Raise `MalformedError` unless this is empty or a pseudonym of this kind (`p` or `l`)."""
    if name and (not _NAME.fullmatch(name) or name[0] != kind):
        raise MalformedError("not a pseudonym of the register")


def _check_quotes(quotes: tuple[Quote, ...]) -> None:
    if not 1 <= len(quotes) <= QUOTES_LIMIT or sorted(set(quotes)) != list(quotes):
        raise MalformedError(
            "every code points to the words that bear it out", "select them in the text first"
        )


def _check_text(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise MalformedError(f"a remark is longer than {TEXT_LIMIT:,} characters")


def _quotes_to_json(quotes: tuple[Quote, ...]) -> list[object]:
    return [[quote.field, quote.start, quote.end] for quote in quotes]


def _quotes(value: object) -> tuple[Quote, ...]:
    return tuple(Quote(*row) for row in cast("list[tuple[str, int, int]]", value))


def _day(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


def _act_to_json(act: Act) -> dict[str, object]:
    days = [None if day is None else day.isoformat() for day in (act.when.start, act.when.end)]
    return {
        "number": act.number,
        "code": act.code,
        "quotes": _quotes_to_json(act.quotes),
        "methods": list(act.methods),
        "purposes": list(act.purposes),
        "effects": list(act.effects),
        "victim": act.victim,
        "when": [*days, act.when.precision],
        "place": act.place,
        "place_type": act.place_type,
        "status_at_end": act.status_at_end,
        "whereabouts": act.whereabouts,
        "attribution": act.attribution,
        "reason": act.reason,
    }


def _act(value: object) -> Act:
    row = cast("Mapping[str, str]", value)
    start, end, precision = cast("tuple[str | None, str | None, str]", row["when"])
    return Act(
        number=cast("int", row["number"]),
        code=row["code"],
        quotes=_quotes(row["quotes"]),
        methods=tuple(row["methods"]),
        purposes=tuple(row["purposes"]),
        effects=tuple(row["effects"]),
        victim=row["victim"],
        when=When(_day(start), _day(end), precision),
        place=row["place"],
        place_type=row["place_type"],
        status_at_end=row["status_at_end"],
        whereabouts=row["whereabouts"],
        attribution=row["attribution"],
        reason=row["reason"],
    )
