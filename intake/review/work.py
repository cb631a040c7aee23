"""What reviewers write down about an item at each step: answers to a few questions, never a score of a person.

The questions are tables here, after the credibility notes of the domain and the Istanbul Protocol's §§347
to 353; an answer is a code of a vocabulary or words of the reviewer's own. Nothing of it leaves with an
export.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self, cast

from intake import shape
from intake.errors import MalformedError
from intake.review.coding.account import Coding
from intake.review.coding.vocabulary import Vocabulary, check_code
from intake.review.journal import Mark
from intake.review.steps import Step

TEXT_LIMIT: Final = 20_000  # characters of one answer
CLAIMS_LIMIT: Final = 200


@dataclass(frozen=True)
class Ask:
    """One question: an answer of a vocabulary, or words; whether it may be left empty."""

    name: str
    vocabulary: Vocabulary | None = None
    required: bool = False


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
    Step.JIGSAW: (
        *(Ask("brother", required=True), Ask("neighbour", required=True)),
        *(Ask("officer", required=True), Ask("reader", required=True)),
    ),
}
"""What is asked at each step that is answered in words."""


@dataclass(frozen=True)
class Answers:
    """The answers to one step; those that may be empty and are, are not in it.

    `about` is the redaction that a jigsaw check looked at: it says nothing of another one.
    """

    step: Step
    given: Mapping[str, str] = field(repr=False)
    about: Mark | None = None

    def __post_init__(self) -> None:
        if (self.about is None) == (self.step is Step.JIGSAW):
            raise MalformedError("a jigsaw check is about a redaction, and nothing else is")
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

    @classmethod
    def of(cls, step: Step, given: Mapping[str, str], about: Mark | None = None) -> Self:
        """From what a form sent: white space around it and empty answers are left out."""
        stripped = {name: text.strip() for name, text in given.items()}
        return cls(step, {name: text for name, text in stripped.items() if text}, about)

    def to_json(self) -> dict[str, object]:
        """The value that is signed and sealed into the case."""
        about = None if self.about is None else [self.about.number, self.about.by]
        return {"answers": dict(self.given), "about": about}

    @classmethod
    def from_json(cls, step: Step, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        row = shape.mapping(value)
        if row.keys() != {"answers", "about"}:
            raise MalformedError("answers have another shape")
        given = shape.mapping(row["answers"])
        about = None if row["about"] is None else mark_of(row["about"])
        return cls(step, {name: shape.text(text) for name, text in given.items()}, about)


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
