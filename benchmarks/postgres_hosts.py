"""How much more two hosts take than one, each limited to half a core, on one PostgreSQL server.

Run by itself, as root: `python -m benchmarks.postgres_hosts`. It needs an idle machine of two cores,
on which the server and the senders have the other core, and the kernel's cpu controller.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from typing import Any

from intake.author import Author
from intake.container import Mode
from intake.epoch import Epoch
from intake.opening import Letter
from intake.seal import seal
from intake.store import PostgresPlace, Store
from intake.testimony import Testimony
from intake.web.site import Site, today_in_utc
from tests.panel import Panel, make_panel
from tests.postgres.clusters import running
from tests.web.follow import Visitor, over_http
from tests.web.serving import serving

ROUNDS = 3
EACH = 200  # submissions a round and host
SENDERS = 8  # a host
TEXT = ("Это было вечером, нас везли минут сорок, потом железные ворота. " * 32)[:2000]
_CPU = (Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup"))


@contextmanager
def half_a_core(name: str) -> Iterator[list[str]]:
    """A command to begin another with, which then has half a core; cgroup v1 or v2."""
    top = next(path for path in _CPU if path.is_dir())
    group = top / f"intake-{os.getpid()}-{name}"
    group.mkdir()
    try:
        if (group / "cpu.cfs_quota_us").exists():
            (group / "cpu.cfs_period_us").write_text("20000")
            (group / "cpu.cfs_quota_us").write_text("10000")
        else:
            (group / "cpu.max").write_text("10000 20000")
        yield ["sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh"]
    finally:
        group.rmdir()


def two_sites(folder: Path, place: PostgresPlace) -> tuple[list[Site], Panel]:
    """One site in two folders."""
    site = Site.create(folder / "a", "bench", "Example", "example.onion", "en")
    said = replace(site.settings, store=place.url, store_room=place.room)
    (site.folder / "site.toml").write_bytes(said.to_bytes())
    Store.create(place, said.deployment).close()
    panel = make_panel(3, deployment=said.deployment)
    site.publish(panel.note, panel.roster.roots, today_in_utc())
    shutil.copytree(site.folder, folder / "b")
    return [Site.open(folder / name) for name in ("a", "b")], panel


def letters(panel: Panel, count: int) -> list[Letter]:
    """Sealed before anything is measured: that is the senders' own cost."""
    today = today_in_utc()
    testimony = Testimony.from_answers("ru", {"narrative": TEXT}, ())
    return [
        seal(
            testimony,
            panel.roster,
            mode=Mode.BROWSER,
            today=today,
            author=Author.fresh(Epoch.of(today)),
        )
        for _ in range(count)
    ]


def send(port: int, letter: Letter) -> None:
    """Form, then the sealed letter as the script sends it."""
    page = Visitor(over_http(port)).get("/1")
    headers = {
        "Content-Type": "application/octet-stream",
        "X-CSRFToken": page.forms[0].value("csrf_token"),
        "Cookie": page.header("Set-Cookie").partition(";")[0],
    }
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/s", letter.to_bytes(), headers)
    assert connection.getresponse().status == 200
    connection.close()


def rate(ports: list[int], some: list[Letter]) -> float:
    """Submissions a second, with as many senders at each host."""
    begin = time.monotonic()
    with ThreadPoolExecutor(SENDERS * len(ports)) as senders:
        for sent in senders.map(send, cycle(ports), some):
            del sent
    return len(some) / (time.monotonic() - begin)


def measure() -> list[dict[str, Any]]:
    """The figure `postgres_two_hosts`: one host and two take turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_:
        cluster = open_.enter_context(running(on_disk=True))
        sites, panel = two_sites(Path(folder), cluster.database("intake"))
        ports = []
        for site in sites:
            before = open_.enter_context(half_a_core(site.folder.name))
            port, _ = open_.enter_context(serving(site.folder, before, workers=1))
            ports.append(port)
        ones, twos = [], []
        rate(ports, letters(panel, 20))
        for _ in range(ROUNDS):
            some = letters(panel, 3 * EACH)
            ones.append(rate(ports[:1], some[:EACH]))
            twos.append(rate(ports, some[EACH:]))
        kept = Store.open(sites[0].store_place)
        assert kept.count() == 20 + ROUNDS * 3 * EACH
        kept.close()
    ratio = statistics.median(two / one for one, two in zip(ones, twos, strict=True))
    return [
        {
            "name": "postgres_two_hosts",
            "value": round(ratio, 2),
            "unit": "times one host",
            "target": ">= 1.6",
            "peers": {},
            "note": f"median of {ROUNDS} rounds of {EACH} a host, half a core each (cgroup cpu), 1 worker;"
            f" one {statistics.median(ones):.0f}/s, two {statistics.median(twos):.0f}/s, GET form to answer",
        }
    ]


if __name__ == "__main__":
    for row in measure():
        sys.stdout.write(
            f"{row['name']} {row['value']} {row['unit']} ({row['target']}): {row['note']}\n"
        )
