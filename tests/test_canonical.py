import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.canonical import b64, unb64
from intake.errors import MalformedError

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
keys = st.text(st.characters(max_codepoint=126), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(values)
def test_what_is_encoded_is_read_back_the_same(value: object) -> None:
    if depth(value) <= canonical.MAX_DEPTH:
        assert canonical.decode(canonical.encode(value)) == value
    else:
        with pytest.raises(MalformedError):
            canonical.encode(value)


def test_the_spelling_is_that_of_rfc_8785() -> None:
    # The control characters, quote and backslash of RFC 8785 section 3.2.2.2.
    value = {"b": 'é€"\\/\u000f\b\t\n\f\r\x7f\u2028', "a": [1, True, None], "A": {}}
    assert canonical.encode(value) == (
        '{"A":{},"a":[1,true,null],"b":"é€\\"\\\\/\\u000f\\b\\t\\n\\f\\r\x7f\u2028"}'.encode()
    )


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b'"\\u0041"',
        b'"\\ud800"',
        b'"\\/"',
        b"\xff",
        b'"\x01"',
        b"1 ",
        b"\xef\xbb\xbf1",
        b"",
        b"[" * 100_000,
        b"[" * 9 + b"]" * 9,
        b"1" * 5000,
        '{"é":1}'.encode(),
    ],
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedError):
        canonical.decode(data)


def test_eight_levels_are_read_and_nine_are_not() -> None:
    assert canonical.decode(b"[" * 8 + b"]" * 8) is not None
    with pytest.raises(MalformedError, match="8 levels"):
        canonical.encode([[[[[[[[[]]]]]]]]])


@pytest.mark.parametrize("value", [1.5, 2**53, -(2**53), b"x", {1: 2}, {"é": 1}, "\ud800"])
def test_what_it_does_not_hold_is_not_written(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical.encode(value)


@given(st.binary(max_size=40))
def test_base64_round_trips(data: bytes) -> None:
    assert unb64(b64(data), len(data)) == data


@pytest.mark.parametrize("text", ["AB==", "AA", "AA=", "AA== ", "A A==", "AA==\n", "_w==", "é==="])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(MalformedError):
        unb64(text, 1)


def test_base64_of_another_size_is_refused() -> None:
    with pytest.raises(MalformedError, match="32 bytes"):
        unb64(b64(bytes(31)), 32)
