"""Measures sealing and opening of age files beside npm's age-encryption and pyrage, in CPU time.

Medians after one warm-up run. pyrage has no hybrid recipients: it is measured with X25519.
"""

import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyrage  # type: ignore[import-untyped]

from intake.age import HybridIdentity, decrypt_bytes, encrypt_bytes

NODE_FOLDER = Path(__file__).parent.parent / "tests" / "age" / "node"
NODE_SCRIPT = Path(__file__).parent / "node_age.mjs"
CONTAINER = 65536  # bytes, what a text of 2 kB becomes before it is sealed


@dataclass(frozen=True)
class Job:
    """One size of plaintext, sealed to a number of recipients, run so many times by each side."""

    size: int
    recipients: int
    runs: int
    peer_runs: int


@dataclass(frozen=True)
class Seconds:
    """CPU seconds of one sealing and of one opening."""

    seal: float
    open: float


TEN = Job(10_000_000, 2, 15, 5)
HUNDRED = Job(100_000_000, 2, 3, 1)
SMALL = Job(CONTAINER, 3, 150, 30)


def measure() -> list[dict[str, object]]:
    """Give the entries `seal_10mb`, `open_10mb`, `seal_2kb_3r` and `open_2kb_3r`."""
    jobs = (TEN, HUNDRED, SMALL)
    ours = [_measure_intake(job) for job in jobs]
    npm = _measure_npm(jobs)
    rust = [_measure_pyrage(job) for job in jobs]
    return [
        _throughput("seal", [side[:2] for side in (ours, npm, rust)]),
        _throughput("open", [side[:2] for side in (ours, npm, rust)]),
        _latency("seal", 1500, [side[2] for side in (ours, npm, rust)]),
        _latency("open", 600, [side[2] for side in (ours, npm, rust)]),
    ]


def _throughput(verb: str, sides: list[list[Seconds]]) -> dict[str, object]:
    speed = [
        [
            round(job.size / 1e6 / getattr(seconds, verb))
            for job, seconds in zip((TEN, HUNDRED), side, strict=True)
        ]
        for side in sides
    ]
    (ours, ours_100), (npm, npm_100), (rust, rust_100) = speed
    return {
        "name": f"{verb}_10mb",
        "value": ours,
        "unit": "MB per CPU-second",
        "target": ">= 700 and >= 2 x npm",
        "peers": {"npm age-encryption": npm, "pyrage X25519": rust},
        "note": f"2 recipients; 100 MB: {ours_100}, npm {npm_100}, pyrage {rust_100}",
    }


def _latency(verb: str, target: int, sides: list[Seconds]) -> dict[str, object]:
    ours, npm, rust = (round(getattr(side, verb) * 1e6) for side in sides)
    return {
        "name": f"{verb}_2kb_3r",
        "value": ours,
        "unit": "CPU-microseconds",
        "target": f"<= {target}",
        "peers": {"npm age-encryption": npm, "pyrage X25519": rust},
        "note": "2 kB of text in its 64 KiB container, 3 recipients, opened by each in turn",
    }


def _cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _medians(
    runs: int, seal: Callable[[], bytes], openers: list[Callable[[bytes], object]]
) -> Seconds:
    sealed = seal()
    for opener in openers:
        opener(sealed)
    sealing = [_cpu(seal) for _ in range(runs)]
    opening = [_cpu(partial(openers[run % len(openers)], sealed)) for run in range(runs)]
    return Seconds(statistics.median(sealing), statistics.median(opening))


def _measure_intake(job: Job) -> Seconds:
    plaintext = os.urandom(job.size)
    identities = [HybridIdentity.generate() for _ in range(job.recipients)]
    recipients = [identity.recipient for identity in identities]
    return _medians(
        job.runs,
        lambda: encrypt_bytes(plaintext, recipients),
        [partial(decrypt_bytes, identities=[one]) for one in identities],
    )


def _measure_pyrage(job: Job) -> Seconds:
    plaintext = os.urandom(job.size)
    identities = [pyrage.x25519.Identity.generate() for _ in range(job.recipients)]
    recipients = [identity.to_public() for identity in identities]
    return _medians(
        job.peer_runs,
        lambda: pyrage.encrypt(plaintext, recipients),
        [partial(_pyrage_open, one) for one in identities],
    )


def _pyrage_open(identity: object, sealed: bytes) -> object:
    return pyrage.decrypt(sealed, [identity])


def _measure_npm(jobs: tuple[Job, ...]) -> list[Seconds]:
    if not (NODE_FOLDER / "node_modules" / "age-encryption").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=NODE_FOLDER, check=True)
    asked = [
        {"size": job.size, "recipients": job.recipients, "runs": job.peer_runs} for job in jobs
    ]
    run = subprocess.run(
        ["node", str(NODE_SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return [Seconds(one["seal"], one["open"]) for one in json.loads(run.stdout)]


if __name__ == "__main__":
    for entry in measure():
        print(json.dumps(entry))
