"""The small pieces every recipient type shares: HKDF, one-shot AEAD, strict unpadded base64.

Never used for a payload: that is `intake.age.stream`, which counts its nonces.
"""

import binascii
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake.age.errors import HeaderError

FILE_KEY_SIZE = 16  # bytes
TAG_SIZE = 16  # bytes, Poly1305
WRAPPED_SIZE = FILE_KEY_SIZE + TAG_SIZE  # bytes, the body of every native stanza

# One zero nonce for every wrap is safe: each wrapping key comes from a fresh ephemeral share or a
# fresh salt, and so seals one file key and nothing else.
_WRAP_NONCE = bytes(12)


class Body(Protocol):
    """What `check_body` looks at: anything with a stanza's body."""

    @property
    def body(self) -> bytes: ...


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    """Derive 32 bytes with HKDF-SHA-256 (C2SP age.md, conventions)."""
    return HKDF(SHA256(), 32, salt, info).derive(key)


def wrap(key: bytes, file_key: bytes) -> bytes:
    """Seal the 16-byte file key under a 32-byte key used once; 32 bytes."""
    return ChaCha20Poly1305(key).encrypt(_WRAP_NONCE, file_key, None)


def unwrap(key: bytes, body: bytes) -> bytes | None:
    """Open what `wrap` sealed; None where the key is another one."""
    try:
        return ChaCha20Poly1305(key).decrypt(_WRAP_NONCE, body, None)
    except InvalidTag:
        return None


def check_body(stanza: Body) -> None:
    """Raise HeaderError unless the body can hold exactly a file key and its tag.

    The length is looked at before any decryption, against partitioning oracles: a longer body
    could be made to open under many keys at once.
    """
    if len(stanza.body) != WRAPPED_SIZE:
        raise HeaderError("stanza body is not 32 bytes")


def encode_base64(raw: bytes) -> bytes:
    """Encode as standard base64 without padding and without line breaks."""
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=")


def decode_base64(text: bytes) -> bytes:
    """Read canonical unpadded base64, or raise HeaderError.

    Even a strict library decoder ignores bits that fall off the end, so one value would have
    several spellings: the result is encoded again and compared.
    """
    try:
        raw = binascii.a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except binascii.Error:
        raw = None
    if raw is None or encode_base64(raw) != text:
        raise HeaderError("base64 is not canonical")
    return raw
