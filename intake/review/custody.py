"""The way of a stick before its bundle is imported: who collected it, whose hands it went through.

A panel that uses these steps imports nothing of which they are not recorded: docs/decisions/0014.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from intake import shape
from intake.completeness import Checked
from intake.epoch import Epoch
from intake.errors import GateError, MalformedError
from intake.ledger.act import Kind
from intake.review.acting import record
from intake.review.case import Case
from intake.review.gates import SAID
from intake.review.panel import panel_of
from intake.review.steps import Step, needs

if TYPE_CHECKING:
    from intake.review.journal import Recorded


@dataclass(frozen=True)
class Collected:
    """That the bundle on a numbered stick was collected when the site's log had this checkpoint."""

    stick: int
    size: int
    root: str
    count: int

    @property
    def fields(self) -> dict[str, str]:
        """As the ledger has it."""
        numbers = {"stick": str(self.stick), "size": str(self.size), "count": str(self.count)}
        return numbers | {"root": self.root}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the fields of a record; raises `MalformedError`."""
        row = {name: shape.text(text) for name, text in shape.mapping(value).items()}
        try:
            return cls(int(row["stick"]), int(row["size"]), row["root"], int(row["count"]))
        except (KeyError, ValueError):
            raise MalformedError("a record of a stick has another shape") from None


def keep(case: Case, step: Step, **fields: str) -> None:
    """Put an act on a stick or the machine into the ledger and the case; the ledger checks its fields."""
    kind = {Step.COLLECT: Kind.COLLECT, Step.HANDOVER: Kind.HANDOVER, Step.SESSION: Kind.SESSION}[
        step
    ]
    record(case, (kind, fields))
    case.files.of_case().add(step.value, {"week": str(Epoch.now()), **fields})


def check_stick(case: Case, checked: Checked) -> None:
    """Raise `GateError` unless the panel's steps before an import were recorded for this bundle.

    1. a collection at the checkpoint that the bundle has; 2. a handover of that stick; 3. that this
    reviewer checked this machine this week.
    """
    wanted = needs(Step.IMPORT, panel_of(case).steps)
    missing = [step for step in wanted if not _is_done(case, step, checked)]
    if missing:
        raise GateError(
            f"import is out of order: {', '.join(SAID[step] for step in missing)}",
            f"what comes first: {', '.join(missing)}; see `intake review custody --help`",
            key="order",
            step=Step.IMPORT,
            missing=missing,
        )


def _is_done(case: Case, step: Step, checked: Checked) -> bool:
    records = case.files.of_case().all(step.value)
    if step is Step.SESSION:
        return any(
            one.mark.by == case.by and shape.mapping(one.value)["week"] == str(Epoch.now())
            for one in records
        )
    sticks = {
        one.stick
        for one in _collected(case)
        if (one.size, one.root) == (checked.size, checked.root.hex())
    }
    if step is Step.COLLECT:
        return bool(sticks)
    return any(int(shape.mapping(one.value)["stick"]) in sticks for one in records)


def _collected(case: Case) -> list[Collected]:
    found: list[Recorded[object]] = case.files.of_case().all(Step.COLLECT.value)
    return [Collected.from_json(one.value) for one in found]
