"""The classic recipient type, as the specification has it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import HeaderError, HybridIdentity, Stanza, X25519Identity, X25519Recipient
from intake.age.primitives import encode_base64
from intake.errors import MalformedError
from tests.age.test_mlkem768x25519 import LOW_ORDER

FILE_KEY = bytes(range(16))


def test_the_example_of_the_specification() -> None:
    """The specification's identity gives the specification's recipient."""
    text = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    identity = X25519Identity.parse(text)
    assert identity.seed == b"\x42" * 32
    recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    assert str(identity.recipient) == recipient


@settings(max_examples=30)
@given(st.binary(min_size=32, max_size=32))
def test_keys_round_trip(seed: bytes) -> None:
    """Identity and recipient are read back from what is written."""
    identity = X25519Identity.from_seed(seed)
    assert identity.seed == seed
    assert X25519Identity.parse(str(identity)) == identity
    assert X25519Recipient.parse(str(identity.recipient)) == identity.recipient


def test_generated_identities_differ() -> None:
    """Two new identities are two."""
    assert X25519Identity.generate() != X25519Identity.generate()


def test_a_secret_is_not_shown_by_accident(classic: X25519Identity) -> None:
    """What a traceback or a log would print of an identity holds nothing of it."""
    assert repr(classic) == "X25519Identity()"


def test_wrapping_is_fresh_and_for_one(classic: X25519Identity, hybrid: HybridIdentity) -> None:
    """Each wrapping is new and opens for its own identity alone, among any others."""
    first, second = (classic.recipient.wrap(FILE_KEY) for _ in range(2))
    other = X25519Identity.generate()
    assert first.args != second.args
    assert other.unwrap([first]) is None
    stanzas = [hybrid.recipient.wrap(FILE_KEY), other.recipient.wrap(bytes(16)), first]
    assert classic.unwrap(stanzas) == FILE_KEY


@pytest.mark.parametrize("share", LOW_ORDER, ids=[share.hex()[:8] for share in LOW_ORDER])
def test_low_order_points_are_refused(classic: X25519Identity, share: bytes) -> None:
    """Neither a share nor a public key may be of low order."""
    stanza = Stanza("X25519", (encode_base64(share).decode(),), bytes(32))
    with pytest.raises(HeaderError, match="low-order"):
        classic.unwrap([stanza])
    with pytest.raises(MalformedError, match="low order"):
        X25519Recipient(share)


def test_a_stanza_of_the_wrong_shape_is_refused(classic: X25519Identity) -> None:
    """Arguments, share and body have one size, looked at before anything is opened."""
    good = classic.recipient.wrap(FILE_KEY)
    bad = [
        (Stanza("X25519", (), good.body), "two arguments"),
        (Stanza("X25519", (*good.args, "x"), good.body), "two arguments"),
        (Stanza("X25519", (encode_base64(bytes(31)).decode(),), good.body), "share is not 32"),
        (Stanza("X25519", (good.args[0] + "=",), good.body), "canonical"),
        (Stanza("X25519", good.args, good.body + b"\x00"), "body is not 32"),
        (Stanza("X25519", good.args, good.body[1:]), "body is not 32"),
    ]
    for stanza, phrase in bad:
        with pytest.raises(HeaderError, match=phrase):
            classic.unwrap([stanza])
        with pytest.raises(HeaderError, match=phrase):
            classic.unwrap([good, stanza])


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_of_another_size_are_refused(size: int) -> None:
    """Only 32 bytes are a key."""
    with pytest.raises(MalformedError, match="32 bytes"):
        X25519Identity.from_seed(bytes(size))
    with pytest.raises(MalformedError, match="32 bytes"):
        X25519Recipient(bytes(size))


def test_keys_of_another_kind_are_refused(classic: X25519Identity, hybrid: HybridIdentity) -> None:
    """A hybrid key, the wrong case, or a secret in place of a public key is not taken."""
    for text in (str(hybrid.recipient), str(classic), str(classic.recipient).upper()):
        with pytest.raises(MalformedError):
            X25519Recipient.parse(text)
    for text in (str(hybrid), str(classic.recipient), str(classic).lower()):
        with pytest.raises(MalformedError):
            X25519Identity.parse(text)
