"""What an operator can rely on when somebody tries to fill the disk."""

from pathlib import Path

import pytest

from intake import budget
from intake.budget import FLOOR, RESERVE, Budget, Step, budget_state
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.store import Allowance, Store

NOW = Epoch.now()
ENOUGH = RESERVE


@pytest.mark.parametrize(
    ("taken", "free", "step"),
    [
        (0, ENOUGH, Step.OPEN),
        (499, ENOUGH, Step.OPEN),
        (500, ENOUGH, Step.NO_FILES),
        (799, ENOUGH, Step.NO_FILES),
        (800, ENOUGH, Step.TEXT_ONLY),
        (999, ENOUGH, Step.TEXT_ONLY),
        (1000, ENOUGH, Step.CLOSED),
        (5000, ENOUGH, Step.CLOSED),
        (0, RESERVE - 1, Step.TEXT_ONLY),
        (0, FLOOR, Step.TEXT_ONLY),
        (0, FLOOR - 1, Step.CLOSED),
        (999, FLOOR - 1, Step.CLOSED),
    ],
)
def test_the_step_follows_from_the_sum_of_the_week_and_the_free_disk(
    taken: int, free: int, step: Step
) -> None:
    assert Budget(1000).step(taken, free) is step


def test_what_is_taken_fits_the_step_that_is_shown() -> None:
    """Where a page or the operator is told that texts are taken, they are, and nowhere else."""
    week = Budget(1000)
    for taken in range(0, 1200, 100):
        for free in (FLOOR - 1, FLOOR, RESERVE - 1, RESERVE):
            step = week.step(taken, free)
            for text, last in ((True, Step.TEXT_ONLY), (False, Step.OPEN)):
                allowed = taken < week.below(text=text) and free >= week.free_for(text=text)
                assert allowed == (step <= last)


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(MalformedError):
        Budget(0)


def test_every_step_has_a_line_for_the_operator_that_holds_no_number() -> None:
    lines = {step.alarm for step in Step}
    assert len(lines) == len(Step)
    assert not any(character.isdigit() for line in lines for character in line)


def test_the_operator_sees_where_the_week_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.create(tmp_path / "store.sqlite", "test-abcdefgh")
    store.keep(bytes(16), bytes(32), b"o", b"x" * 60, Allowance(NOW, 1000))
    state = budget_state(store, 100, NOW)
    assert (state.epoch, state.taken, state.weekly) == (NOW, 60, 100)
    assert state.step is Budget(100).step(60, state.free)
    assert 0 < state.free <= store.free() + (1 << 30)
    monkeypatch.setattr(budget, "FLOOR", state.free * 2)
    assert budget_state(store, 100, NOW).step is Step.CLOSED
    store.close()
