"""Pictures of every page, to be looked at: both browsers, script on and off, narrow and wide.

    python -m tests.browser.screenshots FOLDER

The narrow picture of the Russian form in Chromium is the README's, docs/images/form.png.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.browser.browsers import browsers
from tests.browser.serving import served
from tests.browser.walk import pages

README_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "form.png"
WIDTHS = (360, 1280)


def take(folder: Path) -> int:
    """Write a picture of each page into `folder`; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (
        tempfile.TemporaryDirectory() as made,
        served(Path(made) / "site") as site,
        browsers(Path(made)) as both,
    ):
        for browser in ("chromium", "firefox"):
            # The width of a headless Firefox's window is 500 pixels or more.
            widths = WIDTHS if browser == "chromium" else WIDTHS[:1]
            for script, lang, width in (
                (script, lang, width)
                for script in (True, False)
                for lang in ("ru", "en")
                for width in widths
            ):
                path = "script" if script else "bare"
                with both.tab(browser, script=script, width=width) as tab:
                    for number, name in enumerate(pages(tab, site.address, lang, script=script)):
                        picture = f"{lang}-{path}-{browser}-{width}-{number:02}-{name}.png"
                        (folder / picture).write_bytes(tab.picture())
                        count += 1
    return count


def main() -> None:
    """Take them all."""
    folder = Path(sys.argv[1])
    count = take(folder)
    (form,) = folder.glob("ru-script-chromium-360-*-form.png")
    shutil.copyfile(form, README_PICTURE)
    sys.stdout.write(f"{count} pictures in {folder}\n")


if __name__ == "__main__":
    main()
