"""A case folder: everything at rest in it is sealed to the reviewers, but what is public anyway.

It never holds a word of testimony in the clear, not for a moment. Layout: docs/format.md 12.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from intake.container import Container
from intake.errors import (
    ConsentError,
    IntakeError,
    MalformedError,
    ProofError,
    RosterError,
    StoreError,
)
from intake.opening import Opening
from intake.review.case_files import CaseFiles, NewItem, made_with, roster_path
from intake.review.folder import locked, remove_unfinished, write
from intake.review.ids import ID_LENGTH, Ids
from intake.review.journal import Journal, Mark, Pen, marks_in
from intake.review.record import Entry
from intake.review.redacting import Redaction
from intake.review.sent import Exported
from intake.review.unseal import (
    Identities,
    check_envelope,
    unseal_despite,
    unseal_original,
)
from intake.roots import RootSet
from intake.roster import Roster, SignedRoster
from intake.shelf import Shelf
from intake.tlog.note import Signer

REDACTED = "redacted"
EXPORT = "export"


class Case:
    """An open case, as one reviewer with unlocked identities sees it.

    `roster` is the one with which it was made: everything is sealed to its reviewers. `by` is the
    name that this reviewer has there. A `Case` is had from `opened`, which holds its lock.
    `files` are where what is sealed lies.
    """

    def __init__(
        self,
        folder: Path,
        roots: RootSet,
        roster: Roster,
        identities: Identities,
        signers: Sequence[Signer] = (),
    ) -> None:
        self.folder = folder
        self.roots = roots
        self.roster = roster
        self.identities = identities
        self.by = name_in(roster, identities)
        keys = {reviewer.name: reviewer.signer for reviewer in roster.reviewers}
        self.signer = next((one for one in signers if one.vkey == keys[self.by]), None)
        self.files = CaseFiles(folder, Pen(roster.recipients, identities, self.signer, keys))
        self._ids = Ids(self.files)

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a whole case stands there."""
        return (folder / "case").exists()

    @classmethod
    @contextmanager
    def opened(
        cls, folder: Path, identities: Identities, *, writing: bool, signers: Sequence[Signer] = ()
    ) -> Generator[Self, None, None]:
        """Open a case for as long as the block lasts, alone where `writing`.

        `signers` are this reviewer's keys: without one for the case's roster nothing is added. Raises `StoreError` where it is missing, readable by others or in use, and `RosterError`
        where its roster is not signed by its roots or none of the identities is in it.
        """
        if not cls.exists(folder):
            raise StoreError(f"no case in {folder}", "make one with `intake review import`")
        if folder.stat().st_mode & 0o077:
            raise StoreError(f"others may look into {folder}", f"chmod 700 {folder}")
        with locked(folder, alone=writing):
            if writing:
                remove_unfinished(folder, ".*.part", "*/.*.part", "*/*/.*.part")
            roots = RootSet.parse((folder / "roots").read_bytes())
            notes = [path.read_bytes() for path in folder.glob("rosters/*.note")]
            note = Shelf.of(notes, roots).signed.get(made_with(folder))
            if note is None:
                raise RosterError(
                    "the roster of this case is not signed by its roots",
                    "somebody changed the folder: restore it from a copy",
                )
            yield cls(folder, roots, note.roster, identities, signers)

    # Items

    def items(self) -> list[str]:
        """The ids of all items, sorted. One whose import was cut off is not there yet."""
        return self.files.items()

    def find(self, prefix: str) -> str:
        """The id that begins with `prefix`; raises `MalformedError` unless there is just one."""
        return self._ids.find(prefix)

    def id_of(self, digest: bytes) -> str:
        """The id of the object with this SHA-256, whether it is in the case or not."""
        return self._ids.of(digest)

    def entry(self, item: str) -> Entry:
        """What the import found out about an item."""
        return self._ids.entry(item)

    def is_new(self, digest: bytes) -> bool:
        """Whether nothing is here of an object with this SHA-256, nor of one whose id begins like its."""
        return not self._ids.has(digest.hex()[:ID_LENGTH])

    def known(self, digest: bytes) -> Entry | None:
        """The entry of the object with this SHA-256, or None.

        Raises `IntakeError` where there is one and it cannot be read.
        """
        item = self.id_of(digest)
        return self.entry(item) if self._ids.has(item) else None

    def keep_original(self, sealed: bytes, entry: Entry, files: NewItem | None = None) -> None:
        """Keep an item that could be opened: its sealed object as it came, for ever unchanged.

        One that is missing, or is no longer what came, is written again. `files` are what it has in the
        case, if they were made already; they are only taken where nothing of it is here.
        """
        check_envelope(sealed, entry.opening)
        item = self.id_of(entry.digest)
        if files is not None and self.files.keep_new(item, files):
            return
        self.files.make_room(item)
        if self._ids.digest_of_original(item) != entry.opening.envelope:
            self.files.seal(item, "original", sealed)
        self.files.seal_record(item, "entry", entry.to_json())
        self.files.path(item, "kept").unlink(missing_ok=True)

    def keep_refused(self, arrived: bytes, entry: Entry) -> None:
        """Keep what could not be opened or was refused, sealed once more.

        Nobody knows what its bytes are: something that only looks sealed would lie here in the
        clear.
        """
        item = self._room(entry)
        self.files.seal(item, "kept", arrived)
        self.files.seal_record(item, "entry", entry.to_json())

    def forget_refused(self, item: str) -> None:
        """Take out what was refused once and is now known to be a decoy, which is no item.

        Also where its record can no longer be read; but never one of which an original lies here.
        """
        if not self.files.path(item, "original").exists():
            for name in ("entry", "kept", "key"):
                self.files.path(item, name).unlink(missing_ok=True)
            self.files.forget_key(item)

    def keep_gone(self, entry: Entry) -> None:
        """Keep that an item was here once and is gone, so that it does not come in again."""
        item = self.id_of(entry.digest)
        self.files.path(item, "entry").parent.mkdir(mode=0o700, exist_ok=True)
        self.files.seal_record(item, "entry", entry.to_json())

    def kept(self, item: str) -> bytes:
        """The bytes of a refused item as they arrived."""
        return self.files.open(item, "kept")

    def despite(self, item: str) -> tuple[Entry, Container]:
        """What can be parsed of an item that was refused, to be looked at and no more.

        Raises `MalformedError` for one that was not, and whatever stops it from being opened.
        """
        entry = self.entry(item)
        if entry.readable or entry.gone:
            raise MalformedError(f"item {item} was not refused", "show it without --kept")
        return entry, unseal_despite(self.kept(item), self.identities)

    def original(self, item: str) -> tuple[Opening, Container]:
        """Open layer A of an item; raises for one that was refused, or withdrawn."""
        entry = self.entry(item)
        if entry.withdrawn:
            raise ConsentError(
                "its author withdrew this item", "nothing of it is left here", key="withdrawn"
            )
        if entry.gone:
            raise ConsentError(
                "this item was erased",
                "its time was over; nothing of it is left here",
                key="erased",
            )
        if not entry.readable:
            raise MalformedError(
                f"item {item} is kept sealed: {entry.verdict}, {entry.why}",
                "to look at it all the same: `intake review show --kept`",
            )
        sealed = self.files.open(item, "original")
        return entry.opening, unseal_original(sealed, entry.opening, self.identities)

    def problem(self, item: str) -> str:
        """What is wrong with the original of an item that could once be opened; usually nothing."""
        try:
            check_envelope(self.files.open(item, "original"), self.entry(item).opening)
        except StoreError:
            return "its original is missing"
        except IntakeError:
            return "its original was changed in this folder"
        return ""

    def read(self, item: str) -> tuple[Container, Redaction | None]:
        """Open an item's original, with its newest redaction."""
        opening, container = self.original(item)
        return container, self.redaction(item, opening.envelope)

    # Layer C, and what left the case

    def redaction(self, item: str, envelope: bytes) -> Redaction | None:
        """The newest redaction of the original with this envelope, or None."""
        recorded = self.journal(item).newest(REDACTED)
        if recorded is None:
            return None
        redaction = Redaction.from_json(recorded.value)
        if Mark(redaction.version, redaction.by) != recorded.mark or redaction.envelope != envelope:
            raise ProofError(f"redaction {recorded.mark} of item {item} belongs to something else")
        return redaction

    def add_redaction(self, item: str, redaction: Redaction) -> None:
        """Add the next version; earlier ones stay."""
        self.journal(item).add(REDACTED, redaction.to_json(), redaction.version)

    def exports(self, item: str) -> list[Exported]:
        """Every export of an item, oldest first."""
        return [Exported.from_json(one.value) for one in self.lasting(item).all(EXPORT)]

    def add_export(self, item: str, exported: Exported) -> None:
        """Add the record of an export."""
        self.lasting(item).add(EXPORT, exported.to_json())

    def redactions(self, item: str) -> int:
        """The number of the newest version, 0 for none."""
        marks = self.marks(item, REDACTED)
        return marks[-1].number if marks else 0

    def marks(self, item: str, name: str) -> list[Mark]:
        """Every signed record of this name that an item has, by its file alone."""
        return marks_in(self.files.path(item, "entry").parent, name)

    def journal(self, item: str) -> Journal:
        """The signed records of an item, which go with it."""
        return self.files.journal(item, self.entry(item).digest)

    def lasting(self, item: str) -> Journal:
        """The signed records of an item that stay when it is gone."""
        return self.files.lasting(item, self.entry(item).digest)

    def _room(self, entry: Entry) -> str:
        item = self.id_of(entry.digest)
        self.files.make_room(item)
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


def name_in(roster: Roster, identities: Identities) -> str:
    """The name under which one of these identities is in a roster; `RosterError` for none."""
    mine = [identity.recipient for identity in identities]
    for reviewer in roster.reviewers:
        if reviewer.recipient in mine:
            return reviewer.name
    raise RosterError(
        f"no identity offered is among the reviewers of this case (roster {roster.version})",
        "everything in it is sealed to them: offer the identity of that time, or ask one of them",
    )
