"""The hybrid recipient type: only real keys exist, and only the right identity opens."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.age import HeaderError, HybridIdentity, HybridRecipient, Stanza, X25519Identity
from intake.age.primitives import decode_base64, encode_base64
from intake.errors import MalformedError

FILE_KEY = bytes(range(16))
# Order 1, 2, 4 and 8 of Curve25519 and its twist, with the spellings beyond the prime.
LOW_ORDER = [
    bytes(32),
    b"\x01" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
]
# C2SP age.md, the hybrid recipient type: the example identity; its recipient begins and ends so.
SPEC_IDENTITY = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
SPEC_RECIPIENT = (
    "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtz",
    "49zc0k",
)


def altered(stanza: Stanza, enc: bytes) -> Stanza:
    return Stanza(stanza.type, (encode_base64(enc).decode(),), stanza.body)


def enc_of(stanza: Stanza) -> bytes:
    return decode_base64(stanza.args[0].encode())


def test_the_example_of_the_specification() -> None:
    """The specification's identity gives the specification's recipient."""
    recipient = str(HybridIdentity.parse(SPEC_IDENTITY).recipient)
    assert recipient.startswith(SPEC_RECIPIENT[0])
    assert recipient.endswith(SPEC_RECIPIENT[1])


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32))
def test_keys_round_trip(seed: bytes) -> None:
    """Identity and recipient are read back from what is written, and have their lengths."""
    identity = HybridIdentity.from_seed(seed)
    recipient = identity.recipient
    assert identity.seed == seed
    assert len(str(identity)) == 77
    assert len(str(recipient)) == 1959
    assert len(recipient.public_key) == 1216
    assert HybridIdentity.parse(str(identity)) == identity
    assert HybridRecipient.parse(str(recipient)) == recipient


def test_generated_identities_differ() -> None:
    """Two new identities are two, of 32 bytes each."""
    first, second = HybridIdentity.generate(), HybridIdentity.generate()
    assert first != second
    assert len(first.seed) == 32


def test_a_secret_is_not_shown_by_accident(hybrid: HybridIdentity) -> None:
    """What a traceback or a log would print of an identity holds nothing of it."""
    assert repr(hybrid) == "HybridIdentity()"


def test_wrapping_is_fresh_and_of_one_size(
    hybrid: HybridIdentity, other_hybrid: HybridIdentity
) -> None:
    """Each wrapping is new, 1,557 bytes long, and opens for its own identity alone."""
    first, second = (hybrid.recipient.wrap(FILE_KEY) for _ in range(2))
    assert first.type == "mlkem768x25519"
    assert enc_of(first) != enc_of(second)
    assert first.body != second.body
    assert len(first.to_bytes()) == 1557
    assert hybrid.unwrap([first]) == FILE_KEY
    assert other_hybrid.unwrap([first, second]) is None


def test_the_right_stanza_is_found_among_others(
    hybrid: HybridIdentity, other_hybrid: HybridIdentity, classic: X25519Identity
) -> None:
    """Stanzas of other types and for other people are passed over."""
    stanzas = [
        Stanza("grease", ("x",), b"y"),
        classic.recipient.wrap(FILE_KEY),
        other_hybrid.recipient.wrap(bytes(16)),
        hybrid.recipient.wrap(FILE_KEY),
    ]
    assert hybrid.unwrap(stanzas) == FILE_KEY
    assert hybrid.unwrap(stanzas[:3]) is None
    assert hybrid.unwrap([]) is None


@pytest.mark.parametrize("share", LOW_ORDER, ids=[share.hex()[:8] for share in LOW_ORDER])
def test_a_low_order_share_is_a_broken_header(hybrid: HybridIdentity, share: bytes) -> None:
    """A share that would make the X25519 secret zero is refused by that name."""
    stanza = hybrid.recipient.wrap(FILE_KEY)
    with pytest.raises(HeaderError, match="low-order"):
        hybrid.unwrap([altered(stanza, enc_of(stanza)[:1088] + share)])


@pytest.mark.parametrize("share", LOW_ORDER, ids=[share.hex()[:8] for share in LOW_ORDER])
def test_a_low_order_public_key_is_refused(hybrid: HybridIdentity, share: bytes) -> None:
    """Nobody can put a key on a roster whose X25519 half protects nothing."""
    with pytest.raises(MalformedError, match="low-order"):
        HybridRecipient(hybrid.recipient.public_key[:1184] + share)


@pytest.mark.parametrize("place", [0, 767])
def test_a_key_beyond_the_modulus_is_refused(hybrid: HybridIdentity, place: int) -> None:
    """FIPS 203's modulus check: no coefficient may be 3329 or more, at either end."""
    whole = int.from_bytes(hybrid.recipient.public_key[:1152], "little")
    for value, good in ((3328, True), (3329, False), (4095, False)):
        changed = whole & ~(0xFFF << 12 * place) | value << 12 * place
        key = changed.to_bytes(1152, "little") + hybrid.recipient.public_key[1152:]
        if good:
            assert HybridRecipient(key).public_key == key
        else:
            with pytest.raises(MalformedError, match="modulus"):
                HybridRecipient(key)


