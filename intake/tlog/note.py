"""C2SP signed notes (c2sp.org/signed-note): a text, and lines that sign it.

A note that parses says nothing yet: only `Note.signed_by` with a key trusted beforehand does.
Cosignatures of witnesses (types 0x04 and 0x06) sign more than the text and are never checked here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from intake.errors import MalformedError, ProofError

NOTE_LIMIT: Final = 1_000_000  # bytes, text and signatures
SIGNATURE_LIMIT: Final = 100  # lines; the spec asks for at least 16
SEED_LENGTH: Final = 32  # bytes, of both private keys
_DASH: Final = "\u2014 "  # em dash, space
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_VKEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")


class Algorithm(Enum):
    """Signature types; the value is what stands before the public key in a vkey and its hash."""

    ED25519 = b"\x01"
    COSIGNATURE_ED25519 = b"\x04"
    COSIGNATURE_ML_DSA_44 = b"\x06"
    # 0xff asks for a long identifier. Its LF keeps it from being a prefix of another one.
    ML_DSA_44 = b"\xfftestimony-intake/note-ml-dsa-44/v1\n"

    @property
    def key_length(self) -> int:
        """Length of a public key in bytes."""
        return 32 if self in (Algorithm.ED25519, Algorithm.COSIGNATURE_ED25519) else 1312

    @property
    def signs_text(self) -> bool:
        """Tell a signature over the note's text from a witness's cosignature."""
        return self in (Algorithm.ED25519, Algorithm.ML_DSA_44)


@dataclass(frozen=True)
class VerifierKey:
    """A public key with a name: `name+hash+base64(type || key)`, the vkey of the spec."""

    name: str
    algorithm: Algorithm
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.key) != self.algorithm.key_length:
            raise MalformedError(
                f"public key of {self.name!r} has {len(self.key)} bytes, "
                f"not {self.algorithm.key_length}"
            )

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a vkey; raises `MalformedError`, also where its hash is not that of its key."""
        match = _VKEY.fullmatch(text)
        if match is None:
            raise MalformedError("not a verifier key (name+hash+key)")
        tagged = decode_base64(match[3], "verifier key")
        for algorithm in Algorithm:
            if tagged.startswith(algorithm.value):
                vkey = cls(match[1], algorithm, tagged[len(algorithm.value) :])
                if str(vkey) != text:
                    raise MalformedError(f"verifier key of {match[1]!r} has another key's hash")
                return vkey
        raise MalformedError(f"verifier key of {match[1]!r} has an unknown signature type")

    def __str__(self) -> str:
        """Write the vkey; the exact inverse of `parse`."""
        return f"{self.name}+{self.key_hash.hex()}+{encode_base64(self.algorithm.value + self.key)}"

    @property
    def key_hash(self) -> bytes:
        """4 bytes that find a key's lines in a note. An identifier only: it binds nothing."""
        tagged = self.name.encode() + b"\n" + self.algorithm.value + self.key
        return hashlib.sha256(tagged).digest()[:4]

    def check(self, text: bytes, signature: bytes) -> None:
        """Raise `ProofError` unless `signature` is this key's over `text`.

        A cosignature key is the caller's mistake and raises `ValueError`.
        """
        if not self.algorithm.signs_text:
            raise ValueError("a cosignature is checked with its checkpoint, not over a note's text")
        try:
            if self.algorithm is Algorithm.ED25519:
                Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text)
            else:
                MLDSA44PublicKey.from_public_bytes(self.key).verify(signature, text)
        except InvalidSignature:
            raise ProofError(f"signature of {self.name!r} does not hold") from None


