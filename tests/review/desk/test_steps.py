"""The steps that are answered in words: gates before forms, what is missing at its field, and what is listed."""

from pathlib import Path

from intake.review import gates
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.desk.phrases import LANGUAGES
from intake.review.desk.work_state import State, stand_of
from intake.review.journal import Mark
from intake.review.panel import Panel as Settings
from intake.review.progress import Progress, answers_of
from intake.review.steps import RULES, On, Step, Who
from intake.review.work import ASKED, TEXT_LIMIT
from tests.panel import Panel
from tests.review.desk.bench import ALL, Bench, answers
from tests.review.desk.stepping import TYPED, bench, draft_files, first, through, values
from tests.review.test_gates import redacted

__all__ = ["bench", "first"]


def test_before_a_step_its_page_says_what_is_missing_and_has_no_form(bench: Bench) -> None:
    with bench.window() as window:
        status, page, _ = window.ask("GET", bench.at(Step.TRIAGE))
        assert status == 409
        assert "have not opened" in page
        assert "<textarea" not in page
        bench.open(window)
        for step, said in (
            (Step.READ, "It was not triaged."),
            (Step.CONSISTENCY, "It was not read."),
            (Step.JIGSAW, "There is no redacted version."),
        ):
            status, page, _ = window.ask("GET", bench.at(step))
            assert status == 409
            assert said in page
            assert "<textarea" not in page
        assert "<textarea" in window.get(bench.at(Step.TRIAGE))


