"""A ledger's file: a head, and for each act its line, the root with it, and who signed that root.

Reading holds one act at a time. It checks the form alone: whether roots and signatures hold is for
`intake.audit.ledger_chain`, which knows the roster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.errors import MalformedError
from intake.ledger.act import ACT_LIMIT, Act, Kind
from intake.reviewer import check_name
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from intake.tlog.merkle import HASH_SIZE, check_hashes
from intake.tlog.note import Note, Signature

TITLE: Final = "testimony-intake/ledger/v1"
RECORD_LIMIT: Final = ACT_LIMIT + 256  # bytes; a root is 45, a signature line at most 130
_SIGNATURE_LENGTH: Final = 64
_ORIGIN: Final = re.compile(r"testimony-intake/([^/]+)/ledger/([^/]+)", re.ASCII)


class CutError(MalformedError):
    """The file ends inside its last record, as it does when the power failed while it was written."""


@dataclass(frozen=True)
class Head:
    """Whose ledger it is: a deployment's, and one machine's of its reviewers."""

    deployment: str
    machine: str

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        check_name(self.machine)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the two lines; raises `MalformedError`."""
        try:
            title, origin, *rest = data.decode("ascii").split("\n")
        except ValueError:
            raise MalformedError("not a ledger", f"its first line is {TITLE!r}") from None
        match = _ORIGIN.fullmatch(origin)
        if title != TITLE or rest != [""] or match is None:
            raise MalformedError("not a ledger", f"its first line is {TITLE!r}")
        return cls(match[1], match[2])

    def to_bytes(self) -> bytes:
        """Write the two lines; the exact inverse of `parse`."""
        return f"{TITLE}\n{self.origin}\n".encode("ascii")

    @property
    def origin(self) -> str:
        """The origin of its checkpoints."""
        return f"{origin_of(self.deployment)}/ledger/{self.machine}"


@dataclass(frozen=True)
class Record:
    """An act, the root of the tree that ends with it, and its reviewer's signature of that tree."""

    act: Act
    root: bytes
    signature: Signature

    def __post_init__(self) -> None:
        check_hashes((self.root,))
        if self.signature.name != self.act.by:
            raise MalformedError("an act is signed by another than the one it names")
        if len(self.signature.signature) != _SIGNATURE_LENGTH:
            raise MalformedError(f"signature of an act is not {_SIGNATURE_LENGTH} bytes")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the three lines; raises `MalformedError`."""
        lines = data.split(b"\n")
        if len(lines) != 4 or lines[3]:
            raise MalformedError("an act, its root and its signature are not three lines")
        try:
            root, signature = lines[1].decode("ascii"), lines[2].decode()
        except UnicodeDecodeError:
            raise MalformedError("a root or a signature is not text") from None
        return cls(Act.parse(lines[0]), unb64(root, HASH_SIZE), Signature.parse(signature))

    def to_bytes(self) -> bytes:
        """Write the three lines; the exact inverse of `parse`."""
        return self.act.to_bytes() + f"\n{b64(self.root)}\n{self.signature}\n".encode()

    def signed(self, head: Head, size: int) -> SignedCheckpoint:
        """The checkpoint that the reviewer signed with this act, the last of `size` acts."""
        text = Checkpoint(head.origin, size, self.root).to_bytes()
        return SignedCheckpoint(Note(text, (self.signature,)))


def read_head(file: BinaryIO) -> Head:
    """Read the first two lines; raises `MalformedError`."""
    return Head.parse(file.readline(RECORD_LIMIT) + file.readline(RECORD_LIMIT))


def read_records(file: BinaryIO, head: Head) -> Iterator[Record]:
    """Read what follows the head, one act at a time; the memory needed does not grow.

    Raises `MalformedError` at the first that is none, `CutError` where only the last one's end is
    missing.
    """
    while data := b"".join(file.readline(RECORD_LIMIT) for _ in range(3)):
        if data.count(b"\n") < 3 and not file.read(1):
            _check_cut(data)
            raise CutError("the last act is cut off")
        record = Record.parse(data)
        if record.act.kind is Kind.SYNC and record.act["machine"] == head.machine:
            raise MalformedError("a ledger does not sync with itself")
        yield record


def _check_cut(data: bytes) -> None:
    """Raise `MalformedError` for what no cut leaves: a line that is not whole, or longer than whole.

    An act of which a disk changed the last byte was done, and is not to be taken off.
    """
    act, *rest = data.split(b"\n")
    if not rest:
        return
    name = Act.parse(act).by
    if len(rest) > 1:
        unb64(rest[0].decode("ascii", "replace"), HASH_SIZE)
    whole = (
        len(b64(bytes(HASH_SIZE))),
        len(str(Signature(name, bytes(4), bytes(_SIGNATURE_LENGTH))).encode()),
    )
    if len(rest[-1]) > whole[len(rest) - 1]:
        raise MalformedError("the last act does not end as an act does")
