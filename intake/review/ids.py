"""How an item is named in a case: by the beginning of the SHA-256 of the object that came."""

import re
from hashlib import sha256
from typing import Final

from intake.errors import IntakeError, MalformedError
from intake.review.case_files import CaseFiles
from intake.review.record import Entry

ID_LENGTH: Final = 12  # hex characters of the envelope; more only where two would be alike

_HEX: Final = re.compile(r"[0-9a-f]{1,64}", re.ASCII)


class Ids:
    """The ids of one case's items."""

    def __init__(self, files: CaseFiles) -> None:
        self._files = files

    def find(self, prefix: str) -> str:
        """The id that begins with `prefix`; raises `MalformedError` unless there is just one."""
        wanted = prefix.lower()
        ids = [item for item in self._files.items() if item.startswith(wanted)]
        if wanted in ids:
            return wanted
        if not _HEX.fullmatch(wanted) or not ids:
            raise MalformedError("no such item", "see `intake review list`", key="no_such_id")
        if len(ids) > 1:
            raise MalformedError(
                f"{len(ids)} items begin so",
                "give more of the id",
                key="several_begin_so",
                count=len(ids),
            )
        return ids[0]

    def of(self, digest: bytes) -> str:
        """The id of the object with this SHA-256, whether it is in the case or not.

        Twelve characters: whoever searches for two objects that share them gains a longer id.
        """
        digits = digest.hex()
        for length in range(ID_LENGTH, len(digits), 4):
            item = digits[:length]
            if not self.has(item) or self._digest(item) in (None, digest):
                return item
        return digits

    def has(self, item: str) -> bool:
        """Whether an import recorded this item."""
        return self._files.path(item, "entry").exists()

    def entry(self, item: str) -> Entry:
        """What the import found out about an item."""
        return Entry.from_json(self._files.record(item, "entry"))

    def digest_of_original(self, item: str) -> bytes:
        """The SHA-256 of the object that lies there as layer A, empty where none can be opened."""
        try:
            return sha256(self._files.open(item, "original")).digest()
        except IntakeError:
            return b""

    def _digest(self, item: str) -> bytes | None:
        """The SHA-256 of the object that arrived, or None where nothing here can say it any more.

        Where the record is damaged, the object beside it says whose it was, if it is whole.
        """
        try:
            return self.entry(item).digest
        except IntakeError:
            digest = self.digest_of_original(item)
            return digest if digest.hex().startswith(item) else None
