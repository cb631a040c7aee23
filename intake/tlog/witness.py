"""C2SP tlog-witness: the request to add a checkpoint, what a witness decides, and its answer.

It decides only: whoever serves it stores the accepted checkpoint, then cosigns, then answers, and
lets no other request for the same log in between (the specification's race).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from intake.canonical import b64, unb64
from intake.errors import IntakeError, MalformedError, ProofError
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint, parse_decimal
from intake.tlog.cosignature import TIME_LIMIT, cosigned_at, signed_by_log
from intake.tlog.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    PROOF_LIMIT,
    SIZE_LIMIT,
    check_hashes,
    verify_consistency,
)
from intake.tlog.note import NOTE_LIMIT, SIGNATURE_LIMIT, Note, Signature, VerifierKey

SIZE_KIND: Final = "text/x.tlog.size"  # content type of the body of a 409
REQUEST_LIMIT: Final = NOTE_LIMIT + 64 * 64  # bytes


@dataclass(frozen=True)
class AddCheckpoint:
    """The size of the last cosigned tree, a consistency proof (at most 63 hashes), a checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    signed: SignedCheckpoint

    def __post_init__(self) -> None:
        if not 0 <= self.old < SIZE_LIMIT:
            raise MalformedError("old size is not below 2^63")
        if len(self.proof) > PROOF_LIMIT:
            raise MalformedError(f"consistency proof has more than {PROOF_LIMIT} hashes")
        check_hashes(self.proof)

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read a request's body; raises `MalformedError`."""
        if len(body) > REQUEST_LIMIT:
            raise MalformedError(f"request is longer than {REQUEST_LIMIT} bytes")
        head, blank, note = body.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise MalformedError("request is not ASCII before its checkpoint") from None
        if not blank or not lines[0].startswith("old "):
            raise MalformedError("request is not an old size, a proof and a checkpoint")
        old = parse_decimal(lines[0].removeprefix("old "))
        proof = tuple(unb64(line, HASH_SIZE) for line in lines[1:])
        return cls(old, proof, SignedCheckpoint.parse(note))

    def to_bytes(self) -> bytes:
        """Write the body; the exact inverse of `parse`."""
        lines = [f"old {self.old}", *map(b64, self.proof)]
        return "".join(f"{line}\n" for line in lines).encode() + b"\n" + self.signed.to_bytes()


@dataclass(frozen=True)
class KnownLog:
    """What a witness knows of a log: keys it trusts, and the last checkpoint it cosigned."""

    keys: tuple[VerifierKey, ...]
    latest: Checkpoint | None = None


@dataclass(frozen=True)
class Verdict:
    """A status, the reason in words, and what goes with it.

    `accepted` is the checkpoint to store and cosign, with status 200 only. `latest` is the size to
    answer with, as `SIZE_KIND`, with status 409 only.
    """

    status: int
    reason: str
    accepted: Checkpoint | None = None
    latest: int | None = None


def decide(body: bytes, find_log: Callable[[str], KnownLog | None]) -> Verdict:
    """Judge a request; never raises for what stands in it.

    1. 400: the body does not follow its format
    2. 404: the log is unknown
    3. 403: no key trusted for this log signed the checkpoint, or such a line does not hold
    4. 400: the old size is above the new one
    5. 409: the old size is not that of the checkpoint cosigned last
    6. 409: the tree has the same size and another root
    7. 422: the new tree does not continue the old one
    """
    # (1)
    try:
        request = AddCheckpoint.parse(body)
    except MalformedError as error:
        return Verdict(400, error.phrase)
    # (2)
    checkpoint = request.signed.checkpoint
    log = find_log(checkpoint.origin)
    if log is None:
        return Verdict(404, "this witness does not know the log")
    # (3)
    try:
        signed = [key for key in log.keys if signed_by_log(request.signed, key)]
    except IntakeError as error:
        return Verdict(403, error.phrase)
    if not signed:
        return Verdict(403, "checkpoint is not signed by a key trusted for this log")
    # (4)
    if request.old > checkpoint.size:
        return Verdict(400, "old size is above the new one")
    return _decide_growth(request, checkpoint, log.latest)


def _decide_growth(
    request: AddCheckpoint, checkpoint: Checkpoint, latest: Checkpoint | None
) -> Verdict:
    # (5)
    seen = 0 if latest is None else latest.size
    if request.old != seen:
        return Verdict(409, "old size is not that of the last checkpoint", latest=seen)
    # (6)
    if latest is not None and checkpoint.size == seen and checkpoint.root != latest.root:
        return Verdict(409, "the log has two trees of one size", latest=seen)
    # (7)
    # An empty tree has one root, which is its checkpoint's by construction.
    old_root = EMPTY_ROOT if latest is None else latest.root
    try:
        verify_consistency(seen, checkpoint.size, old_root, checkpoint.root, request.proof)
    except ProofError as error:
        return Verdict(422, error.phrase)
    return Verdict(200, "the log continues", accepted=checkpoint)


def write_answer(signatures: Sequence[Signature]) -> bytes:
    """The body of a 200 answer: signature lines; the exact inverse of `parse_answer`."""
    return "".join(f"{line}\n" for line in signatures).encode()


def parse_answer(body: bytes) -> tuple[Signature, ...]:
    """Read the body of a 200 answer, 1 to 100 signature lines; raises `MalformedError`."""
    if len(body) > NOTE_LIMIT or not 1 <= body.count(b"\n") <= SIGNATURE_LIMIT:
        raise MalformedError("answer of a witness is not 1 to 100 signature lines")
    try:
        lines = body.decode().split("\n")
    except UnicodeDecodeError:
        raise MalformedError("answer of a witness is not valid UTF-8") from None
    if lines.pop():
        raise MalformedError("answer of a witness does not end with a newline")
    return tuple(Signature.parse(line) for line in lines)


def with_cosignature(
    signed: SignedCheckpoint, body: bytes, vkey: VerifierKey, *, latest: float = TIME_LIMIT
) -> SignedCheckpoint:
    """The checkpoint with this witness's newest line from its answer, in place of any older ones.

    Lines of other keys are dropped, as the specification asks, and more than one of this key would
    take the room of other witnesses. `ProofError` unless a line of this key is there and every one
    of them holds, and is of no time after `latest` (POSIX seconds).
    """
    text = signed.note.text
    times: dict[Signature, int] = {}
    for line in Note(text, parse_answer(body)).lines_of(vkey):
        time = cosigned_at(SignedCheckpoint(Note(text, (line,))), vkey)
        if time is not None:
            times[line] = time
    if not times:
        raise ProofError(f"answer holds no cosignature of {vkey.name!r}")
    newest = max(times, key=times.__getitem__)
    if times[newest] > latest:
        raise ProofError(f"cosignature of {vkey.name!r} is of a time yet to come")
    before = signed.note.lines_of(vkey)
    others = [line for line in signed.note.signatures if line not in before]
    return SignedCheckpoint(Note(text, (*others, newest)))
