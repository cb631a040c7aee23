"""Pictures of the review desk's pages, to be looked at: both languages, light and dark, narrow and wide.

The English page on which a text is redacted is the README's, docs/images/desk.png. The testimony in it is
made up.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from intake.review import drafts, gates
from intake.review.case import Case
from intake.review.keys import LockedIdentity
from tests.browser.browsers import Browsers, ChromiumTab, until
from tests.browser.sitting import sitting
from tests.little_log import Little, LittleLog
from tests.panel import make_panel
from tests.review.desk.conftest import PASSPHRASE, Made, first_reviewer
from tests.review.two_people import READ, TRIAGED
from tests.review.workroom import NOW, Room, sealed_item

STORY = (
    "It was at the end of March. A friend, Ruslan, called me and asked me to come to the market.\n"
    "Three men were waiting in a grey car. They took my phone and read all of it.\n"
    "They asked who else was like me. I heard others through the wall. On the ninth day my uncle came."
)
LOOKS = (("en", "light", 1280), ("ru", "light", 1280), ("en", "dark", 1280), ("ru", "light", 360))
README = "desk-en-light-1280-redact.png"


def made_in(folder: Path) -> Made:
    """A case with one story that was read once, and has marks on three places; and one that is new."""
    panel = make_panel()
    room = Room(panel, folder / "case", panel.identities[:1])
    items = sealed_item(panel.roster, STORY), sealed_item(panel.roster, "A second account.")
    log = LittleLog().with_rosters(panel.note).close(NOW, *(opening for opening, _ in items))
    room.take_whole(Little(panel, log, items, (), notes=()))
    (folder / "r1.identity").write_bytes(
        LockedIdentity.lock(first_reviewer(), PASSPHRASE, passes=1).to_bytes()
    )
    story = room.item(items[0][1])
    with room.case(writing=True) as case:
        for answers in (TRIAGED, READ):
            gates.open_item(case, story)
            gates.answer(case, story, answers)
        _mark(case, story)
    names = {"story": story, "new": room.item(items[1][1])}
    return Made(room.folder, folder / "r1.identity", panel, names)


def _mark(case: Case, item: str) -> None:
    marks = {
        f"narrative:{STORY.index(word)}:{STORY.index(word) + len(word)}": reason
        for word, reason in (("end of March", "date"), ("Ruslan", "person"), ("my uncle", "family"))
    }
    done = [{name: [None, reason]} for name, reason in marks.items()]
    value = {"base": [0, ""], "state": marks, "done": done, "undone": []}
    drafts.keep(case, item, "redact", value)


def take(folder: Path, both: Browsers) -> int:
    """Write a picture of each page into `folder`; returns how many."""
    count = 0
    for lang, scheme, width in LOOKS:
        with tempfile.TemporaryDirectory() as name:
            made = made_in(Path(name))
            (Path(name) / "run").mkdir()
            with (
                sitting(made, Path(name) / "run") as command,
                both.attached(command.port()) as tab,
            ):
                for page, picture in _pages(tab, made, lang, scheme, width):
                    path = folder / f"desk-{lang}-{scheme}-{width}-{page}.png"
                    path.write_bytes(picture)
                    count += 1
    return count


def _pages(
    tab: ChromiumTab, made: Made, lang: str, scheme: str, width: int
) -> Iterator[tuple[str, bytes]]:
    page = tab.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    until(lambda: tab.has("table") and not tab.has("progress"), "the list")
    tab.follow(f"button[value={lang}]")
    until(lambda: tab.has(f"html[lang={lang}] table"), "the language")
    page.set_viewport_size({"width": width, "height": 860})
    base = page.url.rstrip("/")
    story = f"{base}/item/{made.items['story']}"
    yield "list", page.screenshot()
    page.goto(story)
    until(lambda: tab.has(".warning"), "the warning")
    yield "warning", page.screenshot(full_page=True)
    page.click(".warning button")
    until(lambda: tab.has("#p1"), "a paragraph")
    page.click(".more form:nth-of-type(2) button")
    until(lambda: tab.has("#p3"), "all of it")
    yield "text", page.screenshot(full_page=True)
    for name, address in (
        ("redact", f"{story}/redact"),
        ("code", f"{story}/code"),
        ("second", f"{story}/step/second"),
        ("out", f"{base}/out"),
        ("sync", f"{base}/sync"),
        ("retain", f"{base}/retain"),
        ("panel", f"{base}/panel"),
        ("people", f"{base}/people"),
    ):
        page.goto(address)
        until(lambda: tab.has("main"), "the page")
        yield name, page.screenshot(full_page=name != "redact")
