"""What the buttons of the return page do, without script: all of it in memory, forgotten at once.

Nothing here says whether a code was ever given to anybody. There is no list of codes to ask.
"""

import datetime as dt
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from intake.author import Holder, Resend
from intake.canonical import b64, unb64
from intake.codename import Codename
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.form import ADDITION
from intake.opening import Letter
from intake.redaction import SEED_SIZE
from intake.seal import Message as Sealable
from intake.seal import container_of, seal_container
from intake.testimony import ConsentChange, Testimony
from intake.web.board_reading import BoardReading
from intake.web.public_files import PublicFiles
from intake.web.reception import Reception
from intake.web.reply_reading import Message, messages_on
from intake.web.stretching import Gate

_OTHERS: Final = 8  # numbers of a submission that are tried, where others have the first ones


class GoneError(MalformedError):
    """The question that was answered is not on the board any more, or never was."""


@dataclass(frozen=True)
class Once:
    """What a page carries so that its Send, pressed twice, keeps one: as secret as the code.

    The number under the code is one of 256 and may have been used; the seed shows whether what is
    kept there is the same text of the same page.
    """

    resend: Resend = field(repr=False)
    seed: bytes = field(repr=False)

    @classmethod
    def fresh(cls, epoch: Epoch, codename: Codename) -> Self:
        """For a page that is being made."""
        return cls(Resend.fresh(epoch, codename), os.urandom(SEED_SIZE))

    @classmethod
    def parse(cls, resend: str, seed: str) -> Self:
        """Read what the page sent; raises `MalformedError`."""
        return cls(Resend.parse(resend), unb64(seed, SEED_SIZE))

    @property
    def seed_text(self) -> str:
        """The seed as the page carries it."""
        return b64(self.seed)


class ReturnActs:
    """The acts of whoever came back to one site. Each raises what its parts do."""

    def __init__(  # noqa: PLR0913, PLR0917 - everything that the page uses
        self,
        deployment: str,
        files: PublicFiles,
        reception: Reception,
        board: BoardReading,
        gate: Gate,
        today: Callable[[], dt.date],
    ) -> None:
        self._deployment = deployment
        self._files = files
        self._reception = reception
        self._board = board
        self._gate = gate
        self._today = today

    @property
    def epoch(self) -> Epoch:
        """The week that it is here."""
        return Epoch.of(self._today())

    def messages(self, codename: Codename) -> tuple[Message, ...]:
        """The replies to a code: none to most, and none to those that were never given.

        Raises `BusyError`, or `StoreError` where the board cannot be read.
        """
        with self._gate.place():
            return self._messages(Holder.of(codename, self._deployment))

    def add(self, lang: str, text: str, once: Once) -> str:
        """Seal more to what was written under the code; gives the acknowledgement.

        Raises `AnswersError`.
        """
        return self._keep(Testimony.from_answers(lang, {"narrative": text}, (), ADDITION), once)

    def change(self, lang: str, agreed: Collection[str], once: Once) -> str:
        """Seal what is allowed from now on; gives the acknowledgement."""
        return self._keep(ConsentChange.of(lang, agreed), once)

    def answer(self, lang: str, question: str, once: Once, *, agreed: bool) -> str:
        """Seal a yes or no to a question, which must be on the board for this code; `GoneError`."""
        with self._reception.stretching():
            holder = Holder.of(once.resend.codename, self._deployment)
        asked = {message.digest for message in self._messages(holder) if message.question}
        if question not in asked:
            raise GoneError("there is no such question")
        return self._keep(ConsentChange.answer(lang, question, agreed=agreed), once, holder)

    def withdraw(self, codename: Codename) -> None:
        """Let go of all that was sent under a code in the last 104 weeks, if anything was.

        Nothing says what was, so all that can have been is tried. Raises `BusyError`.
        """
        with self._gate.place():
            holder = Holder.of(codename, self._deployment)
            preimages = [author.withdraw for author in holder.authors(self.epoch)]
        self._reception.withdraw(preimages)

    def _messages(self, holder: Holder) -> tuple[Message, ...]:
        roster = self._files.published().signed.roster
        return messages_on(self._board.rows(), holder, roster)

    def _keep(self, message: Sealable, once: Once, holder: Holder | None = None) -> str:
        if holder is None:
            # Not behind the gate: what somebody sends never waits for those who come to read.
            with self._reception.stretching():
                holder = Holder.of(once.resend.codename, self._deployment)
        return self._reception.take_new(self._letters(message, once, holder))

    def _letters(self, message: Sealable, once: Once, holder: Holder) -> Iterator[Letter]:
        """The same letter under one number of the week after another."""
        roster = self._files.published().signed.roster
        today = self._today()
        for n in range(_OTHERS):
            author = holder.author(once.resend.counter ^ n)
            container = container_of(
                message,
                roster,
                mode=Mode.SERVER,
                epoch=Epoch.of(today),
                author=author,
                seed=once.seed,
            )
            yield seal_container(container, roster, today=today, author=author)
