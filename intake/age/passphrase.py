"""The `scrypt` recipient type: a file locked with a passphrase.

Testimony never arrives locked like this; it is for the stock form of a reviewer's identity.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from intake.age import primitives
from intake.age.errors import HeaderError, UnavailableError
from intake.age.header import Stanza
from intake.age.primitives import check_body, decode_base64, encode_base64
from intake.errors import MalformedError

STANZA_TYPE = "scrypt"

_SALT_SIZE = 16  # bytes
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_WORK_FACTOR = re.compile(r"[1-9][0-9]{0,2}")  # three digits pass every bound; no huge int
_LARGEST_LOG_N = 30  # 1 TiB of memory, the bound of Go's age


@dataclass(frozen=True, slots=True)
class ScryptRecipient:
    """Locks with a passphrase at a cost of 2^log_n times 1 KiB of memory (18: 256 MiB)."""

    passphrase: str = field(repr=False)
    log_n: int = 18

    def __post_init__(self) -> None:
        _check(self.passphrase, self.log_n)

    def wrap(self, file_key: bytes) -> Stanza:
        """Seal a 16-byte file key under the passphrase and a fresh salt."""
        salt = secrets.token_bytes(_SALT_SIZE)
        key = _stretch(self.passphrase, salt, self.log_n)
        args = (encode_base64(salt).decode("ascii"), str(self.log_n))
        return Stanza(STANZA_TYPE, args, primitives.wrap(key, file_key))


@dataclass(frozen=True, slots=True)
class ScryptIdentity:
    """Opens with a passphrase, at no more than 2^max_log_n times 1 KiB of memory (22: 4 GiB)."""

    passphrase: str = field(repr=False)
    max_log_n: int = 22

    def __post_init__(self) -> None:
        _check(self.passphrase, self.max_log_n)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Find the file key in the one scrypt stanza; None where the passphrase is another.

        Raises HeaderError for a stanza that breaks its rules, asks for more work than allowed, or
        is not alone; UnavailableError where the machine lacks the memory.
        """
        check_alone(stanzas)
        for stanza in stanzas:
            if stanza.type == STANZA_TYPE:
                salt, log_n = _parameters(stanza)
                if log_n > self.max_log_n:
                    raise HeaderError("scrypt stanza asks for too much work")
                return primitives.unwrap(_stretch(self.passphrase, salt, log_n), stanza.body)
        return None


def check_alone(stanzas: Sequence[Stanza]) -> None:
    """Raise HeaderError where a scrypt stanza stands beside another stanza of any type.

    Whoever opens a file with a passphrase takes it that only those who know it could have made it.
    """
    if len(stanzas) > 1 and any(stanza.type == STANZA_TYPE for stanza in stanzas):
        raise HeaderError("scrypt stanza is not alone")


def _parameters(stanza: Stanza) -> tuple[bytes, int]:
    """Give salt and log N of a stanza that has the right shape."""
    if len(stanza.args) != 2:
        raise HeaderError("scrypt stanza does not have three arguments")
    salt = decode_base64(stanza.args[0].encode("ascii"))
    if len(salt) != _SALT_SIZE:
        raise HeaderError("scrypt salt is not 16 bytes")
    if not _WORK_FACTOR.fullmatch(stanza.args[1]):
        raise HeaderError("scrypt work factor is not a plain decimal number")
    check_body(stanza)
    return salt, int(stanza.args[1])


def _check(passphrase: str, log_n: int) -> None:
    if not passphrase:
        raise MalformedError("passphrase is empty")
    # Looked for here: the codec's own error would carry the passphrase along.
    if any("\ud800" <= character <= "\udfff" for character in passphrase):
        raise MalformedError("passphrase is not valid Unicode")
    if not 1 <= log_n <= _LARGEST_LOG_N:
        raise MalformedError("scrypt work factor is not between 1 and 30")


def _stretch(passphrase: str, salt: bytes, log_n: int) -> bytes:
    scrypt = Scrypt(salt=_SALT_LABEL + salt, length=32, n=1 << log_n, r=8, p=1)
    try:
        return scrypt.derive(passphrase.encode("utf-8"))
    except MemoryError:
        raise UnavailableError(
            "too little memory for this passphrase",
            f"scrypt needs {1 << log_n} KiB; open the file on a larger machine",
        ) from None
