"""Bech32: one spelling for a key, and any slip of the pen is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.age import bech32
from intake.errors import MalformedError

# BIP 173, "Test vectors": valid checksums, but for those with data that fills no whole byte.
VALID = [
    ("A12UEL5L", "A", b""),
    ("a12uel5l", "a", b""),
    (
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio",
        b"",
    ),
    (
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "abcdef",
        bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df"),
    ),
]
# Same source: invalid strings, and the phrase that tells each.
INVALID = [
    (" 1nwldj5", "not printable"),
    ("\x7f1axkwrx", "not printable"),
    ("\x801eym55h", "not ASCII"),
    ("pzry9x0s0muk", "no prefix"),
    ("1pzry9x0s0muk", "no prefix"),
    ("x1b4n0q5v", "never have"),
    ("li1dgmt3", "too short"),
    ("de1lg7wt\xff", "not ASCII"),
    ("A1G7SGD8", "checksum"),
    ("10a06t8", "no prefix"),
    ("1qzzfhee", "no prefix"),
    ("a12UEL5L", "upper and lower"),
    ("", "no prefix"),
]

prefixes = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E).filter(lambda c: c == c.lower()),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(("text", "prefix", "raw"), VALID, ids=[text for text, _, _ in VALID])
def test_published_strings_are_read(text: str, prefix: str, raw: bytes) -> None:
    """The standard's own examples are read as the standard says."""
    assert bech32.decode(text) == (prefix, raw)
    assert bech32.encode(prefix.lower(), raw) == text.lower()


@pytest.mark.parametrize(("text", "phrase"), INVALID, ids=[repr(text) for text, _ in INVALID])
def test_published_mistakes_are_refused(text: str, phrase: str) -> None:
    """The standard's examples of mistakes are refused, each for its own reason."""
    with pytest.raises(MalformedError, match=phrase):
        bech32.decode(text)


@given(prefixes, st.binary(max_size=2000))
def test_round_trip(prefix: str, raw: bytes) -> None:
    """Any bytes under any prefix come back, in lower and in upper case."""
    text = bech32.encode(prefix, raw)
    assert bech32.decode(text) == (prefix, raw)
    assert bech32.decode(text.upper()) == (prefix.upper(), raw)


def test_there_is_no_limit_of_90_characters() -> None:
    """A hybrid recipient is 1,959 characters long, and is read."""
    text = bech32.encode("age1pq", bytes(1216))
    assert len(text) == 1959
    assert bech32.decode(text) == ("age1pq", bytes(1216))


@given(st.binary(min_size=1, max_size=60), st.data())
def test_one_wrong_character_is_noticed(raw: bytes, data: st.DataObject) -> None:
    """Whoever mistypes one character of a key is told, and seals to nobody else."""
    text = bech32.encode("age", raw)
    place = data.draw(st.integers(4, len(text) - 1))
    wrong = data.draw(
        st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l").filter(text[place].__ne__)
    )
    with pytest.raises(MalformedError, match="checksum"):
        bech32.decode(text[:place] + wrong + text[place + 1 :])


@pytest.mark.parametrize(
    "symbols",
    [
        pytest.param([0, 1], id="set bits after the last byte"),
        pytest.param([0, 0, 0], id="a whole symbol of padding"),
        pytest.param([0], id="five bits are no byte"),
    ],
)
def test_stray_bits_are_refused(symbols: list[int]) -> None:
    """A second spelling of the same bytes does not exist."""
    expanded = [3, 3, 3, 0, 1, 7, 5]  # "age", as the checksum reads it
    residue = bech32._polymod([*expanded, *symbols, *bytes(6)]) ^ 1
    checksum = [residue >> 5 * (5 - i) & 31 for i in range(6)]
    text = "age1" + "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[s] for s in [*symbols, *checksum])
    with pytest.raises(MalformedError, match="stray bits"):
        bech32.decode(text)


def test_the_error_never_holds_the_text() -> None:
    """A mistyped secret key does not end up in a message or a log."""
    secret = bech32.encode("age-secret-key-pq-", bytes(range(32))).upper()
    mistyped = secret[:-1] + ("P" if secret[-1] == "Q" else "Q")
    for wrong in (mistyped, secret[:-1], secret.lower() + "B", secret + "!", secret.lower()):
        with pytest.raises(MalformedError) as caught:
            bech32.decode_expecting("AGE-SECRET-KEY-PQ-", wrong, 32)
        shown = f"{caught.value} {caught.value.hint}".lower()
        assert wrong[19:30].lower() not in shown


def test_prefix_and_size_are_those_expected() -> None:
    """A key of another kind or length is not taken for the one that was asked for."""
    text = bech32.encode("age", bytes(32))
    assert bech32.decode_expecting("age", text, 32) == bytes(32)
    with pytest.raises(MalformedError, match='does not begin with "age1pq1"'):
        bech32.decode_expecting("age1pq", text, 32)
    with pytest.raises(MalformedError, match='does not begin with "AGE1"'):
        bech32.decode_expecting("AGE", text, 32)
    with pytest.raises(MalformedError, match="32 bytes instead of 31"):
        bech32.decode_expecting("age", text, 31)
