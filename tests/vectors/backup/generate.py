"""Writes good.json and refused.json: `python -m tests.vectors.backup.generate`, from fixed inputs.

Records, lengths, the end's text and the padding are put together here and not by `intake.keeping`:
whatever changes in the files is a change of format, and backups made before must still be read.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from intake import canonical
from intake.author import withdraw_commit_of
from intake.collection import Collection
from intake.epoch import Epoch
from intake.event import Collected, Void, Withdrawn, manifest_of
from intake.opening import Opening
from intake.reply import ROW
from intake.tlog.entries import Blinded, ConfigChanged, EpochClosed, RosterChanged
from intake.tlog.note import Algorithm, Note, Signer
from tests.tlog.logs import LOG, WITNESSES, checkpoint_of, signed
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER, seed

FOLDER = Path(__file__).parent
ROSTER_NOTE = (FOLDER.parent / "roster" / "roster.note").read_bytes()
STEP = 16 << 20
MAGIC = b"INTKK1\0\0"
LAST, NOW = Epoch(2026, 47), Epoch(2026, 48)
BASE_ID = seed("backup base")[:16]
R1, R2 = (Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in (1, 2))
STRANGER = Signer(LOG.name, Algorithm.ED25519, seed("stranger"))


class Record(NamedTuple):
    """A kind and a content; the end is not one of them."""

    kind: int
    content: bytes


def written(record: Record) -> bytes:
    """Kind, length, content."""
    return bytes([record.kind]) + len(record.content).to_bytes(4) + record.content


def object_of(name: str) -> bytes:
    """Bytes that stand for a sealed object."""
    return seed(f"backup object {name}") * 3


def opening_of(name: str, epoch: Epoch) -> Opening:
    """The opening of an object."""
    redact, salt, salt2 = (seed(f"backup {what} {name}") for what in ("redact", "salt", "salt2"))
    envelope = sha256(object_of(name)).digest()
    commit = withdraw_commit_of(preimage_of(name))
    return Opening(epoch, redact, salt, envelope, ROSTER.digest, commit, salt2)


def preimage_of(name: str) -> bytes:
    """What withdraws an object."""
    return seed(f"backup preimage {name}")


def void(number: int) -> Void:
    """What stands for nothing."""
    return Void(LAST, seed(f"backup void {number}"), seed(f"backup void salt {number}"))


# Three came in a week that is closed, and thirteen nothings; "d" came after it, and "e" after the base.
NAMES = ("a", "b", "c")
EVENTS = [*(opening_of(name, LAST) for name in NAMES), *(void(number) for number in range(13))]
ENTRIES = [
    RosterChanged(1, ROSTER.digest).to_bytes(),
    *(Blinded(event.commit).to_bytes() for event in EVENTS),
    EpochClosed(LAST).to_bytes(),
]
LATER = [ConfigChanged("sha256:" + sha256(b"site.toml").hexdigest()).to_bytes()]
GONE = [
    Withdrawn(
        NOW, seed("gone"), seed("gone salt"), opening_of("b", LAST).envelope, preimage_of("b")
    )
]


def head(kind: str, begin: int, entries: Sequence[bytes], *, last: bool = False) -> dict[str, Any]:
    """A head, as its record has it."""
    checkpoint = checkpoint_of(entries)
    return {
        "v": 1,
        "deployment": DEPLOYMENT,
        "kind": kind,
        "base": b64encode(BASE_ID).decode(),
        "day": "2026-11-24" if kind == "base" else "2026-11-25",
        "begin": begin,
        "size": checkpoint.size,
        "root": b64encode(checkpoint.root).decode(),
        "store": 6,
        "step": STEP,
        "last": last,
    }


def files(entries: Sequence[bytes]) -> list[Record]:
    """A site's files by name."""
    found = {
        "keys/log.policy": f"log {LOG.vkey}\nquorum none\n".encode(),
        "keys/roster.note": ROSTER_NOTE,
        "log.key": LOG.seed,
        "log/checkpoint": signed(checkpoint_of(entries), WITNESSES[:2]).to_bytes(),
        "site.toml": b"# a site\n",
    }
    return [Record(2, name.encode() + b"\0" + content) for name, content in sorted(found.items())]


def framed(values: Sequence[bytes]) -> bytes:
    """Each after its length in two bytes."""
    return b"".join(len(value).to_bytes(2) + value for value in values)


def row(name: str, opening: Opening, leaf: int | None, week: bytes = bytes(8)) -> Record:
    """A submission's row."""
    number = 2**64 - 1 if leaf is None else leaf
    status = seed(f"backup status {name}")[:16]
    return Record(6, status + number.to_bytes(8) + week + opening.to_bytes())


