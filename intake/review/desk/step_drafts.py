"""What is typed into a form of a step, as a draft of this reviewer: see `intake.review.drafts`."""

from collections.abc import Mapping
from typing import Final

from intake import shape
from intake.errors import MalformedError
from intake.review import drafts
from intake.review.case import Case

LIMIT: Final = 1_000_000  # characters of a draft: more than any step may be answered with


def keep_draft(case: Case, item: str, step: str, given: Mapping[str, str]) -> None:
    """Keep what was typed so far; once it returns, it is on the disk. `MalformedError` for too much."""
    if sum(map(len, given.values())) > LIMIT:
        raise MalformedError(f"a draft has at most {LIMIT:,} characters")
    drafts.keep(case, item, step, dict(given))


def draft_of(case: Case, item: str, step: str) -> dict[str, str] | None:
    """What this reviewer had typed when they left the form, or None; one that is damaged is set aside."""
    return drafts.taken_up(case, item, step, _typed)


def _typed(kept: object) -> dict[str, str]:
    return {name: shape.text(text) for name, text in shape.mapping(kept).items()}


def drop_draft(case: Case, item: str, step: str) -> None:
    """Let go of it: the step is done, or the reviewer does not want it."""
    drafts.drop(case, item, step)
