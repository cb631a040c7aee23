"""How the form asks: which words stand beside each field and each use of `testimony.MINIMAL`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from intake.container import Level


@dataclass(frozen=True)
class Question:
    """Keys of a field's words; `rows` above 1 is a box, `options` are radio buttons by value."""

    label: str
    hint: str = ""
    rows: int = 1
    options: Mapping[str, str] = field(default_factory=dict[str, str])


QUESTIONS: Mapping[str, Question] = {
    "relation": Question(
        "form.rel",
        options={
            "r.self": "form.rel_self",
            "r.witness": "form.rel_saw",
            "r.told": "form.rel_told",
            "r.other_role": "form.rel_role",
            "r.na": "form.rel_na",
        },
    ),
    "aware": Question(
        "form.know",
        options={"yes": "form.know_y", "no": "form.know_n", "cannot": "form.know_x"},
    ),
    "narrative": Question("form.text", "form.text_hint", rows=12),
    "when_text": Question("form.when", "form.when_hint"),
    "where_text": Question("form.where", "form.where_hint"),
    "who_text": Question("form.who", "form.who_hint", rows=3),
}

# A changed phrase here needs a new wording id in `testimony.MINIMAL`: the id is what is sealed.
USES: Mapping[Level, Question] = {
    Level.STATS: Question("form.c_stats"),
    Level.PUBLISH: Question("form.c_publish", "form.c_publish_h"),
    Level.INVESTIGATORS: Question("form.c_invest", "form.c_invest_h"),
    Level.COURTS: Question("form.c_court", "form.c_court_h"),
}
