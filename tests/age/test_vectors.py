"""The published age test kit (C2SP/CCTV): every file opens, or fails for the published reason."""

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from intake.age import (
    ArmorError,
    ArmorReader,
    HeaderError,
    HybridIdentity,
    Identity,
    MacError,
    PayloadError,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    armor,
    dearmor,
    decrypt,
    decrypt_bytes,
    encrypt,
    read_header,
)
from intake.age.stream import payload_key, seal_bytes
from intake.errors import IntakeError, WrongKeyError

FOLDER = Path(__file__).parent.parent / "vectors" / "age"
NAMES = sorted(p.name for p in FOLDER.iterdir() if p.name not in ("README.md", ".gitattributes"))
KNOWN_KEYS = {
    *("expect", "payload", "file key", "identity", "passphrase"),
    *("armored", "compressed", "comment"),
}
REASONS: dict[str, type[IntakeError]] = {
    "header failure": HeaderError,
    "armor failure": ArmorError,
    "HMAC failure": MacError,
    "payload failure": PayloadError,
    "no match": WrongKeyError,
}


@dataclass(frozen=True)
class Vector:
    expect: str
    payload: str | None
    identities: Sequence[Identity]
    recipients: Sequence[Recipient]
    file_key: bytes
    armored: bool
    file: bytes

    def source(self) -> BinaryIO:
        raw = io.BytesIO(self.file)
        return ArmorReader(raw) if self.armored else raw


def read_vector(name: str) -> Vector:
    head, _, file = (FOLDER / name).read_bytes().partition(b"\n\n")
    lines = [line.partition(": ") for line in head.decode().splitlines()]
    pairs = [(key, value) for key, _, value in lines]
    assert {key for key, _ in pairs} <= KNOWN_KEYS
    keys = dict(pairs)
    assert keys.get("compressed") in (None, "zlib")
    identities: list[Identity] = []
    recipients: list[Recipient] = []
    for key, value in pairs:
        if key == "passphrase":
            identities.append(ScryptIdentity(value))
            recipients.append(ScryptRecipient(value, log_n=10))
        elif key == "identity":
            hybrid = value.startswith("AGE-SECRET-KEY-PQ-1")
            identity = HybridIdentity.parse(value) if hybrid else X25519Identity.parse(value)
            identities.append(identity)
            recipients.append(identity.recipient)
    return Vector(
        expect=keys["expect"],
        payload=keys.get("payload"),
        identities=identities,
        recipients=recipients,
        file_key=bytes.fromhex(keys["file key"]),
        armored=keys.get("armored") == "yes",
        file=zlib.decompress(file) if "compressed" in keys else file,
    )


def test_the_whole_kit_is_here() -> None:
    """A lost folder or file cannot pass as success: there are 143, and 26 of them open."""
    expectations = [read_vector(name).expect for name in NAMES]
    counts = {expect: expectations.count(expect) for expect in expectations}
    assert len(NAMES) == 143
    assert counts == {
        "success": 26,
        "header failure": 62,
        "armor failure": 22,
        "payload failure": 19,
        "no match": 13,
        "HMAC failure": 1,
    }


@pytest.mark.parametrize("name", NAMES)
def test_streaming_ends_as_published(name: str) -> None:
    """A stream ends with the published result, and has released just what may be released."""
    vector = read_vector(name)
    sink = io.BytesIO()
    if vector.expect == "success":
        decrypt(vector.source(), sink, vector.identities)
    else:
        with pytest.raises(REASONS[vector.expect]) as caught:
            decrypt(vector.source(), sink, vector.identities)
        assert caught.type is REASONS[vector.expect]
    released = sink.getvalue()
    if vector.payload is None:
        assert released == b""
    else:
        assert hashlib.sha256(released).hexdigest() == vector.payload


@pytest.mark.parametrize("name", NAMES)
def test_opening_in_one_go_ends_as_published(name: str) -> None:
    """The way without streams gives the same result for the same reason."""
    vector = read_vector(name)

    def opened() -> bytes:
        file = dearmor(vector.file) if vector.armored else vector.file
        return decrypt_bytes(file, vector.identities)

    if vector.expect == "success":
        assert hashlib.sha256(opened()).hexdigest() == vector.payload
    else:
        with pytest.raises(REASONS[vector.expect]) as caught:
            opened()
        assert caught.type is REASONS[vector.expect]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_is_written_back_the_same(name: str) -> None:
    """A header that can be read has one spelling; so has the payload of a file that opens."""
    vector = read_vector(name)
    if vector.expect in ("header failure", "armor failure"):
        return
    file = dearmor(vector.file) if vector.armored else vector.file
    source = io.BytesIO(file)
    header = read_header(source)
    assert header.to_bytes() == file[: source.tell()]
    if vector.expect == "success":
        plaintext = decrypt_bytes(file, vector.identities)
        nonce = source.read(16)
        again = seal_bytes(payload_key(vector.file_key, nonce), nonce, plaintext)
        assert header.to_bytes() + again == file
        assert dearmor(armor(file)) == file


@pytest.mark.parametrize("name", NAMES)
def test_success_vectors_can_be_sealed_again(name: str) -> None:
    """What a published file holds is sealed anew to each of its keys, and opens again."""
    vector = read_vector(name)
    if vector.expect != "success":
        return
    plain = io.BytesIO()
    decrypt(vector.source(), plain, vector.identities)
    for recipient, identity in zip(vector.recipients, vector.identities, strict=True):
        sealed, opened = io.BytesIO(), io.BytesIO()
        encrypt(io.BytesIO(plain.getvalue()), sealed, [recipient])
        decrypt(io.BytesIO(sealed.getvalue()), opened, [identity])
        assert opened.getvalue() == plain.getvalue()
