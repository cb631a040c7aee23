"""How long an item is kept, and how it is let go of when its time is over: docs/format.md 12.

What is due is a proposal to people; nothing here erases by itself. An erased item stays as a record
without a word, and goes from every copy of the case at its next sync.
"""

from dataclasses import dataclass
from typing import Final

from intake import shape
from intake.container import Level
from intake.epoch import Epoch
from intake.errors import ConsentError, GateError, IntakeError
from intake.ledger.act import Kind
from intake.review.acting import record_on
from intake.review.case import Case
from intake.review.destroying import Destroyed, destroy
from intake.review.gathering import thread_of
from intake.review.progress import answers_of
from intake.review.record import Verdict
from intake.review.standing import standing_of
from intake.review.steps import Step

OUT_OF_SCOPE_WEEKS: Final = 5  # 30 days, for what is outside the scope, hostile or a test
INTERNAL_WEEKS: Final = 104  # 24 months, for what may only be read and kept
REVIEW_WEEKS: Final = (
    52  # 12 months, for what a mechanism or a court may need: then it is looked at again
)
_OUT_OF_SCOPE: Final = frozenset({"t.5", "t.6"})
_FOR_OTHERS: Final = (Level.INVESTIGATORS, Level.COURTS, Level.PUBLISH)


@dataclass(frozen=True)
class Kept:
    """Until the end of which week an item is kept, and why; `review` where it is then looked at again.

    `rule` names what `why` says, for whoever says it in another language; `by` who set another week.
    """

    item: str
    until: Epoch
    why: str
    rule: str
    by: str = ""
    review: bool = False

    def due(self, now: Epoch) -> bool:
        """Whether its time is over."""
        return self.until < now


def kept_until(case: Case, item: str) -> Kept:
    """What holds for an item: the newest word of a reviewer, else the rule for its like."""
    newest = case.journal(item).newest(Step.RETAIN.value)
    if newest is not None:
        row = shape.mapping(newest.value)
        until, by = Epoch.parse(shape.text(row["until"])), newest.mark.by
        return Kept(item, until, f"set by {by}", "set", by)
    taken = case.entry(item).opening.epoch
    triaged = answers_of(case, item, Step.TRIAGE)
    if triaged and triaged[-1].value.given["triage"] in _OUT_OF_SCOPE:
        until, why = _after(taken, OUT_OF_SCOPE_WEEKS), "outside the scope, hostile or a test"
        return Kept(item, until, why, "scope")
    thread = thread_of(case, item, standing_of(case))
    words = [thread.newest(level) for level in _FOR_OTHERS]
    if any(word is not None and word.agreed for word in words):
        until, why = _after(taken, REVIEW_WEEKS), "others may need it: look again"
        return Kept(item, until, why, "others", review=True)
    until, why = _after(taken, INTERNAL_WEEKS), "for the team alone: ask by message, or erase"
    return Kept(item, until, why, "team")


def due(case: Case, now: Epoch) -> tuple[list[Kept], list[str]]:
    """Every item whose time is over, oldest first, and those of which nobody can say."""
    found, unread = list[Kept](), list[str]()
    for item in case.items():
        try:
            if not case.entry(item).gone:
                kept = kept_until(case, item)
                if kept.due(now):
                    found.append(kept)
        except IntakeError:
            unread.append(item)
    return sorted(found, key=lambda one: (one.until, one.item)), unread


def keep_until(case: Case, item: str, until: Epoch) -> None:
    """Say anew until the end of which week an item is kept."""
    record_on(case, item, (Kind.RETAIN, {"until": str(until)}))
    case.journal(item).add(Step.RETAIN.value, {"until": str(until)})


def erase(case: Case, item: str, now: Epoch) -> Destroyed:
    """Erase an item whose time is over: its key, then its files; its record stays, without a word.

    Raises `GateError` where its time is not over: whoever wants it gone sooner says so first, with
    `keep_until`, which the ledger shows.
    """
    if case.entry(item).gone:
        raise ConsentError(
            "nothing of this item is left",
            "its record stays, so that it is not lost silently",
            key="gone",
        )
    kept = kept_until(case, item)
    if not kept.due(now):
        raise GateError(
            f"item {item} is kept until {kept.until}: {kept.why}",
            "say another week first: `intake review retain ITEM --until WEEK`",
            key="kept_until",
            item=item,
            week=kept.until,
        )
    record_on(case, item, (Kind.ERASE, {}))
    return destroy(case, item, Verdict.ERASED)


def _after(epoch: Epoch, weeks: int) -> Epoch:
    for _ in range(weeks):
        epoch = epoch.next
    return epoch
