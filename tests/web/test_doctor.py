"""`intake doctor` finds what is planted in a site or its machine, and says what to do."""

import datetime as dt
import json
import os
import sqlite3
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from intake.age import HybridIdentity
from intake.cli import run
from intake.epoch import Epoch
from intake.keeping.state import ID_SIZE, Remembered, remember
from intake.log.site_log import SiteLog, arranged
from intake.store import Store
from intake.web.checkup import Finding, Level, examine, examine_site, unchecked
from intake.web.notice import RECIPIENTS, Sent
from intake.web.settings_tables import SupportEntry
from intake.web.site import Site, today_in_utc
from tests.boards import cheap_rows
from tests.web.machines import calm
from tests.web.serving import backed_up, kept_in, site_in
from tests.witness.conftest import serving as witnessing

_FOLDER = TemporaryDirectory()
CALM = calm(Path(_FOLDER.name))
TODAY = today_in_utc()
COURIER = HybridIdentity.generate()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with which nothing is wrong."""
    made, _ = site_in(tmp_path / "site")
    entry = SupportEntry("A group", "ru", "a letter box", TODAY)
    made.settings = replace(made.settings, only_onion=True, support=(entry,))
    backed_up(made, TODAY)
    return made


def about(topic: str, site: Site, today: dt.date = TODAY) -> tuple[Finding, ...]:
    now = dt.datetime.combine(today, dt.time(23, 59), dt.UTC)
    return tuple(found for found in examine_site(site, now) if found.topic == topic)


def level_of(topic: str, site: Site, today: dt.date = TODAY) -> Level:
    (found,) = about(topic, site, today)
    assert (found.advice != "") == (found.level is not Level.FINE)
    return found.level


def test_with_a_good_site_only_its_words_are_to_be_read(site: Site) -> None:
    found = list(examine(site, CALM, dt.datetime.now(dt.UTC)))
    # Where this tree was moved to another folder, the scripts beside it are not as installed.
    found = [row for row in found if row.topic != "packages"]
    assert {row.topic for row in found if row.level is not Level.FINE} == {
        "words in ru",
        "words in en",
        "server",  # none runs
        "units",  # no systemd
    }
    assert Level.WRONG not in {row.level for row in found}


@pytest.mark.parametrize(
    ("days", "topic", "level"),
    [
        (-1, "roster", Level.WRONG),
        (0, "roster", Level.FINE),
        (16, "roster", Level.FINE),
        (17, "roster", Level.WARNING),
        (30, "roster", Level.WARNING),
        (31, "roster", Level.WRONG),
    ],
)
def test_the_rosters_days_are_counted(site: Site, days: int, topic: str, level: Level) -> None:
    assert level_of(topic, site, today=TODAY + dt.timedelta(days=days)) is level


def test_a_missing_and_an_altered_roster_are_found(site: Site) -> None:
    path = site.folder / "keys" / "roster.note"
    path.write_bytes(path.read_bytes().replace(b"version 1", b"version 2"))
    assert level_of("roster", Site.open(site.folder)) is Level.WRONG
    path.unlink()
    assert level_of("roster", Site.open(site.folder)) is Level.WRONG


def test_a_missing_and_a_damaged_key_are_found(site: Site) -> None:
    """With either the server does not start."""
    assert level_of("key", site) is Level.FINE
    (site.folder / "antiforgery.key").write_bytes(bytes(31))
    assert level_of("key", site) is Level.WRONG
    (site.folder / "antiforgery.key").unlink()
    assert level_of("key", site) is Level.WRONG


def test_a_missing_and_a_damaged_key_of_the_log_are_found_and_none_is_made(site: Site) -> None:
    path = site.folder / "log.key"
    assert level_of("log key", site) is Level.FINE
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole + b"x", b""):
        path.write_bytes(damaged)
        assert level_of("log key", site) is Level.WRONG
    path.unlink()
    assert level_of("log key", site) is Level.FINE  # no log was begun: there is none to be lost
    path.write_bytes(whole)
    assert run(["epoch", str(site.folder), "--now"]) == 0
    path.unlink()
    assert level_of("log key", site) is Level.WRONG
    assert not path.exists()


def monday(weeks: int) -> dt.date:
    return (Epoch.of(TODAY).monday) + dt.timedelta(weeks=weeks)


@pytest.mark.parametrize("log", ["begun with the site", "begun later"])
def test_a_week_that_is_over_and_not_closed_is_found(site: Site, log: str) -> None:
    now = Epoch.of(TODAY)
    site.store_path.unlink()
    since = now if log == "begun with the site" else None
    store = Store.create(site.store_path, site.settings.deployment, since)
    kept_in(store, now)
    assert level_of("weeks", site, today=monday(0) + dt.timedelta(days=6)) is Level.FINE
    (found,) = about("weeks", site, today=monday(1))
    assert found.level is Level.WARNING
    assert str(now) in found.says
    store.leaves.close(now, lambda openings: arranged(openings, now))
    assert level_of("weeks", site, today=monday(2) - dt.timedelta(days=1)) is Level.FINE
    assert level_of("weeks", site, today=monday(2)) is Level.WARNING
    store.close()


def test_replies_that_wait_though_their_week_is_over_are_found(site: Site) -> None:
    site.store_path.unlink()
    now = Epoch.of(TODAY)
    store = Store.create(site.store_path, site.settings.deployment, now)
    assert level_of("board", site, today=monday(1)) is Level.FINE
    store.board.deliver(cheap_rows(3))
    store.close()
    (found,) = about("board", site)
    assert (found.level, found.says[-1]) == (Level.FINE, "3")
    (found,) = about("board", site, today=monday(1))
    assert found.level is Level.WARNING
    assert str(now) in found.says
    assert found.says.endswith("replies that wait for the board: 3")
    assert run(["epoch", str(site.folder), "--now"]) == 0
    assert level_of("board", site, today=monday(1)) is Level.FINE


def test_a_board_that_is_not_what_the_store_has_is_found(site: Site) -> None:
    assert level_of("board", site) is Level.FINE  # there is none yet, and nothing is served
    assert run(["epoch", str(site.folder), "--now"]) == 0
    part, index = site.board_folder.path / "0", site.board_folder.path / "index"
    whole = part.read_bytes()
    for change in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1]), b""):
        part.write_bytes(change)
        assert level_of("board", site) is Level.WRONG
    part.unlink()
    assert level_of("board", site) is Level.WRONG
    part.write_bytes(whole)
    assert level_of("board", site) is Level.FINE
    index.unlink()
    assert level_of("board", site) is Level.WRONG
    assert run(["epoch", str(site.folder)]) == 0
    assert level_of("board", site) is Level.FINE


def test_a_checkpoint_that_nobody_cosigned_is_found(site: Site) -> None:
    """Also where there is no store any more."""
    assert level_of("log", site) is Level.FINE
    assert run(["epoch", str(site.folder), "--now"]) == 0
    (found,) = about("log", site)
    assert found.level is Level.WARNING
    staged = site.log_folder.staged()
    assert staged is not None
    assert found.says.startswith(f"0 entries are published of {staged.checkpoint.size}")
    assert "intake cosign" in found.advice
    site.log_folder.publish(staged)
    assert level_of("log", site) is Level.FINE
    store = Store.open(site.store_path)
    with site.log_folder.locked():
        log = SiteLog(store.leaves, site.log_folder, site.log_signer)
        log.close_due(Epoch.of(TODAY).next, now=True)
        log.stage()
    store.close()
    site.store_path.unlink()
    assert level_of("log", site) is Level.WARNING
    (site.log_folder.path / "staged").write_bytes(b"torn")
    assert level_of("log", site) is Level.WRONG


def test_what_lies_here_for_more_than_ten_days_after_its_week_is_found(site: Site) -> None:
    """Until it is logged it must lie here; when it is released, or withdrawn, it does not."""
    now = Epoch.of(TODAY)
    store = Store.open(site.store_path)
    first, second = (kept_in(store, now) for _ in range(2))
    day = monday(1) + dt.timedelta(days=10)
    late = day + dt.timedelta(days=1)
    assert level_of("kept", site, today=late) is Level.FINE
    for epoch in (now, now.next):
        store.leaves.close(epoch, lambda openings, epoch=epoch: arranged(openings, epoch))
        if epoch == now:
            third = kept_in(store, now.next)
    assert level_of("kept", site, today=day) is Level.FINE
    (found,) = about("kept", site, today=late)
    assert found.level is Level.WARNING
    assert str(now) in found.says
    assert "11 days" in found.says
    assert "release" in found.advice
    store.release([first.envelope, second.envelope], b"signed", ["anna", "berta"], now.next.next)
    assert level_of("kept", site, today=late) is Level.FINE
    assert level_of("kept", site, today=late + dt.timedelta(weeks=1)) is Level.WARNING
    store.release([third.envelope], b"signed too", ["anna", "berta"], now.next.next)
    assert level_of("kept", site, today=late + dt.timedelta(weeks=1)) is Level.FINE
    store.close()


def test_a_place_that_others_could_exchange_is_found(site: Site) -> None:
    """Whoever can rename the site's folder can put one with other keys there."""
    parent = site.folder.parent
    before = parent.stat().st_mode & 0o7777
    for mode, level in ((0o777, Level.WRONG), (0o775, Level.WRONG), (0o1777, Level.FINE)):
        parent.chmod(mode)
        (found,) = about("folder", site)
        assert found.level is level
        assert found.names == ((str(parent),) if level is Level.WRONG else ())
    parent.chmod(before)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("name", ["log.key", "store.sqlite", "keys"])
