"""Two processes on one store lose nothing of each other's, and only one writes the log."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from intake.author import Author
from intake.container import Mode
from intake.seal import seal
from intake.web.site import Site
from tests.faults.forking import forking
from tests.faults.operations import TODAY
from tests.faults.test_killed import make_open, openings_of
from tests.web.serving import serving
from tests.web.test_release import NOW, TESTIMONY


def test_two_take_while_a_third_closes_and_all_that_was_answered_is_kept(tmp_path: Path) -> None:
    make_open(tmp_path)
    site = Site.open(tmp_path / "site")
    roster = site.current().roster
    for number in range(12):
        letter = seal(TESTIMONY, roster, mode=Mode.TOOL, today=TODAY, author=Author.fresh(NOW))
        (tmp_path / f"new{number}").write_bytes(letter.to_bytes())
    before = openings_of(site.folder)
    with (
        forking(tmp_path / "one") as one,
        forking(tmp_path / "two") as two,
        forking(tmp_path / "three") as three,
        ThreadPoolExecutor(3) as pool,
    ):
        evens = pool.submit(
            lambda: [one.do("submit", site.folder, f"new{n}").done for n in range(0, 12, 2)]
        )
        odds = pool.submit(
            lambda: [two.do("submit", site.folder, f"new{n}").done for n in range(1, 12, 2)]
        )
        closes = pool.submit(lambda: [three.do("close", site.folder).done for _ in range(2)])
        assert all([*evens.result(), *odds.result(), *closes.result()])
        assert len(openings_of(site.folder)) == len(before) + 12
        assert three.do("check", site.folder).done, three.said.read_text()


def test_two_who_close_at_once_make_one_log(tmp_path: Path) -> None:
    make_open(tmp_path)
    site = tmp_path / "site"
    with (
        forking(tmp_path / "one") as one,
        forking(tmp_path / "two") as two,
        ThreadPoolExecutor(2) as pool,
    ):
        ended = list(pool.map(lambda forks: forks.do("close", site), (one, two)))
        assert any(one.done for one in ended)
        for forks, outcome in zip((one, two), ended, strict=True):
            assert outcome.done or "the log is being written already" in forks.said.read_text()
        assert one.do("check", site).done, one.said.read_text()


def test_a_second_server_on_one_site_is_refused(tmp_path: Path) -> None:
    make_open(tmp_path)
    log = tmp_path / "log"
    with serving(tmp_path / "site") as (_, _server):
        with pytest.raises(pytest.fail.Exception), serving(tmp_path / "site", log=log):
            pass
        assert "another server runs on this site" in log.read_text()


def test_a_server_of_another_site_on_the_same_store_is_refused(tmp_path: Path) -> None:
    make_open(tmp_path)
    log = tmp_path / "log"
    shutil.copytree(tmp_path / "site", tmp_path / "other")
    (tmp_path / "other" / "store.sqlite").unlink()
    (tmp_path / "other" / "store.sqlite").symlink_to(tmp_path / "site" / "store.sqlite")
    with serving(tmp_path / "site"):
        with pytest.raises(pytest.fail.Exception), serving(tmp_path / "other", log=log):
            pass
        assert "another server runs on this site" in log.read_text()
