"""Fixtures of the log's tests."""

from pathlib import Path

import pytest

from tests.log.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty store whose log begins with 2026-W47."""
    return World.make(tmp_path / "site")
