"""What reviewers write down for an output of several items: which form, for whom, what is quoted, what is found.

A plan is TOML. It is one of the details of an output, and goes to the second machine with it.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self, cast

from intake import shape
from intake.errors import MalformedError
from intake.review.consent import Purpose
from intake.review.outputs.material import Extract, Output

LIMIT: Final = 200_000  # characters of a plan
_TEXTS: Final = ("recipient", "recipient_name", "title", "lang", "agreement", "urgency", "key")
_LISTS: Final = ("items", "method", "limits", "not_asked", "sites")
_YES: Final = ("lawyer", "reply", "verbatim", "lead_only", "to_state")
_KEYS: Final = frozenset({"form", "purpose", "extracts", "findings", *_TEXTS, *_LISTS, *_YES})


@dataclass(frozen=True)
class Found:
    """A finding: its words, the level that it rests on, and the items."""

    text: str = field(repr=False)
    grade: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A plan as it was read; `items` and those in it are ids, or beginnings of them, as they were written."""

    form: Output
    purpose: Purpose
    items: tuple[str, ...]
    texts: Mapping[str, str] = field(repr=False)
    lists: Mapping[str, tuple[str, ...]] = field(repr=False)
    yes: frozenset[str]
    extracts: tuple[tuple[str, Extract], ...] = field(repr=False)
    findings: tuple[Found, ...] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a plan; raises `MalformedError`, which never quotes it."""
        if len(text) > LIMIT:
            raise MalformedError(
                f"a plan is longer than {LIMIT:,} characters", key="plan_long", most=LIMIT
            )
        try:
            text.encode()
            row = cast("Mapping[str, object]", tomllib.loads(text))
        except (tomllib.TOMLDecodeError, UnicodeEncodeError):
            raise MalformedError(
                "the plan is not TOML", "see `intake review build --help`", key="plan_toml"
            ) from None
        strangers = row.keys() - _KEYS
        if strangers:
            raise MalformedError(
                "the plan has a key that there is not",
                f"there are: {' '.join(sorted(_KEYS))}",
                key="plan_keys",
                known=" ".join(sorted(_KEYS)),
            )
        try:
            return cls(
                form=Output(shape.text(row["form"])),
                purpose=Purpose(shape.text(row["purpose"])),
                items=_list(row["items"]),
                texts={name: shape.text(row.get(name, "")) for name in _TEXTS},
                lists={name: _list(row.get(name, [])) for name in _LISTS},
                yes=frozenset(name for name in _YES if row.get(name, False) is True),
                extracts=tuple(map(_extract, shape.rows(row.get("extracts", [])))),
                findings=tuple(map(_found, shape.rows(row.get("findings", [])))),
            )
        except (KeyError, ValueError):
            raise MalformedError(
                "the plan lacks form, purpose or items, or names one that there is not",
                f"forms: {' '.join(Output)}; purposes: {' '.join(Purpose)}",
                key="plan_lacks",
                forms=" ".join(Output),
                uses=" ".join(Purpose),
            ) from None


def _list(value: object) -> tuple[str, ...]:
    return tuple(shape.text(text) for text in shape.rows(value))


def _extract(value: object) -> tuple[str, Extract]:
    row = shape.mapping(value)
    places = shape.integer(row["start"]), shape.integer(row["end"])
    rewritten = shape.text(row.get("rewritten", ""))
    return shape.text(row["item"]), Extract(shape.text(row["path"]), *places, rewritten)


def _found(value: object) -> Found:
    row = shape.mapping(value)
    items = cast("Sequence[object]", row["items"])
    return Found(shape.text(row["text"]), shape.text(row["grade"]), _list(items))