def test_a_key_that_belongs_to_another_is_found(site: Site, name: str) -> None:
    os.chown(site.folder / name, 65534, 65534)
    (found,) = about("folder", site)
    assert (found.level, found.names) == (Level.WRONG, (name,))


@pytest.mark.parametrize("name", ["", "antiforgery.key", "log.key", "store.sqlite"])
@pytest.mark.parametrize("bit", [0o040, 0o004, 0o020, 0o001])
def test_what_others_can_reach_is_found(site: Site, name: str, bit: int) -> None:
    path = site.folder / name if name else site.folder
    path.chmod(path.stat().st_mode | bit)
    (found,) = about("folder", site)
    assert found.level is Level.WRONG
    assert found.names == (path.name,)


def test_the_weeks_budget_and_the_disk_are_found(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = 0, 10**12

    def say_taken(_: Store, epoch: Epoch) -> int:
        assert epoch == Epoch.of(TODAY)
        return taken

    monkeypatch.setattr(Store, "taken", say_taken)
    monkeypatch.setattr(Store, "free", lambda _: free)
    assert level_of("room", site) is Level.FINE
    taken = site.settings.weekly_bytes // 2
    assert level_of("room", site) is Level.WARNING
    taken = site.settings.weekly_bytes
    assert level_of("room", site) is Level.WRONG
    taken, free = 0, 1_999_999_999
    assert level_of("room", site) is Level.WRONG


def test_a_damaged_store_is_found_and_no_row_of_it_is_said(site: Site) -> None:
    """A page in the middle is overwritten: the database opens, and its pages do not hang together."""
    assert about("store", site)[0].level is Level.FINE
    store = Store.open(site.store_path)
    for _ in range(20):
        kept_in(store, Epoch.of(TODAY))
    store.close()
    with sqlite3.connect(site.store_path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'submission'"
        ).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with site.store_path.open("r+b") as file:
        file.seek((page - 1) * size + 100)
        file.write(b"\xff" * (size - 200))
    (found,) = about("store", site)
    assert found.level is Level.WRONG
    assert "damaged" in found.says
    assert "\xff" not in found.says


@pytest.mark.parametrize(("age", "level"), [(0, "ok"), (8, "ok"), (9, "warning"), (-1, "warning")])
def test_an_old_backup_is_found(site: Site, age: int, level: str) -> None:
    backed_up(site, TODAY - dt.timedelta(days=age))
    assert level_of("backup", site) == level


def test_a_backup_from_before_a_week_was_closed_is_found(site: Site) -> None:
    """Nothing in it opens what the log then got."""
    backed_up(site, TODAY)
    assert level_of("backup", site) is Level.FINE
    assert run(["epoch", str(site.folder), "--now"]) == 0
    now = Epoch.of(TODAY)
    (found,) = about("backup", site)
    assert (found.level, f"before {now} was closed" in found.says) == (Level.WARNING, True)
    remember(site.folder, Remembered(TODAY, "part", bytes(ID_SIZE), TODAY, now.previous, 0))
    assert level_of("backup", site) is Level.WARNING
    remember(site.folder, Remembered(TODAY, "base", bytes(ID_SIZE), TODAY, now, 0))
    assert level_of("backup", site) is Level.FINE


def test_no_backup_and_a_damaged_note_of_it_are_found(site: Site) -> None:
    path = site.folder / "backup.json"
    for damaged in (b"", b"[]", b"{}", b'{"day": 1}', b'{"day": "yesterday"}', b"\xff"):
        path.write_bytes(damaged)
        (found,) = about("backup", site)
        assert found.level is Level.WARNING
        assert "damaged" in found.says
    path.unlink()
    (found,) = about("backup", site)
    assert "none" in found.says


def test_a_notice_that_failed_or_did_not_go_out_is_found(site: Site, tmp_path: Path) -> None:
    assert about("notice", site) == ()
    program = tmp_path / "send"
    site.settings = replace(site.settings, notify=(str(program),))
    assert level_of("notice", site) is Level.WRONG
    program.touch(mode=0o700)
    (found,) = about("notice", site)
    assert (found.level, "nobody can be told" in found.says) == (Level.WRONG, True)
    recipients = site.folder / "keys" / RECIPIENTS
    recipients.write_text("age1pq1\n")
    assert level_of("notice", site) is Level.WRONG
    recipients.write_text(f"{COURIER.recipient}\n")
    assert level_of("notice", site) is Level.WARNING  # none was ever sent
    for day, failed, level in (
        (TODAY, "", Level.FINE),
        (TODAY - dt.timedelta(days=1), "", Level.FINE),
        (TODAY - dt.timedelta(days=2), "", Level.WARNING),
        (TODAY, "the program ended with 3", Level.WARNING),
    ):
        Sent(day, failed).write(site.folder)
        assert level_of("notice", site) is level
    (site.folder / "notice.json").write_text("{")
    assert level_of("notice", site) is Level.WARNING


def test_a_clock_behind_what_witnesses_signed_is_found(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log was cosigned just now: no clock that is right shows yesterday."""
    partner = tmp_path / "witness"
    log = str(site.log_signer.vkey)
    assert run(["epoch", str(site.folder), "--now"]) == 0
    assert run(["witness", "new", str(partner), "--name", "partner.test"]) == 0
    key = capsys.readouterr().out.splitlines()[-1]
    assert run(["witness", "add-log", str(partner), log]) == 0
    with witnessing(partner) as witness:
        row = f"witness w1 {key} http://127.0.0.1:{witness.port}/"
        site.log_policy_path.write_text(f"log {log}\n{row}\nquorum w1\n")
        assert run(["cosign", str(site.folder)]) == 0
    assert level_of("clock", site) is Level.FINE
    (found,) = about("clock", site, today=TODAY - dt.timedelta(days=1))
    assert found.level is Level.WRONG
    assert "behind what was signed" in found.says
    (found,) = about("clock", site, today=dt.date(2020, 1, 1))
    assert found.level is Level.WRONG


def test_a_clock_before_a_week_that_is_closed_is_found(site: Site) -> None:
    """A week can be closed before its end, for trying out, and not before its beginning."""
    assert run(["epoch", str(site.folder), "--now"]) == 0
    assert level_of("clock", site) is Level.FINE
    sunday = dt.datetime.combine(monday(0), dt.time(), dt.UTC) - dt.timedelta(hours=12)
    (found,) = (row for row in examine_site(site, sunday) if row.topic == "clock")
    assert found.level is Level.WRONG


def test_a_missing_store_is_found(site: Site) -> None:
    site.store_path.unlink()
    assert level_of("store", site) is Level.WRONG


def test_an_address_that_anybody_can_come_by_is_found(site: Site) -> None:
    site.settings = replace(site.settings, only_onion=False)
    assert level_of("address", site) is Level.WARNING


def test_support_that_is_not_shown_any_more_is_named(site: Site) -> None:
    for days in (91, -2):
        (found,) = about("support", site, today=TODAY + dt.timedelta(days=days))
        assert (found.level, found.names) == (Level.WARNING, ("A group",))
        assert "more than 90 days ago, or ahead: A group" in found.says
    for days in (90, -1):
        assert level_of("support", site, today=TODAY + dt.timedelta(days=days)) is Level.FINE
    site.settings = replace(site.settings, support=())
    assert level_of("support", site) is Level.WARNING


def test_phrases_that_nobody_checked_are_named_in_each_language() -> None:
    keys, promises = unchecked("ru")
    assert "landing.k4" in keys
    assert "landing.k4" in promises
    assert "landing.k1" not in promises
    keys, promises = unchecked("en")
    assert "landing.k4" not in keys
    assert "letter.p1" in promises


def test_the_command_ends_with_1_exactly_where_something_is_wrong(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    healthy = run(["doctor", str(site.folder), "--json"])
    rows = json.loads(capsys.readouterr().out)
    assert healthy == int("wrong" in {row["level"] for row in rows})
    assert {"level", "topic", "says", "do", "names"} == set(rows[0])
    (site.folder / "keys" / "roster.note").unlink()
    assert run(["doctor", str(site.folder)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows)
    assert lines[0].startswith("wrong    roster: ")
    assert all(row.startswith(("ok ", "unknown ", "warning ", "wrong ")) for row in lines)


def test_a_folder_without_a_site_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor", str(tmp_path)]) == 1
    assert "intake init" in capsys.readouterr().err


def test_what_an_operator_names_cannot_move_the_cursor(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: object) -> list[Finding]:
        return [Finding(Level.WARNING, "support", "\x1b[2J\u202e", "", ())]

    monkeypatch.setattr("intake.web.doctor.examine", odd)
    assert run(["doctor", str(site.folder)]) == 0
    assert "\x1b" not in capsys.readouterr().out
