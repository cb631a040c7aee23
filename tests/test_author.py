from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from intake.author import COUNTERS, Author, Holder
from intake.epoch import Epoch
from intake.errors import MalformedError

authors = st.builds(
    Author, st.binary(min_size=32, max_size=32), st.integers(min_value=0, max_value=2**32 - 1)
)


@given(authors)
def test_its_text_brings_back_the_same_secrets(author: Author) -> None:
    again = Author.parse(author.to_text())
    assert again == author
    assert again.status == author.status


def test_each_secret_is_derived_as_the_format_says() -> None:
    author = Author(bytes(range(32)), 0x000B9507)

    def expand(label: bytes, size: int) -> bytes:
        info = b"testimony-intake/codename/v1/" + label + b"\0\x00\x0b\x95\x07"
        return HKDFExpand(SHA256(), size, info).derive(bytes(range(32)))

    assert author.status_id == expand(b"status-id", 16)
    assert author.status == sha256(expand(b"status-id", 16)).digest()[:16]
    assert author.leaf_salt == expand(b"leaf-salt", 32)
    assert author.withdraw == expand(b"withdraw", 32)
    label = b"testimony-intake/codename/v1/withdraw-commit\0"
    assert author.withdraw_commit == sha256(label + expand(b"withdraw", 32)).digest()


def test_fresh_secrets_differ_and_count_the_epoch() -> None:
    epoch = Epoch(2026, 47)
    made = [Author.fresh(epoch) for _ in range(20)]
    assert len({author.prk for author in made}) == 20
    assert len({author.counter for author in made}) > 1
    assert {author.counter >> 8 for author in made} == {epoch.number}


@pytest.mark.parametrize("text", ["", "AAAA", "A" * 47 + "=", "A" * 49, "A" * 47 + "\n", "ж" * 48])
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        Author.parse(text)


@pytest.mark.parametrize(("prk", "counter"), [(bytes(31), 0), (bytes(32), 2**32), (bytes(32), -1)])
def test_secrets_of_another_shape_do_not_exist(prk: bytes, counter: int) -> None:
    with pytest.raises(ValueError, match="32"):
        Author(prk, counter)


def test_no_secret_stands_in_its_repr() -> None:
    assert repr(Author(b"\xab" * 32, 5)) == "Author()"


def test_whoever_withdraws_tries_every_number_of_the_last_104_weeks() -> None:
    """As many as a browser sends, none twice, this week and the oldest among them."""
    now = Epoch(2026, 48)
    counters = [author.counter for author in Holder(bytes(32)).authors(now)]
    assert len(counters) == len(set(counters)) == COUNTERS
    assert (min(counters), max(counters)) == ((now.number - 103) * 256, now.number * 256 + 255)
    first = [author.counter for author in Holder(bytes(32)).authors(Epoch(1970, 3))]
    assert sorted(first) == [*range(512)]
