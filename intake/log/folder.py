"""The folder from which the log is served: tiles, the published checkpoint, and the one to cosign.

    tile/…       tiles and bundles of entries (C2SP tlog-tiles)
    staged       the newest checkpoint, signed by the log alone: what is handed to the witnesses
    checkpoint   the newest one with enough cosignatures: what everybody is shown
    lock         held by whoever writes

Everything but the lock can be made again from the store, and from the witnesses.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from intake.age.whole import remove_unfinished, written_whole
from intake.errors import ProofError, StoreError
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.merkle import verify_consistency
from intake.tlog.tile_reader import TileReader, folder_reader
from intake.tlog.tiles import TileName


class LogFolder:
    """One log's files. Nothing in it is secret."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Generator[None]:
        """Be the only one who writes; `StoreError` at once where another is.

        What one before was killed at writing, without a name yet, is removed.
        """
        self.path.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError("the log is being written already", "try again") from None
            remove_unfinished(self.path, "**/.*.part")
            yield
        finally:
            os.close(descriptor)

    def staged(self) -> SignedCheckpoint | None:
        """The newest checkpoint that the log signed."""
        return self._read("staged")

    def published(self) -> SignedCheckpoint | None:
        """The newest checkpoint that witnesses cosigned."""
        return self._read("checkpoint")

    def stage(self, signed: SignedCheckpoint) -> None:
        """Keep a checkpoint for the witnesses; its tiles are written before."""
        self._write("staged", signed)

    def publish(self, signed: SignedCheckpoint) -> None:
        """Show a checkpoint to everybody; `ProofError` where it does not continue the one shown."""
        before = self.published()
        if before is not None:
            old, new = before.checkpoint, signed.checkpoint
            if old.size > new.size:
                raise ProofError("the checkpoint is older than the one that is published")
            proof = self.reader(signed).consistency(old.size)
            verify_consistency(old.size, new.size, old.root, new.root, proof)
        self._write("checkpoint", signed)

    def reader(self, signed: SignedCheckpoint) -> TileReader:
        """The tree of a checkpoint that this folder has the tiles of."""
        checkpoint = signed.checkpoint
        return TileReader(folder_reader(self.path), checkpoint.size, checkpoint.root)

    def tile(self, name: TileName) -> bytes | None:
        """The content of a tile, or None where there is none."""
        return folder_reader(self.path)(str(name))

    def _read(self, name: str) -> SignedCheckpoint | None:
        try:
            return SignedCheckpoint.parse((self.path / name).read_bytes())
        except FileNotFoundError:
            return None

    def _write(self, name: str, signed: SignedCheckpoint) -> None:
        with written_whole(self.path / name) as sink:
            sink.write(signed.to_bytes())
