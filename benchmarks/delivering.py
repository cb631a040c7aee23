"""What it takes to deliver 10,000 replies, and to send a withdrawal that withdraws nothing."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.serving import site_with
from intake.author import WEEKS, WITHDRAW_SIZE
from intake.board import decoy
from intake.epoch import Epoch
from intake.outbox import Outbox
from intake.store import Store
from intake.tlog.note import Algorithm, Signer
from tests.panel import seed

COUNT = 10_000
TIMES = 9


def measure() -> list[dict[str, Any]]:
    """The figures `deliver_10k` and `withdraw_nothing_cpu`."""
    with tempfile.TemporaryDirectory() as name:
        site, _ = site_with(Path(name), reviewers=3)
        # From outside a decoy is what a reply is, and costs the reviewers' machine as much.
        rows = (decoy() for _ in range(COUNT))
        signer = Signer("r1", Algorithm.ED25519, seed("signer 1"))
        path = Path(name) / "outbox"
        outbox = Outbox.of(site.settings.deployment, Epoch.now(), rows)
        path.write_bytes(outbox.signed(signer))
        command = [sys.executable, "-m", "intake", "deliver", str(site.folder), str(path)]
        begin = time.perf_counter()
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds = time.perf_counter() - begin
        assert said.startswith(f"{COUNT} replies wait"), said
        store = Store.open(site.store_path)
        withdrawal = min(_withdraw_nothing(store) for _ in range(TIMES))
        store.close()
    return [
        {
            "name": "deliver_10k",
            "value": round(seconds, 2),
            "unit": "s",
            "target": "<= 60",
            "peers": {},
            "note": "`intake deliver` of 10,000 rows, 109 MB, from its start to its end",
        },
        {
            "name": "withdraw_nothing_cpu",
            "value": round(withdrawal, 1),
            "unit": "CPU-ms",
            "target": "<= 150",
            "peers": {},
            "note": f"all secrets of one code in {WEEKS} weeks, none of which opens anything",
        },
    ]


def _withdraw_nothing(store: Store) -> float:
    secrets = [os.urandom(WITHDRAW_SIZE) for _ in range(WEEKS * 256)]
    begin = time.process_time()
    assert store.withdraw(secrets, Epoch.now()) == 0
    return (time.process_time() - begin) * 1000


if __name__ == "__main__":
    print(measure())
