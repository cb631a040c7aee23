"""What the forms of the coding page hold, and the act or the part in it that they stand for.

A form is names with lists of strings, as it was sent; it is kept so while somebody is still at it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from intake.errors import MalformedError
from intake.review.coding.account import Coding
from intake.review.coding.chain import Watch
from intake.review.coding.vocabulary import Vocabulary
from intake.review.desk.history import State
from intake.review.desk.marking import Place, place_of

Form = Mapping[str, Sequence[str]]

MANY: Final = {
    "methods": Vocabulary.METHOD,
    "purposes": Vocabulary.PURPOSE,
    "effects": Vocabulary.EFFECT,
}
"""Fields of an act with any number of codes."""
ONE: Final = {
    "place_type": Vocabulary.PLACE_TYPE,
    "status_at_end": Vocabulary.STATUS_AT_END,
    "whereabouts": Vocabulary.WHEREABOUTS,
    "attribution": Vocabulary.ATTRIBUTION,
}
"""Fields of an act with one code or none."""
ACT_FIELDS: Final = (
    *("quotes", "number", "code", *MANY, *ONE, "from", "to", "precision", "victim", "place"),
    *("reason", "victim_new", "victim_of", "place_new", "place_scope", "event"),
)
PART_FIELDS: Final = (
    *("quotes", "number", "act", "person", "code", "affiliation", "rank", "confidence"),
    *("person_new", "person_of", "official"),
)
EVENT_FIELDS: Final = (
    *("quotes", "number", "title", "from", "to", "precision", "place", "place_new", "place_scope"),
    *("description", "impact", "status"),
)
LINK_FIELDS: Final = ("quotes", "number", "event", "leads", "to")
METHOD_FIELDS: Final = ("quotes", "act", "method")
_LENGTH_MOST: Final = 4_000  # characters of one value of a form that is still being filled in
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
ACT, PART, RELATION = "act", "part", "relation"
EVENT, LINK, METHOD = "event", "link", "method"
FIELDS: Final = {
    ACT: ACT_FIELDS,
    PART: PART_FIELDS,
    EVENT: EVENT_FIELDS,
    LINK: LINK_FIELDS,
    METHOD: METHOD_FIELDS,
}
"""The fields of each form; a `method` is no value of its own but words for one of an act's."""
_OF_A_LINK: Final = 4  # values; an involvement has seven
_DAY: Final = "d.day"
_UNKNOWN: Final = "d.unknown"


def form_in(sent: Mapping[str, Sequence[str]], names: Iterable[str]) -> dict[str, list[str]]:
    """The values of these names, none longer than a form's; what is empty is left out."""
    found = {name: [one for one in sent.get(name, ()) if one.strip()] for name in names}
    if any(len(one) > _LENGTH_MOST for values in found.values() for one in values):
        raise MalformedError(f"something in this form is longer than {_LENGTH_MOST:,} characters")
    return {name: values for name, values in found.items() if values}


def one(form: Form, name: str) -> str:
    """The only value of a name, stripped, or nothing."""
    values = form.get(name, ())
    return values[0].strip() if values else ""


def _when(form: Form) -> list[object]:
    start, end = one(form, "from") or None, one(form, "to") or None
    known = start is not None or end is not None
    precision = one(form, "precision") or (_DAY if known else _UNKNOWN)
    if start is not None and end is None and precision == _DAY:
        end = start
    return [start, end, precision]


def act_of(
    form: Form, number: int, victim: str, place: str, before: object = None
) -> dict[str, object]:
    """The act that a form describes, as a coding keeps it; the coding says whether it is one.

    `before` is the act that it changes: words for single methods stay with those that it still has.
    """
    row: dict[str, object] = {
        "number": number,
        "code": _chosen(form, "code", "say what was done"),
        "quotes": quotes_of(form),
        **{name: sorted(set(form.get(name, ()))) for name in MANY},
        "victim": victim,
        "when": _when(form),
        "place": place,
        **{name: one(form, name) for name in ONE},
        "reason": one(form, "reason"),
    }
    if one(form, "event"):
        row["event"] = number_in(one(form, "event"))
    chosen = cast("list[str]", row["methods"])
    kept = [words for words in _method_quotes(before) if words[0] in chosen]
    return row | ({"method_quotes": kept} if kept else {})


def _method_quotes(act: object) -> list[list[object]]:
    """The words for single methods of an act, a row each: its code, then the place."""
    row = cast("Mapping[str, list[list[object]]]", act or {})
    return row.get("method_quotes", [])


def with_method(act: object, form: Form) -> dict[str, object]:
    """An act with the words of a form for one of its methods; without any where the form has none."""
    row, method = dict(cast("Mapping[str, object]", act)), one(form, "method")
    if method not in cast("list[str]", row["methods"]):
        raise MalformedError("the act does not have this method", "choose it with the act first")
    others = [words for words in _method_quotes(act) if words[0] != method]
    row.pop("method_quotes", None)
    mine = ([method, *place] for place in quotes_of(form))
    kept = sorted([*others, *mine], key=lambda words: cast("list[str]", words))
    return row | ({"method_quotes": kept} if kept else {})


def event_of(form: Form, number: int, place: str) -> dict[str, object]:
    """The event that a form describes."""
    return {
        "number": number,
        "title": one(form, "title"),
        "quotes": quotes_of(form),
        "when": _when(form),
        "place": place,
        "description": one(form, "description"),
        "impact": one(form, "impact"),
        "status": one(form, "status") or Watch.OPEN.value,
    }


