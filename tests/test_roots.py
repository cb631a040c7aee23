"""What a person may rely on of root holders' keys and their fingerprint (protocol 9.4)."""

from dataclasses import replace
from hashlib import sha256

import pytest

from intake.errors import MalformedError
from intake.roots import RootSet, parse_fingerprint
from intake.tlog.note import Algorithm, Signer
from tests.panel import root_signers
from tests.vectors.roster import fixed

ROSTER = fixed.ROSTER


def test_a_roots_file_reads_back() -> None:
    """A roots file has one form, and its own fingerprint."""
    three = ROSTER.roots
    assert RootSet.parse(three.to_bytes()) == three
    assert three.to_bytes().startswith(b"testimony-intake/roots/v1\nroot-threshold 2\nroot root0+")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"roots/v1", b"roots/v2"),
        (b"threshold 2", b"threshold 02"),
        (b"threshold 2", b"threshold 4"),
        (b"threshold 2", b"threshold 0"),
        (b"root-threshold 2\n", b""),
        (b"root root2+", b"code root2+"),
        (b"root root2+", b"root  root2+"),
        (b"root root2+", b"\nroot root2+"),
        (b"root root2+", b"root root\xd0\xbe+"),
    ],
)
def test_a_damaged_roots_file_is_refused(old: bytes, new: bytes) -> None:
    """No other spelling and no other order is a roots file."""
    with pytest.raises(MalformedError):
        RootSet.parse(ROSTER.roots.to_bytes().replace(old, new, 1))


@pytest.mark.parametrize("data", [b"", b"testimony-intake/roots/v1", bytes(100_001)])
def test_what_is_no_roots_file_is_refused(data: bytes) -> None:
    """Nothing, a part and a flood are refused alike."""
    with pytest.raises(MalformedError):
        RootSet.parse(data)
    with pytest.raises(MalformedError, match="canonical"):
        RootSet.parse(ROSTER.roots.to_bytes() + b"x")


def test_the_fingerprint_covers_all_that_counts() -> None:
    """Another key or another threshold gives other digits; another order does not."""
    three = ROSTER.roots
    others = (replace(three, threshold=1), fixed.root_set(2, 0, 1, 3), fixed.root_set(2, 0, 1))
    assert len({three.fingerprint, *(other.fingerprint for other in others)}) == 4
    assert RootSet(2, three.keys[::-1]).fingerprint == three.fingerprint


def test_the_fingerprint_is_that_of_the_specification() -> None:
    """Anyone can compute the digits with a hash and a long division."""
    one = fixed.root_set(1, 0)
    vkeys = sorted(str(key) for key in one.keys)
    text = "testimony-intake/root-fingerprint/v1\x001\x00" + "".join(f"{k}\n" for k in vkeys)
    number = int(sha256(text.encode()).hexdigest(), 16) % 10**30
    assert one.fingerprint.replace(" ", "") == f"{number:030d}"
    assert [len(group) for group in one.fingerprint.split(" ")] == [5] * 6


def test_typed_digits_are_understood() -> None:
    """Spaces do not matter; letters, other digits and a lost digit do."""
    digits = "12345 67890 12345 67890 12345 67890"
    assert parse_fingerprint(digits.replace(" ", "")) == digits
    assert parse_fingerprint(f" {digits.replace(' ', chr(9))}\n") == digits
    for wrong in (
        "",
        digits[1:],
        digits + "1",
        digits.replace("1", "l"),
        digits.replace("1", "\u0661"),
    ):
        with pytest.raises(MalformedError):
            parse_fingerprint(wrong)


def test_holders_are_at_most_sixteen() -> None:
    """A roster cannot carry a crowd of root holders."""
    assert len(fixed.root_set(2, *range(16)).holders) == 16
    with pytest.raises(MalformedError, match="more than 16"):
        fixed.root_set(2, *range(17))


def test_two_keys_of_one_type_are_not_a_holders_two() -> None:
    """A second Ed25519 key does not stand in for the post-quantum one."""
    first = root_signers(0)[0]
    second = Signer(first.name, Algorithm.ED25519, bytes(32))
    with pytest.raises(MalformedError, match="one Ed25519 and one ML-DSA-44"):
        RootSet(1, (first.vkey, second.vkey))
