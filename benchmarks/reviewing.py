"""What reviewers wait for: 10,000 testimonies opened and imported, beside tools that open as many messages.

The import is the command itself, with all checks, the ledger and every file on the disk. gpg decrypts one
message a process, as its users' scripts do; pysequoia in one process; of both a part is measured.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pysequoia  # type: ignore[import-untyped]

from benchmarks.high_water import most
from intake.age import decrypt_bytes
from intake.review.keys import LockedIdentity, ReviewerSecret
from tests.little_log import POLICY, Little, LittleLog
from tests.panel import Panel, make_panel, seed
from tests.review.workroom import NOW, Sealed, sealed_item

COUNT = 10_000
PART = 100  # messages that gpg and pysequoia open
STORY = "They came in the evening and asked for names. " * 40


def measure() -> list[dict[str, Any]]:
    """The figures `open_2cores`, `import_10k` and `import_10k_memory`."""
    panel = make_panel()
    items = [sealed_item(panel.roster, f"{number} {STORY}") for number in range(COUNT)]
    rate = _opened_a_second(panel, items[:2000])
    with tempfile.TemporaryDirectory() as name:
        seconds, memory = _import(Path(name), panel, items)
        peers = {
            "gpg rsa4096": _gpg(Path(name) / "rsa", "rsa4096"),
            "gpg cv25519": _gpg(Path(name) / "ecc", "cv25519"),
            "pysequoia cv25519": _sequoia(),
        }
    return [
        {
            "name": "open_2cores",
            "value": round(rate),
            "unit": "a second",
            "target": ">= 1,000",
            "peers": peers,
            "note": "sealed text testimonies of 64 KiB for 3 recipients opened by 2 processes; peers by one",
        },
        {
            "name": "import_10k",
            "value": round(seconds, 1),
            "unit": "s",
            "target": "<= 60",
            "peers": {},
            "note": "`intake review import` of 10,000, with the seven checks, from its start to its end",
        },
        {
            "name": "import_10k_memory",
            "value": round(memory),
            "unit": "MB",
            "target": "<= 600",
            "peers": {},
            "note": "the most that it had resident, or that it and the processes which open for it shared",
        },
    ]


def _opened_a_second(panel: Panel, items: list[Sealed]) -> float:
    halves = items[::2], items[1::2]
    begin = time.perf_counter()
    children: list[int] = []
    for half in halves:
        child = os.fork()
        if child == 0:
            for _, sealed in half:
                decrypt_bytes(sealed, panel.identities[:1])
            os._exit(0)
        children.append(child)
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    return len(items) / (time.perf_counter() - begin)


def _import(folder: Path, panel: Panel, items: list[Sealed]) -> tuple[float, float]:
    log = LittleLog().with_rosters(panel.note).close(NOW, *(opening for opening, _ in items))
    (folder / "bundle").write_bytes(Little(panel, log, tuple(items), (), notes=()).to_bytes())
    secret = ReviewerSecret("r1", seed("reviewer 1"), seed("signer 1"))
    (folder / "r1").write_bytes(LockedIdentity.lock(secret, "four plain test words").to_bytes())
    (folder / "words").write_text("four plain test words\n")
    (folder / "policy").write_bytes(POLICY.to_bytes())
    (folder / "roots").write_bytes(panel.roster.roots.to_bytes())
    given = (
        "--roots",
        folder / "roots",
        "--policy",
        folder / "policy",
        "--identity",
        folder / "r1",
    )
    words = ("review", "import", folder / "bundle", "--case", folder / "case", *given)
    command = [sys.executable, "-m", "intake", *map(str, words)]
    begin = time.perf_counter()
    with subprocess.Popen(
        [*command, "--passphrase-file", str(folder / "words")], stdout=subprocess.DEVNULL
    ) as child:
        memory = 0
        while child.poll() is None:
            memory = max(memory, most(child.pid), _shares(child.pid))
            time.sleep(0.2)
    seconds = time.perf_counter() - begin
    assert child.returncode == 0
    return seconds, memory / 1024


def _shares(pid: int) -> int:
    """The KiB of memory that a process and its children have now (PSS): what is shared counts once."""
    found = 0
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (str(pid), *children):
            rows = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            found += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
    except OSError:
        pass  # it ended meanwhile
    return found


def _gpg(home: Path, algorithm: str) -> float:
    """Messages of 64 KiB that gpg opens a second, one a process."""
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--trust-model", "always"]
    kind = {"cv25519": ("future-default", "default"), "rsa4096": ("rsa4096", "cert,sign,encr")}
    make = ["--passphrase", "", "--quick-gen-key", "r@example.org", *kind[algorithm], "never"]
    subprocess.run([*gpg, *make], check=True, capture_output=True)
    plain = os.urandom(65_536)
    sealed = subprocess.run(
        [*gpg, "--encrypt", "--recipient", "r@example.org"],
        input=plain,
        capture_output=True,
        check=True,
    ).stdout
    begin = time.perf_counter()
    for _ in range(PART):
        done = subprocess.run([*gpg, "--decrypt"], input=sealed, capture_output=True, check=True)
        assert done.stdout == plain
    seconds = time.perf_counter() - begin
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True)
    return PART / seconds


def _sequoia() -> float:
    """The same by pysequoia, in one process."""
    key = pysequoia.Tsk.generate("r@example.org")
    plain = os.urandom(65_536)
    sealed = pysequoia.encrypt(plain, [key.extract_certificate()], armor=False)
    begin = time.perf_counter()
    for _ in range(PART):
        done = pysequoia.decrypt(sealed, key.decryptor())
        assert done.bytes == plain
    return PART / (time.perf_counter() - begin)


if __name__ == "__main__":
    print(measure())
