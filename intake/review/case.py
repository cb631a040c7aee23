"""A case folder: everything at rest in it is sealed to the reviewers, but what is public anyway.

It never holds a word of testimony in the clear, not for a moment. Layout: docs/format.md 12.
"""

import re
from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Self

from intake.container import Container
from intake.errors import IntakeError, MalformedError, ProofError, RosterError, StoreError
from intake.opening import Opening
from intake.review.case_files import TITLE, CaseFiles, made_with, roster_path
from intake.review.folder import locked, remove_unfinished, write
from intake.review.record import Entry, Exported
from intake.review.redacting import Redaction
from intake.review.shelf import Shelf, name_in
from intake.review.unseal import (
    Identities,
    check_envelope,
    unseal_despite,
    unseal_kept,
    unseal_original,
)
from intake.roots import RootSet
from intake.roster import Roster, SignedRoster

ID_LENGTH = 12  # hex characters of the envelope; more only where two would be alike

_HEX = re.compile(r"[0-9a-f]{1,64}", re.ASCII)


class Case:
    """An open case, as one reviewer with unlocked identities sees it.

    `roster` is the one with which it was made: everything is sealed to its reviewers. `by` is the
    name that this reviewer has there. A `Case` is had from `opened`, which holds its lock.
    """

    def __init__(
        self, folder: Path, roots: RootSet, roster: Roster, identities: Identities
    ) -> None:
        self.folder = folder
        self.roots = roots
        self.roster = roster
        self.identities = identities
        self.by = name_in(roster, identities)
        self._files = CaseFiles(folder, roster.recipients, identities)

    @classmethod
    def create(cls, folder: Path, roots: RootSet, note: SignedRoster) -> None:
        """Make a new case sealed to the reviewers of `note`, which the caller has verified.

        The file `case` is written last: until it stands there is no case, and this may be called
        again. Raises `StoreError` where the folder holds anything else.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        strangers = {path.name for path in folder.iterdir()} - {"lock", "roots", "rosters", "items"}
        if any(not name.endswith(".part") for name in strangers):
            raise StoreError("the folder is not empty and not a case", "name a new folder")
        folder.chmod(0o700)
        for name in ("rosters", "items"):
            (folder / name).mkdir(mode=0o700, exist_ok=True)
        write(folder / "roots", roots.to_bytes())
        write(roster_path(folder, note.roster.digest), note.to_bytes())
        write(folder / "case", f"{TITLE}\nroster {note.roster.digest}\n".encode())

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a whole case stands there."""
        return (folder / "case").exists()

    @classmethod
    @contextmanager
    def opened(
        cls, folder: Path, identities: Identities, *, writing: bool
    ) -> Generator[Self, None, None]:
        """Open a case for as long as the block lasts, alone where `writing`.

        Raises `StoreError` where it is missing, readable by others or in use, and `RosterError`
        where its roster is not signed by its roots or none of the identities is in it.
        """
        if not cls.exists(folder):
            raise StoreError(f"no case in {folder}", "make one with `intake review import`")
        if folder.stat().st_mode & 0o077:
            raise StoreError(f"others may look into {folder}", f"chmod 700 {folder}")
        with locked(folder, alone=writing):
            if writing:
                remove_unfinished(folder, ".*.part", "*/.*.part", "items/*/.*.part")
            roots = RootSet.parse((folder / "roots").read_bytes())
            notes = [path.read_bytes() for path in folder.glob("rosters/*.note")]
            note = Shelf.of(notes, roots).signed.get(made_with(folder))
            if note is None:
                raise RosterError(
                    "the roster of this case is not signed by its roots",
                    "somebody changed the folder: restore it from a copy",
                )
            yield cls(folder, roots, note.roster, identities)

    # Items

    def items(self) -> list[str]:
        """The ids of all items, sorted. One whose import was cut off is not there yet."""
        return self._files.items()

    def find(self, prefix: str) -> str:
        """The id that begins with `prefix`; raises `MalformedError` unless there is just one."""
        wanted = prefix.lower()
        ids = [item for item in self.items() if item.startswith(wanted)]
        if wanted in ids:
            return wanted
        if not _HEX.fullmatch(wanted) or not ids:
            raise MalformedError("no such item", "see `intake review list`")
        if len(ids) > 1:
            raise MalformedError(f"{len(ids)} items begin so", "give more of the id")
        return ids[0]

    def id_of(self, digest: bytes) -> str:
        """The id of the object with this SHA-256, whether it is in the case or not.

        Twelve characters: whoever searches for two objects that share them gains a longer id.
        """
        digits = digest.hex()
        for length in range(ID_LENGTH, len(digits), 4):
            item = digits[:length]
            if not self._has(item) or self._digest(item) in (None, digest):
                return item
        return digits

    def _digest(self, item: str) -> bytes | None:
        """The SHA-256 of the object that arrived, or None where nothing here can say it any more.

        Where the record is damaged, the object beside it says whose it was, if it is whole.
        """
        try:
            return self.entry(item).digest
        except IntakeError:
            original = self._files.path(item, "original")
            digest = sha256(original.read_bytes()).digest() if original.exists() else b""
            return digest if digest.hex().startswith(item) else None

    def _has(self, item: str) -> bool:
        return self._files.path(item, "entry").exists()

    def entry(self, item: str) -> Entry:
        """What the import found out about an item."""
        return Entry.from_json(self._files.record(item, "entry"))

    def known(self, digest: bytes) -> Entry | None:
        """The entry of the object with this SHA-256, or None.

        Raises `IntakeError` where there is one and it cannot be read.
        """
        item = self.id_of(digest)
        return self.entry(item) if self._has(item) else None

    def keep_original(self, sealed: bytes, entry: Entry) -> None:
        """Keep an item that could be opened: its sealed object as it came, for ever unchanged.

        One that is missing, or is no longer what came, is written again.
        """
        check_envelope(sealed, entry.opening)
        item = self._room(entry)
        original = self._files.path(item, "original")
        if not original.exists() or original.read_bytes() != sealed:
            write(original, sealed)
        self._files.seal_record(item, "entry", entry.to_json())
        self._files.path(item, "kept").unlink(missing_ok=True)

    def keep_refused(self, arrived: bytes, entry: Entry) -> None:
        """Keep what could not be opened or was refused, sealed once more.

        Nobody knows what its bytes are: something that only looks sealed would lie here in the
        clear.
        """
        item = self._room(entry)
        self._files.seal(item, "kept", arrived)
        self._files.seal_record(item, "entry", entry.to_json())

    def forget_refused(self, item: str) -> None:
        """Take out what was refused once and is now known to be a decoy, which is no item."""
        if self._has(item) and not self.entry(item).readable:
            self._files.path(item, "entry").unlink()
            self._files.path(item, "kept").unlink(missing_ok=True)

    def kept(self, item: str) -> bytes:
        """The bytes of a refused item as they arrived."""
        return unseal_kept(self._files.read(item, "kept"), self.identities)

    def despite(self, item: str) -> tuple[Entry, Container]:
        """What can be parsed of an item that was refused, to be looked at and no more.

        Raises `MalformedError` for one that was not, and whatever stops it from being opened.
        """
        entry = self.entry(item)
        if entry.readable:
            raise MalformedError(f"item {item} was not refused", "show it without --kept")
        return entry, unseal_despite(self.kept(item), self.identities)

    def original(self, item: str) -> tuple[Opening, Container]:
        """Open layer A of an item; raises `MalformedError` for one that was refused."""
        entry = self.entry(item)
        if not entry.readable:
            raise MalformedError(
                f"item {item} is kept sealed: {entry.verdict}, {entry.why}",
                "to look at it all the same: `intake review show --kept`",
            )
        sealed = self._files.read(item, "original")
        return entry.opening, unseal_original(sealed, entry.opening, self.identities)

    def problem(self, item: str) -> str:
        """What is wrong with the original of an item that could once be opened; usually nothing."""
        try:
            check_envelope(self._files.read(item, "original"), self.entry(item).opening)
        except StoreError:
            return "its original is missing"
        except ProofError:
            return "its original was changed in this folder"
        return ""

    def read(self, item: str) -> tuple[Container, Redaction | None]:
        """Open an item's original, with its newest redaction."""
        opening, container = self.original(item)
        return container, self.redaction(item, opening.envelope)

    # Layer C, and what left the case

    def redaction(self, item: str, envelope: bytes) -> Redaction | None:
        """The newest redaction of the original with this envelope, or None."""
        number = self._files.count(item, "redacted")
        if not number:
            return None
        redaction = Redaction.from_json(self._files.record(item, f"redacted-{number:04d}"))
        # Bound to the original by its hash: one that was copied from another item is noticed.
        if redaction.envelope != envelope or redaction.version != number:
            raise ProofError(f"redaction {number} of item {item} belongs to something else")
        return redaction

    def add_redaction(self, item: str, redaction: Redaction) -> None:
        """Add the next version; earlier ones stay."""
        if redaction.version != self._files.count(item, "redacted") + 1:
            raise StoreError("a redaction was added meanwhile", "look at it and try again")
        self._files.seal_record(item, f"redacted-{redaction.version:04d}", redaction.to_json())

    def exports(self, item: str) -> list[Exported]:
        """Every export of an item, oldest first."""
        numbers = range(1, self._files.count(item, "export") + 1)
        return [Exported.from_json(self._files.record(item, f"export-{n:04d}")) for n in numbers]

    def add_export(self, item: str, exported: Exported) -> None:
        """Add the record of an export."""
        self._files.seal_record(
            item, f"export-{self._files.count(item, 'export') + 1:04d}", exported.to_json()
        )

    def redactions(self, item: str) -> int:
        """How many versions an item has."""
        return self._files.count(item, "redacted")

    def _room(self, entry: Entry) -> str:
        item = self.id_of(entry.digest)
        self._files.make_room(item)
        return item

    # Rosters, which are public

    def rosters(self) -> list[bytes]:
        """The note of every roster that an import verified."""
        return [path.read_bytes() for path in self.folder.glob("rosters/*.note")]

    def keep_roster(self, note: SignedRoster) -> None:
        """Keep a roster that the caller has verified."""
        path = roster_path(self.folder, note.roster.digest)
        if not path.exists():
            write(path, note.to_bytes())
