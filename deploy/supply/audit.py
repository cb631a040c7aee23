"""What `make audit` asks: is everything that is installed in the locks, and is any of it known to be bad?

What needs no network is always checked. The two public databases of advisories are asked over the
network; one that does not answer is a finding, never silence.
"""

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from deploy.supply.locks import (
    DEV,
    NPM,
    ROOT,
    LockError,
    Pinned,
    installed_locks,
    npm_lock,
    python_lock,
)

# May be combined with a program under AGPL-3.0-or-later and given on.
FREE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "HPND", "ISC", "MIT"}
    | {"MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib", "LGPL-3.0-or-later"}
    | {"LGPL-3.0-only"}
)
_OURS = "testimony-intake"
# What `python -m venv` puts there, and what `make lock` does.
_BROUGHT_WITH_THE_ENVIRONMENT = ("pip", "setuptools", "uv")
_MOST = 300  # seconds for a database to answer


def offline(root: Path = ROOT) -> Iterator[str]:
    """What is wrong that can be seen without a network.

    1. Every line of every lock pins one version by hashes.
    2. Every package that people install has a licence that may be given on.
    3. Nothing is installed here that is not in the lock, and nothing in another version.
    4. What is installed fits together (`pip check`).
    5. No script of an npm package runs when it is installed.
    """
    # (1)
    try:
        dev = {_files_of(one) for one in python_lock(DEV, root)}
        shipped = {
            _files_of(one) for lock in installed_locks(root) for one in python_lock(lock, root)
        }
        for path in NPM:
            npm_lock(path, root)
    except LockError as error:
        yield str(error)
        return
    for name, version, _ in sorted(shipped - dev):
        yield f"{name} {version} is tested in another version, or not at all"
    # (2)
    yield from _licences(root)
    # (3)
    for distribution in importlib.metadata.distributions():
        name = re.sub(r"[-_.]+", "-", distribution.name).lower()
        locked = any(one[:2] == (name, distribution.version) for one in dev)
        if not locked and name not in (_OURS, *_BROUGHT_WITH_THE_ENVIRONMENT):
            yield f"{name} {distribution.version} is installed here and not in the lock"
    # (4)
    pip = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    yield from pip.stdout.splitlines() if pip.returncode else ()
    # (5)
    if re.search(r"npm (ci|install)(?!.*--ignore-scripts)", (root / "Makefile").read_text("utf-8")):
        yield "the Makefile lets packages of npm run scripts when they are installed"


def _files_of(one: Pinned) -> tuple[str, str, tuple[str, ...]]:
    return one.name, one.version, one.hashes


def _licences(root: Path) -> Iterator[str]:
    rows = (root / "requirements/licences.txt").read_text("utf-8").splitlines()
    known = dict(row.split(None, 1) for row in rows if row and not row.startswith("#"))
    names = {one.name for lock in installed_locks(root) for one in python_lock(lock, root)}
    for name in sorted(names ^ known.keys()):
        yield f"{name}: in requirements/licences.txt and in no lock, or the other way round"
    for path in NPM:
        known |= {one.name: one.licence for one in npm_lock(path, root) if not one.is_for_building}
    for name, expression in sorted(known.items()):
        words = set(re.split(r"[\s()]+|\bAND\b|\bOR\b", expression)) - {""}
        if not words or words - FREE:
            yield f"{name}: may it be given on under {expression or 'no licence'}?"


def databases(root: Path = ROOT) -> Iterator[str]:
    """What the databases of advisories know of what is locked, or that one did not answer."""
    for name in (*installed_locks(root), DEV):
        yield from _asked(f"{name}.txt", _pip_audit(name, root), root, _advisories_of_pip)
    for path in NPM:
        command = ["npm", "audit", "--json", "--package-lock-only"]
        yield from _asked(path, command, (root / path).parent, _advisories_of_npm)


def _pip_audit(name: str, root: Path) -> list[str]:
    lock = root / "requirements" / f"{name}.txt"
    words = ["--disable-pip", "--no-deps", "--require-hashes", "--progress-spinner=off"]
    return [sys.executable, "-m", "pip_audit", *words, "--format=json", "-r", str(lock)]


def _asked(
    lock: str, command: list[str], folder: Path, read: Callable[[dict[str, object]], list[str]]
) -> Iterator[str]:
    silent = f"{lock}: the database of advisories cannot be reached: not audited"
    try:
        asked = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_MOST, check=False
        )
        found = read(json.loads(asked.stdout))
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        yield silent
        return
    if not found and asked.returncode:
        yield silent
    yield from (f"{lock}: {one}" for one in found)


def _advisories_of_pip(answer: dict[str, object]) -> list[str]:
    rows = answer["dependencies"]
    assert isinstance(rows, list)
    found = [
        f"{row['name']} {row['version']}: {bad['id']}"
        for row in rows
        for bad in row.get("vulns", [])
    ]
    # A package that the database was not asked about is reported by the tool, and its exit is 0.
    skipped = [row["name"] for row in rows if "skip_reason" in row]
    if skipped:
        found.append(f"{len(skipped)} packages could not be looked up, the first is {skipped[0]}")
    return found


def _advisories_of_npm(answer: dict[str, object]) -> list[str]:
    rows = answer["vulnerabilities"]
    assert isinstance(rows, dict)
    return [f"{name}: {row['severity']}" for name, row in sorted(rows.items())]
