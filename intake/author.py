"""What only the author of a submission holds, and what of it is committed to (docs/format.md 5).

All of it derives from a code, or from 32 random bytes where somebody wants none.
"""

import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final, Self

from intake.age import HybridIdentity
from intake.canonical import b64, unb64
from intake.codename import KEY_SIZE, SECRET_SIZE, Codename, D
from intake.epoch import Epoch

STATUS_SIZE: Final = 16
WITHDRAW_SIZE: Final = 32
HINT_SIZE: Final = 16
WEEKS: Final = 104  # for so long what was sent under a code can be withdrawn with it
REPLIES: Final = 64  # numbers of replies under one code, from 0
_COUNTER_SIZE: Final = 4
_IN_A_WEEK: Final = 256  # counters
COUNTERS: Final = WEEKS * _IN_A_WEEK  # so many secrets are sent by whoever withdraws, always


@dataclass(frozen=True)
class Holder:
    """Whoever has a code: the 32 bytes that it stretches to, and what these open."""

    prk: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.prk) != KEY_SIZE:
            raise ValueError("32 bytes")

    @classmethod
    def of(cls, codename: Codename, deployment: str) -> Self:
        """The holder of a code; takes as long as `Codename.stretched`."""
        return cls(codename.stretched(deployment))

    @cached_property
    def identity(self) -> HybridIdentity:
        """The age identity to which replies are sealed."""
        return HybridIdentity.from_seed(_expand(self.prk, b"reply-seed", b"", 32))

    @property
    def reply_to(self) -> str:
        """Its recipient, `age1pq1…`: the same in all that is sent under this code."""
        return str(self.identity.recipient)

    @cached_property
    def mailbox(self) -> bytes:
        """32 bytes for the reviewers, by which replies are found; the server never sees them."""
        return _expand(self.prk, b"mailbox", b"", 32)

    def author(self, counter: int) -> "Author":
        """The secrets of one submission under this code."""
        return Author(self.prk, counter)

    def authors(self, now: Epoch) -> Iterator["Author"]:
        """Everyone who may have written under this code in the last `WEEKS` weeks, this one too.

        Nothing is kept of what was sent, so all that can be are tried.
        """
        for week in range(now.number, max(-1, now.number - WEEKS), -1):
            for last in range(_IN_A_WEEK):
                yield Author(self.prk, week * _IN_A_WEEK + last)


@dataclass(frozen=True)
class Author:
    """The secrets of one submission: 32 bytes of key and a counter below 2^32."""

    prk: bytes = field(repr=False)
    counter: int = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.prk) != KEY_SIZE or not 0 <= self.counter < 2**32:
            raise ValueError("32 bytes and a 32-bit counter")

    @classmethod
    def fresh(cls, epoch: Epoch) -> Self:
        """Secrets without a code, from the system's randomness: nobody can come back with them."""
        return cls(os.urandom(KEY_SIZE), fresh_counter(epoch))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `to_text` gave; raises `MalformedError`."""
        data = unb64(text, KEY_SIZE + _COUNTER_SIZE)
        return cls(data[:KEY_SIZE], int.from_bytes(data[KEY_SIZE:]))

    def to_text(self) -> str:
        """Base64 of key and counter."""
        return b64(self.prk + self.counter.to_bytes(_COUNTER_SIZE))

    @property
    def holder(self) -> Holder:
        """Whose submission it is."""
        return Holder(self.prk)

    @property
    def status_id(self) -> bytes:
        """16 bytes; the server keeps only their `status`."""
        return self._expand(b"status-id", 16)

    @property
    def status(self) -> bytes:
        """The 16 bytes under which the server keeps the submission."""
        return status_of(self.status_id)

    @property
    def withdraw(self) -> bytes:
        """32 bytes that, shown, withdraw the submission."""
        return self._expand(b"withdraw", WITHDRAW_SIZE)

    @property
    def withdraw_commit(self) -> bytes:
        """What stands in the opening and in the container, so that nobody else can withdraw."""
        return withdraw_commit_of(self.withdraw)

    @property
    def leaf_salt(self) -> bytes:
        """The opening's `salt`, 32 bytes."""
        return self._expand(b"leaf-salt", 32)

    def _expand(self, label: bytes, length: int) -> bytes:
        return _expand(self.prk, label, self.counter.to_bytes(_COUNTER_SIZE), length)


@dataclass(frozen=True)
class Resend:
    """What a page carries from the check to Send, so that sending twice keeps one.

    A code and the counter of one submission under it. It is as secret as the code.
    """

    codename: Codename = field(repr=False)
    counter: int = field(repr=False)

    @classmethod
    def fresh(cls, epoch: Epoch, codename: Codename | None = None) -> Self:
        """A new submission, under a new code or a given one."""
        return cls(codename or Codename.fresh(), fresh_counter(epoch))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `to_text` gave; raises `MalformedError`."""
        data = unb64(text, SECRET_SIZE + _COUNTER_SIZE)
        return cls(Codename.from_secret(data[:SECRET_SIZE]), int.from_bytes(data[SECRET_SIZE:]))

    def to_text(self) -> str:
        """Base64 of the code's secret and the counter."""
        return b64(self.codename.secret + self.counter.to_bytes(_COUNTER_SIZE))

    def author(self, deployment: str) -> Author:
        """The submission's secrets; takes as long as `Codename.stretched`."""
        return Holder.of(self.codename, deployment).author(self.counter)


def fresh_counter(epoch: Epoch) -> int:
    """The number of a submission of this week: a random one of 256, so that nothing is counted."""
    return epoch.number * _IN_A_WEEK + os.urandom(1)[0]


def status_of(status_id: bytes) -> bytes:
    """The 16 bytes by which the server knows a submission, of the 16 that its author has."""
    return sha256(status_id).digest()[:STATUS_SIZE]


def withdraw_commit_of(withdraw: bytes) -> bytes:
    """The 32 bytes by which an opening commits to the secret that withdraws it."""
    return sha256(D + b"/withdraw-commit\x00" + withdraw).digest()


def hint_of(mailbox: bytes, number: int) -> bytes:
    """The 16 bytes before a reply on the board, by which only the code's holder finds it."""
    return _expand(mailbox, b"reply-hint", number.to_bytes(4), HINT_SIZE)


def _expand(key: bytes, label: bytes, context: bytes, length: int) -> bytes:
    # HKDF-Expand (RFC 5869 2.3) of at most one block: its first and only round. There are tens of
    # thousands of these to a withdrawal, and hmac.digest takes a quarter of the library's time.
    return hmac.digest(key, D + b"/" + label + b"\x00" + context + b"\x01", "sha256")[:length]
