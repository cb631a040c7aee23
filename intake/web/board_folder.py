"""The folder from which the board is served: its index, and its parts by number.

    index     how many rows there are, and the hash of each part (docs/format.md 21)
    0, 1, …   the rows

Everything in it is made from the store; who writes it holds the lock of the log's folder.
"""

from collections.abc import Sequence
from pathlib import Path

from intake.age.whole import remove_unfinished, written_whole
from intake.board import PART, Index, parts_of

_INDEX = "index"


class BoardFolder:
    """One site's board, as it is served. Nothing in it is secret."""

    def __init__(self, path: Path, deployment: str) -> None:
        self.path = path
        self._deployment = deployment

    def index(self) -> bytes:
        """The index; that of an empty board before the first week is closed."""
        try:
            return (self.path / _INDEX).read_bytes()
        except FileNotFoundError:
            return Index.of(self._deployment, ()).to_bytes()

    def part(self, number: int) -> bytes | None:
        """The bytes of a part, or None where there is none."""
        try:
            return (self.path / str(number)).read_bytes()
        except FileNotFoundError:
            return None

    def holds(self, rows: Sequence[bytes]) -> bool:
        """Whether just these rows, sorted, are what is served."""
        if self.index() != Index.of(self._deployment, rows).to_bytes():
            return False
        parts = list(parts_of(rows))
        return self.part(len(parts)) is None and all(
            self.part(number) == part for number, part in enumerate(parts)
        )

    def write(self, rows: Sequence[bytes]) -> None:
        """Serve these rows, sorted, from now on; what is written already is left as it is.

        1. what a run before was killed at writing is removed; 2. the parts; 3. the index, which
        names them; 4. parts that it does not name are removed.

        Whoever reads meanwhile may get a part that is not of their index, and begins again: every
        part is checked by its hash. No index ever names a part that is not there.
        """
        self.path.mkdir(mode=0o700, exist_ok=True)
        # (1)
        remove_unfinished(self.path, ".*.part")
        if not self.holds(rows) or not (self.path / _INDEX).exists():
            # (2)
            for number, part in enumerate(parts_of(rows)):
                self._write(str(number), part)
            # (3)
            self._write(_INDEX, Index.of(self._deployment, rows).to_bytes())
        # (4)
        count = -(-len(rows) // PART)
        for path in self.path.iterdir():
            if path.name.isdecimal() and int(path.name) >= count:
                path.unlink()

    def _write(self, name: str, content: bytes) -> None:
        with written_whole(self.path / name) as sink:
            sink.write(content)
