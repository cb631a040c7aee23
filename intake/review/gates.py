"""The gates between steps, and the acts behind them: an act out of order is refused with what is missing.

Each act 1. asks the table of steps; 2. stands in the ledger; 3. is then done, as a signed record.
"""

from dataclasses import replace
from typing import Final

from intake.errors import GateError
from intake.ledger.act import Kind
from intake.review.acting import ledger_item, ledger_path, machine_of, record, record_on
from intake.review.canaries import check_testimony
from intake.review.case import Case
from intake.review.coding.account import Coding
from intake.review.facts import Noted, keep_noted
from intake.review.journal import Mark
from intake.review.panel import Panel, keep_panel, panel_of
from intake.review.progress import RECORDS, Progress, coding_of
from intake.review.redacting import Redaction
from intake.review.registering import check_known, register_of
from intake.review.remembering import Seen, keep_seen
from intake.review.standing import check_not_withdrawn
from intake.review.steps import RULES, Step, Who, needs
from intake.review.work import Answers, Grades

_ACTS: Final = {
    Step.TRIAGE: ((Kind.TRIAGE, ""),),
    Step.READ: ((Kind.READ, "first"), (Kind.NOTE, "first")),
    Step.CODE: ((Kind.CODE, ""),),
    Step.CONSISTENCY: ((Kind.NOTE, "consistency"),),
    Step.CORROBORATE: ((Kind.CORROBORATE, ""),),
    Step.INDEPENDENCE: ((Kind.NOTE, "independence"),),
    Step.SECOND: ((Kind.READ, "second"),),
    Step.MESSAGE: ((Kind.MESSAGE, ""),),
    Step.REQUEST: ((Kind.CONSENT, "recorded"),),
    Step.REDACT: ((Kind.REDACT, ""),),
    Step.CHECKLIST: ((Kind.NOTE, "checklist"),),
    Step.JIGSAW: ((Kind.JIGSAW, ""),),
}
"""What stands in the ledger for each step on an item."""

SAID: Final = {
    Step.COLLECT: "the stick's collection is not recorded",
    Step.HANDOVER: "the stick's way is not recorded",
    Step.SESSION: "the machine was not checked this week",
    Step.TRIAGE: "it was not triaged",
    Step.READ: "it was not read",
    Step.CODE: "it was not coded",
    Step.CONSISTENCY: "its consistency notes are missing",
    Step.CORROBORATE: "the claims of its newest coding have no grades",
    Step.INDEPENDENCE: "the independence test is missing",
    Step.SECOND: "nobody else read it",
    Step.REQUEST: "no output and recipient were chosen",
    Step.REDACT: "there is no redacted version",
    Step.CHECKLIST: "the checklist of its newest redacted version is not answered",
    Step.JIGSAW: "nobody did the jigsaw check of its newest redacted version",
    Step.BUILD: "no file was built",
    Step.SIGNOFF: "two people have not signed it off",
    Step.EXPORT: "it was not handed over",
}
"""What is missing, said of an item."""


def check_step(progress: Progress, panel: Panel, step: Step, by: str) -> None:
    """Raise `GateError` unless this person may do this step on an item now.

    1. all that it needs and the panel uses was done; 2. it is theirs to do.
    """
    # (1)
    check_done(progress, panel, step)
    # (2)
    who, first = RULES[step].who, progress.first
    if who is Who.FIRST and first not in {"", by}:
        raise GateError(
            f"{step} is for its first reader, {first}",
            "who takes an item over reads it first and says so: `intake review read`",
            key="first_reader",
            step=step,
            first=first,
        )
    if who is Who.SECOND and (first == by or progress.is_work_of(step, by)):
        raise GateError(
            f"{step} is for another than its first reader, and than who coded or redacted it",
            "ask a second reviewer",
            key="second_reader",
            step=step,
        )


def check_done(progress: Progress, panel: Panel, step: Step) -> None:
    """Raise `GateError` naming what a step needs and was not done."""
    missing = [one for one in needs(step, panel.steps) if one not in progress.done]
    if missing:
        raise GateError(
            f"{step} is out of order: {', '.join(SAID[one] for one in missing)}",
            f"what comes first: {', '.join(missing)}",
            key="order",
            step=step,
            missing=missing,
        )


def open_item(case: Case, item: str, purpose: str = "") -> None:
    """Put into the ledger that this reviewer opens an item now, and what for: `purpose_of` if nothing is said."""
    check_not_withdrawn(case, case.entry(item).opening)
    record_on(case, item, (Kind.OPEN, {"purpose": purpose or purpose_of(case, item)}))


def purpose_of(case: Case, item: str) -> str:
    """What for this reviewer would open an item now.

    The first time ever for triage, and until that is done; then for the reading that is this person's.
    """
    progress = Progress.of(case, item)
    reading = "first-reading" if progress.first in {"", case.by} else "second-reading"
    triaged = Step.TRIAGE in progress.done or Step.TRIAGE not in panel_of(case).steps
    return reading if triaged and _was_opened(case, item, "purpose=triage\n") else "triage"


