"""The services may do what they do, and nothing else: by systemd's own figure, and by the kernel."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from intake.commands import TABLE
from intake.web.checkup_units import SETTINGS
from tests.deploy.confined import allowed, values
from tests.deploy.readme import blocks
from tests.web.follow import Visitor, over_http
from tests.web.serving import serving, site_in

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(path.name for path in DEPLOY.glob("*.service"))
# As measured; whoever makes a unit wider must say so here. 1.0 is the most that any may have.
TO_TOR = ("intake-cosign.service", "intake-notify.service")  # by the machine's own loop alone
EXPOSURE = {"intake.service": 0.4, "intake-epoch.service": 0.4, "intake-cosign.service": 0.9}


def exposure(unit: Path) -> float:
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)],
        check=False,
        capture_output=True,
        text=True,
    )
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+) ", said.stdout)
    assert found, said.stderr
    return float(found[1])


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_unit_leaves_open_is_known_and_at_most_one(name: str) -> None:
    assert exposure(DEPLOY / name) <= EXPOSURE.get(name, 1.0) <= 1.0


def test_the_figure_would_tell_of_a_wider_unit(tmp_path: Path) -> None:
    text = (DEPLOY / "intake.service").read_text("utf-8")
    wider = tmp_path / "intake.service"
    wider.write_text(text.replace("CapabilityBoundingSet=\n", "").replace("PrivateUsers=yes\n", ""))
    assert exposure(wider) > 1.0


@pytest.mark.parametrize("name", ["upgrade", "rollback"])
def test_nothing_writes_to_the_site_while_it_is_copied_or_moved(name: str) -> None:
    """All that the page set up is stopped before, what starts others first; else the copy is torn."""
    (block,) = (one for one in blocks() if one.said == name)
    before = re.split(r"(?m)^(?:cp -a|mv) ", block.commands, maxsplit=1)[0]
    stopped = [line.split()[2:] for line in before.splitlines() if "systemctl stop" in line]
    units = {
        path.name for kind in ("service", "socket", "timer") for path in DEPLOY.glob(f"*.{kind}")
    }
    assert {unit for line in stopped for unit in line} == units
    # By a timer, or by the close, which starts three more; these are stopped once it is.
    starting = {path.name for path in DEPLOY.glob("*.timer")} | {"intake-epoch.service"}
    assert set(stopped[0]) == starting


@pytest.mark.parametrize("name", SERVICES)
def test_what_the_figure_does_not_weigh_stands_in_every_unit(name: str) -> None:
    unit = DEPLOY / name
    text = unit.read_text("utf-8")
    for line in ("MemorySwapMax=0", "LimitCORE=0", "StandardOutput=null", "ProtectSystem=strict"):
        assert f"\n{line}\n" in text, line
    if name not in TO_TOR:
        (places,) = values(unit, "TemporaryFileSystem")
        assert [one.split(":")[0] for one in places.split()] == ["/tmp", "/var/tmp"]
        # A folder on the disk, and systemd lets it win over the one in memory.
        assert values(unit, "PrivateTmp") == []
        assert values(unit, "PrivateNetwork") == ["yes"]
        assert values(unit, "RestrictAddressFamilies") == ["AF_UNIX"]


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_unit_starts_is_a_command_of_the_program(name: str) -> None:
    (command,) = values(DEPLOY / name, "ExecStart")
    found = re.search(r"/opt/intake/current/bin/intake ([a-z]+) /var/lib/intake/site\b", command)
    assert found
    assert found[1] in TABLE


def test_a_second_backup_of_one_day_has_a_name_of_its_own(tmp_path: Path) -> None:
    """A close that is run again after it failed needs one, and the night made one all the same."""
    (command,) = values(DEPLOY / "intake-backup.service", "ExecStart")
    words = command.replace("$$", "$").replace("%%", "%").replace("/var/lib/intake", str(tmp_path))
    (tmp_path / "backups").mkdir()
    (tmp_path / "write").write_text('#!/bin/sh\nset -C\necho backup > "$3"\n')
    (tmp_path / "write").chmod(0o700)
    words = words.replace("/opt/intake/current/bin/intake", str(tmp_path / "write"))
    for _ in range(2):
        subprocess.run(["/bin/bash", "-ec", words], check=True)
    first, second = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", first)
    assert re.fullmatch(f"{first}-\\d{{4}}", second)


# What a unit does rather than what it may do, and its own places.
NOT_ASKED = {
    *("Type", "Group", "ExecStart", "Restart", "RestartSec", "TasksMax", "LimitNOFILE"),
    *("OOMPolicy", "StateDirectory", "StateDirectoryMode", "ReadWritePaths", "NoExecPaths"),
    *("BindPaths", "BindReadOnlyPaths", "InaccessiblePaths", "SystemCallErrorNumber"),
}


@pytest.mark.parametrize("name", SERVICES)
def test_doctor_asks_for_every_setting_that_shuts_a_unit_in(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    service = re.split(r"(?m)^\[(\w+)\]$", text)[4]
    assert set(re.findall(r"(?m)^(\w+)=", service)) - NOT_ASKED <= set(SETTINGS)


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    # What Debian's own units are there for ours to stand on.
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    for name in ("opt/intake/current/bin/intake", "bin/sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("/bin/true", tmp_path / name)
    names = [
        path.name for kind in ("service", "socket", "timer") for path in DEPLOY.glob(f"*.{kind}")
    ]
    for name in names:
        shutil.copy(DEPLOY / name, units)
    command = ["systemd-analyze", "verify", "--recursive-errors=one", f"--root={tmp_path}", *names]

    def said() -> str:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        return done.stdout + done.stderr

    assert said() == ""
    wrong = units / "intake.service"
    wrong.write_text(wrong.read_text().replace("ProtectSystem=", "ProtectSystems="))
    assert "ProtectSystems" in said()


def write_and_send(port: int) -> None:
    visitor = Visitor(over_http(port))
    form = visitor.press(visitor.get("/en"), "Start")
    check = visitor.press(form, "Continue", {"narrative": "They came at night. " * 200})
    assert 'class="code"' in visitor.press(check, "Send").html
    assert visitor.get("/log/checkpoint").status in (200, 404)
    back = visitor.get("/r/en")
    assert back.status == 200


def test_the_form_works_under_its_own_filter(tmp_path: Path) -> None:
    """The kernel refuses every other call; the family of TCP is let in, for the test's own port."""
    site, _ = site_in(tmp_path / "site")
    unit = tmp_path / "intake.service"
    text = (DEPLOY / "intake.service").read_text("utf-8")
    unit.write_text(text.replace("Families=AF_UNIX", "Families=AF_UNIX AF_INET"))
    confined = [sys.executable, "-m", "tests.deploy.confined", str(unit)]
    with serving(site.folder, confined, log=tmp_path / "log") as (port, server):
        filters = Path(f"/proc/{server.pid}/status").read_text()
        assert re.search(r"Seccomp:\t2\n", filters)
        write_and_send(port)
    assert (tmp_path / "log").read_text() == ""


