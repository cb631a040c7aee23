"""Makes a case folder: what is public in it, its salt, and this machine's empty ledger."""

from pathlib import Path
from typing import Final

from intake.errors import StoreError
from intake.review.acting import begin
from intake.review.case_files import TITLE, roster_path
from intake.review.folder import write
from intake.roots import RootSet
from intake.roster import SignedRoster

_MADE_FIRST: Final = frozenset(
    {"lock", "roots", "rosters", "items", "salt.age", "machine", "ledgers"}
)


def create(
    folder: Path, roots: RootSet, note: SignedRoster, machine: str = "", salt: bytes = b""
) -> None:
    """Make a new case sealed to the reviewers of `note`, which the caller has verified.

    `machine` is this one's name in the ledgers, a random one where it is empty; `salt` is that of the
    case of which this is a copy, fresh where it is empty. The file `case` is written last: until it
    stands there is no case, and this may be called again. Raises `StoreError` where the folder holds
    anything else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    strangers = {path.name for path in folder.iterdir()} - _MADE_FIRST
    if any(not name.endswith(".part") for name in strangers):
        raise StoreError("the folder is not empty and not a case", "name a new folder")
    folder.chmod(0o700)
    for name in ("rosters", "items"):
        (folder / name).mkdir(mode=0o700, exist_ok=True)
    begin(folder, note.roster, machine, salt)
    write(folder / "roots", roots.to_bytes())
    write(roster_path(folder, note.roster.digest), note.to_bytes())
    write(folder / "case", f"{TITLE}\nroster {note.roster.digest}\n".encode())
