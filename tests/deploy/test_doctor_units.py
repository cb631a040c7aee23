"""`intake doctor` asks the real systemd what is in force, on a machine in namespaces of its own."""

import json
import os
from pathlib import Path
from typing import cast

import pytest

from intake.machine import Finding, Level
from intake.web import checkup_units
from intake.web.checkup_machine import Machine as Grounds
from tests.deploy.machine import Machine
from tests.deploy.site_on import ANSWERS
from tests.deploy.test_units import TO_TOR

FORM = "unit intake.service"
RESTART = f"systemctl daemon-reload; systemctl restart intake.service; {ANSWERS}"


def doctor(machine: Machine, user: str = "root") -> dict[str, dict[str, object]]:
    """What it finds about units, by topic."""
    said = machine.run(
        f"runuser -u {user} -- intake doctor --json /var/lib/intake/site", check=False
    )
    rows = cast("list[dict[str, object]]", json.loads(said))
    return {str(row["topic"]): row for row in rows if str(row["topic"]).startswith("unit")}


def levels(machine: Machine) -> dict[str, object]:
    return {topic: row["level"] for topic, row in doctor(machine).items()}


def widen(machine: Machine, unit: str, *rows: str) -> None:
    """Put a drop-in over a unit, or take it away where there are no rows."""
    folder = machine.inside(f"/etc/systemd/system/{unit}.d")
    folder.mkdir(exist_ok=True)
    (folder / "own.conf").unlink(missing_ok=True)
    if rows:
        (folder / "own.conf").write_text("\n".join(rows) + "\n")


def test_the_units_of_deploy_are_as_they_must_be_and_what_cannot_be_seen_is_said(
    machine: Machine,
) -> None:
    found = doctor(machine)
    assert {topic: row["level"] for topic, row in found.items()} == {
        FORM: "ok",
        "unit intake.socket": "ok",
        # Where the test's machine has no account of swap in cgroups of version 2.
        "units in force": "unknown" if not _keeps_account_of_swap(machine) else "ok",
        "unit intake-epoch.service": "ok",
        "unit intake-backup.service": "ok",
        "unit intake-cosign.service": "ok",
        "unit intake-metrics.service": "ok",
        "unit intake-notify.service": "ok",
        "unit intake-epoch.timer": "ok",
    }


def _keeps_account_of_swap(machine: Machine) -> bool:
    group = "/sys/fs/cgroup/system.slice/intake.service/memory.swap.max"
    return machine.inside(group).exists()


def test_the_sites_user_sees_of_it_what_root_sees(machine: Machine) -> None:
    assert doctor(machine, "intake") == doctor(machine)


SAID = 4  # of the settings that are otherwise; all of them are named with --json
WIDER = {
    "NoNewPrivileges=no\nSystemCallFilter=": "SystemCallFilter=~",
    "ProtectSystem=full": "ProtectSystem=full",
    "TemporaryFileSystem=": "TemporaryFileSystem=",
    "CapabilityBoundingSet=CAP_CHOWN": "CapabilityBoundingSet=cap_chown",
    "IPAddressDeny=": "IPAddressDeny=",
}


@pytest.mark.parametrize(
    ("rows", "level", "named"),
    [
        (["MemorySwapMax=1G"], "wrong", ["MemorySwapMax=1073741824"]),
        (["LimitCORE=infinity"], "wrong", ["LimitCORE=infinity"]),
        (list(WIDER), "warning", list(WIDER.values())),
    ],
)
def test_a_drop_in_that_widens_the_server_is_found(
    machine: Machine, rows: list[str], level: str, named: list[str]
) -> None:
    widen(machine, "intake.service", "[Service]", *rows)
    machine.run("systemctl daemon-reload")
    try:
        found = doctor(machine)[FORM]
        assert found["level"] == level
        names = cast("list[str]", found["names"])
        assert set(named) <= set(names)
        assert ", ".join(names[:SAID]) in str(found["says"])
        assert ("and more: --json" in str(found["says"])) == (len(names) > SAID)
    finally:
        widen(machine, "intake.service")
        machine.run("systemctl daemon-reload")
    assert levels(machine)[FORM] == "ok"


def test_what_was_changed_and_not_read_again_is_found(machine: Machine) -> None:
    unit = machine.inside("/etc/systemd/system/intake-epoch.service")
    before = unit.read_text()
    unit.write_text(before.replace("NoNewPrivileges=yes", "NoNewPrivileges=no"))
    found = doctor(machine)["unit intake-epoch.service"]
    assert (found["level"], "goes by the old one" in str(found["says"])) == ("warning", True)
    machine.run("systemctl daemon-reload")
    found = doctor(machine)["unit intake-epoch.service"]
    assert (found["level"], found["names"]) == ("warning", ["NoNewPrivileges=no"])
    unit.write_text(before)
    machine.run("systemctl daemon-reload")


