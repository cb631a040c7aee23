"""Pictures of the review desk's pages, to be looked at: both languages, light and dark, narrow and wide.

The English page on which a text is redacted is the README's, docs/images/desk.png. The testimony in it is
made up.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.browser.browsers import Browsers, until
from tests.browser.desk_material import Material
from tests.browser.test_desk_access import DRAWN, package
from tests.browser.two_desks import Seat, seat
from tests.panel import make_panel

LOOKS = (("en", "light", 1280), ("ru", "light", 1280), ("en", "dark", 1280), ("ru", "light", 360))
README = "desk-en-light-1280-redact.png"
OF_ITEM = ("redact", "code", "risk", "grades", "government", "reply", "keep")
STEPS = ("triage", "read", "consistency", "second", "request", "checklist", "jigsaw")
OF_CASE = ("people", "places", "pictures", "sync", "retain", "custody", "panel", "break")


def take(folder: Path, both: Browsers) -> int:
    """Write a picture of each page into `folder`; returns how many."""
    count = 0
    for lang, scheme, width in LOOKS:
        with tempfile.TemporaryDirectory() as name:
            made = Material(make_panel(), Path(name), lang)
            with seat(both, Path(name), made.pair.first, 1, lang, color_scheme=scheme) as one:
                one.tab.page.set_viewport_size({"width": width, "height": 860})
                for page in _pages(one, made):
                    path = folder / f"desk-{lang}-{scheme}-{width}-{page}.png"
                    path.write_bytes(one.tab.page.screenshot(full_page=path.name != README))
                    count += 1
    return count


def _pages(one: Seat, made: Material) -> Iterator[str]:
    """The name of each page, once it is shown."""
    yield "list"
    item = f"/item/{made.story}"
    one.go(item)
    yield "warning"
    one.read(made.story)
    yield "text"
    for name in OF_ITEM:
        one.go(f"{item}/{name}")
        yield name
    one.go(f"{item}/redact?propose=find")
    yield "proposed"
    one.read(made.yes)
    one.go(f"{item}/government")
    yield "government-open"
    for step in STEPS:
        one.go(f"{item}/step/{step}")
        yield f"step-{step}"
    for name in OF_CASE:
        one.go(f"/{name}")
        yield name
    yield from _outputs(one, made)
    one.press("#lock button")
    yield "locked"


def _outputs(one: Seat, made: Material) -> Iterator[str]:
    """A text that is signed, and a package with its pages as pictures."""
    one.go(f"/out?item={made.story}")
    yield "out"
    one.press("main form button.main")
    until(lambda: one.tab.has("pre"), "the bytes")
    yield "output"
    one.press("form[action$='/sign'] button")
    until(lambda: not one.tab.has("form[action$='/sign']"), "the signature")
    yield "signed"
    where = package(one, made.story)
    yield "package"
    for view in range(2, 9):
        one.go(f"{where}?view={view}")
        if one.tab.has(".leaf img"):
            until(lambda: one.tab.page.evaluate(DRAWN), "the page")
            yield "page"
            return
