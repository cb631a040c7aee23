"""The age v1 file format (C2SP age.md): sealing to public keys, and opening.

Knows nothing of testimony. What product files may hold is a filter on top, in `intake.seal`.
"""

from intake.age.armor import ArmorReader, ArmorWriter, armor, dearmor
from intake.age.decrypt import Identity, decrypt, decrypt_bytes, open_file, unwrap_file_key
from intake.age.encrypt import (
    Recipient,
    encrypt,
    encrypt_bytes,
    seal_file,
    sealed_length,
    wrap_file_key,
)
from intake.age.errors import (
    ArmorError,
    HeaderError,
    MacError,
    PayloadError,
    RecipientsError,
    UnavailableError,
)
from intake.age.header import HEADER_LIMIT, Header, Stanza, read_header
from intake.age.mlkem768x25519 import HybridIdentity, HybridRecipient
from intake.age.passphrase import ScryptIdentity, ScryptRecipient
from intake.age.selftest import self_test
from intake.age.x25519 import X25519Identity, X25519Recipient

__all__ = [
    "HEADER_LIMIT",
    "ArmorError",
    "ArmorReader",
    "ArmorWriter",
    "Header",
    "HeaderError",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "MacError",
    "PayloadError",
    "Recipient",
    "RecipientsError",
    "ScryptIdentity",
    "ScryptRecipient",
    "Stanza",
    "UnavailableError",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "dearmor",
    "decrypt",
    "decrypt_bytes",
    "encrypt",
    "encrypt_bytes",
    "open_file",
    "read_header",
    "seal_file",
    "sealed_length",
    "self_test",
    "unwrap_file_key",
    "wrap_file_key",
]
