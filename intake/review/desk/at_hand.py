"""An item that a page works on: open in this sitting, its step in order, and a draft of what is in hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from intake.container import Container
from intake.errors import GateError, MalformedError
from intake.opening import Opening
from intake.review import drafts, gates
from intake.review.canaries import check_testimony
from intake.review.case import Case
from intake.review.consent import check_tells
from intake.review.desk.history import History, State
from intake.review.desk.sitting import Desk, Sitting
from intake.review.desk.table import UNREADABLE, Row
from intake.review.standing import check_not_withdrawn
from intake.review.steps import Step

_PURPOSES: Final = {Step.REDACT: "redaction", Step.CORROBORATE: "corroboration"}
"""What an item is opened for at steps that are no reading of it."""


@dataclass(frozen=True)
class AtHand:
    """One item in this sitting, which may be read here and now."""

    sitting: Sitting
    row: Row
    opening: Opening
    container: Container

    @property
    def case(self) -> Case:
        """The case that it is in."""
        return self.sitting.case

    @property
    def item(self) -> str:
        """Its id."""
        return self.row.item

    @classmethod
    def of(cls, desk: Desk, item: str, step: Step) -> "AtHand":
        """Take an item in hand for a step.

        1. it was opened in this sitting; 2. it is nobody's test and was not taken back; 3. the step is in
        order, and this reviewer's; 4. the ledger says what for, before a word is shown. Raises
        `GateError`, `ConsentError` and whatever stops it from being read.
        """
        sitting = desk.sitting
        row = None if sitting is None else sitting.corpus.row(item)
        if sitting is None or row is None or row.state in UNREADABLE:
            raise MalformedError("no such item", "it may not have been read yet", key="no_item")
        # (1)
        if item not in sitting.opened:
            raise GateError(
                "it is not open in this sitting", "open its page and read it first", key="not_open"
            )
        # (2)
        case = sitting.case
        check_not_withdrawn(case, case.entry(item).opening)
        check_testimony(case, item)
        opening, container = case.original(item)
        check_tells(container)
        # (3)
        gates.check_may(case, item, step)
        # (4)
        sitting.open(item, _PURPOSES.get(step, ""))
        return cls(sitting, row, opening, container)

    def history(self, step: str, begin: Callable[[], History]) -> History:
        """The draft of a step, or what `begin` gives; a draft that cannot be read is set aside."""
        kept = drafts.taken_up(self.case, self.item, step, History.from_json)
        return begin() if kept is None else kept

    def aside(self, *steps: str) -> list[tuple[str, str]]:
        """Each draft of these steps that was set aside: the step, and the name of its file."""
        return [
            (step, path.name) for step in steps for path in drafts.aside(self.case, self.item, step)
        ]

    def keep(self, step: str, history: History) -> None:
        """Keep what is in hand; once this returns it outlives the desk."""
        drafts.keep(self.case, self.item, step, history.to_json())

    def drop(self, step: str) -> None:
        """Let go of it."""
        drafts.drop(self.case, self.item, step)


def moved(history: History, how: str) -> History | None:
    """The history after `undo` or `redo`; None for another word."""
    if how == "undo":
        return history.undo()
    return history.redo() if how == "redo" else None


def without(state: State, name: str) -> dict[str, object]:
    """A state without one name."""
    return {one: value for one, value in state.items() if one != name}
