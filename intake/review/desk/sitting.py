"""A reviewer's sitting: from the passphrase to the lock, which drops every key.

Python cannot wipe memory: after the lock no object holds a key or a word, and what their bytes
lie in is free to be used again.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Final

from intake.errors import MalformedError, WrongKeyError
from intake.review import gates
from intake.review.confirming import signer_of
from intake.review.desk.corpus import Corpus, HeldCase
from intake.review.desk.on_screen import Looks
from intake.review.desk.table import View
from intake.review.keys import LockedIdentity, ReviewerSecret
from intake.review.known_words import forget_words
from intake.review.reading_time import ReadingTime
from intake.tlog.note import Signer

if TYPE_CHECKING:
    from intake.review.desk.merging import Merging
    from intake.review.outgoing import Output

IDLE: Final = 600.0  # seconds without a request after which the desk locks itself, at the most
_DELAYS: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # seconds that a wrong passphrase costs


class Sitting:
    """An open case: what is read of it, and what is looked at.

    `opened` are the items that were opened now, with what for, as the ledger says already; `whole` those
    that were shown to their end; `built` are outputs by their hash, `looks` what was shown of them.
    """

    def __init__(self, folder: Path, secrets: Sequence[ReviewerSecret]) -> None:
        """Open the case, alone; raises as `Case.opened` does."""
        identities = tuple(secret.identity for secret in secrets)
        signers = tuple(secret.signer for secret in secrets)
        self._open = ExitStack()
        self.case: HeldCase = self._open.enter_context(
            HeldCase.opened(folder, identities, writing=True, signers=signers)
        )
        self.view = View()
        self.opened: dict[str, set[str]] = {}
        self.whole: set[str] = set()
        self.built: dict[bytes, Output] = {}
        self.looks = Looks()
        self.merging: Merging | None = None
        self.time = ReadingTime(self.case)
        self._secrets = tuple(secrets)
        self.corpus = Corpus(self.case)
        self.corpus.begin()

    @property
    def signer(self) -> Signer:
        """The key with which this reviewer answers codes; `RosterError` for whom no site knows."""
        return signer_of(self.case, self._secrets)

    def open(self, item: str, purpose: str = "") -> None:
        """Put into the ledger that an item is opened, once in this sitting for each purpose.

        Called before a word of it is shown. Without a purpose: what it would be opened for now, which is another
        one once it was triaged.
        """
        wanted = purpose or gates.purpose_of(self.case, item)
        if wanted not in self.opened.get(item, ()):
            gates.open_item(self.case, item, wanted)
            self.opened.setdefault(item, set()).add(wanted)

    def read_again(self) -> None:
        """Read the whole case again: items came, or are gone."""
        self.looks.forget()
        self.corpus.stop()
        self.corpus = Corpus(self.case)
        self.corpus.begin()

    def close(self) -> None:
        """Stop reading and let go of the case."""
        if self.merging is not None:
            self.merging.stop()
            self.merging = None
        self.corpus.stop()
        self.looks.forget()
        self._secrets = ()
        forget_words()
        self._open.close()


class Desk:
    """The one sitting that there may be, and who may begin the next.

    All of it is used by one thread at a time: whoever holds `alone`. `idle` is in seconds; `out` is the folder into which files are handed over
    unless somebody names another; `clock`
    and `sleep` are the system's but in tests.
    """

    def __init__(  # noqa: PLR0913 - a clock and a sleep for tests
        self,
        folder: Path,
        identities: Sequence[Path],
        *,
        idle: float = IDLE,
        out: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not 0 < idle <= IDLE:
            raise MalformedError(
                f"the desk locks itself after {IDLE / 60:.0f} minutes or earlier, never later"
            )
        self.folder = folder
        self.alone = RLock()
        self.idle = idle
        self.out = Path.cwd() if out is None else out
        self._identities = tuple(identities)
        self._clock, self._sleep = clock, sleep
        self._sitting: Sitting | None = None
        self._last = clock()
        self._wrong = 0

    @property
    def sitting(self) -> Sitting | None:
        """The sitting, None while the desk is locked."""
        return self._sitting

    @property
    def names(self) -> list[str]:
        """The names on the locked identities, in order: a passphrase is asked for each."""
        return [LockedIdentity.parse(path.read_bytes()).name for path in self._identities]

    def begin(self, secrets: Sequence[ReviewerSecret]) -> None:
        """Begin a sitting with identities that were unlocked."""
        with self.alone:
            self.lock()
            self._sitting = Sitting(self.folder, secrets)
            self._last = self._clock()

    def unlock(self, passphrases: Sequence[str]) -> None:
        """Begin a sitting with a passphrase for each identity.

        Raises `WrongKeyError` for a wrong one, after a delay that grows with each.
        """
        with self.alone:
            try:
                self.begin(self._unlocked(passphrases))
            except WrongKeyError:
                self._sleep(_DELAYS[min(self._wrong, len(_DELAYS) - 1)])
                self._wrong += 1
                raise
            self._wrong = 0

    def _unlocked(self, passphrases: Sequence[str]) -> list[ReviewerSecret]:
        locked = [LockedIdentity.parse(path.read_bytes()) for path in self._identities]
        return [one.unlock(passphrase) for one, passphrase in zip(locked, passphrases, strict=True)]

    def lock(self) -> None:
        """Drop the keys and everything that was opened with them; nothing where it is locked."""
        with self.alone:
            sitting, self._sitting = self._sitting, None
            if sitting is not None:
                sitting.close()

    def touch(self) -> None:
        """Note that somebody is there."""
        self._last = self._clock()

    def lock_if_idle(self) -> None:
        """Lock where nobody was there for too long."""
        with self.alone:
            if self._sitting is not None and self._clock() - self._last >= self.idle:
                self.lock()
