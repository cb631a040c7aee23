"""What ends or leaves on one host ends on every other one that serves the same store."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.load.sealing import Post
from intake.age import HybridIdentity
from intake.cli import run
from intake.store import Store
from intake.web.site import Site
from tests.panel import Panel
from tests.postgres.clusters import Cluster
from tests.postgres.sites import Senders, two_sites
from tests.web.follow import Visitor, over_http
from tests.web.serving import serving
from tests.web.test_form_pages import check_of

ENDED = "Этот сервис закрыт навсегда. Ничего не отправлено и не сохранено"


@pytest.fixture
def both(tmp_path: Path, cluster: Cluster) -> Iterator[tuple[list[Site], Panel]]:
    with cluster.new_database() as place:
        yield two_sites(tmp_path, place)


def test_a_site_that_one_host_ends_takes_nothing_at_another_and_says_so(
    both: tuple[list[Site], Panel],
) -> None:
    (one, other), _panel = both
    with serving(other.folder) as (port, _):
        visitor = Visitor(over_http(port))
        check = check_of(visitor)
        assert run(["retire", str(one.folder), "--yes"]) == 0
        assert ENDED in visitor.press(check, "Отправить").words
        assert Visitor(over_http(port)).get("/1").status == 503
        store = Store.open(one.store_place)
        assert store.count() == 0
        store.close()
    assert run(["epoch", str(other.folder)]) == 0  # and its own copy of the log has the end
    published = other.log_folder.staged()
    assert published is not None
    last = list(other.log_folder.reader(published).entries())[-1]
    assert last.startswith(b"Pretired ")


def test_what_another_host_acknowledged_is_in_the_last_backup_and_nothing_comes_after(
    both: tuple[list[Site], Panel], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (one, other), panel = both
    to = str(HybridIdentity.generate().recipient)
    letters = Post(tmp_path, panel.roster).texts(400)
    with serving(other.folder) as (port, _):
        senders = Senders([f"127.0.0.1:{port}"], patient=False)
        sending = threading.Thread(target=senders.send, args=(letters, 4))
        sending.start()
        while len(senders.acknowledged) < 20:
            time.sleep(0.01)
        words = ["backup", str(one.folder), str(tmp_path / "last.age"), "--to", to, "--hand-over"]
        assert run(words) == 0, capsys.readouterr()
        sending.join()
    said = capsys.readouterr().out
    assert f"; {len(senders.acknowledged)} submissions that are in no base before" in said
    assert senders.refused == {"answer 503": 4}
    for words in (["epoch", str(other.folder), "--now"], ["serve", str(other.folder)]):
        assert run(words) == 1
        assert "went to another machine" in capsys.readouterr().err
    assert run(["resume", str(one.folder), "--yes"]) == 0
    assert run(["epoch", str(other.folder), "--now"]) == 0
