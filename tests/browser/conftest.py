"""A site that is really served, a wire in front of it, and two real browsers."""

from collections.abc import Iterator

import pytest

from tests.browser.browsers import Browsers, Tab
from tests.browser.serving import Served, served
from tests.browser.wire import Wire, wire_to


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site, served by `intake serve`."""
    with served(tmp_path_factory.mktemp("server") / "site") as running:
        yield running


@pytest.fixture
def site(server: Served) -> Served:
    """The same site, as if nothing was kept there yet."""
    server.begin()
    return server


@pytest.fixture
def wire(site: Served) -> Iterator[Wire]:
    """The wire between the browser and the site."""
    with wire_to(site.port) as between:
        yield between


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> str:
    """The name of each browser."""
    return str(request.param)


@pytest.fixture
def tab(both: Browsers, browser: str) -> Iterator[Tab]:
    """A tab of each browser, with script."""
    with both.tab(browser, script=True) as opened:
        yield opened


@pytest.fixture
def bare_tab(both: Browsers, browser: str) -> Iterator[Tab]:
    """A tab of each browser, without script."""
    with both.tab(browser, script=False) as opened:
        yield opened
