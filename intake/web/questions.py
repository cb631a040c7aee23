"""How a form asks: which words stand beside each field, each code and each use.

The words themselves are in the catalogues; the fields are data of `intake.form`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.container import Level
from intake.field import Field, MultiField, TextField
from intake.form import FormDefinition, Place


@dataclass(frozen=True)
class Question:
    """Keys of a field's words; `notes` are said beside one of its options."""

    label: str
    hint: str = ""
    notes: Mapping[str, str] = field(default_factory=dict[str, str])


def _guided(name: str, hint: str = "") -> Question:
    return Question(f"guided.{name}", hint and f"guided.{hint}")


QUESTIONS: Mapping[str, Question] = {
    "relation": Question("form.rel", notes={"r.other_role": "guided.role"}),
    "aware": Question("form.know"),
    "narrative": Question("form.text", "form.text_hint"),
    "when_text": Question("form.when", "form.when_hint"),
    "where_text": Question("form.where", "form.where_hint"),
    "who_text": Question("form.who", "form.who_hint"),
    "ep_label": _guided("ep_label", "ep_label_h"),
    "ep_when": Question("form.when", "form.when_hint"),
    "ep_when_precision": _guided("ep_when_precision"),
    "ep_duration": _guided("ep_duration"),
    "ep_start": _guided("ep_start", "ep_start_h"),
    "ep_place_type": _guided("ep_place_type"),
    "ep_place_text": Question("form.where", "form.where_hint"),
    "ep_inside": _guided("ep_inside", "ep_inside_h"),
    "ep_who_affil": _guided("ep_who_affil"),
    "ep_who_count": _guided("ep_who_count"),
    "ep_who_text": _guided("ep_who_text", "ep_who_text_h"),
    "ep_done": _guided("ep_done"),
    "ep_methods": _guided("ep_methods", "ep_methods_h"),
    "ep_said": Question("guided.ep_said", "form.help3"),
    "ep_device": _guided("ep_device"),
    "ep_device_text": _guided("ep_device_text"),
    "ep_harm": _guided("ep_harm"),
    "ep_effects": _guided("ep_effects"),
    "ep_medical": _guided("ep_medical"),
    "ep_medical_text": _guided("ep_medical_text", "ep_medical_text_h"),
    "ep_others": _guided("ep_others"),
    "ep_others_text": Question("guided.ep_others_text", "form.help6"),
    "ep_end": _guided("ep_end"),
    "ep_after": _guided("ep_after", "ep_after_h"),
    "missing_name": _guided("missing_name"),
    "missing_when": _guided("missing_when"),
    "missing_where": _guided("missing_where"),
    "missing_forces": _guided("missing_forces"),
    "missing_done": _guided("missing_done"),
    "missing_reporter": _guided("missing_reporter", "missing_reporter_h"),
    "missing_agree": Question("guided.missing_agree", notes={"c_missing.1": "form.c_invest_h"}),
    "age_band": _guided("age_band"),
    "area_now": _guided("area_now", "inside"),
    "told_before": _guided("told_before", "inside"),
    "complaint_result": _guided("complaint_result"),
    "evidence_exists": _guided("evidence_exists", "evidence_exists_h"),
}
"""By the field's name, for every form."""

# What the reviewed list says of a code; every other code has its own words, `code.` and itself.
_LISTED: Mapping[str, str] = {
    "r.self": "form.rel_self",
    "r.witness": "form.rel_saw",
    "r.told": "form.rel_told",
    "r.other_role": "form.rel_role",
    "r.na": "form.rel_na",
    "yes": "form.know_y",
    "no": "form.know_n",
    "cannot": "form.know_x",
}

INTRODUCTIONS: Mapping[str, str] = {
    "label": "guided.p",
    "again": "guided.again",
    "missing": "guided.missing",
}
"""What is said above the questions of a page, by its id."""

# A changed phrase here needs a new wording id in every form's file: the id is what is sealed.
USES: Mapping[Level, Question] = {
    Level.STATS: Question("form.c_stats"),
    Level.PUBLISH: Question("form.c_publish", "form.c_publish_h"),
    Level.INVESTIGATORS: Question("form.c_invest", "form.c_invest_h"),
    Level.COURTS: Question("form.c_court", "form.c_court_h"),
    Level.MESSAGE: Question("form.c_msg", "form.c_msg_h"),
}


@dataclass(frozen=True)
class Asked:
    """A field as a page shows it: its path, its kind, the keys of its words.

    `rows` above 1 is a box; `options` are keys by code, empty for a text.
    """

    path: str
    name: str
    kind: str
    question: Question
    rows: int
    options: Mapping[str, str]

    @classmethod
    def of(cls, path: str, asked: Field) -> "Asked":
        """How to ask for this field."""
        options: dict[str, str] = {}
        if isinstance(asked, TextField):
            kind = "text"
        else:
            kind = "multi" if isinstance(asked, MultiField) else "choice"
            options = {code: words_of(code) for code in asked.choices}
        return cls(path, asked.name, kind, QUESTIONS[asked.name], rows_of(asked), options)


def words_of(code: str) -> str:
    """The key of a code's words."""
    return _LISTED.get(code, f"code.{code}")


def rows_of(asked: Field) -> int:
    """How many lines a text's box has."""
    most = asked.most if isinstance(asked, TextField) else 0
    sizes = ((20_000, 12), (8_000, 10), (2_000, 5), (1_000, 3))
    return next((rows for size, rows in sizes if most >= size), 1)


def asked_on(definition: FormDefinition, place: Place) -> tuple[Asked, ...]:
    """The fields of a page."""
    return tuple(Asked.of(path, found) for path, found in definition.paths_of(place))


def every_question(definition: FormDefinition) -> dict[str, Asked]:
    """Every field there can be, by path."""
    return {path: Asked.of(path, found) for path, found in definition.paths()}
