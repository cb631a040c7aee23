"""The units that close a week and have it cosigned: who has the store has no network, and the reverse."""

import shutil
import subprocess
from pathlib import Path

import pytest

from intake.cli import load
from intake.commands import TABLE, Command

DEPLOY = Path(__file__).parents[2] / "deploy"
SITE = "/var/lib/intake/site"


def unit(name: str) -> dict[str, dict[str, list[str]]]:
    """Every value of each key, in order."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    for row in (DEPLOY / name).read_text("utf-8").splitlines():
        if row.startswith("["):
            section = row.strip("[]")
        elif row and not row.startswith("#"):
            key, _, value = row.partition("=")
            found.setdefault(section, {}).setdefault(key, []).extend(value.split())
    return found


def test_each_night_after_midnight_in_utc_the_log_is_written_also_after_a_night_that_was_missed() -> (
    None
):
    timer = unit("intake-epoch.timer")
    assert timer["Timer"] == {
        "OnCalendar": ["*-*-*", "00:05:00", "UTC"],
        "AccuracySec": ["1s"],
        "Persistent": ["yes"],
    }
    assert timer["Install"] == {"WantedBy": ["timers.target"]}


def test_what_is_staged_is_cosigned_also_where_the_rest_of_the_night_failed() -> None:
    """A store that cannot be written anew, for want of room, must not keep a week from the readers."""
    # A timer starts the service of its own name.
    then = unit("intake-epoch.service")["Unit"]
    assert then["OnSuccess"] == then["OnFailure"] == ["intake-cosign.service"]
    assert "OnFailure" not in unit("intake-cosign.service")["Unit"]


def test_what_closes_has_the_store_and_no_network() -> None:
    service = unit("intake-epoch.service")["Service"]
    assert service["PrivateNetwork"] == ["yes"]
    assert service["RestrictAddressFamilies"] == ["AF_UNIX"]
    assert service["StateDirectory"] == ["intake"]
    assert "ReadWritePaths" not in service


def test_what_asks_the_witnesses_has_the_network_of_tor_and_nothing_that_is_secret() -> None:
    service = unit("intake-cosign.service")["Service"]
    assert service["ReadWritePaths"] == [f"{SITE}/log"]
    assert "StateDirectory" not in service
    # Of all that lies with the site it has two folders (tests/deploy/test_kept_apart.py asks the kernel).
    assert f"{SITE.rpartition('/')[0]}:ro" in service["TemporaryFileSystem"]
    assert service["BindPaths"] + service["BindReadOnlyPaths"] == [f"{SITE}/log", f"{SITE}/keys"]
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == (["any"], ["127.0.0.1"])
    assert service["ExecStart"][-2:] == ["--socks", "127.0.0.1:9050"]


@pytest.mark.parametrize("name", ["epoch", "cosign"])
def test_they_run_as_the_form_does_and_what_they_run_is_there(name: str) -> None:
    service, form = unit(f"intake-{name}.service")["Service"], unit("intake.service")["Service"]
    changed = {"Type", "ExecStart", "Restart", "RestartSec", "PrivateNetwork", "StateDirectory"}
    changed |= {"StateDirectoryMode", "RestrictAddressFamilies"}
    changed |= {"TasksMax", "LimitNOFILE", "OOMPolicy"}  # of a server, that forks readers
    if name == "cosign":  # it sees nothing of the site but the public log
        changed |= {"NoExecPaths", "TemporaryFileSystem"}
    assert {key: service.get(key) for key in form if key not in changed} == {
        key: form[key] for key in form if key not in changed
    }
    program, command, *words = service["ExecStart"]
    assert (program, command, words[0]) == ("/opt/intake/current/bin/intake", name, SITE)
    entry = TABLE[command]
    assert isinstance(entry, Command)
    options = {option for param in load(command, entry).params for option in param.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize(("name", "most"), [("epoch", 1.0), ("cosign", 1.5)])
def test_systemd_finds_them_shut(name: str, most: float) -> None:
    path = DEPLOY / f"intake-{name}.service"
    if shutil.which("systemd-analyze"):
        command = ["systemd-analyze", "security", "--offline=yes", str(path)]
        analysis = subprocess.run(command, capture_output=True, text=True, check=True)
        level = analysis.stdout.rpartition(f"Overall exposure level for {path.name}: ")[2]
        assert float(level.split()[0]) <= most
