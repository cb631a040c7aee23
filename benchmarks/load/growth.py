"""Whether a submission costs more where many are kept: 1,000 of them, 100,000, and a million stand-ins.

Filling takes minutes and 9 GB, so filled stores are kept from one run to the next in the folder that
`INTAKE_BENCH_STORES` names; without it they are made, and removed again.
"""

import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.load.measuring import Subject, check, middle, row
from benchmarks.load.sealing import Post
from benchmarks.load.stores import OPEN, REAL, STAND_IN, Filled
from benchmarks.serving import published, serving
from intake.container import SIZES
from intake.store import Store
from intake.web.settings import Settings
from intake.web.site import Site

ROUNDS = 7
EACH = 120  # submissions a round
LOOKS = 200  # at the form page, a round
CLIENTS = 2
FEW = Filled(OPEN, REAL)
MANY = {"100k": Filled(100_000, REAL), "1m": Filled(1_000_000, STAND_IN)}
STORES = "INTAKE_BENCH_STORES"


def measure() -> list[dict[str, Any]]:
    """The figures `growth_100k` and `growth_1m`, and `growth_form_*`."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name)
        kept = Path(os.environ.get(STORES) or folder / "stores")
        stores = {"few": FEW.in_folder(folder)} | {
            # A folder each: a site's server holds the one that its store is in.
            label: filled.in_folder(kept / label)
            for label, filled in MANY.items()
        }
        subjects, starts = {}, {}
        for label, path in stores.items():
            begun = time.perf_counter()
            subjects[label] = _served(servers, folder / label, path)
            starts[label] = time.perf_counter() - begun
        taken = {label: _Taken() for label in subjects}
        for turn in range(ROUNDS + 1):
            for label, subject in subjects.items():
                taken[label].round(subject, counted=turn > 0)
    rows = []
    for label, filled in MANY.items():
        few, many = taken["few"], taken[label]
        what = (
            f"{filled.count:,} stored of {filled.size:,} bytes beside {FEW.count:,} of {FEW.size:,}"
        )
        how = f"script path, median of {ROUNDS} rounds of {EACH}, taking turns"
        rows += [
            row(
                f"growth_{label}",
                middle(many.cpu) / middle(few.cpu),
                "x the CPU time",
                "<= 1.2",
                f"{what}; {how}: {middle(many.cpu):.2f} CPU-ms and {middle(few.cpu):.2f};"
                f" p50 {middle(many.p50):.1f} ms and {middle(few.p50):.1f};"
                f" started in {starts[label]:.1f} s and {starts['few']:.1f}",
            ),
            row(
                f"growth_form_{label}",
                middle(many.form) / middle(few.form),
                "x the p50 of the form page",
                "<= 1.2",
                f"{what}; {middle(many.form):.2f} ms and {middle(few.form):.2f}",
            ),
        ]
    return rows


class _Taken:
    """What was found of one store, round by round."""

    def __init__(self) -> None:
        self.cpu: list[float] = []
        self.p50: list[float] = []
        self.form: list[float] = []

    def round(self, subject: Subject, *, counted: bool) -> None:
        """Send and look; without `counted` for what is made once."""
        cost, report = subject.cost("script", CLIENTS, EACH)
        looked = subject.busy("form", 1, most=LOOKS)
        check(looked)
        if counted:
            self.cpu.append(cost)
            self.p50.append(report.quantile(0.5))
            self.form.append(looked.quantile(0.5))


def _served(servers: ExitStack, folder: Path, path: Path) -> Subject:
    """A site of today around a store that was there before it."""
    store = Store.open(path)
    settings = Settings(store.deployment, "Example", "example.onion", "en", SIZES[0])
    store.close()
    folder.mkdir()
    site = Site.make(folder / "site", replace(settings, weekly_bytes=10**12))
    site.store_path.symlink_to(path)
    panel = published(site, 3)
    return Subject(servers.enter_context(serving(site)), Post(folder, panel.roster))
