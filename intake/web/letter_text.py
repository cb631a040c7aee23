"""Reads a sealed letter from the text that a person pasted, the file they chose, or a stream."""

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from intake.age import dearmor
from intake.errors import MalformedError
from intake.opening import LETTER_HINT, MAX_HEAD, Letter, LetterHead

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_AGE = (b"age-encryption.org/v1", b"-----BEGIN AGE ENCRYPTED FILE-----")


class BareAgeError(MalformedError):
    """An age file without the lines that make it a letter: nothing says when or to whom."""


def read_letter(data: bytes) -> Letter:
    """Read a whole letter in memory, armored or as it is; raises `MalformedError`.

    1. White space before it, as pasting leaves, is passed over.
    2. An age file alone is told apart.
    3. The head ends with the first empty line, within 4,096 bytes; CR LF line ends are read as LF.
    4. The object is armored, or else it is what follows, byte for byte.
    """
    # (1)
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    # (2)
    if data.startswith(_AGE):
        raise BareAgeError("an age file alone is not a sealed letter", LETTER_HINT)
    # (3)
    start = data[:MAX_HEAD]
    ends = [at + len(empty) for empty in (b"\n\n", b"\n\r\n") if (at := start.find(empty)) >= 0]
    if not ends:
        raise MalformedError("not a sealed letter", LETTER_HINT)
    end = min(ends)
    head = LetterHead.parse(data[:end].replace(b"\r\n", b"\n"))
    # (4)
    sealed = data[end:]
    if sealed.lstrip().startswith(_AGE[1]):
        sealed = dearmor(sealed)
    return Letter(head, sealed)


def read_head(stream: BinaryIO, length: int) -> tuple[LetterHead, BinaryIO, int]:
    """Read the head of a letter of `length` bytes, and give what follows it and its length.

    Raises `MalformedError`. What follows is not read ahead into memory.
    """
    start = b""
    while (end := start.find(b"\n\n") + 2) < 2:
        # Not asked for nothing: some streams take an empty answer for a lost connection.
        room = MAX_HEAD - len(start)
        more = stream.read(room) if room else b""
        if not more:
            raise MalformedError("not a sealed letter", LETTER_HINT)
        start += more
    head = LetterHead.parse(start[:end])
    body = cast("BinaryIO", _Joined(start[end:], stream))
    return head, body, length - end


class _Joined(io.RawIOBase):
    """Some bytes that were read already, then the stream they came from."""

    def __init__(self, first: bytes, then: BinaryIO) -> None:
        self._first = first
        self._then = then

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        room = memoryview(buffer)
        if self._first:
            piece, self._first = self._first[: len(room)], self._first[len(room) :]
        else:
            piece = self._then.read(len(room))
        room[: len(piece)] = piece
        return len(piece)
