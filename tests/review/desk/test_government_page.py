"""At the desk: the answer about a government is read, then recorded by each of two, and stands for one body."""

from pathlib import Path

from intake.reply import ReplyNote
from intake.review import gates
from intake.review.redacting import Redaction
from intake.review.standing import Standing, keep_standing
from intake.review.steps import Step
from intake.seal import reply_of
from tests.panel import DEPLOYMENT, Panel
from tests.review.desk.bench import Bench
from tests.review.desk.conftest import Window
from tests.review.test_government import HOLDER, QUESTION, answer, story
from tests.review.test_thread import name
from tests.review.two_people import Pair
from tests.review.workroom import NOW, Room


def redacted(bench: Bench, window: Window) -> None:
    """Out of the box the second reading is of the redaction too."""
    assert window.desk.sitting is not None
    case = window.desk.sitting.case
    envelope = case.entry(bench.item).opening.envelope
    gates.redact(case, bench.item, Redaction(envelope, 1, (), (), case.by))


def record(bench: Bench, window: Window, yes: str, body: str = "wgad") -> tuple[int, str]:
    at = f"/item/{bench.item}/government"
    status, page, _ = window.ask("POST", at, {"answer": yes, "body": body})
    return status, page


def read(bench: Bench, window: Window, *steps: Step) -> None:
    """Open it and write down what one thinks, so that what others wrote may be seen."""
    bench.open(window)
    for step in steps:
        assert bench.do(window, step) == 303


def test_two_who_open_the_answer_record_it_and_nobody_else(panel: Panel, tmp_path: Path) -> None:
    note = ReplyNote.to_address(reply_of(HOLDER), DEPLOYMENT, NOW, "Мы прочитали.", QUESTION)
    told, said = story(panel), answer(panel, note.digest)
    room = Room(panel, tmp_path / "case", panel.identities[:1])
    room.take(told, said)
    with room.case(writing=True) as case:
        logged = frozenset({told[0].envelope, said[0].envelope})
        keep_standing(case, Standing(logged=logged))
    bench, yes = Bench(Pair(panel, tmp_path / "case", tmp_path), name(told)), name(said)
    at = f"/item/{bench.item}/government"
    with bench.window() as window:
        assert window.ask("GET", at)[0] == 409, "it is not open"
        bench.open(window)
        assert window.ask("GET", at)[0] == 409, "it was not read"
        read(bench, window, Step.TRIAGE, Step.READ)
        redacted(bench, window)
        assert "No question that was asked from here" in window.get(at)
        form: dict[str, object] = {"do": "done", "text": "Мы прочитали.", "path": "box"}
        form["question"] = QUESTION
        assert window.ask("POST", f"/item/{bench.item}/reply", form)[0] == 303
        assert at in window.get(f"/item/{bench.item}/reply")
        page = window.get(at)
        assert QUESTION in page
        assert "Read the answer itself" in page
        assert "<select" not in page
        assert record(bench, window, yes)[0] == 409, "the answer is not open"
        bench.open(window, yes)
        for body in ("", "report"):
            status, page = record(bench, window, yes, body)
            assert (status, "no body was chosen" in page) == (409, True)
        assert record(bench, window, bench.item)[0] == 409
        assert record(bench, window, yes)[0] == 303
        page = window.get(at)
        assert "r1 recorded:" in page
        assert "yes, without the name" not in page
        status, page = record(bench, window, yes)
        assert (status, "r1 recorded this already" in page) == (409, True)
    bench.pair.sync(1)
    bench.pair.sync(2)
    with bench.window(2) as window:
        bench.open(window)
        assert window.ask("GET", at)[0] == 409, "what others wrote is hidden before one's own note"
        read(bench, window, Step.SECOND)
        bench.open(window, yes)
        assert record(bench, window, yes)[0] == 303
        page = window.get(at)
        assert page.count("yes, without the name") == 1
        assert "r2 recorded:" in page
        window.post("/language", tag="ru", back="/")
        page = window.get(at)
        assert "Можно ли сообщить правительству" in page
        assert "двое проверяющих ещё не записали" in page, "of the three other bodies"
