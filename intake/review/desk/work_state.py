"""How far an item is, for its page and for the list: what is done, what is whose, and what waits for what.

Whether somebody may do a step is for the gates alone to say; here it is only put into words.
"""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from intake.errors import GateError
from intake.review import gates
from intake.review.case import Case
from intake.review.journal import Mark, mark_in
from intake.review.panel import Panel
from intake.review.progress import RECORDS, Progress, by_two
from intake.review.steps import RULES, On, Step, Who, needs

if TYPE_CHECKING:
    from collections.abc import Mapping

ITEM_STEPS: Final = tuple(
    step for step, rule in RULES.items() if rule.on is On.ITEM and step is not Step.OPEN
)
_STEP_OF: Final = {name: step for step, name in RECORDS.items()}


class State(StrEnum):
    """How a step of an item stands, for one reviewer."""

    DONE = "done"
    MINE = "mine"
    THEIRS = "theirs"
    WAITS = "waits"
    UNUSED = "unused"


@dataclass(frozen=True)
class Stand:
    """One step: `by` did it, `missing` is what it waits for, `again` whether this reviewer may do it now."""

    step: Step
    state: State
    by: str = ""
    missing: tuple[Step, ...] = ()
    again: bool = False

    @property
    def who(self) -> Who:
        """Whose it is."""
        return RULES[self.step].who


def stand_of(progress: Progress, panel: Panel, step: Step, by: str) -> Stand:
    """How one step stands for this reviewer."""
    missing = tuple(one for one in needs(step, panel.steps) if one not in progress.done)
    try:
        gates.check_step(progress, panel, step, by)
    except GateError:
        may = False
    else:
        may = True
    done = progress.done.get(step)
    if done is not None:
        return Stand(step, State.DONE, done.by, missing, may)
    if step not in panel.steps:
        return Stand(step, State.UNUSED, "", missing, may)
    if may:
        return Stand(step, State.MINE, again=True)
    return Stand(step, State.WAITS if missing else State.THEIRS, "", missing)


def stands(progress: Progress, panel: Panel, by: str) -> list[Stand]:
    """Every step on an item, in order."""
    return [stand_of(progress, panel, step, by) for step in ITEM_STEPS]


def with_replies(case: Case, item: str, progress: Progress) -> Progress:
    """The same with the message that was written to the item's code, whose record is the reply itself."""
    replies = case.marks(item, "reply")
    return Progress({**progress.done, Step.MESSAGE: replies[-1]}) if replies else progress


def is_blind(case: Case, item: str, panel: Panel) -> bool:
    """Whether this reviewer has yet to write down what they read, before anything of others is shown.

    Nobody's eye is led by a note, a grade or a similar case that came first (domain, step 8).
    """
    if not {Step.READ, Step.SECOND} & panel.steps:
        return False
    marks = (*case.marks(item, RECORDS[Step.READ]), *case.marks(item, RECORDS[Step.SECOND]))
    return all(mark.by != case.by for mark in marks)


# For the list: ten thousand items, of which no record is opened


@dataclass(frozen=True)
class Next:
    """What the names of an item's files say: its state (V17), and what is this reviewer's to do.

    Signatures are looked at where something is done, not here: a list proposes and lets nothing out.
    """

    state: str = ""
    mine: str = ""
    first: str = ""
    second_wanted: bool = False


NOTHING: Final = Next()
"""Of an item of which nothing can be said."""


def next_of(folder: Path, panel: Panel, by: str) -> Next:
    """What the files in an item's folder say."""
    progress = Progress(by_two(_marks(folder)))
    of_item = [
        stand_of(progress, panel, step, by)
        for step in ITEM_STEPS
        if not RULES[step].optional and step is not Step.RETAIN
    ]
    mine = next((one.step.value for one in of_item if one.state is State.MINE), "")
    second_wanted = any(
        one.step is Step.SECOND and one.state in {State.MINE, State.THEIRS} for one in of_item
    )
    return Next(_state(progress, panel), mine, progress.first, second_wanted)


def _marks(folder: Path) -> dict[Step, Mark]:
    found = dict[Step, Mark]()
    for entry in os.scandir(folder):
        match = mark_in(entry.name)
        if match is not None:
            step = _STEP_OF.get(match[0])
            if step is not None:
                found[step] = max(match[1], found.get(step, match[1]))
    found[Step.OPEN] = found[Step.IMPORT] = Mark(0, "")
    return found


def _state(progress: Progress, panel: Panel) -> str:
    done: Mapping[Step, Mark] = progress.done
    if Step.EXPORT in done:
        return "state.exported"
    if all(one in done for one in needs(Step.BUILD, panel.steps)):
        return "state.ready"
    for step, state in ((Step.SECOND, "read2"), (Step.CODE, "coded"), (Step.READ, "read1")):
        if step in done:
            return f"state.{state}"
    return "state.decrypted"
