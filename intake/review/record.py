"""The records of a case: what is known of an item, and what was exported from it.

No record holds a word of testimony. Each is sealed, and padded so that its length says nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, cast

from intake import canonical
from intake.canonical import b64, unb64
from intake.container import Container, Kind, Mode
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import Opening
from intake.review.consent import Purpose, is_code
from intake.reviewer import check_name

VERSION = 1
SMALLEST = 16 * 1024  # bytes of a packed record


class Verdict(StrEnum):
    """What an import says of an item."""

    NEW = "new"
    DUPLICATE = "duplicate"
    MENDED = "mended"
    UNREADABLE = "unreadable"
    FOREIGN = "not sealed to this roster"
    REFUSED = "does not fit its opening"
    NEWER = "newer version"
    DECOY = "decoy"


def pack(value: object) -> bytes:
    """Canonical JSON, LF, zeros to a power of two from 16 KiB."""
    text = canonical.encode(value) + b"\n"
    return text + bytes(_size_for(len(text)) - len(text))


def unpack(data: bytes) -> object:
    """Read what `pack` gave; raises `MalformedError`."""
    # Canonical JSON holds no LF of its own.
    text, _, zeros = data.partition(b"\n")
    if any(zeros) or _size_for(len(text) + 1) != len(data):
        raise MalformedError("a record of the case is damaged")
    return canonical.decode(text)


def _size_for(length: int) -> int:
    return max(SMALLEST, 1 << (length - 1).bit_length())


# Never of the item itself; and a decoy is no item.
_OF_THE_IMPORT = frozenset({Verdict.DUPLICATE, Verdict.MENDED, Verdict.DECOY})


@dataclass(frozen=True)
class Summary:
    """What `list` shows of an item without opening it: codes and a length, no word."""

    kind: Kind
    mode: Mode
    lang: str
    length: int
    agreed: str

    @classmethod
    def of(cls, container: Container) -> Self:
        """`length` counts characters of text; `agreed` is a letter for each yes, as in SPIC."""
        return cls(
            kind=container.kind,
            mode=container.mode,
            lang=container.form.lang,
            length=sum(len(text) for path, text in container.fields if not is_code(path, text)),
            agreed="".join(row.level[0].upper() for row in container.consent if row.agreed),
        )

    def to_json(self) -> list[object]:
        return [self.kind.value, self.mode.value, self.lang, self.length, self.agreed]


@dataclass(frozen=True)
class Entry:
    """What the case knows of an item: its opening, and the import's verdict with its reason.

    `digest` is the SHA-256 of the object that arrived, which need not be the one that the opening
    names. `summary` is there exactly where the verdict is `new`: it was opened and fits.
    """

    digest: bytes
    opening: Opening
    verdict: Verdict
    why: str
    summary: Summary | None

    def __post_init__(self) -> None:
        if self.verdict in _OF_THE_IMPORT or self.readable != (self.summary is not None):
            raise MalformedError("an item's record is not whole")
        if self.readable and self.digest != self.opening.envelope:
            raise MalformedError("an item's record is of another object")
        if self.summary is not None and self.summary.kind is Kind.DECOY:
            raise MalformedError("an item's record is of a decoy")

    @property
    def readable(self) -> bool:
        """Whether its original lies in the case as layer A."""
        return self.verdict is Verdict.NEW

    def to_json(self) -> dict[str, object]:
        """The value that is sealed into the case."""
        return {
            "v": VERSION,
            "sha256": b64(self.digest),
            "opening": self.opening.to_bytes().decode(),
            "verdict": self.verdict.value,
            "why": self.why,
            "summary": self.summary.to_json() if self.summary else None,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            entry = cls(
                digest=unb64(str(row["sha256"]), 32),
                opening=Opening.parse(str(row["opening"]).encode()),
                verdict=Verdict(str(row["verdict"])),
                why=str(row["why"]),
                summary=_summary(row["summary"]),
            )
        except (KeyError, TypeError, ValueError):
            raise MalformedError("an item's record has another shape") from None
        _check_same(entry.to_json(), value)
        return entry


@dataclass(frozen=True)
class Exported:
    """One export: which version went out, for what, and the SHA-256 of the very bytes."""

    redaction: int
    purpose: Purpose
    shape: str
    digest: bytes
    by: str

    def to_json(self) -> dict[str, object]:
        """The value that is sealed into the case."""
        return {
            "v": VERSION,
            "redaction": self.redaction,
            "for": self.purpose.value,
            "format": self.shape,
            "sha256": b64(self.digest),
            "by": self.by,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            exported = cls(
                redaction=cast("int", row["redaction"]),
                purpose=Purpose(str(row["for"])),
                shape=str(row["format"]),
                digest=unb64(str(row["sha256"]), 32),
                by=str(row["by"]),
            )
        except (KeyError, TypeError, ValueError):
            raise MalformedError("a record of an export has another shape") from None
        _check_same(exported.to_json(), value)
        return exported


IMPORT_TITLE = "testimony-intake/import/v1"
_OF_ITEMS = tuple(verdict for verdict in Verdict if verdict is not Verdict.DECOY)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Imported:
    """What one import found, in numbers alone: objects without decoys are the items.

    `epoch` is the one in which the bundle was collected; `items` counts by verdict, in order.
    """

    deployment: str
    epoch: Epoch
    objects: int
    decoys: int
    items: tuple[int, ...]
    by: str

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        check_name(self.by)
        if len(self.items) != len(_OF_ITEMS) or min(self.decoys, *self.items) < 0:
            raise MalformedError("the record of an import is not whole")
        if self.objects - self.decoys != sum(self.items):
            raise MalformedError("the sum of an import's record does not hold")

    @classmethod
    def of(cls, deployment: str, epoch: Epoch, verdicts: Iterable[Verdict], by: str) -> Self:
        """The record of an import that gave these verdicts, one an object."""
        counts = Counter(verdicts)
        items = tuple(counts[verdict] for verdict in _OF_ITEMS)
        return cls(deployment, epoch, counts.total(), counts[Verdict.DECOY], items, by)

    @property
    def sum(self) -> str:
        """The sum in words, for whoever imports."""
        return f"{self.objects} objects - {self.decoys} decoys = {sum(self.items)} items"

    def to_bytes(self) -> bytes:
        """The text that is signed."""
        rows = [
            IMPORT_TITLE,
            f"deployment {self.deployment}",
            f"epoch {self.epoch}",
            f"objects {self.objects}",
            f"decoys {self.decoys}",
            f"items {sum(self.items)}",
            *(f"{verdict} {count}" for verdict, count in zip(_OF_ITEMS, self.items, strict=True)),
            f"by {self.by}",
        ]
        return "".join(f"{row}\n" for row in rows).encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read what `to_bytes` gave; raises `MalformedError`."""
        values = [row.rpartition(" ")[2] for row in data.decode(errors="replace").split("\n")]
        if len(values) != len(_OF_ITEMS) + 8 or not all(map(_NUMBER.fullmatch, values[3:-2])):
            raise MalformedError("the record of an import has another shape")
        imported = cls(
            deployment=values[1],
            epoch=Epoch.parse(values[2]),
            objects=int(values[3]),
            decoys=int(values[4]),
            items=tuple(map(int, values[6:-2])),
            by=values[-2],
        )
        if imported.to_bytes() != data:
            raise MalformedError("the record of an import has another shape")
        return imported


def _summary(value: object) -> Summary | None:
    if value is None:
        return None
    kind, mode, lang, length, agreed = cast("tuple[str, str, str, int, str]", value)
    return Summary(Kind(kind), Mode(mode), lang, length, agreed)


def _check_same(written: object, read: object) -> None:
    if canonical.encode(written) != canonical.encode(read):
        raise MalformedError("a record of the case has another shape")