def answer(case: Case, item: str, answers: Answers) -> Mark:
    """Do a step that is answered in words; raises `GateError` where it is out of order.

    What is answered about a redacted version is of the newest one, and the checklist of its very hash.
    """
    if answers.about is not None:
        check_may(case, item, answers.step)
        newest = case.redaction(item, case.entry(item).opening.envelope)
        if newest is None or answers.about != Mark(newest.version, newest.by):
            raise GateError(
                f"the {answers.step} is of another redacted version",
                "look at the newest one",
                key="other_redaction",
                step=answers.step,
            )
        if answers.step is Step.CHECKLIST:
            answers = replace(answers, redaction=newest.digest)
    return _done(case, item, answers.step, answers.to_json())


def code(case: Case, item: str, coding: Coding) -> Mark:
    """Keep the next version of an item's coding.

    Every quote of it lies in the original, and whoever and whatever it names is in the register.
    """
    _, container = case.original(item)
    coding.check_fits(container.answers)
    check_known(register_of(case), coding)
    return _done(case, item, Step.CODE, coding.to_json())


def grade(case: Case, item: str, grades: Grades) -> Mark:
    """Keep the grades of all claims in the newest coding."""
    newest = coding_of(case, item)
    if newest is None or newest.mark != grades.coding:
        raise GateError(
            "the grades are of another coding", "look at the newest one", key="other_coding"
        )
    grades.check_fits(newest.value)
    return _done(case, item, Step.CORROBORATE, grades.to_json())


def redact(case: Case, item: str, redaction: Redaction) -> Mark:
    """Keep the next redacted version of an item."""
    check_may(case, item, Step.REDACT)
    if not has_opened(case, item):
        open_item(case, item, "redaction")
    record_on(case, item, (Kind.REDACT, {}))
    case.add_redaction(item, redaction)
    return Mark(redaction.version, redaction.by)


def leave(case: Case, item: str, seen: Seen) -> Mark:
    """Keep which words of an item were looked at and stay: a part of redacting it."""
    check_not_withdrawn(case, case.entry(item).opening)
    check_testimony(case, item)
    check_may(case, item, Step.REDACT)
    if not has_opened(case, item):
        open_item(case, item, "redaction")
    record_on(case, item, (Kind.REDACT, {}))
    return keep_seen(case, item, seen)


def note_facts(case: Case, item: str, noted: Noted) -> Mark:
    """Keep what no code says of an item: a part of coding it, for whoever read it, and only inside."""
    check_not_withdrawn(case, case.entry(item).opening)
    check_testimony(case, item)
    check_may(case, item, Step.CODE)
    if not has_opened(case, item):
        open_item(case, item)
    record_on(case, item, (Kind.CODE, {}))
    return keep_noted(case, item, noted)


def check_may_ask(case: Case, item: str) -> None:
    """Raise `GateError` where the panel uses the step and it is not this person's, or was done before.

    To ask back is for the second reader, and once: each message is a risk for whoever reads it.
    """
    if Step.MESSAGE not in panel_of(case).steps:
        return
    check_may(case, item, Step.MESSAGE)
    if case.marks(item, "reply"):
        raise GateError(
            "it was asked back once already",
            "the panel allows one message an item",
            key="asked_once",
        )


def message(case: Case, item: str) -> None:
    """Put into the ledger that a message is written to the code of an item."""
    if not has_opened(case, item):
        open_item(case, item, "message")
    record_on(case, item, (Kind.MESSAGE, {}))


def check_may(case: Case, item: str, step: Step) -> None:
    """Raise `GateError` unless this reviewer may do a step on an item now."""
    check_step(Progress.of(case, item), panel_of(case), step, case.by)


def _done(case: Case, item: str, step: Step, value: object) -> Mark:
    check_not_withdrawn(case, case.entry(item).opening)
    check_testimony(case, item)
    # (1)
    check_may(case, item, step)
    if not has_opened(case, item):
        raise GateError(
            "you have not opened this item here", "read it: `intake review show`", key="not_opened"
        )
    # (2)
    acts = ((kind, {"subject": subject} if subject else {}) for kind, subject in _ACTS[step])
    record_on(case, item, *acts)
    # (3)
    return case.journal(item).add(RECORDS[step], value)


def has_opened(case: Case, item: str) -> bool:
    """Whether this reviewer opened an item on this machine, as its ledger says."""
    name = ledger_item(case, item)
    path = ledger_path(case.folder, machine_of(case.folder))
    return f" {case.by} open item={name} ".encode() in path.read_bytes()


def _was_opened(case: Case, item: str, how: str) -> bool:
    """Whether anybody opened an item so, as far as the ledgers here know."""
    wanted = f" open item={ledger_item(case, item)} {how}".encode()
    return any(wanted in path.read_bytes() for path in case.folder.glob("ledgers/*.ledger"))


def config(case: Case, panel: Panel) -> None:
    """Put into the ledger and the case that the panel settled something anew."""
    record(case, (Kind.CONFIG, {"hash": panel.digest}))
    keep_panel(case, panel)
