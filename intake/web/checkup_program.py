"""Looks at the program itself: whether it can seal, and whether its files are those it came with."""

import base64
import hashlib
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from cryptography.hazmat.backends.openssl.backend import backend

from intake.age import self_test
from intake.errors import IntakeError
from intake.machine import Finding, Level

OURS: Final = "testimony-intake"
_EXTRA: Final = "server"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_BEFORE: Final = re.compile(r"""python_(?:full_)?version\s*<\s*["']3\.(\d+)""", re.ASCII)
_PINNED: Final = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.ASCII | re.MULTILINE)
_LEAST: Final = (3, 11)


def examine_program(lock: Path | None) -> Iterator[Finding]:
    """Everything there is to find: 1. it can seal; 2. its packages are whole; 3. those of `lock`."""
    # (1)
    yield _sealing()
    # (2), (3)
    installed = dict(_needed(OURS, _EXTRA))
    yield _whole(installed)
    if lock is not None:
        yield _as_locked(installed, lock)


def _sealing() -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    says = f"Python {python}, SQLite {sqlite3.sqlite_version}, {backend.openssl_version_text()}"
    try:
        self_test()
    except IntakeError as error:
        return Finding(Level.WRONG, "program", f"{error.phrase}: {says}", error.hint)
    if sys.version_info < _LEAST:
        return Finding(Level.WRONG, "program", says, "Python 3.11 or later is needed")
    return Finding(Level.FINE, "program", f"seals and opens: {says}")


def _needed(name: str, extra: str = "") -> Iterator[tuple[str, Distribution]]:
    """A package and all that it needs and that is here, each once, by its normal name."""
    waiting, seen = [(name, extra)], set[str]()
    while waiting:
        name, extra = waiting.pop()
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # needed on another system, or the program would not have started
        if _normal(name) not in seen:
            seen.add(_normal(name))
            yield _normal(name), found
        for row in found.requires or ():
            needed, _, condition = row.partition(";")
            if (before := _BEFORE.search(condition)) and sys.version_info >= (3, int(before[1])):
                continue
            match = _NAME.match(needed)
            asked = "extra" not in condition or (
                extra and f'"{extra}"' in condition.replace("'", '"')
            )
            if match is not None and asked and _normal(match[0]) not in seen:
                waiting.append((match[0], ""))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _whole(installed: dict[str, Distribution]) -> Finding:
    changed = tuple(
        f"{name}: {path}" for name, found in installed.items() for path in altered(found)
    )
    if changed:
        says = f"files that are not as they were installed: {', '.join(changed[:3])}"
        advice = "install the packages again, and ask who changed them"
        return Finding(Level.WRONG, "packages", says, advice, changed)
    return Finding(Level.FINE, "packages", f"as they were installed: {len(installed)}")


def altered(found: Distribution) -> Iterator[str]:
    """The files of a package that are missing, or have another hash than its RECORD says."""
    for path in found.files or ():
        if path.hash is None:
            continue  # RECORD itself, and what Python compiled
        try:
            with closing(Path(str(path.locate())).open("rb")) as file:
                digest = hashlib.file_digest(file, path.hash.mode).digest()
        except (OSError, ValueError):
            yield str(path)
            continue
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != path.hash.value:
            yield str(path)


def _as_locked(installed: dict[str, Distribution], lock: Path) -> Finding:
    text = lock.read_text("utf-8", "replace")
    pinned = {_normal(name): version for name, version in _PINNED.findall(text)}
    if not pinned:
        says = f"{lock.name} is not a list of packages"
        return Finding(Level.WRONG, "lock", says, "name the requirements file of the wheelhouse")
    other = tuple(
        f"{name} {found.version}"
        for name, found in installed.items()
        if name != OURS and pinned.get(name) != found.version
    )
    if other:
        says = f"not as {lock.name} has them: {', '.join(other)}"
        advice = f"pip install --require-hashes -r {lock.name}"
        return Finding(Level.WRONG, "lock", says, advice, other)
    return Finding(Level.FINE, "lock", f"all packages are those of {lock.name}")
