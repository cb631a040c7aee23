"""Fixtures for every test: a panel of reviewers, Go's own log, and two real browsers."""

import os
import resource
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from argon2.low_level import hash_secret_raw
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.demo import roles
from intake.review import keys
from tests import starting
from tests.browser.browsers import Browsers, browsers
from tests.one_day import wait_for_it
from tests.panel import Panel, make_panel
from tests.postgres.clusters import Cluster, running
from tests.templates_once import (
    compile_addresses_once,
    compile_templates_once,
    pack_files_once,
)
from tests.tlog.go_checker import Go, build

# One worker boots a machine for all of them.
_ON_ONE_MACHINE = (
    "tests/deploy/test_database_elsewhere.py",
    "tests/deploy/test_doctor_units.py",
    "tests/deploy/test_kept_apart.py",
)

# What takes longest, and would keep one worker when all others have ended.
_LONGEST = (
    *(
        "browser/",
        "test_coming_back.py",
        "test_whole_way.py",
        "test_vectors.py",
        "fuzz/test_fuzzing.py",
    ),
    *("audit/test_canary_twin.py", "log/test_log_machine.py", "review/test_canary_cycle.py"),
    *("faults/", "web/test_forgetting.py", "web/test_hardships.py", "web/test_slow_visitors.py"),
    *("load/test_soak.py", *(name.removeprefix("tests/") for name in _ON_ONE_MACHINE)),
)

# What waits for a network that is not ready at once, and would have a worker wait with it.
_LATER = ("onion/",)

_MEMORY = Path("/dev/shm")
_ROOM = 3 << 30  # bytes; a run of three processes was seen to hold a sixth of it

_derived = cache(hash_secret_raw)
_setrlimit = resource.setrlimit
_DUMPS = resource.getrlimit(resource.RLIMIT_CORE)
_UMASK = os.umask(0o022)
os.umask(_UMASK)

compile_templates_once()
pack_files_once()
compile_addresses_once()


def _lie_in_memory() -> None:
    """Keep the tests' folders in memory where there is room: on a disk each fsync is waited for.

    Where programs cannot be run there they stay where they are: some tests write programs.
    """
    if _MEMORY.is_dir():
        there = os.statvfs(_MEMORY)
        if there.f_bavail * there.f_frsize >= _ROOM and not there.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


_lie_in_memory()


def _set_limit(which: int, limits: tuple[int, int]) -> None:
    """What refuses dumps for its process lowers the limit for good; tests after it would have it too.

    So within this process the most that may be is kept.
    """
    most = resource.getrlimit(which)[1] if which == resource.RLIMIT_CORE else limits[1]
    _setrlimit(which, (limits[0], most))


resource.setrlimit = _set_limit


def pytest_configure(config: pytest.Config) -> None:
    """Before the processes of a whole run are started; a test or two need not wait."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        wait_for_it()


@pytest.fixture(autouse=True)
def _as_all_began() -> Iterator[None]:
    """Core dumps as they were, and who may read a new file: a server that runs here changes both."""
    _set_limit(resource.RLIMIT_CORE, _DUMPS)
    yield
    os.umask(_UMASK)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server; each test has a database of its own there."""
    with running() as made:
        yield made


@pytest.fixture(scope="session")
def panel() -> Panel:
    """Three reviewers and their signed roster, good today."""
    return make_panel()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes longest begin first; within it the order is as it was drawn."""

    def turn(item: pytest.Item) -> int:
        name = item.nodeid.removeprefix("tests/")
        return 0 if name.startswith(_LONGEST) else 1 if name.startswith(_LATER) else 2

    items.sort(key=turn)


class _ByModule(LoadScopeScheduling):
    """Each module to a worker, but what shares a machine to one."""

    def _split_scope(self, nodeid: str) -> str:
        scope = super()._split_scope(nodeid)
        return _ON_ONE_MACHINE[0] if scope in _ON_ONE_MACHINE else scope


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """In place of its own way by modules."""
    return _ByModule(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture
def derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id's 256 MiB cost this process once for each passphrase and salt, not for each command.

    For commands that are not about keys. Where they are what is tested, each unlocking pays in full.
    """
    monkeypatch.setattr(keys, "hash_secret_raw", _derived)


@pytest.fixture(scope="module")
def forked_people() -> Iterator[None]:
    """Each command of the people of `make demo` is a fork, half a second less each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roles, "ran", starting.ran)
        yield


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Go:
    """Go's own implementation; the first build takes half a minute, later ones a second."""
    assert pytestconfig.cache is not None
    return build(tmp_path_factory.mktemp("go") / "checker", pytestconfig.cache.mkdir("go"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """For `make long`."""
    parser.addoption("--whole-chromium", action="store_true", help="with the windows around pages")


@pytest.fixture(scope="session")
def both(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Browsers]:
    """Both browsers, each started when it is first used; there is one Playwright to a process."""
    whole = pytestconfig.getoption("--whole-chromium")
    with browsers(tmp_path_factory.mktemp("profiles"), whole=whole) as running:
        yield running
