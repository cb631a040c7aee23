"""Reads the locks of both ecosystems: every package, its one version, its hashes.

Only the standard library is used here: the wheel's bill of materials is made while it is built, where
nothing else is installed.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NPM = ("intake/web/js/package-lock.json", "tests/age/node/package-lock.json")
DEV = "dev"  # the one lock whose packages nobody installs with the product
_PIN = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)==([0-9][0-9A-Za-z.+!-]*)(?: ; (.+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_INTEGRITY = re.compile(r"sha512-([A-Za-z0-9+/]{86}==)")


class LockError(Exception):
    """A lock that does not pin everything in it."""


@dataclass(frozen=True)
class Pinned:
    """One package at one version, and the hashes of the files that may be installed for it."""

    ecosystem: str
    name: str
    version: str
    hashes: tuple[str, ...]  # hexadecimal: SHA-256 of PyPI's files, SHA-512 of npm's
    licence: str = ""
    marker: str = ""
    is_for_building: bool = False
    needs: tuple[str, ...] = field(default=(), compare=False)

    @property
    def purl(self) -> str:
        """Its name in the form that bills of materials use (package-url)."""
        return f"pkg:{self.ecosystem}/{self.name.replace('@', '%40')}@{self.version}"


def installed_locks(root: Path = ROOT) -> tuple[str, ...]:
    """The names of the locks that people install from."""
    names = sorted(path.stem for path in (root / "requirements").glob("*.txt"))
    return tuple(name for name in names if name not in (DEV, "licences"))


def python_lock(name: str, root: Path = ROOT) -> list[Pinned]:
    """The packages of `requirements/NAME.txt`; raises `LockError` at the first line that pins nothing."""
    text = (root / "requirements" / f"{name}.txt").read_text("utf-8").replace(" \\\n", " ")
    return [_pinned(line, f"{name}.txt") for line in text.splitlines() if line]


def _pinned(line: str, where: str) -> Pinned:
    requirement, *hashes = re.split(r"\s+(?=--hash=)", line.strip())
    found = _PIN.fullmatch(requirement.strip())
    if found is None:
        raise LockError(f"{where}: not one version of one package: {requirement[:60]}")
    matched = [_HASH.fullmatch(one.strip()) for one in hashes]
    if not matched or None in matched:
        raise LockError(f"{where}: {found[1]} has no hash, or one that is none")
    digests = tuple(sorted(one[1] for one in matched if one))
    return Pinned("pypi", found[1], found[2], digests, marker=found[3] or "")


def npm_lock(path: str, root: Path = ROOT) -> list[Pinned]:
    """The packages of a `package-lock.json`; raises `LockError` where one has no integrity."""
    lock = json.loads((root / path).read_text("utf-8"))
    if lock.get("lockfileVersion") != 3:
        raise LockError(f"{path}: not of version 3")
    return list(_npm_packages(lock["packages"], path))


def _npm_packages(packages: Mapping[str, Mapping[str, object]], path: str) -> Iterator[Pinned]:
    for place, row in sorted(packages.items()):
        if not place:
            continue  # what the lock is for
        name = place.rpartition("node_modules/")[2]
        found = _INTEGRITY.fullmatch(str(row.get("integrity", "")))
        if found is None:
            raise LockError(f"{path}: {name} has no SHA-512")
        needs = row.get("dependencies", {})
        assert isinstance(needs, Mapping)
        yield Pinned(
            *("npm", name, str(row["version"])),
            (base64.b64decode(found[1]).hex(),),
            str(row.get("license", "")),
            is_for_building=bool(row.get("dev")),
            needs=tuple(sorted(needs)),
        )
