"""A worker that lives says so often enough, and no more often than that."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from intake.web.worker import PatientWorker


@pytest.fixture
def worker() -> Iterator[Any]:
    """One that serves nobody."""
    config = Config()
    made: Any = PatientWorker(1, os.getppid(), [], None, config.timeout, config, Logger(config))
    yield made
    made.tmp.close()


def test_the_arbiter_is_told_again_after_a_second_and_not_before(
    worker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the loop turns; it is told that the worker lives each second, not once."""
    told: list[float] = []
    for tenth in range(1000, 1300):
        at = tenth / 10
        monkeypatch.setattr(time, "monotonic", lambda at=at: at)
        worker.notify()
        if not told or worker.tmp.last_update() != told[-1]:
            told.append(worker.tmp.last_update())
    assert told == [float(second) for second in range(100, 130)]
