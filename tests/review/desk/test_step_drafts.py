"""Drafts under the forms of steps: sealed, there after a crash, on no stick, and never in the way."""

from intake.review.desk import step_drafts as drafts
from intake.review.destroying import destroy
from intake.review.progress import answers_of
from intake.review.record import Verdict
from intake.review.steps import Step
from intake.review.syncing import sync
from tests.review.desk.bench import Bench, answers
from tests.review.desk.stepping import TYPED, bench, draft_files, first, values

__all__ = ["bench", "first"]


def test_a_draft_is_there_after_a_crash_sealed_and_on_no_stick(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        at = f"/item/{bench.item}/draft/triage"
        assert window.post(at, **{"a.remark": TYPED, "a.triage": "t.3", "csrf": "x"}) == 204
        assert draft_files(bench) == ["draft-triage-r1.age"]
        # The next sitting is all that a crash leaves: nothing was handed over at the end of this one.
    path = next(bench.pair.first.glob("items/*/draft-*"))
    assert TYPED.encode() not in path.read_bytes()
    with bench.case() as case:
        list(sync(case, bench.pair.stick))
        assert drafts.draft_of(case, bench.item, "triage") == {"remark": TYPED, "triage": "t.3"}
    offered = [found.name for found in bench.pair.stick.rglob("*.age")]
    assert "entry.age" in offered
    assert not any(name.startswith("draft") for name in offered)
    with bench.window() as window:
        bench.open(window)
        page = window.get(bench.at(Step.TRIAGE))
        assert values(page) == {"a.remark": TYPED, "a.triage": "t.3"}
        assert "This is your draft" in page
        assert window.post(bench.at(Step.TRIAGE), do="discard") == 303
        assert values(window.get(bench.at(Step.TRIAGE))) == {"a.remark": ""}
    assert draft_files(bench) == []


def test_a_draft_can_be_saved_by_a_button_and_with_the_text_beside(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        at = bench.at(Step.TRIAGE)
        assert window.ask("POST", at, {"do": "draft", "a.remark": TYPED})[2]["Location"] == at
        page = window.get(at)
        assert "Мусхабов" not in page
        where = window.ask("POST", at, {"do": "text", "a.remark": TYPED})[2]["Location"]
        page = window.get(where)
        assert "Мусхабов" in page
        assert values(page)["a.remark"] == TYPED


def test_a_damaged_draft_is_said_and_kept_aside(bench: Bench) -> None:
    with bench.case() as case:
        drafts.keep_draft(case, bench.item, "triage", {"remark": TYPED})
        damaged = case.files.path(bench.item, "draft-triage-r1")
        damaged.write_bytes(damaged.read_bytes()[:-9])
        was = damaged.read_bytes()
    with bench.window() as window:
        bench.open(window)
        for _ in range(2):
            page = window.get(bench.at(Step.TRIAGE))
            assert "could not be read" in page
            assert "draft-triage-r1.damaged-1.age" in page
            assert values(page) == {"a.remark": ""}
        assert window.post(f"/item/{bench.item}/draft/triage", **{"a.remark": "new"}) == 204
        assert draft_files(bench) == ["draft-triage-r1.age", "draft-triage-r1.damaged-1.age"]
        assert damaged.with_name("draft-triage-r1.damaged-1.age").read_bytes() == was
        form: dict[str, object] = {"to": bench.at(Step.TRIAGE)}
        status, _, headers = window.ask("POST", f"/item/{bench.item}/aside/triage", form)
        assert (status, headers["Location"]) == (303, bench.at(Step.TRIAGE))
        page = window.get(bench.at(Step.TRIAGE))
        assert "could not be read" not in page
        assert values(page) == {"a.remark": "new"}
        form = {"to": "//other.example"}
        status, _, headers = window.ask("POST", f"/item/{bench.item}/aside/triage", form)
        assert headers["Location"] == f"/item/{bench.item}"
        assert window.post(f"/item/{bench.item}/aside/Triage-") == 409


def test_a_draft_of_an_erased_item_goes_with_it(bench: Bench) -> None:

    with bench.case() as case:
        drafts.keep_draft(case, bench.item, "triage", {"remark": TYPED})
        destroy(case, bench.item, Verdict.ERASED)
    assert draft_files(bench) == []


def test_a_draft_that_comes_late_and_a_button_pressed_twice_do_nothing(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        form: dict[str, object] = {"do": "done", "base": "0", **answers(Step.TRIAGE)}
        assert window.ask("POST", bench.at(Step.TRIAGE), form)[0] == 303
        assert window.ask("POST", f"/item/{bench.item}/draft/triage", form)[0] == 204
        assert draft_files(bench) == []
        assert window.ask("POST", bench.at(Step.TRIAGE), form)[0] == 303
        assert (
            window.ask("POST", f"/item/{bench.item}/draft/triage", {**form, "base": "1"})[0] == 204
        )
        assert draft_files(bench) == ["draft-triage-r1.age"]
    with bench.case() as case:
        assert len(answers_of(case, bench.item, Step.TRIAGE)) == 1


def test_a_draft_has_an_end_and_only_its_questions(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        at = f"/item/{bench.item}/draft/triage"
        assert window.post(at, **{"a.remark": "x", "a.other": "y", "z": "w"}) == 204
        assert window.post(at, **{"a.remark": "x" * 1_000_001}) == 409
        assert window.post(f"/item/{bench.item}/draft/code", **{"a.remark": "x"}) == 409
    with bench.case() as case:
        assert drafts.draft_of(case, bench.item, "triage") == {"triage": "", "remark": "x"}


def test_no_text_stands_beside_a_form_before_the_item_was_opened_in_this_sitting(
    bench: Bench,
) -> None:
    with bench.window() as window:
        bench.open(window)
    with bench.window() as window:
        assert "Мусхабов" not in window.get(f"{bench.at(Step.TRIAGE)}?text=1")
