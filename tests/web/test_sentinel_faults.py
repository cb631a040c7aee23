"""A leak planted in the server is found, by its kind, in its place and nowhere else.

Each server here is the one that people run, with one fault; `test_sentinel.py` looks in the same
way at one without a fault, where nothing is found.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from intake.web import sentinel
from intake.web.listening import parse_address
from intake.web.sentinel_machine import Machine
from intake.web.sentinel_places import Place, State
from intake.web.sentinel_words import Kind
from intake.web.site import Site
from tests.web.sentinel_faults import FAULTS, PLANTING, each, kept
from tests.web.serving import serving, site_in


def grounds(folder: Path) -> Machine:
    """A machine whose swap is a file, and whose core dumps go to a folder."""
    proc = folder / "proc"
    (proc / "sys/kernel").mkdir(parents=True)
    rows = (
        f"Filename Type Size Used Priority\n{folder / 'swapped'} file 1 0 -2\n/dev/zram0 p 1 0 1\n"
    )
    (proc / "swaps").write_text(rows)
    (proc / "sys/kernel/core_pattern").write_text(f"{folder}/dumps/core.%p\n")
    (folder / "swapped").write_bytes(bytes(5000))
    for name in ("backup", "temporary", "dumps"):
        (folder / name).mkdir()
    return Machine(
        (folder / "log",),
        "intake-of-nobody.service",
        (folder / "backup",),
        (folder / "temporary",),
        proc,
    )


def looked(folder: Path, change: str) -> dict[str, set[Kind]]:
    """What is found at a server with this fault, by place."""
    site, _ = site_in(folder / "site")
    machine = grounds(folder)
    with serving(site.folder, change=change, log=folder / "log") as (port, _):
        address = parse_address(f"127.0.0.1:{port}")
        report = sentinel.run(site, address, machine, test_site=False, wait=0)
    assert report.found == any(place.state is State.FOUND for place in report.places)
    return {
        place.name.partition(" /")[0].rstrip(":"): set(place.kinds)
        for place in report.places
        if place.state is State.FOUND
    }


def rounds() -> list[tuple[str, ...]]:
    """The faults, several to a server: those of one round leak to places apart from each other."""
    made: list[tuple[list[str], set[str]]] = []
    for name, (_, places) in FAULTS.items():
        # What empties the log of changes would hide what another left there.
        apart = {"the store" if place.startswith("store.sqlite") else place for place in places}
        for names, taken in made:
            if not apart & taken:
                names.append(name)
                taken.update(apart)
                break
        else:
            made.append(([name], apart))
    return [tuple(names) for names, _ in made]


@pytest.mark.parametrize("faults", rounds(), ids="; ".join)
def test_a_planted_leak_is_found_in_its_place_and_nowhere_else(
    tmp_path: Path, faults: tuple[str, ...]
) -> None:
    change = PLANTING + "".join(FAULTS[fault][0] for fault in faults)
    expected = {place: kinds for fault in faults for place, kinds in FAULTS[fault][1].items()}
    assert looked(tmp_path, change) == expected


def test_the_same_server_without_a_leak_is_clean(tmp_path: Path) -> None:
    """The twin: run in the same way, with hooks that leak nothing."""
    assert looked(tmp_path, PLANTING + each("request.form") + kept("request.headers")) == {}


def served_site(folder: Path) -> Site:
    return site_in(folder / "site")[0]


def places_of(site: Site, machine: Machine, port: int) -> dict[str, Place]:
    address = parse_address(f"127.0.0.1:{port}")
    report = sentinel.run(site, address, machine, test_site=False, wait=0)
    return {place.name: place for place in report.places}


JOURNAL = """#!/bin/sh
case "$*" in *--since=*) cat {0}/lines-since 2>/dev/null;; *) cat {0}/lines 2>/dev/null;; esac
"""


def test_a_journal_swap_and_dumps_that_cannot_be_read_are_said_and_not_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal here is a program that prints files: what it writes is looked at like any log."""
    site = served_site(tmp_path)
    machine = grounds(tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "journalctl").write_text(JOURNAL.format(tmp_path))
    journal, swap = f"the journal of {machine.unit}", f"swap {tmp_path / 'swapped'}"
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    (programs / "journalctl").chmod(0o755)
    with serving(site.folder, log=tmp_path / "log", workers=1) as (port, _):
        # Nothing of it can be read; the swap file is gone; dumps go to a program of nobody.
        (tmp_path / "swapped").unlink()
        (machine.proc / "sys/kernel/core_pattern").write_text("|/usr/bin/nobody's %P\n")
        monkeypatch.setattr("intake.web.sentinel_machine._DUMPS", ())
        found = places_of(site, machine, port)
        assert {name for name, one in found.items() if one.state is State.NOT_CHECKED} >= {
            *(journal, swap, "core dumps")
        }
        assert "nobody's" in found["core dumps"].why
        # It has lines from before.
        (tmp_path / "lines").write_text("Started Intake form.\n")
        assert places_of(site, machine, port)[journal].state is State.CHECKED
        (tmp_path / "lines").write_text("from 192.0.2.9\n")
        assert places_of(site, machine, port)[journal].kinds == (Kind.ANY_ADDRESS,)
        # And one came while planting.
        (tmp_path / "lines").write_text("Started Intake form.\nsomething\n")
        (tmp_path / "lines-since").write_text("something\n")
        assert places_of(site, machine, port)[journal].kinds == (Kind.WRITTEN,)
        # There is no journal.
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "no journalctl" in places_of(site, machine, port)[journal].why


def test_core_dumps_are_looked_for_where_the_server_works(tmp_path: Path) -> None:
    """With the kernel's own pattern a dump lies in the folder that the server was started in."""
    site = served_site(tmp_path)
    machine = replace(grounds(tmp_path), proc=Path("/proc"))
    at_work = site.folder
    with serving(site.folder, log=tmp_path / "log", workers=1) as (port, _):
        pattern = Path("/proc/sys/kernel/core_pattern").read_text("utf-8")
        before = places_of(site, machine, port)["core dumps"].state
        (at_work / "core.7").write_bytes(b"")
        after = places_of(site, machine, port)["core dumps"]
    assert before in (State.CHECKED, State.NOT_CHECKED)
    if not pattern.startswith(("/", "|")):
        assert after.kinds == (Kind.WRITTEN,)