@pytest.mark.parametrize("size", [0, 32, 1184, 1215, 1217])
def test_a_public_key_of_another_size_is_refused(size: int) -> None:
    """Only 1,216 bytes are a hybrid key."""
    with pytest.raises(MalformedError, match="1216"):
        HybridRecipient(bytes(size))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_seed_of_another_size_is_refused(size: int) -> None:
    """Only 32 bytes are an identity."""
    with pytest.raises(MalformedError, match="32 bytes"):
        HybridIdentity.from_seed(bytes(size))


def test_keys_of_another_kind_or_case_are_refused(
    hybrid: HybridIdentity, classic: X25519Identity
) -> None:
    """A classic key, a secret in place of a public key, or the wrong case is not taken."""
    for text in (
        str(classic.recipient),
        str(hybrid),
        str(hybrid.recipient).upper(),
        str(hybrid.recipient)[:-1],
        " " + str(hybrid.recipient),
        str(hybrid.recipient) + "\n",
        "",
    ):
        with pytest.raises(MalformedError):
            HybridRecipient.parse(text)
    for text in (str(classic), str(hybrid.recipient), str(hybrid).lower(), str(hybrid) + " ", ""):
        with pytest.raises(MalformedError):
            HybridIdentity.parse(text)


def test_a_stanza_of_the_wrong_shape_is_refused(hybrid: HybridIdentity) -> None:
    """Arguments, share and body have one size, looked at before anything is opened."""
    good = hybrid.recipient.wrap(FILE_KEY)
    enc = enc_of(good)
    bad = [
        (Stanza(good.type, (), good.body), "two arguments"),
        (Stanza(good.type, (*good.args, "x"), good.body), "two arguments"),
        (altered(good, enc[:-1]), "1120"),
        (altered(good, enc + b"\x00"), "1120"),
        (Stanza(good.type, (good.args[0][:-1] + "!",), good.body), "canonical"),
        (Stanza(good.type, good.args, good.body[:-1]), "32 bytes"),
        (Stanza(good.type, good.args, good.body + b"\x00"), "32 bytes"),
    ]
    for stanza, phrase in bad:
        with pytest.raises(HeaderError, match=phrase):
            hybrid.unwrap([stanza])
        # Also behind one that opens: a file is good or bad for all its readers alike.
        with pytest.raises(HeaderError, match=phrase):
            hybrid.unwrap([good, stanza])


def test_every_altered_byte_of_a_stanza_is_noticed(hybrid: HybridIdentity) -> None:
    """A wrapping with one byte changed gives no file key, never a wrong one."""
    good = hybrid.recipient.wrap(FILE_KEY)
    enc = enc_of(good)
    for place in [*range(0, 1088, 17), *range(1088, 1120)]:
        changed = enc[:place] + bytes([enc[place] ^ 1]) + enc[place + 1 :]
        assert hybrid.unwrap([altered(good, changed)]) is None
    for place in range(32):
        body = good.body[:place] + bytes([good.body[place] ^ 1]) + good.body[place + 1 :]
        assert hybrid.unwrap([Stanza(good.type, good.args, body)]) is None


def test_the_halves_of_a_key_belong_together(
    hybrid: HybridIdentity, other_hybrid: HybridIdentity
) -> None:
    """A key whose X25519 half was swapped for another's opens for neither."""
    mixed = hybrid.recipient.public_key[:1184] + other_hybrid.recipient.public_key[1184:]
    stanza = HybridRecipient(mixed).wrap(FILE_KEY)
    assert hybrid.unwrap([stanza]) is None
    assert other_hybrid.unwrap([stanza]) is None


def test_the_fixed_recipient_stays_the_same(hybrid: HybridIdentity) -> None:
    """Key derivation never changes: this seed has had this recipient from the first day."""
    digest = hashlib.sha256(str(hybrid.recipient).encode()).hexdigest()
    assert digest == "f23f1ad437b42c84ede7744b365956c6bbfe84ca12423b0a6abeadc15d4c4770"
