"""The `mlkem768x25519` recipient type: ML-KEM-768 and X25519 together, through HPKE.

Safe as long as either of the two holds, also against a quantum computer that reads today's
files later. The bytes are those of C2SP age.md and filippo.io/hpke-pq.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from intake.age import bech32
from intake.age.errors import HeaderError
from intake.age.header import Stanza
from intake.age.primitives import check_body, decode_base64, encode_base64
from intake.age.x25519 import SHARE_SIZE, is_low_order
from intake.errors import MalformedError

STANZA_TYPE = "mlkem768x25519"
SEED_SIZE = 32  # bytes, an identity

_RECIPIENT_PREFIX = "age1pq"
_IDENTITY_PREFIX = "AGE-SECRET-KEY-PQ-"
_MLKEM_KEY_SIZE = 1184  # bytes, the encapsulation key
_MLKEM_SHARE_SIZE = 1088  # bytes, the ML-KEM ciphertext
_PUBLIC_KEY_SIZE = _MLKEM_KEY_SIZE + SHARE_SIZE
_ENC_SIZE = _MLKEM_SHARE_SIZE + SHARE_SIZE
_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """A public key of 1,216 bytes: ML-KEM-768 encapsulation key, then X25519 share."""

    public_key: bytes
    _key: hpke.MLKEM768X25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raise MalformedError unless both parts are keys that can be sealed to.

        1. The length is right.
        2. Every coefficient of the ML-KEM part is below the modulus (FIPS 203, 7.2).
        3. The X25519 part is not of low order, which would leave its secret all zero.
        """
        # (1) length
        if len(self.public_key) != _PUBLIC_KEY_SIZE:
            raise MalformedError("hybrid public key is not 1216 bytes")
        # (2) modulus
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(self.public_key[:_MLKEM_KEY_SIZE])
        except ValueError:
            raise MalformedError("hybrid public key has a value beyond its modulus") from None
        # (3) order
        share = self.public_key[_MLKEM_KEY_SIZE:]
        if is_low_order(share):
            raise MalformedError("hybrid public key holds a low-order X25519 share")
        x25519 = X25519PublicKey.from_public_bytes(share)
        object.__setattr__(self, "_key", hpke.MLKEM768X25519PublicKey(mlkem, x25519))

    @classmethod
    def parse(cls, text: str) -> "HybridRecipient":
        """Read "age1pq1..." of 1,959 characters, or raise MalformedError."""
        return _read(text)

    def __str__(self) -> str:
        return _spelled(self.public_key)

    def wrap(self, file_key: bytes) -> Stanza:
        """Seal a 16-byte file key to this recipient with a fresh encapsulation."""
        sealed = _SUITE.encrypt(file_key, self._key, _INFO)
        enc = encode_base64(sealed[:_ENC_SIZE]).decode("ascii")
        return Stanza(STANZA_TYPE, (enc,), sealed[_ENC_SIZE:])


# A roster is read again at every step, and names the same few. What is remembered is public; an
# identity never is.
@lru_cache(maxsize=128)
def _read(text: str) -> HybridRecipient:
    return HybridRecipient(bech32.decode_expecting(_RECIPIENT_PREFIX, text, _PUBLIC_KEY_SIZE))


@lru_cache(maxsize=128)
def _spelled(public_key: bytes) -> str:
    return bech32.encode(_RECIPIENT_PREFIX, public_key)


@dataclass(frozen=True, slots=True)
class HybridIdentity:
    """A secret key: 32 random bytes from which both parts are derived."""

    seed: bytes = field(repr=False)
    _mlkem: MLKEM768PrivateKey = field(init=False, repr=False, compare=False)
    _x25519: X25519PrivateKey = field(init=False, repr=False, compare=False)
    _key: hpke.MLKEM768X25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_SIZE:
            raise MalformedError("hybrid identity is not 32 bytes")
        # hpke-pq: one seed stretched for both parts, so that neither can be swapped alone.
        expanded = hashlib.shake_256(self.seed).digest(96)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        object.__setattr__(self, "_mlkem", mlkem)
        object.__setattr__(self, "_x25519", x25519)
        object.__setattr__(self, "_key", hpke.MLKEM768X25519PrivateKey(mlkem, x25519))

    @classmethod
    def generate(cls) -> "HybridIdentity":
        """Make a new identity from the system's randomness."""
        return cls(secrets.token_bytes(SEED_SIZE))

    @classmethod
    def from_seed(cls, seed: bytes) -> "HybridIdentity":
        """Make the identity of these 32 bytes."""
        return cls(seed)

    @classmethod
    def parse(cls, text: str) -> "HybridIdentity":
        """Read "AGE-SECRET-KEY-PQ-1..." of 77 characters, or raise MalformedError."""
        return cls(bech32.decode_expecting(_IDENTITY_PREFIX, text, SEED_SIZE))

    def __str__(self) -> str:
        return bech32.encode(_IDENTITY_PREFIX.lower(), self.seed).upper()

    @property
    def recipient(self) -> HybridRecipient:
        """The public half, which anyone may have."""
        mlkem = self._mlkem.public_key().public_bytes_raw()
        return HybridRecipient(mlkem + self._x25519.public_key().public_bytes_raw())

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Find the file key in the stanzas of this type; None where none is for this identity.

        Raises HeaderError for a stanza of this type that breaks its rules. All of them are looked
        at before the first is opened, so that a bad one is no secret between its neighbours.
        """
        mine = [sealed_part(stanza) for stanza in stanzas if stanza.type == STANZA_TYPE]
        for sealed in mine:
            try:
                return _SUITE.decrypt(sealed, self._key, _INFO)
            except InvalidTag:
                # HPKE says one word for every failure; a low-order share is a broken header and
                # not somebody else's key, so it is told apart here.
                if is_low_order(sealed[_MLKEM_SHARE_SIZE:_ENC_SIZE]):
                    raise HeaderError("stanza holds a low-order X25519 share") from None
        return None


def sealed_part(stanza: Stanza) -> bytes:
    """Give enc and ciphertext as HPKE wants them, or raise HeaderError for another shape.

    All that can be said of such a stanza without its key.
    """
    if len(stanza.args) != 1:
        raise HeaderError("mlkem768x25519 stanza does not have two arguments")
    enc = decode_base64(stanza.args[0].encode("ascii"))
    if len(enc) != _ENC_SIZE:
        raise HeaderError("mlkem768x25519 share is not 1120 bytes")
    check_body(stanza)
    return enc + stanza.body
