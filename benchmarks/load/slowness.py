"""How long honest people wait while hundreds of connections send a byte a second, beside without them."""

import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.load.measuring import Subject, check, row
from benchmarks.load.report import Report
from benchmarks.load.sealing import Post
from benchmarks.load.slow import slow_visitors
from benchmarks.serving import WORKERS, serving, site_for_many

SLOW = 500
HONEST = {"script": 20.0, "noscript": 2.0}  # a second
SECONDS = "INTAKE_BENCH_SLOW"  # for how long; as many again without them
DEFAULT = 60.0


def measure() -> list[dict[str, Any]]:
    """The figure `slow_clients_p95`."""
    seconds = float(os.environ.get(SECONDS) or DEFAULT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site, panel = site_for_many(folder)
        with serving(site) as server:
            subject = Subject(server, Post(folder, panel.roster))
            check(subject.open(HONEST, 5))
            alone = [subject.open(HONEST, seconds / 2)]
            with slow_visitors(server.address, SLOW, seconds * 2 + 300) as slow:
                beside = subject.open(HONEST, seconds)
            alone.append(subject.open(HONEST, seconds / 2))
            subject.check_kept(site)
    for report in (*alone, beside):
        check(report)
    ratios = {path: beside.quantile(0.95, path) / _p95(alone, path) for path in HONEST}
    said = ", ".join(
        f"{path} {beside.quantile(0.95, path):.1f} ms beside {_p95(alone, path):.1f}"
        for path in HONEST
    )
    return [
        row(
            "slow_clients_p95",
            max(ratios.values()),
            "x the p95 without them",
            "<= 3",
            f"{SLOW} connections, each a byte a second for {seconds:.0f} s, with heads, texts and large"
            f" letters, to {WORKERS} workers; {said}, no errors, {beside.sent} sent;"
            f" {slow.sent:,} bytes, {slow.closed} closed by the server",
        )
    ]


def _p95(alone: list[Report], path: str) -> float:
    waited = [time for report in alone for time in report.waited[path]]
    return Report(waited={path: waited}).quantile(0.95)
