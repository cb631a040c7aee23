"""The tables of `site.toml`: what those who leave are shown, who may listen, who backs up.

Each is valid by construction. Nothing in them is secret.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final, Self, cast

from intake.age import HybridRecipient
from intake.errors import MalformedError
from intake.keeping.records import LEAST_STEP
from intake.keeping.retention import MOST_KEPT
from intake.keeping.rows import MOST_STEP

STALE: Final = dt.timedelta(days=90)  # an entry that nobody checked for longer is not shown
_AHEAD: Final = dt.timedelta(
    days=1
)  # nor one whose date is wrong; somewhere it is tomorrow already
_MOST_LINES: Final = 40
_MARKUP: Final = 162  # bytes of an entry but for its three texts


@dataclass(frozen=True)
class NeutralPage:
    """What is shown to whoever left in a hurry: one title of 1 to 100 characters, 1 to 40 lines."""

    title: str
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        check_line("the title of [neutral]", self.title, 100)
        if not 0 < len(self.lines) <= _MOST_LINES:
            raise MalformedError(f"[neutral] has 1 to {_MOST_LINES} lines")
        for line in self.lines:
            check_line("a line of [neutral]", line, 200)

    @classmethod
    def parse(cls, name: str, value: object) -> Self:
        """Read the table `name`; raises `MalformedError`."""
        table = _table(name, value, {"title": str, "lines": list})
        lines = cast("list[object]", table["lines"])
        if not all(isinstance(line, str) for line in lines):
            raise MalformedError(f"lines of {name} are texts")
        return cls(table["title"], tuple(str(line) for line in lines))


@dataclass(frozen=True)
class SupportEntry:
    """One group that may listen: who, in which languages, how to reach them, when last checked."""

    name: str
    language: str
    reach: str
    checked: dt.date

    def __post_init__(self) -> None:
        for name, most in (("name", 100), ("language", 100), ("reach", 200)):
            check_line(f"{name} in [[support]]", getattr(self, name), most)

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read one table of `[[support]]`; raises `MalformedError`."""
        kinds: dict[str, type] = {"name": str, "language": str, "reach": str, "checked": dt.date}
        return cls(**_table("[[support]]", value, kinds))

    @property
    def weight(self) -> int:
        """The bytes that it takes on a page, in the language where it takes the most."""
        texts = (self.name, self.language, self.reach)
        return _MARKUP + sum(len(escape(text).encode()) for text in texts)

    def is_stale(self, today: dt.date) -> bool:
        """Whether nobody has checked it for more than 90 days, or its date is 2 days ahead or more.

        A year that was typed wrong must not keep a group shown for decades.
        """
        return not -_AHEAD <= today - self.checked <= STALE


@dataclass(frozen=True)
class Backups:
    """To whose key backups are sealed, "" for nobody yet, and the step of their sizes in bytes.

    `keep` is of how many bases a folder keeps them, each with its newest part; 0: all, for ever.
    """

    to: str = ""
    step: int = 64 << 20
    keep: int = 0

    def __post_init__(self) -> None:
        if self.to:
            HybridRecipient.parse(self.to)
        if not LEAST_STEP <= self.step <= MOST_STEP:
            raise MalformedError(f"step in [backup] is at least {LEAST_STEP} bytes")
        if not 0 <= self.keep <= MOST_KEPT:
            raise MalformedError(f"keep in [backup] is at most {MOST_KEPT}, or 0 to keep all")

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read the table `[backup]`, in which `keep` may be missing; raises `MalformedError`."""
        kinds: dict[str, type] = {"to": str, "step": int, "keep": int}
        table = cast("dict[str, object]", value)
        if isinstance(value, dict) and "keep" not in table:
            del kinds["keep"]
        return cls(**_table("[backup]", table, kinds))


def _table(name: str, value: object, kinds: Mapping[str, type]) -> dict[str, Any]:
    """A table with exactly these keys, each of its kind."""
    if not isinstance(value, dict):
        raise MalformedError(f"{name} in site.toml is not a table")
    table = cast("dict[str, Any]", value)
    if set(table) != set(kinds):
        odd = ", ".join(sorted(set(table) ^ set(kinds)))
        raise MalformedError(f"{name} in site.toml lacks, or should not have: {odd}")
    for key, kind in kinds.items():
        if type(table[key]) is not kind:
            raise MalformedError(f"{key} of {name} in site.toml is of another kind")
    return table


def check_line(name: str, text: str, most: int) -> None:
    """Raise `MalformedError` unless it is one line of so many printable characters."""
    if not 0 < len(text) <= most or not text.isprintable():
        raise MalformedError(f"{name} is one line of 1 to {most} characters")
