"""Fixtures of the store's tests: what is promised of it is promised on both engines."""

from pathlib import Path

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses `place` on both engines, unless it looks into SQLite's own files."""
    if "place" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker
        later = [pytest.mark.long] if marked("repeated") else []
        other = [] if marked("sqlite") else [pytest.param("postgresql", marks=later)]
        metafunc.parametrize("place", ["sqlite", *other], indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path):
    """Where a new store can be made."""
    if request.param == "sqlite":
        yield tmp_path / "store.sqlite"
        return
    with request.getfixturevalue("cluster").new_database() as made:
        yield made
