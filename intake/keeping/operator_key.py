"""The operator's key, to which backups are sealed: an age identity, locked with age's own scrypt.

Its file and every backup open with stock `age`, too. It never lies on the server.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from intake.age import (
    HybridIdentity,
    ScryptIdentity,
    ScryptRecipient,
    armor,
    dearmor,
    decrypt_bytes,
    encrypt_bytes,
)
from intake.errors import IntakeError, MalformedError

LOG_N: Final = 18  # 256 MiB, as stock age's own default
_LIMIT: Final = 65_536  # bytes of a key's file
_ARMOR: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_SECRET: Final = "AGE-SECRET-KEY-PQ-"  # noqa: S105 - how a line of one begins


def locked(identity: HybridIdentity, passphrase: str, log_n: int = LOG_N) -> bytes:
    """The file of an identity, as stock age reads it."""
    lines = f"# public key: {identity.recipient}\n{identity}\n"
    recipient = ScryptRecipient(passphrase, log_n=log_n)
    return armor(encrypt_bytes(lines.encode("ascii"), [recipient])).encode("ascii")


def read_identity(path: Path, ask: Callable[[], str]) -> HybridIdentity:
    """The identity in a file; `ask` gives the passphrase where it is locked with one."""
    with path.open("rb") as file:
        data = file.read(_LIMIT + 1)
    if data.lstrip().startswith(_ARMOR):
        data = decrypt_bytes(dearmor(data), [ScryptIdentity(ask(), LOG_N)])
    lines = [line.strip() for line in data.decode("ascii", "replace").splitlines()]
    found = [line for line in lines if line.startswith(_SECRET)]
    if len(found) != 1:
        raise MalformedError(
            f"{path.name} holds no operator's key", "`intake keys new-operator` makes one"
        )
    try:
        return HybridIdentity.parse(found[0])
    except IntakeError:  # its phrase may say something of the key
        raise MalformedError(f"the key in {path.name} is damaged", "take its other copy") from None
