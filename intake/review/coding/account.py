"""Layer B of one account: who did what to whom, when and where, each with the words that bear it out.

After HURIDOCS Events Standard Formats (Event, Act, Person, Involvement, Chain of events). It points into layer A by character
and holds no word of it; nothing here is ever written back. Who a person or what a place is, the whole
case says once (`register`): here stand their pseudonyms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self, cast

from intake import canonical
from intake.errors import MalformedError
from intake.review.coding.chain import Event, Link, chain_of, chain_to_json, check_chain
from intake.review.coding.quote import (
    TEXT_LIMIT,
    UNKNOWN,
    Quote,
    When,
    check_pseudonym,
    check_quotes,
    check_text,
    quotes_of,
    quotes_to_json,
    when_of,
    when_to_json,
)
from intake.review.coding.vocabulary import Vocabulary, check_code

__all__ = [
    "TEXT_LIMIT",
    "UNKNOWN",
    "Act",
    "Coding",
    "Involvement",
    "Quote",
    "When",
    "check_pseudonym",
]

ACTS_LIMIT: Final = 200  # in one account


@dataclass(frozen=True)
class Act:
    """One act: what was done to `victim`, as the quoted words say.

    `number` counts within the account; `victim` and `place` are pseudonyms of the register, or empty
    where nobody said. Codes not known are left out of sets, and empty in single places. `event` is the
    number of the event that it is part of, 0 for none; `method_quotes` are the words for single methods: those
    without any of their own are borne out by the act's.
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
    event: int = 0
    method_quotes: tuple[tuple[str, tuple[Quote, ...]], ...] = ()

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
        check_quotes(self.quotes)
        check_text(self.reason)
        quoted = [method for method, _ in self.method_quotes]
        if sorted(set(quoted)) != quoted or not set(quoted) <= set(self.methods):
            raise MalformedError("words are given for a method that the act does not have")
        for _, quotes in self.method_quotes:
            check_quotes(quotes)


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
        check_quotes(self.quotes)
        check_text(self.rank)
        check_text(self.confidence)


@dataclass(frozen=True)
class Coding:
    """All that one reviewer coded of one account, in one version; newer ones take its place.

    `relation` is the source's (V6), empty where it was not judged. `chain` says how its `events` follow
    from each other.
    """

    acts: tuple[Act, ...] = ()
    involvements: tuple[Involvement, ...] = ()
    relation: str = ""
    events: tuple[Event, ...] = ()
    chain: tuple[Link, ...] = ()

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
        check_chain(self.events, self.chain)
        known = {0, *(event.number for event in self.events)}
        if any(act.event not in known for act in self.acts):
            raise MalformedError("an act is part of an event that is not there")

    @property
    def quotes(self) -> list[Quote]:
        """Every place that bears something out, in order."""
        ours = [act.quotes for act in self.acts] + [event.quotes for event in self.events]
        ours += [one.quotes for one in self.involvements] + [link.quotes for link in self.chain]
        ours += [quotes for act in self.acts for _, quotes in act.method_quotes]
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
                    quotes_to_json(o.quotes),
                    o.rank,
                    o.confidence,
                ]
                for o in self.involvements
            ],
            "relation": self.relation,
            **chain_to_json(self.events, self.chain),
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            coding = cls(
                acts=tuple(_act(act) for act in cast("list[object]", row["acts"])),
                involvements=tuple(
                    Involvement(act, person, code, side, quotes_of(quotes), rank, sure)
                    for act, person, code, side, quotes, rank, sure in cast(
                        "list[tuple[int, str, str, str, object, str, str]]", row["involvements"]
                    )
                ),
                relation=str(row["relation"]),
                **chain_of(row),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise MalformedError("a coding has another shape") from None
        if canonical.encode(coding.to_json()) != canonical.encode(value):
            raise MalformedError("a coding has another shape")
        return coding


def _act_to_json(act: Act) -> dict[str, object]:
    row: dict[str, object] = {
        "number": act.number,
        "code": act.code,
        "quotes": quotes_to_json(act.quotes),
        "methods": list(act.methods),
        "purposes": list(act.purposes),
        "effects": list(act.effects),
        "victim": act.victim,
        "when": when_to_json(act.when),
        "place": act.place,
        "place_type": act.place_type,
        "status_at_end": act.status_at_end,
        "whereabouts": act.whereabouts,
        "attribution": act.attribution,
        "reason": act.reason,
    }
    # Left out where there are none: so it was before there were any.
    if act.event:
        row["event"] = act.event
    if act.method_quotes:
        # Flat rows: a draft holds whole acts, and JSON of records is 8 levels deep at most.
        row["method_quotes"] = [
            [code, q.field, q.start, q.end] for code, quotes in act.method_quotes for q in quotes
        ]
    return row


def _act(value: object) -> Act:
    row = cast("Mapping[str, str]", value)
    rows = cast("list[tuple[str, str, int, int]]", row.get("method_quotes", []))
    methods = sorted({code for code, *_ in rows})
    return Act(
        number=cast("int", row["number"]),
        code=row["code"],
        quotes=quotes_of(row["quotes"]),
        methods=tuple(row["methods"]),
        purposes=tuple(row["purposes"]),
        effects=tuple(row["effects"]),
        victim=row["victim"],
        when=when_of(row["when"]),
        place=row["place"],
        place_type=row["place_type"],
        status_at_end=row["status_at_end"],
        whereabouts=row["whereabouts"],
        attribution=row["attribution"],
        reason=row["reason"],
        event=cast("int", row.get("event", 0)),
        method_quotes=tuple(
            (method, tuple(Quote(f, a, b) for code, f, a, b in rows if code == method))
            for method in methods
        ),
    )
