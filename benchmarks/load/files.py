"""Ten sealed files of 60 MiB that come in at once: how much memory that takes, and how fast one is kept."""

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.load.measuring import Subject, check, middle, row, watched
from benchmarks.load.sealing import FILE, Post
from benchmarks.serving import WORKERS, serving, site_for_many
from intake.container import SIZES

AT_ONCE = 10
ALONE = 3


def measure() -> list[dict[str, Any]]:
    """The figures `server_memory_files` and `file_60mb_store`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site, panel = site_for_many(folder, largest=SIZES[-1])
        with serving(site) as server:
            subject = Subject(server, Post(folder, panel.roster))
            check(subject.busy("script", 16, most=400))
            check(subject.busy("noscript", 8, most=40))
            time.sleep(1)
            before = server.memory()
            alone = [_one(subject) for _ in range(ALONE)]
            with watched(server, 0.05) as memory:
                report = subject.files(AT_ONCE)
                check(report)
            subject.check_kept(site)
    size = SIZES[-1] / 1e6
    return [
        row(
            "server_memory_files",
            memory.most - before,
            "MB PSS more",
            "<= 40",
            f"the most while {AT_ONCE} sealed files of {FILE >> 20} MiB come in at once in"
            f" {report.seconds:.1f} s, above the {before:.0f} MB after texts; {WORKERS} workers,"
            f" looked at every 50 ms ({len(memory.held)} times)",
            {"SecureDrop, one of 10 MB, whole": 329, "GlobaLeaks, the same": 293},
        ),
        row(
            "file_60mb_store",
            size / middle(alone),
            "MB/s",
            ">= 60",
            f"one at a time, through HTTP into SQLite, durable; {AT_ONCE} at once:"
            f" {AT_ONCE * size / report.seconds:.0f} MB/s together",
        ),
    ]


def _one(subject: Subject) -> float:
    report = subject.files(1)
    check(report)
    return report.seconds
