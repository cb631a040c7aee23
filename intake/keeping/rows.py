"""What a backup's records say: its head, a site's file, a submission, a row of the board, its end.

Each has one spelling: read, written again, compared. Format: docs/format.md 28.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Self, cast

from intake import canonical
from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.keeping.records import LEAST_STEP, Sum
from intake.keeping.state import ID_SIZE, parse_day
from intake.store import Counters, Kept
from intake.tlog.checkpoint import origin_of
from intake.tlog.note import Note, Signer, VerifierKey

BASE, PART = "base", "part"
MOST_STEP: Final = 1 << 40  # bytes
_HASH: Final = 32
_STATUS: Final = 16  # bytes
_WEEK: Final = 8  # bytes of `2026-W47`
_NONE: Final = bytes(_WEEK)
_NO_LEAF: Final = 2**64 - 1
_MOST: Final = 2**53 - 1
_HEAD_TYPES: Final[dict[str, type]] = {
    **dict.fromkeys(("deployment", "kind", "base", "day", "root"), str),
    **dict.fromkeys(("v", "begin", "size", "store", "step"), int),
    "last": bool,
}
_FILE: Final = re.compile(
    r"site\.toml|log\.key|keys/(roots|roster\.note|log\.policy|notice\.recipients)"
    r"|keys/archive/roster-[1-9][0-9]{0,8}\.note|log/checkpoint",
    re.ASCII,
)


@dataclass(frozen=True)
class Head:
    """What a backup is of: a site, a day, and the log's entries from `begin` to before `size`.

    A `base` begins at 0; a `part` where its base ended. `root` is the log's, at `size`. `last`
    says that the site it was made from does not go on. `step` is that of its size.
    """

    deployment: str
    kind: str
    base: bytes
    day: dt.date
    begin: int
    size: int
    root: bytes
    store: int
    step: int
    last: bool

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if self.kind not in (BASE, PART) or len(self.base) != ID_SIZE or len(self.root) != _HASH:
            raise MalformedError("a backup's head names another kind, base or root than one can")
        if not 0 <= self.begin <= self.size <= _MOST or (self.kind == BASE and self.begin):
            raise MalformedError("a backup's head names entries that cannot be")
        if not LEAST_STEP <= self.step <= MOST_STEP or not 1 <= self.store <= _MOST:
            raise MalformedError("a backup's head names a step or a store that cannot be")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the record; raises `MalformedError`."""
        value = canonical.decode(data)
        if not isinstance(value, dict):
            raise MalformedError("a backup's head is not a JSON object")
        rows = cast("dict[str, object]", value)
        if set(rows) != set(_HEAD_TYPES) or any(
            type(rows[name]) is not kind for name, kind in _HEAD_TYPES.items()
        ):
            raise MalformedError("a backup's head lacks, or should not have, something")
        if rows.pop("v") != 1:
            raise MalformedError("the backup is of another version", "use a newer intake")
        texts = cast("dict[str, str]", rows)
        rows["base"] = unb64(texts["base"], ID_SIZE)
        rows["root"] = unb64(texts["root"], _HASH)
        rows["day"] = parse_day(texts["day"])
        return cls(**cast("dict[str, bool]", rows))  # type: ignore[arg-type]

    def to_bytes(self) -> bytes:
        """Write the record; the exact inverse of `parse`."""
        rows = {name: getattr(self, name) for name in _HEAD_TYPES if name != "v"}
        rows |= {"v": 1, "base": b64(self.base), "root": b64(self.root)}
        return canonical.encode(rows | {"day": self.day.isoformat()})

    @property
    def told(self) -> str:
        """A few words to know it by."""
        return f"the {self.kind} of {self.day.isoformat()}"


@dataclass(frozen=True)
class SiteFile:
    """A file of a site's folder, by its name in it."""

    name: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _FILE.fullmatch(self.name):
            raise MalformedError("a backup holds a file that no site has")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the record; raises `MalformedError`."""
        name, null, content = data.partition(b"\0")
        if not null:
            raise MalformedError("a file of the backup has no name")
        return cls(name.decode("ascii", "replace"), content)

    def to_bytes(self) -> bytes:
        """Write the record; the exact inverse of `parse`."""
        return self.name.encode() + b"\0" + self.content


def submission_bytes(kept: Kept) -> bytes:
    """A submission's row, as a record."""
    leaf = _NO_LEAF if kept.leaf is None else kept.leaf
    return kept.status + leaf.to_bytes(8) + _week_bytes(kept.withdrawn) + kept.opening