@dataclass(frozen=True)
class Signature:
    """One signature line: `— name base64(key hash || signature)`, without its LF."""

    name: str
    key_hash: bytes
    signature: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.key_hash) != 4 or not self.signature:
            raise MalformedError(f"signature of {self.name!r} is too short")

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read one line; raises `MalformedError`."""
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise MalformedError("not a signature line")
        raw = decode_base64(encoded, "signature")
        return cls(name, raw[:4], raw[4:])

    def __str__(self) -> str:
        """Write the line; the exact inverse of `parse`."""
        return f"{_DASH}{self.name} {encode_base64(self.key_hash + self.signature)}"


@dataclass(frozen=True)
class Signer:
    """A private key that signs notes: a name, an algorithm and a 32-byte seed."""

    name: str
    algorithm: Algorithm
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if not self.algorithm.signs_text or len(self.seed) != SEED_LENGTH:
            raise ValueError("a signer is Ed25519 or ML-DSA-44 and has a seed of 32 bytes")

    @cached_property
    def vkey(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.algorithm, self._key.public_key().public_bytes_raw())

    def sign(self, text: bytes) -> Signature:
        """Sign `text`, which must be a note's (see `Note`). ML-DSA-44 signs anew each time."""
        Note(text, ())
        return Signature(self.name, self.vkey.key_hash, self._key.sign(text))

    @cached_property
    def _key(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.algorithm is Algorithm.ED25519:
            return Ed25519PrivateKey.from_private_bytes(self.seed)
        return MLDSA44PrivateKey.from_seed_bytes(self.seed)


@dataclass(frozen=True)
class Note:
    """A text and its signature lines, well formed but not yet verified.

    `text` is UTF-8, ends with LF and holds no other control character; at most 1,000,000 bytes
    and 100 signatures in all. A note without signatures exists only until it is signed: it has no
    bytes that `parse` reads.
    """

    text: bytes
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith(b"\n"):
            raise MalformedError("note text does not end with a newline")
        _check_characters(self.text)
        if len(self.signatures) > SIGNATURE_LIMIT:
            raise MalformedError(f"note has more than {SIGNATURE_LIMIT} signatures")
        if len(self.to_bytes()) > NOTE_LIMIT:
            raise MalformedError(f"note is longer than {NOTE_LIMIT} bytes")

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Read a note with at least one signature line; raises `MalformedError`."""
        if len(data) > NOTE_LIMIT:
            raise MalformedError(f"note is longer than {NOTE_LIMIT} bytes")
        # The text may hold empty lines; the last one ends it.
        text, blank, tail = data.rpartition(b"\n\n")
        if not blank or not tail.endswith(b"\n"):
            raise MalformedError("note has no signatures", "a draft is signed by its key holders")
        if tail.count(b"\n") > SIGNATURE_LIMIT:
            raise MalformedError(f"note has more than {SIGNATURE_LIMIT} signatures")
        lines = _check_characters(tail).removesuffix("\n").split("\n")
        note = cls(text + b"\n", tuple(Signature.parse(line) for line in lines))
        if note.to_bytes() != data:
            raise MalformedError("note is not in its one canonical form")
        return note

    def to_bytes(self) -> bytes:
        """Write the note; the exact inverse of `parse`."""
        return self.text + b"\n" + "".join(f"{line}\n" for line in self.signatures).encode()

    def signed_by(self, vkey: VerifierKey) -> bool:
        """Say whether `vkey` signed the text: False if it has no line here.

        A line that bears this key's name and hash and does not verify is a `ProofError`, as the
        spec asks: somebody altered the text or forged the line. Lines of other keys are ignored.
        """
        lines = self.lines_of(vkey)
        for line in lines:
            vkey.check(self.text, line.signature)
        return bool(lines)

    def lines_of(self, vkey: VerifierKey) -> list[Signature]:
        """The lines that bear this key's name and hash, not yet verified."""
        key_hash = vkey.key_hash
        return [
            line for line in self.signatures if line.name == vkey.name and line.key_hash == key_hash
        ]

    def with_signature(self, signature: Signature) -> Note:
        """Return the note with one more line at its end."""
        return Note(self.text, (*self.signatures, signature))


def check_name(name: str) -> None:
    """Raise `MalformedError` unless this can name a key: not empty, no space, no '+'."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise MalformedError("key name is empty or holds a space or '+'")
    try:
        _check_characters(name.encode())
    except UnicodeEncodeError:
        raise MalformedError("key name is not valid Unicode") from None


def _check_characters(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise MalformedError("note is not valid UTF-8") from None
    if _CONTROL.search(text):
        raise MalformedError("note holds a control character")
    return text


def encode_base64(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(raw).decode()


def decode_base64(text: str, what: str) -> bytes:
    """Bytes of any length from base64 in its one spelling; `what` stands in the `MalformedError`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError(f"{what} is not base64") from None
    # b64decode forgives trailing bits: two spellings of one signature.
    if encode_base64(raw) != text:
        raise MalformedError(f"{what} is not canonical base64")
    return raw
