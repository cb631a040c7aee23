"""What becomes of an object that came, before anything of it is written: it is opened, and sealed for the case.

It asks nothing of what lies in the case, so that other processes can do it beforehand: see `ahead`.
"""

from dataclasses import dataclass, field
from hashlib import sha256

from intake.container import Kind
from intake.errors import RosterError
from intake.opening import Opening
from intake.review.case import Case
from intake.review.case_files import NewItem
from intake.review.record import Entry, Summary, Verdict
from intake.review.thread import mark_of
from intake.review.unseal import RefusedError, unseal_object
from intake.shelf import Shelf


@dataclass(frozen=True)
class Arrived:
    """An object that could be opened and fits: what the case keeps of it, or nothing of a decoy.

    `files` are its sealed files, where they are made already.
    """

    entry: Entry | None
    files: NewItem | None = field(default=None, repr=False)

    @property
    def decoy(self) -> bool:
        """Whether there is nothing to keep of it."""
        return self.entry is None


def arrive(case: Case, shelf: Shelf, opening: Opening, sealed: bytes) -> Arrived:
    """Open an object once, after all checks; raises `RefusedError` where one does not hold."""
    note = shelf.signed.get(opening.roster)
    if note is None:
        missing = "its roster is not in the bundle, or not signed by the roots of this case"
        raise RefusedError(Verdict.FOREIGN, RosterError(missing))
    container = unseal_object(sealed, opening, note.roster, case.identities)
    if container.kind is Kind.DECOY:
        return Arrived(None)
    digest, summary = sha256(sealed).digest(), Summary.of(container)
    return Arrived(Entry(digest, opening, Verdict.NEW, "", summary, mark_of(container)))


def arrive_with_files(case: Case, shelf: Shelf, opening: Opening, sealed: bytes) -> Arrived:
    """The same, with the files of an item that is new to the case."""
    arrived = arrive(case, shelf, opening, sealed)
    if arrived.entry is None:
        return arrived
    return Arrived(arrived.entry, case.files.of_new(sealed, arrived.entry.to_json()))
