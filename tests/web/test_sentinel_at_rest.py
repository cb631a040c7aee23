"""What a stopped site's disk tells of the order and the times of arrival, after a week's close."""

import ipaddress
import os
import secrets
import sqlite3
import struct
import time
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest

from intake.cli import run
from intake.epoch import Epoch
from intake.opening import Opening
from intake.store import Allowance, Store
from intake.web import sentinel
from intake.web.listening import parse_address
from intake.web.sentinel_machine import Machine
from intake.web.sentinel_places import Place, State
from intake.web.sentinel_scan import Search
from intake.web.sentinel_tables import Tables
from intake.web.sentinel_words import Kind, Planted
from intake.web.site import Site
from tests.boards import cheap_rows
from tests.web.serving import site_in

COUNT = 100
# Kendall's tau of 100 in random order has a standard deviation of 0.0678: 5 of them are passed
# once in two million times.
MOST = 0.34
SIZE = 20_000
TIMES = "the store's file times"


def tau(values: list[int]) -> float:
    """Kendall's: 1 for the order of arrival, -1 for the reverse, near 0 for chance."""
    pairs = list(combinations(values, 2))
    return sum((a < b) - (a > b) for a, b in pairs) / len(pairs)


def keep(store: Store, epoch: Epoch) -> Opening:
    """One object of 20 kB that ends with its opening's envelope, 60 times: no page is without."""
    mark = secrets.token_bytes(32)
    fresh = [secrets.token_bytes(32) for _ in range(4)]
    roster = f"sha256:{'0' * 64}"
    opening = Opening(epoch, fresh[0], fresh[1], sha256(mark).digest(), roster, fresh[2], fresh[3])
    sealed = secrets.token_bytes(SIZE) + opening.envelope * 300
    row = (secrets.token_bytes(16), opening.envelope, opening.to_bytes(), sealed)
    assert store.keep(*row, Allowance(epoch, 1 << 40)) is not None
    return opening


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site whose log begins with the week before this one, and is served by nobody."""
    made, _ = site_in(tmp_path / "site")
    made.store_path.unlink()
    deployment = made.settings.deployment
    Store.create(made.store_path, deployment, since=Epoch.now().previous).close()
    return made


@pytest.fixture
def arrived(site: Site) -> list[Opening]:
    """100 objects of last week, in the order in which they came."""
    store = Store.open(site.store_path)
    openings = [keep(store, Epoch.now().previous) for _ in range(COUNT)]
    store.close()
    return openings


def places(site: Site, openings: list[Opening]) -> list[int]:
    """Where each object's end lies in the file."""
    content = site.store_path.read_bytes()
    found = [content.rfind(opening.envelope * 10) for opening in openings]
    assert min(found) > 0
    return found


def rows(site: Site, table: str, column: str, openings: list[Opening]) -> list[int]:
    """At which row of a table, as it is read from the file, something of each object stands."""
    with closing(sqlite3.connect(site.store_path)) as connection:
        values = [value for (value,) in connection.execute(f"SELECT {column} FROM {table}")]
    return [
        next(n for n, value in enumerate(values) if opening.envelope in (value, value[-32:]))
        for opening in openings
    ]


def looked(site: Site) -> dict[str, Place]:
    report = sentinel.run(site, parse_address("127.0.0.1:8000"), Machine(), test_site=False, wait=0)
    return {place.name: place for place in report.places}


def test_after_the_close_a_disk_tells_the_order_of_arrival_no_better_than_chance(
    site: Site, arrived: list[Opening]
) -> None:
    """Where the objects lie, in which order rows are read, and the log's numbers; not before."""
    assert tau(places(site, arrived)) > 0.6
    assert run(["epoch", str(site.folder)]) == 0
    assert abs(tau(places(site, arrived))) < MOST
    assert abs(tau(rows(site, "submission", "envelope", arrived))) < MOST
    assert abs(tau(rows(site, "piece", "content", arrived))) < MOST
    with closing(sqlite3.connect(site.store_path)) as connection:
        query = "SELECT leaf FROM submission WHERE envelope = ?"
        leaves = [connection.execute(query, (one.envelope,)).fetchone()[0] for one in arrived]
        # Nothing in the file's own order tells it either: rows as pages hold them.
        query = "SELECT content FROM piece NOT INDEXED"
        pieces = [content[-32:] for (content,) in connection.execute(query)]
    assert len(set(leaves)) == COUNT
    assert abs(tau(leaves)) < MOST
    assert abs(tau([pieces.index(one.envelope) for one in arrived])) < MOST


