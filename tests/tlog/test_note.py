"""What a person may rely on when a signed note is read (c2sp.org/signed-note)."""

import base64
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.errors import MalformedError, ProofError
from intake.tlog.note import NOTE_LIMIT, Algorithm, Note, Signature, Signer, VerifierKey

# From the documentation of golang.org/x/mod/sumdb/note, which made it.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
    "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
# From the C2SP specification itself; its public key is not given there.
SPEC_NOTE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n"
    "\n"
    "\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONr"
    "MouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
).encode()

ED25519 = Signer("one.test", Algorithm.ED25519, bytes(32))
ML_DSA = Signer("one.test", Algorithm.ML_DSA_44, bytes(32))
TEXT = b"first line\n\nlast line\n"
GOOD = Note(TEXT, (ED25519.sign(TEXT), ML_DSA.sign(TEXT)))


def test_a_note_that_go_signed_verifies() -> None:
    """Our reading of the format is that of the program that defined it."""
    note = Note.parse(GO_NOTE)
    assert note.signed_by(VerifierKey.parse(GO_VKEY))
    assert str(VerifierKey.parse(GO_VKEY)) == GO_VKEY


def test_the_specifications_example_reads_back() -> None:
    """The text may hold empty lines: only the last one ends it."""
    note = Note.parse(SPEC_NOTE)
    assert note.text.endswith("ed è subito sera.\n".encode())
    assert note.text.count(b"\n") == 4
    assert note.signatures[0].name == "quasimodo.example/salvatore"
    assert note.to_bytes() == SPEC_NOTE


def test_key_hashes_are_those_of_the_specification() -> None:
    """Anyone can compute a key's hash with one SHA-256, of both types."""
    for signer, tag in ((ED25519, b"\x01"), (ML_DSA, b"\xfftestimony-intake/note-ml-dsa-44/v1\n")):
        vkey = signer.vkey
        assert vkey.key_hash == sha256(b"one.test\n" + tag + vkey.key).digest()[:4]
        name, shown, key = str(vkey).split("+", 2)
        assert (name, shown) == ("one.test", vkey.key_hash.hex())
        assert base64.b64decode(key) == tag + vkey.key
        assert VerifierKey.parse(str(vkey)) == vkey


@pytest.mark.parametrize("signer", [ED25519, ML_DSA], ids=["Ed25519", "ML-DSA-44"])
def test_a_signature_holds_for_its_text_and_no_other(signer: Signer) -> None:
    """Whoever changes a text or a signature is found out; whoever did not sign is not named."""
    line = signer.sign(TEXT)
    assert Note(TEXT, (line,)).signed_by(signer.vkey)
    assert not Note(TEXT, ()).signed_by(signer.vkey)
    with pytest.raises(ProofError, match=r"one\.test"):
        Note(b"x" + TEXT, (line,)).signed_by(signer.vkey)
    for wrong in (line.signature[:-1], line.signature + b"x", bytes(len(line.signature))):
        with pytest.raises(ProofError):
            Note(TEXT, (replace(line, signature=wrong),)).signed_by(signer.vkey)


def test_lines_of_other_keys_are_ignored() -> None:
    """A line that shares only the name, or only the hash, with a known key says nothing."""
    line = ED25519.sign(TEXT)
    for other in (replace(line, name="two.test"), replace(line, key_hash=b"\0\0\0\0")):
        bad = replace(other, signature=bytes(64))
        assert not Note(TEXT, (bad,)).signed_by(ED25519.vkey)
        assert Note(TEXT, (bad, line)).signed_by(ED25519.vkey)


def test_one_bad_line_of_a_known_key_spoils_its_good_one() -> None:
    """A known key's bad signature is an error, wherever it stands."""
    line = ED25519.sign(TEXT)
    bad = replace(line, signature=bytes(64))
    for lines in ((bad, line), (line, bad)):
        with pytest.raises(ProofError):
            Note(TEXT, lines).signed_by(ED25519.vkey)


