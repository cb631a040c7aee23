"""Seals and opens one small file, so that a machine that cannot do it says so at its start."""

from cryptography.exceptions import UnsupportedAlgorithm

from intake.age.decrypt import decrypt_bytes
from intake.age.encrypt import encrypt_bytes
from intake.age.errors import UnavailableError
from intake.age.mlkem768x25519 import HybridIdentity


def self_test() -> None:
    """Raise UnavailableError where the installed libraries cannot seal or open age files.

    ML-KEM came with OpenSSL 3.5: a `cryptography` built on an older one has all names and no key.
    """
    message = b"self-test"
    try:
        identity = HybridIdentity.generate()
        opened = decrypt_bytes(encrypt_bytes(message, [identity.recipient]), [identity])
    except UnsupportedAlgorithm:
        raise UnavailableError(
            "this OpenSSL has no ML-KEM-768",
            "install the cryptography wheel with pip, which brings its own OpenSSL",
        ) from None
    if opened != message:
        raise UnavailableError(
            "sealing and opening do not agree on this machine",
            "reinstall cryptography; do not take testimony here",
        )
