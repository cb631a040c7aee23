"""The first part of a bundle: what it holds, and what is said of each thing.

Nothing of it has been verified: who signed what, completeness/ finds out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from intake import canonical, shape
from intake.age import sealed_length
from intake.container import SIZES, NewerVersionError
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.event import Collected, Void, Withdrawn, parse_event
from intake.opening import Opening
from intake.roster_text import REVIEWER_LIMIT

VERSION = 2
MAX_MANIFEST = 64 << 20  # bytes; an item takes about 420, one that is not logged yet about 760
LARGEST_OBJECT = sealed_length(REVIEWER_LIMIT, SIZES[-1])  # bytes; some 64 MiB

_KEYS = {
    *("v", "deployment", "epoch", "objects", "checkpoint", "log"),
    *("rosters", "statements", "items", "events"),
}
_NOTES = 16 << 20  # bytes of a manifest for its notes: 200 of the largest rosters
_SPARSE = 60  # bytes of a manifest to one mark between its values; an item has 70 or more


@dataclass(frozen=True)
class Item:
    """One submission that the site keeps: its opening, and the length of its object in bytes.

    `promise` is a note: the log's word for one that is not in the log of this bundle yet; else empty.
    """

    opening: Opening
    size: int
    promise: bytes = b""

    def to_json(self) -> dict[str, object]:
        promise = {"promise": self.promise.decode()} if self.promise else {}
        return {"opening": self.opening.to_bytes().decode(), "size": self.size, **promise}

    @classmethod
    def from_json(cls, row: object) -> Self:
        value = shape.mapping(row)
        if set(value) - {"promise"} != {"opening", "size"}:
            raise MalformedError("a bundle's item has other keys")
        size = shape.integer(value["size"])
        if not 1 <= size <= LARGEST_OBJECT:
            # Who checks a bundle reads one object at a time into memory.
            raise MalformedError("a bundle's item has a length that no sealed object has")
        promise = _note(value["promise"]) if "promise" in value else b""
        return cls(Opening.parse(shape.text(value["opening"]).encode()), size, promise)


@dataclass(frozen=True)
class Waiting:
    """Something without an object that will be in the log, and the log's promise of it.

    A withdrawal, a collection, or a submission that was withdrawn before its week was over.
    """

    event: Opening | Withdrawn | Collected
    promise: bytes

    def to_json(self) -> dict[str, object]:
        return {"opening": self.event.to_bytes().decode(), "promise": self.promise.decode()}

    @classmethod
    def from_json(cls, row: object) -> Self:
        value = shape.mapping(row)
        if set(value) != {"opening", "promise"}:
            raise MalformedError("an event of a bundle has other keys")
        event = parse_event(shape.text(value["opening"]).encode())
        if isinstance(event, Void):
            raise MalformedError("nothing waits for the log without saying what")
        return cls(event, _note(value["promise"]))


@dataclass(frozen=True)
class Contents:
    """A bundle's manifest; everything in it is still to be verified.

    `checkpoint` is the signed note under which the log section stands, empty where there is none;
    `log` the lengths in bytes of its entries and of their openings, and `statements` that of the
    reviewers' statements. `rosters` are signed notes. With `objects` false the file has no objects:
    it is an auditor's.
    """

    deployment: str
    epoch: Epoch
    rosters: tuple[bytes, ...]
    items: tuple[Item, ...]
    checkpoint: bytes = b""
    log: tuple[int, int] = (0, 0)
    statements: int = 0
    events: tuple[Waiting, ...] = ()
    objects: bool = True

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if min(self.log) < 0 or (not self.checkpoint and self.log != (0, 0)):
            raise MalformedError("a bundle's log has a length, and only under a checkpoint")
        if self.statements < 0:
            raise MalformedError("a bundle's statements have a length")

    @property
    def length(self) -> int:
        """The bytes that follow the manifest, without the zeros."""
        objects = sum(item.size for item in self.items) if self.objects else 0
        return sum(self.log) + self.statements + objects

    def to_bytes(self) -> bytes:
        """The manifest's canonical JSON."""
        return canonical.encode(
            {
                "v": VERSION,
                "deployment": self.deployment,
                "epoch": str(self.epoch),
                "objects": self.objects,
                "checkpoint": self.checkpoint.decode(),
                "log": list(self.log),
                "rosters": [note.decode() for note in self.rosters],
                "statements": self.statements,
                "items": [item.to_json() for item in self.items],
                "events": [waiting.to_json() for waiting in self.events],
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a manifest strictly; the inverse of `to_bytes`."""
        _check_density(data)
        value = shape.mapping(canonical.decode(data))
        _check_version(value)
        if not isinstance(value["objects"], bool):
            raise MalformedError("a bundle has objects or it has none")
        entries, openings = (shape.integer(length) for length in shape.row(value["log"], 2))
        contents = cls(
            deployment=shape.text(value["deployment"]),
            epoch=Epoch.parse(shape.text(value["epoch"])),
            rosters=tuple(map(_note, shape.rows(value["rosters"]))),
            items=tuple(map(Item.from_json, shape.rows(value["items"]))),
            checkpoint=_note(value["checkpoint"]),
            log=(entries, openings),
            statements=shape.integer(value["statements"]),
            events=tuple(map(Waiting.from_json, shape.rows(value["events"]))),
            objects=value["objects"],
        )
        _check_order([item.opening.to_bytes() for item in contents.items], "items")
        _check_order([waiting.event.to_bytes() for waiting in contents.events], "events")
        if contents.to_bytes() != data:
            raise MalformedError("the bundle's manifest is not in its one spelling")
        return contents


def most(length: int) -> int:
    """The most bytes that the manifest of a bundle of `length` bytes has.

    A sealed object has 67,195 bytes or more, and its item, also with a promise, less than 1/64 of
    that. An auditor's file has no objects: the notes' room is then the items' too, 20,000 at once.
    """
    return min(MAX_MANIFEST, _NOTES + length // 64)


def _check_density(data: bytes) -> None:
    """Raise where JSON has more values than any manifest of its length.

    Anybody can seal a bundle, and the parser makes an object of each value: 64 MiB of `[],` would
    fill 2 GB. An item has six marks in 416 bytes, with a promise eight in 650 and more; an event
    with its promise has five in 450 and more; a note is one string, in which base64 has no mark.
    """
    values = sum(map(data.count, (b",", b"[", b"{", b":")))
    if values > len(data) // _SPARSE + 100:
        raise MalformedError("the bundle's manifest has more values than its length allows")


def _check_version(value: Mapping[str, Any]) -> None:
    version = shape.integer(value.get("v"))
    if version > VERSION:
        raise NewerVersionError(
            f"the bundle has version {version}, and this software reads {VERSION}",
            "open it with a newer intake",
        )
    if 0 < version < VERSION:
        raise MalformedError(
            f"the bundle has version {version}, which says nothing of the log",
            "collect it again with this intake",
        )
    if version != VERSION or set(value) != _KEYS:
        raise MalformedError("the bundle's manifest has other keys")


def _check_order(openings: list[bytes], what: str) -> None:
    if sorted(set(openings)) != openings:
        raise MalformedError(f"the bundle's {what} are not in order")


def _note(value: object) -> bytes:
    return shape.text(value).encode()
