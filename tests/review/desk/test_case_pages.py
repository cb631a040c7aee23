"""Keeping, custody and the panel at the desk: nothing goes without a second yes, and the ledger has each act."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.epoch import Epoch
from intake.ledger.act import FIELDS, Kind
from intake.review import retaining
from intake.review.desk.case_page import ACTS, CHOICES
from intake.review.desk.phrases import LANGUAGES
from intake.review.panel import panel_of
from intake.review.steps import Step
from intake.review.work import DEALT_WITH, NOT_THERE
from tests.panel import Panel
from tests.review.desk.bench import ALL, Bench
from tests.review.desk.conftest import Window
from tests.review.desk.stepping import values

BEFORE = str(Epoch.now().previous)


@pytest.fixture
def bench(panel: Panel, tmp_path: Path) -> Bench:
    return Bench.made(panel, tmp_path)


@pytest.fixture
def window(bench: Bench) -> Iterator[Window]:
    with bench.window() as window:
        yield window


def ledger(bench: Bench) -> bytes:
    return b"".join(path.read_bytes() for path in bench.pair.first.glob("ledgers/*"))


def test_an_item_that_is_not_due_is_not_erased(bench: Bench, window: Window) -> None:
    assert "Nothing is due" in window.get("/retain")
    at = f"/item/{bench.item}"
    assert "Erase" not in window.get(f"{at}/keep")
    assert window.post(f"{at}/erase", sure=bench.item) == 409
    assert window.get(at)


@pytest.mark.parametrize("week", ["", "x", "2027", "2027-W60", "<b>"])
def test_a_week_is_a_week(bench: Bench, window: Window, week: str) -> None:
    status, page, _ = window.ask("POST", f"/item/{bench.item}/keep", {"until": week})
    assert status == 409
    assert "<b>" not in page
    assert b" retain " not in ledger(bench)


def test_what_is_due_goes_with_a_second_yes_alone(bench: Bench, window: Window) -> None:
    at = f"/item/{bench.item}"
    assert window.post(f"{at}/keep", until=BEFORE) == 303
    assert bench.item in window.get("/retain")
    for sure, status in (("", 200), ("x", 409), (bench.item[:-1], 409)):
        assert window.ask("POST", f"{at}/erase", {"sure": sure})[0] == status
        assert b" erase " not in ledger(bench)
    status, page, _ = window.ask("POST", f"{at}/erase", {"sure": bench.item})
    assert status == 200
    assert "is erased" in page
    assert ledger(bench).count(b" erase ") == 1
    window.read_all()
    assert "it was erased" in window.get(at)
    assert window.post(f"{at}/erase", sure=bench.item) == 409
    assert window.post(f"{at}/keep", until=BEFORE) == 409
    assert ledger(bench).count(b" erase ") == 1
    assert not list(bench.pair.first.glob("items/*/key.age"))


def test_the_desk_has_every_act_that_is_about_sticks_files_and_the_machine(
    bench: Bench, window: Window
) -> None:
    digest = f"sha256:{'ab' * 32}"
    given = {
        "collect": {"stick": "7", "size": "9", "root": "cd" * 32, "count": "3"},
        "handover": {"stick": "7", "from": "courier", "to": "reviewer"},
        "session": {"hash": digest},
        "incident": {"subject": "seal"},
        "wipe": {"subject": "stick", "stick": "7"},
    }
    for act, fields in given.items():
        assert window.ask("POST", f"/custody/{act}", dict(fields))[0] == 303
        line = f" r1 {act} ".encode()
        assert ledger(bench).count(line) == 1
        assert "In the ledger" in window.get(f"/custody?done={act}")
    assert window.post("/custody/transfer", hash=digest) == 409, "no such file left"
    assert window.post("/custody/x") == 409
    assert set(ACTS) == {*given, "transfer"}
    for act, fields in ACTS.items():
        assert [field.name for field in FIELDS[Kind(act)] if field.name != "item"] == list(fields)
    with_sticks = list(bench.pair.first.glob("records/collect-*"))
    assert len(with_sticks) == 1


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("collect", {"stick": "seven", "size": "9", "root": "cd" * 32, "count": "3"}),
        ("collect", {"stick": "7", "size": "", "root": "cd" * 32, "count": "3"}),
        ("handover", {"stick": "7", "from": "Заур", "to": "reviewer"}),
        ("session", {"hash": "<b>"}),
        ("incident", {"subject": "rumour"}),
        ("incident", {"subject": ""}),
        ("wipe", {"subject": ""}),
        ("transfer", {"hash": "sha256:zz"}),
    ],
)
def test_no_free_word_comes_into_the_ledger_and_the_form_stays(
    bench: Bench, window: Window, act: str, fields: dict[str, object]
) -> None:
    before = ledger(bench)
    status, page, _ = window.ask("POST", f"/custody/{act}", dict(fields))
    assert status == 409
    assert "<b>" not in page
    assert ledger(bench) == before
    for name, text in fields.items():
        if name not in CHOICES and act not in CHOICES:
            assert f'name="{name}" value="{str(text).replace("<b>", "&lt;b&gt;")}"' in page


def test_every_choice_has_its_words() -> None:
    for language in LANGUAGES.values():
        for group, names in {
            "act": ACTS,
            "act_field": {field for fields in ACTS.values() for field in fields},
            "choice": {choice for choices in CHOICES.values() for choice in choices}
            | {DEALT_WITH, NOT_THERE},
        }.items():
            assert {f"{group}.{name}" for name in names} == {
                key for key in language.phrases if key.startswith(f"{group}.")
            }


def test_a_panel_settles_which_steps_it_uses(bench: Bench, window: Window) -> None:
    page = window.get("/panel")
    assert page.count("<tr>") == 1 + len(Step)
    assert values(page)["text"].startswith("steps = [")
    bad = "steps = ['pray']\n<b>"
    status, page, _ = window.ask("POST", "/panel", {"text": bad})
    assert status == 409
    assert values(page)["text"] == bad
    assert window.post("/panel", text=ALL) == 303
    assert window.desk.sitting is not None
    assert panel_of(window.desk.sitting.case).steps == frozenset(Step)
    assert values(window.get("/panel"))["text"] == ALL
    assert ledger(bench).count(b" config ") == 1
    window.read_all()
    assert "not used" not in window.get(f"/item/{bench.item}")


def test_what_holds_in_the_case_is_what_the_page_shows(bench: Bench, window: Window) -> None:
    assert window.desk.sitting is not None
    kept = retaining.kept_until(window.desk.sitting.case, bench.item)
    page = window.get(f"/item/{bench.item}/keep")
    assert str(kept.until) in page
    assert kept.why in page
