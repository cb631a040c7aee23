"""How long a person waits who comes back: for the board in Chromium, and for the code before it."""

import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from intake.author import Holder
from intake.codename import Codename
from tests.browser.browsers import _QUIET, CHROMIUM
from tests.browser.returning import decoys, give_board, reply
from tests.browser.serving import served
from tests.browser.wire import wire_to

ROWS = 256
REPLIES = 4
OPENINGS = 5
FLAGS_JITLESS = "--js-flags=--jitless"

# Presses Open, and answers with the milliseconds from asking for the board to its messages, those of
# stretching before it, and the longest time in which nothing else could happen.
OPEN = """() => new Promise((done) => {
  const begun = performance.now();
  let last = begun, longest = 0;
  document.getElementById("open").click();
  const tick = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (document.getElementById("more") === null) return;
    clearInterval(tick);
    const asked = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/board/index"));
    const { startTime } = asked[asked.length - 1];
    done([now - startTime, startTime - begun, longest]);
  }, 4);
})"""


def open_codes(chromium: Browser, address: str, code: Codename, count: int) -> list[list[float]]:
    """What `OPEN` says, for each time the code is opened on a page of its own."""
    found = []
    for _ in range(count):
        page = chromium.new_page()
        page.goto(f"{address}/r")
        page.wait_for_selector("#open", timeout=120_000)
        page.fill("#code", " ".join(code.words))
        found.append(page.evaluate(OPEN))
        assert page.locator("section").count() == REPLIES
        page.close()
    return found


def measure() -> list[dict[str, Any]]:
    """The figures `board_256_ms`, `stretch_ms` and `stretch_ms_jitless`."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "site") as site:
        code = Codename.fresh()
        holder = Holder.of(code, site.site.settings.deployment)
        mine = [reply(site, holder, f"{n} {'я' * 2000}", number=n)[0] for n in range(REPLIES)]
        with wire_to(site.port) as wire, sync_playwright() as playwright:
            give_board(wire, site, [*mine, *decoys(ROWS - REPLIES)])
            runs = {}
            for name, flags, count in (("", [], OPENINGS), ("_jitless", [FLAGS_JITLESS], 1)):
                chromium = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=[*_QUIET, *flags]
                )
                runs[name] = open_codes(chromium, wire.address, code, count)
                chromium.close()
    boards = {name: statistics.median(board for board, _, _ in each) for name, each in runs.items()}
    rows = [
        {
            "name": "board_256_ms",
            "value": round(boards[""], 1),
            "unit": "ms",
            "target": "<= 1000",
            "peers": {},
            "note": f"{ROWS} rows, {REPLIES} of them replies, loopback, from asking for the board;"
            f" without a compiler {boards['_jitless']:.0f}",
        }
    ]
    for name, target in (("", "<= 1000"), ("_jitless", "<= 15000")):
        rows.append(
            {
                "name": f"stretch_ms{name}",
                "value": round(statistics.median(stretch for _, stretch, _ in runs[name]), 1),
                "unit": "ms",
                "target": target,
                "peers": {},
                "note": "Argon2id of 19 MiB in a Worker, from pressing Open; longest without a turn for"
                f" the page {max(longest for _, _, longest in runs[name]):.0f} ms",
            }
        )
    return rows
