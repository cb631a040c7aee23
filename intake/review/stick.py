"""What one machine of a panel puts on a stick for the others, and how they read it.

Everything on it is sealed or public as in the case folder it comes from; a signed list says that it is
this reviewer's, whole and unchanged. Whoever carries the stick learns how much there is, and no more.
Format: docs/format.md 24.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.errors import MalformedError, ProofError, RosterError, StoreError
from intake.review.folder import write
from intake.reviewer import check_name
from intake.roster import Roster
from intake.tlog.checkpoint import parse_decimal
from intake.tlog.note import Note, Signer

TITLE: Final = "testimony-intake/sync/v1"
FOLDER: Final = "intake-sync"
LIST_LIMIT: Final = 100_000_000  # bytes of a list: about a million files
FILE_LIMIT: Final = 400_000_000  # bytes of one file: layer A of the largest container, sealed twice
_ROW: Final = re.compile(r"([0-9a-f]{64}) ([a-z0-9./_W-]{1,200})", re.ASCII)
_PART: Final = re.compile(r"[a-z0-9][a-z0-9._W-]*", re.ASCII)


@dataclass(frozen=True)
class Listing:
    """Which files a machine offers, and how long its ledger was then: `size` acts with this root."""

    deployment: str
    machine: str
    size: int
    root: bytes
    files: Mapping[str, str]

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        check_name(self.machine)
        if len(self.root) != 32 or self.size < 0:
            raise MalformedError("a list of a stick names no ledger")
        for path in self.files:
            check_path(path)

    def rows(self) -> bytes:
        """The list itself: a hash and a path a line, sorted by path."""
        return "".join(f"{self.files[path]} {path}\n" for path in sorted(self.files)).encode(
            "ascii"
        )

    def to_bytes(self) -> bytes:
        """The text that is signed."""
        lines = (
            TITLE,
            f"deployment {self.deployment}",
            f"machine {self.machine}",
            f"ledger {self.size} {b64(self.root)}",
            f"files {len(self.files)} sha256:{sha256(self.rows()).hexdigest()}",
        )
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    @classmethod
    def parse(cls, text: bytes, rows: bytes) -> Self:
        """Read the signed text and its list strictly; raises `MalformedError`."""
        try:
            _, deployment, machine, ledger, _ = text.decode("ascii").removesuffix("\n").split("\n")
            size, root = ledger.removeprefix("ledger ").split(" ")
            lines = rows.decode("ascii").removesuffix("\n").split("\n") if rows else []
        except ValueError:
            raise MalformedError(
                "not the list of a stick", "it is made by `intake review sync`"
            ) from None
        matches = [_ROW.fullmatch(line) for line in lines]
        listing = cls(
            deployment.removeprefix("deployment "),
            machine.removeprefix("machine "),
            parse_decimal(size),
            unb64(root, 32),
            {match[2]: match[1] for match in matches if match is not None},
        )
        if listing.to_bytes() != text or listing.rows() != rows:
            raise MalformedError("the list of a stick is damaged", "sync that machine again")
        return listing


def check_path(path: str) -> None:
    """Raise `MalformedError` unless a path stays inside its folder, and is one that a case has."""
    parts = path.split("/")
    if not 1 <= len(parts) <= 3 or not all(_PART.fullmatch(part) for part in parts):
        raise MalformedError("a list of a stick names a file that no case has")


class Offer:
    """What one machine put on a stick: its signed list, and the files in it, each by its hash."""

    def __init__(self, folder: Path, listing: Listing, by: str) -> None:
        self.folder = folder
        self.listing = listing
        self.by = by

    def read(self, path: str) -> bytes:
        """The bytes of an offered file; raises `StoreError` or `ProofError` where they are not those."""
        digest = self.listing.files.get(path)
        if digest is None:
            raise StoreError(f"machine {self.listing.machine} offers no {path}")
        data = _read(self.folder / path, FILE_LIMIT)
        if sha256(data).hexdigest() != digest:
            raise ProofError(
                f"{path} on the stick is not what machine {self.listing.machine} put there",
                "the stick is damaged, or somebody changed it: sync that machine again",
            )
        return data

    def under(self, prefix: str) -> list[str]:
        """Every offered path that begins so, sorted."""
        return sorted(path for path in self.listing.files if path.startswith(prefix))

    def items(self) -> list[str]:
        """The ids of the items that it offers."""
        return sorted(
            {path.split("/")[1] for path in self.under("items/") if path.endswith("/entry.age")}
        )


def offers(stick: Path, roster: Roster, besides: str) -> Iterator[Offer]:
    """Every machine's offer on a stick but this one's own.

    1. its list is signed by a reviewer of `roster`, the one of the case; 2. it is of this deployment
    and of the machine under whose name it lies. Raises `ProofError`, `MalformedError`.
    """
    for folder in sorted((stick / FOLDER).glob("*")):
        if folder.name == besides or not (folder / "list.note").exists():
            continue
        # (1)
        note = Note.parse(_read(folder / "list.note", 100_000))
        by = [one.name for one in roster.reviewers if note.signed_by(one.signer)]
        if len(by) != 1:
            raise ProofError(
                f"what lies on the stick for machine {folder.name} is not signed by a reviewer of this case",
                "take nothing from this stick, and ask who carried it",
            )
        # (2)
        listing = Listing.parse(note.text, _read(folder / "list", LIST_LIMIT))
        if listing.deployment != roster.deployment:
            raise RosterError(
                f"the stick is of deployment {listing.deployment}", "take the right one"
            )
        if listing.machine != folder.name:
            raise ProofError("a list on the stick lies under another machine's name")
        yield Offer(folder, listing, by[0])


def put(stick: Path, listing: Listing, sources: Mapping[str, Path], signer: Signer) -> int:
    """Put a machine's files on a stick, those that are not there yet; gives how many were written.

    The signed list comes last: cut off before, what the stick said before still holds, or it is
    noticed as damaged and made good by the next call. What is no longer offered is removed.
    """
    folder, written = stick / FOLDER / listing.machine, 0
    for path, digest in sorted(listing.files.items()):
        target = folder / path
        if not target.exists() or sha256(target.read_bytes()).hexdigest() != digest:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write(target, sources[path].read_bytes())
            written += 1
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write(folder / "list", listing.rows())
    text = listing.to_bytes()
    write(folder / "list.note", Note(text, (signer.sign(text),)).to_bytes())
    _remove_others(folder, listing)
    return written


def _remove_others(folder: Path, listing: Listing) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listing.files and name not in {"list", "list.note"}:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _read(path: Path, limit: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise StoreError(
            f"{path.name} on the stick cannot be read", os.strerror(error.errno or 0)
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise MalformedError(f"{path.name} on the stick is longer than a case's files are")
    return data
