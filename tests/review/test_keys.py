"""What a reviewer and a root holder may rely on of their locked files."""

import base64
from dataclasses import replace

import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from intake.age import decrypt_bytes, encrypt_bytes
from intake.errors import MalformedError, WrongKeyError
from intake.review.keys import (
    LockedIdentity,
    LockedRootKey,
    ReviewerSecret,
    RootSecret,
    WeakPassphraseError,
)
from intake.tlog.note import Algorithm, Note

PASSPHRASE = "six words that dice have chosen"
SECRET = ReviewerSecret("r1", bytes(range(32)), bytes(range(32, 64)))
ROOT = RootSecret("root0", bytes(range(64, 96)), bytes(range(96, 128)))


@pytest.fixture(scope="module")
def locked() -> LockedIdentity:
    """A real locked file: 256 MiB, but one pass instead of three."""
    return LockedIdentity.lock(SECRET, PASSPHRASE, passes=1)


def test_the_passphrase_opens_it_and_another_does_not(locked: LockedIdentity) -> None:
    """Only the passphrase gives the secret back; a wrong one says so and nothing else."""
    assert LockedIdentity.parse(locked.to_bytes()).unlock(PASSPHRASE) == SECRET
    with pytest.raises(WrongKeyError) as caught:
        locked.unlock(PASSPHRASE + " ")
    assert PASSPHRASE not in caught.value.phrase + caught.value.hint


def test_a_root_key_is_locked_alike() -> None:
    """Both seeds of a root holder come back, each for its own algorithm."""
    locked = LockedRootKey.lock(ROOT, PASSPHRASE, passes=1)
    assert LockedRootKey.parse(locked.to_bytes()).unlock(PASSPHRASE) == ROOT
    with pytest.raises(MalformedError, match="not a testimony-intake/reviewer-identity"):
        LockedIdentity.parse(locked.to_bytes())


def test_the_file_is_as_the_format_says(locked: LockedIdentity) -> None:
    """Anyone with Argon2 and ChaCha20-Poly1305 can open it without this program."""
    head, sealed = locked.to_bytes().decode().split("sealed ")
    label, name, kdf, rest = head.split("\n")
    assert (label, name, rest) == ("testimony-intake/reviewer-identity/v1", "name r1", "")
    word, memory, passes, lanes, salt = kdf.split(" ")
    assert (word, memory, passes, lanes) == ("argon2id", "m=262144", "t=1", "p=4")
    key = hash_secret_raw(
        PASSPHRASE.encode(), base64.b64decode(salt), 1, 262144, 4, 32, Type.ID, 19
    )
    opened = ChaCha20Poly1305(key).decrypt(bytes(12), base64.b64decode(sealed), head.encode())
    assert opened == bytes(range(64))


def test_what_is_not_secret_cannot_be_changed(locked: LockedIdentity) -> None:
    """A file given another name does not open."""
    with pytest.raises(WrongKeyError):
        replace(locked, name="r2").unlock(PASSPHRASE)


def test_every_lock_is_new(locked: LockedIdentity) -> None:
    """The same secret and passphrase never give the same file, so no key seals twice."""
    again = LockedIdentity.lock(SECRET, PASSPHRASE, passes=1)
    assert again.salt != locked.salt
    assert again.sealed != locked.sealed


def test_the_usual_cost_is_three_passes_over_256_mib() -> None:
    """A guess costs what the issue asks for."""
    locked = LockedRootKey.lock(ROOT, PASSPHRASE)
    assert b"\nargon2id m=262144 t=3 p=4 " in locked.to_bytes()


def test_composed_and_decomposed_letters_are_one_passphrase() -> None:
    """A passphrase in Cyrillic opens from any keyboard: й may be one character or two."""
    locked = LockedIdentity.lock(SECRET, "шестой \u0439\u043e\u0434 зимой", passes=1)
    assert locked.unlock("шестои\u0306 \u0438\u0306од зимои\u0306") == SECRET


@pytest.mark.parametrize("weak", ["", " " * 30, "eleven char", "  eleven char  "])
def test_short_passphrases_lock_nothing(weak: str) -> None:
    """Nobody protects a survivor's words with fewer than twelve characters."""
    with pytest.raises(WeakPassphraseError, match="fewer than 12") as caught:
        LockedIdentity.lock(SECRET, weak)
    assert "dice" in caught.value.hint


