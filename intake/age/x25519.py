"""The `X25519` recipient type: what most age files in the world use.

Not safe against a quantum computer that reads today's files later: testimony is never sealed to
it. It is here so that the whole published test kit applies (C2SP age.md, "X25519").
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from intake.age import bech32, primitives
from intake.age.errors import HeaderError
from intake.age.header import Stanza
from intake.age.primitives import check_body, decode_base64, encode_base64, hkdf
from intake.errors import MalformedError

STANZA_TYPE = "X25519"
SHARE_SIZE = 32  # bytes

_RECIPIENT_PREFIX = "age"
_IDENTITY_PREFIX = "AGE-SECRET-KEY-"
_INFO = b"age-encryption.org/v1/X25519"

# Any scalar shows a low-order share, because all are multiples of the cofactor. It guards nothing,
# so one for the life of the process is enough.
_PROBE = X25519PrivateKey.generate()


def is_low_order(share: bytes) -> bool:
    """Tell whether every secret key makes the same all-zero secret with this 32-byte share."""
    try:
        _PROBE.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        return True
    return False


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """A public key of 32 bytes."""

    public_key: bytes

    def __post_init__(self) -> None:
        if len(self.public_key) != SHARE_SIZE:
            raise MalformedError("X25519 public key is not 32 bytes")
        if is_low_order(self.public_key):
            raise MalformedError("X25519 public key is of low order")

    @classmethod
    def parse(cls, text: str) -> "X25519Recipient":
        """Read "age1..." of 62 characters, or raise MalformedError."""
        return cls(bech32.decode_expecting(_RECIPIENT_PREFIX, text, SHARE_SIZE))

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self.public_key)

    def wrap(self, file_key: bytes) -> Stanza:
        """Seal a 16-byte file key to this recipient with a fresh share."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public_key))
        key = hkdf(secret, share + self.public_key, _INFO)
        argument = encode_base64(share).decode("ascii")
        return Stanza(STANZA_TYPE, (argument,), primitives.wrap(key, file_key))


@dataclass(frozen=True, slots=True)
class X25519Identity:
    """A secret key: 32 random bytes."""

    seed: bytes = field(repr=False)
    _key: X25519PrivateKey = field(init=False, repr=False, compare=False)
    _public_key: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SHARE_SIZE:
            raise MalformedError("X25519 identity is not 32 bytes")
        key = X25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_public_key", key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> "X25519Identity":
        """Make a new identity from the system's randomness."""
        return cls(secrets.token_bytes(SHARE_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> "X25519Identity":
        """Make the identity of these 32 bytes."""
        return cls(seed)

    @classmethod
    def parse(cls, text: str) -> "X25519Identity":
        """Read "AGE-SECRET-KEY-1..." of 74 characters, or raise MalformedError."""
        return cls(bech32.decode_expecting(_IDENTITY_PREFIX, text, SHARE_SIZE))

    def __str__(self) -> str:
        return bech32.encode(_IDENTITY_PREFIX.lower(), self.seed).upper()

    @property
    def recipient(self) -> X25519Recipient:
        """The public half, which anyone may have."""
        return X25519Recipient(self._public_key)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Find the file key in the stanzas of this type; None where none is for this identity.

        Raises HeaderError for a stanza of this type that breaks its rules.
        """
        mine = [(_share(stanza), stanza) for stanza in stanzas if stanza.type == STANZA_TYPE]
        for share, stanza in mine:
            try:
                secret = self._key.exchange(X25519PublicKey.from_public_bytes(share))
            except ValueError:
                raise HeaderError("stanza holds a low-order X25519 share") from None
            key = hkdf(secret, share + self._public_key, _INFO)
            file_key = primitives.unwrap(key, stanza.body)
            if file_key is not None:
                return file_key
        return None


def _share(stanza: Stanza) -> bytes:
    """Give the ephemeral share of a stanza that has the right shape."""
    if len(stanza.args) != 1:
        raise HeaderError("X25519 stanza does not have two arguments")
    share = decode_base64(stanza.args[0].encode("ascii"))
    if len(share) != SHARE_SIZE:
        raise HeaderError("X25519 share is not 32 bytes")
    check_body(stanza)
    return share
