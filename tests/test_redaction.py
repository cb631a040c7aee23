from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import redaction

D = b"testimony-intake/redact/v1"
SEED = bytes(range(16))
any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def slow_root(seed: bytes, facts: list[bytes], fields: list[tuple[str, str]]) -> bytes:
    """docs/format.md 4 read again, leaf by leaf, with nothing shared with the code."""
    plain = [(b"m", fact) for fact in facts]
    for path, text in fields:
        plain.append((b"f", path.encode()))
        word = ""
        for i, c in enumerate(text):
            word += c
            following = text[i + 1 : i + 2]
            if (c not in "\t\n\r " and following in ["\t", "\n", "\r", " "]) or not following:
                if following and not text[i + 1 :].strip("\t\n\r ") and c in "\t\n\r ":
                    continue
                plain.append((b"w", word.encode()))
                word = ""
    row = []
    for i, token in enumerate(plain):
        v = sha256(D + b"/voids\x00" + seed + (i // 32).to_bytes(4, "big")).digest()
        row += [token] + [(b"v", b"")] * (v[i % 32] % 3)
    while len(row) & (len(row) - 1):
        row.append((b"v", b""))

    def climb(salt: bytes, first: int, count: int) -> bytes:
        if count == 1:
            kind, value = row[first]
            return sha256(
                b"\0" + D + b"/leaf" + kind + salt + len(value).to_bytes(4, "big") + value
            ).digest()
        half = count // 2
        left = climb(sha256(D + b"/ggm\x00" + salt).digest()[:16], first, half)
        right = climb(sha256(D + b"/ggm\x01" + salt).digest()[:16], first + half, half)
        return sha256(b"\1" + D + b"/node" + left + right).digest()

    return climb(seed, 0, len(row))


@given(any_text)
def test_the_words_joined_are_the_text(text: str) -> None:
    words = redaction.words(text)
    assert "".join(words) == text
    assert all(words)
    for word in words[:-1]:
        assert word.strip("\t\n\r ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("one", ["one"]),
        (" one  two\n", [" one", "  two", "\n"]),
        ("a\u00a0b\u2003c", ["a\u00a0b\u2003c"]),
        ("\n", ["\n"]),
        ("Ӏумар Ӏ", ["Ӏумар", " Ӏ"]),
        ("a\x85b\x1fc", ["a\x85b\x1fc"]),
    ],
)
def test_white_space_is_four_characters_and_nothing_else(text: str, words: list[str]) -> None:
    assert redaction.words(text) == words


@given(st.binary(min_size=16, max_size=16), st.lists(st.binary(max_size=9), max_size=70), any_text)
def test_the_root_is_the_one_that_the_format_describes(
    seed: bytes, facts: list[bytes], text: str
) -> None:
    fields = [("narrative", text), ("who_text", "x " + text)]
    assert redaction.root(seed, facts, fields) == slow_root(seed, facts, fields)


def test_every_part_of_what_is_sealed_changes_the_root() -> None:
    fields = [("narrative", "one two"), ("where_text", "there")]
    roots = [
        redaction.root(SEED, [b"a"], fields),
        redaction.root(bytes(16), [b"a"], fields),
        redaction.root(SEED, [b"b"], fields),
        redaction.root(SEED, [b"a", b"a"], fields),
        redaction.root(SEED, [b"a"], [("narrative", "one  two"), ("where_text", "there")]),
        redaction.root(SEED, [b"a"], [("narrative", "one two there")]),
        redaction.root(SEED, [b"a"], [("narrativ", "one two"), ("where_text", "there")]),
        redaction.root(SEED, [b"a"], list(reversed(fields))),
    ]
    assert len(set(roots)) == len(roots)
