"""Pictures of the review desk's pages, to be looked at: both languages, light and dark, narrow and wide.

The English page on which a text is redacted is the README's, docs/images/desk.png. The testimony in it is
made up.
"""

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

from intake.review import drafts, gates
from intake.review.case import Case
from intake.review.coding.account import Act, Coding, Involvement, Quote, When
from intake.review.coding.register import Of, Person, Place, Scope
from intake.review.keys import LockedIdentity
from intake.review.registering import enter, join, withdraw
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
        coded(case, story)
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


def coded(case: Case, item: str) -> None:
    """Two acts at a place by an official, who was joined to another; and somebody who is withdrawn."""
    officer = Person("p-3f09ab", Of.INDIVIDUAL, ("the major",), official=True)
    former = Person("p-77d1c2", Of.INDIVIDUAL, ("a man in grey",))
    unused = Person("p-90aa10", Of.INDIVIDUAL, ("somebody else",))
    site = Place("l-18c4e0", "pl.police", Scope.SITE, ("the station",), "argun")
    for entry in (officer, former, unused, site):
        enter(case, entry)
    join(case, officer.name, former.name)
    withdraw(case, unused.name)
    quotes = (Quote("narrative", 0, 27),)
    march = When(dt.date(2017, 3, 20), dt.date(2017, 3, 31), "d.about")
    held = Act(1, "act.detention_unlawful", quotes, when=march, place=site.name)
    beaten = Act(2, "act.torture", quotes, when=march, place=site.name)
    parts = tuple(Involvement(n, officer.name, "i.did", "p.police", quotes) for n in (1, 2))
    gates.code(case, item, Coding((held, beaten), parts, "r.self"))


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
        ("pictures", f"{base}/pictures"),
    ):
        page.goto(address)
        until(lambda: tab.has("main"), "the page")
        yield name, page.screenshot(full_page=name != "redact")
