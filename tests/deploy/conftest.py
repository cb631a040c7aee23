"""The machine that tests of units share: each leaves it as it was."""

from collections.abc import Iterator

import pytest

from tests.deploy.machine import Machine, likeness
from tests.deploy.site_on import set_up


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """One with the real systemd, on which a site is served by the units of deploy/."""
    with likeness(tmp_path_factory.mktemp("machine")) as machine:
        set_up(machine)
        yield machine
