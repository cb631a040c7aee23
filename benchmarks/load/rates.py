"""What submissions cost, how many come a second, and how long they take: both paths, with their peers.

All in one run on one disk: what SQLite commits when nothing else is done, and the least that a form
costs in Flask (`benchmarks.floor`).
"""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.load.disk import bare_commits
from benchmarks.load.measuring import Subject, check, middle, row, spread, watched
from benchmarks.load.report import Report
from benchmarks.load.sealing import Post
from benchmarks.load.stores import REAL
from benchmarks.serving import WORKERS, running, serving, site_for_many

ROUNDS = 5
EACH = {"script": 120, "browser": 40, "noscript": 30, "floor": 120}  # a round
CLIENTS = 4
CROWD = 64
SECONDS = 5.0  # of each of two runs at full speed
DISK = 2.0  # seconds of bare commits, before, between and after
MOST = 600  # submissions a second for which there are letters
OF_COMMITS = 0.7
ENOUGH = 250.0  # a second, where the disk gives more


def measure() -> list[dict[str, Any]]:
    """The figures `submit_*`, `errors_64_clients` and `server_memory`."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name)
        site, panel = site_for_many(folder)
        post = Post(folder, panel.roster)
        subject = Subject(servers.enter_context(serving(site)), post)
        bare = ("-m", "benchmarks.floor", str(folder / "floor.sqlite"), "{}", str(WORKERS))
        beside = Subject(servers.enter_context(running(*bare)), post)
        with watched(subject.server) as memory:
            costs = _costs(subject, beside)
            rates = _Rates(subject, beside, folder)
        crowd = {
            path: subject.busy(path, CROWD, seconds=30, most=most)
            for path, most in (("script", 1500), ("noscript", 200))
        }
        half = subject.open({"script": rates.script / 2}, SECONDS)
        subject.check_kept(site)
    after = f"{memory.held[-1]:.0f} MB after the last"
    return [
        *_cost_rows(costs),
        *rates.rows(half),
        row(
            "errors_64_clients",
            sum(report.errors.total() for report in crowd.values()),
            "errors",
            "0",
            "; ".join(_said(path, report) for path, report in crowd.items())
            + "; every one that was acknowledged is in the store",
            {"GlobaLeaks, 4 clients, of 200": 84},
        ),
        row(
            "server_memory",
            memory.most,
            "MB PSS",
            "<= 150",
            f"the most at any time with {CLIENTS} clients, both paths, {WORKERS} workers, text; {after}",
            {"Hush Line 0.7": 358, "SecureDrop": 218, "GlobaLeaks": 127},
        ),
    ]


def _costs(subject: Subject, beside: Subject) -> dict[str, list[float]]:
    """CPU-milliseconds each by path, once a round, taking turns."""
    found: dict[str, list[float]] = {path: [] for path in EACH}
    for turn in range(ROUNDS + 1):
        for path, most in EACH.items():
            who = beside if path == "floor" else subject
            cost, _ = who.cost(path, CLIENTS, most if turn else CLIENTS * 4)
            if turn:  # the one before is for what is made once
                found[path].append(cost)
    return found


class _Rates:
    """How many a second, with `CLIENTS` clients that come back at once."""

    def __init__(self, subject: Subject, beside: Subject, folder: Path) -> None:
        commits, script, noscript, floor = [], [], [], []
        for _ in range(2):
            commits.append(bare_commits(folder, REAL, DISK))
            script.append(_full(subject, "script"))
            noscript.append(_full(subject, "noscript"))
            floor.append(_full(beside, "floor"))
        commits.append(bare_commits(folder, REAL, DISK))
        self.commits = middle(commits)
        self.script = middle([report.rate for report in script])
        self.noscript = middle([report.rate for report in noscript])
        self.floor = middle([report.rate for report in floor])
        self.p95 = middle([report.quantile(0.95) for report in script])
        self.p50 = middle([report.quantile(0.5) for report in script])
        self.own = middle([report.own_cpu * 1000 / report.sent for report in script])

    def rows(self, half: Report) -> list[dict[str, Any]]:
        """`half` is an open loop at half this rate."""
        target = min(OF_COMMITS * self.commits, ENOUGH)
        clients = f"{CLIENTS} clients, {WORKERS} workers, the generator on the same 2 cores"
        return [
            row(
                "submit_script_rate",
                self.script,
                "a second",
                f">= {target:.0f}",
                f"{clients} ({self.own:.2f} CPU-ms each); the target is the less of 250 and"
                f" {OF_COMMITS} of bare commits of as many bytes",
                {
                    "bare 70 kB SQLite commits, in this run": round(self.commits),
                    "a bare Flask form, in this run": round(self.floor),
                    "Hush Line 0.7, script": 58,
                },
            ),
            row(
                "submit_noscript_rate",
                self.noscript,
                "a second",
                ">= 35",
                f"{clients}; Argon2id at its full cost in each; {_large_pages()}",
                {"Hush Line 0.7, no script": 48, "SecureDrop": 0.87, "GlobaLeaks": 0.31},
            ),
            row(
                "submit_p95_script",
                self.p95,
                "ms",
                "<= 40",
                f"GET form to answer at full speed, {clients}, p50 {self.p50:.1f}; at half that rate,"
                f" arriving as they like: p50 {half.quantile(0.5):.1f}, p95 {half.quantile(0.95):.1f}",
                {"Hush Line 0.7, script": 89, "SecureDrop": 8222, "OnionShare": 32},
            ),
        ]


def _full(subject: Subject, path: str) -> Report:
    report = subject.busy(path, CLIENTS, seconds=SECONDS, most=int(MOST * SECONDS))
    check(report)
    return report


def _large_pages() -> str:
    """Who gets large pages, on which a third of what a code costs depends (decision 52)."""
    path = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    said = path.read_text("ascii") if path.exists() else "[none]"
    return f"large pages: {said.partition('[')[2].partition(']')[0]}"


def _said(path: str, report: Report) -> str:
    waits = f"p95 {report.quantile(0.95):.0f} ms"
    return f"{path}: {report.sent} of {report.asked}, {report.rate:.0f} a second, {waits}"


def _cost_rows(costs: dict[str, list[float]]) -> list[dict[str, Any]]:
    floor = middle(costs["floor"])
    browser = middle(costs["browser"])
    of = f"median of {ROUNDS} rounds, {CLIENTS} clients, {WORKERS} workers, SQLite FULL"
    rows = []
    for path, target, more, peers in (
        (
            "script",
            "<= 5",
            f"; with every file that a browser fetches on the way {browser:.1f}",
            {"Hush Line 0.7, script": 31},
        ),
        (
            "noscript",
            "<= 45",
            f", Argon2id at its full cost; {_large_pages()}",
            {"Hush Line 0.7, no script": 38, "SecureDrop": 440, "GlobaLeaks": 2149},
        ),
    ):
        value, runs = middle(costs[path]), spread(costs[path])
        note = f"{of} of {EACH[path]}, GET form to answer{more}; {runs}; {value / floor:.2f} times the bare form"
        beside = {**peers, "a bare Flask form, in this run": round(floor, 2)}
        rows.append(row(f"submit_{path}_cpu", value, "CPU-ms", target, note, beside))
    return rows


if __name__ == "__main__":
    for one in measure():
        print(one)
