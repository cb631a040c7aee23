"""What gates and steps refuse, the desk says in its own language, with the same values in it."""

import ast
import re
from pathlib import Path

import pytest

import intake
from intake.errors import GateError, MalformedError
from intake.review.desk.phrases import LANGUAGES
from intake.review.steps import Step
from tests.panel import Panel
from tests.review.desk.bench import Bench
from tests.review.desk.conftest import Window

REVIEW = Path(intake.__file__).parent / "review"


def raised() -> list[tuple[str, ast.Call]]:
    """Every error that the review side makes, with the name of its kind."""
    nodes = (
        node
        for path in REVIEW.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )
    return [
        (node.func.id, node)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.endswith("Error")
    ]


def keys(call: ast.Call) -> set[str]:
    """The keys that a call may give its error."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "key"]
    return {
        str(node.value)
        for value in given
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_gate_has_a_phrase_of_the_desk() -> None:
    gates = [call for kind, call in raised() if kind == "GateError"]
    assert len(gates) > 10
    assert [ast.unparse(call) for call in gates if not keys(call)] == []


def test_every_key_has_its_phrase_with_its_values_and_every_phrase_is_used() -> None:
    used = dict[str, set[str]]()
    for _, call in raised():
        values = {str(keyword.arg) for keyword in call.keywords} - {"key"}
        for key in keys(call):
            used.setdefault(key, values)
            assert used[key] == values, key
    for language in LANGUAGES.values():
        there = {k.partition(".")[2] for k in language.phrases if k.startswith("refusal.")}
        assert there == set(used)
        for key, values in used.items():
            said = language.phrases[f"refusal.{key}"] + language.phrases[f"refusal_hint.{key}"]
            assert set(re.findall(r"{(\w+)}", said)) <= values, key


def test_an_error_without_a_phrase_of_its_own_is_said_in_english() -> None:
    told = LANGUAGES["ru"].refusal(MalformedError("a plan\u202e is missing", "write one"))
    assert (told.phrase, told.hint, told.lang) == ("a plan⟨U+202E⟩ is missing", "write one", "en")
    told = LANGUAGES["ru"].refusal(MalformedError("x", key="no_such_key"))
    assert (told.phrase, told.lang) == ("x", "en")


def test_steps_in_a_refusal_have_their_names() -> None:
    error = GateError("x", key="order", step=Step.CODE, missing=[Step.TRIAGE, Step.READ])
    told = LANGUAGES["ru"].refusal(error)
    assert told.lang == "ru"
    assert LANGUAGES["ru"].code("step", "code") in told.phrase
    for step in (Step.TRIAGE, Step.READ):
        assert LANGUAGES["ru"].code("missing", step) in told.phrase


@pytest.fixture
def bench(panel: Panel, tmp_path: Path) -> Bench:
    return Bench.made(panel, tmp_path)


def in_russian(window: Window) -> None:
    assert window.post("/language", tag="ru", back="/") == 303


def test_a_russian_desk_refuses_in_russian(bench: Bench) -> None:
    with bench.window() as window:
        in_russian(window)
        bench.open(window)
        status, page, _ = window.ask("GET", f"/item/{bench.item}/redact")
        assert status == 409
        assert "ещё не время" in page
        assert "out of order" not in page
        form: dict[str, object] = {"do": "done", "a.note": "x"}
        status, page, _ = window.ask("POST", bench.at(Step.READ), form)
        assert status == 409
        assert "ещё не время" in page
        assert 'lang="en"' not in page.partition("<main")[2]
        status, page, _ = window.ask("GET", f"/item/{bench.item}/grades")
        assert status == 409
        assert "out of order" not in page
        window.post("/language", tag="en", back="/")
        assert "is out of order" in window.ask("GET", f"/item/{bench.item}/redact")[1]
