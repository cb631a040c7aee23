"""What reviewers wrote for an output, its plan, which may tell in other words what its items told.

The records of an output outlive its items, and have the plan's hash alone. The plan itself is a record that
opens while every item of the output is here, and goes with the first that is erased or withdrawn.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from intake import shape
from intake.errors import ProofError, StoreError
from intake.review.case import Case

PLAN: Final = "plan"
"""The detail of an output that holds words, and the name of the records that have it."""


def kept(name: str, value: str) -> str:
    """A detail as the records of an output have it."""
    return f"sha256:{sha256(value.encode()).hexdigest()}" if name == PLAN else value


def keep_plan(case: Case, digest: bytes, items: Sequence[str], text: str) -> None:
    """Keep the plan of a file, once."""
    words = case.files.words_of_output(digest, items)
    if not words.marks(PLAN):
        words.add(PLAN, text)


def plan_of(case: Case, digest: bytes, items: Sequence[str], known: str) -> str | None:
    """The plan with this hash; None where an item of the file is gone, and the plan with it."""
    try:
        if any(case.entry(item).gone for item in items):
            return None
        newest = case.files.words_of_output(digest, items).newest(PLAN)
    except StoreError:
        return None  # a key is missing: whoever builds it is told which
    if newest is None:
        return None
    text = shape.text(newest.value)
    if kept(PLAN, text) != known:
        raise ProofError("the plan of an output is not the one that was signed")
    return text
