"""Events of an account and how they follow from each other: Event and Chain of the Events Standard Formats.

An event is what acts are part of; it has a title in the reviewer's words, and like every coded value the words
of the original that bear it out. A link of the chain joins two events of one account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypedDict, cast

from intake.errors import MalformedError
from intake.review.coding.quote import (
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

EVENTS_LIMIT: Final = 100  # in one account
LINKS_LIMIT: Final = 400
TITLE_LIMIT: Final = 200  # characters


class Leads(StrEnum):
    """How one event stands to another."""

    PRECEDES = "precedes"
    CAUSES = "causes"
    PART_OF = "part_of"
    PARALLEL = "parallel"


class Watch(StrEnum):
    """Whether an event is still followed."""

    OPEN = "open"
    WATCHED = "watched"
    CLOSED = "closed"


@dataclass(frozen=True)
class Event:
    """One event of an account; `number` counts within it, `place` is a pseudonym of the register or empty."""

    number: int
    title: str = field(repr=False)
    quotes: tuple[Quote, ...]
    when: When = UNKNOWN
    place: str = ""
    description: str = field(default="", repr=False)
    impact: str = field(default="", repr=False)
    status: Watch = Watch.OPEN

    def __post_init__(self) -> None:
        if not self.title.strip() or len(self.title) > TITLE_LIMIT or "\n" in self.title:
            raise MalformedError("an event has a title of one line", "say in few words what it was")
        check_pseudonym(self.place, "l")
        check_quotes(self.quotes)
        check_text(self.description)
        check_text(self.impact)

    def to_json(self) -> dict[str, object]:
        """As a record has it."""
        return {
            "number": self.number,
            "title": self.title,
            "quotes": quotes_to_json(self.quotes),
            "when": when_to_json(self.when),
            "place": self.place,
            "description": self.description,
            "impact": self.impact,
            "status": self.status.value,
        }


@dataclass(frozen=True)
class Link:
    """That the event `event` stands so to the event `to`, as the quoted words say."""

    event: int
    to: int
    kind: Leads
    quotes: tuple[Quote, ...]

    def __post_init__(self) -> None:
        if self.event == self.to:
            raise MalformedError("an event does not follow from itself")
        check_quotes(self.quotes)

    def to_json(self) -> list[object]:
        """As a record has it."""
        return [self.event, self.to, self.kind.value, quotes_to_json(self.quotes)]


class Chained(TypedDict):
    """Events and chain as `Coding` takes them."""

    events: tuple[Event, ...]
    chain: tuple[Link, ...]


def check_chain(events: tuple[Event, ...], chain: tuple[Link, ...]) -> None:
    """Raise `MalformedError` unless these can be an account's.

    1. events are numbered in order; 2. links are in order, between events that are there, each once; 3. no
    event comes before itself, causes itself or is a part of itself over others.
    """
    # (1)
    numbers = [event.number for event in events]
    if (
        sorted(set(numbers)) != numbers
        or len(numbers) > EVENTS_LIMIT
        or min(numbers, default=1) < 1
    ):
        raise MalformedError("events of an account are numbered in order")
    # (2)
    joined = [(link.event, link.to, link.kind.value) for link in chain]
    if sorted(set(joined)) != joined or len(joined) > LINKS_LIMIT:
        raise MalformedError("links of a chain are in order, and each stands once")
    if not {end for one, other, _ in joined for end in (one, other)} <= set(numbers):
        raise MalformedError("a chain names an event that is not there")
    # (3)
    for kind in (Leads.PRECEDES, Leads.CAUSES, Leads.PART_OF):
        if _goes_round({(link.event, link.to) for link in chain if link.kind is kind}):
            raise MalformedError("a chain of events leads back to where it began")


def _goes_round(pairs: Iterable[tuple[int, int]]) -> bool:
    left = set(pairs)
    while left:
        ends = {to for _, to in left}
        begins = {pair for pair in left if pair[0] not in ends}
        if not begins:
            return True
        left -= begins
    return False


def chain_to_json(events: tuple[Event, ...], chain: tuple[Link, ...]) -> dict[str, object]:
    """What a coding's record has of them: nothing where there are none, as before there were any."""
    found: dict[str, object] = {}
    if events:
        found["events"] = [event.to_json() for event in events]
    if chain:
        found["chain"] = [link.to_json() for link in chain]
    return found


def chain_of(row: Mapping[str, object]) -> Chained:
    """Read what `chain_to_json` gave, out of a coding's record."""
    events = cast("list[Mapping[str, object]]", row.get("events", []))
    links = cast("list[tuple[int, int, str, object]]", row.get("chain", []))
    return {
        "events": tuple(map(_event, events)),
        "chain": tuple(Link(one, to, Leads(kind), quotes_of(q)) for one, to, kind, q in links),
    }


def _event(row: Mapping[str, object]) -> Event:
    return Event(
        number=cast("int", row["number"]),
        title=str(row["title"]),
        quotes=quotes_of(row["quotes"]),
        when=when_of(row["when"]),
        place=str(row["place"]),
        description=str(row["description"]),
        impact=str(row["impact"]),
        status=Watch(str(row["status"])),
    )
