"""What all need is worked out once, before anybody comes; nothing is kept of it."""

from pathlib import Path

from intake.store import Store
from tests.web.follow import Visitor, over_http
from tests.web.memory import readers_of
from tests.web.serving import serving, site_in, until
from tests.web.test_form_pages import check_of
from tests.web.test_readers import worker_of

# Notes each time that a roster's signatures are verified, or the list of a code's words is made.
NOTING = """
from functools import cache
from intake import codename
def noting(name, real):
    def noted(*words):
        with open(f"{sys.argv[1]}.{name}", "a") as file:
            file.write("x")
        return real(*words)
    return noted
Site._verify = noting("rosters", Site._verify)
codename._numbers = cache(noting("lists", codename._numbers.__wrapped__))
"""
WITHOUT = "server.rehearse = lambda *_: None\n"


def noted(folder: Path, name: str) -> int:
    path = folder.with_name(f"{folder.name}.{name}")
    return len(path.read_text()) if path.exists() else 0


def write_three(port: int, pid: int) -> None:
    """Each read by a reader of its own."""
    for _ in range(3):
        assert check_of(Visitor(over_http(port)), narrative="text").status == 200
        until(lambda: readers_of(pid) == [])


def lists_made(folder: Path, change: str) -> tuple[int, int]:
    """How often the list was made before the first visitor, and when three had written."""
    site, _ = site_in(folder)
    with serving(site.folder, change=f"{change}{NOTING}") as (port, server):
        worker_of(server.pid)
        first = noted(folder, "lists")
        write_three(port, server.pid)
        store = Store.open(site.store_path)
        assert store.count() == 0
        store.close()
    return first, noted(folder, "lists")


def test_no_reader_begins_with_what_all_need(tmp_path: Path) -> None:
    assert lists_made(tmp_path / "site", "") == (1, 1)


def test_the_twin_that_rehearses_nothing_is_caught(tmp_path: Path) -> None:
    first, then = lists_made(tmp_path / "site", WITHOUT)
    assert first == 0
    assert then >= 3


def test_a_roster_that_is_published_while_it_runs_is_verified_for_all_readers_at_once(
    tmp_path: Path,
) -> None:
    site, _ = site_in(tmp_path / "site")
    with serving(site.folder, change=NOTING) as (port, server):
        worker_of(server.pid)
        write_three(port, server.pid)
        before = noted(site.folder, "rosters")
        note = site.folder / "keys" / "roster.note"
        note.write_bytes(note.read_bytes())  # the same one, as new
        write_three(port, server.pid)
        # By who forks, for all readers; and by the worker, if the form was asked for.
        assert before == 1
        assert 1 <= noted(site.folder, "rosters") - before <= 2
