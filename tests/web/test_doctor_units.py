"""What `intake doctor` makes of what systemctl says; of the real one, in `tests/deploy/`."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from intake.machine import Level
from intake.web import checkup_units
from intake.web.checkup_machine import Machine
from intake.web.checkup_units import ASKED, Whose

ROWS = ("LoadState=loaded", "ActiveState=active", "UnitFileState=enabled")
UNITS = (
    *("intake.service", "intake-epoch.service", "intake-backup.service", "intake-metrics.service"),
    *("intake-cosign.service", "intake-notify.service", "intake-epoch.timer"),
    *("intake-notify.timer", "intake.socket"),
)


class Said:
    """A site, and what a program says of its units in the place of systemctl."""

    def __init__(self, folder: Path) -> None:
        self.whose = Whose(folder / "site")
        self.whose.folder.mkdir()
        (folder / "run/systemd/system").mkdir(parents=True)
        (folder / "locks").touch()
        self._program = folder / "systemctl"
        self._machine = Machine(proc=folder, root=folder, systemctl=str(self._program))
        self.units: dict[str, tuple[str, ...]] = {
            unit: (f"Id={unit}", *ROWS, f"ExecStart={{ argv[]=/i epoch {self.whose.folder} ; }}")
            for unit in UNITS
        }

    def levels(self) -> Mapping[str, Level]:
        text = "\n\n".join("\n".join(rows) for rows in self.units.values())
        self._program.write_text(f"#!/bin/sh\ncat <<'E'\n{text}\nE\n")
        self._program.chmod(0o700)
        rows = checkup_units.examine_units(self.whose, self._machine)
        return {row.topic: row.level for row in rows}


@pytest.fixture
def said(tmp_path: Path) -> Said:
    return Said(tmp_path)


def test_a_socket_is_looked_at_by_each_place_where_it_listens(said: Said) -> None:
    form, socket = said.units["intake.service"], said.units["intake.socket"]
    said.units["intake.service"] = (*form, "TriggeredBy=intake.socket")
    door, port = "Listen=/run/intake/form.sock (Stream)", "Listen=127.0.0.1:8000 (Stream)"
    for places, level in (
        ((door,), Level.FINE),
        ((door, door), Level.FINE),
        ((door, port), Level.WARNING),
        ((port, door), Level.WARNING),
        ((), Level.UNKNOWN),
    ):
        said.units["intake.socket"] = (*socket, "SocketMode=0660", *places)
        assert said.levels()["unit intake.socket"] is level, places


def test_a_timer_of_another_site_is_not_called_fine(said: Said, tmp_path: Path) -> None:
    topic = "unit intake-epoch.timer"
    assert said.levels()[topic] is Level.FINE
    said.whose = Whose(tmp_path / "other")
    said.whose.folder.mkdir()
    assert said.levels()[topic] is Level.UNKNOWN
    assert "unit intake-notify.timer" not in said.levels()


@pytest.mark.parametrize("row", ["ActiveState=inactive", "UnitFileState=disabled"])
def test_a_timer_that_does_not_run_now_or_later_is_named(said: Said, row: str) -> None:
    said.whose = Whose(said.whose.folder, notices=True)
    for unit in ("intake-epoch.timer", "intake-notify.timer"):
        said.units[unit] = (*(one for one in said.units[unit] if one[:6] != row[:6]), row)
        assert said.levels()[f"unit {unit}"] is Level.WARNING


def test_what_was_not_asked_for_is_not_called_broken_nor_fine(said: Said) -> None:
    """It stands in the unit's own row; the server's need not be started anew for it."""
    shown = {"Id": "intake.service", "MemorySwapMax": "1G", "ProtectSystem": "full"}
    shown |= {"TemporaryFileSystem": "/tmp", "PrivateNetwork": "no"}
    held = dict.fromkeys(("MemorySwapMax", "ProtectSystem", "TemporaryFileSystem"), False)
    found = checkup_units._held(shown, said.whose, {**held, "PrivateNetwork": False})
    assert found.level is Level.UNKNOWN
    found = checkup_units._held({**shown, "MemorySwapMax": "0"}, said.whose, held)
    assert (found.level, found.names) == (Level.WRONG, ("MemorySwapMax",))


def test_where_systemctl_does_not_say_all_nothing_is_made_of_it(said: Said) -> None:
    del said.units["intake-metrics.service"]
    assert said.levels() == {"units": Level.UNKNOWN}


def test_all_that_is_read_is_asked_for() -> None:
    assert {"Listen", "SocketMode", "UnitFileState", "TriggeredBy", "ExecStart"} <= set(ASKED)
