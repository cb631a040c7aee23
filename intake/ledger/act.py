"""One act of a reviewer as one line: who, in which week, what, on which item; never a free word.

Formats: docs/format.md 18. Every value is a number, a hash, a name of the roster or a machine, or
one of a closed list of words: no line can hold testimony, a time finer than a week, or an address.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import new as hmac
from itertools import pairwise
from typing import Final, NamedTuple, Self

from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.reviewer import check_digest, check_name
from intake.tlog.checkpoint import parse_decimal

SALT_SIZE: Final = 32  # bytes
ROLES: Final = ("courier", "reviewer", "keyholder", "releaser", "steward", "operator")
INCIDENTS: Final = ("gap", "fork", "seal", "machine", "clock", "lost", "leak", "key", "other")
ITEMS_LIMIT: Final = 1_000  # in one act; more of them take more acts
ACT_LIMIT: Final = 40_000  # bytes of a line without its LF
NONE: Final = "none"  # an import that brought no item
_LABEL: Final = b"testimony-intake/ledger-item/v1\x00"
_ITEM: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ROOT: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


def item_id(salt: bytes, envelope: bytes) -> str:
    """What an item is called in ledgers: 32 hexadecimal digits that nobody outside can compute.

    `salt` is the case's own 32 random bytes, the same in every copy of the case and kept sealed
    there; `envelope` is the SHA-256 of the object that arrived.
    """
    if len(salt) != SALT_SIZE or len(envelope) != 32:
        raise ValueError("an item's id is made of a salt and a hash of 32 bytes each")
    return hmac(salt, _LABEL + envelope, sha256).hexdigest()[:32]


class Kind(StrEnum):
    """All that can be done; the list is closed."""

    SESSION = "session"
    COLLECT = "collect"
    HANDOVER = "handover"
    IMPORT = "import"
    INCIDENT = "incident"
    OPEN = "open"
    TRIAGE = "triage"
    NOTE = "note"
    READ = "read"
    CODE = "code"
    CORROBORATE = "corroborate"
    MESSAGE = "message"
    CONSENT = "consent"
    WITHDRAW = "withdraw"
    REDACT = "redact"
    JIGSAW = "jigsaw"
    BUILD = "build"
    SIGNOFF = "signoff"
    EXPORT = "export"
    TRANSFER = "transfer"
    RETAIN = "retain"
    ERASE = "erase"
    WIPE = "wipe"
    REKEY = "rekey"
    SYNC = "sync"
    KEY = "key"
    CONFIG = "config"


class Field(NamedTuple):
    """A place in a line: its name, what may stand there, and whether it may be left out."""

    name: str
    check: Callable[[str], None]
    optional: bool = False


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if not pattern.fullmatch(value):
            raise MalformedError(f"{what} of an act is not in its form")

    return check


def _among(*words: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in words:
            raise MalformedError("an act holds a word that is not in its list")

    return check


def _check_size(value: str) -> None:
    parse_decimal(value)


def _check_week(value: str) -> None:
    Epoch.parse(value)


def _check_items(value: str) -> None:
    items = value.split(",")
    if len(items) > ITEMS_LIMIT or not all(map(_ITEM.fullmatch, items)):
        raise MalformedError(f"an act does not name 1 to {ITEMS_LIMIT:,} items")
    # Sorted: the order of arrival, or of a report's pages, is nobody's business.
    if any(left >= right for left, right in pairwise(items)):
        raise MalformedError("items of an act are not sorted, or one stands twice")


def _check_hash(value: str) -> None:
    check_digest(value, "hash of an act")


def _check_imported(value: str) -> None:
    if value != NONE:
        _check_items(value)


_item = Field("item", _matching(_ITEM, "item"))
_items = Field("items", _check_items)
_hash = Field("hash", _check_hash)
_size = Field("size", _check_size)
_root = Field("root", _matching(_ROOT, "root"))
_stick = Field("stick", _matching(_NUMBER, "number of a stick"))
_roles = _among(*ROLES)

FIELDS: Final[Mapping[Kind, tuple[Field, ...]]] = {
    Kind.SESSION: (_hash,),
    Kind.COLLECT: (_stick, _size, _root, Field("count", _matching(_NUMBER, "count"))),
    Kind.HANDOVER: (_stick, Field("from", _roles), Field("to", _roles)),
    Kind.IMPORT: (
        _size,
        _root,
        Field("failed", _matching(_NUMBER, "count")),
        Field("items", _check_imported),
    ),
    Kind.INCIDENT: (
        Field(
            "subject",
            _among(*INCIDENTS),
        ),
    ),
    Kind.OPEN: (
        _item,
        Field(
            "purpose",
            _among(
                "triage",
                "first-reading",
                "second-reading",
                "corroboration",
                "redaction",
                "message",
                "sign-off",
                "retention",
                "withdrawal",
            ),
        ),
    ),
    Kind.TRIAGE: (_item,),
    Kind.NOTE: (
        _item,
        Field("subject", _among("first", "consistency", "independence", "checklist")),
    ),
    Kind.READ: (_item, Field("subject", _among("first", "second"))),
    Kind.CODE: (_item,),
    Kind.CORROBORATE: (_item,),
    Kind.MESSAGE: (_item,),
    Kind.CONSENT: (_item, Field("subject", _among("recorded", "changed", "refused"))),
    Kind.WITHDRAW: (_item,),
    Kind.REDACT: (_item,),
    Kind.JIGSAW: (_item,),
    Kind.BUILD: (_hash, _items),
    Kind.SIGNOFF: (_hash,),
    Kind.EXPORT: (_hash, Field("purpose", _among("publish", "investigators", "courts", "stats"))),
    Kind.TRANSFER: (_hash,),
    Kind.RETAIN: (_item, Field("until", _check_week)),
    Kind.ERASE: (_item,),
    Kind.WIPE: (
        Field("subject", _among("copies", "stick", "machine")),
        _item._replace(optional=True),
        _stick._replace(optional=True),
    ),
    Kind.REKEY: (_hash,),
    Kind.SYNC: (Field("machine", check_name), _size, _root),
    Kind.KEY: (Field("subject", _among("made", "tested", "retired", "lost", "stolen")),),
    Kind.CONFIG: (_hash,),
}
"""What stands in an act of each kind, in this order."""


@dataclass(frozen=True)
class Act:
    """A line `<week> <reviewer> <kind> <field>=<value> …`, with the fields of its kind in order."""

    week: Epoch
    by: str
    kind: Kind
    values: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        check_name(self.by)
        given = dict(self.values)
        wanted = [field for field in FIELDS[self.kind] if field.name in given or not field.optional]
        if [name for name, _ in self.values] != [field.name for field in wanted]:
            raise MalformedError(f"an act of kind {self.kind} has other fields")
        for field in wanted:
            field.check(given[field.name])

    @classmethod
    def of(cls, week: Epoch, by: str, kind: Kind, **values: str) -> Self:
        """An act from its fields by name, in any order; `from_` stands for `from`."""
        given = {name.removesuffix("_"): value for name, value in values.items()}
        order = [field.name for field in FIELDS[kind]]
        if not given.keys() <= set(order):
            raise MalformedError(f"an act of kind {kind} has other fields")
        return cls(week, by, kind, tuple((name, given[name]) for name in order if name in given))

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Read a line without its LF; raises `MalformedError`."""
        if len(line) > ACT_LIMIT:
            raise MalformedError(f"an act is longer than {ACT_LIMIT:,} bytes")
        try:
            words = line.decode("ascii").split(" ")
        except UnicodeDecodeError:
            raise MalformedError("an act is not ASCII") from None
        if len(words) < 4:
            raise MalformedError("an act is a week, a reviewer, a kind and its fields")
        week, by, kind, *fields = words
        if kind not in Kind.__members__.values():
            raise MalformedError("kind of an act is not in the list")
        pairs = tuple(
            (name, value) for name, _, value in (field.partition("=") for field in fields)
        )
        act = cls(Epoch.parse(week), by, Kind(kind), pairs)
        if act.to_bytes() != line:  # a field without its '='
            raise MalformedError("act is not in its one canonical form")
        return act

    def to_bytes(self) -> bytes:
        """Write the line; the exact inverse of `parse`."""
        fields = "".join(f" {name}={value}" for name, value in self.values)
        return f"{self.week} {self.by} {self.kind}{fields}".encode("ascii")

    def get(self, name: str) -> str | None:
        """The value of a field, None where this act has none of that name."""
        return dict(self.values).get(name)

    def __getitem__(self, name: str) -> str:
        """The value of a field that every act of this kind has."""
        return dict(self.values)[name]

    @property
    def items(self) -> tuple[str, ...]:
        """Every item it names."""
        given = dict(self.values)
        if "item" in given:
            return (given["item"],)
        listed = given.get("items", NONE)
        return () if listed == NONE else tuple(listed.split(","))


def listed(items: Collection[str]) -> str:
    """The value of `items` for these, which are at most 1,000 and may come in any order."""
    return ",".join(sorted(items)) if items else NONE
