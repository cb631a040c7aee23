"""How long a person waits: from Send to the sent page in Chromium, with and without its compiler."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.load.letters import TEXT
from benchmarks.serving import running, site_with
from tests.browser.browsers import _QUIET, CHROMIUM

SENDS = 7
SENDS_JITLESS = 3
OPEN = 30.0  # seconds that somebody spends on the form, at the least
SHORT = 5.0  # enough for a browser with a compiler, which has long stretched the code by then

# Presses Send, and answers with the milliseconds to the sent page and the longest of its pictures.
PRESS = """() => new Promise((done) => {
  const begun = performance.now();
  let last = begun, longest = 0;
  document.getElementById("send").click();
  const frame = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (document.getElementById("send") === null) done([now - begun, longest]);
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})"""


def send_once(page: Page, address: str, wait: float) -> tuple[float, float]:
    """Write, wait, continue, press Send at once; milliseconds, and the longest without a picture."""
    page.goto(f"{address}/1")
    page.fill("[name=narrative]", TEXT)
    page.wait_for_selector("#continue", timeout=120_000)
    time.sleep(wait)
    page.click("#continue")
    page.wait_for_selector("#send")
    took, longest = page.evaluate(PRESS)
    assert "step 3 of 3" in page.title(), page.title()
    return took, longest


def measure() -> list[dict[str, Any]]:
    """The figures `send_ms` and `send_ms_jitless`."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        site, _ = site_with(Path(folder), reviewers=3)
        serve = ("-m", "intake", "serve", str(site.folder), "--bind", "{}")
        with running(*serve) as server, sync_playwright() as playwright:
            for name, flags, count, wait, target in (
                ("send_ms", [], SENDS, SHORT, 300),
                ("send_ms_jitless", ["--js-flags=--jitless"], SENDS_JITLESS, OPEN, 6000),
            ):
                chromium = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=[*_QUIET, *flags]
                )
                page = chromium.new_page(locale="en")
                address = f"http://{server.address}"
                runs = [send_once(page, address, wait) for _ in range(count)]
                chromium.close()
                times = [took for took, _ in runs]
                stills = max(longest for _, longest in runs)
                rows.append(
                    {
                        "name": name,
                        "value": round(statistics.median(times), 1),
                        "unit": "ms",
                        "target": f"<= {target}",
                        "peers": {},
                        "note": f"2 kB, 3 reviewers, loopback, {min(times):.0f} to {max(times):.0f};"
                        f" longest without a new picture {stills:.0f} ms",
                    }
                )
    return rows
