"""The newest word that others have of a log, to which a restored site must have caught up.

A checkpoint from a copy of the log's files, from what an auditor keeps, from a file, or the line
that a witness keeps. Only one that the log signed and the quorum of its witnesses cosigned proves
whose log it is; a witness's own says at least how long that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from intake.errors import IntakeError, MalformedError, ProofError
from intake.log.folder import LogFolder
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.note import NOTE_LIMIT
from intake.tlog.policy import Policy
from intake.tlog.tile_reader import TileReader

_FOLLOWED: Final = b"testimony-intake/followed/v1\n"  # what an auditor keeps (docs/format.md 17)
_LIMIT: Final = NOTE_LIMIT + 4096  # bytes


@dataclass(frozen=True)
class Known:
    """A checkpoint that somebody else has; with its tiles where it came with them."""

    where: str
    checkpoint: Checkpoint
    signed: SignedCheckpoint | None = None
    reader: TileReader | None = None

    @classmethod
    def at(cls, path: Path) -> Self:
        """Read one: a folder with `checkpoint` and tiles, an auditor's folder, or a file of either."""
        if path.is_dir() and (path / "followed").is_file():
            return cls.at(path / "followed")
        if path.is_dir():
            folder = LogFolder(path)
            signed = folder.published()
            if signed is None:
                raise MalformedError(
                    f"{path} has no checkpoint", "name a copy of the files under /log/"
                )
            return cls(str(path), signed.checkpoint, signed, folder.reader(signed))
        with path.open("rb") as file:
            data = file.read(_LIMIT + 1)
        if data.startswith(_FOLLOWED):
            data = data.partition(b"\n\n")[2]
        try:
            if b"\n\n" not in data:
                return cls(str(path), Checkpoint.parse(data))
            signed = SignedCheckpoint.parse(data)
        except MalformedError as error:
            raise MalformedError(f"{path} is no checkpoint: {error.phrase}") from None
        return cls(str(path), signed.checkpoint, signed)


def check_vouched(known: Sequence[Known], origin: str, policy: Policy) -> None:
    """Raise `ProofError` unless each is of this log, and one at least is known to be its own."""
    vouched = False
    for one in known:
        if one.checkpoint.origin != origin:
            raise ProofError(
                f"{one.where} is of the log {one.checkpoint.origin}, not {origin}",
                "the backup is of another site, or the checkpoint is",
            )
        if one.signed is None:
            continue
        try:
            policy.endorsed(one.signed)
        except IntakeError as error:
            raise ProofError(f"{one.where}: {error.phrase}", error.hint) from None
        vouched = True
    if not vouched:
        raise ProofError(
            "nothing says where the log was when the site was lost",
            "name a checkpoint that witnesses cosigned: --known, a copy of /log/ or an auditor's",
        )
