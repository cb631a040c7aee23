"""What was coded of a text as a page lists it: each act and part with the words that bear it out."""

from dataclasses import dataclass
from typing import Final, cast

from intake.review.desk import coding_form as forms
from intake.review.desk.coding_form import ACT, EVENT, LINK, PART
from intake.review.desk.history import State
from intake.review.desk.marking import Place
from intake.visible import line

_QUOTED: Final = 300  # characters of a quote that a list shows


@dataclass(frozen=True)
class Quoted:
    """A quote as it is listed: where, and its words."""

    place: str
    words: str


@dataclass(frozen=True)
class Card:
    """An act, or a part in one, as it is listed; `row` is what the coding keeps of it."""

    number: int
    row: dict[str, object]
    quotes: list[Quoted]
    parts: "list[Card]"
    methods: "dict[str, list[Quoted]]"


def cards_of(state: State, texts: dict[str, str]) -> list[Card]:
    """The acts of a state in order, each with the parts in it."""
    parts: dict[int, list[Card]] = {}
    for number in forms.numbers(state, PART):
        value = cast("list[object]", state[f"{PART} {number}"])
        names = ("act", "person", "code", "affiliation", "quotes", "rank", "confidence")
        row: dict[str, object] = dict(zip(names, value, strict=True))
        act = cast("int", row["act"])
        parts.setdefault(act, []).append(Card(number, row, _quoted(row, texts), [], {}))
    cards: list[Card] = []
    for number in forms.numbers(state, ACT):
        row = cast("dict[str, object]", state[f"{ACT} {number}"])
        methods: dict[str, list[Quoted]] = {}
        for code, *place in cast("list[list[object]]", row.get("method_quotes", [])):
            methods.setdefault(str(code), []).extend(_quoted({"quotes": [place]}, texts))
        cards.append(Card(number, row, _quoted(row, texts), parts.get(number, []), methods))
    return cards


def chain_cards_of(state: State, texts: dict[str, str]) -> tuple[list[Card], list[Card]]:
    """The events of a state, and the links between them."""
    events = [
        Card(number, row, _quoted(row, texts), [], {})
        for number in forms.numbers(state, EVENT)
        for row in [cast("dict[str, object]", state[f"{EVENT} {number}"])]
    ]
    links: list[Card] = []
    for number in forms.numbers(state, LINK):
        values = cast("list[object]", state[f"{LINK} {number}"])
        row: dict[str, object] = dict(zip(("event", "to", "kind", "quotes"), values, strict=True))
        links.append(Card(number, row, _quoted(row, texts), [], {}))
    return events, links


def _quoted(row: dict[str, object], texts: dict[str, str]) -> list[Quoted]:
    found: list[Quoted] = []
    for field, start, end in cast("list[tuple[str, int, int]]", row["quotes"]):
        words = texts.get(field, "")[start:end][:_QUOTED]
        found.append(Quoted(f"{field}:{start}:{end}", line(words.replace("\n", " "))))
    return found


def places_of(
    cards: list[Card], events: list[Card], links: list[Card]
) -> tuple[list[Place], list[str]]:
    """Every quote with the name of the card that it is of."""
    shown = [(ACT, card) for card in cards] + [(PART, p) for card in cards for p in card.parts]
    shown += [(EVENT, card) for card in events] + [(LINK, card) for card in links]
    found: list[tuple[Place, str]] = []
    for kind, one in shown:
        quoted = cast("list[list[object]]", one.row.get("method_quotes", []))
        rows = [*cast("list[list[object]]", one.row["quotes"]), *(words[1:] for words in quoted)]
        for field, start, end in cast("list[tuple[str, int, int]]", rows):
            found.append((Place(field, start, end), f"{kind}-{one.number}"))
    return [place for place, _ in found], [name for _, name in found]
