"""The server's one act: check a sealed letter from outside, and keep it (docs/format.md 8)."""

import datetime as dt
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO, Protocol

from intake.container import SIZES
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.opening import Letter, LetterHead
from intake.roster import Roster
from intake.seal import MAX_AGE, check_header, check_length
from intake.store import PIECE, Store


class Rosters(Protocol):
    """The rosters of one deployment."""

    def named(self, digest: str, today: dt.date) -> Roster:
        """The roster with this digest, if objects sealed to it are taken today; `RosterError`."""
        ...


class Acceptor:
    """Takes sealed letters for one store. `largest` is the largest container taken, in bytes."""

    def __init__(
        self,
        store: Store,
        rosters: Rosters,
        largest: int = SIZES[0],
        today: Callable[[], dt.date] = lambda: dt.datetime.now(dt.UTC).date(),
    ) -> None:
        self._store = store
        self._rosters = rosters
        self._largest = largest
        self._today = today

    def accept_letter(self, letter: Letter) -> None:
        """`accept` for a letter that is in memory."""
        self.accept(letter.head, BytesIO(letter.sealed), len(letter.sealed))

    def accept(
        self, head: LetterHead, body: BinaryIO, length: int, oldest: int = max(MAX_AGE.values())
    ) -> None:
        """Keep a sealed object of `length` bytes; on return it is durable.

        `oldest` is how many epochs ago it may have been sealed. The mode is sealed with the text,
        so whoever knows it from how the letter came says what reviewers will take in that mode.

        Sending again what is kept already changes nothing and is no error. Raises
        `MalformedError`, `RosterError` or `StoreError`, and then nothing is kept. In the order
        of docs/format.md 8 (1 is done by `LetterHead.parse`):

        2. the roster; 3. the epoch; 4. the length; 5. the header; 6. the envelope; 7. the status.
        """
        today = self._today()
        opening = head.opening
        # (2)
        roster = self._rosters.named(opening.roster, today)
        # (3)
        epoch = Epoch.of(today)
        if not 0 <= epoch.number - opening.epoch.number <= oldest:
            raise MalformedError(
                f"the letter is of {opening.epoch}, and it is {epoch}", "seal it again"
            )
        # (4)
        check_length(length, roster, self._largest)
        # (5)
        first = _read(body, min(length, PIECE))
        check_header(first, roster)
        # (6), (7)
        kept = opening.taken_in(epoch).to_bytes()
        if length <= PIECE:
            _check_envelope(sha256(first).digest(), opening.envelope)
            self._store.keep(head.status, opening.envelope, kept, first)
            return
        digest = sha256(first)
        with self._store.stage() as staging:
            staging.add(first)
            for start in range(PIECE, length, PIECE):
                content = _read(body, min(PIECE, length - start))
                digest.update(content)
                staging.add(content)
            _check_envelope(digest.digest(), opening.envelope)
            staging.keep(head.status, opening.envelope, kept)


def _check_envelope(digest: bytes, envelope: bytes) -> None:
    if digest != envelope:
        raise MalformedError(
            "the sealed object is not the one that its letter names",
            "it was damaged: send it again",
        )


def _read(source: BinaryIO, size: int) -> bytes:
    """Exactly `size` bytes; a stream from the network may give fewer at a time."""
    data = source.read(size)
    while len(data) < size:
        more = source.read(size - len(data))
        if not more:
            raise MalformedError("the upload was cut short", "send it again")
        data += more
    return data
