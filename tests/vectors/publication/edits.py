"""One thing changed in a publication that holds."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import cache
from typing import Any

from intake import canonical
from intake.publication import Publication
from tests.publications import (
    FORM,
    MODE,
    STATS,
    Logged,
    container,
    hidden_names,
    logged,
    numbers_of,
)
from tests.tlog.logs import WITNESSES, checkpoint_of, signed

SPELLING = "one spelling"
Value = dict[str, Any]


@cache
def usual() -> Logged:
    """The log under the checkpoint of the log and two witnesses, which is the quorum."""
    whole = logged()
    return whole.signed_as(signed(checkpoint_of(whole.entries), WITNESSES[:2]))


@cache
def ending() -> Publication:
    """One whose end is shown: the voids there make room for a row more or less."""
    return usual().published(
        numbers_of(container(), "Ruslan ", "\u0433\u043e\u043c\u0435\u0434\u0430")
        | {MODE, FORM, STATS}
    )


def edited(edit: Callable[[Value], object], publication: Publication | None = None) -> bytes:
    """The usual publication with one thing changed, in canonical JSON."""
    value = json.loads((publication or usual().published(hidden_names())).to_bytes())
    edit(value)
    return canonical.encode(value) + b"\n"


def put(key: str, changed: object) -> Callable[[Value], object]:
    """Put a value in the place of another."""
    return lambda value: value.__setitem__(key, changed)


def swapped(key: str, old: str, new: str) -> Callable[[Value], object]:
    """Replace in a text, where `old` stands."""

    def edit(value: Value) -> None:
        assert old in value[key], (key, old)
        value[key] = value[key].replace(old, new, 1)

    return edit


def row(number: int, changed: object) -> Callable[[Value], object]:
    """Put another row into the place of one of what is shown; several where it is a tuple."""

    def edit(value: Value) -> None:
        rows = list(changed) if isinstance(changed, tuple) else [changed]
        value["shown"][number : number + 1] = rows

    return edit


def rows_of(publication: Publication | None = None) -> list[Any]:
    """What a publication shows, the usual one unless given."""
    value = json.loads((publication or usual().published(hidden_names())).to_bytes())
    return list(value["shown"])


def raw(key: str, change: Callable[[bytes], bytes]) -> Callable[[Value], object]:
    """Change the bytes that stand there as base64."""
    return lambda value: value.__setitem__(key, b64encode(change(b64decode(value[key]))).decode())
