"""The files of a case folder: where each lies, and that each is sealed to the reviewers.

It knows their names and nothing of what they mean. Layout: docs/format.md 12.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from intake.age import HybridIdentity, HybridRecipient, encrypt_bytes
from intake.errors import StoreError
from intake.review.folder import write
from intake.review.record import pack
from intake.review.unseal import unseal_record

TITLE = "testimony-intake/case/v1"

_ROSTER = re.compile(r"roster (sha256:[0-9a-f]{64})", re.ASCII)


class CaseFiles:
    """The sealed files of one case; a name is given without its `.age`."""

    def __init__(
        self,
        folder: Path,
        recipients: Sequence[HybridRecipient],
        identities: Sequence[HybridIdentity],
    ) -> None:
        self._folder = folder
        self._recipients = recipients
        self._identities = identities

    def path(self, item: str, name: str) -> Path:
        """Where a file of an item lies."""
        return self._folder / "items" / item / f"{name}.age"

    def items(self) -> list[str]:
        """Every item that has an entry, sorted."""
        return sorted(path.parent.name for path in self._folder.glob("items/*/entry.age"))

    def make_room(self, item: str) -> None:
        """Make an item's folder, if it is not there."""
        (self._folder / "items" / item).mkdir(mode=0o700, exist_ok=True)

    def count(self, item: str, name: str) -> int:
        """How many numbered files of this name an item has."""
        return sum(1 for _ in self.path(item, name).parent.glob(f"{name}-????.age"))

    def seal(self, item: str, name: str, content: bytes) -> None:
        """Write these bytes, sealed to every reviewer of the case."""
        write(self.path(item, name), encrypt_bytes(content, self._recipients))

    def seal_record(self, item: str, name: str, value: object) -> None:
        """Write a record."""
        self.seal(item, name, pack(value))

    def record(self, item: str, name: str) -> object:
        """Read a record; raises `StoreError` where it is missing."""
        return unseal_record(self.read(item, name), self._identities)

    def read(self, item: str, name: str) -> bytes:
        """The bytes of a file as it lies there; raises `StoreError` where it is missing."""
        try:
            return self.path(item, name).read_bytes()
        except FileNotFoundError:
            raise StoreError(
                f"{name}.age of item {item} is missing in this folder",
                "restore it from a copy; an original also comes back from its bundle: import that again",
            ) from None


def made_with(folder: Path) -> str:
    """The digest of the roster with which a case was made; `StoreError` where it is no case."""
    # Any byte but ASCII becomes a character that no row has.
    rows = (folder / "case").read_text(encoding="ascii", errors="replace").split("\n")
    match = _ROSTER.fullmatch(rows[1]) if len(rows) == 3 else None
    if match is None or rows[0] != TITLE or rows[2] != "":
        raise StoreError("not a case, or one of a newer version", "open it with a newer intake")
    return match[1]


def roster_path(folder: Path, digest: str) -> Path:
    """Where the note of a roster lies."""
    return folder / "rosters" / f"{digest.removeprefix('sha256:')}.note"
