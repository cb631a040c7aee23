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
    """An object that could be opened and fits: its entry and its sealed files; neither of a decoy."""

    entry: Entry | None
    files: NewItem | None = field(default=None, repr=False)


def arrive(case: Case, shelf: Shelf, opening: Opening, sealed: bytes) -> Arrived:
    """Open an object once, after all checks, and make the files that it has in the case if it is new there.

    Raises `RefusedError` where a check does not hold.
    """
    note = shelf.signed.get(opening.roster)
    if note is None:
        missing = "its roster is not in the bundle, or not signed by the roots of this case"
        raise RefusedError(Verdict.FOREIGN, RosterError(missing))
    container = unseal_object(sealed, opening, note.roster, case.identities)
    if container.kind is Kind.DECOY:
        return Arrived(None)
    digest, summary = sha256(sealed).digest(), Summary.of(container)
    entry = Entry(digest, opening, Verdict.NEW, "", summary, mark_of(container))
    return Arrived(entry, case.files.of_new(sealed, entry.to_json()))
