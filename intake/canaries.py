"""Canaries: the auditor's list of test testimonies of one epoch, and a reviewer's answer to it.

It knows what the two texts say and how they are spelled. Neither holds a word of what was sent.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from intake.author import WITHDRAW_SIZE, withdraw_commit_of
from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.reviewer import check_name
from intake.tlog.note import Note, VerifierKey

LIST_TITLE: Final = "testimony-intake/canaries/v1"
ANSWER_TITLE: Final = "testimony-intake/canary-answer/v1"
LIST_LIMIT: Final = 1 << 20  # bytes; a line is at most 99, so about 10,000 canaries
_NONE, _SENT, _UNSURE = "none", "withdraw", "unsure"
_HASH: Final = 32  # bytes
_DIGITS: Final = b"testimony-intake/canaries-digits/v1"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True, order=True)
class Mark:
    """By what one canary is known: the 32 bytes that withdraw it, and the SHA-256 of its text.

    The first finds it; whoever sealed it may know that. The second tells that it is the auditor's
    text, whole, and not a testimony that was given the same secret.
    """

    preimage: bytes = field(repr=False)
    text: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.preimage) != WITHDRAW_SIZE or len(self.text) != _HASH:
            raise MalformedError(f"a canary is named by two times {_HASH} bytes")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read both in base64; the inverse of `str`."""
        preimage, _, digest = text.partition(" ")
        return cls(unb64(preimage, WITHDRAW_SIZE), unb64(digest, _HASH))

    def __str__(self) -> str:
        return f"{b64(self.preimage)} {b64(self.text)}"

    @property
    def commit(self) -> bytes:
        """What stands in its opening."""
        return withdraw_commit_of(self.preimage)


@dataclass(frozen=True)
class CanaryList:
    """The canaries of one epoch.

    `sent` are those that the site said it keeps; of `unsure` nobody knows whether they arrived.
    Each is sorted, and none stands twice. Until reviewers have the epoch it must stay with the
    auditor: whoever has it knows which testimonies are tests, and can withdraw them.
    """

    deployment: str
    epoch: Epoch
    sent: tuple[Mark, ...]
    unsure: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        in_order = all(list(part) == sorted(part) for part in (self.sent, self.unsure))
        every = self.sent + self.unsure
        if not in_order or len({mark.preimage for mark in every}) != len(every):
            raise MalformedError("the canaries of a list are not in order, or one stands twice")

    @classmethod
    def of(
        cls, deployment: str, epoch: Epoch, sent: Iterable[Mark], unsure: Iterable[Mark]
    ) -> Self:
        """A list in its order."""
        return cls(deployment, epoch, tuple(sorted(sent)), tuple(sorted(unsure)))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the text strictly; the inverse of `to_bytes`."""
        lines = _lines(data, LIST_TITLE, "not a list of canaries")
        rows = [line.partition(" ") for line in lines[2:]]
        named = {
            word: tuple(Mark.parse(value) for key, _, value in rows if key == word)
            for word in (_SENT, _UNSURE)
        }
        deployment, epoch = (line.partition(" ")[2] for line in lines[:2])
        found = cls(deployment, Epoch.parse(epoch), named[_SENT], named[_UNSURE])
        if found.to_bytes() != data:
            raise MalformedError("a list of canaries has one spelling")
        return found

    def to_bytes(self) -> bytes:
        """The text: title, deployment, epoch, and a line for each canary; `none` without any."""
        rows = [f"{_SENT} {mark}" for mark in self.sent]
        rows += [f"{_UNSURE} {mark}" for mark in self.unsure]
        head = [LIST_TITLE, f"deployment {self.deployment}", f"epoch {self.epoch}"]
        return "".join(f"{row}\n" for row in (*head, *(rows or [_NONE]))).encode("ascii")

    @property
    def digits(self) -> str:
        """30 digits in 6 groups of 5, by which two people know over a telephone that it is one list.

        SHA-256(label || 00 || text), as a big endian number modulo 10^30.
        """
        digest = hashlib.sha256(_DIGITS + b"\x00" + self.to_bytes()).digest()
        digits = f"{int.from_bytes(digest, 'big') % 10**30:030d}"
        return " ".join(digits[start : start + 5] for start in range(0, 30, 5))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All of them."""
        return self.sent + self.unsure


