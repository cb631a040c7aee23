"""Seals letters before a run: the browser's work, which is no part of what the server costs.

Each is a real one of its own, sealed to the site's own reviewers: the server keeps it or refuses it
as it would anybody's.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.load.letters import TEXT, Letters
from intake.author import Author
from intake.container import File, Mode
from intake.epoch import Epoch
from intake.roster import Roster
from intake.seal import container_of, seal, seal_container
from intake.testimony import Testimony
from intake.web.site import today_in_utc

FILE = 60 * 1024 * 1024  # bytes of a large file; sealed, it is of the largest size


@dataclass
class Post:
    """Makes letters for one site, in a folder that its owner removes."""

    folder: Path
    roster: Roster
    _made: int = field(default=0)

    def texts(self, count: int) -> Letters:
        """So many texts of 2 kB, each in its 64 KiB container."""
        return self._written((_text(self.roster) for _ in range(count)), count)

    def files(self, count: int) -> Letters:
        """So many texts with a file of 60 MiB each."""
        return self._written((_with_file(self.roster) for _ in range(count)), count)

    def _written(self, letters: Iterator[bytes], count: int) -> Letters:
        self._made += 1
        path = self.folder / f"letters-{self._made}"
        lengths = set()
        with path.open("xb") as file:
            for letter in letters:
                lengths.add(len(letter))
                file.write(letter)
        assert len(lengths) == 1, "letters of one kind have one length"
        return Letters(path, count, lengths.pop())


def _text(roster: Roster) -> bytes:
    today = today_in_utc()
    author = Author.fresh(Epoch.of(today))
    testimony = Testimony.from_answers("ru", {"narrative": TEXT}, ())
    return seal(testimony, roster, mode=Mode.BROWSER, today=today, author=author).to_bytes()


def _with_file(roster: Roster) -> bytes:
    today = today_in_utc()
    author = Author.fresh(Epoch.of(today))
    testimony = Testimony.from_answers("ru", {"narrative": TEXT}, ())
    epoch = Epoch.of(today)
    text = container_of(testimony, roster, mode=Mode.BROWSER, epoch=epoch, author=author)
    container = replace(text, files=(File("film.mp4", "video/mp4", os.urandom(FILE)),))
    return seal_container(container, roster, today=today, author=author).to_bytes()
