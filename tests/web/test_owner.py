"""Root leaves nothing in a site's folder that its own user could not read or replace."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.cli import run
from intake.commands import TABLE, Command, Family
from intake.machine import Level
from intake.store import Store
from intake.web.announcing import announce
from intake.web.checkup_folder import files, folder
from intake.web.site import Site
from tests.web.serving import site_in

NOBODY = 65534
# Each of the operator's commands that opens a site, with words that lead it there; {} is the site.
WORDS = {
    "roster publish": ("{}", "{}/keys/roster.note"),
    "serve": ("{}",),
    "manifest": ("{}", "{}-manifest"),
    "epoch": ("{}", "--now"),
    "cosign": ("{}",),
    "collect": ("{}", "{}-bundle"),
    "release": ("{}", "{}/site.toml"),
    "deliver": ("{}", "{}/site.toml"),
    "backup": ("{}", "{}-backup"),
    "resume": ("{}", "--yes"),
    "retire": ("{}", "--yes"),
    "metrics": ("{}", "{}-figures.prom"),
    "notify": ("{}",),
}
ELSEWHERE = {"init", "doctor", "restore", "drill"}  # below, or they write nothing there

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can be taken for another")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site that root may open, and that is given to another user afterwards."""
    made, _ = site_in(tmp_path / "site")
    store = Store.open(made.store_place)
    announce(made, store)
    store.close()
    return made


def give(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)


def all_in(folder: Path) -> set[tuple[str, int, bytes]]:
    return {
        (str(path), path.stat().st_uid, path.read_bytes() if path.is_file() else b"")
        for path in folder.parent.rglob("*")
    }


def of_the_operator() -> Iterator[str]:
    for name, entry in TABLE.items():
        rows = entry.commands.items() if isinstance(entry, Family) else [(name, entry)]
        for word, command in rows:
            if isinstance(command, Command) and command.target.startswith("intake.web."):
                yield name if word == name else f"{name} {word}"


def test_every_command_of_the_operator_is_looked_at() -> None:
    assert set(of_the_operator()) == set(WORDS) | ELSEWHERE


@pytest.mark.parametrize("command", WORDS)
def test_root_is_told_to_run_it_as_the_sites_user(
    site: Site, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    give(site.folder)
    before = all_in(site.folder)
    words = [word.format(site.folder) for word in WORDS[command]]
    assert run([*command.split(), *words]) == 1
    said = capsys.readouterr().err
    assert "is of the user nobody, and this is root" in said
    assert "runuser -u nobody -- intake" in said
    assert all_in(site.folder) == before


def test_root_makes_no_site_in_the_folder_of_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    for site in (home / "site", home / "of" / "mine" / "site"):
        words = ["init", str(site), "--organisation", "A", "--address", "abcd.onion"]
        assert run(words) == 1
        assert "runuser -u nobody" in capsys.readouterr().err
        assert list(home.iterdir()) == []
    backup = tmp_path / "backup"
    backup.write_bytes(b"")
    key = tmp_path / "key"
    key.write_bytes(b"")
    assert run(["restore", str(backup), str(home / "site"), "--identity", str(key)]) == 1
    assert "runuser -u nobody" in capsys.readouterr().err
    assert list(home.iterdir()) == []


def test_of_a_user_without_a_name_the_number_is_said(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where the folder is a container's volume; no runuser knows it."""
    os.chown(site.folder, 54321, 54322)
    assert run(["epoch", str(site.folder)]) == 1
    said = capsys.readouterr().err
    assert "of the user #54321" in said
    assert "setpriv --reuid 54321 --regid 54322 --clear-groups intake" in said


def test_root_may_look(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Much is seen by root alone; and what it opens stays the user's."""
    give(site.folder)
    run(["doctor", str(site.folder)])
    assert "ok       files" in capsys.readouterr().out
    assert files(site.folder).level is Level.FINE


def test_what_root_left_in_the_folder_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    give(site.folder)
    (site.folder / "link").symlink_to("/")
    walk = os.walk
    monkeypatch.setattr(
        os,
        "walk",
        lambda top: (
            (parent, folders, [*names, "gone by now"]) for parent, folders, names in walk(top)
        ),
    )
    assert files(site.folder).level is Level.FINE
    # What lies above is root's, as it mostly is.
    assert folder(site.folder).level is Level.FINE
    os.chown(site.folder / "log", 0, 0)
    assert files(site.folder).names == ("log",)
    os.chown(site.folder / "log", NOBODY, NOBODY)
    checkpoint = next(iter((site.folder / "log").rglob("*")))
    os.chown(checkpoint, 0, 0)
    found = files(site.folder)
    assert found.level is Level.WRONG
    assert found.names == (str(checkpoint.relative_to(site.folder)),)
