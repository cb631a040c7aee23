"""`intake doctor` on the program itself: a changed file, a missing one, another version."""

import base64
import hashlib
import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from intake.machine import Finding, Level
from intake.web import checkup_program
from intake.web.checkup_program import altered, examine_program

LOCK = Path("requirements/server.txt")


def found(topic: str, lock: Path | None = None) -> Finding:
    (one,) = (row for row in examine_program(lock) if row.topic == topic)
    return one


def made(folder: Path, **files: bytes) -> Distribution:
    """A package that is installed in `folder`, with these files."""
    info = folder / "one-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: one\nVersion: 1.0\n")
    rows = ["one-1.0.dist-info/RECORD,,"]
    for name, content in files.items():
        (folder / name).write_bytes(content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        rows.append(f"{name},sha256={digest},{len(content)}")
    (info / "RECORD").write_text("\n".join(rows))
    return Distribution.at(info)


def test_a_changed_and_a_missing_file_of_a_package_are_named(tmp_path: Path) -> None:
    one = made(tmp_path, first=b"a", second=b"b", third=b"c")
    assert list(altered(one)) == []
    (tmp_path / "first").write_bytes(b"A")
    (tmp_path / "third").unlink()
    assert list(altered(one)) == ["first", "third"]


def test_every_package_that_the_server_loads_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deep in the tree of what needs what: one changed file of MarkupSafe's is named."""
    bad = made(tmp_path, first=b"a")
    (tmp_path / "first").write_bytes(b"A")

    def given(name: str) -> Distribution:
        return bad if name.lower() == "markupsafe" else distribution(name)

    monkeypatch.setattr(checkup_program, "distribution", given)
    names = found("packages").names
    assert "markupsafe: first" in names


def test_the_packages_are_those_of_the_lock_and_another_version_is_named(tmp_path: Path) -> None:
    assert found("lock", LOCK).level is Level.FINE
    other = tmp_path / "server.txt"
    text = LOCK.read_text("utf-8")
    other.write_text(re.sub(r"(?m)^flask==\S+", "flask==0.1", text))
    assert other.read_text() != text
    row = found("lock", other)
    assert row.level is Level.WRONG
    assert [name.split()[0] for name in row.names] == ["flask"]
    other.write_text(re.sub(r"(?m)^werkzeug==\S+", "#", text))
    assert [name.split()[0] for name in found("lock", other).names] == ["werkzeug"]


@pytest.mark.parametrize("content", [b"\xff\x00", b"", b"flask\n"])
def test_a_file_that_names_no_package_is_said(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "server.txt"
    other.write_bytes(content)
    row = found("lock", other)
    assert (row.level, "is not a list" in row.says) == (Level.WRONG, True)


def test_a_program_that_cannot_seal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("program").level is Level.FINE
    # A library whose opening does not agree with its sealing.
    monkeypatch.setattr("intake.age.selftest.decrypt_bytes", lambda *_: b"other")
    row = found("program")
    assert row.level is Level.WRONG
    assert "do not take testimony here" in row.advice
