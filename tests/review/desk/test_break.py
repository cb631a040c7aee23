"""The count of reading time at the desk, and the break that is proposed and never forced."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.review.reading_time import ReadingTime
from tests.panel import Panel
from tests.review.desk.bench import Bench
from tests.review.desk.conftest import Window
from tests.review.test_reading_time import MORNING, Watch


@pytest.fixture(scope="module")
def bench(panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.made(panel, tmp_path_factory.mktemp("break"))


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def window(bench: Bench, watch: Watch) -> Iterator[Window]:
    for path in bench.pair.first.glob("reading-*"):
        path.unlink()
    with bench.window() as window:
        assert window.desk.sitting is not None
        window.desk.sitting.time = ReadingTime(window.desk.sitting.case, watch)
        yield window


def read_until(bench: Bench, window: Window, watch: Watch, minute: int) -> int:
    """Turn a page every five minutes from the last one on; gives the last status."""
    status = 0
    while watch.now < MORNING + dt.timedelta(minutes=minute):
        watch.now += dt.timedelta(minutes=5)
        status = window.ask("GET", f"/item/{bench.item}?shown=1")[0]
    return status


def test_only_texts_count(bench: Bench, window: Window, watch: Watch) -> None:
    for path in ("/", "/out", "/sync"):
        assert "Read today: 0 h 0 min" in window.get(path)
    window.get(f"/item/{bench.item}")
    watch.now += dt.timedelta(minutes=1)
    assert window.ask("POST", "/here", {}, Referer="http://127.9.8.7:6543/")[0] == 204
    assert "0 h 1 min" in window.get("/")
    item = f"http://127.9.8.7:6543/item/{bench.item}?shown=1"
    assert window.ask("POST", "/here", {}, Referer=item)[0] == 204
    assert "0 h 2 min" in window.get("/")


def test_it_outlives_the_lock(bench: Bench, window: Window) -> None:
    window.get(f"/item/{bench.item}")
    assert window.desk.sitting is not None
    case = window.desk.sitting.case
    assert ReadingTime(case, Watch()).today.read == 1


def test_a_break_is_proposed_at_four_hours_and_whoever_goes_on_may(
    bench: Bench, window: Window, watch: Watch
) -> None:
    at = f"/item/{bench.item}"
    window.get(at)
    assert read_until(bench, window, watch, 235) == 200
    watch.now += dt.timedelta(minutes=4)
    status, _, headers = window.ask("GET", f"{at}?shown=1")
    assert (status, headers["Location"]) == (303, f"/break?to={at}")
    page = window.get(f"/break?to={at}")
    assert "4 h 0 min today" in page
    assert window.post(f"{at}/draft/triage", **{"a.remark": "x"}) == 204, "nothing typed is lost"
    assert window.get("/")
    assert window.ask("POST", "/break", {"to": at})[2]["Location"] == at
    assert window.get(at)
    assert read_until(bench, window, watch, 290) == 200
    assert read_until(bench, window, watch, 299) == 303


@pytest.mark.parametrize("to", ["//x.example/", "http://x.example", "/lock", "x"])
def test_the_way_back_is_to_a_text_or_the_list(window: Window, to: str) -> None:
    assert 'name="to" value="/"' in window.get(f"/break?to={to}")
    assert window.ask("POST", "/break", {"to": to})[2]["Location"] == "/"


def test_a_locked_desk_counts_nothing(bench: Bench, window: Window) -> None:
    window.desk.lock()
    assert window.ask("GET", f"/item/{bench.item}")[0] == 423
    assert not list(Path(bench.pair.first).glob("reading-*"))
