"""Other implementations: each side opens what the other sealed, with every identity.

npm's age-encryption stands for the browser's side, pyrage (Rust) for the classic recipient type.
"""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest

from intake.age import (
    HybridIdentity,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    decrypt_bytes,
    encrypt_bytes,
    sealed_length,
)

VECTORS = Path(__file__).parent.parent / "vectors" / "age"
SIZES = [0, 1, 65535, 65536, 65537, 131072, 131073, 10_000_000]


def plaintext(size: int) -> bytes:
    return hashlib.shake_256(b"interop").digest(size)


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def ask_node(folder: Path, **request: Any) -> Any:
    run = subprocess.run(
        ["node", "interop.mjs"],
        cwd=folder,
        input=json.dumps({"seal": [], "open": [], **request}),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def pair(hybrid: HybridIdentity, other_hybrid: HybridIdentity) -> tuple[HybridIdentity, ...]:
    return (hybrid, other_hybrid)


@pytest.fixture(scope="module")
def theirs(
    node_folder: Path, tmp_path_factory: pytest.TempPathFactory, pair: tuple[HybridIdentity, ...]
) -> dict[int, bytes]:
    """One file of each size, sealed by npm's implementation to both identities."""
    folder = tmp_path_factory.mktemp("theirs")
    recipients = [str(identity.recipient) for identity in pair]
    jobs = []
    for size in SIZES:
        source, output = folder / f"{size}", folder / f"{size}.age"
        source.write_bytes(plaintext(size))
        jobs.append({"input": str(source), "output": str(output), "recipients": recipients})
    ask_node(node_folder, seal=jobs)
    return {size: (folder / f"{size}.age").read_bytes() for size in SIZES}


@pytest.mark.parametrize("size", SIZES)
def test_what_npm_seals_opens_here(
    size: int, theirs: dict[int, bytes], pair: tuple[HybridIdentity, ...]
) -> None:
    """A file sealed in the browser's code opens here with each identity, at every edge."""
    for identity in pair:
        assert decrypt_bytes(theirs[size], [identity]) == plaintext(size)


@pytest.mark.parametrize("size", SIZES)
def test_lengths_are_equal(
    size: int, theirs: dict[int, bytes], pair: tuple[HybridIdentity, ...]
) -> None:
    """Whoever sealed a file cannot be told from its length."""
    ours = encrypt_bytes(plaintext(size), [identity.recipient for identity in pair])
    assert len(ours) == len(theirs[size]) == sealed_length(2, size)


def test_what_is_sealed_here_opens_in_npm(
    node_folder: Path, tmp_path: Path, pair: tuple[HybridIdentity, ...]
) -> None:
    """A file sealed here opens in the browser's code with each identity, at every edge."""
    jobs, expected = [], []
    for size in SIZES:
        path = tmp_path / f"{size}.age"
        sealed = encrypt_bytes(plaintext(size), [identity.recipient for identity in pair])
        path.write_bytes(sealed)
        for identity in pair:
            jobs.append({"input": str(path), "identity": str(identity)})
            expected.append(sha256(plaintext(size)))
    assert ask_node(node_folder, open=jobs)["opened"] == expected


def test_identities_made_by_npm_are_read_here(node_folder: Path) -> None:
    """A key pair made by the other side is the same key pair here."""
    (hybrid, hybrid_public), (classic, classic_public) = ask_node(node_folder)["identities"]
    assert str(HybridIdentity.parse(hybrid).recipient) == hybrid_public
    assert str(X25519Identity.parse(classic).recipient) == classic_public


def test_the_vendored_vectors_are_the_published_ones(node_folder: Path) -> None:
    """Not one of the 143 files of the test kit was changed, lost or added here."""
    ours = {
        path.name: sha256(path.read_bytes())
        for path in VECTORS.iterdir()
        if path.name not in ("README.md", ".gitattributes")
    }
    assert len(ours) == 143
    assert ours == ask_node(node_folder)["vectors"]


@pytest.mark.parametrize("size", SIZES)
def test_pyrage_and_we_open_each_other(size: int, classic: X25519Identity) -> None:
    """Files to classic recipients go both ways between here and the Rust implementation."""
    other = X25519Identity.generate()
    recipients = [other.recipient, classic.recipient]
    theirs = pyrage.encrypt(
        plaintext(size), [pyrage.x25519.Recipient.from_str(str(one)) for one in recipients]
    )
    ours = encrypt_bytes(plaintext(size), recipients)
    for identity in (classic, other):
        assert decrypt_bytes(theirs, [identity]) == plaintext(size)
        key = pyrage.x25519.Identity.from_str(str(identity))
        assert pyrage.decrypt(ours, [key]) == plaintext(size)


def test_pyrage_and_we_share_passphrases() -> None:
    """A file locked with a passphrase opens on the other side, whatever the script."""
    passphrase = "Ӏуьйре дика 🔑"
    ours = encrypt_bytes(b"text", [ScryptRecipient(passphrase, log_n=10)])
    assert pyrage.passphrase.decrypt(ours, passphrase) == b"text"
    theirs = pyrage.passphrase.encrypt(b"text", passphrase)
    assert decrypt_bytes(theirs, [ScryptIdentity(passphrase)]) == b"text"
