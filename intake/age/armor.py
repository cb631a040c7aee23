"""The text form of an age file: strict PEM, one spelling but for whitespace around it.

For letters and mail only. Stored objects are never armored: two encodings of one object would
have two hashes (C2SP age.md, "ASCII armor"; RFC 7468, figure 3).
"""

import base64
import binascii
import io
import itertools
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from intake.age.errors import ArmorError
from intake.age.stream import write_all

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"

_COLUMNS = 64
_LINE_SIZE = 48  # bytes in a full line
_LINES_AT_ONCE = 1024
_OUTSIDE_LIMIT = 1024  # bytes of whitespace before, and after: the bound of Go's age
_LONGEST_LINE = _COLUMNS + 2  # with CR and LF


def armor(raw: bytes) -> str:
    """Encode a whole file in memory as text with LF line ends."""
    text = io.BytesIO()
    with ArmorWriter(text) as writer:
        writer.write(raw)
    return text.getvalue().decode("ascii")


def dearmor(text: str | bytes) -> bytes:
    """Read the text form of a whole file in memory, or raise ArmorError.

    An armor around nothing gives no bytes; that no age file is empty is for the header to say.
    """
    if isinstance(text, str):
        if not text.isascii():
            raise ArmorError("armor holds a character that is not ASCII")
        text = text.encode("ascii")
    return b"".join(_pieces(io.BytesIO(text)))


class ArmorReader(io.BufferedReader):
    """A binary file that reads the bytes inside an armored one, a little at a time.

    Reading raises ArmorError at the first line that breaks the form. Closing leaves `source` open.
    """

    def __init__(self, source: BinaryIO) -> None:
        super().__init__(_Dearmored(source), _LINES_AT_ONCE * _LINE_SIZE)


class ArmorWriter(io.BufferedWriter):
    """A binary file that writes what it is given to `sink` as armor, which `close` completes.

    Left by an exception, a `with` block does not complete it. Closing leaves `sink` open.
    """

    def __init__(self, sink: BinaryIO) -> None:
        self._armored = _Armored(sink)
        super().__init__(self._armored, _LINES_AT_ONCE * _LINE_SIZE)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        if exc_type is not None:
            self._armored.abandon()
        self.close()


class _Dearmored(io.RawIOBase):
    def __init__(self, source: BinaryIO) -> None:
        self._pieces = _pieces(source)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        if not self._left:
            self._left = memoryview(next(self._pieces, b""))
        room = memoryview(buffer)
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


class _Armored(io.RawIOBase):
    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._begun = False
        self._abandoned = False
        self._rest = b""  # what does not fill a line yet

    def writable(self) -> bool:
        return True

    def write(self, piece: "ReadableBuffer", /) -> int:
        added = bytes(piece)
        pending = self._rest + added
        whole = len(pending) - len(pending) % _LINE_SIZE
        self._write_lines(pending[:whole])
        self._rest = pending[whole:]
        return len(added)

    def abandon(self) -> None:
        self._abandoned = True

    def close(self) -> None:
        try:
            if not self.closed and not self._abandoned:
                self._write_lines(self._rest)
                write_all(self._sink, END + b"\n")
        finally:
            super().close()

    def _write_lines(self, raw: bytes) -> None:
        if not self._begun:
            write_all(self._sink, BEGIN + b"\n")
            self._begun = True
        text = base64.b64encode(raw)
        lines = [text[i : i + _COLUMNS] + b"\n" for i in range(0, len(text), _COLUMNS)]
        write_all(self._sink, b"".join(lines))


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes inside an armor, many lines at a time, or raise ArmorError."""
    lines = _lines(source)
    padded = False
    while some := list(itertools.islice(lines, _LINES_AT_ONCE)):
        # Each part is decoded alone, and padding at its end is the end of the file, too.
        if padded:
            raise ArmorError("armor is not base64")
        text = b"".join(some)
        yield _decode(text)
        padded = text.endswith(b"=")


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield the lines inside an armor, or raise ArmorError.

    1. Whitespace, at most 1 KiB of it, may come before the first line.
    2. Lines of 64 columns follow; only the last may be shorter, and none is empty.
    3. The end line closes it.
    4. Whitespace, at most 1 KiB of it, may come after, and nothing else.
    """
    # (1) whitespace before
    _skip_to_begin(source)
    # (2) lines, until (3) the end line
    columns = _COLUMNS
    while (line := _read_line(source)) != END:
        if columns < _COLUMNS:
            raise ArmorError("armor has a short line before its end")
        columns = len(line)
        if not 0 < columns <= _COLUMNS:
            raise ArmorError("armor has an empty or a long line, or no end line")
        yield line
    # (4) whitespace after
    after = source.read(_OUTSIDE_LIMIT + 1)
    if after.strip():
        raise ArmorError("armor is followed by something else")
    if len(after) > _OUTSIDE_LIMIT:
        raise ArmorError("armor is followed by too much whitespace")


def _skip_to_begin(source: BinaryIO) -> None:
    allowed = _OUTSIDE_LIMIT
    while allowed > 0:
        line = source.readline(allowed + len(BEGIN))
        if line.strip():
            if _without_end(line) != BEGIN:
                break
            return
        if not line:
            break
        allowed -= len(line)
    raise ArmorError("armor does not begin with its first line", f"it is {BEGIN.decode()}")


def _read_line(source: BinaryIO) -> bytes:
    return _without_end(source.readline(_LONGEST_LINE))


def _without_end(line: bytes) -> bytes:
    """Take off one LF or CR LF; a line without either is as it is, for the comparison to refuse."""
    return line.removesuffix(b"\n").removesuffix(b"\r") if line.endswith(b"\n") else line


def _decode(text: bytes) -> bytes:
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        raise ArmorError("armor is not base64") from None
    # A strict decoder still ignores bits that fall off the end: encode again and compare.
    if base64.b64encode(raw) != text:
        raise ArmorError("armor is not canonical base64")
    return raw
