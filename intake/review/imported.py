"""What one import found, in numbers alone, as its reviewer signs it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from intake.canonical import b64, unb64
from intake.completeness import Checked
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.review.record import Verdict
from intake.reviewer import check_name

IMPORT_TITLE = "testimony-intake/import/v4"
_OF_ITEMS = tuple(verdict for verdict in Verdict if verdict is not Verdict.DECOY)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Imported:
    """What one import found, in numbers alone: objects without decoys are the items.

    `epoch` is the one in which the bundle was collected; `size` and `root` (32 bytes) are of the
    log in it, and `waiting` of its objects are not yet logged; `items` counts by verdict, in order.
    """

    deployment: str
    epoch: Epoch
    size: int
    root: bytes
    objects: int
    decoys: int
    waiting: int
    items: tuple[int, ...]
    by: str

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        check_name(self.by)
        numbers = (self.size, self.decoys, self.waiting, *self.items)
        if len(self.items) != len(_OF_ITEMS) or min(numbers) < 0 or len(self.root) != 32:
            raise MalformedError("the record of an import is not whole")
        if self.objects - self.decoys != sum(self.items) or self.waiting > self.objects:
            raise MalformedError("the sum of an import's record does not hold")

    @classmethod
    def of(cls, checked: Checked, verdicts: Iterable[Verdict], by: str) -> Self:
        """The record of an import that gave these verdicts, one an object."""
        counts = Counter(verdicts)
        return cls(
            deployment=checked.contents.deployment,
            epoch=checked.contents.epoch,
            size=checked.size,
            root=checked.root,
            objects=counts.total(),
            decoys=counts[Verdict.DECOY],
            waiting=len(checked.items),
            items=tuple(counts[verdict] for verdict in _OF_ITEMS),
            by=by,
        )

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
            f"checkpoint {self.size} {b64(self.root)}",
            f"objects {self.objects}",
            f"decoys {self.decoys}",
            f"items {sum(self.items)}",
            f"logged {self.objects - self.waiting}",
            f"not yet logged {self.waiting}",
            *(f"{verdict} {count}" for verdict, count in zip(_OF_ITEMS, self.items, strict=True)),
            f"by {self.by}",
        ]
        return "".join(f"{row}\n" for row in rows).encode()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read what `to_bytes` gave; raises `MalformedError`."""
        rows = data.decode(errors="replace").split("\n")
        values = [row.rpartition(" ")[2] for row in rows]
        if len(values) != len(_OF_ITEMS) + 11 or not all(map(_NUMBER.fullmatch, values[4:-2])):
            raise MalformedError("the record of an import has another shape")
        _, _, size = rows[3].rpartition(" ")[0].rpartition(" ")
        if not _NUMBER.fullmatch(size):
            raise MalformedError("the record of an import has another shape")
        imported = cls(
            deployment=values[1],
            epoch=Epoch.parse(values[2]),
            size=int(size),
            root=unb64(values[3], 32),
            objects=int(values[4]),
            decoys=int(values[5]),
            waiting=int(values[8]),
            items=tuple(map(int, values[9:-2])),
            by=values[-2],
        )
        if imported.to_bytes() != data:
            raise MalformedError("the record of an import has another shape")
        return imported
