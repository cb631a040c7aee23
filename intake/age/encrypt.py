"""Encrypts to recipients, as a stream, in one go, or from file to file.

Refuses rather than weakens: no file for nobody, no post-quantum recipient beside a classic one.
"""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from intake.age import mlkem768x25519, passphrase
from intake.age.errors import RecipientsError
from intake.age.header import Header, Stanza
from intake.age.primitives import FILE_KEY_SIZE
from intake.age.stream import (
    NONCE_SIZE,
    payload_key,
    seal_bytes,
    seal_stream,
    sealed_size,
    write_all,
)
from intake.age.whole import check_distinct, written_whole

_BARE_HEADER_SIZE = 70  # bytes: version line 22, MAC line 48
_HYBRID_STANZA_SIZE = 1557  # bytes


class Recipient(Protocol):
    """Anything a file key can be wrapped for."""

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap a 16-byte file key, with fresh randomness."""
        ...


def wrap_file_key(file_key: bytes, recipients: Sequence[Recipient]) -> Header:
    """Make a header that gives this 16-byte file key to every recipient, in their order.

    Raises RecipientsError for no recipient, for hybrid ones mixed with others (the file would be
    as weak as the weakest), and for a passphrase beside anything else.
    """
    if len(file_key) != FILE_KEY_SIZE:
        raise ValueError("a file key has 16 bytes")
    if not recipients:
        raise RecipientsError("no recipient", "say who may open the file")
    header = Header.sign(file_key, [recipient.wrap(file_key) for recipient in recipients])
    hybrid = [stanza.type == mlkem768x25519.STANZA_TYPE for stanza in header.stanzas]
    if any(hybrid) and not all(hybrid):
        raise RecipientsError(
            "post-quantum and classic recipients are mixed",
            "the file would be open to quantum computers; use keys that begin with age1pq1",
        )
    locked = [stanza.type == passphrase.STANZA_TYPE for stanza in header.stanzas]
    if any(locked) and len(locked) > 1:
        raise RecipientsError("a passphrase must be the only recipient")
    return header


def encrypt(source: BinaryIO, sink: BinaryIO, recipients: Sequence[Recipient]) -> None:
    """Encrypt all of `source` into `sink`, in memory that does not grow with it."""
    prefix, key = _begin(recipients)
    write_all(sink, prefix)
    seal_stream(key, source, sink)


def encrypt_bytes(plaintext: bytes, recipients: Sequence[Recipient]) -> bytes:
    """Encrypt what is already in memory, without copying it."""
    prefix, key = _begin(recipients)
    return seal_bytes(key, prefix, plaintext)


def seal_file(
    source: str | os.PathLike[str], destination: Path, recipients: Sequence[Recipient]
) -> None:
    """Encrypt a file; `destination` is replaced at once, when all of it is on disk, or never.

    Raises OSError as files do, and MalformedError where both paths are one file.
    """
    check_distinct(Path(source), destination)
    with Path(source).open("rb") as plain, written_whole(destination) as sink:
        encrypt(plain, sink, recipients)


def sealed_length(recipients: int, plaintext: int) -> int:
    """Say the length in bytes of a file with this many hybrid recipients (protocol.md 1.1)."""
    header = _BARE_HEADER_SIZE + _HYBRID_STANZA_SIZE * recipients
    return header + NONCE_SIZE + sealed_size(plaintext)


def _begin(recipients: Sequence[Recipient]) -> tuple[bytes, bytes]:
    """Give what stands before the chunks, and their key. Both are new for every file."""
    file_key = secrets.token_bytes(FILE_KEY_SIZE)
    nonce = secrets.token_bytes(NONCE_SIZE)
    header = wrap_file_key(file_key, recipients)
    return header.to_bytes() + nonce, payload_key(file_key, nonce)
