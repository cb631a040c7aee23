"""Who did what to whom, after HURIDOCS Events Standard Formats: JSON for programs, CSV for people.

One event for each case, with its acts, who had a part in them and the source; the events that an account
tells of, and how they follow from each other. Codes of this project with those of the Formats beside them
where there are any.
"""

import json
from collections.abc import Iterator
from typing import Final, cast

from intake.review.coding.account import Act, Involvement
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.outputs.counting import district_of, kind_of_place
from intake.review.outputs.document import joined, shown
from intake.review.outputs.material import Material, Piece
from intake.review.outputs.naming import Names
from intake.review.outputs.sheets import sheet
from intake.review.outputs.wording import signed

FORMAT: Final = "testimony-intake/outputs/events/v1"
COLUMNS: Final = (
    "event", "act_number", "who", "who_name", "involvement", "involvement_esf", "affiliation",
    "affiliation_esf", "what", "what_esf", "methods", "methods_esf", "to_whom", "from", "to",
    "precision", "place_type", "place_type_esf", "place", "place_name", "district", "purposes", "status_at_end",
    "whereabouts", "corroboration", "source_relation", "source_relation_esf", "language", "signed",
    "part_of_event", "event_title",
)  # fmt: skip
CHAIN_COLUMNS: Final = (
    "event",
    "from_event",
    "from_title",
    "kind",
    "to_event",
    "to_title",
    "signed",
)


def esf(vocabulary: Vocabulary, code: str) -> str:
    """The code of the Events Standard Formats, empty where there is none."""
    return (TERMS[vocabulary][code].esf or "") if code else ""


def events_json(material: Material) -> bytes:
    """Events, acts, involvements and sources, each a list that names the others."""
    names = Names.of(material)
    value = {
        "format": FORMAT,
        "deployment": material.deployment,
        "week": str(material.week),
        "one_person_signed": material.alone,
        "events": [_event(names, piece) for piece in material.quoted],
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def events_csv(material: Material) -> bytes:
    """A row for each part that somebody had in an act; of an act that nobody is said to have done, one."""
    names = Names.of(material)
    rows = [row for piece in material.quoted for row in _rows(names, piece)]
    return sheet([COLUMNS, *rows])


def _days(act: Act) -> tuple[str, str]:
    return (
        act.when.start.isoformat() if act.when.start else "",
        act.when.end.isoformat() if act.when.end else "",
    )


def _coded(vocabulary: Vocabulary, code: str) -> dict[str, str] | None:
    return {"code": code, "esf": esf(vocabulary, code)} if code else None


def _many(vocabulary: Vocabulary, codes: tuple[str, ...]) -> list[dict[str, str] | None]:
    return [_coded(vocabulary, code) for code in codes]


def chain_csv(material: Material) -> bytes:
    """A row for each link between two events of one account; empty where there is none."""
    rows: list[tuple[str, ...]] = [CHAIN_COLUMNS]
    by = signed(material.alone, material.lang)
    for piece in material.quoted:
        titles = {event.number: shown(event.title) for event in piece.coding.events}
        for link in piece.coding.chain:
            ends = str(link.event), titles[link.event], link.kind.value
            rows.append((piece.case, *ends, str(link.to), titles[link.to], by))
    return sheet(rows) if len(rows) > 1 else b""


def _events(names: Names, piece: Piece) -> list[dict[str, object]]:
    register = names.material.register
    return [
        {
            "number": event.number,
            "title": shown(event.title),
            "from": event.when.start.isoformat() if event.when.start else "",
            "to": event.when.end.isoformat() if event.when.end else "",
            "precision": event.when.precision,
            "place": names.labels.get(register.now(event.place), ""),
            "description": shown(event.description),
            "impact": shown(event.impact),
            "monitoring_status": event.status.value,
        }
        for event in piece.coding.events
    ]


def _chain(piece: Piece) -> list[dict[str, object]]:
    return [
        {"event": link.event, "kind": link.kind.value, "to": link.to} for link in piece.coding.chain
    ]


def _event(names: Names, piece: Piece) -> dict[str, object]:
    coding, register = piece.coding, names.material.register
    acts = [
        {
            "act": act.number,
            "victim": joined(names.victim(act)) if act.victim else "",
            "what": _coded(Vocabulary.ACT, act.code),
            "methods": _many(Vocabulary.METHOD, act.methods),
            "purposes": _many(Vocabulary.PURPOSE, act.purposes),
            "effects": _many(Vocabulary.EFFECT, act.effects),
            "from": _days(act)[0],
            "to": _days(act)[1],
            "precision": act.when.precision,
            "place": names.place_number(act),
            "place_name": shown(names.site(act)),
            "place_type": _coded(Vocabulary.PLACE_TYPE, kind_of_place(act, register)),
            "district": district_of(act, register),
            "status_at_end": _coded(Vocabulary.STATUS_AT_END, act.status_at_end),
            "whereabouts": _coded(Vocabulary.WHEREABOUTS, act.whereabouts),
            "attribution": _coded(Vocabulary.ATTRIBUTION, act.attribution),
            "stated_reason": shown(act.reason),
            "corroboration": piece.grade(act).code,
            "part_of_event": act.event or None,
        }
        for act in coding.acts
    ]
    involvements = [
        {
            "act": one.act,
            "who": names.number(one),
            "who_name": shown(_name(names, piece, one)),
            "involvement": _coded(Vocabulary.INVOLVEMENT, one.code),
            "affiliation": _coded(Vocabulary.AFFILIATION, one.affiliation),
            "rank": shown(one.rank),
        }
        for one in coding.involvements
    ]
    source = {
        "relation": _coded(Vocabulary.RELATION, piece.relation),
        "language": piece.language,
        "addition": piece.addition,
        "related": list(piece.related),
    }
    return {
        "event": piece.case,
        "events": _events(names, piece),
        "chain": _chain(piece),
        "acts": acts,
        "involvements": involvements,
        "information": source,
    }


def _name(names: Names, piece: Piece, one: Involvement) -> str:
    grade = next(piece.grade(act) for act in piece.coding.acts if act.number == one.act)
    return names.named(one, grade)


def _rows(names: Names, piece: Piece) -> Iterator[tuple[str, ...]]:
    register = names.material.register
    titles = {event.number: shown(event.title) for event in piece.coding.events}
    for act in piece.coding.acts:
        kind = kind_of_place(act, register)
        parts = [one for one in piece.coding.involvements if one.act == act.number]
        for one in cast("list[Involvement | None]", parts) or [None]:
            who: tuple[str, ...] = ("",) * 6
            if one is not None:
                who = (
                    names.number(one),
                    _name(names, piece, one),
                    one.code,
                    esf(Vocabulary.INVOLVEMENT, one.code),
                    one.affiliation,
                    esf(Vocabulary.AFFILIATION, one.affiliation),
                )
            yield (
                piece.case,
                str(act.number),
                *who,
                act.code,
                esf(Vocabulary.ACT, act.code),
                "|".join(act.methods),
                "|".join(esf(Vocabulary.METHOD, code) for code in act.methods),
                joined(names.victim(act)) if act.victim else "",
                *_days(act),
                act.when.precision,
                kind,
                esf(Vocabulary.PLACE_TYPE, kind),
                names.place_number(act),
                names.site(act),
                district_of(act, register),
                "|".join(act.purposes),
                act.status_at_end,
                act.whereabouts,
                piece.grade(act).code,
                piece.relation,
                esf(Vocabulary.RELATION, piece.relation),
                piece.language,
                signed(names.material.alone, names.material.lang),
                str(act.event or ""),
                titles.get(act.event, ""),
            )
