"""`intake review doctor` finds what is planted in a machine or a case folder, and says what to do."""

import datetime as dt
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from intake.cli import run
from intake.machine import Finding, Level
from intake.review import checkup
from intake.review.checkup import BUILT, Machine, examine
from tests.little_log import Little, LittleLog
from tests.review.workroom import NOW, TODAY, Room, sealed_item
from tests.test_machine import ANYWHERE, ROUTES, SWAPS, device


@dataclass
class Grounds:
    """A machine with which nothing is wrong, made of files, and a case on its disk."""

    root: Path
    folder: Path

    @property
    def machine(self) -> Machine:
        return Machine(self.root / "proc", self.root / "sys", (self.root / "tmp",), 0)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def mounts(self, case: str, temporary: str) -> None:
        rows = (
            f"1 0 {case} / / rw - ext4 /dev/nowhere rw",
            f"2 1 0:20 / {self.root / 'tmp'} rw - {temporary} none rw",
        )
        self.write("proc/self/mountinfo", "".join(f"{row}\n" for row in rows))

    def about(self, topic: str, machine: Machine | None = None, today: dt.date = TODAY) -> Finding:
        every = list(examine(self.folder, machine or self.machine, today))
        (found,) = (one for one in every if one.topic == topic)
        assert (found.advice != "") == (found.level is not Level.FINE)
        return found

    def level(self, topic: str, machine: Machine | None = None, today: dt.date = TODAY) -> Level:
        return self.about(topic, machine, today).level


@pytest.fixture
def grounds(room: Room, tmp_path: Path) -> Grounds:
    item = sealed_item(room.panel.roster)
    log = LittleLog().with_rosters(room.panel.note).close(NOW, item[0])
    room.take_whole(Little(room.panel, log, (item,), (), notes=()))
    made = Grounds(tmp_path / "machine", room.folder)
    (made.root / "tmp").mkdir(parents=True)
    made.write("proc/swaps", SWAPS)
    made.write("proc/sys/kernel/core_pattern", "core\n")
    made.write("proc/net/route", ROUTES)
    made.write("proc/net/ipv6_route", "")
    made.write("sys/class/net/lo/flags", "0x9\n")
    device(made.root / "sys", "8:1")
    device(made.root / "sys", "253:0", uuid="CRYPT-LUKS2-a", below=("8:1",))
    made.mounts("253:0", "tmpfs")
    return made


def test_with_a_good_machine_there_is_nothing_to_do(grounds: Grounds) -> None:
    found = list(examine(grounds.folder, grounds.machine, TODAY))
    assert [(one.level, one.advice) for one in found] == [(Level.FINE, "")] * 7
    assert [one.topic for one in found] == [
        *("folder", "disk", "swap", "core dumps", "temporary", "network", "clock")
    ]


def test_a_folder_that_others_may_look_into_is_wrong(grounds: Grounds) -> None:
    grounds.folder.chmod(0o750)
    assert grounds.level("folder") is Level.WRONG


def test_a_disk_that_is_not_encrypted_is_wrong(grounds: Grounds) -> None:
    grounds.mounts("8:1", "tmpfs")
    assert grounds.level("disk") is Level.WRONG


def test_a_disk_of_which_nothing_is_known_is_said_to_be(grounds: Grounds) -> None:
    grounds.mounts("0:77", "tmpfs")
    assert grounds.level("disk") is Level.WARNING


def test_swap_that_is_not_encrypted_is_wrong(grounds: Grounds) -> None:
    grounds.write("proc/swaps", SWAPS + "/dev/no-such-device partition 1 0 -2\n")
    assert grounds.level("swap") is Level.WRONG
    file = grounds.root / "swapfile"
    file.touch()
    grounds.write("proc/swaps", SWAPS + f"{file} file 1 0 -2\n")
    grounds.mounts("8:1", "tmpfs")
    assert grounds.level("swap") is Level.WRONG
    grounds.mounts("253:0", "tmpfs")  # a swap file on an encrypted disk
    assert grounds.level("swap") is Level.FINE


def test_dumps_that_go_to_a_program_are_wrong_and_to_a_file_worth_a_word(
    grounds: Grounds,
) -> None:
    for dumps in (-1, 4096):
        assert grounds.level("core dumps", replace(grounds.machine, dumps=dumps)) is Level.WARNING
    grounds.write("proc/sys/kernel/core_pattern", "|/usr/bin/keep %p\n")
    assert grounds.level("core dumps") is Level.WRONG


def test_temporary_files_on_a_plain_disk_are_worth_a_word(grounds: Grounds) -> None:
    device(grounds.root / "sys", "0:20")
    grounds.mounts("253:0", "ext4")
    assert grounds.level("temporary") is Level.WARNING


def test_a_machine_that_is_online_is_wrong_and_one_that_could_be_is_warned(
    grounds: Grounds,
) -> None:
    grounds.write("sys/class/net/eth0/flags", "0x1003\n")
    found = grounds.about("network")
    assert (found.level, found.names) == (Level.WARNING, ("eth0",))
    grounds.write("proc/net/route", ROUTES + ANYWHERE)
    assert grounds.level("network") is Level.WRONG


def test_a_clock_behind_what_the_case_has_seen_is_wrong(grounds: Grounds) -> None:
    assert grounds.level("clock", today=NOW.monday) is Level.FINE
    assert grounds.level("clock", today=NOW.monday - dt.timedelta(days=1)) is Level.WRONG


def test_a_clock_before_the_program_was_made_is_wrong_whatever_the_case_says(
    grounds: Grounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "_weeks", lambda _: iter(()))
    assert grounds.level("clock", today=BUILT) is Level.FINE
    assert grounds.level("clock", today=BUILT - dt.timedelta(days=8)) is Level.WRONG


def test_the_command_prints_a_line_a_topic_and_says_whether_all_is_well(
    grounds: Grounds, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Machine, "here", classmethod(lambda _: grounds.machine))
    assert run(["review", "doctor", "--case", str(grounds.folder)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 7
    grounds.folder.chmod(0o755)
    assert run(["review", "doctor", "--case", str(grounds.folder)]) == 1
    assert run(["review", "doctor", "--case", str(grounds.folder / "no")]) == 1
    assert "no case in" in capsys.readouterr().err


def test_it_looks_at_this_machine_quickly_and_changes_nothing(grounds: Grounds) -> None:
    before = {path: path.stat().st_mtime_ns for path in grounds.folder.rglob("*")}
    started = time.monotonic()
    assert len(list(examine(grounds.folder, Machine.here(), TODAY))) >= 7
    assert time.monotonic() - started < 5
    assert {path: path.stat().st_mtime_ns for path in grounds.folder.rglob("*")} == before
