"""Takes letters for the pages, and gives for each what its sender may be shown: the log's promise.

It is in every answer, so that nobody stands out, and nothing of it is kept here (protocol 5.4).
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO

from flask import Response

from intake.accept import Acceptor
from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import StoreError
from intake.log.acknowledgement import Acknowledgement
from intake.opening import Letter, LetterHead, Opening
from intake.seal import MAX_AGE
from intake.tlog.note import Signer
from intake.web.pages import page, step
from intake.web.stretching import Gate

_ZEROS = bytes(32)
_ANY = Opening(Epoch(1970, 2), _ZEROS, _ZEROS, _ZEROS, f"sha256:{'0' * 64}", _ZEROS, _ZEROS)


class Reception:
    """The pages' way to the acceptor. Both ways in raise what `Acceptor.accept` does."""

    def __init__(self, acceptor: Acceptor, signer: Signer, gate: Gate) -> None:
        self._acceptor = acceptor
        self._signer = signer
        self._gate = gate

    def stretching(self) -> AbstractContextManager[None]:
        """Room to stretch the code of what is being sent; waits for it, and refuses nobody."""
        return self._gate.place()

    def check_open(self) -> None:
        """Raise `FullError` while nothing would be taken."""
        self._acceptor.check_open()

    def take(self, letter: Letter) -> str:
        """Keep a letter that is in memory; gives its acknowledgement."""
        return self._acknowledged(self._acceptor.accept_letter(letter))

    def take_new(self, letters: Iterable[Letter]) -> str:
        """Keep the first of these letters under whose status nothing else is kept already.

        They say the same, each with secrets of its own, and under one code two submissions may
        have the same by chance: what is kept there would stand for what comes. A letter with the
        redaction root of the kept one is that one, sent again. Gives the acknowledgement.
        """
        for letter in letters:
            kept = self._acceptor.accept_letter(letter)
            if kept is None or kept.redact == letter.head.opening.redact:
                return self._acknowledged(kept)
        raise StoreError("no more is taken with this code in this week", "try again in the next")

    def withdraw(self, preimages: Sequence[bytes]) -> None:
        """Let go of whatever one of these 32-byte secrets withdraws; the same for none and many."""
        self._acceptor.withdraw(preimages)

    def take_stream(self, head: LetterHead, body: BinaryIO, length: int) -> str:
        """Keep what the script sealed a moment ago, as it comes; gives its acknowledgement.

        What it seals reviewers take for one epoch more, not six, and a letter that is refused now
        it seals again.
        """
        kept = self._acceptor.accept(head, body, length, MAX_AGE[Mode.BROWSER])
        return self._acknowledged(kept)

    def _acknowledged(self, kept: Opening | None) -> str:
        """The acknowledgement; as many spaces where what came again is gone already."""
        given = Acknowledgement.give(kept or _ANY, self._signer).to_bytes().decode()
        return given if kept else " " * len(given)


def sent_page(lang: str, locked: str, acknowledged: str, words: Sequence[str] = ()) -> Response:
    """The page that says that it was sent; `locked` is the phrase that says where it was locked.

    `words` are those of a code that was made for it, shown here and nowhere else.
    """
    return page(
        "sent.html",
        lang=lang,
        title=step(3, lang),
        locked=locked,
        acknowledged=acknowledged.strip(" "),
        words=" ".join(words),
    )