def test_the_measure_sees_what_it_is_to_see() -> None:
    assert tau(list(range(COUNT))) == 1
    assert tau(list(range(COUNT))[::-1]) == -1
    half = [*range(COUNT // 2), *secrets.SystemRandom().sample(range(50, COUNT), COUNT // 2)]
    assert tau(half) > MOST  # half of them in order are seen, too


def test_a_closed_store_bears_the_weeks_end_and_any_other_time_is_found(
    site: Site, arrived: list[Opening]
) -> None:
    assert looked(site)[TIMES].state is State.NOT_CHECKED  # the newest came just now
    assert run(["epoch", str(site.folder)]) == 0
    store = site.store_path
    end = Epoch.now().previous.end.timestamp()
    assert store.stat().st_mtime == end
    found = looked(site)
    assert found[TIMES] == Place(TIMES, State.CHECKED)
    assert all(place.state is not State.FOUND for place in found.values())
    for late in (1, 0.25, -3600, 86_400):
        os.utime(store, (end, end + late))
        assert looked(site)[TIMES].kinds == (Kind.FILE_TIME,)
    os.utime(store, (end, end))
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("UPDATE closing SET settled = ''")
        connection.commit()
    assert looked(site)[TIMES].state is State.NOT_CHECKED


def test_a_board_is_no_trace_of_anybody_and_a_column_beside_its_rows_is_found(site: Site) -> None:
    store = Store.open(site.store_path)
    store.board.deliver(cheap_rows(20))
    store.close()
    assert run(["epoch", str(site.folder)]) == 0
    assert all(place.state is not State.FOUND for place in looked(site).values())
    with closing(sqlite3.connect(site.store_path)) as connection:
        connection.execute("ALTER TABLE board ADD COLUMN delivered REAL")
        connection.execute("UPDATE board SET delivered = ?", (time.time(),))
        connection.commit()
    assert looked(site)["store.sqlite, its tables"].kinds == (Kind.COLUMN, Kind.TIME)


def test_what_came_after_the_close_is_not_said_to_be_checked(site: Site) -> None:
    assert "operator" in looked(site)[TIMES].why  # a new store, which no week has closed
    assert run(["epoch", str(site.folder)]) == 0
    store = Store.open(site.store_path)
    keep(store, Epoch.now())
    store.close()
    assert "newest submission" in looked(site)[TIMES].why


def test_years_of_weeks_and_large_numbers_are_no_times(site: Site) -> None:
    """A week can bring as many bytes as there are seconds since 1970."""
    with closing(sqlite3.connect(site.store_path)) as connection:
        connection.execute("UPDATE week SET bytes = ?", (int(time.time()),))
        connection.commit()
    found = looked(site)["store.sqlite, its tables"]
    assert found.state is State.CHECKED
    with closing(sqlite3.connect(site.store_path)) as connection:
        connection.execute("UPDATE week SET told = ?", (int(time.time()),))
        connection.commit()
    assert looked(site)["store.sqlite, its tables"].kinds == (Kind.TIME,)


def test_traces_of_last_month_are_found_without_planting_anything(site: Site) -> None:
    """An address in the log's folder, a time in a column, a table that the schema does not list."""
    (site.folder / "log").mkdir(exist_ok=True)
    (site.folder / "log" / "notes").write_text("x 198.51.100.23 x")
    with closing(sqlite3.connect(site.store_path)) as connection:
        connection.execute("CREATE TABLE visit (at REAL, who BLOB)")
        month = time.time() - 30 * 86_400
        connection.execute("INSERT INTO visit VALUES (?, ?)", (month, b"x" * 16))
        connection.commit()
    found = {name: place.kinds for name, place in looked(site).items() if place.kinds}
    assert found == {
        "the site's folder": (Kind.ANY_ADDRESS,),
        "store.sqlite, its tables": (Kind.COLUMN, Kind.TIME),
    }


def test_what_people_write_into_the_sites_settings_is_theirs(site: Site) -> None:
    """A witness's address and a date in site.toml are not traces of a visitor."""
    policy = site.log_policy_path
    policy.write_text(policy.read_text() + "# asked 2026-11-17 10:20 at http://198.51.100.23/\n")
    site.settings = replace(site.settings, organisation="since 2026-11-17 10:20")
    (site.folder / "site.toml").write_bytes(site.settings.to_bytes())
    assert not any(place.kinds for place in looked(site).values())


def test_a_word_that_the_files_pages_cut_in_two_is_found_in_the_table(tmp_path: Path) -> None:
    """A large value lies in several pages, so that its bytes are not one after the other."""
    planted = Planted.fresh()
    word = planted.latin.encode()
    search = Search(planted.needles(), time.time(), patterns=True)
    for start in range(4000, 8200, 10):
        path = tmp_path / str(start)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE one (value BLOB)")
            connection.execute(
                "INSERT INTO one VALUES (?)", (bytes(start) + word + bytes(9000 - start),)
            )
            connection.commit()
        if word not in path.read_bytes():
            break
    assert search.in_file(path) == set()
    assert Tables(path, planted, search, ours=False, at_rest=True).kinds() == {Kind.WORDS}
    other = Search(Planted.fresh().needles(), time.time(), patterns=True)
    assert Tables(path, planted, other, ours=False, at_rest=True).kinds() == set()


@pytest.mark.parametrize("form", ["<q", ">q", "<d", ">d", "<I", ">I"])
def test_the_plantings_moment_and_address_are_found_as_a_programs_own_bytes(
    tmp_path: Path, form: str
) -> None:
    planted = Planted.fresh()
    search = Search(planted.needles(), time.time(), patterns=True)
    now = time.time() if form[1] == "d" else int(time.time())
    values = {
        Kind.TIME: struct.pack(form, now),
        Kind.ADDRESS: ipaddress.ip_address(planted.source).packed,
    }
    for kind, value in values.items():
        path = tmp_path / kind.name
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE one (value)")
            connection.execute("INSERT INTO one VALUES (?)", (value,))
            connection.execute("INSERT INTO one VALUES (?)", (secrets.token_bytes(32),))
            connection.commit()
        assert Tables(path, planted, search, ours=False, at_rest=True).kinds() == {kind}
        nobody = Tables(path, None, search, ours=False, at_rest=True)
        assert nobody.kinds() == set()  # of random bytes too many would read so


def test_an_address_as_a_number_in_a_column_is_found(tmp_path: Path) -> None:
    planted = Planted.fresh()
    search = Search(planted.needles(), time.time(), patterns=True)
    number = int(ipaddress.ip_address(planted.source))
    for value, expected in ((number, {Kind.ADDRESS}), (number + 1, set())):
        path = tmp_path / str(value)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE one (value)")
            connection.executemany("INSERT INTO one VALUES (?)", [(5,), (value,), (7,)])
            connection.commit()
        assert Tables(path, planted, search, ours=False, at_rest=True).kinds() == expected
