"""An item that was read first and lies open on the desk, in a copy of the case of its own."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from intake.review import gates
from intake.review.desk.sitting import Desk
from intake.review.steps import Step
from intake.review.work import Answers
from tests.review.desk.conftest import Clock, Made, Window, first_reviewer, window_for
from tests.review.two_people import TRIAGED
from tests.review.workroom import Room, sealed_item

LONG = (
    "Меня зовут Ахмед Мусхабов, меня взяли 12 марта 2017 года. Телефон +7 928 123-45-67.\n"
    "Брат МУСХАБОВА, Иса, сказал: «Уезжай». 😀 Ахмеду было 24 года, в Axmed не стреляли.\n\n"
    "Потом били током и бросили."
)
"""A text with a name in four forms, a day, a number, and a character of two code units."""


def copied(made: Made, folder: Path) -> Made:
    """The same case in a folder of its own, with one item more: `long`."""
    shutil.copytree(made.folder, folder / "case")
    (folder / "case").chmod(0o700)
    room = Room(made.panel, folder / "case", made.panel.identities[:1])
    opening, sealed = sealed_item(made.panel.roster, LONG)
    room.take((opening, sealed))
    return replace(made, folder=folder / "case", items={**made.items, "long": room.item(sealed)})


def opened(made: Made) -> Window:
    """A desk on a case, with its window let in and everything read."""
    clock = Clock()
    desk = Desk(made.folder, (made.identity,), clock=clock, sleep=clock.slept.append)
    desk.begin([first_reviewer()])
    window = window_for(desk, clock)
    _, _, headers = window.ask("POST", "/enter", {"token": window.entry.token})
    window.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
    window.read_all()
    return window


def read_first(window: Window, item: str) -> None:
    """Triage an item and read it, as its first reader."""
    assert window.desk.sitting is not None
    case = window.desk.sitting.case
    assert window.post(f"/item/{item}/open") == 303
    gates.answer(case, item, TRIAGED)
    gates.answer(case, item, Answers.of(Step.READ, {"note": "read"}))


@pytest.fixture(scope="session")
def read_through(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A case in which r1 triaged and read the story, the long text and the texts that hurt."""
    mine = copied(made, tmp_path_factory.mktemp("read"))
    window = opened(mine)
    for name in ("story", "poison", "long"):
        read_first(window, mine.items[name])
    window.desk.lock()
    return mine


@pytest.fixture
def own(read_through: Made, tmp_path: Path) -> Made:
    """A copy of it."""
    shutil.copytree(read_through.folder, tmp_path / "case")
    return replace(read_through, folder=tmp_path / "case")


@pytest.fixture
def working(own: Made) -> Iterator[Window]:
    """A desk on it in which all three are open."""
    window = opened(own)
    for name in ("story", "poison", "long"):
        assert window.post(f"/item/{own.items[name]}/open") == 303
    yield window
    window.desk.lock()
