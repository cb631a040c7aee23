"""What bodies of the United Nations ask for, field by field, with every gap shown and none filled by guess.

Special Procedures, the working groups on enforced disappearances and on arbitrary detention, and the
Special Rapporteur on torture. Sources: domain.md 5.6; the last two lists were not read in the original.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from intake.container import Level
from intake.review.coding.account import Involvement
from intake.review.coding.vocabulary import Vocabulary
from intake.review.outputs.document import (
    Block,
    Document,
    Grid,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quotation,
    joined,
    shown,
)
from intake.review.outputs.material import Material, Output, Piece
from intake.review.outputs.naming import Names, consent, labels
from intake.review.outputs.refusing import TO_THE_STATE
from intake.review.outputs.report import front
from intake.review.outputs.wording import say, term

FORMAT: Final = "testimony-intake/outputs/letter/v1"

FIELDS: Final[Mapping[Output, tuple[str, ...]]] = {
    Output.PROCEDURES: (
        "source", "victims", "perpetrators", "dates", "places", "acts", "methods",
        "purposes", "urgency", "remedies", "consent_case", "consent_government", "consent_name",
    ),
    Output.DISAPPEARANCES: (
        "full_name", "month_year", "place", "forces", "family_action", "reporter",
        "whereabouts", "attribution", "consent_case", "consent_government",
    ),
    Output.DETENTION: (
        "identity", "arrest_date", "arrest_place", "arrest_forces", "warrant", "authority",
        "reasons", "law", "detention_dates", "places", "forces_holding", "legal_basis",
        "why_arbitrary", "remedies", "source", "consent_case", "consent_government",
    ),
    Output.TORTURE: (
        "identity", "dates", "places", "perpetrators", "access", "methods", "injuries",
        "purposes", "medical", "treatment", "remedies", "author", "consent_case",
        "consent_government",
    ),
}  # fmt: skip
"""What each form asks of one case, in its order."""

REQUIRED: Final = frozenset(FIELDS[Output.DISAPPEARANCES][:6])
"""The six without which the working group on disappearances does not take a case."""

_DETAINED: Final = frozenset(
    {"act.detention_unlawful", "act.abduction", "act.disappearance", "act.mass_roundup"}
)
_ANSWERS: Final = {
    "full_name": ("missing_name",),
    "month_year": ("missing_when",),
    "place": ("missing_where",),
    "forces": ("missing_forces",),
    "family_action": ("missing_done",),
    "reporter": ("missing_reporter",),
    "identity": ("missing_name",),
    "remedies": ("complaint_result",),
    "medical": ("ep_medical_text",),
}
"""Fields that only the person's own words fill."""

_NAMES: Final = frozenset({"full_name", "identity", "reporter"})
"""What a State learns only by the second yes, to the name."""

_TOLD: Final = (
    "narrative", "when_text", "where_text", "who_text", "ep_when", "ep_duration", "ep_start",
    "ep_place_text", "ep_inside", "ep_who_text", "ep_done", "ep_said", "ep_harm", "ep_end", "ep_after",
)  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """One case in a form: each field with its lines, none where it is a gap; and what was told."""

    case: str
    fields: tuple[tuple[str, tuple[Line, ...]], ...]
    told: tuple[tuple[str, str], ...]

    @property
    def gaps(self) -> list[str]:
        """The fields for which the source has nothing."""
        return [key for key, lines in self.fields if not lines]


def fill(output: Output, material: Material) -> list[Filled]:
    """Every case in the form, in the order of the codes."""
    names = Names.of(material)
    return [_fill(output, material, names, piece) for piece in material.quoted]


def letter(output: Output, material: Material) -> Document:
    """The form on paper."""
    return Document(
        (material.title,), material.lang, material.week, tuple(_blocks(output, material))
    )


