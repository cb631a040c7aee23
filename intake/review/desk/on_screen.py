"""What of an output is on the screen, and which of its views this reviewer has seen: nobody signs the rest.

Only the output that was shown last is held, and only as long as the case behind it is as it was.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from intake.errors import GateError, MalformedError
from intake.review.desk.views import View, views_of
from intake.review.export import Publication
from intake.review.outgoing import Built

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)


@dataclass(frozen=True)
class Screen:
    """An output as it is shown: the hash of exactly these bytes, what went in, and their views."""

    digest: bytes
    content: bytes = field(repr=False)
    publications: Mapping[str, Publication] = field(repr=False)
    views: tuple[View, ...] = field(repr=False)

    def view(self, number: int) -> View:
        """A view, from 1; raises `MalformedError` for one that there is not."""
        if not 1 <= number <= len(self.views):
            raise MalformedError("the file has no such part", "look at it from its beginning")
        return self.views[number - 1]


class Looks:
    """The screen, and what was on it in this sitting."""

    def __init__(self) -> None:
        self.screen: Screen | None = None
        self._seen: dict[bytes, set[int]] = {}
        self._whole: dict[bytes, int] = {}

    def show(self, built: Built) -> Screen:
        """Put an output on the screen, in place of the one before it."""
        if self.screen is None or self.screen.digest != built.digest:
            views = tuple(views_of(built.content))
            self.screen = Screen(built.digest, built.content, built.publications, views)
            self._whole[built.digest] = len(self.screen.views)
        return self.screen

    def shown(self, digest: bytes) -> Screen | None:
        """The screen, where this output is on it."""
        on = self.screen
        return on if on is not None and on.digest == digest else None

    def see(self, number: int) -> View:
        """A view of what is on the screen, which is seen from now on; raises `MalformedError`."""
        if self.screen is None:
            raise MalformedError("no file is on the screen", "look at it from its beginning")
        view = self.screen.view(number)
        self._seen.setdefault(self.screen.digest, set()).add(number)
        return view

    def next(self, digest: bytes) -> int:
        """The first view that was not seen yet; 0 where all were."""
        whole, seen = self._whole.get(digest, 1), self._seen.get(digest, set())
        return next((one for one in range(1, whole + 1) if one not in seen), 0)

    def check_whole(self, digest: bytes) -> None:
        """Raise `GateError` unless every view of an output was on the screen."""
        if self.next(digest):
            raise GateError(
                "you have not looked at all of this file",
                "look at it to its end, then sign",
                key="not_looked",
            )

    def forget(self) -> None:
        """Take the output off the screen: the case behind it is another."""
        self.screen = None


def number_in(text: str) -> int:
    """The number of a view in an address; raises `MalformedError`."""
    if not _NUMBER.fullmatch(text):
        raise MalformedError("there is no such part of a file")
    return int(text)
