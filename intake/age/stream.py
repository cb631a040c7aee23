"""STREAM: the payload of an age file, sealed in chunks of 64 KiB that cannot be moved or dropped.

Never hands on a byte that was not authenticated. What it hands on while streaming is only known
to be a true beginning, until the last chunk was seen (C2SP age.md, "Payload").
"""

import errno
import io
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from intake.age.errors import PayloadError
from intake.age.primitives import TAG_SIZE, hkdf

CHUNK_SIZE = 65536  # bytes of plaintext
NONCE_SIZE = 16  # bytes before the first chunk, the salt of the payload key

_SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE
_CUT = "the file was damaged or cut short; ask for it again"
_BLOCK_CHUNKS = 8  # read and written at once: fewer calls, and still a few MiB of memory


def payload_key(file_key: bytes, nonce: bytes) -> bytes:
    """Derive the key of one payload from the file key and the 16-byte nonce before it."""
    return hkdf(file_key, nonce, b"payload")


def sealed_size(plaintext: int) -> int:
    """Say how many bytes the chunks take for this many bytes of plaintext."""
    return plaintext + TAG_SIZE * max(1, -(-plaintext // CHUNK_SIZE))


def opened_size(sealed: int) -> int:
    """Say how many bytes of plaintext are in `sealed` bytes of chunks; the inverse of sealed_size.

    Raises PayloadError for a length that no plaintext has, such as one with an empty last chunk.
    """
    plaintext = sealed - TAG_SIZE * max(1, -(-sealed // _SEALED_CHUNK_SIZE))
    if plaintext < 0 or sealed_size(plaintext) != sealed:
        raise PayloadError("payload has a length that no payload has", _CUT)
    return plaintext


class Sealer:
    """Seals one payload, in order, from its first chunk to its last. For one key, used once."""

    def __init__(self, key: bytes) -> None:
        self._aead = ChaCha20Poly1305(key)
        self._nonces = _Nonces()

    def seal_into(self, plaintext: bytes, sink: memoryview, *, last: bool) -> int:
        """Seal whole chunks, or anything that is `last`; returns the bytes written to `sink`.

        The last call gets the rest, which may be a full chunk: an empty chunk is only written
        for an empty payload, so callers look one read ahead before they call.
        """
        if not last and (not plaintext or len(plaintext) % CHUNK_SIZE):
            raise ValueError("only the last piece may end inside a chunk")
        source = memoryview(plaintext)
        written = 0
        for start in range(0, len(source) or 1, CHUNK_SIZE):
            chunk = source[start : start + CHUNK_SIZE]
            nonce = self._nonces.next(last=last and start + CHUNK_SIZE >= len(source))
            slot = sink[written : written + len(chunk) + TAG_SIZE]
            written += self._aead.encrypt_into(nonce, chunk, None, slot)
        return written


class Opener:
    """Opens one payload, in order, from its first chunk to its last."""

    def __init__(self, key: bytes) -> None:
        self._aead = ChaCha20Poly1305(key)
        self._nonces = _Nonces()

    def open_into(self, sealed: memoryview, sink: memoryview, *, last: bool) -> Iterator[int]:
        """Open chunk after chunk into `sink`; yields the length of each one that is authentic.

        `last` says that the input ends with `sealed`. Raises PayloadError at the first chunk that
        does not hold; what was yielded before it stays true.
        """
        position = 0
        for start in range(0, len(sealed) or 1, _SEALED_CHUNK_SIZE):
            chunk = sealed[start : start + _SEALED_CHUNK_SIZE]
            final = last and start + _SEALED_CHUNK_SIZE >= len(sealed)
            length = len(chunk) - TAG_SIZE
            if length < 0 or (length == 0 and self._nonces.count > 0):
                raise PayloadError("payload ends with an empty chunk", _CUT)
            nonce = self._nonces.next(last=final)
            slot = sink[position : position + length]
            position += length
            if self._open(nonce, chunk, slot):
                yield length
            elif length == CHUNK_SIZE and self._open(_other_mark(nonce), chunk, slot):
                # A full chunk that is authentic with the other mark is released like all before
                # it, as the published vectors ask; then the error says what is wrong.
                yield length
                where = "ends before" if final else "goes on after"
                raise PayloadError(f"payload {where} its last chunk", _CUT)
            else:
                raise PayloadError("payload was altered or cut short", _CUT)

    def _open(self, nonce: bytes, chunk: memoryview, slot: memoryview) -> bool:
        try:
            self._aead.decrypt_into(nonce, chunk, None, slot)
        except InvalidTag:
            return False
        return True


def seal_stream(key: bytes, source: BinaryIO, sink: BinaryIO) -> None:
    """Seal everything in `source` into `sink`, in memory that does not grow with it."""
    sealer = Sealer(key)
    room = memoryview(bytearray(_BLOCK_CHUNKS * _SEALED_CHUNK_SIZE))
    for block, last in _blocks(source, _BLOCK_CHUNKS * CHUNK_SIZE):
        write_all(sink, room[: sealer.seal_into(block, room, last=last)])


def open_stream(key: bytes, source: BinaryIO, sink: BinaryIO) -> None:
    """Open everything in `source` into `sink`, in memory that does not grow with it.

    Raises PayloadError; `sink` then holds the authentic beginning of a file that is not whole.
    """
    opener = Opener(key)
    room = memoryview(bytearray(_BLOCK_CHUNKS * CHUNK_SIZE))
    for block, last in _blocks(source, _BLOCK_CHUNKS * _SEALED_CHUNK_SIZE):
        released = 0
        try:
            for length in opener.open_into(memoryview(block), room, last=last):
                released += length
        finally:
            write_all(sink, room[:released])


def seal_bytes(key: bytes, prefix: bytes, plaintext: bytes) -> bytes:
    """Seal in one go and without a copy; `prefix` is put before the chunks."""
    whole = _room_for(len(prefix) + sealed_size(len(plaintext)))
    with whole.getbuffer() as room, room[len(prefix) :] as chunks:
        room[: len(prefix)] = prefix
        Sealer(key).seal_into(plaintext, chunks, last=True)
    return whole.getvalue()


def open_bytes(key: bytes, sealed: memoryview) -> bytes:
    """Open in one go and without a copy; nothing is returned unless all of it is authentic."""
    whole = _room_for(opened_size(len(sealed)))
    with whole.getbuffer() as room:
        for _ in Opener(key).open_into(sealed, room, last=True):
            pass
    return whole.getvalue()


def read_up_to(source: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, or all that is left; a short read alone does not mean the end."""
    parts: list[bytes] = []
    missing = size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def write_all(sink: BinaryIO, piece: bytes | memoryview) -> None:
    """Write every byte, also where the sink takes a part at a time as pipes do."""
    rest = memoryview(piece)
    while rest:
        written = sink.write(rest)
        if not written:
            raise OSError(errno.EIO, "nothing more can be written")
        rest = rest[written:]


class _Nonces:
    """The nonces of one payload: an 11-byte counter, then 1 for the last chunk and 0 before."""

    def __init__(self) -> None:
        self.count = 0
        self._ended = False

    def next(self, *, last: bool) -> bytes:
        # After the last chunk no nonce may follow, or two payloads could share a key unnoticed.
        if self._ended:
            raise ValueError("the payload has already ended")
        nonce = self.count.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
        self.count += 1
        self._ended = last
        return nonce


def _other_mark(nonce: bytes) -> bytes:
    return nonce[:-1] + bytes([nonce[-1] ^ 1])


def _blocks(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield blocks of `size` bytes and whether each is the last, which may be shorter.

    Only an empty source yields an empty block: at the boundary, a full block is the last one.
    """
    block = read_up_to(source, size)
    while len(block) == size and (following := read_up_to(source, size)):
        yield block, False
        block = following
    yield block, True


def _room_for(size: int) -> io.BytesIO:
    """Give `size` zero bytes to be filled in place through `getbuffer`.

    BytesIO owns the fresh bytes object, and once the buffer is released `getvalue` hands out that
    very object. Joining chunks, or turning a bytearray into bytes, would touch every byte once
    more, which costs as much as the cipher.
    """
    return io.BytesIO(bytes(size))