def test_twelve_characters_are_taken() -> None:
    """The limit is where the message says it is."""
    LockedIdentity.lock(SECRET, "twelve chars", passes=1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("identity/v1", "identity/v2"),
        ("name r1", "name R1"),
        ("name r1", "name  r1"),
        ("name r1\n", ""),
        ("argon2id", "argon2i"),
        ("m=262144", "m=262143"),
        ("m=262144", "m=2097153"),
        ("m=262144", "m=0262144"),
        ("t=1", "t=0"),
        ("t=1", "t=17"),
        ("t=1", "t=+1"),
        ("p=4", "p=0"),
        ("p=4", "p=17"),
        ("p=4 ", "p=4 AAAA"),
        ("sealed ", "sealed AAAA"),
        ("sealed ", "sealed\t"),
        ("sealed ", "sealed ="),
        ("\n", "\r\n"),
        ("==\n", "\n"),
        ("name r1", "name \u04401"),
    ],
)
def test_a_damaged_file_is_refused(locked: LockedIdentity, old: str, new: str) -> None:
    """Nothing of another form is tried with a passphrase, nor can a file ask for a machine's all."""
    text = locked.to_bytes().decode()
    assert old in text
    with pytest.raises(MalformedError):
        LockedIdentity.parse(text.replace(old, new).encode())


def test_the_limits_themselves_are_taken(locked: LockedIdentity) -> None:
    """A file made on a bigger machine opens here too."""
    strong = replace(locked, memory=2_097_152, passes=16, lanes=16)
    assert LockedIdentity.parse(strong.to_bytes()) == strong


@pytest.mark.parametrize("data", [b"", b"x" * 2000, b"\xff", b"testimony-intake/"])
def test_what_is_no_key_is_refused(data: bytes) -> None:
    """Any other file is named as such."""
    with pytest.raises(MalformedError, match="not a locked key"):
        LockedIdentity.parse(data)


def test_bytes_after_the_end_are_refused(locked: LockedIdentity) -> None:
    """A file has an end."""
    for more in (b"\n", b"x", b" " * 2000):
        with pytest.raises(MalformedError):
            LockedIdentity.parse(locked.to_bytes() + more)


def test_base64_that_python_forgives_is_refused(locked: LockedIdentity) -> None:
    """The salt has one spelling: bits after its end cannot be changed."""
    text = locked.to_bytes()
    salt = base64.b64encode(locked.salt)
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    changed = salt[:21] + alphabet[alphabet.index(salt[21:22]) + 1 :][:1] + b"=="
    assert base64.b64decode(changed) == locked.salt
    with pytest.raises(MalformedError, match="canonical"):
        LockedIdentity.parse(text.replace(salt, changed))


def test_a_reviewers_public_half_belongs_to_the_secret() -> None:
    """What is sealed to the lines handed in opens with the identity kept."""
    reviewer = SECRET.reviewer
    assert decrypt_bytes(encrypt_bytes(b"x", [reviewer.recipient]), [SECRET.identity]) == b"x"
    assert Note(b"x\n", (SECRET.signer.sign(b"x\n"),)).signed_by(reviewer.signer)


def test_a_root_holder_signs_with_both_algorithms() -> None:
    """A root holder always has the two keys that a roster asks for."""
    assert [vkey.algorithm for vkey in ROOT.vkeys] == [Algorithm.ED25519, Algorithm.ML_DSA_44]
    for signer, vkey in zip(ROOT.signers, ROOT.vkeys, strict=True):
        assert Note(b"x\n", (signer.sign(b"x\n"),)).signed_by(vkey)


@pytest.mark.parametrize("kind", [ReviewerSecret, RootSecret])
def test_new_secrets_are_new_and_not_shown(kind: type[ReviewerSecret | RootSecret]) -> None:
    """No two are alike, neither seed is the other, and a traceback shows neither."""
    first, second = kind.generate("x1"), kind.generate("x1")
    assert len({*first.seeds, *second.seeds}) == 4
    assert repr(first) == repr(second)
    with pytest.raises(MalformedError):
        kind.generate("Real Name")
    with pytest.raises(ValueError, match="32 bytes"):
        kind("x1", bytes(31), bytes(32))
