"""A site that ended takes nothing, says so, and its log stands for good."""

import datetime as dt
from pathlib import Path

import pytest

from intake.author import Author
from intake.cli import run
from intake.epoch import Epoch
from intake.errors import EndedError
from intake.log.site_log import SiteLog
from intake.store import Store
from intake.web import restore_cli, retire_cli
from intake.web.site import Site
from tests.keeping.places import Kept
from tests.web.follow import Visitor, over_http
from tests.web.serving import serving
from tests.web.test_release import NOW, TODAY

ENDED = "Этот сервис закрыт навсегда. Ничего не отправлено и не сохранено"


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept.make(tmp_path)


def retire(kept: Kept, *words: str, weeks: int = 1) -> int:
    """In the week after: this one was closed early, so a release waits for the next one's close."""
    day = TODAY + dt.timedelta(weeks=weeks)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retire_cli, "today_in_utc", lambda: day)
        return run(["retire", str(kept.site), *words])


def test_what_waits_for_a_later_week_is_not_cut_off(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.release(kept.place.logged)
    assert retire(kept, "--yes", weeks=0) == 1
    assert f"waits for the close of {NOW.next}" in capsys.readouterr().err
    assert retire(kept, "--yes") == 0


def test_it_is_not_ended_by_chance_nor_while_something_is_kept(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    before = kept.state()
    assert retire(kept) == 2
    assert "never goes on" in capsys.readouterr().err
    assert retire(kept, "--yes") == 1
    assert "3 submissions are still kept" in capsys.readouterr().err
    assert kept.state() == before


def test_the_last_entry_says_so_and_nothing_comes_after(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.release(kept.place.logged)
    assert retire(kept, "--yes") == 0
    assert "gets no more" in capsys.readouterr().out
    ended = kept.state()
    assert ended[2] == []  # the release is logged, too
    assert ended[3][-1] == b"Pretired %s|" % str(NOW.next).encode()
    assert retire(kept, "--yes") == 0
    assert run(["epoch", str(kept.site), "--now"]) == 0
    settings = kept.site / "site.toml"
    settings.write_text(settings.read_text().replace('language = "ru"', 'language = "en"'))
    assert run(["epoch", str(kept.site)]) == 0
    assert kept.cosign() == 0
    assert kept.state() == ended
    with pytest.raises(EndedError):
        kept.place.send(Author.fresh(NOW))


def test_years_later_no_week_of_it_is_closed(kept: Kept) -> None:
    kept.release(kept.place.logged)
    assert retire(kept, "--yes") == 0
    site = Site.open(kept.site)
    store = Store.open(site.store_path)
    log = SiteLog(store.leaves, site.log_folder, site.log_signer)
    with site.log_folder.locked():
        assert log.close_due(Epoch(NOW.year + 3, 1)) == ()
    store.close()


def test_while_a_server_runs_it_is_not_ended_and_then_its_pages_say_so(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.release(kept.place.logged)
    with serving(kept.site) as (_, _server):
        assert retire(kept, "--yes") == 1
    assert "a server runs on this site" in capsys.readouterr().err
    assert retire(kept, "--yes") == 0
    assert kept.cosign() == 0
    with serving(kept.site) as (port, _server):
        visitor = Visitor(over_http(port))
        page = visitor.get("/1")
        assert (page.status, page.forms) == (503, [])
        assert ENDED in page.words
        assert visitor.get("/log/checkpoint").status == 200
        assert visitor.get("/board/index").status == 200


def test_a_site_that_ended_can_be_restored_and_stays_ended(kept: Kept) -> None:
    kept.release(kept.place.logged)
    assert retire(kept, "--yes") == 0
    assert kept.cosign() == 0
    base = kept.backup()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restore_cli, "today_in_utc", lambda: TODAY + dt.timedelta(weeks=1))
        assert kept.restore(base) == 0
    assert kept.state("restored") == kept.state()
