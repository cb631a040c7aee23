"""The private Tor network, started as soon as a test that needs it is read in."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.onion.joining import Joined, Network

_HERE = Path(__file__).parent
_JOINED = pytest.StashKey[Joined]()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start it now: it is ready a minute later, while other tests run."""
    if config.option.collectonly or not any(_HERE in item.path.parents for item in items):
        return
    run = getattr(config, "workerinput", {}).get("testrunuid", str(os.getpid()))
    config.stash[_JOINED] = Joined(Path(tempfile.gettempdir()) / f"intake-tor-{run[:12]}")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of it: with the last process that does, it ends."""
    joined = config.stash.get(_JOINED, None)
    if joined is not None:
        joined.let_go()


@pytest.fixture(scope="session")
def network(pytestconfig: pytest.Config) -> Network:
    """The network, when it is ready."""
    return pytestconfig.stash[_JOINED].wait()
