"""The board of a site as its pages without script read it: whole, kept in memory by each worker.

What is asked of it is always every row. It never knows for whom.
"""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from intake.board import Index
from intake.errors import MalformedError, StoreError

_TRIES: Final = 3  # a week that ends changes several files
_PAUSE: Final = 0.1  # seconds


class BoardReading:
    """The files `index`, `0`, `1`, … of one folder (docs/format.md 21)."""

    def __init__(self, folder: Path, deployment: str) -> None:
        self._folder = folder
        self._deployment = deployment
        self._lock = threading.Lock()
        self._index = b""
        self._rows: Sequence[bytes] = ()

    def rows(self) -> Sequence[bytes]:
        """Every row there is now, none where there is no board; read again when its index changes.

        Raises `StoreError` where the files do not make a board of this deployment.
        """
        with self._lock:
            for turn in range(_TRIES):
                time.sleep(_PAUSE if turn else 0)
                try:
                    return self._read()
                except (MalformedError, OSError):
                    continue
        raise StoreError("the board cannot be read", "deliver again, or close the week again")

    def look(self) -> None:
        """Read it again if it changed; what is wrong with it is said to whoever asks for rows."""
        with self._lock, suppress(MalformedError, OSError):
            self._read()

    def _read(self) -> Sequence[bytes]:
        try:
            found = (self._folder / "index").read_bytes()
        except FileNotFoundError:
            found = b""
        if found != self._index:
            self._rows = self._rows_of(found) if found else ()
            self._index = found
        return self._rows

    def _rows_of(self, found: bytes) -> Sequence[bytes]:
        index = Index.parse(found)
        if index.deployment != self._deployment:
            raise MalformedError("the board is of another deployment")
        return tuple(
            row
            for number in range(len(index.parts))
            for row in index.rows_in(number, (self._folder / str(number)).read_bytes())
        )
