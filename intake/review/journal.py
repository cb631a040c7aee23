"""Signed records that only ever grow in number: each reviewer adds under their own name, none is changed.

Two copies of a folder that grew apart are therefore merged by taking every file of both: no record of
one can be in the way of another's. Format: docs/format.md 12.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Generic, TypeVar

from intake import canonical
from intake.age import HybridIdentity, HybridRecipient, encrypt_bytes
from intake.errors import ProofError, RosterError, StoreError, WrongKeyError
from intake.review.folder import write
from intake.review.record import pack
from intake.review.unseal import unseal_record
from intake.tlog.note import Note, Signer, VerifierKey

TITLE: Final = "testimony-intake/record/v1"
MOST: Final = 9_999  # records of one name
_FILE: Final = re.compile(r"([a-z]+)-([0-9]{4})-([a-z0-9][a-z0-9-]{0,31})\.age", re.ASCII)

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, order=True)
class Mark:
    """Which record it is: later ones are greater; of two that were made apart, that of the greater name."""

    number: int
    by: str

    def __str__(self) -> str:
        return f"{self.number} of {self.by}"


@dataclass(frozen=True)
class Recorded(Generic[T_co]):
    """A record whose signature holds: who made it, and what it says."""

    mark: Mark
    value: T_co = field(repr=False)


@dataclass(frozen=True)
class Pen:
    """With what records are sealed, opened and signed, and whose signatures count.

    `signer` is None for whoever only reads; `signers` are the keys of all reviewers by name.
    """

    recipients: Sequence[HybridRecipient]
    identities: Sequence[HybridIdentity]
    signer: Signer | None
    signers: Mapping[str, VerifierKey]


class Journal:
    """The records in one folder; `subject` says of what, and is signed with each of them."""

    def __init__(self, folder: Path, subject: str, pen: Pen) -> None:
        self._folder = folder
        self._subject = subject
        self._pen = pen

    def marks(self, name: str) -> list[Mark]:
        """Every record of this name, in order, by its file alone."""
        return marks_in(self._folder, name)

    def next(self, name: str) -> int:
        """The number of the next record: greater than all that are here, whoever made them."""
        marks = self.marks(name)
        return marks[-1].number + 1 if marks else 1

    def add(self, name: str, value: object, number: int | None = None) -> Mark:
        """Sign, seal and keep a record; once it returns, it is on the disk.

        `number` is the one that the caller counts on. Raises `RosterError` for whoever has no key to
        sign with, `StoreError` where a record was added meanwhile or there are too many.
        """
        signer = self._pen.signer
        if signer is None:
            raise RosterError(
                "no key offered signs for a reviewer of this case",
                "offer your identity of that time",
            )
        mark = Mark(self.next(name), signer.name)
        if number not in {None, mark.number}:
            raise StoreError("a record was added meanwhile", "look at it and try again")
        if mark.number > MOST:
            raise StoreError(f"more than {MOST:,} records of one kind", "there is no room for it")
        text = self._text(name, mark, value)
        note = Note(text, (signer.sign(text),)).to_bytes().decode()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(self.path(name, mark), encrypt_bytes(pack(note), self._pen.recipients))
        return mark

    def read(self, name: str, mark: Mark) -> Recorded[object]:
        """Read one record; raises `ProofError` where it is not what its reviewer signed."""
        try:
            sealed = self.path(name, mark).read_bytes()
        except FileNotFoundError:
            raise StoreError(
                f"{self.path(name, mark).name} is missing in this folder", "restore it from a copy"
            ) from None
        return self._recorded(name, mark, sealed)

    def take(self, name: str, mark: Mark, sealed: bytes, theirs: Sequence[HybridIdentity]) -> bool:
        """Take a record from another copy, sealed to one of `theirs`; gives whether it is new here.

        Raises `ProofError` where it is not what its reviewer signed, or where another record of the same
        number by the same reviewer is here: they worked on two machines, and one of it would be lost.
        """
        other = Journal(self._folder, self._subject, replace(self._pen, identities=theirs))
        recorded = other._recorded(name, mark, sealed)
        if self.path(name, mark).exists():
            if self.read(name, mark).value != recorded.value:
                raise ProofError(
                    f"record {name} {mark} is there twice, and differs",
                    "one reviewer worked in two copies of the case: settle with them which one holds",
                )
            return False
        note = unseal_record(sealed, theirs)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(self.path(name, mark), encrypt_bytes(pack(note), self._pen.recipients))
        return True

    def _recorded(self, name: str, mark: Mark, sealed: bytes) -> Recorded[object]:
        try:
            note = Note.parse(str(unseal_record(sealed, self._pen.identities)).encode())
        except WrongKeyError:
            raise ProofError(f"record {name} {mark} belongs to something else") from None
        signer = self._pen.signers.get(mark.by)
        if signer is None or not note.signed_by(signer):
            raise ProofError(f"record {name} {mark} is not signed by a reviewer of this case")
        value = canonical.decode(note.text.split(b"\n")[2]) if note.text.count(b"\n") == 3 else None
        # Bound to its place: one that was copied from another item, or renamed, is noticed.
        if self._text(name, mark, value) != note.text:
            raise ProofError(f"record {name} {mark} belongs to something else")
        return Recorded(mark, value)

    def all(self, name: str) -> list[Recorded[object]]:
        """Every record of this name, oldest first; raises where one cannot be read."""
        return [self.read(name, mark) for mark in self.marks(name)]

    def newest(self, name: str) -> Recorded[object] | None:
        """The newest record of this name, or None."""
        marks = self.marks(name)
        return self.read(name, marks[-1]) if marks else None

    def path(self, name: str, mark: Mark) -> Path:
        """Where a record lies."""
        return self._folder / f"{name}-{mark.number:04d}-{mark.by}.age"

    def _text(self, name: str, mark: Mark, value: object) -> bytes:
        place = f"{self._subject} {name} {mark.number} {mark.by}"
        return f"{TITLE}\n{place}\n".encode() + canonical.encode(value) + b"\n"


def marks_in(folder: Path, name: str) -> list[Mark]:
    """Every record of this name in a folder, in order; none is opened for it."""
    found = (_FILE.fullmatch(path.name) for path in folder.glob(f"{name}-*.age"))
    return sorted(Mark(int(m[2]), m[3]) for m in found if m is not None and m[1] == name)


def mark_in(name: str) -> tuple[str, Mark] | None:
    """What the name of a file says that it is: which records, and which of them; None for another."""
    match = _FILE.fullmatch(name)
    return None if match is None else (match[1], Mark(int(match[2]), match[3]))
