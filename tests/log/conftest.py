"""Fixtures of the log's tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.tlog.policy import Policy
from tests.log.witnesses import HonestWitness, policy_of, witnesses
from tests.log.worlds import SIGNER, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty store whose log begins with 2026-W47."""
    return World.make(tmp_path / "site")


@pytest.fixture
def three() -> Iterator[list[HonestWitness]]:
    """Three witnesses that know the log's key."""
    with witnesses(SIGNER.vkey, [os.urandom(32) for _ in range(3)]) as found:
        yield found


@pytest.fixture
def policy(three: list[HonestWitness]) -> Policy:
    """Two of the three must cosign."""
    return policy_of(SIGNER.vkey, three)
