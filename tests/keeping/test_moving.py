"""A site on a new machine under a new address goes on in one log; the old machine cannot."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.cli import run
from intake.keeping.standstill import MARK
from intake.tlog.policy import Policy
from intake.web import restore_cli
from intake.web.site import Site
from tests.keeping.places import Kept
from tests.log.witnesses import HonestWitness, policy_of, witnesses
from tests.web.follow import Visitor, over_http
from tests.web.serving import serving
from tests.web.test_form_pages import check_of


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A part of /dev/shm that nobody else uses."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        monkeypatch.setattr(restore_cli, "_MEMORY", Path(folder))
        yield Path(folder)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept.make(tmp_path)


def watched(kept: Kept, found: list[HonestWitness]) -> Policy:
    """From now on two of three witnesses must cosign."""
    policy = policy_of(kept.place.site.log_signer.vkey, found)
    kept.place.site.log_policy_path.write_bytes(policy.to_bytes())
    assert kept.cosign() == 0
    return policy


def test_moved_it_goes_on_and_the_old_machine_finds_no_witness(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    key = kept.place.site.log_signer.vkey
    with witnesses(key, [os.urandom(32) for _ in range(3)]) as found:
        watched(kept, found)
        kept.send()
        last = kept.folder / "last.age"
        old = kept.folder / "site"
        assert run(["backup", str(old), str(last), "--hand-over"]) == 0
        assert kept.restore(last, words=()) == 0
        new = kept.folder / "restored"
        settings = new / "site.toml"
        settings.write_text(settings.read_text().replace("abcd.onion", "wxyz.onion"))
        moved = Site.open(new)
        assert moved.settings.deployment == kept.place.site.settings.deployment
        assert moved.log_signer.vkey == key
        assert run(["epoch", str(new)]) == 0
        assert run(["cosign", str(new)]) == 0
        with serving(new) as (port, _):
            visitor = Visitor(over_http(port))
            assert "wxyz.onion" in visitor.get("/").words
            assert visitor.press(check_of(visitor), "Отправить").status == 200
        # Somebody takes the mark away and lets the old machine go on.
        (old / MARK).unlink()
        assert run(["epoch", str(old), "--now"]) == 1  # the store knows it, too
        (old / MARK).write_bytes(b"")
        assert run(["resume", str(old)]) == 2
        assert run(["resume", str(old), "--yes"]) == 0
        # The hand-over is to be deleted, so the next is no part of it.
        assert run(["backup", str(old), str(kept.folder / "next")]) == 0
        assert "base with" in capsys.readouterr().out
        assert run(["resume", str(old), "--yes"]) == 1
        said = capsys.readouterr()
        # Nobody who types it for a site that never went is told to delete a backup.
        assert ("was not handed over" in said.err, said.out) == (True, "")
        settings = old / "site.toml"
        settings.write_text(settings.read_text().replace('form = "minimal"', 'form = "guided"'))
        assert run(["epoch", str(old)]) == 0
        capsys.readouterr()
        before = (old / "log" / "checkpoint").read_bytes()
        assert run(["cosign", str(old)]) == 1
        assert (old / "log" / "checkpoint").read_bytes() == before
        said = capsys.readouterr().err
        assert said.count("w0: ") == said.count("w1: ") == said.count("w2: ") == 1


def test_where_the_old_machine_went_on_first_the_new_one_is_not_restored(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    with witnesses(kept.place.site.log_signer.vkey, [os.urandom(32) for _ in range(3)]) as found:
        watched(kept, found)
        base = kept.backup()
        old = kept.folder / "old"
        shutil.copytree(kept.site, old)
        assert run(["epoch", str(kept.site), "--now"]) == 0
        settings = kept.site / "site.toml"
        settings.write_text(settings.read_text().replace('language = "ru"', 'language = "en"'))
        assert run(["epoch", str(kept.site)]) == 0
        assert kept.cosign() == 0
        # What is known is what the witnesses saw last, not what the operator's copy has.
        seen = found[0].latest
        assert seen is not None
        (kept.folder / "latest").write_bytes(seen.to_bytes())
        known = ("--known", str(old / "log"), "--known", str(kept.folder / "latest"))
        capsys.readouterr()
        assert kept.restore(base, words=("--accept-gap", *known)) == 1
        assert "and the backup has" in capsys.readouterr().err
        # And if it is restored all the same, witnesses refuse it.
        assert kept.restore(base, words=("--accept-gap", "--known", str(old / "log"))) == 0
        assert run(["epoch", str(kept.folder / "restored")]) == 0
        assert run(["cosign", str(kept.folder / "restored")]) == 1


def test_a_drill_proves_compares_and_leaves_nothing(
    kept: Kept, memory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = kept.backup()
    kept.send()
    part = kept.backup()
    author, _ = kept.send()
    kept.withdraw(author)
    kept.withdraw(kept.place.authors[0])
    kept.send()
    before = kept.state()
    words = [*kept.opening(), "--site", str(kept.site)]
    if os.getuid() == 0:
        for path in (kept.site, *kept.site.rglob("*")):
            os.chown(path, 65534, 65534)  # root may look at what is another's
    capsys.readouterr()
    assert run(["drill", str(base), str(part), *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (
        "ok  compared: 3 objects are in both, 1 were let go since the backup, and 1 came since"
        in lines
    )
    assert lines[-1].endswith("can be restored; nothing of it is left here")
    if os.getuid() == 0:
        assert {path.stat().st_uid for path in kept.site.rglob("*")} == {65534}
        for path in (kept.site, *kept.site.rglob("*")):
            os.chown(path, 0, 0)
    assert kept.state() == before
    assert list(memory.iterdir()) == []


def test_a_drill_refuses_a_folder_that_is_on_a_disk(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    base = kept.backup()
    monkeypatch.setattr(restore_cli, "is_in_memory", lambda _: False)
    assert run(["drill", str(base), *kept.opening(), "--site", str(kept.site)]) == 1
    assert "is not in memory" in capsys.readouterr().err


def test_a_drill_of_what_cannot_be_restored_fails_and_leaves_nothing(
    kept: Kept, memory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = kept.backup()
    data = bytearray(base.read_bytes())
    data[-1] ^= 1
    base.write_bytes(data)
    assert run(["drill", str(base), *kept.opening(), "--site", str(kept.site)]) == 1
    assert "1.age: payload was altered or cut short" in capsys.readouterr().err
    assert list(memory.iterdir()) == []
