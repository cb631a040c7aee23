"""Who follows the log of a site that ended hears that it did, for ever, and of whatever comes after it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.cli import run
from intake.epoch import Epoch
from intake.log.site_log import SiteLog
from intake.store import Store
from intake.tlog.entries import ConfigChanged, Retired
from intake.web.site import Site
from tests.web.serving import serving, site_in

NOW = Epoch.now()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """One of which nothing is kept, with a log that was published."""
    made, _ = site_in(tmp_path / "site")
    assert run(["epoch", str(made.folder)]) == 0
    assert run(["cosign", str(made.folder)]) == 0
    return made


@contextmanager
def followed(site: Site, *words: str) -> Iterator[list[str]]:
    """The command that follows what a real server gives of a site; its state is beside the site."""
    state = str(site.folder.with_name("state"))
    with serving(site.folder) as (port, _):
        policy = ["--policy", str(site.log_policy_path)]
        yield ["audit", "follow", f"http://127.0.0.1:{port}", "--state", state, *policy, *words]


def retire(site: Site) -> None:
    assert run(["retire", str(site.folder), "--yes"]) == 0
    assert run(["cosign", str(site.folder)]) == 0


def go_on(site: Site, *entries: bytes) -> None:
    """What a site does whose operator, or whoever took its key, lets a log go on that had ended."""
    store = Store.open(site.store_path)
    store.leaves.append_public(entries)
    log = SiteLog(store.leaves, site.log_folder, site.log_signer)
    with site.log_folder.locked():
        log.stage()
    store.close()
    assert run(["cosign", str(site.folder)]) == 0


def years_later(command: list[str]) -> tuple[int, str]:
    """The exit status of the command with a clock that is ahead, and its last line."""
    words = ["faketime", "-f", "+3y", sys.executable, "-m", "intake", *command]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines()[-1]


def test_of_one_that_only_stopped_it_hears_that(site: Site) -> None:
    """The twin: what the end spares."""
    assert run(["epoch", str(site.folder), "--now"]) == 0
    assert run(["cosign", str(site.folder)]) == 0
    with followed(site) as command:
        assert run(command) == 0
        code, said = years_later(command)
    assert code == 1
    assert said.startswith(f"frozen: epoch {NOW.next} ended ")


def test_it_hears_that_the_site_ended_and_hears_no_alarm_years_later(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with followed(site) as command:
        assert run(command) == 0
        assert "ended" not in capsys.readouterr().out
    retire(site)
    capsys.readouterr()
    with followed(site) as command:
        assert run(command) == 0
        *entries, said = capsys.readouterr().out.splitlines()
        assert entries[-1].endswith(f": retired {NOW}")
        assert f"closed to {NOW}, ended in {NOW}, " in said
        assert years_later(command) == (0, said)
        assert run([*command, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["retired"], told["entries"]) == (str(NOW), [])


@pytest.mark.parametrize("entry", [ConfigChanged("sha256:" + "1" * 64), Retired(NOW)])
def test_whatever_comes_after_the_end_is_a_fault_and_is_not_believed(
    site: Site, capsys: pytest.CaptureFixture[str], entry: ConfigChanged | Retired
) -> None:
    """By whoever saw the end, and by whoever comes first when it went on."""
    retire(site)
    with followed(site) as command:
        assert run(command) == 0
    state = site.folder.with_name("state")
    kept = (state / "followed").read_bytes()
    go_on(site, entry.to_bytes())
    for _ in ("who saw it", "who did not"):
        capsys.readouterr()
        with followed(site) as command:
            assert run(command) == 1
        said = capsys.readouterr().out.splitlines()
        assert [line for line in said if line.startswith("retired: ")] == [said[-1]]
        if state.exists():
            assert (state / "followed").read_bytes() == kept
            shutil.rmtree(state)
    assert not state.exists()