def letter_json(output: Output, material: Material) -> bytes:
    """The form for a machine; a gap is null."""
    cases = [
        {
            "case": one.case,
            "fields": {
                key: [shown(joined(line)) for line in lines] or None for key, lines in one.fields
            },
            "gaps": one.gaps,
            "told": [[path, shown(text)] for path, text in one.told],
        }
        for one in fill(output, material)
    ]
    value = {
        "format": FORMAT,
        "form": output.value,
        "deployment": material.deployment,
        "week": str(material.week),
        "source": {"organisation": material.organisation, "contact": material.contact},
        "recipient": material.recipient_name,
        "for_a_government": _told(output, material),
        "one_person_signed": material.alone,
        "cases": cases,
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _fill(output: Output, material: Material, names: Names, piece: Piece) -> Filled:
    values = _coded(material, names, piece)
    answers = [(path.rpartition(".")[2], text) for path, text in piece.fields if text.strip()]
    unnamed = _unnamed(output, material, piece)
    for key, asked in _ANSWERS.items():
        values[key] = [(text,) for name, text in answers if name in asked and key not in unnamed]
    told = tuple((name, text) for name, text in answers if name in _TOLD)
    fields = tuple((key, tuple(values.get(key, ()))) for key in FIELDS[output])
    return Filled(piece.case, fields, told)


def _coded(material: Material, names: Names, piece: Piece) -> dict[str, list[Line]]:
    lang, acts = material.lang, piece.coding.acts
    held = [act for act in acts if act.code in _DETAINED]
    parts = piece.coding.involvements
    of_held = [one for one in parts if one.act in {act.number for act in held}]
    row = piece.allows(Level.INVESTIGATORS)
    values: dict[str, list[Line]] = {
        "source": [(material.organisation, ", ", material.contact)],
        "author": [(material.organisation, ", ", material.contact)],
        "victims": _each(names.victim(act) for act in acts if act.victim),
        "perpetrators": [_perpetrator(material, names, piece, one) for one in parts],
        "dates": _each(names.when(act.when) for act in acts if act.when.start or act.when.end),
        "places": _each(names.place(act) for act in acts if act.place or act.place_type),
        "acts": [(term(Vocabulary.ACT, act.code, lang),) for act in acts],
        "methods": _codes(Vocabulary.METHOD, (act.methods for act in acts), lang),
        "injuries": _codes(Vocabulary.EFFECT, (act.effects for act in acts), lang),
        "purposes": _codes(Vocabulary.PURPOSE, (act.purposes for act in acts), lang),
        "why_arbitrary": _codes(Vocabulary.PURPOSE, (act.purposes for act in held), lang),
        "reasons": _each((act.reason,) for act in held if act.reason),
        "arrest_date": _each(names.when(a.when) for a in held if a.when.start or a.when.end),
        "arrest_place": _each(names.place(act) for act in held if act.place or act.place_type),
        "arrest_forces": [_perpetrator(material, names, piece, one) for one in of_held],
        "detention_dates": _each(names.when(a.when) for a in held if a.when.start or a.when.end),
        "forces_holding": [
            _perpetrator(material, names, piece, one) for one in of_held if one.code != "i.failed"
        ],
        "whereabouts": _each(
            (term(Vocabulary.WHEREABOUTS, act.whereabouts, lang),)
            for act in acts
            if act.whereabouts
        ),
        "attribution": _each(
            (term(Vocabulary.ATTRIBUTION, act.attribution, lang),)
            for act in acts
            if act.attribution
        ),
        "urgency": [(material.urgency,)] if material.urgency else [],
        "consent_case": [consent(piece, Level.INVESTIGATORS, lang)] if row else [],
        "consent_government": [],
        "consent_name": [],
    }
    if piece.government:
        agreed: Line = (say("agreed_in", lang), " ", str(piece.government.week))
        values["consent_government"] = [agreed]
        values["consent_name"] = [agreed] if piece.government.name else []
    return values


def _perpetrator(material: Material, names: Names, piece: Piece, one: Involvement) -> Line:
    """Who, in which part, of which side, and on what it rests."""
    lang = material.lang
    grade = next(piece.grade(act) for act in piece.coding.acts if act.number == one.act)
    line: Line = (
        *names.person(one, grade), ": ", term(Vocabulary.INVOLVEMENT, one.code, lang), "; ",
        term(Vocabulary.AFFILIATION, one.affiliation, lang), "; ", say("level", lang), " ",
        grade.code.removeprefix("g.").upper(),
    )  # fmt: skip
    for said in (one.rank, one.confidence, grade.remark):
        line = (*line, "; ", said) if said else line
    return line


def _codes(vocabulary: Vocabulary, sets: Iterator[tuple[str, ...]], lang: str) -> list[Line]:
    codes = tuple(sorted({code for codes in sets for code in codes}))
    return [labels(vocabulary, codes, lang)] if codes else []


def _each(lines: Iterator[Line]) -> list[Line]:
    return list(dict.fromkeys(lines))


def _blocks(output: Output, material: Material) -> Iterator[Block]:
    lang = material.lang
    yield Paragraph((say(f"form_{output.value.replace('-', '_')}", lang),))
    yield from front(material)
    state = "for_the_state" if _told(output, material) else "not_for_the_state"
    yield Paragraph((say(state, lang),))
    yield Paragraph((say("source_confidential", lang),))
    for case in fill(output, material):
        yield Heading(1, (say("case", lang), " ", case.case))
        rows = tuple(
            ((say(f"field_{key}", lang),), line or (say("gap", lang),))
            for key, lines in case.fields
            for line in (lines or ((),))
        )
        yield Grid((say("asked", lang),), ((say("field", lang),), (say("answer", lang),)), rows)
        yield Heading(2, (say("gaps", lang),))
        missing = [_gap(key, output, lang) for key in case.gaps]
        yield Listing(tuple(missing)) if missing else Paragraph((say("none", lang),))
        yield Heading(2, (say("told", lang),))
        for path, text in case.told:
            yield Quotation((say(f"answer_{path}", lang),), text)


def _told(output: Output, material: Material) -> bool:
    """Whether a State reads it; `check_allowed` asked for the consent to that."""
    return material.to_state or output in TO_THE_STATE


def _unnamed(output: Output, material: Material, piece: Piece) -> frozenset[str]:
    """The fields that stay a gap, since the person agreed that a State is told, and not by what name."""
    named = piece.government is not None and piece.government.name
    return _NAMES if _told(output, material) and not named else frozenset()


def _gap(key: str, output: Output, lang: str) -> Line:
    needed = output is Output.DISAPPEARANCES and key in REQUIRED
    name = say(f"field_{key}", lang)
    return (name, " – ", say("required", lang)) if needed else (name,)  # noqa: RUF001