def test_a_cosignature_is_never_taken_for_a_signature() -> None:
    """A witness's key cannot sign a note, and to ask is the program's mistake."""
    for algorithm in (Algorithm.COSIGNATURE_ED25519, Algorithm.COSIGNATURE_ML_DSA_44):
        vkey = VerifierKey("w.test", algorithm, bytes(algorithm.key_length))
        assert VerifierKey.parse(str(vkey)) == vkey
        note = Note(TEXT, (Signature("w.test", vkey.key_hash, bytes(64)),))
        with pytest.raises(ValueError, match="checkpoint"):
            note.signed_by(vkey)
        with pytest.raises(ValueError, match="Ed25519 or ML-DSA-44"):
            Signer("w.test", algorithm, bytes(32))
    with pytest.raises(ValueError, match="32 bytes"):
        Signer("w.test", Algorithm.ED25519, bytes(31))


def test_secrets_are_not_shown() -> None:
    """A signer that ends in a log or a traceback does not show its seed."""
    signer = Signer("one.test", Algorithm.ED25519, b"secret seed of thirty-two bytes!")
    assert "secret" not in repr(signer)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u3000", "a\n", "a\x07", "\ud800"]
)
def test_names_have_no_spaces(name: str) -> None:
    """A name cannot reach into another field or another line."""
    for make in (
        lambda: VerifierKey(name, Algorithm.ED25519, bytes(32)),
        lambda: Signature(name, bytes(4), b"x"),
        lambda: Signer(name, Algorithm.ED25519, bytes(32)),
    ):
        with pytest.raises(MalformedError):
            make()


def test_a_verifier_key_has_one_spelling() -> None:
    """A key that was mistyped or altered on its way is refused, not guessed at."""
    good = str(ED25519.vkey)
    name, hash_, key = good.split("+", 2)
    for wrong in (
        good.upper(),
        good + "=",
        good + "\n",
        " " + good,
        good.replace("+", "-", 1),
        f"{name}+{hash_}",
        f"{name}+{hash_}+",
        f"two.test+{hash_}+{key}",
        f"{name}+{hash_.upper()}+{key}",
        f"{name}+00000000+{key}",
        f"{name}+{hash_}+{key[:-1]}",
        f"{name}+{hash_}+{key[:20]}\n{key[20:]}",
        f"+{hash_}+{key}",
    ):
        with pytest.raises(MalformedError):
            VerifierKey.parse(wrong)


def test_a_verifier_key_of_an_unknown_type_is_refused() -> None:
    """A type this program does not know, or a key of another length, is no key."""
    for tagged in (
        b"\x02" + bytes(32),
        b"\x01" + bytes(31),
        b"\x01" + bytes(33),
        b"\xff" + bytes(32),
    ):
        hash_ = sha256(b"x\n" + tagged).digest()[:4].hex()
        with pytest.raises(MalformedError):
            VerifierKey.parse(f"x+{hash_}+{base64.b64encode(tagged).decode()}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\xe2\x80\x94 one", b"- one"),
        (b"\xe2\x80\x94 one", b"\xe2\x80\x94one"),
        (b"\xe2\x80\x94 one", b"\xe2\x80\x93 one"),
        (b"\xe2\x80\x94 one.test ", b"\xe2\x80\x94 one.test  "),
        (b"\xe2\x80\x94 one.test ", b"\xe2\x80\x94 one.test\xc2\xa0"),
        (b"\xe2\x80\x94 one.test ", b"\xe2\x80\x94  "),
        (b"=\n\xe2\x80\x94", b"\n\xe2\x80\x94"),
        (b"=\n\xe2\x80\x94", b"=\r\n\xe2\x80\x94"),
        (b"first", b"fir\xffst"),
        (b"first", b"fir\x00st"),
        (b"first", b"fir\tst"),
        (b"first", b"fir\x1fst"),
        (b"\n\n\xe2\x80\x94", b"\n\xe2\x80\x94"),
        (b"first line\n\nlast line\n", b"first line\nlast line"),
    ],
)
def test_a_damaged_note_is_refused(old: bytes, new: bytes) -> None:
    """Every other spelling of a note is an error, not a second note."""
    data = GOOD.to_bytes()
    assert data.count(old) >= 1
    with pytest.raises(MalformedError):
        Note.parse(data.replace(old, new, 1))


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\n\n", b"text\n", b"text\n\n", b"\n\n\n", b"text\n\nx"]
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    """A text alone is no note."""
    with pytest.raises(MalformedError):
        Note.parse(data)


