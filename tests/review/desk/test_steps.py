"""The steps that are answered in words: gates before forms, drafts under them, locks and blindness."""

from pathlib import Path

import pytest

from intake.review import gates
from intake.review.acting import ledger_item, ledger_path, machine_of
from intake.review.coding.vocabulary import TERMS, Vocabulary
from intake.review.desk import step_drafts as drafts
from intake.review.desk.phrases import LANGUAGES
from intake.review.desk.work_state import State, stand_of
from intake.review.destroying import destroy
from intake.review.journal import Mark
from intake.review.panel import Panel as Settings
from intake.review.progress import Progress, answers_of
from intake.review.record import Verdict
from intake.review.steps import RULES, On, Step, Who
from intake.review.syncing import sync
from intake.review.work import ASKED, TEXT_LIMIT
from tests.panel import Panel
from tests.review.desk.bench import ALL, Bench, answers
from tests.review.desk.conftest import Window
from tests.review.desk.test_pages import Page
from tests.review.test_gates import coded, redacted

TYPED = "Дословно: <b>не всё</b> сходится"


@pytest.fixture(scope="module")
def first(panel: Panel, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench.made(panel, tmp_path_factory.mktemp("steps"), ALL)


@pytest.fixture
def bench(first: Bench, tmp_path: Path) -> Bench:
    return first.copied(tmp_path)


def values(page: str) -> dict[str, str]:
    """What a form has filled in: checked choices, and the text of each text area."""
    parsed = Areas(page)
    chosen = {
        str(a["name"]): str(a["value"])
        for tag, a in parsed.tags
        if tag == "input" and a.get("type") == "radio" and "checked" in a
    }
    return chosen | parsed.areas


class Areas(Page):
    """The texts of text areas, as a browser shows them: without the line end that begins them."""

    def __init__(self, text: str) -> None:
        self.areas: dict[str, str] = {}
        self._area = ""
        super().__init__(text)
        self.areas = {name: value.removeprefix("\n") for name, value in self.areas.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag == "textarea":
            self._area = str(dict(attrs)["name"])
            self.areas[self._area] = ""

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self._area:
            self.areas[self._area] += data


def draft_files(bench: Bench) -> list[str]:
    return sorted(path.name for path in bench.pair.first.glob("items/*/draft-*"))


def through(bench: Bench, window: Window, *steps: Step) -> None:
    bench.open(window)
    for step in steps:
        assert bench.do(window, step) == 303, step


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


def test_no_text_stands_beside_a_form_before_the_item_was_opened_in_this_sitting(
    bench: Bench,
) -> None:
    with bench.window() as window:
        bench.open(window)
    with bench.window() as window:
        assert "Мусхабов" not in window.get(f"{bench.at(Step.TRIAGE)}?text=1")


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
