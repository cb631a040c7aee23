"""A folder for a stick: everything that a server installs, for a machine without a network.

It holds the product's own wheel, the wheels of `requirements/server.txt` for each Python of a
supported Debian, `install.txt`, which pins them all by hash, and the files of `deploy/`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from deploy.supply.locks import ROOT

PYTHONS = ("3.11", "3.13")  # Debian 12's and 13's
_GLIBC = range(17, 37)  # up to Debian 12's 2.36
_EPOCH = (
    "1577836800"  # what every file in what we build is dated, whatever the builder's environment
)
_FILES = ("*.service", "*.socket", "*.timer", "torrc", "*.nft", "*.conf", "README.md", "*.sysctl")


def build(kind: str, out: Path, root: Path = ROOT) -> Path:
    """Build the `wheel` or the `sdist`: from the same tree, the same bytes on every machine."""
    env = os.environ | {"SOURCE_DATE_EPOCH": _EPOCH}
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        kind,
        "--directory",
        str(out),
    ]
    subprocess.run(command, cwd=root, env=env, check=True, stdout=subprocess.DEVNULL)
    (made,) = out.glob(f"testimony_intake-*.{'whl' if kind == 'wheel' else 'tar.gz'}")
    return made


def make(out: Path, architecture: str = "x86_64", root: Path = ROOT) -> None:
    """Write the folder `out`, which must not be there; wheels come from where pip is set to look."""
    out.mkdir(parents=True)
    lock = root / "requirements/server.txt"
    for python in PYTHONS:
        _download(lock, out, python, architecture)
    ours = build("wheel", out, root)
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    digest = hashlib.sha256(ours.read_bytes()).hexdigest()
    (out / "install.txt").write_text(
        f"{lock.read_text('utf-8')}testimony-intake[server]=={version} \\\n    --hash=sha256:{digest}\n",
        "utf-8",
    )
    (out / "VERSION").write_text(f"{version}\n", "ascii")
    (out / "deploy").mkdir()
    for pattern in _FILES:
        for path in sorted((root / "deploy").glob(pattern)):
            shutil.copyfile(path, out / "deploy" / path.name)
    names = sorted(path for path in out.rglob("*") if path.is_file())
    sums = [
        f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.relative_to(out)}" for one in names
    ]
    (out / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8")


def _download(lock: Path, out: Path, python: str, architecture: str) -> None:
    platforms = [f"--platform=manylinux_2_{minor}_{architecture}" for minor in _GLIBC]
    platforms.append(f"--platform=manylinux2014_{architecture}")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += [
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        f"--python-version={python}",
    ]
    subprocess.run([*command, *platforms, "--dest", str(out), "-r", str(lock)], check=True)
