"""The page for the technician, walked on a fresh Debian with its real systemd: every command of it."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.supply import wheelhouse
from tests.deploy.machine import Machine, booted, debian, unpack
from tests.deploy.over_socket import over_socket
from tests.deploy.readme import Block, blocks
from tests.panel import make_panel
from tests.web.follow import Visitor

ROOT = Path(__file__).parents[2]
STICK = "/media/stick"
# What the page says that this test does not run; a new one is a decision, and stands here.
NOT_RUN = {
    "not run here: make wheelhouse is what the test brings the stick with",
    "not run here: the kernel is not the test's own",
    "not run here: there is no Tor network",
    "not run here: nobody's key to seal a backup to, no courier",
}
_KEEPING = """
[ ! -f /run/walk ] || . /run/walk
set -a
{}
set +a
declare -px | grep -vE ' (BASH|EUID|PPID|SHELLOPTS|UID|_)' > /run/walk
echo "cd '$PWD'" >> /run/walk
"""


@dataclass
class Walk:
    """A technician at the machine: what they set stays set from block to block."""

    machine: Machine

    def do(self, block: Block) -> None:
        network = "apt-get" in block.commands
        try:
            self.machine.run(_KEEPING.format(block.commands), network=network)
        except AssertionError as error:
            journal = self.machine.run("journalctl --no-pager -n 40", check=False)
            pytest.fail(f"{error}\n{journal}")

    def set(self, name: str, value: str) -> None:
        self.machine.run(_KEEPING.format(f'{name}="{value}"'))

    def visitor(self) -> Visitor:
        host = (self.machine.root / "var/lib/tor/intake/hostname").read_text().strip()
        return Visitor(over_socket(self.machine.inside("/run/intake/form.sock"), host))

    def send(self, words: str) -> None:
        """Send a testimony as somebody without script does."""
        visitor = self.visitor()
        form = visitor.press(visitor.get("/en"), "Start")
        sent = visitor.press(visitor.press(form, "Continue", {"narrative": words}), "Send")
        assert 'class="code"' in sent.html, sent.words

    def kept(self) -> int:
        """How many submissions the store has."""
        said = self.machine.run(
            'python3 -c "import sqlite3; print(sqlite3.connect('
            "'file:/var/lib/intake/site/store.sqlite?mode=ro', uri=True)"
            ".execute('select count(*) from submission').fetchone()[0])\""
        )
        return int(said)


def stick_with(version: str, folder: Path, out: Path) -> None:
    """`make wheelhouse`, for this tree under another version."""
    tree = folder / f"tree-{version}"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "benchmarks/")):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    project = tree / "pyproject.toml"
    text, count = re.subn(
        r'(?m)^version = ".*"$', f'version = "{version}"', project.read_text("utf-8")
    )
    assert count == 1
    project.write_text(text, "utf-8")
    wheelhouse.make(out, root=tree)


@pytest.fixture(scope="module", params=["bookworm", "trixie"])
def walk(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Walk]:
    """On a disk: a site whose disk is in memory is one that doctor finds fault with."""
    assert pytestconfig.cache is not None
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        root = folder / "root"
        unpack(debian(request.param, Path(pytestconfig.cache.mkdir("debian"))), root)
        stick_with("0.1.0", folder, root / "media/stick/wheelhouse")
        with booted(root) as machine:
            yield Walk(machine)


@pytest.mark.long
def test_the_page_from_an_empty_machine_to_a_site_and_to_a_new_version(
    walk: Walk, tmp_path: Path
) -> None:
    """One test, since each step stands on the one before."""
    parts = blocks()
    skipped = {one.said for one in parts if one.said.startswith("not run here")}
    assert skipped == NOT_RUN
    by_name = {one.said: one for one in parts if one.said in ("upgrade", "rollback", "forget")}
    for block in [one for one in parts if not one.said]:
        if "roster publish" in block.commands:
            bring_the_roster(walk)
        walk.do(block)
    walk.send("before")
    assert walk.kept() == 1
    the_site_is_shut_in(walk.machine)
    doctor_says_so_too(walk.machine)
    the_nights_units_run(walk.machine)
    the_machine_keeps_no_log_and_updates_itself(walk.machine)
    the_night_waits_for_the_clock(walk.machine)
    a_stick_that_was_changed_is_not_installed(walk.machine)

    shutil.rmtree(walk.machine.root / "media/stick/wheelhouse")
    stick_with("0.1.1", tmp_path, walk.machine.root / "media/stick/wheelhouse")
    walk.machine.run("systemctl enable --now intake-notify.timer")
    walk.do(by_name["upgrade"])
    walk.do(by_name["upgrade"])  # as who was cut off does
    walk.machine.run("systemctl is-active intake-epoch.timer intake-notify.timer")
    assert walk.kept() == 1
    walk.send("after")
    assert walk.kept() == 2
    assert walk.machine.run("readlink /opt/intake/current").strip() == "0.1.1"
    walk.machine.run("systemctl disable intake-notify.timer")
    walk.do(by_name["rollback"])
    walk.machine.run("systemctl is-active intake-epoch.timer")
    walk.machine.run("! systemctl is-active intake-notify.timer")
    assert walk.machine.run("readlink /opt/intake/current").strip() == "0.1.0"
    assert walk.kept() == 1
    walk.send("again")
    assert walk.kept() == 2
    walk.do(by_name["forget"])
    assert walk.machine.run("ls /var/lib/intake").split() == ["site"]


def bring_the_roster(walk: Walk) -> None:
    """What root holders do, elsewhere: a signed roster for the deployment, and its digits on paper."""
    settings = (walk.machine.root / "var/lib/intake/site/site.toml").read_text("utf-8")
    deployment = re.search(r'^deployment = "(.*?)"', settings, re.MULTILINE)
    assert deployment
    panel = make_panel(deployment=deployment[1])
    (walk.machine.root / "media/stick/roster.note").write_bytes(panel.note)
    walk.set("FINGERPRINT", str(panel.roster.roots.fingerprint))


def the_site_is_shut_in(machine: Machine) -> None:
    """What its unit asks for holds of the process: rights, network, disk, calls."""
    pid = machine.main_process("intake.service")
    status = dict(
        line.split(":\t", 1)
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if ":\t" in line
    )
    assert status["CapBnd"] == status["CapEff"] == "0000000000000000"
    assert status["NoNewPrivs"] == "1"
    assert status["Seccomp"] == "2"
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)
    interfaces = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
    mounts = [line.split() for line in Path(f"/proc/{pid}/mounts").read_text().splitlines()]
    last = {point: (kind, options.split(",")) for _, point, kind, options, *_ in mounts}
    assert last["/tmp"][0] == last["/var/tmp"][0] == "tmpfs"
    assert "ro" in last["/"][1]
    assert {"rw", "noexec"} <= set(last["/var/lib/intake"][1])
    writable = {
        point
        for point, (kind, options) in last.items()
        if "rw" in options
        and kind not in ("tmpfs", "proc", "devpts", "mqueue", "hugetlbfs", "cgroup2", "devtmpfs")
    }
    assert writable <= {
        "/var/lib/intake",
        "/dev/null",
        "/dev/zero",
        "/dev/full",
        "/dev/random",
        "/dev/urandom",
        "/dev/tty",
    }, writable


def doctor_says_so_too(machine: Machine) -> None:
    """By what this Debian's systemd says of the units, and the kernel where it keeps account."""
    rows = json.loads(machine.run("intake doctor --json /var/lib/intake/site", check=False))
    units = {row["topic"]: row["level"] for row in rows if row["topic"].startswith("unit")}
    assert len(units) == 9
    assert units.pop("units in force") in ("ok", "unknown")
    assert set(units.values()) == {"ok"}, units


