"""What reviewers write down about an item at each step: answers to a few questions, never a score of a person.

The questions are tables here, after the credibility notes of the domain and the Istanbul Protocol's §§347
to 353; an answer is a code of a vocabulary or words of the reviewer's own. Nothing of it leaves with an
export.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self, cast

from intake import shape
from intake.errors import MalformedError
from intake.review.coding.account import Coding
from intake.review.coding.vocabulary import TERMS, Vocabulary, check_code
from intake.review.journal import Mark
from intake.review.steps import Step

TEXT_LIMIT: Final = 20_000  # characters of one answer
CLAIMS_LIMIT: Final = 200
_HASH: Final = re.compile("sha256:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Ask:
    """One question: an answer of a vocabulary, one of a few, or words; whether it may be left empty."""

    name: str
    vocabulary: Vocabulary | None = None
    required: bool = False
    choices: tuple[str, ...] = ()

    def accepts(self, text: str) -> bool:
        """Whether this may be an answer, as far as answers are given."""
        known = self.choices if self.vocabulary is None else tuple(TERMS[self.vocabulary])
        return not known or text in known


DEALT_WITH: Final = "done"
NOT_THERE: Final = "absent"
CHECKED: Final = (
    *("date", "age", "place", "circumstances", "event", "dialogue", "family", "work", "body"),
    *("language", "route", "official"),
)
"""What no program finds, and a reader who was there knows: redaction.md 7, domain.md 5.4."""

ABOUT_REDACTION: Final = frozenset({Step.CHECKLIST, Step.JIGSAW})
"""The steps that are about one redacted version, and say nothing of another."""

ASKED: Final[Mapping[Step, tuple[Ask, ...]]] = {
    Step.TRIAGE: (Ask("triage", Vocabulary.TRIAGE, required=True), Ask("remark")),
    Step.READ: (Ask("note"),),
    Step.CONSISTENCY: (
        *(Ask("basis", required=True), Ask("detail"), Ask("internal", required=True)),
        *(Ask("external", required=True), Ask("against"), Ask("explanations"), Ask("confidence")),
    ),
    Step.INDEPENDENCE: (
        *(Ask("source", required=True), Ask("press", required=True)),
        *(Ask("wording", required=True), Ask("sender", required=True), Ask("remark")),
    ),
    Step.SECOND: (Ask("agreed", required=True), Ask("differences")),
    Step.REQUEST: (
        Ask("recipient", Vocabulary.RECIPIENT, required=True),
        *(Ask("name", required=True), Ask("why")),
    ),
    Step.CHECKLIST: tuple(
        Ask(name, required=True, choices=(DEALT_WITH, NOT_THERE)) for name in CHECKED
    ),
    Step.JIGSAW: (
        *(Ask("brother", required=True), Ask("neighbour", required=True)),
        *(Ask("officer", required=True), Ask("reader", required=True)),
    ),
}
"""What is asked at each step that is answered in words."""


@dataclass(frozen=True)
class Answers:
    """The answers to one step; those that may be empty and are, are not in it.

    `about` is the redaction that a jigsaw check or a checklist looked at: it says nothing of another
    one. `redaction` is the hash of that of a checklist, which `gates.answer` puts in.
    """

    step: Step
    given: Mapping[str, str] = field(repr=False)
    about: Mark | None = None
    redaction: str = ""

    def __post_init__(self) -> None:
        if (self.about is None) == (self.step in ABOUT_REDACTION):
            raise MalformedError(
                "a jigsaw check and a checklist are about a redaction, and nothing else is"
            )
        if self.redaction and self.step is not Step.CHECKLIST:
            raise MalformedError("a checklist names the hash of a redaction, and nothing else does")
        asks = {ask.name: ask for ask in ASKED[self.step]}
        if not self.given.keys() <= asks.keys():
            raise MalformedError(f"{self.step} asks for something else")
        for name, ask in asks.items():
            text = self.given.get(name)
            if text is None:
                if ask.required:
                    raise MalformedError(
                        f"{self.step} needs an answer to {name!r}",
                        "write `none` where there is none",
                    )
            elif not text.strip() or len(text) > TEXT_LIMIT:
                raise MalformedError(f"an answer has 1 to {TEXT_LIMIT:,} characters")
            elif ask.vocabulary is not None:
                check_code(ask.vocabulary, text)
            elif not ask.accepts(text):
                raise MalformedError(
                    f"{name!r} is answered in another way", f"one of: {' '.join(ask.choices)}"
                )

    @classmethod
    def of(cls, step: Step, given: Mapping[str, str], about: Mark | None = None) -> Self:
        """From what a form sent: white space around it and empty answers are left out."""
        stripped = {name: text.strip() for name, text in given.items()}
        return cls(step, {name: text for name, text in stripped.items() if text}, about)

    def to_json(self) -> dict[str, object]:
        """The value that is signed and sealed into the case."""
        about = None if self.about is None else [self.about.number, self.about.by]
        value: dict[str, object] = {"answers": dict(self.given), "about": about}
        return value | ({"redaction": self.redaction} if self.redaction else {})

    @classmethod
    def from_json(cls, step: Step, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        row = shape.mapping(value)
        hashed = {"redaction"} if step is Step.CHECKLIST else set[str]()
        if row.keys() != {"answers", "about"} | hashed:
            raise MalformedError("answers have another shape")
        given = shape.mapping(row["answers"])
        about = None if row["about"] is None else mark_of(row["about"])
        redaction = shape.text(row["redaction"]) if hashed else ""
        if hashed and not _HASH.fullmatch(redaction):
            raise MalformedError("answers have another shape")
        return cls(step, {name: shape.text(text) for name, text in given.items()}, about, redaction)


def mark_of(value: object) -> Mark:
    """Which record another one is about; raises `MalformedError`."""
    number, by = shape.row(value, 2)
    return Mark(shape.integer(number), shape.text(by))


@dataclass(frozen=True)
class Claim:
    """How well one act of a coding is borne out (V14): of the claim, never of the person."""

    act: int
    grade: str
    remark: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check_code(Vocabulary.CORROBORATION, self.grade)
        if self.act < 1 or len(self.remark) > TEXT_LIMIT:
            raise MalformedError("a claim is about an act, in few words")


@dataclass(frozen=True)
class Grades:
    """The grades of the claims in one version of a coding, which `coding` names."""

    coding: Mark
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        acts = [claim.act for claim in self.claims]
        if sorted(set(acts)) != acts or len(acts) > CLAIMS_LIMIT:
            raise MalformedError("claims are in order, and one for each act")

    def check_fits(self, coding: Coding) -> None:
        """Raise `MalformedError` unless every act of the coding has its grade, and nothing else."""
        if [claim.act for claim in self.claims] != [act.number for act in coding.acts]:
            raise MalformedError("every act that was coded needs a grade", "N is: not assessed")

    def to_json(self) -> dict[str, object]:
        """The value that is signed and sealed into the case."""
        return {
            "coding": [self.coding.number, self.coding.by],
            "claims": [[claim.act, claim.grade, claim.remark] for claim in self.claims],
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            rows = cast("list[tuple[int, str, str]]", row["claims"])
            grades = cls(
                mark_of(row["coding"]),
                tuple(
                    Claim(shape.integer(act), grade, shape.text(why)) for act, grade, why in rows
                ),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise MalformedError("grades have another shape") from None
        if grades.to_json() != value:
            raise MalformedError("grades have another shape")
        return grades
