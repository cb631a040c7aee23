"""Armor: one spelling of a file as text, whitespace around it aside."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import (
    ArmorError,
    ArmorReader,
    ArmorWriter,
    HeaderError,
    HybridIdentity,
    armor,
    dearmor,
    decrypt,
    decrypt_bytes,
    encrypt,
)

BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----"
END = "-----END AGE ENCRYPTED FILE-----"
LINE = "A" * 64


def framed(*lines: str) -> str:
    return "\n".join((BEGIN, *lines, END)) + "\n"


@given(st.binary(max_size=300))
def test_armor_round_trips(raw: bytes) -> None:
    """Any bytes come back from their text, whichever way they are read."""
    text = armor(raw)
    assert dearmor(text) == raw
    assert dearmor(text.encode()) == raw
    assert dearmor("\n \t\n" + text.replace("\n", "\r\n") + " \r\n") == raw
    assert ArmorReader(io.BytesIO(text.encode())).read() == raw


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=200), max_size=8), st.integers(1, 100))
def test_pieces_make_the_same_text(pieces: list[bytes], step: int) -> None:
    """However a file is written in pieces, its text is the same, and reads back in any steps."""
    sink = io.BytesIO()
    with ArmorWriter(sink) as writer:
        for piece in pieces:
            writer.write(piece)
            writer.flush()
    assert sink.getvalue().decode() == armor(b"".join(pieces))
    reader = ArmorReader(io.BytesIO(sink.getvalue()))
    assert b"".join(iter(lambda: reader.read(step), b"")) == b"".join(pieces)


def test_the_text_is_strict_pem() -> None:
    """Lines have 64 columns, only the last fewer, and the padding is there."""
    assert armor(b"") == framed()
    assert armor(bytes(48)) == framed(LINE)
    assert armor(bytes(49)) == framed(LINE, "AA==")
    assert armor(bytes(96)) == framed(LINE, LINE)


def test_an_armor_around_nothing_is_an_empty_file() -> None:
    """It is read, as nothing; that no age file is empty is a fault of the header."""
    assert dearmor(framed()) == b""
    with pytest.raises(HeaderError):
        decrypt(ArmorReader(io.BytesIO(framed().encode())), io.BytesIO(), [])


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        pytest.param("", "first line", id="nothing"),
        pytest.param(" \n" * 3, "first line", id="only whitespace"),
        pytest.param(f"x\n{framed()}", "first line", id="garbage before"),
        pytest.param(f" {framed()}", "first line", id="indented"),
        pytest.param(framed().replace("AGE", "PGP", 1), "first line", id="another label"),
        pytest.param(framed().replace("AGE", "age", 1), "first line", id="lower case"),
        pytest.param(f"{BEGIN} \n{END}\n", "first line", id="space after the first line"),
        pytest.param(BEGIN, "no end line", id="only the first line"),
        pytest.param(f"{BEGIN}\n", "no end line", id="no end"),
        pytest.param(f"{BEGIN}\n{LINE}\n", "no end line", id="no end after a line"),
        pytest.param(f"{BEGIN}\nAAAA\n", "short line", id="no end after a short line"),
        pytest.param(framed("", "AAAA"), "empty", id="empty line"),
        pytest.param(framed("AAAA", ""), "short line", id="empty line before the end"),
        pytest.param(framed(LINE, ""), "empty", id="empty line after a full one"),
        pytest.param(framed("AAAA", "AAAA"), "short line", id="two short lines"),
        pytest.param(framed(LINE + "AAAA"), "long line", id="long line"),
        pytest.param(framed(LINE + "A"), "long line", id="65 columns"),
        pytest.param(framed("Version: 1", "", "AAAA"), "short line", id="headers"),
        pytest.param(framed("AA"), "base64", id="no padding"),
        pytest.param(framed("AB=="), "canonical", id="stray bits"),
        pytest.param(framed("AA==AAAA"), "base64", id="padding inside"),
        pytest.param(framed("AA=" + "A" * 61), "base64", id="padding inside a full line"),
        pytest.param(framed(" AAAA"), "base64", id="space before"),
        pytest.param(framed("AAAA "), "base64", id="space after"),
        pytest.param(framed("AA-_"), "base64", id="URL alphabet"),
        pytest.param(framed("AAAA\r"), "base64", id="two carriage returns", marks=[]),
        pytest.param(f"{BEGIN}\nAAAA\n{END} \n", "short line", id="space after the end line"),
        pytest.param(framed() + "x", "something else", id="garbage after"),
        pytest.param(framed() + framed(), "something else", id="two"),
        pytest.param(framed() + "é", "not ASCII", id="not ASCII"),
    ],
)
def test_a_bad_armor_is_refused(text: str, phrase: str) -> None:
    """Each way to write the text wrongly is refused, in memory and as a stream."""
    if phrase == "base64" and "\r" in text:
        text = text.replace("\r", "\r\r")
    with pytest.raises(ArmorError, match=phrase):
        dearmor(text)
    with pytest.raises(ArmorError):
        ArmorReader(io.BytesIO(text.encode())).read()


@pytest.mark.parametrize("before", [1023, 1024, 2047, 2048])
def test_padding_ends_the_text_wherever_the_reader_pauses(before: int) -> None:
    """A full line with padding is the last one, also where it ends what is decoded at once."""
    padded = "A" * 62 + "=="
    whole = framed(*[LINE] * (before - 1), padded)
    assert dearmor(whole) == bytes(48 * before - 2)
    for after in ("AAAA", LINE):
        text = framed(*[LINE] * (before - 1), padded, after)
        with pytest.raises(ArmorError, match="base64"):
            dearmor(text)
        with pytest.raises(ArmorError, match="base64"):
            ArmorReader(io.BytesIO(text.encode())).read()


@pytest.mark.parametrize("blank", [" ", "\n", "\r\n", "\t"])
def test_whitespace_around_is_bounded(blank: str) -> None:
    """A kibibyte of whitespace may stand before and after, and not more: no endless reading."""
    space = blank * (1022 // len(blank)) + "\n"
    assert dearmor(space + armor(b"x") + space) == b"x"
    with pytest.raises(ArmorError, match="first line"):
        dearmor(space * 2 + armor(b"x"))
    with pytest.raises(ArmorError, match="too much whitespace"):
        dearmor(armor(b"x") + space * 2)


def test_exactly_a_kibibyte_is_allowed() -> None:
    """The bound itself is still allowed, after and, less one, before."""
    assert dearmor("\n" * 1023 + armor(b"x") + "\n" * 1024) == b"x"
    with pytest.raises(ArmorError, match="first line"):
        dearmor("\n" * 1024 + armor(b"x"))
    with pytest.raises(ArmorError, match="too much whitespace"):
        dearmor(armor(b"x") + "\n" * 1025)


def test_every_changed_character_gives_an_error_or_other_bytes() -> None:
    """No two texts without whitespace around them are the same file."""
    text = armor(bytes(range(100)))
    for place in range(len(text) - 1):
        for character in "A=\n \x00z":
            changed = text[:place] + character + text[place + 1 :]
            if changed != text:
                try:
                    assert dearmor(changed) != bytes(range(100))
                except ArmorError as error:
                    assert error.phrase.startswith("armor")  # noqa: PT017


def test_a_big_file_goes_through_as_streams(hybrid: HybridIdentity) -> None:
    """Sealing into armor and opening out of it needs no copy of the whole."""
    plaintext = bytes(range(256)) * 1500
    text = io.BytesIO()
    with ArmorWriter(text) as writer:
        encrypt(io.BytesIO(plaintext), writer, [hybrid.recipient])
    opened = io.BytesIO()
    decrypt(ArmorReader(io.BytesIO(text.getvalue())), opened, [hybrid])
    assert opened.getvalue() == plaintext
    sealed = dearmor(text.getvalue())
    assert decrypt_bytes(sealed, [hybrid]) == plaintext
    assert ArmorReader(io.BytesIO(text.getvalue())).read() == sealed


def test_an_armor_that_broke_off_is_not_completed() -> None:
    """A failure in the middle leaves a text without its end line, which nobody takes for whole."""
    sink = io.BytesIO()

    def fail() -> None:
        with ArmorWriter(sink) as writer:
            writer.write(bytes(100))
            raise RuntimeError("disk gone")

    with pytest.raises(RuntimeError, match="disk gone"):
        fail()
    assert not sink.closed
    assert END.encode() not in sink.getvalue()
    with pytest.raises(ArmorError, match="no end line"):
        dearmor(sink.getvalue())


class Full(io.BytesIO):
    """A sink on a full disk."""

    def write(self, piece: object, /) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_reported_once_and_the_writer_is_closed() -> None:
    """The error of the sink reaches the caller, and nothing is tried again later."""
    writer = ArmorWriter(Full())
    writer.write(b"x")
    with pytest.raises(OSError, match="No space left"):
        writer.close()
    assert writer.closed
    writer.close()


def test_closing_twice_ends_once() -> None:
    """A second close writes nothing, and the sink stays open for its owner."""
    sink = io.BytesIO()
    writer = ArmorWriter(sink)
    writer.write(b"x")
    writer.close()
    writer.close()
    assert sink.getvalue() == framed("eA==").encode()
