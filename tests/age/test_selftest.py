"""The self-test: a machine that cannot seal says so before it is asked to."""

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey

from intake.age import UnavailableError, mlkem768x25519, self_test, selftest
from intake.errors import IntakeError


def test_this_machine_can_seal() -> None:
    """Where the project's own libraries are installed, the self-test passes."""
    self_test()


def test_an_openssl_without_mlkem_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library built on an old OpenSSL ends in a sentence with advice, not in a traceback."""

    class Old:
        @staticmethod
        def from_seed_bytes(seed: bytes) -> MLKEM768PrivateKey:
            raise UnsupportedAlgorithm("ML-KEM-768 is not supported by this version of OpenSSL")

    monkeypatch.setattr(mlkem768x25519, "MLKEM768PrivateKey", Old)
    with pytest.raises(UnavailableError, match="no ML-KEM-768") as caught:
        self_test()
    assert isinstance(caught.value, IntakeError)
    assert "wheel" in caught.value.hint


def test_a_machine_that_computes_wrongly_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """If what was sealed does not come back the same, no testimony is taken here."""
    monkeypatch.setattr(selftest, "decrypt_bytes", lambda *_: b"something else")
    with pytest.raises(UnavailableError, match="do not agree") as caught:
        self_test()
    assert "do not take testimony" in caught.value.hint
