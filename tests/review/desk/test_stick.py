"""The stick at the desk: lines as they come, alarms first, and a list that shows what is new."""

from pathlib import Path

import pytest

from intake.review.case import Case
from intake.review.desk.merging import Merging
from intake.review.steps import Step
from intake.review.sync_ledgers import Merged
from intake.review.syncing import join
from tests.panel import Panel
from tests.review.desk.bench import Bench
from tests.review.desk.conftest import Window


@pytest.fixture
def bench(panel: Panel, tmp_path: Path) -> Bench:
    return Bench.made(panel, tmp_path)


def put_in(bench: Bench, window: Window) -> str:
    """Put the stick in and go on to the end; gives the last page."""
    assert window.ask("POST", "/sync", {"path": str(bench.pair.stick)})[0] == 303
    for _ in range(100):
        page = window.get("/sync")
        if "data-goes-on" not in page:
            return page
        assert window.post("/sync/on") == 303
    raise AssertionError


def test_what_comes_by_the_stick_is_on_the_list_and_what_was_done_goes_back(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        assert bench.do(window, Step.TRIAGE, triage="t.3") == 303
        assert "The stick may be pulled out" in put_in(bench, window)
    pair = bench.pair
    join(pair.second, pair.stick, pair.panel.roster.roots, pair.panel.identities[1:2], "")
    with bench.window(2) as window:
        assert bench.item not in window.get("/")
        page = put_in(bench, window)
        assert f"item {bench.item}: new here" in page
        window.read_all()
        page = window.get("/")
        assert bench.item in page
        assert "Names an official" in page
        bench.open(window)
        assert bench.do(window, Step.READ) == 303
        put_in(bench, window)
    with bench.window() as window:
        put_in(bench, window)
        window.read_all()
        assert "done by r2" in window.get(f"/item/{bench.item}")


def test_a_stick_of_somebody_else_stops_it_and_a_damaged_item_is_an_alarm(bench: Bench) -> None:
    bench.pair.sync(1)
    bench.pair.sync(2)
    bench.pair.sync(1)
    for path in bench.pair.stick.glob("intake-sync/*/items/*/entry.age"):
        path.write_bytes(b"x")
    with bench.window() as window:
        page = put_in(bench, window)
        assert "Not taken: 1" in page
        assert page.index("Not taken") < page.index("put on the stick")
    for path in bench.pair.stick.glob("intake-sync/*/list.note"):
        path.write_bytes(path.read_bytes().replace(b"files 1", b"files 2"))
    with bench.window() as window:
        page = put_in(bench, window)
        assert "It stopped" in page
        assert "may be pulled out" not in page


@pytest.mark.parametrize("path", ["", " ", "stick", "/no/such/folder"])
def test_only_a_folder_is_a_stick_and_the_path_stays_in_the_form(bench: Bench, path: str) -> None:
    with bench.window() as window:
        status, page, _ = window.ask("POST", "/sync", {"path": path})
        assert status == 409
        assert f'value="{path}"' in page
        for inside in (bench.pair.first, bench.pair.first.parent):
            assert window.ask("POST", "/sync", {"path": str(inside)})[0] == 409


def test_while_it_goes_on_nothing_else_is_done_but_drafts_and_the_lock(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        sitting = window.desk.sitting
        assert sitting is not None
        sitting.merging = Merging(iter([Merged("one"), Merged("two")]))
        assert bench.do(window, Step.TRIAGE) == 409
        assert window.post(f"/item/{bench.item}/draft/triage", **{"a.remark": "x"}) == 204
        assert window.post("/sync/on") == 303
        assert "two" in window.get("/sync")
        window.read_all()
        assert bench.do(window, Step.TRIAGE) == 303
        sitting.merging = Merging(iter([Merged("one")]))
        assert window.post("/lock") == 303
    with Case.opened(bench.pair.first, bench.pair.panel.identities[:1], writing=True):
        """The lock let go of the case, in the middle of a merge."""
