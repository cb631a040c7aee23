"""How far an item is: which steps were done, by whom, as the signed records of the case say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from intake.review.case import REDACTED, Case
from intake.review.coding.account import Coding
from intake.review.gathering import REPLY
from intake.review.import_records import IMPORT
from intake.review.journal import Mark, Recorded
from intake.review.steps import Step
from intake.review.work import Answers, Grades

RECORDS: Final[Mapping[Step, str]] = {
    Step.IMPORT: IMPORT,
    Step.REDACT: REDACTED,
    Step.MESSAGE: REPLY,
    **{step: step.value for step in Step if step not in {Step.IMPORT, Step.REDACT, Step.MESSAGE}},
}
"""The name of the records of each step."""

_OF_THE_ITEM: Final = (
    *(Step.TRIAGE, Step.READ, Step.CODE, Step.CONSISTENCY, Step.CORROBORATE, Step.INDEPENDENCE),
    *(Step.SECOND, Step.MESSAGE, Step.REQUEST, Step.REDACT, Step.JIGSAW, Step.RETAIN),
)


@dataclass(frozen=True)
class Progress:
    """The newest record of each step of an item, by its mark.

    A step that must follow another counts only while it does: answers about a redaction say nothing
    of the next one, nor grades of a coding.
    """

    done: Mapping[Step, Mark]

    @classmethod
    def of(cls, case: Case, item: str) -> Self:
        """Read it; raises `IntakeError` where a record that it rests on cannot be read."""
        found = {
            step: marks[-1] for step in _OF_THE_ITEM if (marks := case.marks(item, RECORDS[step]))
        }
        found[Step.OPEN] = found[Step.IMPORT] = Mark(0, "")
        journal = case.journal(item)
        # Who did it is what gates ask: a name in a file's name is nobody's word.
        for step in (Step.READ, Step.SECOND):
            if step in found:
                journal.read(RECORDS[step], found[step])
        if Step.JIGSAW in found:
            about = journal.read(RECORDS[Step.JIGSAW], found[Step.JIGSAW])
            if Answers.from_json(Step.JIGSAW, about.value).about != found.get(Step.REDACT):
                del found[Step.JIGSAW]
        if Step.CORROBORATE in found:
            grades = journal.read(RECORDS[Step.CORROBORATE], found[Step.CORROBORATE])
            if Grades.from_json(grades.value).coding != found.get(Step.CODE):
                del found[Step.CORROBORATE]
        if (
            Step.SECOND in found
            and Step.READ in found
            and found[Step.SECOND].by == found[Step.READ].by
        ):
            # Whoever had it second became its first reader since: it needs another second one.
            del found[Step.SECOND]
        return cls(found)

    @property
    def first(self) -> str:
        """Who read it first, or took it over from them; empty for nobody."""
        mark = self.done.get(Step.READ)
        return "" if mark is None else mark.by


def coding_of(case: Case, item: str) -> Recorded[Coding] | None:
    """The newest coding of an item, or None."""
    recorded = case.journal(item).newest(RECORDS[Step.CODE])
    return None if recorded is None else Recorded(recorded.mark, Coding.from_json(recorded.value))


def grades_of(case: Case, item: str) -> Grades | None:
    """The newest grades of an item's claims, or None."""
    recorded = case.journal(item).newest(RECORDS[Step.CORROBORATE])
    return None if recorded is None else Grades.from_json(recorded.value)


def answers_of(case: Case, item: str, step: Step) -> list[Recorded[Answers]]:
    """Every record of a step that is answered in words, oldest first."""
    return [
        Recorded(one.mark, Answers.from_json(step, one.value))
        for one in case.journal(item).all(RECORDS[step])
    ]
