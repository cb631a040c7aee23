"""A case in which every step is asked for, and what the tests of steps do in a window on it."""

from pathlib import Path

import pytest

from intake.review.steps import Step
from tests.panel import Panel
from tests.review.desk.bench import ALL, Bench
from tests.review.desk.conftest import Window
from tests.review.desk.test_pages import Page

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


def through(bench: Bench, window: Window, *steps: Step) -> None:
    bench.open(window)
    for step in steps:
        assert bench.do(window, step) == 303, step


def draft_files(bench: Bench) -> list[str]:
    return sorted(path.name for path in bench.pair.first.glob("items/*/draft-*"))
