"""How far an item is: which steps were done, by whom, as the signed records of the case say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from intake.review.case import REDACTED, Case
from intake.review.coding.account import Coding
from intake.review.gathering import REPLY
from intake.review.import_records import IMPORT
from intake.review.journal import Journal, Mark, Recorded
from intake.review.redacting import Redaction
from intake.review.steps import Step
from intake.review.work import ABOUT_REDACTION, Answers, Grades

RECORDS: Final[Mapping[Step, str]] = {
    Step.IMPORT: IMPORT,
    Step.REDACT: REDACTED,
    Step.MESSAGE: REPLY,
    **{step: step.value for step in Step if step not in {Step.IMPORT, Step.REDACT, Step.MESSAGE}},
}
"""The name of the records of each step."""

_OF_THE_ITEM: Final = (
    *(Step.TRIAGE, Step.READ, Step.CODE, Step.CONSISTENCY, Step.CORROBORATE, Step.INDEPENDENCE),
    *(Step.SECOND, Step.MESSAGE, Step.REQUEST, Step.REDACT, Step.CHECKLIST, Step.JIGSAW),
    Step.RETAIN,
)

_LOOKS_AT: Final[Mapping[Step, tuple[Step, ...]]] = {
    Step.SECOND: (Step.READ, Step.CODE, Step.REDACT),
    Step.JIGSAW: (Step.REDACT,),
}
"""Whose newest records a step of a second person is about."""


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
        for step in ABOUT_REDACTION & found.keys():
            if not _is_of_newest(journal, step, found):
                del found[step]
        if Step.CORROBORATE in found:
            grades = journal.read(RECORDS[Step.CORROBORATE], found[Step.CORROBORATE])
            if Grades.from_json(grades.value).coding != found.get(Step.CODE):
                del found[Step.CORROBORATE]
        return cls(by_two(found))

    @property
    def first(self) -> str:
        """Who read it first, or took it over from them; empty for nobody."""
        mark = self.done.get(Step.READ)
        return "" if mark is None else mark.by

    def is_work_of(self, step: Step, by: str) -> bool:
        """Whether a step of a second person would look at what this one did: nobody checks their own work."""
        looked_at = (self.done.get(one) for one in _LOOKS_AT.get(step, ()))
        return any(mark is not None and mark.by == by for mark in looked_at)


def by_two(marks: Mapping[Step, Mark]) -> Mapping[Step, Mark]:
    """The newest marks without those of a second person who is not one any more.

    Whoever read it second and took it over since is its first reader; and who coded or redacted it before
    somebody took it over, or beside them on another machine, cannot be the one who looks at that.
    """
    progress = Progress(marks)
    return {step: mark for step, mark in marks.items() if not progress.is_work_of(step, mark.by)}


def _is_of_newest(journal: Journal, step: Step, found: Mapping[Step, Mark]) -> bool:
    """Whether what a step answered is about the newest redacted version, and a checklist about its hash."""
    answers = Answers.from_json(step, journal.read(RECORDS[step], found[step]).value)
    redacted = found.get(Step.REDACT)
    if redacted is None or answers.about != redacted:
        return False
    if step is not Step.CHECKLIST:
        return True
    newest = Redaction.from_json(journal.read(REDACTED, redacted).value)
    return answers.redaction == newest.digest


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
