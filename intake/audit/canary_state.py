"""What an auditor keeps of each canary: enough to name it to the reviewers, and never its text.

One file each, on the disk before anything is sent, so that a crash forgets none.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Self

from intake import canonical, shape
from intake.age.whole import remove_unfinished, written_whole
from intake.author import Author
from intake.canaries import CanaryList, Mark
from intake.canonical import b64, unb64
from intake.deployment import check_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError, StoreError
from intake.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

TITLE: Final = "testimony-intake/canary/v1"
PROMISE_LIMIT: Final = 64 * 1024  # bytes
_LIMIT: Final = 2 * PROMISE_LIMIT  # bytes of a file
_KEYS: Final = {
    *("title", "deployment", "epoch", "way", "outcome"),
    *("author", "opening", "promise", "text"),
}


class Way(StrEnum):
    """How it went through the site: sealed by script on the page, or by the server."""

    SCRIPT = "script"
    FORM = "form"


class Outcome(StrEnum):
    """What the site said of it; `unknown` until it said something."""

    UNKNOWN = "unknown"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True)
class Canary:
    """One test testimony as the auditor knows it.

    `opening` is None where the server sealed it; `text` is the SHA-256 of what was written;
    `promise` is what came back with it, empty where nothing did.
    """

    deployment: str
    epoch: Epoch
    way: Way
    author: Author
    text: bytes
    opening: Opening | None = None
    outcome: Outcome = Outcome.UNKNOWN
    promise: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        check_deployment(self.deployment)
        if len(self.text) != 32 or (self.opening is None) != (self.way is Way.FORM):
            raise MalformedError("what is kept of a canary is not whole")
        if len(self.promise.encode()) > PROMISE_LIMIT:
            raise MalformedError("a promise is too long")
        if self.opening is not None and self.opening.withdraw_commit != self.commit:
            raise MalformedError("the opening is of another canary")

    @property
    def commit(self) -> bytes:
        """What stands in its opening, by which reviewers find it."""
        return self.author.withdraw_commit

    @property
    def mark(self) -> Mark:
        """As reviewers are told of it."""
        return Mark(self.author.withdraw, self.text)

    @property
    def name(self) -> str:
        """The name of its file: 32 hexadecimal characters."""
        return self.author.status.hex()

    def log_commits(self) -> frozenset[bytes]:
        """What may stand for it in the log; none where only the server knows the opening.

        The server takes it in the week in which it comes, or the next where that is closed.
        """
        if self.opening is None:
            return frozenset()
        weeks = {self.opening.epoch, self.epoch}
        weeks |= {week.next for week in weeks}
        return frozenset(self.opening.taken_in(week).commit for week in weeks)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a file; raises `MalformedError`."""
        if len(data) > _LIMIT:
            raise MalformedError("not what an auditor keeps of a canary")
        row = shape.mapping(canonical.decode(data))
        if set(row) != _KEYS or row["title"] != TITLE:
            raise MalformedError("not what an auditor keeps of a canary")
        texts = {key: shape.text(value) for key, value in row.items()}
        if texts["way"] not in set(Way) or texts["outcome"] not in set(Outcome):
            raise MalformedError("not what an auditor keeps of a canary")
        opening = texts["opening"]
        return cls(
            deployment=texts["deployment"],
            epoch=Epoch.parse(texts["epoch"]),
            way=Way(texts["way"]),
            author=Author.parse(texts["author"]),
            text=unb64(texts["text"], 32),
            opening=Opening.parse(opening.encode()) if opening else None,
            outcome=Outcome(texts["outcome"]),
            promise=texts["promise"],
        )

    def to_bytes(self) -> bytes:
        """Write the file; the exact inverse of `parse`."""
        return canonical.encode(
            {
                "title": TITLE,
                "deployment": self.deployment,
                "epoch": str(self.epoch),
                "way": self.way.value,
                "outcome": self.outcome.value,
                "author": self.author.to_text(),
                "opening": "" if self.opening is None else self.opening.to_bytes().decode(),
                "promise": self.promise,
                "text": b64(self.text),
            }
        )


def text_hash(text: str) -> bytes:
    """By which a text is known again: each is sent once."""
    return sha256(text.encode()).digest()


class CanaryFolder:
    """The folder of one site's canaries: 0700, its files 0600."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def locked(self) -> Generator[None, None, None]:
        """Hold it for one command that sends; made where it is not there.

        Raises `StoreError` where others may look in, or another command sends from it.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._folder.stat().st_mode & 0o077:
            raise StoreError(f"others may look into {self._folder}", f"chmod 700 {self._folder}")
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_unfinished(self._folder, ".*.part")
            yield
        except BlockingIOError:
            raise StoreError("another command is sending from this folder", "wait for it") from None
        finally:
            os.close(descriptor)

    def keep(self, canary: Canary) -> None:
        """Put it on the disk, in place of what was known of it before.

        Raises `StoreError` where the folder is of another site, and `ProofError` where the site
        gave the secrets of an earlier canary once more.
        """
        for known in self.all():
            if known.deployment != canary.deployment:
                raise StoreError(
                    "this folder keeps the canaries of another site",
                    "name another folder: --state",
                )
            if known.name == canary.name and known.text != canary.text:
                raise ProofError(
                    "the site gave the same secrets to two visitors",
                    "it can pass one testimony off as the other: tell the reviewers",
                )
        with written_whole(self._path(canary)) as sink:
            sink.write(canary.to_bytes())

    def all(self) -> list[Canary]:
        """Every canary, by epoch; `StoreError` where a file is damaged."""
        found: list[Canary] = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                with path.open("rb") as file:
                    canary = Canary.parse(file.read(_LIMIT + 1))
                if self._path(canary) != path:
                    raise MalformedError("its name is another's")  # noqa: TRY301
            except MalformedError as error:
                raise StoreError(
                    f"{path.name} in the canaries' folder is damaged: {error.phrase}",
                    "take it from a copy: without it the reviewers take a test for a testimony",
                ) from None
            found.append(canary)
        return sorted(found, key=lambda one: (one.epoch, one.name))

    def list_of(self, epoch: Epoch) -> CanaryList:
        """What the reviewers are told of an epoch; `StoreError` before anything was ever sent."""
        every = self.all()
        if not every:
            raise StoreError("no canary was ever sent from this folder", "see --state")
        mine = [one for one in every if one.epoch == epoch]
        return CanaryList.of(
            every[0].deployment,
            epoch,
            (one.mark for one in mine if one.outcome is Outcome.SENT),
            (one.mark for one in mine if one.outcome is not Outcome.SENT),
        )

    def _path(self, canary: Canary) -> Path:
        return self._folder / f"{canary.name}.json"
