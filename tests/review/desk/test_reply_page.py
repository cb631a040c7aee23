"""Messages at the desk: consent before the form, risks before the sending, and what was said before."""

from pathlib import Path

import pytest

from intake.author import Holder
from intake.container import Kind
from intake.outbox import SignedOutbox
from intake.reply import replies_on
from intake.review.standing import Standing, keep_standing
from intake.review.steps import Step
from tests.panel import Panel
from tests.review.desk.bench import Bench, answers
from tests.review.desk.conftest import Window
from tests.review.desk.stepping import values
from tests.review.test_replying import HOLDER
from tests.review.test_thread import item, name
from tests.review.two_people import Pair
from tests.review.workroom import Room

TEXT = "Мы получили то, что вы написали.\nСпасибо."


def bench_of(panel: Panel, folder: Path, **rows: bool) -> Bench:
    room = Room(panel, folder / "case", panel.identities[:1])
    story = item(room, HOLDER, Kind.TESTIMONY, **rows)
    room.take(story)
    with room.case(writing=True) as case:
        keep_standing(case, Standing(logged=frozenset({story[0].envelope})))
    return Bench(Pair(panel, folder / "case", folder), name(story))


def send(bench: Bench, window: Window, **given: str) -> tuple[int, str]:
    form: dict[str, object] = {"do": "done", "text": TEXT, "question": "", "path": "box", **given}
    return window.ask("POST", f"/item/{bench.item}/reply", form)[:2]


def sent(bench: Bench, holder: Holder = HOLDER) -> list[str]:
    path = bench.pair.folder / "box"
    if not path.exists():
        return []
    outbox = SignedOutbox.open(path.read_bytes(), bench.pair.panel.roster).outbox
    return [one.note.text for one in replies_on(outbox.rows, holder, bench.pair.panel.roster)]


def test_a_message_goes_into_the_outbox_once_and_stands_among_those_before(
    panel: Panel, tmp_path: Path
) -> None:
    bench = bench_of(panel, tmp_path, message=True, publish=False)
    with bench.window() as window:
        at = f"/item/{bench.item}/reply"
        assert "<textarea" not in window.get(at), "an item that was not opened is not answered"
        bench.open(window)
        page = window.get(at)
        assert "<textarea" in page
        assert "messages, yes" in page
        assert "publication, no" in page
        form: dict[str, object] = {"base": "0", "text": TEXT, "question": "", "path": "box"}
        assert window.ask("POST", f"{at}/draft", form)[0] == 204
        assert values(window.get(at))["text"] == TEXT
        assert send(bench, window, base="0")[0] == 303
        assert send(bench, window, base="0")[0] == 303, "pressed twice"
        assert sent(bench) == [TEXT]
        assert window.ask("POST", f"{at}/draft", form)[0] == 204
        page = window.get(at)
        assert values(page)["text"] == "", "a late draft is none"
        assert "Message 0 by r1" in page
        assert "Спасибо." in page
    bench.pair.sync(1)
    bench.pair.sync(2)
    with bench.window(2) as window:
        bench.open(window)
        page = window.get(at)
        assert "Спасибо." not in page, "what others wrote is hidden before one's own note"
        for step in (Step.TRIAGE, Step.READ):
            form = {"do": "done", "takes": "", **answers(step)}
            assert window.ask("POST", f"/item/{bench.item}/step/{step}", form)[0] == 303
        assert "Спасибо." in window.get(at)


def test_risks_are_said_before_anything_is_sent(panel: Panel, tmp_path: Path) -> None:
    bench = bench_of(panel, tmp_path, message=True)
    with bench.window() as window:
        bench.open(window)
        status, page = send(bench, window, text="call +7 928 123-45-67", question="<b>?")
        assert status == 422
        assert 'value="a telephone number"' in page
        assert values(page)["text"] == "call +7 928 123-45-67"
        assert 'value="&lt;b&gt;?"' in page
        assert send(bench, window, text="see x.org", noted="a telephone number")[0] == 422
        assert sent(bench) == []
        given = {"text": "call +7 928 123-45-67", "noted": "a telephone number"}
        assert send(bench, window, **given)[0] == 303
        assert sent(bench) == ["call +7 928 123-45-67"]


@pytest.mark.parametrize(
    "given", [{"text": " "}, {"path": " "}, {"text": "я" * 5000}, {"path": "no/box"}]
)
def test_what_cannot_be_sent_stays_in_the_form(
    panel: Panel, tmp_path: Path, given: dict[str, str]
) -> None:
    bench = bench_of(panel, tmp_path, message=True)
    with bench.window() as window:
        bench.open(window)
        status, page = send(bench, window, **given)
        assert status == 409
        assert values(page)["text"] == given.get("text", TEXT)
    assert sent(bench) == []


def test_who_said_no_is_not_written_to_and_the_page_says_so_first(
    panel: Panel, tmp_path: Path
) -> None:
    bench = bench_of(panel, tmp_path, message=False)
    with bench.window() as window:
        bench.open(window)
        page = window.get(f"/item/{bench.item}/reply")
        assert "No message may be sent" in page
        assert "<textarea" not in page
        assert send(bench, window)[0] == 409
    assert sent(bench) == []


def test_an_outbox_does_not_belong_into_the_case(panel: Panel, tmp_path: Path) -> None:
    bench = bench_of(panel, tmp_path, message=True)
    with bench.window() as window:
        bench.open(window)
        assert send(bench, window, path=str(bench.pair.first / "box"))[0] == 409
    assert not (bench.pair.first / "box").exists()
