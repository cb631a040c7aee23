"""Encrypting: for somebody, never weaker than asked for, and never the same twice."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import (
    HybridIdentity,
    Recipient,
    RecipientsError,
    ScryptIdentity,
    ScryptRecipient,
    Stanza,
    X25519Identity,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    read_header,
    sealed_length,
    unwrap_file_key,
    wrap_file_key,
)

FILE_KEY = bytes(range(16))
SEED = bytes(range(32))


def test_nobody_is_refused() -> None:
    """A file is never sealed to nobody, by any way in."""
    sink = io.BytesIO()
    with pytest.raises(RecipientsError, match="no recipient"):
        encrypt(io.BytesIO(b"x"), sink, [])
    assert sink.getvalue() == b""
    with pytest.raises(RecipientsError, match="no recipient"):
        encrypt_bytes(b"x", [])
    with pytest.raises(RecipientsError, match="no recipient"):
        wrap_file_key(FILE_KEY, [])


def test_mixing_is_refused(hybrid: HybridIdentity, classic: X25519Identity) -> None:
    """A classic recipient, a passphrase or an unknown one beside a hybrid one is refused.

    In either order, and nothing is written.
    """

    class Unknown:
        def wrap(self, file_key: bytes) -> Stanza:
            return Stanza("example.com/unknown", (), file_key)

    others: list[Recipient] = [classic.recipient, ScryptRecipient("x", log_n=1), Unknown()]
    for other in others:
        mixes: list[list[Recipient]] = [[hybrid.recipient, other], [other, hybrid.recipient]]
        for mix in mixes:
            sink = io.BytesIO()
            with pytest.raises(RecipientsError, match="mixed") as caught:
                encrypt(io.BytesIO(b"x"), sink, mix)
            assert "age1pq1" in caught.value.hint
            assert sink.getvalue() == b""


def test_a_passphrase_stands_alone(classic: X25519Identity) -> None:
    """A passphrase beside another recipient, or another passphrase, is refused."""
    lock = ScryptRecipient("x", log_n=1)
    mixes: list[list[Recipient]] = [
        [lock, lock],
        [lock, classic.recipient],
        [classic.recipient, lock],
    ]
    for recipients in mixes:
        with pytest.raises(RecipientsError, match="only recipient"):
            encrypt_bytes(b"x", recipients)
    assert decrypt_bytes(encrypt_bytes(b"x", [lock]), [ScryptIdentity("x")]) == b"x"


def test_every_recipient_gets_the_file_key_in_order(
    hybrid: HybridIdentity, other_hybrid: HybridIdentity
) -> None:
    """Stanzas stand in the order of the recipients, one each."""
    header = wrap_file_key(FILE_KEY, [hybrid.recipient, other_hybrid.recipient])
    assert [stanza.type for stanza in header.stanzas] == ["mlkem768x25519"] * 2
    assert hybrid.unwrap(header.stanzas[:1]) == FILE_KEY
    assert other_hybrid.unwrap(header.stanzas[1:]) == FILE_KEY
    assert unwrap_file_key(header, [other_hybrid]) == FILE_KEY


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_file_key_has_16_bytes(hybrid: HybridIdentity, size: int) -> None:
    """A caller that brings a file key of another size is stopped."""
    with pytest.raises(ValueError, match="16 bytes"):
        wrap_file_key(bytes(size), [hybrid.recipient])


@settings(max_examples=30)
@given(st.binary(max_size=200_000))
def test_both_ways_open_and_have_the_same_length(plaintext: bytes) -> None:
    """A stream and one go give files of one length that open to the same text."""
    identity = HybridIdentity.from_seed(SEED)
    sink = io.BytesIO()
    encrypt(io.BytesIO(plaintext), sink, [identity.recipient])
    one_go = encrypt_bytes(plaintext, [identity.recipient])
    assert len(one_go) == len(sink.getvalue()) == sealed_length(1, len(plaintext))
    assert decrypt_bytes(one_go, [identity]) == plaintext
    assert decrypt_bytes(sink.getvalue(), [identity]) == plaintext


def test_the_published_lengths() -> None:
    """An empty file to 1, 3 and 5 reviewers has 1,659, 4,773 and 7,887 bytes."""
    assert [sealed_length(n, 0) for n in (1, 3, 5)] == [1659, 4773, 7887]
    assert sealed_length(3, 65536) == 4773 + 65536
    assert sealed_length(3, 65537) == 4773 + 65537 + 16


def test_no_two_files_share_anything(hybrid: HybridIdentity) -> None:
    """The same text sealed twice has another file key, another nonce and other bytes."""
    files = [encrypt_bytes(b"the same text", [hybrid.recipient]) for _ in range(2)]
    headers = [read_header(io.BytesIO(file)) for file in files]
    keys = [unwrap_file_key(header, [hybrid]) for header in headers]
    payloads = [file[len(header.to_bytes()) :] for file, header in zip(files, headers, strict=True)]
    assert keys[0] != keys[1]
    assert payloads[0][:16] != payloads[1][:16]
    assert payloads[0][16:] != payloads[1][16:]
    assert all(b"the same" not in file for file in files)
