"""Two reviewers' desks with their real servers and windows, each over a case of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from intake.errors import GateError
from intake.review.case import Case
from intake.review.desk.app import DeskApp
from intake.review.desk.gate import Pass
from intake.review.desk.handing_over import Letter
from intake.review.desk.merging import Merging
from intake.review.desk.serving import DeskServer
from intake.review.desk.sitting import Desk
from intake.review.steps import Step
from intake.review.work import ASKED
from tests.browser.browsers import Browsers, ChromiumTab, until
from tests.review.desk.bench import WORDS, secret


@dataclass(frozen=True)
class Seat:
    """One reviewer at their desk."""

    desk: Desk
    tab: ChromiumTab
    address: str

    def go(self, path: str) -> str:
        """Open a page and give its text."""
        self.tab.open(self.address + path)
        return self.tab.text("body")

    def press(self, selector: str) -> None:
        """Press a button and wait for the page that comes of it."""
        self.tab.follow(selector)

    def case(self) -> Case:
        """The open case, for what other pages do."""
        assert self.desk.sitting is not None
        return self.desk.sitting.case

    def read_all(self) -> None:
        assert self.desk.sitting is not None
        assert self.desk.sitting.corpus.wait(60)

    def read(self, item: str) -> None:
        """Open an item and read it to its end."""
        self.go(f"/item/{item}")
        self.press(".warning button")
        until(lambda: self.tab.has("#p1"), "the first paragraph")
        if self.tab.has("button[name=shown][value]"):
            self.press(".more form:nth-of-type(2) button")
        until(lambda: not self.tab.has("#next"), "the end", 20)

    def fill(self, item: str, step: Step) -> None:
        """Answer a step's page whole and keep it."""
        self.go(f"/item/{item}/step/{step}")
        page = self.tab.page
        for ask in ASKED[step]:
            if ask.vocabulary is None and not ask.choices:
                page.fill(f"#a-{ask.name}", WORDS[ask.name])
            else:
                page.check(f"input[name='a.{ask.name}'][value='{WORDS[ask.name]}']")
        self.press("button[value=done]")
        until(lambda: self.tab.has("ol.steps"), f"{step} to be kept", 20)

    def is_stopped(self, item: str, step: Step, why: str) -> None:
        """The page of a step has no form, and says why."""
        said = self.go(f"/item/{item}/step/{step}")
        assert "Not yet" in said, (step, said)
        assert why in said, (step, said)
        assert not self.tab.has("textarea")

    def put_in(self, stick: Path) -> str:
        """Put the stick in and wait for the end."""
        self.go("/sync")
        self.tab.page.fill("#path", str(stick))
        sitting = self.desk.sitting
        assert sitting is not None
        before = sitting.merging
        self.press("main form button.main")
        # The page of the last merge says the same. The one of this merge shows its end by itself.
        until(lambda: self._has_ended(before), "the end of the merge")
        until(lambda: not self.tab.has("progress"), "the page of the end")
        with self.desk.alone:
            self.read_all()
        said = self.go("/sync")
        assert "may be pulled out" in said
        return said

    def _has_ended(self, before: Merging | None) -> bool:
        self.tab.has("body")  # the browser goes on only while it is asked
        merging = None if self.desk.sitting is None else self.desk.sitting.merging
        return merging is not None and merging is not before and not merging.is_running


@contextmanager
def seat(
    both: Browsers, folder: Path, case: Path, number: int, lang: str = "en", **context: object
) -> Iterator[Seat]:
    """The desk of reviewer 1 or 2 with its window; `folder` is where files go."""
    with ExitStack() as stack:
        desk = Desk(case, (), out=folder)
        desk.begin([secret(number)])
        stack.callback(desk.lock)
        entry, server = Pass(), DeskServer()
        stack.callback(server.server_close)
        server.app = DeskApp(desk, entry, lambda: None).behind_gate(server.authority)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        stack.callback(server.shutdown)
        place = folder / f"letter-{number}-{lang}"
        place.mkdir(exist_ok=True)
        letter = Letter(place, server.authority, str(entry.token))
        stack.callback(letter.remove)
        tab = stack.enter_context(both.tab("chromium", script=True, width=1200, **context))
        assert isinstance(tab, ChromiumTab)
        tab.open(letter.path.as_uri())
        # While it is being read, the list comes again by itself.
        until(lambda: tab.has("#words") and not tab.has("progress"), "the list")
        there = Seat(desk, tab, f"http://{server.authority}")
        there.read_all()
        if lang != "en":
            there.press(f"button[name=tag][value={lang}]")
            until(lambda: tab.has(f"html[lang={lang}]"), "the language")
        yield there


def refused(error: GateError, *why: str) -> None:
    """What a gate said names each of these."""
    assert all(one in error.phrase for one in why), error.phrase
