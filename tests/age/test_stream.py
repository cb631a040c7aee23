"""STREAM: chunks cannot be altered, moved, dropped or added, and the end is marked."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import PayloadError
from intake.age.stream import (
    CHUNK_SIZE,
    Opener,
    Sealer,
    open_bytes,
    open_stream,
    opened_size,
    read_up_to,
    seal_bytes,
    seal_stream,
    sealed_size,
    write_all,
)

KEY = bytes(range(32))
SEALED_CHUNK = CHUNK_SIZE + 16
BLOCK = 8 * CHUNK_SIZE  # what is read at once
EDGES = [
    *(0, 1, 2, 65535, 65536, 65537, 131071, 131072, 131073),
    *(BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK),
]


def pattern(size: int) -> bytes:
    """Bytes in which no two chunks are alike."""
    return b"".join(i.to_bytes(4, "big") for i in range(size // 4 + 1))[:size]


def sealed(size: int) -> bytes:
    return seal_bytes(KEY, b"", pattern(size))


def opened(chunks: bytes) -> bytes:
    return open_bytes(KEY, memoryview(chunks))


def released(chunks: bytes) -> tuple[bytes, str]:
    """What a stream hands on of these chunks, and the error it ends with."""
    sink = io.BytesIO()
    with pytest.raises(PayloadError) as caught:
        open_stream(KEY, io.BytesIO(chunks), sink)
    return sink.getvalue(), caught.value.phrase


class Dripping(io.RawIOBase):
    """A source and sink that gives and takes a few bytes at a time, as pipes may."""

    def __init__(self, content: bytes, step: int) -> None:
        self.content = bytearray(content)
        self.step = step

    def read(self, size: int = -1, /) -> bytes:
        count = min(size, self.step)
        part = bytes(self.content[:count])
        del self.content[:count]
        return part

    def write(self, piece: Any, /) -> int:
        self.content += piece[: self.step]
        return min(len(piece), self.step)


@pytest.mark.parametrize("size", EDGES)
def test_both_ways_agree_at_the_edges(size: int) -> None:
    """At every edge of a chunk, a stream and one go write the same bytes and read them back."""
    sink = io.BytesIO()
    seal_stream(KEY, io.BytesIO(pattern(size)), sink)
    assert sink.getvalue() == sealed(size)
    assert len(sealed(size)) == sealed_size(size)
    assert opened_size(sealed_size(size)) == size
    assert opened(sealed(size)) == pattern(size)
    back = io.BytesIO()
    open_stream(KEY, io.BytesIO(sealed(size)), back)
    assert back.getvalue() == pattern(size)


@pytest.mark.parametrize("chunks", [1, 2, 8, 16])
def test_a_full_last_chunk_is_the_last(chunks: int) -> None:
    """A text of whole chunks ends with a full one: no empty chunk is ever added to it."""
    assert sealed_size(chunks * CHUNK_SIZE) == chunks * SEALED_CHUNK
    assert len(sealed(chunks * CHUNK_SIZE)) == chunks * SEALED_CHUNK


def test_only_an_empty_payload_has_an_empty_chunk() -> None:
    """Nothing is sealed as one tag; after any text an empty chunk is refused."""
    assert len(sealed(0)) == 16
    assert opened(sealed(0)) == b""
    room = memoryview(bytearray(2 * SEALED_CHUNK))
    sealer = Sealer(KEY)
    length = sealer.seal_into(pattern(CHUNK_SIZE), room, last=False)
    length += sealer.seal_into(b"", room[length:], last=True)
    forged = bytes(room[:length])
    assert released(forged) == (pattern(CHUNK_SIZE), "payload ends with an empty chunk")
    with pytest.raises(PayloadError, match="length that no payload has"):
        opened(forged)
    with pytest.raises(PayloadError, match="empty chunk"):
        list(Opener(KEY).open_into(memoryview(forged), room, last=True))


@given(st.integers(0, 10_000_000))
def test_sizes_are_inverse(size: int) -> None:
    """The size of a text and that of its chunks give each other."""
    assert opened_size(sealed_size(size)) == size


@pytest.mark.parametrize("size", [0, 15, SEALED_CHUNK + 1, SEALED_CHUNK + 16, 2 * SEALED_CHUNK + 5])
def test_impossible_sizes_are_refused(size: int) -> None:
    """A length that no text gives is refused before any decryption."""
    with pytest.raises(PayloadError, match="length that no payload has"):
        opened_size(size)


@settings(max_examples=30)
@given(st.binary(max_size=2000), st.integers(1, 700))
def test_short_reads_and_writes_change_nothing(plaintext: bytes, step: int) -> None:
    """Through a pipe that passes a few bytes at a time the result is the same."""
    sink = Dripping(b"", step)
    seal_stream(KEY, Dripping(plaintext, step), sink)  # type: ignore[arg-type]
    assert bytes(sink.content) == seal_bytes(KEY, b"", plaintext)
    back = Dripping(b"", step)
    open_stream(KEY, sink, back)  # type: ignore[arg-type]
    assert bytes(back.content) == plaintext


def test_the_first_end_is_the_end() -> None:
    """A source that goes on after its end, as a terminal can, is not read again."""

    class Terminal(io.BytesIO):
        ended = False

        def read(self, size: int | None = -1, /) -> bytes:
            part = b"typed later" if self.ended else super().read(size)
            self.ended = not part
            return part

    sink = io.BytesIO()
    seal_stream(KEY, Terminal(b"typed first"), sink)
    assert opened(sink.getvalue()) == b"typed first"


def test_every_flipped_bit_is_noticed() -> None:
    """A payload with one bit changed anywhere gives nothing."""
    good = sealed(20)
    for place in range(len(good) * 8):
        bad = bytearray(good)
        bad[place // 8] ^= 1 << place % 8
        with pytest.raises(PayloadError, match="altered"):
            opened(bytes(bad))
        assert released(bytes(bad))[0] == b""


def test_every_cut_is_noticed() -> None:
    """A payload cut at any place is refused, and only whole true chunks were released."""
    good = sealed(2 * CHUNK_SIZE + 100)
    cuts = [*range(40), *range(0, len(good), 4999)]
    cuts += [place + near for place in (SEALED_CHUNK, 2 * SEALED_CHUNK) for near in range(-18, 18)]
    for cut in [*cuts, *range(len(good) - 120, len(good))]:
        beginning, _ = released(good[:cut])
        assert beginning == pattern(cut // SEALED_CHUNK * CHUNK_SIZE)
        with pytest.raises(PayloadError):
            opened(good[:cut])


def test_a_full_chunk_without_the_end_mark_is_released_and_refused() -> None:
    """A file that ends after a whole chunk that is not marked as the last is said to be cut."""
    good = sealed(3 * CHUNK_SIZE)
    for count in (1, 2):
        cut = good[: count * SEALED_CHUNK]
        phrase = "payload ends before its last chunk"
        assert released(cut) == (pattern(count * CHUNK_SIZE), phrase)
        with pytest.raises(PayloadError, match=phrase):
            opened(cut)


def test_data_after_the_last_chunk_is_refused() -> None:
    """Nothing can be hung on to a payload, not even another whole payload."""
    good = sealed(CHUNK_SIZE)
    for extra in (b"x", b"x" * 100, good, sealed(0)):
        beginning, phrase = released(good + extra)
        assert beginning == pattern(CHUNK_SIZE)
        assert phrase == "payload goes on after its last chunk"
        with pytest.raises(PayloadError):
            opened(good + extra)


def test_chunks_cannot_be_reordered_dropped_or_doubled() -> None:
    """Chunks hold only at their own place."""
    good = sealed(3 * CHUNK_SIZE)
    a, b, c = (good[i : i + SEALED_CHUNK] for i in range(0, len(good), SEALED_CHUNK))
    for forged in (b + a + c, a + c, a + a + b + c, a + b + b + c, c + b + a, b + c):
        beginning, _ = released(forged)
        assert pattern(3 * CHUNK_SIZE).startswith(beginning)
        with pytest.raises(PayloadError):
            opened(forged)
    assert opened(a + b + c) == pattern(3 * CHUNK_SIZE)


def test_another_key_gives_nothing() -> None:
    """A payload opens under its own key alone."""
    with pytest.raises(PayloadError):
        open_bytes(bytes(32), memoryview(sealed(10)))


def test_true_chunks_in_a_broken_block_are_released() -> None:
    """What was true before a damaged chunk is handed on, and nothing after it."""
    bad = bytearray(sealed(5 * CHUNK_SIZE))
    bad[3 * SEALED_CHUNK + 7] ^= 1
    assert released(bytes(bad))[0] == pattern(3 * CHUNK_SIZE)


def test_a_sealer_cannot_go_on_after_its_end() -> None:
    """No nonce is given out after the last, so a key never seals two payloads by mistake."""
    room = memoryview(bytearray(SEALED_CHUNK))
    sealer = Sealer(KEY)
    sealer.seal_into(b"", room, last=True)
    with pytest.raises(ValueError, match="already ended"):
        sealer.seal_into(b"", room, last=True)


@pytest.mark.parametrize("size", [0, 1, CHUNK_SIZE + 1])
def test_only_whole_chunks_come_before_the_last(size: int) -> None:
    """A caller that would write a short or empty chunk in the middle is stopped."""
    with pytest.raises(ValueError, match="last piece"):
        Sealer(KEY).seal_into(bytes(size), memoryview(bytearray(2 * SEALED_CHUNK)), last=False)


def test_a_sink_that_takes_nothing_is_an_error() -> None:
    """A write that makes no progress does not hang and does not pass as done."""
    with pytest.raises(OSError, match="nothing more can be written"):
        write_all(Dripping(b"", 0), b"x")  # type: ignore[arg-type]


def test_reading_up_to_a_size() -> None:
    """As much as is asked for is read, across short reads, and no more."""
    source = Dripping(b"abcdefgh", 3)
    assert read_up_to(source, 7) == b"abcdefg"  # type: ignore[arg-type]
    assert read_up_to(source, 7) == b"h"  # type: ignore[arg-type]
    assert read_up_to(source, 7) == b""  # type: ignore[arg-type]
