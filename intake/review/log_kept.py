"""What a copy of a case keeps of the site's log: its last checkpoint, and the hashes of all entries up to it.

Both are public. With them any item that is logged can be proved to be, by this copy and without the site.
"""

from pathlib import Path
from typing import Final

from intake.completeness import LogProofs
from intake.errors import MalformedError, ProofError, StoreError
from intake.opening import Opening
from intake.review.case import Case
from intake.review.folder import write
from intake.review.log_policy import policy_for
from intake.shelf import Shelf
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded
from intake.tlog.note import Note
from intake.tlog.proof import LogProof

CHECKPOINT: Final = "checkpoint"
LEAVES: Final = "leaves"


def seen_by(folder: Path) -> SignedCheckpoint | None:
    """The checkpoint up to which a bundle was whole, None at first."""
    try:
        return SignedCheckpoint.parse((folder / CHECKPOINT).read_bytes())
    except FileNotFoundError:
        return None
    except MalformedError as error:
        raise StoreError(
            f"the case's last checkpoint is damaged: {error.phrase}",
            "take it from a copy of the case; without it an older log is not noticed",
        ) from None


def keep_log(folder: Path, proofs: LogProofs, signed: SignedCheckpoint) -> None:
    """Keep the log of a bundle in which every check held; the checkpoint comes last."""
    write(folder / LEAVES, proofs.leaves)
    write(folder / CHECKPOINT, signed.to_bytes())


def check_logged(case: Case, opening: Opening, proof: bytes) -> None:
    """Raise unless a tlog-proof leads an opening's entry to a log that this case believes."""
    shelf = Shelf.of(case.rosters(), case.roots, case.roster.deployment)
    policy = policy_for(shelf, case.folder, None)
    LogProof.parse(proof).verify(Blinded(opening.commit).to_bytes(), policy)


def log_of(case: Case) -> LogProofs:
    """The last log that this copy of the case found whole, with its signatures by known keys alone.

    A line by another key could mark the checkpoint, and so what is published with it. Raises
    `ProofError` where no bundle with a log was imported here, or what is kept of it does not hold.
    """
    signed, path = seen_by(case.folder), case.folder / LEAVES
    if signed is None or not path.exists():
        raise ProofError(
            "this copy of the case has not seen the site's log",
            "import the last bundle here first",
            key="no_log",
        )
    shelf = Shelf.of(case.rosters(), case.roots, case.roster.deployment)
    policy = policy_for(shelf, case.folder, None)
    known = [log.vkey for log in policy.logs] + [witness.vkey for witness in policy.witnesses]
    keys = {(key.name, key.key_hash) for key in known}
    lines = tuple(s for s in signed.note.signatures if (s.name, s.key_hash) in keys)
    if not lines:
        raise ProofError("the case's last checkpoint has no signature of a known key")
    return LogProofs(path.read_bytes(), SignedCheckpoint(Note(signed.note.text, lines)))
