"""Writes `tests/vectors/ledger.json`: two ledgers that must be read and believed for ever.

`python -m tests.ledger.write_vectors` from the repository's root, once: it never replaces the
file, for a new one would prove nothing about ledgers that exist.
"""

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from intake.ledger.act import item_id
from tests.ledger.panels import GOOD, SALT, TODAY, checked, good_rosters, write
from tests.panel import signed
from tests.vectors.roster.fixed import ROOTS, root

PATH = Path(__file__).parents[1] / "vectors" / "ledger.json"


def vectors(folder: Path) -> dict[str, object]:
    """What the file holds."""
    envelopes = [sha256(b"object %d" % number).digest() for number in range(4)]
    holders = [signer for number in (0, 1) for signer in root(number)]
    files = write(GOOD)
    outcome = checked(folder, files)
    return {
        "note": "test keys: anyone has them, intake/forbidden_keys.txt keeps them out of use",
        "salt": b64encode(SALT).decode(),
        "items": {b64encode(raw).decode(): item_id(SALT, raw) for raw in envelopes},
        "roots": ROOTS["three"].to_bytes().decode(),
        "rosters": [signed(roster, holders).decode() for roster in good_rosters()],
        "ledgers": {name: content.decode() for name, content in files.items()},
        "checked": str(TODAY),
        "told": outcome.told(),
    }


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with PATH.open("x", encoding="utf-8") as file, TemporaryDirectory() as name:
        file.write(json.dumps(vectors(Path(name)), indent=1, ensure_ascii=False) + "\n")
