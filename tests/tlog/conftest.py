"""Fixtures of the log's tests."""

import pytest

from tests.tlog.go_checker import Go, build


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Go:
    """Go's own implementation; the first build takes half a minute, later ones a second."""
    assert pytestconfig.cache is not None
    return build(tmp_path_factory.mktemp("go") / "checker", pytestconfig.cache.mkdir("go"))
