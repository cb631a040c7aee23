"""The header of an age file: stanzas that wrap the file key, and the MAC over them.

Knows bytes and lines; never what a stanza type means (C2SP age.md, "Header").
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from intake.age.errors import HeaderError, MacError
from intake.age.primitives import decode_base64, encode_base64, hkdf

HEADER_LIMIT = 65536  # bytes: 42 hybrid stanzas; also bounds the work a hostile header can ask for

_VERSION = b"age-encryption.org/v1"
_STANZA_MARK = b"-> "
_MAC_MARK = b"---"
_MAC_SIZE = 32  # bytes
_COLUMNS = 64
_ARGUMENT = re.compile(r"[\x21-\x7e]+")  # argument = 1*VCHAR


@dataclass(frozen=True, slots=True)
class Stanza:
    """One wrapping of the file key: a type, further arguments, and a body of any length."""

    type: str
    args: tuple[str, ...]
    body: bytes

    def __post_init__(self) -> None:
        if not all(_ARGUMENT.fullmatch(argument) for argument in (self.type, *self.args)):
            raise HeaderError("stanza argument is empty or not printable")

    def to_bytes(self) -> bytes:
        """Encode with the body wrapped at 64 columns; the last line is shorter, maybe empty."""
        arguments = " ".join((self.type, *self.args)).encode("ascii")
        body = encode_base64(self.body)
        # One more than the length, so that a body of full lines gets its empty last line.
        lines = [body[i : i + _COLUMNS] for i in range(0, len(body) + 1, _COLUMNS)]
        return b"".join((_STANZA_MARK, arguments, b"\n", b"\n".join(lines), b"\n"))

    @classmethod
    def parse(cls, raw: bytes) -> "Stanza":
        """Read exactly one stanza, its lines ended by LF; the inverse of `to_bytes`."""
        lines = _split_lines(raw)
        stanza, after = _parse_stanza(lines, 0)
        if after != len(lines):
            raise HeaderError("data after the stanza")
        return stanza


@dataclass(frozen=True, slots=True)
class Header:
    """One or more stanzas and the 32-byte MAC over their bytes."""

    stanzas: tuple[Stanza, ...]
    mac: bytes

    def __post_init__(self) -> None:
        if not self.stanzas:
            raise HeaderError("header has no stanza")
        if len(self.mac) != _MAC_SIZE:
            raise HeaderError("header MAC is not 32 bytes")

    @classmethod
    def sign(cls, file_key: bytes, stanzas: Sequence[Stanza]) -> "Header":
        """Make the header whose MAC is keyed by this 16-byte file key."""
        return cls(tuple(stanzas), _mac(file_key, stanzas))

    def check(self, file_key: bytes) -> None:
        """Raise MacError unless the MAC was made with this file key over these very stanzas."""
        if not hmac.compare_digest(_mac(file_key, self.stanzas), self.mac):
            raise MacError("header was altered", "do not trust this file; ask for it again")

    def to_bytes(self) -> bytes:
        """Encode, up to and including the line feed after the MAC; the payload follows."""
        return _covered(self.stanzas) + b" " + encode_base64(self.mac) + b"\n"

    @classmethod
    def parse(cls, raw: bytes) -> "Header":
        """Read a whole header and nothing else, or raise HeaderError.

        1. The first line names version 1.
        2. Stanzas follow, each an argument line and its body.
        3. The MAC line is last, 32 bytes of canonical base64.
        4. Encoding the result gives the same bytes.
        """
        lines = _split_lines(raw)
        # (1) version
        if lines[0] != _VERSION:
            raise HeaderError("not an age v1 file", "the first line names another format")
        # (2) stanzas
        stanzas: list[Stanza] = []
        position = 1
        while position < len(lines) and not lines[position].startswith(_MAC_MARK):
            stanza, position = _parse_stanza(lines, position)
            stanzas.append(stanza)
        # (3) MAC
        if position != len(lines) - 1:
            raise HeaderError("header does not end with its MAC")
        header = cls(tuple(stanzas), decode_base64(lines[position][len(_MAC_MARK) + 1 :]))
        # (4) one spelling; also what refuses a MAC mark without its space
        if header.to_bytes() != raw:
            raise HeaderError("header is not in its one valid form")
        return header


def read_header(source: BinaryIO, limit: int = HEADER_LIMIT) -> Header:
    """Read a header of at most `limit` bytes and leave `source` at the first byte of the payload.

    Raises HeaderError; `source` needs `readline`, which any buffered file has.
    """
    raw = bytearray()
    line = b""
    while not line.startswith(_MAC_MARK):
        line = source.readline(limit - len(raw))
        raw += line
        if not line.endswith(b"\n"):
            whole = len(raw) < limit
            raise HeaderError("file ends inside its header" if whole else "header is too long")
    return Header.parse(bytes(raw))


def _split_lines(raw: bytes) -> list[bytes]:
    *lines, rest = raw.split(b"\n")
    if rest or not lines:
        raise HeaderError("header does not end with a line feed")
    return lines


def _parse_stanza(lines: Sequence[bytes], start: int) -> tuple[Stanza, int]:
    """Read the stanza whose first line is `start`; also say which line comes after it."""
    if not lines[start].startswith(_STANZA_MARK):
        raise HeaderError("stanza does not begin with an arrow and a space")
    kind, *arguments = lines[start][len(_STANZA_MARK) :].decode("latin-1").split(" ")
    end = start + 1
    while end < len(lines) and len(lines[end]) == _COLUMNS:
        end += 1
    if end == len(lines) or len(lines[end]) > _COLUMNS:
        raise HeaderError("stanza body does not end with a short line")
    body = decode_base64(b"".join(lines[start + 1 : end + 1]))
    return Stanza(kind, tuple(arguments), body), end + 1


def _covered(stanzas: Sequence[Stanza]) -> bytes:
    """Give the bytes the MAC covers: everything up to and including its mark."""
    encoded = [stanza.to_bytes() for stanza in stanzas]
    return b"".join((_VERSION, b"\n", *encoded, _MAC_MARK))


def _mac(file_key: bytes, stanzas: Sequence[Stanza]) -> bytes:
    return hmac.digest(hkdf(file_key, b"", b"header"), _covered(stanzas), "sha256")
