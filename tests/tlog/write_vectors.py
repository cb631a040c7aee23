"""Writes `tests/vectors/log.json`: a small log that must be read and believed for ever.

`python -m tests.tlog.write_vectors` from the repository's root, once: it never replaces the file,
for ML-DSA-44 signs anew each time, and a new file would prove nothing about logs that exist.
"""

import json
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from intake.epoch import Epoch
from intake.tlog.entries import Blinded, CodeReleased, ConfigChanged, EpochClosed, RosterChanged
from intake.tlog.merkle import prove_consistency, prove_inclusion
from intake.tlog.promise import Promise
from intake.tlog.proof import LogProof
from intake.tlog.tile_writer import TileWriter
from intake.tlog.witness import AddCheckpoint
from tests.tlog.logs import LOG, ORIGIN, POLICY, WITNESSES, checkpoint_of, signed
from tests.tlog.trees import reader

PATH = Path(__file__).parents[1] / "vectors" / "log.json"
SIZES = (0, 3, 20, 37, 50)
PROVED = (0, 5, 19, 36, 49)


def log_entries() -> list[bytes]:
    """Fifty entries: two closed epochs of sixteen, and public words of every kind."""
    first, second = (
        [Blinded(sha256(b"leaf %d" % number).digest()) for number in range(begin, begin + 16)]
        for begin in (0, 16)
    )
    digest = f"sha256:{sha256(b'a public thing').hexdigest()}"
    begin = [RosterChanged(1, digest), ConfigChanged(digest), CodeReleased(digest)]
    rest = [RosterChanged(version, digest) for version in range(2, 15)]
    weeks = [EpochClosed(Epoch(2026, 47)), EpochClosed(Epoch(2026, 48))]
    log = [*begin, *first, weeks[0], *second, weeks[1], *rest]
    return [entry.to_bytes() for entry in log]


def vectors() -> dict[str, object]:
    """What the file holds."""
    entries = log_entries()
    notes = {size: signed(checkpoint_of(entries[:size])) for size in SIZES}
    last = notes[50]
    stored = reader(entries)
    proofs = [
        LogProof(index, prove_inclusion(index, 50, stored), last, b"extra %d" % index)
        for index in PROVED
    ]
    requests = [
        AddCheckpoint(old, prove_consistency(old, size, reader(entries[:size])), notes[size])
        for old, size in pairwise(SIZES)
    ]
    promise = Promise(ORIGIN, Epoch(2026, 47), entries[5][1:]).signed(LOG)
    return {
        "note": "test keys: anyone has them, intake/forbidden_keys.txt keeps them out of use",
        "seeds": {signer.name: signer.seed.hex() for signer in (LOG, *WITNESSES)},
        "policy": POLICY.to_bytes().decode(),
        "entries": [_b64(entry) for entry in entries],
        "checkpoints": {str(size): note.to_bytes().decode() for size, note in notes.items()},
        "proofs": {str(proof.index): proof.to_bytes().decode() for proof in proofs},
        "add_checkpoint": [request.to_bytes().decode() for request in requests],
        "promise": promise.to_bytes().decode(),
        "tiles": _tiles(entries),
    }


def _tiles(entries: list[bytes]) -> dict[str, str]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        TileWriter(folder).append(entries)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): _b64(path.read_bytes()) for path in files}


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode()


if __name__ == "__main__":
    with PATH.open("x", encoding="utf-8") as file:
        file.write(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n")
