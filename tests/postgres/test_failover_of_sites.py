"""What can be relied on when the server dies under people who send: two hosts go on by themselves."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.load.sealing import Post
from tests.postgres.auditing import check_all, name_store
from tests.postgres.managed import managed
from tests.postgres.network import Machine, machines
from tests.postgres.pairs import Replicated, pair_on
from tests.postgres.sites import Senders, on, served, two_sites


@pytest.mark.parametrize("count", [300, pytest.param(10_500, marks=pytest.mark.long)])
def test_what_people_were_promised_outlives_the_server_that_took_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int
) -> None:
    """Four machines on one wire; the server's dies in the middle, its copy is let take over."""
    with (
        machines(("db1", "db2", "a", "b")) as (one, other, *hosts),
        pair_on(one, other, tmp_path) as servers,
    ):
        check_outlived(servers, hosts, count, servers.take_over, tmp_path, capsys)


@pytest.mark.long
def test_patroni_has_a_copy_take_over_and_nobody_else_does_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three machines with all that decides, two that serve: of the three one dies, with all it has."""
    with (
        machines(("db1", "db2", "db3", "a", "b")) as (*where, one, other),
        managed(where, tmp_path) as servers,
    ):
        check_outlived(servers, (one, other), 10_500, servers.lose_first, tmp_path, capsys)
        writes = "SELECT NOT pg_is_in_recovery()"
        assert sorted(one.ask("postgres", writes) for one in servers.servers[1:]) == [
            [(False,)],
            [(True,)],
        ]


def check_outlived(
    servers: Replicated,
    hosts: Sequence[Machine],
    count: int,
    strike: Callable[[], None],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two sites take so many letters; at half of them something strikes; all hold what they said."""
    sites, panel = two_sites(folder, servers.place, servers.place_on_network)
    letters = Post(folder, panel.roster).texts(count)
    with served(sites, hosts) as addresses:
        senders = Senders(addresses)
        sending = threading.Thread(target=senders.send, args=(letters,))
        sending.start()
        while len(senders.acknowledged) < count // 2 and sending.is_alive():
            time.sleep(0.01)
        strike()
        struck_at = len(senders.acknowledged)
        sending.join()
    letters.path.unlink()
    assert struck_at < count == len(senders.acknowledged)
    assert senders.refused  # it did die under load
    for site, host, words in zip(sites, hosts, (["--now"], []), strict=True):
        on(host, "epoch", site.folder, *words)
        on(host, "cosign", site.folder)
    sites = [name_store(site, servers.place) for site in sites]
    check_all(sites, senders.acknowledged, folder, capsys)