@dataclass(frozen=True)
class CanaryAnswer:
    """What a reviewer found of a list: the commitments of what is there, and of what is missing.

    `list_hash` is the SHA-256 of the list that it answers. One of which nobody knew whether it
    arrived, and which is not there, is in neither.
    """

    deployment: str
    epoch: Epoch
    list_hash: bytes
    by: str
    found: tuple[bytes, ...]
    missing: tuple[bytes, ...]

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        check_name(self.by)
        every = self.found + self.missing
        if len(self.list_hash) != _HASH or any(len(commit) != _HASH for commit in every):
            raise MalformedError(f"an answer's hashes are {_HASH} bytes")
        in_order = all(list(part) == sorted(part) for part in (self.found, self.missing))
        if not in_order or len(set(every)) != len(every):
            raise MalformedError("the commitments of an answer are not in order, or one is twice")

    @classmethod
    def to(cls, canaries: CanaryList, found: frozenset[bytes], by: str) -> Self:
        """The answer to a list of which these commitments were found."""
        return cls(
            deployment=canaries.deployment,
            epoch=canaries.epoch,
            list_hash=hash_of(canaries),
            by=by,
            found=tuple(sorted(found & {mark.commit for mark in canaries.marks})),
            missing=tuple(sorted({mark.commit for mark in canaries.sent} - found)),
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the text that is signed, strictly; the inverse of `to_bytes`."""
        lines = _lines(data, ANSWER_TITLE, "not a reviewer's answer about canaries")
        rows = [line.partition(" ") for line in lines]
        values = [value for _, _, value in rows]
        if len(rows) < 6 or not all(map(_NUMBER.fullmatch, values[4:6])):
            raise MalformedError("an answer about canaries has another shape")
        count = int(values[4])
        commits = tuple(unb64(value, _HASH) for value in values[6:])
        answer = cls(
            deployment=values[0],
            epoch=Epoch.parse(values[1]),
            list_hash=unb64(values[2], _HASH),
            by=values[3],
            found=commits[:count],
            missing=commits[count:],
        )
        if answer.to_bytes() != data:
            raise MalformedError("an answer about canaries has one spelling")
        return answer

    @classmethod
    def open(cls, note: Note, signers: Iterable[VerifierKey]) -> Self:
        """Read a signed answer; raises unless the reviewer it names, of these, signed it."""
        answer = cls.parse(note.text)
        mine = [signer for signer in signers if signer.name == answer.by]
        if not any(note.signed_by(signer) for signer in mine):
            raise ProofError(
                f"the answer is not signed by reviewer {answer.by} of this roster",
                "give the roster that was in use then",
            )
        return answer

    def to_bytes(self) -> bytes:
        """The text that is signed."""
        rows = [
            ANSWER_TITLE,
            f"deployment {self.deployment}",
            f"epoch {self.epoch}",
            f"list {b64(self.list_hash)}",
            f"by {self.by}",
            f"found {len(self.found)}",
            f"missing {len(self.missing)}",
            *(f"here {b64(commit)}" for commit in self.found),
            *(f"lost {b64(commit)}" for commit in self.missing),
        ]
        return "".join(f"{row}\n" for row in rows).encode("ascii")


def hash_of(canaries: CanaryList) -> bytes:
    """The 32 bytes by which an answer names its list."""
    return hashlib.sha256(canaries.to_bytes()).digest()


def _lines(data: bytes, title: str, phrase: str) -> list[str]:
    """The lines after the title; at least two."""
    try:
        first, *rest = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedError(phrase) from None
    if len(data) > LIST_LIMIT or first != title or len(rest) < 3 or rest.pop() != "":
        raise MalformedError(phrase, f"its first line is {title!r}")
    return rest