def test_the_form_makes_no_call_that_its_unit_would_refuse(tmp_path: Path) -> None:
    """From its start to its end: a refused call may go unseen where a program tries another way."""
    site, _ = site_in(tmp_path / "site")
    trace = ["strace", "-f", "-qq", "-c", "-U", "calls,name", "-o", str(tmp_path / "calls")]
    with serving(site.folder, trace) as (port, _):
        write_and_send(port)
    rows = [line.split() for line in (tmp_path / "calls").read_text().splitlines()[2:]]
    made = {row[1] for row in rows if len(row) == 2 and row[0].isdigit() and row[1] != "total"}
    assert {"accept4", "execve", "mmap"} <= made
    # SQLite gives its journals to the database's owner, but only where root runs it, as a test may.
    assert made - {"fchown"} - allowed(DEPLOY / "intake.service") == set()


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("import socket; socket.socket(socket.AF_INET)", "PermissionError"),
        ("import ctypes; print(ctypes.CDLL(None).ptrace(0, 0, 0, 0))", "-1"),
        ("import os; os.sched_setaffinity(0, [0])", "PermissionError"),
        ("import os; os.chroot('/')", "PermissionError"),
        ("import mmap; mmap.mmap(-1, 4096, prot=7)", "PermissionError"),
    ],
)
def test_the_filter_refuses(words: str, phrase: str) -> None:
    command = [sys.executable, "-m", "tests.deploy.confined", str(DEPLOY / "intake.service")]
    done = subprocess.run(
        [*command, sys.executable, "-c", words],
        cwd=DEPLOY.parent,
        env=os.environ,
        check=False,
        capture_output=True,
        text=True,
    )
    assert phrase in done.stdout + done.stderr