def test_a_step_out_of_order_is_refused_and_nothing_typed_is_lost(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        form: dict[str, object] = {"do": "done", "a.note": TYPED}
        status, page, _ = window.ask("POST", bench.at(Step.READ), form)
        assert status == 409
        assert "It was not triaged." in page
        assert values(page) == {"a.note": TYPED}
    with bench.case() as case:
        assert answers_of(case, bench.item, Step.READ) == []


def test_what_is_missing_is_said_at_its_field_and_all_else_stays(bench: Bench) -> None:
    with bench.window() as window:
        through(bench, window, Step.TRIAGE, Step.READ)
        form: dict[str, object] = {
            "do": "done",
            **answers(Step.CONSISTENCY, internal=" ", detail=TYPED),
        }
        status, page, _ = window.ask("POST", bench.at(Step.CONSISTENCY), form)
        assert status == 422
        assert 'id="e-internal"' in page
        assert 'id="e-external"' not in page
        assert 'aria-invalid="true" aria-describedby="e-internal"' in page
        assert values(page) == answers(Step.CONSISTENCY, internal=" ", detail=TYPED)
        assert bench.do(window, Step.CONSISTENCY, detail="ы" * (TEXT_LIMIT + 1)) == 422
        assert bench.do(window, Step.CONSISTENCY, detail="ы" * TEXT_LIMIT) == 303


def test_a_choice_that_there_is_not_is_refused(bench: Bench) -> None:
    with bench.window() as window:
        bench.open(window)
        assert bench.do(window, Step.TRIAGE, triage="t.99") == 422
        assert bench.do(window, Step.TRIAGE, triage="") == 422
        assert window.ask("GET", f"/item/{bench.item}/step/code")[0] == 409
        assert window.ask("GET", f"/item/{bench.item}/step/%2e%2e")[0] in {404, 409}


def test_what_was_written_down_is_what_was_typed(bench: Bench) -> None:
    with bench.window() as window:
        through(bench, window, Step.TRIAGE, Step.READ)
        words = f"\n {TYPED}\r\nвторая строка\r\n"
        assert bench.do(window, Step.CONSISTENCY, basis=words) == 303
        assert draft_files(bench) == []
    with bench.case() as case:
        (kept,) = answers_of(case, bench.item, Step.CONSISTENCY)
        assert kept.value.given["basis"] == f"{TYPED}\nвторая строка"
        assert kept.mark == Mark(1, "r1")


def test_a_newer_version_begins_with_the_last_and_counts(bench: Bench) -> None:
    with bench.window() as window:
        through(bench, window, Step.TRIAGE, Step.READ)
        assert bench.do(window, Step.CONSISTENCY, basis=TYPED) == 303
        assert values(window.get(bench.at(Step.CONSISTENCY)))["a.basis"] == TYPED
        assert bench.do(window, Step.CONSISTENCY, basis="anew") == 303
        assert bench.do(window, Step.TRIAGE, triage="t.1") == 303
        assert "tell the duty lead" in window.get(f"/item/{bench.item}")
        assert window.post("/view", triage="t.1") == 303
        assert bench.item in window.get("/")
        assert window.post("/view", triage="t.7") == 303
        assert bench.item not in window.get("/")
    with bench.case() as case:
        assert [r.value.given["basis"] for r in answers_of(case, bench.item, Step.CONSISTENCY)] == [
            TYPED,
            "anew",
        ]


def test_a_first_note_is_locked_and_a_later_one_stands_beside_it(bench: Bench) -> None:
    with bench.window() as window:
        through(bench, window, Step.TRIAGE)
        assert bench.do(window, Step.READ, note=TYPED) == 303
        page = window.get(bench.at(Step.READ))
        assert "this note is locked" in page
        assert values(page) == {"a.note": ""}
        assert "&lt;b&gt;не всё&lt;/b&gt;" in page
        assert bench.do(window, Step.READ, note="later") == 303
    with bench.case() as case:
        notes = answers_of(case, bench.item, Step.READ)
        assert [one.value.given["note"] for one in notes] == [TYPED, "later"]


def test_the_work_of_an_item_is_listed_with_who_did_and_who_is_waited_for(bench: Bench) -> None:
    with bench.window() as window:
        page = window.get(f"/item/{bench.item}")
        assert page.count('class="mine"') == 1
        through(bench, window, Step.TRIAGE, Step.READ)
        page = window.get(f"/item/{bench.item}")
        assert page.count("done by r1") == 2
        assert f"/item/{bench.item}/code" in page
        assert f"/item/{bench.item}/redact" in page
        assert window.post("/language", tag="ru", back="/") == 303
        assert "сделано: r1" in window.get(f"/item/{bench.item}")
        assert "Эти названия на этом языке ещё никто не проверил" in window.get(
            bench.at(Step.TRIAGE)
        )
        assert TERMS[Vocabulary.TRIAGE]["t.0"].labels["ru"] in window.get(bench.at(Step.TRIAGE))


def test_the_list_says_what_is_mine_to_do(bench: Bench) -> None:
    with bench.window() as window:
        for todo, there in (("mine", True), ("SECOND", False), ("r1", False)):
            assert window.post("/view", todo=todo) == 303
            assert (bench.item in window.get("/")) == there, todo
        through(bench, window, Step.TRIAGE, Step.READ)
        assert window.post("/view", todo="r1") == 303
        page = window.get("/")
        assert bench.item in page
        assert "yours next: Coding" in page
        assert "Read once" in page


def test_a_redaction_that_was_saved_is_on_the_list_at_once(panel: Panel, tmp_path: Path) -> None:
    bench = Bench.made(panel, tmp_path)
    with bench.window() as window:
        through(bench, window, Step.TRIAGE, Step.READ)
        assert "yours next: Redaction" in window.get("/")
        window.get(f"/item/{bench.item}/redact")
        assert window.post(f"/item/{bench.item}/redact/save") == 303
        page = window.get("/")
        assert "redacted, 1" in page
        assert "yours next: Checklist" in page


def test_a_form_about_an_older_redaction_is_refused_and_kept(bench: Bench) -> None:

    with bench.case() as case:
        gates.config(case, Settings.parse('steps = ["jigsaw"]\n'))
        redacted(case, bench.item)
    bench.pair.sync(1)
    bench.pair.sync(2)
    with bench.window(2) as window:
        bench.open(window)
        page = window.get(bench.at(Step.JIGSAW))
        assert 'name="about" value="1 r1"' in page
        assert "Мусхабов" in page, "what is left in the redacted version is what is looked at"
        assert bench.do(window, Step.JIGSAW) == 409, "a form that says not what it looked at"
        form: dict[str, object] = {"do": "done", **answers(Step.JIGSAW, brother=TYPED)}
        status, page, _ = window.ask("POST", bench.at(Step.JIGSAW), {**form, "about": "2 r1"})
        assert status == 409
        assert values(page)["a.brother"] == TYPED
        assert window.ask("POST", bench.at(Step.JIGSAW), {**form, "about": "1 r1"})[0] == 303


# How a step stands is put into words; whether it may be done is the gates' own word


def test_every_step_stands_as_the_gates_have_it() -> None:
    panel, marks = Settings.parse(ALL), {Step.OPEN: Mark(0, ""), Step.IMPORT: Mark(0, "")}
    seen = set[State]()
    items = [step for step in RULES if RULES[step].on is On.ITEM and step is not Step.OPEN]
    for done in range(len(items) + 1):
        by = {step: "r2" if RULES[step].who is Who.SECOND else "r1" for step in items[:done]}
        progress = Progress({**marks, **{step: Mark(1, name) for step, name in by.items()}})
        for step in items:
            for me in ("r1", "r2"):
                stand = stand_of(progress, panel, step, me)
                seen.add(stand.state)
                assert (stand.state is State.DONE) == (step in progress.done)
                if stand.state is State.MINE:
                    assert not stand.missing
                    assert RULES[step].who is not Who.SECOND or me == "r2"
                if stand.state is State.WAITS:
                    assert stand.missing
    bare = stand_of(Progress(marks), Settings.parse("steps = []"), Step.CODE, "r1")
    assert bare.state is State.UNUSED
    assert seen | {bare.state} == set(State)


def test_every_question_step_and_gate_has_its_words_in_both_languages() -> None:
    for language in LANGUAGES.values():
        for step in Step:
            assert language.code("step", step) != step or step.value == "code"
            assert f"missing.{step}" in language.phrases or step in {
                Step.INCIDENT,
                Step.MESSAGE,
                Step.RETAIN,
            }
        for step, asks in ASKED.items():
            assert f"step_hint.{step}" in language.phrases
            for ask in asks:
                assert f"ask.{step}_{ask.name}" in language.phrases
        for who in Who:
            assert f"who.{who.name.lower()}" in language.phrases
