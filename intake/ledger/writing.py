"""Adds acts to a machine's ledger; never changes one that is there.

Write an act down before doing it: what the power cut off was then not done either.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from intake.age.whole import written_whole
from intake.errors import MalformedError, StoreError
from intake.ledger.act import Act, Kind
from intake.ledger.record import CutError, Head, Record, read_head, read_records
from intake.tlog.checkpoint import Checkpoint
from intake.tlog.merkle import EMPTY, Edge, leaf_hash
from intake.tlog.note import Algorithm, Signer

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from intake.epoch import Epoch

IN_USE: Final = "ledger is in use"
_DAMAGED: Final = "take it from a copy; the other machine's ledger knows how long it was"


class Ledger:
    """A ledger open for one reviewer's acts, locked until it is closed.

    `head` says whose it is; `size` how many acts it has; `checkpoint` is what the other machine's
    `sync` records; `recovered` counts the bytes of a last act that had been cut off.
    """

    def __init__(self, descriptor: int, head: Head, signer: Signer) -> None:
        """For `Ledger.open` alone."""
        self.head = head
        self.recovered = 0
        self._descriptor = descriptor
        self._signer = signer
        self._edge: Edge = EMPTY
        self._week: Epoch | None = None
        self._end = len(head.to_bytes())

    @staticmethod
    def create(path: Path, head: Head) -> None:
        """Make an empty one, mode 0600; raises `MalformedError` where the name is taken."""
        with written_whole(path, replace=False) as sink:
            sink.write(head.to_bytes())

    @classmethod
    def open(cls, path: Path, signer: Signer) -> Self:
        """Read all of it, take off a last act that was cut off, and let `signer` add to it.

        Raises `StoreError` where it is in use or damaged, and changes nothing then. Signatures are
        not checked: that needs the roster (`intake audit ledger`).
        """
        if signer.algorithm is not Algorithm.ED25519:
            raise ValueError("a reviewer signs acts with Ed25519")
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(
                    IN_USE, "another program writes it: close that one first"
                ) from None
            with os.fdopen(os.dup(descriptor), "rb") as file:
                head = read_head(file)
                ledger = cls(descriptor, head, signer)
                ledger._read(file, os.fstat(descriptor).st_size)
        except MalformedError as error:
            os.close(descriptor)
            raise StoreError(f"ledger is damaged: {error.phrase}", _DAMAGED) from None
        except BaseException:
            os.close(descriptor)
            raise
        return ledger

    @property
    def size(self) -> int:
        """How many acts there are."""
        return self._edge.size

    @property
    def checkpoint(self) -> Checkpoint:
        """Origin, size and root as they are now."""
        return Checkpoint(self.head.origin, self._edge.size, self._edge.root)

    def append(self, *acts: Act) -> None:
        """Sign these acts and put them on the disk, in one write; once it returns, they are there.

        Where it raises, none of them is; where the power fails in it, the first of them may be.

        `MalformedError` for an act of another reviewer or a sync with this machine itself,
        `StoreError` where a week lies before the last one's or the disk refuses. After that last
        one the ledger is closed: open it again.
        """
        edge, week, records = self._edge, self._week, list[bytes]()
        for act in acts:
            if act.by != self._signer.name:
                raise MalformedError("an act is signed by the one who did it")
            if act.kind is Kind.SYNC and act["machine"] == self.head.machine:
                raise MalformedError("a ledger does not sync with itself")
            if week is not None and act.week < week:
                raise StoreError(
                    "this machine's clock is behind its ledger", "set the clock, then try again"
                )
            edge, week = edge.extended([leaf_hash(act.to_bytes())]), act.week
            text = Checkpoint(self.head.origin, edge.size, edge.root).to_bytes()
            records.append(Record(act, edge.root, self._signer.sign(text)).to_bytes())
        self._write(b"".join(records))
        self._edge, self._week = edge, week

    def close(self) -> None:
        """Let others write it; does nothing the second time."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self, file: BinaryIO, length: int) -> None:
        try:
            for record in read_records(file, self.head):
                self._edge = self._edge.extended([leaf_hash(record.act.to_bytes())])
                self._week = record.act.week
                self._end += len(record.to_bytes())
                if record.root != self._edge.root:
                    raise MalformedError(f"act {self.size - 1} is not the one that was signed")
        except CutError:
            # `append` had not returned: nothing rests on what is taken off here.
            self.recovered = length - self._end
            try:
                os.ftruncate(self._descriptor, self._end)
                os.fsync(self._descriptor)
            except OSError as error:
                raise _refused(error, "mend the disk: the last act in it was cut off") from None

    def _write(self, data: bytes) -> None:
        if self._descriptor < 0:
            raise StoreError("ledger is closed", "open it again")
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(self._descriptor, left) :]
            os.fsync(self._descriptor)
        except OSError as error:
            self._take_back()
            raise _refused(
                error, "free some room on the disk, then try again: what it was for was not done"
            ) from None
        self._end += len(data)

    def _take_back(self) -> None:
        """Leave what was there before; after a failed sync nobody knows what the disk holds."""
        try:
            os.ftruncate(self._descriptor, self._end)
            os.fsync(self._descriptor)
        except OSError as error:
            raise _refused(
                error, "mend the disk, then open the ledger again: what is in it counts as done"
            ) from None
        finally:
            self.close()


def _refused(error: OSError, hint: str) -> StoreError:
    why = os.strerror(error.errno or 0).lower()
    return StoreError(f"ledger cannot be written: {why}", hint)
