"""A minute of people who write, by both paths, beside others who send a byte a second: everybody is
served, and the server's memory stays flat.

Beside it runs a twin that keeps something of each request, for as long: of that one it must be seen.
`make long` has half an hour of it, at half of what two cores take.
"""

import math
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.load.sealing import Post
from benchmarks.load.slow import Told, slow_visitors
from benchmarks.load.soaking import Soak, soak
from benchmarks.serving import OURS, WORKERS, Server, site_for_many
from intake.store import Store
from intake.web.long_requests import LARGE
from intake.web.site import Site
from tests.web.serving import serving

SECONDS = 60
RATES = {"script": 2.0, "noscript": 0.3}  # a second: a fiftieth of two cores
SLOW = 60  # connections; a third of them would read large letters, which is more than may at a time
MINUTE = 60
HALF_AN_HOUR = 1800
HALF_LOAD = {"script": 30.0, "noscript": 20.0}  # a second: half of two cores
LEAK = """
from intake.web import headers
kept, apply = [], headers.Headers.apply
def keeping(self, response):
    kept.append(b"x" * 65536)
    return apply(self, response)
headers.Headers.apply = keeping
"""


@dataclass(frozen=True)
class Soaked:
    """A site that was soaked, and what came of it."""

    site: Site
    soak: Soak
    slow: Told


def soaked(
    folder: Path, change: str = "", rates: dict[str, float] = RATES, seconds: float = SECONDS
) -> Soaked:
    """A site of its own, with a server of its own."""
    site, panel = site_for_many(folder)
    with serving(site.folder, OURS, change, anew=True) as (port, process):
        server = Server(port, process.pid)
        with slow_visitors(server.address, SLOW, seconds + 600) as slow:
            found = soak(server, Post(folder, panel.roster), rates, seconds)
    return Soaked(site, found, slow)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Soaked]]:
    """The server as it is and the twin, side by side: it takes one minute, nearly all of it waiting."""
    folder = tmp_path_factory.mktemp("soak")
    with ThreadPoolExecutor() as pool:
        whole = pool.submit(soaked, folder / "whole")
        twin = pool.submit(soaked, folder / "twin", LEAK, {"script": RATES["script"]})
        yield {"as it is": whole.result(), "leaking": twin.result()}


def test_a_minute_of_both_paths_is_served_whole_with_flat_memory(both: dict[str, Soaked]) -> None:
    both["as it is"].soak.check()


def test_everybody_was_served_and_is_kept(both: dict[str, Soaked]) -> None:
    check_kept(both["as it is"], RATES)


def test_nobody_was_let_go_for_being_slow_but_from_a_place_that_others_wait_for(
    both: dict[str, Soaked],
) -> None:
    """They were there all the time: each sent a byte a second, or as many as a busy machine let it.

    A third of them wants one of few places for long requests, and holds it for a minute at the most.
    """
    slow = both["as it is"].slow
    assert slow.seconds >= SECONDS
    assert slow.closed == slow.closed_long <= WORKERS * LARGE * math.ceil(slow.seconds / MINUTE)
    assert slow.opened == SLOW + slow.closed
    assert slow.sent > SLOW * 10


def test_the_twin_that_keeps_something_of_each_request_is_seen(both: dict[str, Soaked]) -> None:
    with pytest.raises(RuntimeError, match="memory grew by"):
        both["leaking"].soak.check()


@pytest.mark.long
def test_half_an_hour_at_half_load_is_served_whole_with_flat_memory() -> None:
    """It takes 11 GB of disk while it runs, and they do not stay."""
    with tempfile.TemporaryDirectory() as folder:
        found = soaked(Path(folder), rates=HALF_LOAD, seconds=HALF_AN_HOUR)
        check_kept(found, HALF_LOAD)
        found.soak.check()


def check_kept(found: Soaked, rates: dict[str, float]) -> None:
    """Fail unless all who arrived were answered, by each path, and the store has what they sent."""
    report = found.soak.report
    assert not report.errors
    assert set(report.waited) == set(rates)
    assert report.sent == report.asked > SECONDS
    store = Store.open(found.site.store_path)
    assert store.count() == found.soak.sent
    store.close()
