"""The root holders' public keys: who may sign a roster, and the digits people compare.

Everything else is trusted because these were, so nothing here fetches or replaces them.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake.errors import MalformedError, RosterError
from intake.tlog.note import Algorithm, VerifierKey

if TYPE_CHECKING:
    from intake.tlog.note import Note

HEADER: Final = "testimony-intake/roots/v1"
HOLDER_LIMIT: Final = 16
ROOT_FILE_LIMIT: Final = 100_000  # bytes; a holder's two lines are about 2,000
_FINGERPRINT_LABEL: Final = b"testimony-intake/root-fingerprint/v1"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_HOLDER_ALGORITHMS: Final = (Algorithm.ED25519, Algorithm.ML_DSA_44)


@dataclass(frozen=True)
class RootSet:
    """How many holders must sign, and their keys in the order listed.

    Each holder has exactly one Ed25519 and one ML-DSA-44 key under one name, no two holders share
    a key, and 1 <= threshold <= holders <= 16.
    """

    threshold: int
    keys: tuple[VerifierKey, ...]

    def __post_init__(self) -> None:
        check_keys(self.keys)
        for name, keys in self.holders.items():
            # Both, or whoever can forge one of them could do without the other.
            if sorted(key.algorithm.value for key in keys) != sorted(
                algorithm.value for algorithm in _HOLDER_ALGORITHMS
            ):
                raise MalformedError(
                    f"root holder {name!r} must have one Ed25519 and one ML-DSA-44 key"
                )
        if not 1 <= self.threshold <= len(self.holders):
            raise MalformedError(
                f"root threshold {self.threshold} does not fit {len(self.holders)} holders"
            )
        if len(self.holders) > HOLDER_LIMIT:
            raise MalformedError(f"more than {HOLDER_LIMIT} root holders")

    @classmethod
    def parse(cls, data: bytes) -> RootSet:
        """Read a roots file; raises `MalformedError`."""
        if len(data) > ROOT_FILE_LIMIT:
            raise MalformedError(f"roots file is longer than {ROOT_FILE_LIMIT} bytes")
        try:
            header, *lines = data.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise MalformedError("roots file is not ASCII") from None
        if header != HEADER:
            raise MalformedError("not a roots file", f"its first line is {HEADER!r}")
        words = [line.partition(" ")[::2] for line in lines[:-1]]
        keywords = [keyword for keyword, _ in words]
        if not words or keywords != ["root-threshold"] + ["root"] * (len(words) - 1):
            raise MalformedError("roots file is not one root-threshold line and then root lines")
        roots = cls(
            parse_number(words[0][1], "root-threshold"),
            tuple(VerifierKey.parse(value) for _, value in words[1:]),
        )
        if roots.to_bytes() != data:
            raise MalformedError("roots file is not in its one canonical form")
        return roots

    def to_bytes(self) -> bytes:
        """Write the roots file; the exact inverse of `parse`."""
        return "".join(f"{line}\n" for line in (HEADER, *self.lines())).encode("ascii")

    def lines(self) -> tuple[str, ...]:
        """Return the lines as a roster holds them: the threshold, then every key."""
        return (f"root-threshold {self.threshold}", *(f"root {key}" for key in self.keys))

    @property
    def holders(self) -> dict[str, tuple[VerifierKey, ...]]:
        """Every holder's keys by name, in the order listed."""
        by_name: defaultdict[str, tuple[VerifierKey, ...]] = defaultdict(tuple)
        for key in self.keys:
            by_name[key.name] += (key,)
        return dict(by_name)

    @property
    def fingerprint(self) -> str:
        """30 digits in 6 groups of 5 (protocol 9.4), equal however the keys are ordered.

        SHA-256(label || 00 || threshold in decimal || 00 || sorted vkeys, each with LF), as a big
        endian number modulo 10^30.
        """
        vkeys = "".join(f"{vkey}\n" for vkey in sorted(map(str, self.keys)))
        parts = (_FINGERPRINT_LABEL, str(self.threshold).encode(), vkeys.encode())
        digest = hashlib.sha256(b"\x00".join(parts)).digest()
        digits = f"{int.from_bytes(digest, 'big') % 10**30:030d}"
        return " ".join(digits[start : start + 5] for start in range(0, 30, 5))

    def signed(self, note: Note) -> tuple[str, ...]:
        """Name the holders who signed with all their keys.

        Raises `ProofError` where a line of one of these keys does not verify.
        """
        # Every key is tried before any is counted: no bad line hides behind a missing one.
        missing = {key.name for key in self.keys if not note.signed_by(key)}
        return tuple(name for name in self.holders if name not in missing)

    def check_signed(self, note: Note) -> None:
        """Raise unless enough holders signed: names are counted, never keys."""
        names = self.signed(note)
        if len(names) < self.threshold:
            raise RosterError(
                f"roster is signed by {len(names)} of the {self.threshold} root holders it needs",
                "a holder counts who signed with both keys: see `intake roster sign`",
            )


def check_keys(keys: tuple[VerifierKey, ...]) -> None:
    """Raise `MalformedError` where one key stands twice, also under two names or types.

    Otherwise one person listed under two names would count as two. Names are ASCII, so that what
    is read aloud at the ceremony is what stands there.
    """
    if not all(key.name.isascii() for key in keys):
        raise MalformedError("a key's name is not ASCII")
    if len({key.key for key in keys}) != len(keys):
        raise MalformedError("one key is listed twice")
    if len({(key.name, key.key_hash) for key in keys}) != len(keys):
        raise MalformedError("two keys have one name and hash", "make one of them anew")


def parse_number(text: str, what: str) -> int:
    """Read a decimal number from 1 to 999,999,999 in its one spelling."""
    if not _NUMBER.fullmatch(text):
        raise MalformedError(f"{what} is not a number from 1 to 999999999")
    return int(text)


def parse_fingerprint(text: str) -> str:
    """Read 30 digits as a person types them, spaced in any way, into the form of `fingerprint`."""
    digits = "".join(text.split())
    if not re.fullmatch(r"[0-9]{30}", digits):
        raise MalformedError("fingerprint is not 30 digits")
    return " ".join(digits[start : start + 5] for start in range(0, 30, 5))
