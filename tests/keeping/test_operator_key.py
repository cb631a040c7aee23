"""The operator's key is made offline, locked, and opens what was sealed to it and nothing else."""

from pathlib import Path

import pytest

from intake.age import HybridRecipient, ScryptIdentity, dearmor, decrypt_bytes, encrypt_bytes
from intake.cli import run
from intake.errors import MalformedError, WrongKeyError
from intake.keeping.operator_key import read_identity

PASSPHRASE = "six words that dice have chosen"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pair, made as an operator makes it."""
    folder = tmp_path_factory.mktemp("operator")
    (folder / "pass").write_text(PASSPHRASE)
    words = ["--folder", str(folder), "--passphrase-file", str(folder / "pass")]
    assert run(["keys", "new-operator", "anna", *words]) == 0
    return folder


def test_the_public_line_seals_and_the_locked_file_opens(made: Path) -> None:
    recipient = HybridRecipient.parse((made / "anna.recipient").read_text().strip())
    sealed = encrypt_bytes(b"a backup", [recipient])
    identity = read_identity(made / "anna.operator", lambda: PASSPHRASE)
    assert decrypt_bytes(sealed, [identity]) == b"a backup"
    assert (made / "anna.operator").stat().st_mode & 0o077 == 0


def test_it_is_what_stock_age_reads(made: Path) -> None:
    """An armored file under age's scrypt, in it an identity's line: `age --decrypt -i` takes that."""
    locked = (made / "anna.operator").read_text()
    lines = decrypt_bytes(dearmor(locked), [ScryptIdentity(PASSPHRASE)]).decode().splitlines()
    assert lines[0] == f"# public key: {(made / 'anna.recipient').read_text().strip()}"
    assert lines[1].startswith("AGE-SECRET-KEY-PQ-1")


def test_a_wrong_passphrase_or_file_is_said_without_the_key(made: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongKeyError):
        read_identity(made / "anna.operator", lambda: "another passphrase")
    with pytest.raises(MalformedError, match="holds no operator's key"):
        read_identity(made / "anna.recipient", lambda: "")
    lines = decrypt_bytes(
        dearmor((made / "anna.operator").read_text()), [ScryptIdentity(PASSPHRASE)]
    ).decode()
    secret = lines.splitlines()[1]
    (tmp_path / "damaged").write_text(secret[:-1] + ("A" if secret[-1] != "A" else "C"))
    with pytest.raises(MalformedError) as told:
        read_identity(tmp_path / "damaged", lambda: "")
    assert secret[20:40] not in f"{told.value.phrase} {told.value.hint}"


def test_nothing_is_written_over_and_no_weak_passphrase_taken(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--folder", str(made), "--passphrase-file", str(made / "pass")]
    assert run(["keys", "new-operator", "anna", *words]) == 1
    (tmp_path / "pass").write_text("short")
    words = ["--folder", str(tmp_path), "--passphrase-file", str(tmp_path / "pass")]
    assert run(["keys", "new-operator", "anna", *words]) == 1
    assert run(["keys", "new-operator", "../anna", *words]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pass"]
    assert "fewer than 12" in capsys.readouterr().err
