"""What several tests of the age format share: identities, and the npm implementation."""

import fcntl
import hashlib
import subprocess
from pathlib import Path

import pytest

from intake.age import HybridIdentity, X25519Identity

NODE_FOLDER = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def hybrid() -> HybridIdentity:
    return HybridIdentity.from_seed(hashlib.sha256(b"intake test identity 1").digest())


@pytest.fixture(scope="session")
def other_hybrid() -> HybridIdentity:
    return HybridIdentity.from_seed(hashlib.sha256(b"intake test identity 2").digest())


@pytest.fixture(scope="session")
def classic() -> X25519Identity:
    return X25519Identity.from_seed(hashlib.sha256(b"intake test identity classic").digest())


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """The folder with npm's age-encryption in it, installed from its lock where it is missing."""
    # Several test processes may come here at once; the others wait for the one that installs.
    with (NODE_FOLDER / "package.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (NODE_FOLDER / "node_modules" / "age-encryption").is_dir():
            subprocess.run(
                ["npm", "ci", "--ignore-scripts"], cwd=NODE_FOLDER, check=True, timeout=300
            )
    return NODE_FOLDER
