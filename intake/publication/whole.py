"""The file itself: what it shows, valid by construction, its bytes both ways, and its check."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from intake import canonical, shape
from intake.canonical import b64, unb64
from intake.container import Consent
from intake.disclosure import HASH_SIZE, Disclosure
from intake.errors import MalformedError, ProofError
from intake.opening import PublicHalf
from intake.publication.order import check_order, consent_of, fact_of
from intake.publication.rows import leaves_of, rows_of
from intake.redaction import SEED_SIZE
from intake.tlog.entries import Blinded
from intake.tlog.merkle import leaf_hash, verify_inclusion
from intake.tlog.note import decode_base64
from intake.tlog.policy import AHEAD, Endorsed, Policy
from intake.tlog.proof import LogProof

VERSION: Final = 1
LIMIT: Final = 4 << 20  # bytes; one of 2,000 words has some 20,000
_KEYS: Final = {"v", "size", "shown", "seeds", "hashes", "opening", "private", "proof"}


@dataclass(frozen=True)
class Piece:
    """What is shown between two places that are left out: of the field `path`, this text.

    `path` is empty after a place that is left out, where the name of another field may stand in
    it. `before` tells whether something is left out before it.
    """

    path: str
    text: str
    before: bool


@dataclass(frozen=True)
class Publication:
    """A disclosure, the public half of its opening, and the proof that this stands in a log.

    What is shown stands as in any container: the kind first, then facts, then fields. Nothing of it
    is proved before `verify`.
    """

    disclosure: Disclosure
    opening: PublicHalf
    proof: LogProof

    def __post_init__(self) -> None:
        if self.proof.extra:
            # A receipt carries the whole opening there, and that names the stored object.
            raise MalformedError("the proof in a publication has extra data")
        check_order(self.disclosure.leaves)

    @property
    def kind(self) -> str:
        """`testimony`, `addition` or `consent`."""
        return str(next(value for name, value in self._facts() if name == "kind"))

    @property
    def answers(self) -> tuple[Consent, ...]:
        """The rows of consent that are shown."""
        return tuple(consent_of(value) for name, value in self._facts() if name == "consent")

    @property
    def words(self) -> int:
        """How many words are shown."""
        return sum(leaf is not None and leaf[0] == b"w" for leaf in self.disclosure.leaves)

    @property
    def gaps(self) -> int:
        """In how many places something is left out; before the first field it counts as one."""
        return sum(piece.before for piece in self.pieces())

    def pieces(self) -> Iterator[Piece]:
        """The text that is shown, in order; the last one is empty where the end is left out."""
        path, text, before = "", "", False
        for leaf in self.disclosure.leaves:
            if leaf is not None and leaf[0] in (b"v", b"m"):
                continue
            if leaf is not None and leaf[0] == b"w":
                text += leaf[1].decode()
                continue
            if path or text:
                yield Piece(path, text, before)
                before = False
            path, text = ("", "") if leaf is None else (leaf[1].decode(), "")
            before |= leaf is None
        if path or text or before:
            yield Piece(path, text, before)

    def check(self) -> None:
        """Raise `ProofError` unless what is shown stands in the log that the proof leads to.

        1. the words, with the hashes of the others, have the root that the opening names
        2. the opening is the one to which the entry in the proof's log commits

        Whether that log is believed, only `verify` says.
        """
        # (1)
        if self.disclosure.root() != self.opening.redact:
            raise ProofError("the words are not those that the opening names")
        # (2)
        proof, checkpoint = self.proof, self.proof.signed.checkpoint
        leaf = leaf_hash(Blinded(self.opening.commit).to_bytes())
        verify_inclusion(proof.index, checkpoint.size, leaf, proof.path, checkpoint.root)

    def verify(self, policy: Policy) -> Endorsed:
        """Raise `ProofError` unless each word that is shown was logged; else who vouches for it.

        1. and 2. as in `check`
        3. the log of the policy signed that log, and enough witnesses cosigned it
        4. when they last did, the week that the opening names was over: before, no log has its entries
        """
        # (1), (2)
        self.check()
        # (3)
        endorsed = policy.endorsed(self.proof.signed)
        # (4)
        seen = max((time for _, time in endorsed.witnesses), default=None)
        if seen is not None and seen + AHEAD < self.opening.epoch.end.timestamp():
            raise ProofError(f"{self.opening.epoch} was not over when the witnesses saw the log")
        return endorsed

    def to_bytes(self) -> bytes:
        """Write the file: canonical JSON and a line end. The exact inverse of `parse`."""
        value = {
            "v": VERSION,
            "size": len(self.disclosure.leaves),
            "shown": list(rows_of(self.disclosure.leaves)),
            "seeds": b64(b"".join(self.disclosure.seeds)),
            "hashes": b64(b"".join(self.disclosure.hashes)),
            "opening": self.opening.public.decode(),
            "private": b64(self.opening.private),
            "proof": self.proof.to_bytes().decode(),
        }
        return canonical.encode(value) + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a publication strictly; raises `MalformedError`. It has one spelling."""
        if len(data) > LIMIT:
            raise MalformedError(f"a publication is at most {LIMIT} bytes")
        value = shape.mapping(canonical.decode(data.removesuffix(b"\n")))
        if set(value) != _KEYS or shape.integer(value["v"]) != VERSION:
            raise MalformedError("not a publication, or one of another version")
        publication = cls(
            Disclosure(
                tuple(leaves_of(shape.rows(value["shown"]), shape.integer(value["size"]))),
                _parts(shape.text(value["seeds"]), SEED_SIZE),
                _parts(shape.text(value["hashes"]), HASH_SIZE),
            ),
            PublicHalf.parse(
                shape.text(value["opening"]).encode(),
                unb64(shape.text(value["private"]), HASH_SIZE),
            ),
            LogProof.parse(shape.text(value["proof"]).encode()),
        )
        if publication.to_bytes() != data:
            raise MalformedError("the publication is not in its one spelling")
        return publication

    def _facts(self) -> Iterator[tuple[str, object]]:
        for leaf in self.disclosure.leaves:
            if leaf is not None and leaf[0] == b"m":
                yield fact_of(leaf[1])


def _parts(text: str, size: int) -> tuple[bytes, ...]:
    data = decode_base64(text, "a proof")
    if len(data) % size:
        raise MalformedError("a proof is cut short")
    return tuple(data[at : at + size] for at in range(0, len(data), size))
