"""Measures the log: appending a million entries, auditing them, and hashing beside Go's tlog.

CPU time, each job in a process of its own so that its memory can be told. The log's folder is made
by the benchmark and removed.
"""

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MILLION = 1_000_000
SMALL = 100_000  # a tenth, to see whether memory grows


def measure() -> list[dict[str, object]]:
    """Give the entries `leaf_append`, `leaf_audit`, `hash_million_vs_go`, `log_memory`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, small_audit = _append_and_audit(folder / "small", SMALL)
        large, large_audit = _append_and_audit(folder / "large", MILLION)
        ours = _run("hash", folder, MILLION)
        go = _go_seconds(folder, MILLION, ours["root"])
    growth = max(
        large["memory"] - small["memory"],
        large_audit["memory"] - small_audit["memory"],
    )
    disk = (large["wall"] - large["seconds"]) / MILLION * 1e6
    return [
        {
            "name": "leaf_append",
            "value": round(large["seconds"] / MILLION * 1e6, 2),
            "unit": "CPU-microseconds",
            "target": "<= 30",
            "peers": {},
            "note": f"1,000,000 entries of 33 bytes with all their tiles; waited for the disk: "
            f"{disk:.1f} us a leaf more",
        },
        {
            "name": "leaf_audit",
            "value": round(large_audit["seconds"] / MILLION * 1e6, 2),
            "unit": "CPU-microseconds",
            "target": "<= 10",
            "peers": {},
            "note": "every entry read from its tiles, parsed, and proved against the root",
        },
        {
            "name": "hash_million_vs_go",
            "value": round(ours["seconds"] / go, 1),
            "unit": "x Go's CPU time",
            "target": "<= 4",
            "peers": {"Go x/mod tlog": 1},
            "note": f"the root of 1,000,000 entries: {ours['seconds']:.2f} s, Go {go:.2f} s",
        },
        {
            "name": "log_memory",
            "value": round(growth / 1e6, 1),
            "unit": "MB more",
            "target": "<= 5",
            "peers": {},
            "note": "peak of appending or auditing 1,000,000 entries above that of 100,000",
        },
    ]


def _append_and_audit(folder: Path, size: int) -> tuple[dict[str, Any], dict[str, Any]]:
    appended = _run("append", folder, size)
    return appended, _run("audit", folder, size, appended["root"])


def _run(job: str, folder: Path, size: int, root: str = "") -> dict[str, Any]:
    """Run one job in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.log_speed", job, str(folder), str(size), root],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout)


def _go_seconds(folder: Path, size: int, root: str) -> float:
    from tests.tlog.go_checker import build

    cache = ROOT / ".pytest_cache" / "d" / "go"
    cache.mkdir(parents=True, exist_ok=True)
    go = build(folder / "checker", cache)
    answers = [go.ask("bench", size=size) for _ in range(3)]
    if any(answer["Root"] != root for answer in answers):
        raise SystemExit("Go finds another root")
    return min(answer["Seconds"] for answer in answers)


def _entries(size: int) -> Iterator[bytes]:
    return (b"B" + number.to_bytes(32, "big") for number in range(size))


def _append(folder: Path, size: int, _: str) -> bytes:
    from intake.tlog.tile_writer import TileWriter

    return TileWriter(folder).append(_entries(size)).root


def _audit(folder: Path, size: int, root: str) -> bytes:
    from intake.tlog.entries import parse_entry
    from intake.tlog.tile_reader import TileReader, folder_reader

    believed = base64.b64decode(root)
    for entry in TileReader(folder_reader(folder), size, believed).entries():
        parse_entry(entry)
    return believed


def _hash(_: Path, size: int, __: str) -> bytes:
    from itertools import islice

    from intake.tlog.merkle import EMPTY, leaf_hashes

    entries, edge = _entries(size), EMPTY
    while batch := list(islice(entries, 4096)):
        edge = edge.extended(leaf_hashes(batch))
    return edge.root


JOBS: dict[str, Callable[[Path, int, str], bytes]] = {
    "append": _append,
    "audit": _audit,
    "hash": _hash,
}


def _main(job: str, folder: str, size: str, root: str) -> None:
    import time

    from benchmarks.high_water import most

    wall, cpu = time.perf_counter(), time.process_time()
    found = JOBS[job](Path(folder), int(size), root)
    seconds, waited = time.process_time() - cpu, time.perf_counter() - wall
    report = {"seconds": seconds, "wall": waited, "memory": most() * 1024}
    print(json.dumps(report | {"root": base64.b64encode(found).decode()}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