def parse_submission(data: bytes, envelope: bytes) -> Kept:
    """The inverse of `submission_bytes`; `envelope` is that of the opening in it."""
    head = _STATUS + 8 + _WEEK
    leaf = int.from_bytes(data[_STATUS : _STATUS + 8])
    week = _parse_week(data[_STATUS + 8 : head])
    if leaf > _MOST and leaf != _NO_LEAF:
        raise MalformedError("a submission of the backup names an entry that cannot be")
    number = None if leaf == _NO_LEAF else leaf
    return Kept(data[:_STATUS], data[head:], envelope, number, week)


def opening_in(data: bytes) -> bytes:
    """The opening of a submission's record."""
    return data[_STATUS + 8 + _WEEK :]


def board_bytes(batch: str, content: bytes) -> bytes:
    """A row of the board, as a record."""
    return _week_bytes(Epoch.parse(batch) if batch else None) + content


def parse_board(data: bytes) -> tuple[str, bytes]:
    """The inverse of `board_bytes`."""
    week = _parse_week(data[:_WEEK])
    return "" if week is None else str(week), data[_WEEK:]


def counters_bytes(counters: Counters) -> bytes:
    """The single rows, as a record."""
    return canonical.encode(
        {
            "epoch": counters.epoch,
            "bytes": counters.bytes,
            "told": counters.told,
            "closed": counters.closed,
            "settled": counters.settled,
        }
    )


def parse_counters(data: bytes) -> Counters:
    """The inverse of `counters_bytes`."""
    value = canonical.decode(data)
    if not isinstance(value, dict):
        raise MalformedError("the backup's counters are no JSON object")
    rows = cast("dict[str, object]", value)
    kinds = {"epoch": int, "bytes": int, "told": int, "closed": str, "settled": str}
    if set(rows) != set(kinds) or any(type(rows[name]) is not kind for name, kind in kinds.items()):
        raise MalformedError("the backup's counters are other ones")
    numbers, texts = cast("dict[str, int]", rows), cast("dict[str, str]", rows)
    for name in ("closed", "settled"):
        if texts[name]:
            Epoch.parse(texts[name])
    if min(numbers[name] for name in ("epoch", "bytes", "told")) < 0:
        raise MalformedError("the backup's counters are other ones")
    return Counters(
        *(numbers["epoch"], numbers["bytes"], numbers["told"]), texts["closed"], texts["settled"]
    )


@dataclass(frozen=True)
class End:
    """The last record: the log's signature over all before it."""

    head: Head
    records: int
    digest: bytes

    @classmethod
    def of(cls, head: Head, total: Sum) -> Self:
        """The end of the records that were added up so far."""
        return cls(head, total.count, total.digest)

    def text(self) -> bytes:
        """What is signed."""
        return (
            f"testimony-intake/backup/v1\n{origin_of(self.head.deployment)}\n"
            f"{self.head.kind} {b64(self.head.base)}\n{self.head.size} {b64(self.head.root)}\n"
            f"records {self.records}\nsha256 {b64(self.digest)}\n"
        ).encode()

    def signed(self, signer: Signer) -> bytes:
        """The record."""
        text = self.text()
        return Note(text, (signer.sign(text),)).to_bytes()

    def check(self, data: bytes, vkey: VerifierKey) -> None:
        """Raise `ProofError` unless `data` is this very end, signed by the log."""
        note = Note.parse(data)
        if note.text != self.text() or not note.signed_by(vkey):
            raise ProofError(
                "the backup's end is not of its records, or not signed by its site's log",
                "it was altered, or somebody else made it: take another one",
            )


def _week_bytes(week: Epoch | None) -> bytes:
    return _NONE if week is None else str(week).encode()


def _parse_week(data: bytes) -> Epoch | None:
    return None if data == _NONE else Epoch.parse(data.decode("ascii", "replace"))


def here_bytes(numbers: Iterator[int], head: Head) -> bytes:
    """A bit for each entry of the base, the first one highest: 1 where its object is still here."""
    bits = bytearray(-(-head.begin // 8))
    for number in numbers:
        bits[number // 8] |= 128 >> (number % 8)
    return bytes(bits)


def is_here(bits: bytes, number: int) -> bool:
    """Whether the object of an entry of the base is still here."""
    return bool(bits[number // 8] & (128 >> (number % 8)))
