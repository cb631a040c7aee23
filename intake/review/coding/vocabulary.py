"""The controlled vocabularies V1 to V17: codes are the data, labels are only how they are shown.

Sources: HURIDOCS Events Standard Formats for the codes that name one (`esf`), and this project's own
additions. Labels of a language in `UNCHECKED` were not yet checked by a second person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from intake.errors import MalformedError


class Vocabulary(StrEnum):
    """The name of each vocabulary, in the order V1 to V17."""

    ACT = "act"
    METHOD = "method"
    PLACE_TYPE = "place_type"
    AFFILIATION = "affiliation"
    INVOLVEMENT = "involvement"
    RELATION = "relation"
    PURPOSE = "purpose"
    PRECISION = "precision"
    EFFECT = "effect"
    WHEREABOUTS = "whereabouts"
    STATUS_AT_END = "status_at_end"
    ATTRIBUTION = "attribution"
    TRIAGE = "triage"
    CORROBORATION = "corroboration"
    REASON = "reason"
    RECIPIENT = "recipient"
    STATE = "state"


@dataclass(frozen=True)
class Term:
    """One code with its labels by language, and its code in the Events Standard Formats, if any."""

    code: str
    labels: Mapping[str, str]
    esf: str | None


_FILE: Final = json.loads(
    (files("intake.review.coding") / "vocabularies.json").read_text(encoding="utf-8")
)
UNCHECKED: Final = frozenset[str](_FILE["unchecked"])
"""Languages of which no second person has checked the labels yet."""


def _terms(rows: list[dict[str, str | None]]) -> dict[str, Term]:
    return {
        str(row["code"]): Term(
            str(row["code"]), {"en": str(row["en"]), "ru": str(row["ru"])}, row.get("esf")
        )
        for row in rows
    }


TERMS: Final[Mapping[Vocabulary, Mapping[str, Term]]] = {
    vocabulary: _terms(_FILE["vocabularies"][vocabulary]["terms"]) for vocabulary in Vocabulary
}
"""Every term of every vocabulary by its code, in order."""


def label(vocabulary: Vocabulary, code: str, lang: str) -> str:
    """How a code is shown, in English where the language has no label; raises `MalformedError`."""
    check_code(vocabulary, code)
    labels = TERMS[vocabulary][code].labels
    return labels.get(lang, labels["en"])


def check_code(vocabulary: Vocabulary, *codes: str) -> None:
    """Raise `MalformedError` where a code is not in this vocabulary."""
    for code in codes:
        if code not in TERMS[vocabulary]:
            raise MalformedError(f"{code!r} is no code of the vocabulary {vocabulary}")
