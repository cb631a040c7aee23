"""Decrypts with identities, as a stream, in one go, or from file to file.

Never trusts a header before its MAC held, and calls no file whole before its last chunk held.
"""

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from intake.age import passphrase
from intake.age.errors import HeaderError
from intake.age.header import Header, Stanza, read_header
from intake.age.stream import NONCE_SIZE, open_bytes, open_stream, payload_key, read_up_to
from intake.age.whole import check_distinct, written_whole
from intake.errors import WrongKeyError


class Identity(Protocol):
    """Anything that may find a file key in stanzas."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Give the 16-byte file key, None where no stanza is for this identity."""
        ...


def unwrap_file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    """Give the 16-byte file key that the first fitting identity finds.

    1. A scrypt stanza stands alone, whoever is asking: else HeaderError.
    2. An identity finds a file key: else WrongKeyError.
    3. The MAC over the header was made with that key: else MacError.
    """
    # (1) scrypt alone
    passphrase.check_alone(header.stanzas)
    # (2) a file key
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            # (3) its MAC
            header.check(file_key)
            return file_key
    raise WrongKeyError(
        "no key offered opens this file", "it was sealed to other keys, or to older ones"
    )


def decrypt(source: BinaryIO, sink: BinaryIO, identities: Sequence[Identity]) -> None:
    """Decrypt all of `source` into `sink`, in memory that does not grow with it.

    Until this returns, `sink` holds a true beginning of a file whose end is not verified. Nobody
    may read, parse or keep it if this raises: `open_file` and `decrypt_bytes` see to that.
    """
    header = read_header(source)
    nonce = read_up_to(source, NONCE_SIZE)
    open_stream(_payload_key(header, nonce, identities), source, sink)


def decrypt_bytes(ciphertext: bytes, identities: Sequence[Identity]) -> bytes:
    """Decrypt what is already in memory, without copying it; all of it or an error."""
    source = io.BytesIO(ciphertext)
    header = read_header(source)
    nonce = source.read(NONCE_SIZE)
    key = _payload_key(header, nonce, identities)
    return open_bytes(key, memoryview(ciphertext)[source.tell() :])


def open_file(
    source: str | os.PathLike[str], destination: Path, identities: Sequence[Identity]
) -> None:
    """Decrypt a file; nothing stands at `destination` before the last chunk was verified.

    Until then the plaintext is in a file beside it that only its owner can read and that is
    removed on any failure. Raises OSError as files do, MalformedError where both are one file.
    """
    check_distinct(Path(source), destination)
    with Path(source).open("rb") as sealed, written_whole(destination) as sink:
        decrypt(sealed, sink, identities)


def _payload_key(header: Header, nonce: bytes, identities: Sequence[Identity]) -> bytes:
    # The nonce is looked at first: a file without one is broken whoever opens it.
    if len(nonce) != NONCE_SIZE:
        raise HeaderError("file ends inside its nonce")
    return payload_key(unwrap_file_key(header, identities), nonce)
