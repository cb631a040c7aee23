"""Decrypting: the right key, an untouched file, all of it, or nothing."""

import io
import random

import pytest

from intake.age import (
    Header,
    HeaderError,
    HybridIdentity,
    Identity,
    MacError,
    PayloadError,
    ScryptIdentity,
    Stanza,
    X25519Identity,
    decrypt,
    decrypt_bytes,
    encrypt_bytes,
    read_header,
    unwrap_file_key,
)
from intake.errors import MalformedError, ProofError, WrongKeyError

TEXT = b"a plain sentence"


@pytest.fixture(scope="module")
def sealed(hybrid: HybridIdentity, other_hybrid: HybridIdentity) -> bytes:
    return encrypt_bytes(TEXT, [hybrid.recipient, other_hybrid.recipient])


def refusal(file: bytes, identity: HybridIdentity) -> type[Exception]:
    """The error that both ways of opening end with, having released nothing."""
    sink = io.BytesIO()
    with pytest.raises((MalformedError, ProofError, WrongKeyError)) as streamed:
        decrypt(io.BytesIO(file), sink, [identity])
    with pytest.raises((MalformedError, ProofError, WrongKeyError)) as whole:
        decrypt_bytes(file, [identity])
    assert streamed.type is whole.type
    assert sink.getvalue() == b""
    return whole.type


def test_each_recipient_opens(
    sealed: bytes, hybrid: HybridIdentity, other_hybrid: HybridIdentity
) -> None:
    """Every reviewer the file was sealed to can open it, with any other keys at hand too."""
    for identities in ([hybrid], [other_hybrid], [HybridIdentity.generate(), other_hybrid]):
        assert decrypt_bytes(sealed, identities) == TEXT


def test_a_wrong_key_is_told_apart_from_damage(sealed: bytes, classic: X25519Identity) -> None:
    """Whoever has no fitting key learns just that."""
    strangers: list[Identity] = [HybridIdentity.generate(), classic, ScryptIdentity("x")]
    with pytest.raises(WrongKeyError, match="no key offered"):
        decrypt_bytes(sealed, strangers)
    with pytest.raises(WrongKeyError, match="no key offered"):
        decrypt_bytes(sealed, [])


def test_every_altered_byte_is_refused(sealed: bytes, hybrid: HybridIdentity) -> None:
    """A file with one byte changed anywhere opens for nobody, and says which part is broken."""
    header = len(read_header(io.BytesIO(sealed)).to_bytes())
    seen = set[type[Exception]]()
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1 << place % 8
        error = refusal(bytes(altered), hybrid)
        seen.add(error)
        if place >= header:
            assert error is PayloadError
        else:
            assert error in (HeaderError, MacError, WrongKeyError)
    assert seen == {HeaderError, MacError, WrongKeyError, PayloadError}


def test_every_beginning_is_refused(sealed: bytes, hybrid: HybridIdentity) -> None:
    """A file cut at any byte opens for nobody."""
    header = len(read_header(io.BytesIO(sealed)).to_bytes())
    for length in range(len(sealed)):
        error = refusal(sealed[:length], hybrid)
        assert error is (HeaderError if length < header + 16 else PayloadError)


def test_anything_after_the_end_is_refused(sealed: bytes, hybrid: HybridIdentity) -> None:
    """Nothing can be hung on to a file."""
    assert refusal(sealed + b"\x00", hybrid) is PayloadError
    assert refusal(sealed + sealed, hybrid) is PayloadError


def test_a_stanza_added_or_taken_away_is_noticed(
    sealed: bytes, hybrid: HybridIdentity, other_hybrid: HybridIdentity
) -> None:
    """Nobody can add a reader to a sealed file, or cut one out, or change their order."""
    header = read_header(io.BytesIO(sealed))
    payload = sealed[len(header.to_bytes()) :]
    first, second = header.stanzas
    third = other_hybrid.recipient.wrap(bytes(16))
    for stanzas in ((first,), (second, first), (first, second, third), (first, first, second)):
        forged = Header(stanzas, header.mac).to_bytes() + payload
        assert refusal(forged, hybrid) is MacError


def test_a_payload_of_another_file_is_refused(sealed: bytes, hybrid: HybridIdentity) -> None:
    """Header and payload cannot be exchanged between files."""
    other = encrypt_bytes(TEXT, [hybrid.recipient])
    header = read_header(io.BytesIO(sealed)).to_bytes()
    other_header = read_header(io.BytesIO(other)).to_bytes()
    assert refusal(header + other[len(other_header) :], hybrid) is PayloadError


def test_a_mac_is_never_skipped(hybrid: HybridIdentity) -> None:
    """A file key is given out only after the header was found untouched."""
    stanza = hybrid.recipient.wrap(bytes(16))
    good = Header.sign(bytes(16), [stanza])
    assert unwrap_file_key(good, [hybrid]) == bytes(16)
    with pytest.raises(MacError):
        unwrap_file_key(Header.sign(bytes(15) + b"\x01", [stanza]), [hybrid])


def test_scrypt_must_be_alone_whoever_asks(hybrid: HybridIdentity) -> None:
    """A passphrase stanza beside another is a broken header also for a key that would fit."""
    stanzas = [hybrid.recipient.wrap(bytes(16)), Stanza("scrypt", ("A" * 22, "10"), bytes(32))]
    with pytest.raises(HeaderError, match="not alone"):
        unwrap_file_key(Header.sign(bytes(16), stanzas), [hybrid])


def test_reordered_chunks_are_refused(hybrid: HybridIdentity) -> None:
    """The pieces of a longer file cannot be put in another order."""
    plaintext = random.Random(1).randbytes(3 * 65536)
    sealed = encrypt_bytes(plaintext, [hybrid.recipient])
    start = len(sealed) - 3 * 65552
    a, b, c = (sealed[start + i * 65552 : start + (i + 1) * 65552] for i in range(3))
    assert decrypt_bytes(sealed[:start] + a + b + c, [hybrid]) == plaintext
    for order in ((b, a, c), (a, c, b), (c, b, a), (a, a, c), (a, c)):
        with pytest.raises(PayloadError):
            decrypt_bytes(sealed[:start] + b"".join(order), [hybrid])


def test_noise_is_refused(hybrid: HybridIdentity) -> None:
    """What is no age file at all is called malformed."""
    for noise in (b"", b"\x00" * 1000, b"age-encryption.org/v1", b"PK\x03\x04", b"\n" * 100):
        assert refusal(noise, hybrid) is HeaderError


def test_a_hostile_header_costs_little(hybrid: HybridIdentity) -> None:
    """As many stanzas as a header can hold are gone through, and no more than that."""
    stanza = hybrid.recipient.wrap(bytes(16))
    many = Header.sign(bytes(16), [stanza] * 43).to_bytes() + bytes(100)
    with pytest.raises(HeaderError, match="too long"):
        decrypt_bytes(many, [hybrid])
    fits = Header.sign(bytes(16), [stanza] * 42)
    assert unwrap_file_key(read_header(io.BytesIO(fits.to_bytes())), [hybrid]) == bytes(16)
