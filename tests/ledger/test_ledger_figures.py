"""The numbers for the reports on access, sign-off, consent and retention are those of the acts."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from intake.ledger.act import Kind
from tests.ledger.broken import last
from tests.ledger.panels import (
    GOOD,
    I0,
    I2,
    Step,
    checked,
    one,
    two,
    week,
    write,
)


def test_the_figures_are_those_of_the_work(tmp_path: Path) -> None:
    """Access, sign-off and retention are counted as they stand in the acts."""
    figures = checked(tmp_path, write(GOOD)).figures
    assert (figures.acts, figures.items, figures.opens) == (len(GOOD), 3, 4)
    assert (figures.without_triage, figures.lone) == (0, 0)
    assert (figures.exports, figures.four_eyes, figures.alone) == (1, 1, 0)
    # I1 was withdrawn and erased; I2's time is over and it was not.
    assert (figures.due, figures.erased, figures.overdue) == (2, 1, 1)
    assert figures.unchecked == 0


def test_what_is_done_alone_or_without_need_is_counted(tmp_path: Path) -> None:
    """An item opened beyond triage, without one, by one person: both figures rise by one."""
    steps = last(one(4, Kind.OPEN, item=I2, purpose="corroboration"))
    outcome = checked(tmp_path, write(steps))
    assert (outcome.figures.without_triage, outcome.figures.lone) == (1, 1)
    assert outcome.named.told() == {
        "without_triage": [{"item": I2, "ledgers": ["one"]}],
        "lone": [{"item": I2, "ledgers": ["one"]}],
        "undestroyed": [],
        "overdue": [{"item": I2, "ledgers": ["one", "two"]}],
    }
    elsewhere = [*steps, two(4, Kind.OPEN, "r1", item=I2, purpose="sign-off")]
    outcome = checked(tmp_path, write(elsewhere))
    assert (outcome.figures.lone, outcome.named.lone[I2]) == (1, {"one", "two"}), "one person still"
    for second in (two(4, Kind.OPEN, item=I2, purpose="sign-off"), replace(steps[-1], by="r2")):
        figures = checked(tmp_path, write([*steps, second])).figures
        assert (figures.without_triage, figures.lone) == (2, 0)


def test_the_newest_word_on_retention_counts(tmp_path: Path) -> None:
    """Whoever sets a later end leaves nothing due; whoever sets an earlier one again does."""
    later = two(5, Kind.RETAIN, item=I2, until="2030-W01")
    assert checked(tmp_path, write(last(later))).figures.overdue == 0
    again = two(6, Kind.RETAIN, item=I2, until=str(week(7)))
    assert checked(tmp_path, write(last(later, again))).figures.overdue == 1
    elsewhere = one(6, Kind.RETAIN, item=I2, until="2030-W01")
    assert checked(tmp_path, write(last(elsewhere))).figures.overdue == 0, "on either machine"
    ending = two(6, Kind.RETAIN, item=I2, until="2026-W47")
    assert checked(tmp_path, write(last(ending))).figures.overdue == 0, "its last week is not over"


def test_within_a_week_the_last_word_of_a_machine_and_the_earlier_of_two_count(
    tmp_path: Path,
) -> None:
    """A mistake is mended in the same week, either way; two machines' order nobody knows."""

    def overdue(*more: Step) -> int:
        return checked(tmp_path, write(last(*more))).figures.overdue

    early, late = {"item": I2, "until": str(week(8))}, {"item": I2, "until": "2099-W01"}
    assert overdue(two(5, Kind.RETAIN, **late), two(5, Kind.RETAIN, **early)) == 1
    assert overdue(two(5, Kind.RETAIN, **early), two(5, Kind.RETAIN, **late)) == 0
    assert overdue(two(5, Kind.RETAIN, **late), one(5, Kind.RETAIN, **early)) == 1
    assert overdue(two(5, Kind.RETAIN, **early), one(5, Kind.RETAIN, **late)) == 1
    assert overdue(two(5, Kind.RETAIN, **early), one(6, Kind.RETAIN, **late)) == 0


def test_a_withdrawn_item_is_due_after_four_weeks(tmp_path: Path) -> None:
    """Withdrawn and not erased: not yet due in the fourth week after, due in the fifth."""
    files = write(last(two(7, Kind.WITHDRAW, item=I0)))
    at = week(11).monday
    assert checked(tmp_path, files, today=at).figures.due == 2
    assert checked(tmp_path, files, today=at + dt.timedelta(weeks=1)).figures.due == 3
