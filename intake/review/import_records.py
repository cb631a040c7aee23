"""What each import into a case found, in numbers, signed by whoever made it (docs/format.md 12)."""

from pathlib import Path

from intake.age import encrypt_bytes
from intake.errors import ProofError, RosterError
from intake.review.case import Case
from intake.review.folder import write
from intake.review.record import Imported, pack
from intake.review.unseal import unseal_record
from intake.tlog.note import Note, Signer, VerifierKey


def add_import(case: Case, imported: Imported, signer: Signer) -> None:
    """Keep the record of an import, after those that are there.

    Raises `RosterError` where `signer` is not the key that the roster names for this reviewer.
    """
    if imported.by != case.by or signer.vkey != _signer_of(case, case.by):
        raise RosterError("the import is not signed by the reviewer who made it")
    text = imported.to_bytes()
    note = Note(text, (signer.sign(text),)).to_bytes().decode()
    folder = case.folder / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    number = max((int(path.stem) for path in _records(case)), default=0) + 1
    write(folder / f"{number:04d}.age", encrypt_bytes(pack(note), case.roster.recipients))


def imports_of(case: Case) -> list[Imported]:
    """The record of every import, oldest first; `ProofError` where one is not signed."""
    found: list[Imported] = []
    for path in _records(case):
        note = Note.parse(str(unseal_record(path.read_bytes(), case.identities)).encode())
        imported = Imported.parse(note.text)
        if not note.signed_by(_signer_of(case, imported.by)):
            raise ProofError("the record of an import is not signed by whoever it names")
        found.append(imported)
    return found


def _records(case: Case) -> list[Path]:
    """Every record that lies there, by its number."""
    return sorted(case.folder.glob("imports/[0-9][0-9][0-9][0-9].age"))


def _signer_of(case: Case, name: str) -> VerifierKey:
    for reviewer in case.roster.reviewers:
        if reviewer.name == name:
            return reviewer.signer
    raise ProofError("the record of an import names nobody of this case")