def test_base64_that_python_forgives_is_refused() -> None:
    """Bits after the end of a signature cannot be changed unseen."""
    line = str(Signature("x", bytes(4), bytes(1)))
    assert line.endswith("AAAAAAA=")
    Signature.parse(line)
    for wrong in ("AAAAAAB=", "AAAAAAA", "AAAA AAA=", "AAAAAAA=\n", "AAAAAA==", "AAAA"):
        with pytest.raises(MalformedError):
            Signature.parse(line.replace("AAAAAAA=", wrong))


def test_a_note_is_bounded() -> None:
    """Up to 100 signatures and 1,000,000 bytes are a note; more is refused before it is read."""
    line = Signature("x", bytes(4), b"x")
    assert len(Note.parse(Note(TEXT, (line,) * 100).to_bytes()).signatures) == 100
    with pytest.raises(MalformedError, match="more than 100"):
        Note(TEXT, (line,) * 101)
    tail = f"\n{line}\n".encode()
    with pytest.raises(MalformedError, match="more than 100"):
        Note.parse(TEXT + b"\n" + f"{line}\n".encode() * 101)
    room = NOTE_LIMIT - len(tail) - 1
    assert len(Note.parse(b"x" * room + b"\n" + tail).to_bytes()) == NOTE_LIMIT
    with pytest.raises(MalformedError, match="longer than"):
        Note.parse(b"x" * (room + 1) + b"\n" + tail)
    with pytest.raises(MalformedError, match="longer than"):
        Note(b"x" * (room + 1) + b"\n", (line,))


def test_only_a_notes_text_is_signed() -> None:
    """A signer signs nothing that could be read in two ways."""
    for text in (b"no end", b"", b"tab\t\n", b"\xff\n"):
        with pytest.raises(MalformedError):
            ED25519.sign(text)


def test_signatures_are_added_at_the_end() -> None:
    """A second holder's line leaves the first one's as it is."""
    note = Note(TEXT, ()).with_signature(ED25519.sign(TEXT)).with_signature(GOOD.signatures[1])
    assert note == GOOD


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Z", "C"), exclude_characters="+"), min_size=1
)
TEXTS = st.text(st.characters(codec="utf-8", min_codepoint=32) | st.just("\n")).map(
    lambda text: f"{text}\n".encode()
)
LINES = st.builds(
    Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)
)


@settings(deadline=None)
@given(TEXTS, st.lists(LINES, min_size=1, max_size=5).map(tuple))
def test_any_note_reads_back(text: bytes, lines: tuple[Signature, ...]) -> None:
    """Whatever a note says, it says it in one way and reads back to the same."""
    note = Note(text, lines)
    assert Note.parse(note.to_bytes()) == note


@settings(deadline=None)
@given(NAMES, st.sampled_from(list(Algorithm)), st.data())
def test_any_verifier_key_reads_back(name: str, algorithm: Algorithm, data: st.DataObject) -> None:
    """A key of every type has one spelling."""
    size = algorithm.key_length
    vkey = VerifierKey(name, algorithm, data.draw(st.binary(min_size=size, max_size=size)))
    assert VerifierKey.parse(str(vkey)) == vkey


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(GO_NOTE) - 1), st.integers(1, 255))
def test_no_changed_byte_goes_unseen(at: int, change: int) -> None:
    """A note with any one byte changed is refused, or is signed by nobody known."""
    damaged = GO_NOTE[:at] + bytes([GO_NOTE[at] ^ change]) + GO_NOTE[at + 1 :]
    try:
        assert not Note.parse(damaged).signed_by(VerifierKey.parse(GO_VKEY))
    except (MalformedError, ProofError):
        return