def the_nights_units_run(machine: Machine) -> None:
    """The close and what it starts end well, as their timer will start them."""
    machine.run("systemctl start intake-epoch.service")
    for unit in ("intake-epoch.service", "intake-cosign.service"):
        for _ in range(60):
            shown = machine.run(f"systemctl show -p ActiveState -p Result {unit}")
            if "ActiveState=inactive" in shown:
                break
            time.sleep(0.5)
        assert "Result=success" in shown, machine.run(f"journalctl -u {unit} --no-pager")


def the_machine_keeps_no_log_and_updates_itself(machine: Machine) -> None:
    """The journal is in memory and says nothing of who wrote; updates are Debian's for security."""
    assert machine.run("find /var/log -name '*.journal' | wc -l").strip() == "0"
    assert machine.run("find /run/log/journal -name '*.journal' | wc -l").strip() != "0"
    said = machine.run("journalctl --no-pager -u intake.service -u intake.socket -o cat")
    assert "GET" not in said
    assert "POST" not in said
    patterns = machine.run("apt-config dump Unattended-Upgrade::Origins-Pattern").splitlines()
    assert len([line for line in patterns if "Debian-Security" in line]) == 2
    assert machine.run("apt-config dump APT::Periodic::Unattended-Upgrade").strip().endswith('"1";')
    machine.run("systemctl is-enabled apt-daily-upgrade.timer nftables intake-epoch.timer")


def the_night_waits_for_the_clock(machine: Machine) -> None:
    """After a start, the close that was missed comes after the time is known."""
    machine.run("systemctl is-enabled chrony-wait.service")
    assert (
        "time-sync.target"
        in machine.run("systemctl show --value -p After intake-epoch.timer").split()
    )
    before = machine.run("systemctl show --value -p Before chrony-wait.service")
    assert "time-sync.target" in before.split()


def a_stick_that_was_changed_is_not_installed(machine: Machine) -> None:
    """Where a wheel has one more byte, both checks of it say so."""
    said = machine.run(
        "cp -r /media/stick/wheelhouse /run/changed && cd /run/changed\n"
        "printf x >> $(ls click-*.whl)\n"
        "! sha256sum --check --quiet SHA256SUMS\n"
        "python3 -m venv /run/venv\n"
        "! /run/venv/bin/pip install --no-index --find-links . --require-hashes -r install.txt\n"
        "rm -r /run/venv /run/changed"
    )
    assert "DO NOT MATCH THE HASHES" in said
    assert "click" in said
