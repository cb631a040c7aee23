"""The server's one act: check a sealed letter from outside, and keep it (docs/format.md 8).

And the reverse of it: its author takes it back.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from itertools import chain
from typing import BinaryIO, Protocol

from intake.age import sealed_length
from intake.budget import WEEKLY, Budget, Step
from intake.container import SIZES
from intake.epoch import Epoch
from intake.errors import EndedError, FullError, MalformedError, StoreError
from intake.opening import Letter, LetterHead, Opening
from intake.roster import Roster
from intake.seal import MAX_AGE, check_header, check_length
from intake.store import PIECE, Allowance, EpochClosedError, Store


class Rosters(Protocol):
    """The rosters of one deployment."""

    def named(self, digest: str, today: dt.date) -> Roster:
        """The roster with this digest, if objects sealed to it are taken today; `RosterError`."""
        ...


class Acceptor:
    """Takes sealed letters for one store.

    `largest` is the largest container taken, `weekly_bytes` what one epoch may have of sealed
    objects, both in bytes. `alarm` is called when a step of that budget is reached: once for each
    in an epoch, in whichever process comes first.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - a site's choices, and what stands in for its clock
        self,
        store: Store,
        rosters: Rosters,
        largest: int = SIZES[0],
        weekly_bytes: int = WEEKLY,
        alarm: Callable[[Step], None] = lambda _: None,
        today: Callable[[], dt.date] = lambda: dt.datetime.now(dt.UTC).date(),
    ) -> None:
        self._store = store
        self._rosters = rosters
        self._largest = largest
        self._budget = Budget(weekly_bytes)
        self._alarm = alarm
        self._told: tuple[Epoch, Step] | None = None
        self._today = today
        # What ends later, from another host, each transaction of the store sees by itself.
        self._ended = store.leaves.retired()

    def check_open(self) -> None:
        """Raise `FullError` while nothing would be taken: so nobody need write in vain."""
        self._check_not_ended()
        epoch = Epoch.of(self._today())
        step = self._budget.step(self._store.taken_if_open(epoch), self._store.free())
        if step is Step.CLOSED:
            self._watch(epoch)
            raise _full(text=True)

    def accept_letter(self, letter: Letter) -> Opening | None:
        """`accept` for a letter that is in memory."""
        return self.accept(letter.head, BytesIO(letter.sealed), len(letter.sealed))

    def accept(
        self, head: LetterHead, body: BinaryIO, length: int, oldest: int = max(MAX_AGE.values())
    ) -> Opening | None:
        """Keep a sealed object of `length` bytes; on return it is durable.

        Gives the opening that is kept, for the log's promise. Where its epoch was closed already,
        it is taken in the next one. Where it was kept before, that is the first one's opening;
        None where that was removed meanwhile.

        `oldest` is how many epochs ago it may have been sealed. The mode is sealed with the text,
        so whoever knows it from how the letter came says what reviewers will take in that mode.

        Sending again what is kept already changes nothing and is no error. Raises
        `MalformedError`, `RosterError` or `StoreError`, and then nothing is kept; the last is a
        `FullError` where it would be taken in another week, or with more room on the disk. In the
        order of docs/format.md 8 (1 is done by `LetterHead.parse`):

        2. the roster; 3. the epoch; 4. the length; 5. the header; 6. the room; 7. the envelope;
        8. the status.
        """
        self._check_not_ended()
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
        # (6)
        text = length == sealed_length(len(roster.recipients), SIZES[0])
        if not self._has_room(epoch, length, text=text):
            self._watch(epoch)
            self._check_known(head, first, _rest(body, length), text=text)
            return self._kept(head)
        # (7), (8)
        allowance = Allowance(epoch, self._budget.below(text=text))
        try:
            kept = self._keep(head, first, _rest(body, length), allowance)
        except FullError:
            self._watch(epoch)
            raise
        if kept is None:
            return self._kept(head)
        taken, opening = kept
        # It is kept, whatever comes now: an alarm that fails is raised with the next letter.
        with suppress(StoreError):
            self._watch(opening.epoch, taken)
        return opening

    def withdraw(self, preimages: Sequence[bytes]) -> None:
        """Destroy what its author takes back, and queue that for the log; durable on return.

        `preimages` are the secrets of 32 bytes of all that somebody may have sent (docs/format.md
        23). Nobody is told whether there was anything. Raises `EndedError` where the site has ended.
        """
        self._check_not_ended()
        self._store.withdraw(preimages, Epoch.of(self._today()))

    def _check_not_ended(self) -> None:
        if self._ended:
            raise EndedError("this site has ended", "nothing is taken here any more")

    def _kept(self, head: LetterHead) -> Opening | None:
        """The opening under which this was kept before."""
        found = self._store.kept(head.status, head.opening.envelope)
        return None if found is None else Opening.parse(found)

    def _has_room(self, epoch: Epoch, length: int, *, text: bool) -> bool:
        """Whether it may come in; a text's share of the week is looked at only when it is kept."""
        if self._store.free() - length < self._budget.free_for(text=text):
            return False
        return text or self._store.taken(epoch) < self._budget.below(text=False)

    def _check_known(
        self, head: LetterHead, first: bytes, rest: Iterator[bytes], *, text: bool
    ) -> None:
        """Steps (7) and (8) where there is no room: what is here already needs none."""
        if not self._store.knows(head.status, head.opening.envelope):
            raise _full(text=text)
        digest = sha256(first)
        for content in rest:
            digest.update(content)
        _check_envelope(digest.digest(), head.opening.envelope)

    def _keep(
        self, head: LetterHead, first: bytes, rest: Iterator[bytes], allowance: Allowance
    ) -> tuple[int, Opening] | None:
        """Steps (7) and (8), as the object comes."""
        envelope, status = head.opening.envelope, head.status
        second = next(rest, None)
        if second is None:
            _check_envelope(sha256(first).digest(), envelope)
            return _in_open_epoch(
                lambda opening, allowed: self._store.keep(
                    status, envelope, opening, first, allowed
                ),
                *(head.opening, allowance),
            )
        digest = sha256(first)
        with self._store.stage() as staging:
            staging.add(first)
            for content in chain([second], rest):
                digest.update(content)
                staging.add(content)
            _check_envelope(digest.digest(), envelope)
            return _in_open_epoch(
                lambda opening, allowed: staging.keep(status, envelope, opening, allowed),
                *(head.opening, allowance),
            )

    def _watch(self, epoch: Epoch, taken: int | None = None) -> None:
        """Tell the operator of a step that was reached, if nobody did yet; the store knows."""
        taken = self._store.taken(epoch) if taken is None else taken
        step = self._budget.step(taken, self._store.free())
        if step is Step.OPEN or (epoch, step) == self._told:
            return
        if self._store.tell(epoch, step):
            self._alarm(step)
        self._told = epoch, step


def _in_open_epoch(
    keep: Callable[[bytes, Allowance], int | None], opening: Opening, allowance: Allowance
) -> tuple[int, Opening] | None:
    """Keep it in its epoch, or in the next one where that was closed while it came."""
    while True:
        taken_in = opening.taken_in(allowance.epoch)
        try:
            taken = keep(taken_in.to_bytes(), allowance)
        except EpochClosedError as closed:
            allowance = replace(allowance, epoch=closed.open)
            continue
        return None if taken is None else (taken, taken_in)


def _full(*, text: bool) -> FullError:
    if text:
        return FullError("nothing more is taken at the moment", "try again later")
    return FullError("no files are taken at the moment", "a text alone may still be taken")


def _rest(body: BinaryIO, length: int) -> Iterator[bytes]:
    """What follows the first piece, a piece at a time."""
    for start in range(PIECE, length, PIECE):
        yield _read(body, min(PIECE, length - start))


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