def test_a_server_that_runs_otherwise_than_its_unit_now_says_is_found(machine: Machine) -> None:
    """Started under a wider unit, that was then put right and not started anew."""
    rows = ("ProtectSystem=no", "TemporaryFileSystem=", "PrivateNetwork=no")
    widen(machine, "intake.service", "[Service]", *rows)
    machine.run(RESTART)
    widen(machine, "intake.service")
    machine.run("systemctl daemon-reload")
    found = doctor(machine)
    assert found[FORM]["level"] == "ok"
    assert found["units in force"]["level"] == "warning"
    named = {"ProtectSystem", "TemporaryFileSystem"}
    assert named <= set(cast("list[str]", found["units in force"]["names"]))
    machine.run(RESTART)
    assert levels(machine)["units in force"] in ("ok", "unknown")


def test_a_socket_that_more_than_tor_reaches_is_found(machine: Machine) -> None:
    for row in ("SocketMode=0666", "ListenStream=127.0.0.1:8000"):
        widen(machine, "intake.socket", "[Socket]", row)
        machine.run("systemctl daemon-reload")
        assert levels(machine)["unit intake.socket"] == "warning", row
    widen(machine, "intake.socket")
    machine.run("systemctl daemon-reload")


def test_a_night_that_nothing_starts_and_one_that_failed_are_found(machine: Machine) -> None:
    machine.run("systemctl stop intake-epoch.timer")
    assert levels(machine)["unit intake-epoch.timer"] == "warning"
    machine.run("systemctl start intake-epoch.timer")
    machine.run("systemctl start intake-backup.service", check=False)
    found = doctor(machine)
    assert found["unit intake-backup.service"]["level"] == "warning"
    assert "ended with exit-code" in str(found["unit intake-backup.service"]["says"])
    assert found["unit intake-epoch.timer"]["level"] == "ok"
    machine.run("systemctl reset-failed intake-backup.service")
    assert levels(machine)["unit intake-backup.service"] == "ok"


def test_a_server_that_was_started_by_hand_is_found(machine: Machine) -> None:
    machine.run(
        "systemctl stop intake.socket intake.service; cd /var/lib/intake\n"
        "runuser -u intake -- setsid intake serve site --bind 127.0.0.1:8000 > /dev/null 2>&1 &\n"
        "curl --silent --retry 30 --retry-delay 1 --retry-all-errors --output /dev/null http://127.0.0.1:8000/"
    )
    try:
        assert levels(machine)["units"] == "warning"
    finally:
        machine.run(
            "kill $(fuser /var/lib/intake/site/serve.lock 2>/dev/null); sleep 2", check=False
        )
        machine.run(f"systemctl start intake.socket intake.service; {ANSWERS}")


def test_each_setting_that_is_otherwise_is_named(machine: Machine, tmp_path: Path) -> None:
    """Every one of the table, in every unit, on what this machine's systemd says of the units."""
    site, said, program = tmp_path / "site", tmp_path / "said", tmp_path / "systemctl"
    site.mkdir()
    os.chown(site, 65534, 65534)
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    (tmp_path / "locks").touch()
    program.write_text(f"#!/bin/sh\nexec cat {said}\n")
    program.chmod(0o700)
    here = Grounds(proc=tmp_path, root=tmp_path, systemctl=str(program))
    asked = ",".join(checkup_units.ASKED)
    units = "intake.service intake-{epoch,backup,metrics,cosign,notify}.service intake-{epoch,notify}.timer"
    shown = machine.run(f"systemctl show --all --no-pager --property={asked} {units}")
    shown = shown.replace("/var/lib/intake/site", str(site)).replace("User=intake", "User=nobody")
    whose = checkup_units.Whose(site)

    def found(text: str, topic: str) -> Finding:
        said.write_text(text)
        rows = {row.topic: row for row in checkup_units.examine_units(whose, here)}
        return rows[topic]

    tried = 0
    for block in shown.split("\n\n"):
        rows = dict(row.split("=", 1) for row in block.splitlines() if "=" in row)
        if not rows["Id"].endswith(".service"):
            continue
        topic = f"unit {rows['Id']}"
        assert found(shown, topic).level in (Level.FINE, Level.WARNING)
        for name in set(rows) & set(checkup_units.SETTINGS):
            if rows["Id"] in TO_TOR and name in (
                "PrivateNetwork",
                "TemporaryFileSystem",
                "PrivateTmp",
            ):
                continue
            other = block.replace(f"\n{name}={rows[name]}\n", f"\n{name}=~other\n")
            assert other != block, name
            row = found(shown.replace(block, other), topic)
            assert row.level is not Level.FINE
            assert any(one.startswith(f"{name}=") for one in row.names), name
            less = shown.replace(block, block.replace(f"\n{name}={rows[name]}\n", "\n"))
            assert found(less, topic).level is not Level.FINE, name
            tried += 1
    assert tried > 6 * 30


def test_where_systemd_does_not_answer_it_is_said(machine: Machine) -> None:
    program = Path("/usr/bin/systemctl")
    machine.run(f"mv {program} {program}.away")
    try:
        assert levels(machine) == {"units": "unknown"}
    finally:
        machine.run(f"mv {program}.away {program}")
