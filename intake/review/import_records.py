"""What each import into a case found, in numbers, signed by whoever made it (docs/format.md 12)."""

from intake.errors import ProofError, RosterError
from intake.review.case import Case
from intake.review.imported import Imported

IMPORT = "import"


def add_import(case: Case, imported: Imported) -> None:
    """Keep the record of an import, after those that are there.

    Raises `RosterError` for whoever has no key that the roster names for the reviewer who made it.
    """
    if imported.by != case.by:
        raise RosterError("the import is not signed by the reviewer who made it")
    case.files.of_case().add(IMPORT, imported.to_bytes().decode())


def imports_of(case: Case) -> list[Imported]:
    """The record of every import, oldest first; `ProofError` where one is not signed."""
    found: list[Imported] = []
    for recorded in case.files.of_case().all(IMPORT):
        imported = Imported.parse(str(recorded.value).encode())
        if imported.by != recorded.mark.by:
            raise ProofError("the record of an import is not signed by whoever it names")
        found.append(imported)
    return found
