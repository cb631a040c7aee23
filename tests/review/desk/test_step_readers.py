"""Who has read an item for what: taken over knowingly, blind to others, and in the ledger before it is shown."""

from intake.review import gates
from intake.review.acting import ledger_item, ledger_path, machine_of
from intake.review.panel import Panel as Settings
from intake.review.progress import Progress
from intake.review.steps import Step
from tests.review.desk.bench import Bench
from tests.review.desk.stepping import bench, first, through
from tests.review.test_gates import coded

__all__ = ["bench", "first"]


def test_whoever_reads_an_item_that_has_a_first_reader_takes_it_over_knowingly(
    bench: Bench,
) -> None:
    with bench.window() as window:
        through(bench, window, Step.TRIAGE, Step.READ)
    bench.pair.sync(1)
    bench.pair.sync(2)
    with bench.window(2) as window:
        bench.open(window)
        assert bench.do(window, Step.READ) == 422
        form: dict[str, object] = {"do": "done", "a.note": "mine", "takes": "r1"}
        assert window.ask("POST", bench.at(Step.READ), form)[0] == 303
    with bench.case(2) as case:
        assert Progress.of(case, bench.item).first == "r2"


def test_nobody_is_shown_anothers_notes_before_their_own(bench: Bench) -> None:
    with bench.window() as window:
        through(bench, window, Step.TRIAGE)
        assert bench.do(window, Step.READ, note="eyewitness-one") == 303
        assert bench.do(window, Step.CONSISTENCY, basis="basis-one") == 303
    with bench.case() as case:
        # What the panel needs before a second reading is another page's.

        coded(case, bench.item)
    bench.pair.sync(1)
    bench.pair.sync(2)
    with bench.window(2) as window:
        assert window.post(f"/item/{bench.item}/open") == 303
        window.get(f"/item/{bench.item}?shown=1")
        for step in (Step.READ, Step.SECOND):
            page = window.get(bench.at(step))
            assert "eyewitness-one" not in page, step
            assert "basis-one" not in page
        window.get(f"/item/{bench.item}?shown=99")
        assert "eyewitness-one" not in window.get(bench.at(Step.READ))
        page = window.get(bench.at(Step.SECOND))
        assert "eyewitness-one" in page
        assert "basis-one" in page
        assert bench.do(window, Step.SECOND) == 303
        assert "eyewitness-one" in window.get(bench.at(Step.READ))


def purposes(bench: Bench, number: int = 1) -> list[str]:
    """What for the ledger of a reviewer's machine says that the item was opened, in order."""
    folder = bench.pair.first if number == 1 else bench.pair.second
    with bench.case(number) as case:
        path = ledger_path(folder, machine_of(case.folder))
        name = ledger_item(case, bench.item)
    rows = path.read_text("utf-8").splitlines()
    wanted = f" r{number} open item={name} purpose="
    return [row.partition("purpose=")[2] for row in rows if wanted in row]


def test_each_purpose_stands_in_the_ledger_when_it_changes(bench: Bench) -> None:
    with bench.case() as case:
        gates.config(case, Settings.parse('steps = ["triage", "code", "corroborate"]\n'))
    with bench.window() as window:
        bench.open(window)
        window.get(f"/item/{bench.item}?shown=99")
        assert bench.do(window, Step.TRIAGE) == 303
    assert purposes(bench) == ["triage"]
    with bench.window() as window:
        bench.open(window)
        window.get(bench.at(Step.READ))
        for _ in range(2):
            window.get(f"/item/{bench.item}?shown=99")
        window.get(f"{bench.at(Step.READ)}?text=1")
        assert bench.do(window, Step.READ) == 303
        window.get(f"/item/{bench.item}?shown=99")
        for page in ("redact", "code", "redact"):
            window.get(f"/item/{bench.item}/{page}")
    assert purposes(bench) == ["triage", "first-reading", "redaction"]


def test_a_reading_that_follows_the_triage_in_one_sitting_is_in_the_ledger(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        assert bench.do(window, Step.TRIAGE) == 303
        window.get(f"/item/{bench.item}")
        assert purposes_now(bench) == 1, "nothing was shown since"
        page = window.get(f"/item/{bench.item}?shown=1")
        assert "Мусхабов" in page
        assert purposes_now(bench) == 2
    assert purposes(bench) == ["triage", "first-reading"]


def purposes_now(bench: Bench) -> int:
    """How often the ledgers say so while the desk is open."""
    return sum(
        path.read_bytes().count(b" open item=") for path in bench.pair.first.glob("ledgers/*")
    )


def test_nothing_is_shown_where_its_new_purpose_cannot_be_written_down(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        assert bench.do(window, Step.TRIAGE) == 303
        for path in bench.pair.first.glob("ledgers/*.ledger"):
            path.write_bytes(path.read_bytes().replace(b" triage ", b" damage "))
        status, page, _ = window.ask("GET", f"/item/{bench.item}?shown=1")
        assert status == 409
        assert "Мусхабов" not in page
