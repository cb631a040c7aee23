"""Fixtures for every test: a panel of reviewers."""

import pytest

from tests.panel import Panel, make_panel


@pytest.fixture(scope="session")
def panel() -> Panel:
    """Three reviewers and their signed roster, good today."""
    return make_panel()