def link_of(form: Form) -> list[object]:
    """The link between two events that a form describes."""
    kind = _chosen(form, "leads", "say how the one stands to the other")
    ends = (number_in(one(form, name)) for name in ("event", "to"))
    return [*ends, kind, quotes_of(form)]


def part_of(form: Form, act: int, person: str) -> list[object]:
    """The part that somebody had in an act, as a coding keeps it."""
    code = _chosen(form, "code", "say what part they had")
    side = _chosen(form, "affiliation", "say on whose side they were, or that it is not known")
    return [act, person, code, side, quotes_of(form), one(form, "rank"), one(form, "confidence")]


def _chosen(form: Form, name: str, hint: str) -> str:
    found = one(form, name)
    if not found:
        raise MalformedError("something that is needed was not chosen", hint)
    return found


def quotes_of(form: Form) -> list[list[object]]:
    """The places of a form's quotes, a line each, in order; those that meet are one."""
    given = [row for text in form.get("quotes", ()) for row in text.splitlines() if row.strip()]
    found: list[Place] = []
    for place in sorted(place_of(row)[0] for row in given):
        last = found[-1] if found else None
        if last is not None and last.overlaps(place):
            found[-1] = Place(last.field, last.start, max(last.end, place.end))
        else:
            found.append(place)
    return [[place.field, place.start, place.end] for place in found]


def form_of(value: object) -> dict[str, list[str]]:
    """The form that would give this act, or this part, again."""
    values = cast("list[object]", value) if isinstance(value, list) else []
    if len(values) == _OF_A_LINK:
        event, to, kind, quotes = values
        row: dict[str, object] = {"event": event, "leads": kind, "to": to}
    elif values:
        act, person, code, side, quotes, rank, sure = values
        row = {
            "act": act,
            "person": person,
            "code": code,
            "affiliation": side,
            "rank": rank,
            "confidence": sure,
        }
    else:
        row = dict(cast("Mapping[str, object]", value))
        row.pop("method_quotes", None)  # they have a form of their own
        quotes = row.pop("quotes")
        start, end, row["precision"] = cast("list[object]", row.pop("when"))
        row["from"], row["to"] = start or "", end or ""
    lines = "\n".join(":".join(map(str, q)) for q in cast("list[list[object]]", quotes))
    form = {"quotes": [lines]}
    for name, given in row.items():
        texts = cast("list[str]", given) if isinstance(given, list) else [str(given)]
        if any(texts):
            form[name] = [text for text in texts if text]
    return form


# A coding as named values


def state_of(coding: Coding) -> dict[str, object]:
    """A coding as a state that can be changed and taken back."""
    row = coding.to_json()
    acts = cast("list[dict[str, object]]", row["acts"])
    state: dict[str, object] = {f"{ACT} {act['number']}": act for act in acts}
    for number, part in enumerate(cast("list[object]", row["involvements"]), 1):
        state[f"{PART} {number}"] = part
    for event in cast("list[dict[str, object]]", row.get("events", [])):
        state[f"{EVENT} {event['number']}"] = event
    for number, link in enumerate(cast("list[object]", row.get("chain", [])), 1):
        state[f"{LINK} {number}"] = link
    return state | ({RELATION: row["relation"]} if row["relation"] else {})


def coding_of(state: State) -> Coding:
    """The coding that a state is; raises `MalformedError` where it is none."""
    parts = [state[f"{PART} {number}"] for number in numbers(state, PART)]
    links = [cast("list[object]", state[f"{LINK} {number}"]) for number in numbers(state, LINK)]
    events = [state[f"{EVENT} {number}"] for number in numbers(state, EVENT)]
    chain = sorted(links, key=lambda link: cast("list[str]", link)[:3])
    return Coding.from_json(
        ({"events": events} if events else {})
        | ({"chain": chain} if chain else {})
        | {
            "acts": [state[f"{ACT} {number}"] for number in numbers(state, ACT)],
            "involvements": sorted(parts, key=lambda part: cast("list[int]", part)[0]),
            "relation": state.get(RELATION, ""),
        }
    )


def numbers(state: State, kind: str) -> list[int]:
    """The numbers of the acts, or parts, of a state, in order."""
    return sorted(int(name.split(" ")[1]) for name in state if name.startswith(f"{kind} "))


def next_number(state: State, kind: str) -> int:
    """One that no act, or part, of a state has."""
    return max(numbers(state, kind), default=0) + 1


def number_in(text: str) -> int:
    """A number of an act or part; raises `MalformedError`."""
    if not _NUMBER.fullmatch(text):
        raise MalformedError("there is no act or part of this number")
    return int(text)


def without_event(state: State, number: int) -> dict[str, object]:
    """A state without an event and the links to and from it; acts that were part of it are of none."""
    left: dict[str, object] = {}
    for name, value in state.items():
        kind = name.partition(" ")[0]
        if name == f"{EVENT} {number}" or (
            kind == LINK and number in cast("list[object]", value)[:2]
        ):
            continue
        row = dict(cast("Mapping[str, object]", value)) if kind == ACT else {}
        left[name] = _without(row, "event") if row.get("event") == number else value
    return left


def _without(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in row.items() if key != name}


def without_act(state: State, number: int) -> dict[str, object]:
    """A state without an act and the parts in it."""
    gone = {f"{ACT} {number}"}
    for name, value in state.items():
        if name.startswith(f"{PART} ") and cast("list[object]", value)[0] == number:
            gone.add(name)
    return {name: value for name, value in state.items() if name not in gone}
