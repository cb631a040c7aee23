"""The fixed words of outputs, in each language, and which words of a finished file are ours.

Ours are phrases, labels and codes of fixed lists, and dates and counts in one spelling: they would
stand there whatever anybody wrote, so the leak tests do not compare them with what was removed.
"""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from intake.container import Level
from intake.errors import MalformedError
from intake.review.coding.chain import Leads, Watch
from intake.review.coding.vocabulary import TERMS, Vocabulary, label

LANGS: Final = ("en", "ru")
_FILE: Final = json.loads(
    (files("intake.review.outputs") / "phrases.json").read_text(encoding="utf-8")
)
PHRASES: Final[Mapping[str, Mapping[str, str]]] = _FILE["phrases"]
UNCHECKED: Final = frozenset[str](_FILE["unchecked"])
"""Languages of which no second person has checked the phrases yet."""

_DISTRICTS: Final = json.loads(
    (files("intake.review.outputs") / "districts.json").read_text(encoding="utf-8")
)
DISTRICTS: Final[Mapping[str, Mapping[str, str]]] = {
    row["code"]: {lang: row[lang] for lang in LANGS} for row in _DISTRICTS["districts"]
}
"""Every district of the bundled picture by its code, with its name in each language."""

DISTRICT_CELLS: Final[Mapping[str, tuple[int, int]]] = {
    row["code"]: (row["column"], row["row"]) for row in _DISTRICTS["districts"]
}
"""Where each district stands in the picture: column from the west, row from the north."""

# A week, a day, a month, a year, spans of them; a count of at most four digits, or one hidden; a
# case code; a name that counts within one output; a hash or
# a signature. A removed telephone number is none.
_COUNTED = re.compile(
    r"[0-9]{4}-W[0-9]{2}"
    r"|(?:[0-9]{4}(?:[-/][0-9]{2}){0,2})(?:[:\u2013][0-9]{4}(?:[-/][0-9]{2}){0,2})?"
    r"|<?[0-9]{1,4}"
    r"|(?:[BCDFGHJKLMNPQRSTVWXZ]{6})(?:-[0-9]{1,3})*"
    r"|[PVLEA][0-9]{1,4}"
    r"|sha256:[0-9a-f]{64}|[0-9a-f]{64}(?:[0-9a-f]{64})?|c_[a-z]+\.[0-9]{1,4}",
    re.ASCII,
)


def say(key: str, lang: str) -> str:
    """A phrase; raises `MalformedError` for a key or a language that there is not."""
    try:
        return PHRASES[key][lang]
    except KeyError:
        raise MalformedError(f"there is no phrase {key!r} in {lang!r}") from None


def signed(alone: object, lang: str) -> str:
    """Whether one person alone signed, for forms that have one cell for it."""
    return say("alone" if alone else "two_signed", lang)


def term(vocabulary: Vocabulary, code: str, lang: str) -> str:
    """The label of a code, or the phrase for nothing coded."""
    return label(vocabulary, code, lang) if code else say("not_coded", lang)


def district(code: str, lang: str) -> str:
    """The name of a bundled district, or the phrase for one that is not known or not bundled.

    What else stands in the register is a reviewer's own text, and never shown as a district.
    """
    found = district_code(code)
    return DISTRICTS[found][lang] if found else say("district_unknown", lang)


def district_code(written: str) -> str:
    """The bundled district that a register's entry means, by its code or a name; empty for none."""
    sought = written.casefold().strip()
    for code, names in DISTRICTS.items():
        if sought in {code, *(name.casefold() for name in names.values())}:
            return code
    return ""


def _known() -> frozenset[str]:
    terms = [term for vocabulary in TERMS.values() for term in vocabulary.values()]
    return frozenset(
        {text for phrase in PHRASES.values() for text in phrase.values()}
        | set(PHRASES)
        | {text for term in terms for text in term.labels.values()}
        | {term.code for term in terms}
        | {name for names in DISTRICTS.values() for name in names.values()}
        | set(DISTRICTS)
        | {level.value for level in Level}
        | set(LANGS)
        | {"text/plain", "application/age"}
        | {code.value for codes in (Leads, Watch) for code in codes}
    )


_OURS: Final = _known()


def is_ours(text: str) -> bool:
    """Whether a text is one of the fixed ones, or several of them, parted by bars or semicolons."""
    parts = (part.strip() for part in re.split("[|;]", text))
    return all(
        part in _OURS or _COUNTED.fullmatch(part) or not any(c.isalnum() for c in part)
        for part in parts
    )
