"""What reviewers sign once they hold the objects that a site is to let go (docs/format.md 9).

It is about hashes of sealed objects only, and gives no leave by itself: the site's log must hold a
`collected` entry that names it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from re import fullmatch
from typing import Final, Self

from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.errors import MalformedError, ProofError
from intake.event import CONFIRMERS, manifest_of
from intake.roster import Roster
from intake.tlog.note import NOTE_LIMIT, Note, Signer

TITLE: Final = "testimony-intake/collection/v1"
MOST_ENVELOPES: Final = 16_000  # one note of at most 1,000,000 bytes holds them, and its signatures
_HASH: Final = 32  # bytes, of a root and of a sealed object
_SIZE: Final = r"0|[1-9][0-9]{0,15}"


@dataclass(frozen=True)
class Collection:
    """Objects that its signers have: SHA-256 of each, sorted, and the log in which they found them.

    `size` is the log's number of entries and `root` its Merkle root (32 bytes), at that checkpoint.
    """

    deployment: str
    size: int
    root: bytes
    envelopes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if not fullmatch(_SIZE, str(self.size)) or len(self.root) != _HASH:
            raise MalformedError("a collection names the size and the root of a log")
        if any(len(envelope) != _HASH for envelope in self.envelopes):
            raise MalformedError("a collection names objects by their hashes of 32 bytes")
        if list(self.envelopes) != sorted(set(self.envelopes)):
            raise MalformedError("a collection's objects are not in order")
        if not 1 <= len(self.envelopes) <= MOST_ENVELOPES:
            raise MalformedError(f"a collection names 1 to {MOST_ENVELOPES} objects")

    @classmethod
    def of(cls, deployment: str, size: int, root: bytes, envelopes: Iterable[bytes]) -> Self:
        """The one for these objects, whatever their order."""
        return cls(deployment, size, root, tuple(sorted(set(envelopes))))

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Read the text of the note strictly; raises `MalformedError`."""
        if len(text) > NOTE_LIMIT:
            raise MalformedError(f"a collection is longer than {NOTE_LIMIT} bytes")
        try:
            lines = text.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise MalformedError("a collection is ASCII text") from None
        if len(lines) < 5 or lines[0] != TITLE or lines[-1]:
            raise MalformedError("not a collection")
        size, _, root = _value(lines[2], "checkpoint").partition(" ")
        if not fullmatch(_SIZE, size):
            raise MalformedError("a collection names the size and the root of a log")
        return cls(
            _value(lines[1], "deployment"),
            int(size),
            unb64(root, _HASH),
            tuple(unb64(_value(line, "envelope"), _HASH) for line in lines[3:-1]),
        )

    def to_bytes(self) -> bytes:
        """Write the text; the exact inverse of `parse`."""
        lines = (
            TITLE,
            f"deployment {self.deployment}",
            f"checkpoint {self.size} {b64(self.root)}",
            *(f"envelope {b64(envelope)}" for envelope in self.envelopes),
        )
        return "".join(f"{line}\n" for line in lines).encode()

    @property
    def manifest(self) -> bytes:
        """The 32 bytes by which a `collected` entry names these objects."""
        return manifest_of(self.envelopes)

    def signed(self, *signers: Signer) -> Note:
        """The note with a line of each signer; more are added with `Note.with_signature`."""
        text = self.to_bytes()
        return Note(text, tuple(signer.sign(text) for signer in signers))


@dataclass(frozen=True)
class SignedCollection:
    """A collection with those who signed it; `by` are names of a roster's reviewers, sorted."""

    collection: Collection
    by: tuple[str, ...]

    @classmethod
    def open(cls, data: bytes, roster: Roster) -> Self:
        """Read a signed collection; `roster` is a verified one, in which its signers stand.

        1. it is a note with a collection; 2. of the roster's deployment; 3. two reviewers of the
        roster or more signed it, each with the signer that the roster gives them; lines of others
        are ignored, and one that bears a reviewer's key and does not hold is refused.
        Raises `MalformedError`, or `ProofError` for (2) and (3).
        """
        # (1)
        note = Note.parse(data)
        collection = Collection.parse(note.text)
        # (2)
        if collection.deployment != roster.deployment:
            raise ProofError("the collection is of another deployment")
        # (3)
        by = sorted(one.name for one in roster.reviewers if note.signed_by(one.signer))
        if len(by) < CONFIRMERS:
            raise ProofError(
                f"{len(by)} of the reviewers signed the collection, and {CONFIRMERS} must",
                "another reviewer signs it with `intake review confirm`",
            )
        return cls(collection, tuple(by))


def _value(line: str, keyword: str) -> str:
    name, space, value = line.partition(" ")
    if name != keyword or not space:
        raise MalformedError(f"a collection's line is not its {keyword} line")
    return value
