"""Makes the fixed sealed files of this folder: run once for a new set, never to replace one.

Sealing is random, so every run gives other bytes. What is committed must open for ever.
"""

import hashlib
import json
import sys
from pathlib import Path

from intake.age import HybridIdentity, encrypt_bytes

SIZES = (0, 1, 65535, 65536, 65537, 131072)
IDENTITIES = 3


def identity(number: int) -> HybridIdentity:
    """Give the fixed identity of this number, from 1."""
    return HybridIdentity.from_seed(hashlib.sha256(b"intake test identity %d" % number).digest())


def plaintext(size: int) -> bytes:
    """Give the fixed plaintext of this size."""
    return hashlib.shake_256(b"intake test plaintext").digest(size)


def main(folder: Path) -> None:
    """Write the sealed files and `sealed.json` into `folder`; refuse to replace one."""
    identities = [identity(number) for number in range(1, IDENTITIES + 1)]
    recipients = [one.recipient for one in identities]
    files: list[dict[str, str | int]] = []
    for size in SIZES:
        with (folder / f"{size}.age").open("xb") as sink:
            sink.write(encrypt_bytes(plaintext(size), recipients))
        digest = hashlib.sha256(plaintext(size)).hexdigest()
        files.append({"name": f"{size}.age", "size": size, "sha256": digest})
    listing = {
        "identities": [str(one) for one in identities],
        "recipients": [str(one) for one in recipients],
        "files": files,
    }
    with (folder / "sealed.json").open("x", encoding="ascii") as out:
        json.dump(listing, out, indent=1)
        out.write("\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
