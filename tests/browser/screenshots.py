"""Pictures of every page, to be looked at: both browsers, script on and off, narrow and wide.

    python -m tests.browser.screenshots FOLDER

The narrow picture of the Russian form in Chromium is the README's, docs/images/form.png; that of the
desk is docs/images/desk.png.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.browser import desk_screenshots
from tests.browser.browsers import Browsers, browsers
from tests.browser.serving import served
from tests.browser.walk import pages

README_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "form.png"
WIDTHS = (360, 1280)


def take(folder: Path) -> int:
    """Write a picture of each page into `folder`; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with tempfile.TemporaryDirectory() as made, browsers(Path(made)) as both:
        for form in ("minimal", "guided"):
            with served(Path(made) / form, form=form) as site:
                for one in _looks(form):
                    count += _take(folder, both, site.address, *one)
    return count


def _looks(form: str) -> Iterator[tuple[str, str, bool, str, int]]:
    """Form, browser, script, language, width: all for the minimal form, the narrow ones for the other."""
    for browser in ("chromium", "firefox"):
        # The width of a headless Firefox's window is 500 pixels or more.
        wide = browser == "chromium" and form == "minimal"
        for script in (True, False):
            for lang in ("ru", "en"):
                for width in WIDTHS if wide else WIDTHS[:1]:
                    yield form, browser, script, lang, width


def _take(
    folder: Path,
    both: Browsers,
    address: str,
    form: str,
    browser: str,
    script: bool,
    lang: str,
    width: int,
) -> int:
    path = "script" if script else "bare"
    count = 0
    with both.tab(browser, script=script, width=width) as tab:
        for count, name in enumerate(pages(tab, address, lang, script=script), start=1):
            picture = f"{form}-{lang}-{path}-{browser}-{width}-{count:02}-{name}.png"
            (folder / picture).write_bytes(tab.picture())
    return count


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1])
    count = take(folder)
    (form,) = folder.glob("minimal-ru-script-chromium-360-*-form.png")
    shutil.copyfile(form, README_PICTURE)
    with tempfile.TemporaryDirectory() as made, browsers(Path(made)) as both:
        count += desk_screenshots.take(folder, both)
    shutil.copyfile(folder / desk_screenshots.README, README_PICTURE.with_name("desk.png"))
    sys.stdout.write(f"{count} pictures in {folder}\n")


if __name__ == "__main__":
    main()
