"""What a reviewer has begun on a step of an item and not saved yet, sealed to the item's key.

A draft is nobody's word: it is neither signed nor in the ledger, it never leaves this copy of the case,
and it goes with the item. Layout: docs/format.md 12.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar, cast

from intake.errors import IntakeError, MalformedError, ProofError, StoreError
from intake.review.case import Case

PREFIX: Final = "draft-"
_STEP: Final = re.compile(r"[a-z]{1,20}", re.ASCII)
_ASIDE_MOST: Final = 99  # drafts of one step that could not be read, kept beside it

T = TypeVar("T")


def keep(case: Case, item: str, step: str, value: object) -> None:
    """Keep this reviewer's draft of a step in the place of the one before it, if any.

    `value` is anything that canonical JSON holds. Once this returns, it is on the disk.
    """
    case.files.seal_record(item, _name(case, step), {"draft": step, "by": case.by, "value": value})


def read(case: Case, item: str, step: str) -> object | None:
    """This reviewer's draft of a step, or None.

    Raises `StoreError` where the item's key is gone, `ProofError` or `MalformedError` where the file is
    not what `keep` wrote: `drop` is the way out.
    """
    name = _name(case, step)
    if not case.files.path(item, name).exists():
        return None
    row = case.files.record(item, name)
    value = cast("dict[str, object]", row).get("value") if isinstance(row, dict) else None
    # Bound to its name: one that was renamed, or lies here for somebody else, is noticed.
    if row != {"draft": step, "by": case.by, "value": value}:
        raise ProofError(
            f"the draft of {step} on item {item} belongs to something else",
            "somebody changed the folder: drop the draft and begin again",
        )
    return value


def drop(case: Case, item: str, step: str) -> None:
    """Let go of a draft: it was saved as what it became, or is not wanted; nothing where none is."""
    case.files.path(item, _name(case, step)).unlink(missing_ok=True)


def taken_up(case: Case, item: str, step: str, shaped: Callable[[object], T]) -> T | None:
    """The draft as `shaped` makes it of the value that was kept; None where there is none.

    One that cannot be read keeps nobody from the step, and is not lost either: it is set aside first,
    under a name that no later draft takes the place of.
    """
    try:
        kept = read(case, item, step)
        return None if kept is None else shaped(kept)
    except StoreError:
        return None  # the item's key is gone, and all else with it
    except IntakeError:
        _set_aside(case, item, step)
        return None


def _set_aside(case: Case, item: str, step: str) -> None:
    name = _name(case, step)
    for number in range(1, _ASIDE_MOST + 1):
        try:
            # Never in the place of another one: a link is refused where there is something.
            case.files.path(item, f"{name}.damaged-{number}").hardlink_to(
                case.files.path(item, name)
            )
        except FileExistsError:
            continue
        case.files.path(item, name).unlink()
        return
    raise StoreError(f"{_ASIDE_MOST} drafts of one step cannot be read", "look after the disk")


def aside(case: Case, item: str, step: str) -> list[Path]:
    """The files of this reviewer's drafts of a step that could not be read, oldest first."""
    name = _name(case, step)
    paths = (case.files.path(item, f"{name}.damaged-{n}") for n in range(1, _ASIDE_MOST + 1))
    return [path for path in paths if path.exists()]


def forget_aside(case: Case, item: str, step: str) -> None:
    """Remove those files: the reviewer does not want them."""
    for path in aside(case, item, step):
        path.unlink()


def is_draft(file_name: str) -> bool:
    """Whether a file of an item is somebody's draft, which no stick may carry."""
    return file_name.startswith(PREFIX)


def _name(case: Case, step: str) -> str:
    if not _STEP.fullmatch(step):
        raise MalformedError("a draft is of a step")
    return f"{PREFIX}{step}-{case.by}"
