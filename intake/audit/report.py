"""An auditor's report: claims about a site, each with a verdict, numbers and exceptions.

A claim for which something was not looked at is never a pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from intake.errors import MalformedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.audit.history import History
    from intake.epoch import Epoch

TITLE: Final = "testimony-intake/audit-report/v2"
CLAIMS: Final = {
    "R1": "completeness: nothing was dropped",
    "R3": "integrity: nothing was altered, and there is one log",
    "R4": "access: nothing was opened before it was triaged, or worked on unopened",
    "R5": "sign-off: every export was signed off by two people, where there are two",
    "R6": "consent: what was withdrawn is gone, and nothing left after it was known to be",
    "R7": "keys: the reviewers' keys are those that the root holders signed",
    "R8": "configuration and software: what is served is what was announced",
    "R9": "log privacy: nothing that identifies anybody is kept",
    "R10": "retention: what is due was erased on every machine",
}


class Verdict(StrEnum):
    """What is said of a claim."""

    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"
    NOT_CHECKED = "NOT CHECKED"


class Level(StrEnum):
    """What an exception makes of its claim; a note changes nothing."""

    FAILS = "fails"
    NOT_CHECKED = "not checked"
    NOTE = "note"


@dataclass(frozen=True)
class Claim:
    """One claim: its name (one of `CLAIMS`), numbers and exceptions, the worst first."""

    name: str
    numbers: tuple[str, ...]
    exceptions: tuple[tuple[Level, str], ...]

    def __post_init__(self) -> None:
        if self.name not in CLAIMS:
            raise MalformedError(f"no claim is {self.name!r}")

    @property
    def verdict(self) -> Verdict:
        """FAIL where anything fails it, else NOT CHECKED where anything was not looked at."""
        levels = {level for level, _ in self.exceptions}
        if Level.FAILS in levels:
            return Verdict.FAIL
        return Verdict.NOT_CHECKED if Level.NOT_CHECKED in levels else Verdict.PASS


@dataclass
class Draft:
    """A claim while it is judged. Nothing can be taken back from it."""

    numbers: list[str] = field(default_factory=list[str])
    exceptions: list[tuple[Level, str]] = field(default_factory=list[tuple[Level, str]])

    def number(self, phrase: str) -> None:
        """Say a number."""
        self.numbers.append(phrase)

    def fail(self, *phrases: str) -> None:
        """Say what fails the claim."""
        self.exceptions += ((Level.FAILS, phrase) for phrase in phrases)

    def miss(self, *phrases: str) -> None:
        """Say what was not looked at."""
        self.exceptions += ((Level.NOT_CHECKED, phrase) for phrase in phrases)

    def note(self, *phrases: str) -> None:
        """Say what a reader should know."""
        self.exceptions += ((Level.NOTE, phrase) for phrase in phrases)

    def claim(self, name: str) -> Claim:
        """The claim as it was judged."""
        order = list(Level)
        found = sorted(self.exceptions, key=lambda one: order.index(one[0]))
        return Claim(name, tuple(self.numbers), tuple(found))


@dataclass(frozen=True)
class Report:
    """The whole page: the log's origin ("" where none is known), its week, each claim once.

    `history` is for the plot.
    """

    origin: str
    epoch: Epoch
    claims: tuple[Claim, ...]
    history: History | None

    def __post_init__(self) -> None:
        if [claim.name for claim in self.claims] != list(CLAIMS):
            raise MalformedError("a report has every claim once, in order")

    @property
    def passed(self) -> bool:
        """Whether every claim passes."""
        return all(claim.verdict is Verdict.PASS for claim in self.claims)

    @property
    def summary(self) -> str:
        """One line: how many claims came out how."""
        verdicts = [claim.verdict for claim in self.claims]
        return ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in Verdict)

    def told(self) -> Mapping[str, object]:
        """All of it as JSON can hold it, nothing cut."""
        return {
            "title": TITLE,
            "origin": self.origin,
            "epoch": str(self.epoch),
            "passed": self.passed,
            "claims": [
                {
                    "claim": claim.name,
                    "says": CLAIMS[claim.name],
                    "verdict": claim.verdict,
                    "numbers": claim.numbers,
                    "exceptions": [
                        {"level": level, "phrase": phrase} for level, phrase in claim.exceptions
                    ],
                }
                for claim in self.claims
            ],
            "weeks": [
                {"epoch": str(week.epoch), "leaves": week.leaves, "size": week.size}
                for week in (() if self.history is None else self.history.weeks)
            ],
            "checkpoints": [
                {"epoch": str(seen.epoch), "size": seen.size, "root": seen.root.hex()}
                for seen in (() if self.history is None else self.history.seen)
            ],
        }
