"""The header: every line of it has one spelling, and is covered by its MAC."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.age import Header, HeaderError, MacError, Stanza, read_header
from intake.age.primitives import decode_base64, encode_base64

FILE_KEY = bytes(range(16))
WORD = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=80)
STANZA = st.builds(Stanza, WORD, st.lists(WORD, max_size=4).map(tuple), st.binary(max_size=200))
HEADER = st.builds(Header.sign, st.just(FILE_KEY), st.lists(STANZA, min_size=1, max_size=5))


@given(STANZA)
def test_a_stanza_round_trips(stanza: Stanza) -> None:
    """What is written is read back the same, with any body and any arguments."""
    assert Stanza.parse(stanza.to_bytes()) == stanza


@given(HEADER)
def test_a_header_round_trips(header: Header) -> None:
    """What is written is read back the same, and its MAC holds."""
    again = Header.parse(header.to_bytes())
    assert again == header
    again.check(FILE_KEY)


@given(HEADER, st.binary(max_size=50))
def test_reading_stops_at_the_payload(header: Header, payload: bytes) -> None:
    """Not one byte of the payload is taken with the header."""
    source = io.BytesIO(header.to_bytes() + payload)
    assert read_header(source) == header
    assert source.read() == payload


@given(st.binary(max_size=200))
def test_noise_is_refused_or_has_one_spelling(raw: bytes) -> None:
    """Whatever bytes arrive, there is a header or a HeaderError, and nothing else."""
    for tail in (b"", b"\n", b"\n--- " + b"A" * 43 + b"\n"):
        try:
            header = Header.parse(b"age-encryption.org/v1\n" + raw + tail)
        except HeaderError:
            continue
        assert header.to_bytes() == b"age-encryption.org/v1\n" + raw + tail


def test_every_flipped_bit_of_a_header_is_noticed() -> None:
    """A header with one bit changed is malformed or fails its MAC."""
    raw = Header.sign(FILE_KEY, [Stanza("a", ("b",), b"c" * 50), Stanza("d", (), b"")]).to_bytes()
    for place in range(len(raw) * 8):
        altered = bytearray(raw)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises((HeaderError, MacError)):
            Header.parse(bytes(altered)).check(FILE_KEY)


def test_another_file_key_does_not_check() -> None:
    """A header made under one file key is not taken for one made under another."""
    header = Header.sign(FILE_KEY, [Stanza("a", (), b"")])
    with pytest.raises(MacError, match="altered"):
        header.check(bytes(16))


GOOD_MAC = b"--- " + b"A" * 43 + b"\n"
GOOD_STANZA = b"-> a\n\n"
V1 = b"age-encryption.org/v1\n"


@pytest.mark.parametrize(
    ("raw", "phrase"),
    [
        pytest.param(b"", "line feed", id="nothing"),
        pytest.param(b"age-encryption.org/v2\n" + GOOD_STANZA + GOOD_MAC, "not an age v1", id="v2"),
        pytest.param(V1 + GOOD_MAC, "no stanza", id="no stanza"),
        pytest.param(V1 + GOOD_STANZA, "end with its MAC", id="no MAC"),
        pytest.param(V1 + GOOD_STANZA + GOOD_MAC + b"x", "line feed", id="data after"),
        pytest.param(V1 + GOOD_STANZA + GOOD_MAC + b"x\n", "end with its MAC", id="line after"),
        pytest.param(V1 + GOOD_STANZA + GOOD_MAC[:-2] + b"\n", "not 32 bytes", id="short MAC"),
        pytest.param(V1 + GOOD_STANZA + b"--- AAAA\n", "MAC is not 32 bytes", id="3-byte MAC"),
        pytest.param(V1 + GOOD_STANZA + b"---x" + b"A" * 43 + b"\n", "one valid", id="no space"),
        pytest.param(V1 + b"->a\n\n" + GOOD_MAC, "arrow", id="no space in stanza"),
        pytest.param(V1 + b"-> \n\n" + GOOD_MAC, "argument", id="no argument"),
        pytest.param(V1 + b"-> a  b\n\n" + GOOD_MAC, "argument", id="two spaces"),
        pytest.param(V1 + b"-> a\x7f\n\n" + GOOD_MAC, "argument", id="control character"),
        pytest.param(V1 + b"-> \xc3\xa9\n\n" + GOOD_MAC, "argument", id="not ASCII"),
        pytest.param(V1 + b"-> a\n" + GOOD_MAC, "canonical", id="no body"),
        pytest.param(V1 + b"-> a\n" + b"A" * 64 + b"\n", "short line", id="full last line"),
        pytest.param(V1 + b"-> a\n" + b"A" * 68 + b"\n" + GOOD_MAC, "short line", id="long line"),
        pytest.param(V1 + b"-> a\nAA==\n" + GOOD_MAC, "canonical", id="padding"),
        pytest.param(V1 + b"-> a\nAB\n" + GOOD_MAC, "canonical", id="stray bits"),
        pytest.param(V1 + b"-> a\nA\n" + GOOD_MAC, "canonical", id="one character"),
        pytest.param(V1 + b"-> a\r\n\r\n" + GOOD_MAC, "canonical", id="CR LF"),
    ],
)
def test_a_bad_header_is_refused(raw: bytes, phrase: str) -> None:
    """Each way to write a header wrongly is refused, with a phrase that says which."""
    with pytest.raises(HeaderError, match=phrase):
        Header.parse(raw)


def test_a_stanza_alone_is_all_there_is() -> None:
    """A stanza followed by another is not read as one stanza."""
    with pytest.raises(HeaderError, match="after the stanza"):
        Stanza.parse(GOOD_STANZA * 2)


@pytest.mark.parametrize("word", ["", "a b", "a\n", "é", "\x00"])
def test_a_stanza_that_cannot_be_written_cannot_exist(word: str) -> None:
    """No argument can smuggle a line into the header."""
    with pytest.raises(HeaderError, match="argument"):
        Stanza(word, (), b"")
    with pytest.raises(HeaderError, match="argument"):
        Stanza("a", ("b", word), b"")


def test_the_length_of_a_header_is_bounded() -> None:
    """A header may have its limit in bytes and not one more, and no more is ever read."""
    header = Header.sign(FILE_KEY, [Stanza("a", (), bytes(48 * 100))])
    raw = header.to_bytes()
    assert read_header(io.BytesIO(raw + b"x"), len(raw)) == header
    source = io.BytesIO(raw + bytes(100))
    with pytest.raises(HeaderError, match="too long"):
        read_header(source, len(raw) - 1)
    assert source.tell() == len(raw) - 1


def test_a_header_of_more_than_64_kib_is_refused() -> None:
    """The usual limit is 65,536 bytes."""
    source = io.BytesIO(V1 + b"-> a\n\n" * 100_000 + GOOD_MAC)
    with pytest.raises(HeaderError, match="too long"):
        read_header(source)
    assert source.tell() == 65536


@pytest.mark.parametrize("raw", [b"", V1, V1 + b"-> a", V1 + GOOD_STANZA, b"\x00" * 100])
def test_a_file_that_ends_in_its_header_is_refused(raw: bytes) -> None:
    """A file cut short inside its header is called that."""
    with pytest.raises(HeaderError, match="ends inside"):
        read_header(io.BytesIO(raw))


@given(st.binary(max_size=100))
def test_base64_round_trips(raw: bytes) -> None:
    """Bytes come back, and their spelling has no padding."""
    text = encode_base64(raw)
    assert b"=" not in text
    assert decode_base64(text) == raw


@pytest.mark.parametrize("text", [b"AB", b"AAB", b"AA==", b"A", b"A-", b"A_AA", b"AA\n", b" AA"])
def test_lenient_base64_is_refused(text: bytes) -> None:
    """Stray bits, padding, other alphabets and spaces make no second spelling."""
    with pytest.raises(HeaderError, match="canonical"):
        decode_base64(text)