def board(number: int) -> bytes:
    """A row of the board."""
    return (seed(f"backup board {number}") * (ROW // 32 + 1))[:ROW]


def boards(*rows: tuple[bytes, bytes]) -> list[Record]:
    """Rows with their weeks, by their hashes."""
    ordered = sorted(rows, key=lambda one: sha256(one[1]).digest())
    return [Record(10, week + content) for week, content in ordered]


def by_envelope(*rows: tuple[Opening, list[Record]]) -> list[Record]:
    """Submissions in their order."""
    ordered = sorted(rows, key=lambda one: one[0].envelope)
    return [record for _, records in ordered for record in records]


def kept(name: str, epoch: Epoch, leaf: int | None) -> tuple[Opening, list[Record]]:
    """A submission that is here."""
    opening = opening_of(name, epoch)
    return opening, [row(name, opening, leaf), Record(7, object_of(name))]


def counters(came: int) -> Record:
    """The single rows."""
    rows = {
        "epoch": NOW.number,
        "bytes": came,
        "told": 0,
        "closed": str(LAST),
        "settled": str(LAST),
    }
    return Record(11, canonical.encode(rows))


def base() -> list[Record]:
    """Everything."""
    logged = [kept(name, LAST, number) for number, name in enumerate(NAMES, 1)]
    return [
        Record(1, canonical.encode(head("base", 0, ENTRIES))),
        *files(ENTRIES),
        Record(3, framed(ENTRIES)),
        Record(4, framed([event.to_bytes() for event in EVENTS])),
        *by_envelope(*logged, kept("d", NOW, None)),
        *boards((str(LAST).encode(), board(1)), (bytes(8), board(2))),
        counters(96),
    ]


def part() -> list[Record]:
    """Since then one was withdrawn, one was released, one came, and the configuration changed."""
    entries = [*ENTRIES, *LATER]
    gone = opening_of("b", LAST)
    checkpoint = checkpoint_of(ENTRIES)
    let_go = [opening_of("c", LAST).envelope]
    statement = Collection.of(DEPLOYMENT, checkpoint.size, checkpoint.root, let_go).signed(R1, R2)
    by = ("r1", "r2")
    collected = Collected(NOW, seed("let go"), seed("let go salt"), manifest_of(let_go), by)
    events = sorted([GONE[0].to_bytes(), collected.to_bytes()])
    return [
        Record(1, canonical.encode(head("part", len(ENTRIES), entries, last=True))),
        *files(ENTRIES),
        Record(3, framed(LATER)),
        Record(5, bytes([0b01000000, 0, 0])),
        *by_envelope(
            (gone, [row("b", gone, 2, str(NOW).encode())]),
            kept("d", NOW, None),
            kept("e", NOW, None),
        ),
        *(Record(8, event) for event in events),
        Record(9, statement.to_bytes()),
        *boards((str(LAST).encode(), board(1)), (bytes(8), board(2)), (bytes(8), board(3))),
        counters(192),
    ]


def end_of(records: Sequence[Record], signer: Signer = LOG, first: Record | None = None) -> Record:
    """The log's signature over these records, of what `first`, or the first of them, says."""
    said = json.loads((first or records[0]).content)
    digest = b64encode(sha256(MAGIC + b"".join(map(written, records))).digest()).decode()
    text = (
        f"testimony-intake/backup/v1\ntestimony-intake/{said['deployment']}\n"
        f"{said['kind']} {said['base']}\n{said['size']} {said['root']}\n"
        f"records {len(records)}\nsha256 {digest}\n"
    ).encode()
    return Record(12, Note(text, (signer.sign(text),)).to_bytes())


def plaintext(records: Sequence[Record], step: int = STEP) -> bytes:
    """Magic, records, zeros."""
    content = MAGIC + b"".join(map(written, records))
    while len(content) > step:
        step *= 2
    return content + bytes(step - len(content))


def told(records: Sequence[Record]) -> list[list[object]]:
    """As JSON."""
    return [[record.kind, b64encode(record.content).decode()] for record in records]


def records_of(rows: Sequence[Sequence[Any]]) -> list[Record]:
    """The inverse of `told`."""
    return [Record(kind, b64decode(content)) for kind, content in rows]


def good() -> Iterator[dict[str, Any]]:
    """A base and a part of it."""
    for name, records in (("base", base()), ("part", part())):
        whole = [*records, end_of(records)]
        content = plaintext(whole)
        digest = sha256(content).hexdigest()
        yield {"name": name, "length": len(content), "sha256": digest, "records": told(whole)}


def main() -> None:
    """Write both."""
    from tests.vectors.backup.faults import refused

    for name, rows in (("good", good()), ("refused", refused())):
        text = json.dumps(list(rows), indent=1) + "\n"
        (FOLDER / f"{name}.json").write_text(text, "ascii")


if __name__ == "__main__":
    main()
