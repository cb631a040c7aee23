"""Two reviewers with a case each and a stick between them, who do what a panel asks of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from intake.errors import IntakeError
from intake.review import gates
from intake.review.case import Case
from intake.review.consent import Purpose
from intake.review.journal import Mark
from intake.review.outgoing import Output, sign_off
from intake.review.steps import Step
from intake.review.syncing import Merged, join, sync
from intake.review.work import CHECKED, Answers
from tests.panel import Panel

TRIAGED = Answers.of(Step.TRIAGE, {"triage": "t.7"})
READ = Answers.of(Step.READ, {"note": "read"})
READ_TOO = Answers.of(Step.SECOND, {"agreed": "all of it"})


def check_list(case: Case, item: str) -> None:
    """Whoever redacted it answers the checklist of its newest version; `GateError` where that may not be."""
    newest = case.redaction(item, case.entry(item).opening.envelope)
    about = Mark(1, case.by) if newest is None else Mark(newest.version, newest.by)
    given = dict.fromkeys(CHECKED, "done")
    gates.answer(case, item, Answers.of(Step.CHECKLIST, given, about))


def asked(arguments: Sequence[str]) -> tuple[str, str, str]:
    """The item, use and form that an `export` asks for."""
    words = dict(pairwise(arguments))
    return arguments[0], words.get("--for", "publish"), words.get("--format", "text")


@dataclass(frozen=True)
class Pair:
    """r1 with the case at `first`, r2 with one beside it that is made from r1's stick."""

    panel: Panel
    first: Path
    folder: Path

    @property
    def second(self) -> Path:
        return self.folder / "second-case"

    @property
    def stick(self) -> Path:
        path = self.folder / "stick"
        path.mkdir(exist_ok=True)
        return path

    @contextmanager
    def case(self, number: int) -> Iterator[Case]:
        """The case of reviewer 1 or 2."""
        folder = self.first if number == 1 else self.second
        keys = self.panel.identities[number - 1 : number]
        with Case.opened(folder, keys, writing=True, signers=self.panel.signers) as case:
            yield case

    def sync(self, number: int) -> list[Merged]:
        """Reviewer 1 or 2 puts the stick in; the second one's case is made the first time."""
        if number == 2 and not Case.exists(self.second):
            join(self.second, self.stick, self.panel.roster.roots, self.panel.identities[1:2], "")
        with self.case(number) as case:
            return list(sync(case, self.stick))

    def read(self, item: str) -> None:
        """r1 triages and reads it, unless that was done; where it cannot be, the command will say so."""
        with suppress(IntakeError), self.case(1) as case:
            name = case.find(item)
            if not case.marks(name, Step.READ):
                gates.open_item(case, name)
                gates.answer(case, name, TRIAGED)
                gates.open_item(case, name)
                gates.answer(case, name, READ)

    def sign_off(self, item: str, purpose: str, form: str) -> None:
        """r1 answers the checklist, r2 reads it too and both sign, as far as that is possible."""
        with suppress(IntakeError), self.case(1) as case:
            check_list(case, case.find(item))
        with suppress(IntakeError, ValueError):
            self.second_signs(item, purpose, form)
        with suppress(IntakeError, ValueError), self.case(1) as case:
            sign_off(case, Output.of(form, Purpose(purpose), case.find(item)))

    def second_signs(self, item: str, purpose: str, form: str) -> None:
        """r2 takes the stick, reads it too, signs, and brings the stick back."""
        self.sync(1)
        if len(self.panel.roster.reviewers) == 1:
            return
        self.sync(2)
        with self.case(2) as case:
            name = case.find(item)
            if not case.marks(name, Step.SECOND):
                gates.open_item(case, name)
                gates.answer(case, name, READ_TOO)
            with suppress(IntakeError):
                sign_off(case, Output.of(form, Purpose(purpose), name))
        self.sync(2)
        self.sync(1)
