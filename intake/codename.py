"""The eight words of a survivor, and the secret that they stand for (docs/format.md 5).

The secret is made of the words' numbers and not of their letters, so that any list of 7,776 words
gives the same one. It never asks anybody whether a code is right: any eight words are one.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import ascii_lowercase
from typing import Final, Self

from nacl.exceptions import CryptoError
from nacl.pwhash import argon2id

from intake.errors import MalformedError, StoreError

D: Final = b"testimony-intake/codename/v1"
WORDS: Final = 8
LIST_SIZE: Final = 7776  # 6^5, as dice choose them
SECRET_SIZE: Final = 13  # bytes; 7776^8 is less than 2^104
MEMORY: Final = 19_456  # KiB; with two passes one guess costs about 28 ms (protocol 4.2)
PASSES: Final = 2  # one lane, version 13 hex: what libsodium does, and nothing else
KEY_SIZE: Final = 32  # bytes

_MOST: Final = LIST_SIZE**WORDS
_MOST_TYPED: Final = 1000  # characters: more is no code, however it is written
# Letters of any script, with hyphens between: everything else separates words.
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LETTERS: Final = ascii_lowercase + "-"  # of the list's words
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")


class NotACodeError(MalformedError):
    """What was typed is no code.

    `count` is how many words were found; `unknown` are those that no list has, each with the word
    that was probably meant, or None. All of it is a secret: it is for whoever typed it alone.
    """

    def __init__(self, count: int, unknown: Sequence[tuple[str, str | None]] = ()) -> None:
        super().__init__("not a code of eight words", "look at the words again")
        self.count = count
        self.unknown = tuple(unknown)


@dataclass(frozen=True)
class Codename:
    """Eight numbers below 7,776, in order. Nothing of them is in its `repr` or `str`."""

    indexes: tuple[int, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.indexes) != WORDS or not all(0 <= n < LIST_SIZE for n in self.indexes):
            raise MalformedError("a code is eight numbers below 7776")

    @classmethod
    def fresh(cls) -> Self:
        """A new one, from the system's randomness; nobody ever chooses its words."""
        return cls(tuple(secrets.randbelow(LIST_SIZE) for _ in range(WORDS)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person typed or pasted; raises `NotACodeError`."""
        found = _typed(text) if len(text) <= _MOST_TYPED else []
        numbers = [_numbers().get(word) for word in found]
        unknown = [
            (word, nearest(word))
            for word, number in zip(found, numbers, strict=True)
            if number is None
        ]
        if unknown or len(found) != WORDS:
            raise NotACodeError(len(found), unknown)
        return cls(tuple(number for number in numbers if number is not None))

    @classmethod
    def from_secret(cls, secret: bytes) -> Self:
        """The code of these 13 bytes; the inverse of `secret`. Raises `MalformedError`."""
        number = int.from_bytes(secret)
        if len(secret) != SECRET_SIZE or number >= _MOST:
            raise MalformedError("no code has this secret")
        indexes: list[int] = []
        for _ in range(WORDS):
            number, index = divmod(number, LIST_SIZE)
            indexes.insert(0, index)
        return cls(tuple(indexes))

    @property
    def secret(self) -> bytes:
        """The 13 bytes that the words stand for, big endian."""
        number = 0
        for index in self.indexes:
            number = number * LIST_SIZE + index
        return number.to_bytes(SECRET_SIZE)

    @property
    def words(self) -> tuple[str, ...]:
        """The words, as they are shown to the one person whose they are."""
        return tuple(wordlist()[index] for index in self.indexes)

    def stretched(self, deployment: str) -> bytes:
        """The 32 bytes from which everything of this code derives, in one deployment.

        Takes 19 MiB and 13 to 20 ms of a core, and holds no lock of Python's meanwhile: libsodium takes
        them from the kernel in one piece and gives them back at once, whatever the C library's heap
        would keep. Raises `StoreError` where the memory is not there.
        """
        salt = salt_of(deployment)
        try:
            return argon2id.kdf(
                KEY_SIZE, self.secret, salt, opslimit=PASSES, memlimit=MEMORY * 1024
            )
        except CryptoError:
            raise StoreError("not enough memory for a code", "try again") from None


def salt_of(deployment: str) -> bytes:
    """The 16 bytes of salt of a deployment, the same for ever."""
    return sha256(D + b"/salt\x00" + deployment.encode()).digest()[:16]


def holds_code(text: str) -> bool:
    """Whether eight words of a list stand in a row in a text: somebody wrote a code into it.

    Lists have no short everyday words, so that no sentence looks like one.
    """
    found, known = _typed(text), _numbers()
    # Of eight in a row one stands at every eighth place: beside these alone the others are looked at.
    eighths = range(WORDS - 1, len(found), WORDS)
    return any(
        found[at] in known and _has_a_row(found[at + 1 - WORDS : at + WORDS]) for at in eighths
    )


def _has_a_row(found: Sequence[str]) -> bool:
    row, known = 0, _numbers()
    for word in found:
        row = row + 1 if word in known else 0
        if row == WORDS:
            return True
    return False


def nearest(word: str) -> str | None:
    """The word of the list that differs from a folded one by one slip of a finger, or None.

    A letter too many, too few, another one, or two changed about; of several the first in order.
    None at once for what is longer than that can be, or has two letters of no list: each slip is
    tried, and what is typed may be a thousand words, or one of six thousand letters.
    """
    known = _numbers()
    if len(word) > _longest() + 1 or sum(letter not in _LETTERS for letter in word) > 1:
        return None
    return min((near for near in _slips(word) if near in known), default=None)


@cache
def wordlist() -> tuple[str, ...]:
    """The EFF's large list (CC BY 3.0 US): 7,776 words in order, without those that hurt."""
    text = (files("intake") / "eff_large_wordlist.txt").read_text("ascii")
    return tuple(text.split())


@cache
def _numbers() -> Mapping[str, int]:
    return {word: number for number, word in enumerate(wordlist())}


@cache
def _longest() -> int:
    return max(map(len, wordlist()))


def _typed(text: str) -> list[str]:
    """The words in what a person typed: in lower case, and whatever stands between them."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")  # noqa: RUF001
    return _WORD.findall(_DASHES.sub("-", folded))


def _slips(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]
