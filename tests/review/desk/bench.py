"""Two reviewers with a desk each over a case of their own, and a stick between them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from intake.canaries import CanaryList
from intake.review import gates
from intake.review.canaries import keep_list
from intake.review.case import Case
from intake.review.desk.sitting import Desk
from intake.review.importing import make_case
from intake.review.keys import ReviewerSecret
from intake.review.panel import Panel as Settings
from intake.review.steps import Step
from intake.review.work import ASKED, CHECKED
from tests.little_log import Little, LittleLog
from tests.panel import Panel, seed
from tests.review.desk.conftest import STORY, Clock, Window, window_for
from tests.review.two_people import Pair
from tests.review.workroom import NOW, Room, sealed_item

ALL = f"steps = {[step.value for step in Step]}\n"
WORDS = {ask.name: "none" for asks in ASKED.values() for ask in asks} | {
    **dict.fromkeys(CHECKED, "done"),
    "triage": "t.7",
    "recipient": "to.press",
}


def answers(step: Step, **other: str) -> dict[str, str]:
    """A form filled in whole, but for `other`."""
    given = {ask.name: WORDS[ask.name] for ask in ASKED[step]} | other
    return {f"a.{name}": text for name, text in given.items()}


@dataclass
class Bench:
    """The case of r1 with one story, whose desks are opened in turn."""

    pair: Pair
    item: str
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def made(cls, panel: Panel, folder: Path, settings: str = "") -> "Bench":
        """One whose panel settled this; out of the box where nothing is given."""
        room = Room(panel, folder / "case", panel.identities[:1])
        story = sealed_item(panel.roster, STORY)
        log = LittleLog().with_rosters(panel.note).close(NOW, story[0])
        room.take_whole(Little(panel, log, (story,), (), notes=()))
        with room.case(writing=True) as case:
            keep_list(case, CanaryList(panel.roster.deployment, NOW, ()))
            if settings:
                gates.config(case, Settings.parse(settings))
        return cls(Pair(panel, folder / "case", folder), room.item(story[1]))

    @classmethod
    def empty(cls, panel: Panel, folder: Path) -> "Bench":
        """A case into which nothing was imported yet."""
        room = Room(panel, folder / "case", panel.identities[:1])
        log = LittleLog().with_rosters(panel.note)
        with Little(panel, log, (), (), notes=()).bundle() as bundle:
            make_case(room.folder, bundle, panel.roster.roots, room.identities)
        with room.case(writing=True) as case:
            keep_list(case, CanaryList(panel.roster.deployment, NOW, ()))
        return cls(Pair(panel, folder / "case", folder), "")

    def copied(self, folder: Path) -> "Bench":
        """The same in another place."""
        shutil.copytree(self.pair.first, folder / "case")
        return Bench(Pair(self.pair.panel, folder / "case", folder), self.item)

    @contextmanager
    def window(self, number: int = 1) -> Iterator[Window]:
        """The window of reviewer 1 or 2, let in, with the case read."""
        folder = self.pair.first if number == 1 else self.pair.second
        desk = Desk(folder, (), clock=self.clock, out=self.pair.folder)
        desk.begin([secret(number)])
        window = window_for(desk, self.clock)
        _, _, headers = window.ask("POST", "/enter", {"token": window.entry.token})
        window.headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]
        window.read_all()
        try:
            yield window
        finally:
            desk.lock()

    def open(self, window: Window, item: str = "") -> None:
        """Open the item and read it to its end."""
        assert window.post(f"/item/{item or self.item}/open") == 303
        window.get(f"/item/{item or self.item}?shown=99")

    def do(self, window: Window, step: Step, **other: str) -> int:
        """Fill in a step's form and keep it; gives the status."""
        form: dict[str, object] = {"do": "done", **answers(step, **other)}
        return window.ask("POST", self.at(step), form)[0]

    def at(self, step: Step) -> str:
        """The address of a step's page."""
        return f"/item/{self.item}/step/{step}"

    @contextmanager
    def case(self, number: int = 1) -> Iterator[Case]:
        """The case of reviewer 1 or 2, for what is not under test."""
        with self.pair.case(number) as case:
            yield case


def secret(number: int) -> ReviewerSecret:
    """The secret of a reviewer."""
    return ReviewerSecret(f"r{number}", seed(f"reviewer {number}"), seed(f"signer {number}"))
