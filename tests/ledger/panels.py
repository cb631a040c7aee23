"""Two machines' ledgers of some weeks of good work, and what a test may change in them.

Keys are those of `tests/vectors/roster`: `intake/forbidden_keys.txt` keeps them out of use.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from intake.audit.ledger_chain import Reviewers
from intake.audit.ledger_check import Outcome, check_ledgers
from intake.epoch import Epoch
from intake.ledger.act import Act, Kind, item_id, listed
from intake.ledger.record import Head, Record
from intake.roster import Roster
from intake.tlog.checkpoint import Checkpoint
from intake.tlog.merkle import EMPTY, leaf_hash
from intake.tlog.note import Algorithm, Signer
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER, reviewer, seed

START: Final = Epoch(2026, 32)
SALT: Final = seed("salt of a case")
ITEMS: Final = [item_id(SALT, sha256(b"object %d" % number).digest()) for number in range(4)]
I0, I1, I2, STRANGE = ITEMS
FILE: Final = f"sha256:{sha256(b'a report').hexdigest()}"
TOOL: Final = f"sha256:{sha256(b'the program').hexdigest()}"
ROOT: Final = sha256(b"the root of the log of the site").hexdigest()
LOG: Final = {"size": "20", "root": ROOT}
HEADS: Final = {name: Head(DEPLOYMENT, name) for name in ("one", "two")}
TODAY: Final = dt.date(2026, 11, 20)


def signer(name: str, key: str = "") -> Signer:
    """The key of reviewer r1, r2, r3, or of another who is in no roster."""
    return Signer(name, Algorithm.ED25519, seed(f"signer {key or name.removeprefix('r')}"))


def week(number: int) -> Epoch:
    """So many weeks after the first one."""
    return Epoch.of(START.monday + dt.timedelta(weeks=number))


def good_rosters(issued: dt.date = START.monday) -> tuple[Roster, Roster]:
    """r1, r2 and r3 for a year; from the fourteenth week on without r3."""
    first = replace(ROSTER, issued=issued, expires=issued + dt.timedelta(days=365))
    second = replace(
        first,
        version=2,
        previous=first.digest,
        issued=issued + dt.timedelta(weeks=13),
        reviewers=(reviewer(1), reviewer(2)),
    )
    return first, second


def rosters() -> Reviewers:
    """Both, as an auditor has them."""
    first, second = good_rosters()
    return Reviewers([second, first])


@dataclass(frozen=True)
class Step:
    """An act to be: on which machine, by whom, how many weeks after the first.

    A `sync` takes size and root from the other ledger as it is then, unless they are given.
    """

    machine: str
    by: str
    weeks: int
    kind: Kind
    values: Mapping[str, str] = field(default_factory=dict[str, str])
    key: str = ""  # another's, in place of the reviewer's own

    def act(self, first: Epoch, others: Mapping[str, Checkpoint]) -> Act:
        """The act itself."""
        values = dict(self.values)
        if self.kind is Kind.SYNC and "size" not in values:
            other = others[values["machine"]]
            values |= {"size": str(other.size), "root": other.root.hex()}
        at = Epoch.of(first.monday + dt.timedelta(weeks=self.weeks))
        return Act.of(at, self.by, self.kind, **values)


def one(weeks: int, kind: Kind, by: str = "r1", **values: str) -> Step:
    """An act on the first machine."""
    return Step("one", by, weeks, kind, values)


def two(weeks: int, kind: Kind, by: str = "r2", **values: str) -> Step:
    """An act on the second machine."""
    return Step("two", by, weeks, kind, values)


GOOD: Final = (
    one(0, Kind.SESSION, hash=TOOL),
    one(0, Kind.COLLECT, stick="7", count="3", **LOG),
    one(0, Kind.IMPORT, failed="0", items=listed([I0, I1, I2]), **LOG),
    two(0, Kind.SESSION, hash=TOOL),
    two(0, Kind.IMPORT, failed="0", items=listed([I0, I1, I2]), **LOG),
    one(0, Kind.OPEN, item=I0, purpose="triage"),
    one(0, Kind.TRIAGE, item=I0),
    one(0, Kind.OPEN, item=I1, purpose="triage"),
    one(0, Kind.TRIAGE, item=I1),
    one(0, Kind.OPEN, item=I0, purpose="first-reading"),
    one(0, Kind.NOTE, item=I0, subject="first"),
    one(0, Kind.READ, item=I0, subject="first"),
    one(1, Kind.CODE, item=I0),
    two(1, Kind.SYNC, machine="one"),
    two(1, Kind.OPEN, item=I0, purpose="second-reading"),
    two(1, Kind.READ, item=I0, subject="second"),
    two(1, Kind.CORROBORATE, item=I0),
    one(1, Kind.SYNC, machine="two"),
    one(1, Kind.CONSENT, item=I0, subject="recorded"),
    one(1, Kind.REDACT, item=I0),
    one(2, Kind.BUILD, hash=FILE, items=I0),
    one(2, Kind.SIGNOFF, hash=FILE),
    two(2, Kind.SYNC, machine="one"),
    two(2, Kind.JIGSAW, item=I0),
    two(2, Kind.SIGNOFF, hash=FILE),
    one(3, Kind.SYNC, machine="two"),
    one(3, Kind.EXPORT, hash=FILE, purpose="publish"),
    one(3, Kind.TRANSFER, hash=FILE),
    one(3, Kind.WITHDRAW, item=I1),
    one(3, Kind.ERASE, item=I1),
    one(3, Kind.WIPE, subject="copies", item=I1),
    two(4, Kind.SYNC, machine="one"),
    two(4, Kind.ERASE, item=I1),
    two(4, Kind.RETAIN, item=I2, until=str(week(8))),
    one(4, Kind.SYNC, machine="two"),
)
"""Work in which nothing is wrong."""

CLEARED: Final = (
    *GOOD,
    two(9, Kind.SYNC, machine="one"),
    two(9, Kind.ERASE, item=I2),
    one(9, Kind.SYNC, machine="two"),
    one(9, Kind.ERASE, item=I2),
)
"""The same, and what was due at its end is done."""


def place(wanted: Step) -> int:
    """Where this act stands in `GOOD`."""
    return GOOD.index(wanted)


def without(*unwanted: Step) -> list[Step]:
    """The good work without these acts."""
    assert all(step in GOOD for step in unwanted)
    return [step for step in GOOD if step not in unwanted]


def with_after(wanted: Step, *more: Step) -> list[Step]:
    """The good work with more acts after one of it."""
    at = place(wanted) + 1
    return [*GOOD[:at], *more, *GOOD[at:]]


def write(steps: Sequence[Step], first: Epoch = START) -> dict[str, bytes]:
    """Each machine's ledger, made here and not by the writer, so that it may be a wrong one."""
    edges = dict.fromkeys(HEADS, EMPTY)
    files = {name: head.to_bytes() for name, head in HEADS.items()}
    for step in steps:
        others = {n: Checkpoint(HEADS[n].origin, e.size, e.root) for n, e in edges.items()}
        act, name = step.act(first, others), step.machine
        edges[name] = edge = edges[name].extended([leaf_hash(act.to_bytes())])
        text = Checkpoint(HEADS[name].origin, edge.size, edge.root).to_bytes()
        files[name] += Record(act, edge.root, signer(step.by, step.key).sign(text)).to_bytes()
    return files


def put(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write them into a folder."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


def checked(
    folder: Path,
    files: Mapping[str, bytes],
    kept: Mapping[str, Checkpoint] | None = None,
    today: dt.date = TODAY,
) -> Outcome:
    """What an auditor finds."""
    return check_ledgers(put(folder, files), rosters(), kept or {}, today)
