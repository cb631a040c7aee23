"""What deploy/postgresql.md says of units and wall lets a server on another machine be reached, and no more."""

import re
from pathlib import Path

import pytest

from tests.deploy.machine import Machine

PAGE = Path("deploy/postgresql.md").read_text("utf-8")
NAMES = ("intake", "intake-epoch", "intake-backup", "intake-metrics", "intake-notify")
# In place of what a unit runs: does something that listens on this port answer soon?
ASKS = "/usr/bin/timeout 10 /bin/bash -c 'exec 3<>/dev/tcp/{}/5432 && read -t 5 line <&3 && [ $$line = here ]'"
ANSWERS = """
import socket
door = socket.create_server(("0.0.0.0", 5432))
print("ready", flush=True)
while True:
    with door.accept()[0] as one:
        one.sendall(b"here\\n")
"""


def block(kind: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    return found


def reaches(machine: Machine, name: str, drop_in: str) -> bool:
    """Whether a program of the unit reaches a server of this machine that stands for another's."""
    folder = machine.inside(f"/etc/systemd/system/{name}.service.d")
    folder.mkdir(exist_ok=True)
    asks = f"[Service]\nType=oneshot\nRestart=no\nExecStart=\nExecStart={ASKS.format('10.0.0.5')}\n"
    (folder / "asking.conf").write_text(f"[Unit]\nOnSuccess=\nOnFailure=\n{asks}")
    (folder / "database.conf").write_text(drop_in)
    try:
        # Not by starting the unit itself: the form goes on being served.
        machine.run(
            f"cp /etc/systemd/system/{name}.service /run/systemd/system/asking.service\n"
            "mkdir -p /run/systemd/system/asking.service.d\n"
            f"cp /etc/systemd/system/{name}.service.d/*.conf /run/systemd/system/asking.service.d/\n"
            "systemctl daemon-reload"
        )
        return "yes" in machine.run("systemctl start asking.service && echo yes", check=False)
    finally:
        for file in folder.iterdir():
            file.unlink()
        machine.run("rm -r /run/systemd/system/asking.service*; systemctl daemon-reload")


@pytest.mark.parametrize("name", NAMES)
def test_each_unit_that_opens_the_store_reaches_it_by_the_pages_drop_in(
    machine: Machine, name: str
) -> None:
    machine.run(
        ". /opt/intake/python.env; ip address add 10.0.0.5/32 dev lo || true\n"
        f"setsid python3 -c '{ANSWERS}' > /run/answers 2>&1 & echo $! > /run/answering\n"
        "for i in $(seq 100); do grep -q ready /run/answers && break; sleep 0.1; done"
    )
    try:
        assert reaches(machine, name, block("drop-in"))
        assert not reaches(machine, name, "") or name == "intake-notify"
    finally:
        machine.run("kill $(cat /run/answering)", check=False)


def test_the_walls_line_stands_where_it_is_reached(machine: Machine) -> None:
    wall = Path("deploy/intake.nft").read_text("utf-8")
    (reject,) = re.findall(r"(?m)^ *meta skuid intake counter reject$", wall)
    text = wall.replace(reject, f"    {block('wall')}{reject}")
    machine.run("id _chrony || useradd --system _chrony")
    machine.inside("/run/wall.nft").write_text(text)
    machine.run("nft --check --file /run/wall.nft")
    machine.inside("/run/wall.nft").write_text(text.replace("daddr {", "daddr ["))
    assert "error" in machine.run("nft --check --file /run/wall.nft", check=False).lower()
