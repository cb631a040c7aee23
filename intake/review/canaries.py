"""Which items of a case are the auditor's test testimonies, and which of those never came.

It opens an item only where the auditor's list names it, and only to compare its text with a hash.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from intake.age import encrypt_bytes
from intake.canaries import CanaryAnswer, CanaryList, Mark
from intake.epoch import Epoch
from intake.errors import ConsentError, IntakeError, ProofError, RosterError, StoreError
from intake.opening import Opening
from intake.review.case import Case
from intake.review.folder import write
from intake.review.import_records import imports_of
from intake.review.record import Entry, pack
from intake.review.unseal import unseal_record

WAIT: Final = dt.timedelta(days=14)  # after a week's end its items may leave without a list
_TEXT: Final = "narrative"


@dataclass(frozen=True)
class Canaries:
    """The lists in a case, by epoch."""

    lists: Mapping[Epoch, CanaryList]

    @classmethod
    def of(cls, case: Case) -> Self:
        """Read them; raises where one cannot be read."""
        lists: dict[Epoch, CanaryList] = {}
        for path in case.folder.glob("canaries/*.age"):
            text = str(unseal_record(path.read_bytes(), case.identities))
            found = CanaryList.parse(text.encode())
            if path != _path(case, found.epoch):
                raise StoreError("a list of canaries stands under another week's name")
            lists[found.epoch] = found
        return cls(lists)

    @cached_property
    def marks(self) -> Mapping[bytes, Mark]:
        """Every canary by what stands in its opening."""
        return {mark.commit: mark for one in self.lists.values() for mark in one.marks}

    def holds(self, case: Case, item: str, entry: Entry) -> bool:
        """Whether an item is a canary: its opening names one, and its text is the auditor's.

        The opening alone is not enough: a server that seals for others can give a testimony the
        secrets of a canary, so that it would be passed over as one.
        """
        mark = self.marks.get(entry.opening.withdraw_commit)
        if mark is None or not entry.readable:
            return False
        _, container = case.original(item)
        return sha256(container.answers.get(_TEXT, "").encode()).digest() == mark.text


@dataclass(frozen=True)
class Search:
    """What a search for the canaries of a list found.

    `items` are the canaries. `other` are items with the secrets of a canary and another text,
    `unread` those that could not be opened; both are missing, unless they are there as well.
    """

    answer: CanaryAnswer
    items: tuple[str, ...]
    other: tuple[str, ...]
    unread: tuple[str, ...]


def search(case: Case, canaries: CanaryList, by: str) -> Search:
    """Look for every canary of a list among all items; `by` is the reviewer who answers.

    Raises `RosterError` for a list of another deployment, and `StoreError` where one is missing
    that no bundle so far can have brought.
    """
    if canaries.deployment != case.roster.deployment:
        raise RosterError(
            f"the list is of deployment {canaries.deployment}, and the case of"
            f" {case.roster.deployment}"
        )
    known = Canaries({canaries.epoch: canaries})
    found, items, other, unread = set[bytes](), list[str](), list[str](), list[str]()
    for item, entry in _entries(case):
        if entry.opening.withdraw_commit not in known.marks:
            continue
        try:
            mine = known.holds(case, item, entry)
        except IntakeError:
            mine = False
            unread.append(item)
        else:
            (items if mine else other if entry.readable else unread).append(item)
        if mine:
            found.add(entry.opening.withdraw_commit)
    answer = CanaryAnswer.to(canaries, frozenset(found), by)
    if answer.missing and not any(one.epoch > canaries.epoch for one in imports_of(case)):
        raise StoreError(
            f"no bundle that was collected after {canaries.epoch} is in this case",
            "a canary is missing, and may be in the next one: import that first",
        )
    return Search(answer, tuple(items), tuple(other), tuple(unread))


def _entries(case: Case) -> Iterator[tuple[str, Entry]]:
    """Every item with its record; one whose record is damaged is an alarm of `list`."""
    for item in case.items():
        try:
            yield item, case.entry(item)
        except IntakeError:
            continue


def keep_list(case: Case, canaries: CanaryList) -> None:
    """Keep a list in the case, sealed; raises `ProofError` where another of its week is there."""
    known = Canaries.of(case).lists.get(canaries.epoch)
    if known is not None and known != canaries:
        raise ProofError(
            f"another list of {canaries.epoch} is in this case",
            f"ask the auditor which is theirs; the digits of that one are {known.digits}",
        )
    if known is not None:
        return
    path = _path(case, canaries.epoch)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    text = canaries.to_bytes().decode()
    write(path, encrypt_bytes(pack(text), case.roster.recipients))


def check_testimony(case: Case, item: str) -> None:
    """Raise `ConsentError` for a canary: it is redacted and counted nowhere, and never leaves."""
    if Canaries.of(case).holds(case, item, case.entry(item)):
        raise ConsentError(
            "this item is a canary: a test by the auditor",
            "it is no testimony; leave it as it is",
            key="canary",
        )


def check_revealed(case: Case, opening: Opening, now: dt.datetime) -> None:
    """Raise `ProofError` while nobody here can know whether an item is a canary.

    From 14 days after its week on, an auditor who says nothing holds nobody up.
    """
    epoch, until = opening.epoch, opening.epoch.end + WAIT
    if now < until and epoch not in Canaries.of(case).lists:
        raise ProofError(
            f"the auditor's list of canaries of {epoch} is not in this case",
            f"ask for it: `intake review canaries`; without it, wait until {until:%Y-%m-%d}",
        )


def _path(case: Case, epoch: Epoch) -> Path:
    return case.folder / "canaries" / f"{epoch}.age"
