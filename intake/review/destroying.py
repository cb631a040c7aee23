"""Lets go of an item that its author withdrew: its keys first, then its files, then its record.

What lies elsewhere it cannot reach: bundles, copies of the folder, other reviewers' cases until they
import, and what was exported.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from intake.author import REPLIES
from intake.errors import IntakeError
from intake.ledger.act import Kind
from intake.review.acting import record_on
from intake.review.case import EXPORT, Case
from intake.review.gathering import replies_to
from intake.review.record import Verdict
from intake.review.sent import Exported

HEAD: Final = 65_536  # bytes: every age header ends within them, and with it every way to the key
_FORMER: Final = "former"
_KEY: Final = "key"


@dataclass(frozen=True)
class Destroyed:
    """An item that is gone, and what of it had left before and cannot be called back."""

    item: str
    exports: tuple[Exported, ...]
    unread: int  # records of exports that cannot be read

    @property
    def left(self) -> list[str]:
        """A line for each export that cannot be called back."""
        lines = [f"{exported}; it cannot be called back" for exported in self.exports]
        return lines + ["an export whose record is damaged; it cannot be called back"] * self.unread


def destroy_withdrawn(case: Case, withdrawn: frozenset[bytes]) -> Iterator[Destroyed]:
    """Destroy every item of which `withdrawn` has the envelope, and finish what was cut off.

    The case must know of the withdrawals for good before this is called: it may be cut off at any
    moment, and is then done by the next import.
    """
    for item in case.items() if withdrawn else ():
        try:
            entry = case.entry(item)
        except IntakeError:
            continue  # `list` says that it is damaged; an import mends it first
        if entry.opening.envelope in withdrawn and (not entry.gone or _left(case, item)):
            record_on(case, item, (Kind.WITHDRAW, {}))
            yield destroy(case, item, Verdict.WITHDRAWN)


def destroy(case: Case, item: str, verdict: Verdict) -> Destroyed:
    """1. its record becomes that of one that is gone; 2. its key, then what it had and was is destroyed.

    From (1) on no command shows anything of it. The record that was there keeps a name until its
    key is destroyed too: it says how long the item was, and in which language.
    """
    entry = case.entry(item)
    # (1)
    if not entry.gone:
        former = case.files.path(item, _FORMER)
        former.unlink(missing_ok=True)  # a second name of the record that still stands
        former.hardlink_to(case.files.path(item, "entry"))
        used = _used(case, item)
        gone = replace(entry, verdict=verdict, why="", summary=None, used=used)
        case.files.seal_record(item, "entry", gone.to_json())
    # (2)
    for path in _left(case, item):
        _blank(path)
        path.unlink()
    case.files.forget_key(item)
    _sync(case.files.path(item, "entry").parent)
    exports, unread = exports_left(case, item)
    return Destroyed(item, tuple(exports), unread)


def _used(case: Case, item: str) -> int:
    """The first free number of a reply under its code, as far as its own replies tell."""
    try:
        return max((reply.number + 1 for _, reply in replies_to(case, [item])), default=0)
    except IntakeError:
        # One is damaged: it must hold nothing up.
        return min(REPLIES, len(case.marks(item, "reply")))


def _left(case: Case, item: str) -> list[Path]:
    """What is there of an item beside its record and those of its exports; its key comes first."""
    entry, key = case.files.path(item, "entry"), case.files.path(item, _KEY)
    names = sorted(entry.parent.glob("*.age"), key=lambda path: (path != key, path.name))
    return [path for path in names if path != entry and not path.name.startswith(f"{EXPORT}-")]


def _blank(path: Path) -> None:
    """Put zeros where its header is, on the disk itself, so that no key opens its blocks any more.

    On a disk that writes elsewhere than it is told (flash, or a file system that copies on write),
    the old blocks may stay: such a disk must be encrypted.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
    try:
        os.pwrite(descriptor, bytes(min(HEAD, os.fstat(descriptor).st_size)), 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def exports_left(case: Case, item: str) -> tuple[list[Exported], int]:
    """What was exported of an item, and how many records of that cannot be read."""
    found, unread, journal = list[Exported](), 0, case.lasting(item)
    for mark in case.marks(item, EXPORT):
        try:
            found.append(Exported.from_json(journal.read(EXPORT, mark).value))
        except IntakeError:
            unread += 1
    return found, unread
