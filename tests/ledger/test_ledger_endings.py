"""What ledgers show of withdrawals and erasures: on which machines an item was, and is no more."""

from pathlib import Path

import pytest

from intake.audit.ledger_check import Outcome
from intake.audit.ledger_facts import Facts
from intake.audit.ledger_figures import LISTED, Figures, Holders, Named, count
from intake.ledger.act import Act, Kind, listed
from tests.ledger.broken import last
from tests.ledger.panels import (
    CLEARED,
    FILE,
    GOOD,
    I0,
    LOG,
    ROOT,
    STRANGE,
    Step,
    checked,
    one,
    two,
    week,
    write,
)

TAKEN = one(9, Kind.IMPORT, failed="0", items=STRANGE, **LOG)
BACK = one(10, Kind.WITHDRAW, item=STRANGE)
MET = two(10, Kind.SYNC, machine="one")


def found(folder: Path, *more: Step, weeks: int = 15) -> Outcome:
    """Of the cleared work with more acts after it, that many weeks after the first."""
    outcome = checked(folder, write([*CLEARED, *more]), today=week(weeks).monday)
    assert outcome.findings == []
    return outcome


def left(outcome: Outcome, name: str = "undestroyed") -> list[str]:
    """The machines that have the strange item still."""
    rows = outcome.named.told()[name]
    assert isinstance(rows, list)
    return [machine for row in rows if row["item"] == STRANGE for machine in row["ledgers"]]


@pytest.mark.parametrize(
    ("more", "machines"),
    [
        ([TAKEN, BACK, MET], []),
        ([TAKEN, two(9, Kind.IMPORT, failed="0", items=STRANGE, **LOG), BACK, MET], ["two"]),
        ([TAKEN, MET, BACK], ["two"]),
        ([TAKEN, two(9, Kind.SYNC, machine="one"), BACK, MET], ["two"]),
        (
            [
                TAKEN,
                two(9, Kind.SYNC, machine="one"),
                BACK,
                MET,
                two(10, Kind.WITHDRAW, item=STRANGE),
            ],
            [],
        ),
        (
            [TAKEN, two(9, Kind.SYNC, machine="one"), BACK, MET, two(10, Kind.ERASE, item=STRANGE)],
            [],
        ),
        (
            [TAKEN, BACK, MET, two(11, Kind.IMPORT, failed="0", items=STRANGE, **LOG)],
            [],
        ),
        ([TAKEN, MET, two(10, Kind.WITHDRAW, item=STRANGE)], ["one"]),
    ],
    ids=[
        "it never came to the other machine",
        "the other machine imported it too",
        "it came by the stick",
        "it came by an earlier stick",
        "withdrawn there too",
        "erased there too",
        "imported once more after its end was known, and not kept",
        "destroyed on the other machine only",
    ],
)
def test_a_withdrawn_item_is_gone_from_every_machine_that_had_it(
    tmp_path: Path, more: list[Step], machines: list[str]
) -> None:
    """And from no other; one that has it still is named, in the fifth week after."""
    outcome = found(tmp_path, *more)
    assert left(outcome) == left(outcome, "overdue") == machines
    figures = outcome.figures
    assert (figures.withdrawn, figures.destroyed, figures.undestroyed) == (
        2,
        2 - bool(machines),
        int(bool(machines)),
    )
    assert (figures.due, figures.erased, figures.overdue) == (3, 3 - bool(machines), bool(machines))
    early = found(tmp_path, *more, weeks=14)
    assert (early.figures.undestroyed, early.figures.overdue, left(early)) == (0, 0, [])
    assert early.figures.destroyed == figures.destroyed


def test_what_one_stick_brings_is_one_moment() -> None:
    """The third machine met two others at once, and one says that the item is gone.

    One stick's ledgers come in the order of their names: what comes out of it was brought later.
    """
    facts = Facts()
    week_1 = week(1)
    root = {"root": ROOT}

    def hear(machine: str, index: int, kind: Kind, /, **values: str) -> None:
        facts.hear(machine, index, Act.of(week_1, "r1", kind, **values))

    hear("one", 0, Kind.IMPORT, size="1", failed="0", items=listed([I0]), **root)
    hear("two", 0, Kind.IMPORT, size="1", failed="0", items=listed([I0]), **root)
    hear("two", 1, Kind.WITHDRAW, item=I0)
    hear("three", 0, Kind.SYNC, machine="one", size="1", **root)
    hear("three", 1, Kind.SYNC, machine="two", size="2", **root)
    hear("four", 0, Kind.SYNC, machine="one", size="1", **root)
    hear("four", 1, Kind.INCIDENT, subject="other")
    hear("four", 2, Kind.SYNC, machine="two", size="2", **root)
    hear("five", 0, Kind.SYNC, machine="three", size="2", **root)
    hear("six", 0, Kind.SYNC, machine="two", size="1", **root)
    hear("six", 1, Kind.SYNC, machine="three", size="2", **root)
    hear("seven", 0, Kind.SYNC, machine="two", size="1", **root)
    hear("seven", 1, Kind.SYNC, machine="two", size="2", **root)
    machines = ["one", "two", "three", "four", "five", "six", "seven"]
    assert Holders(facts, machines).left(I0) == ("one", "four", "six", "seven")


def test_an_erased_item_has_four_weeks_on_the_other_machine(tmp_path: Path) -> None:
    """Under way until then, overdue after; and not before it is erased anywhere."""
    more = (TAKEN, MET, two(10, Kind.RETAIN, item=STRANGE, until=str(week(10))))
    erased = one(11, Kind.ERASE, item=STRANGE)

    def states(*steps: Step, weeks: int) -> tuple[int, int, int]:
        n = found(tmp_path, *steps, weeks=weeks).figures
        return n.erased - 2, n.under_way, n.overdue

    assert states(*more, weeks=10) == (0, 0, 0), "its last week is not over"
    assert states(*more, weeks=11) == (0, 0, 1)
    assert states(*more, erased, weeks=15) == (0, 1, 0)
    assert states(*more, erased, weeks=16) == (0, 0, 1)
    assert states(*more, erased, two(11, Kind.ERASE, item=STRANGE), weeks=11) == (1, 0, 0)
    assert states(*more, erased, two(11, Kind.WITHDRAW, item=STRANGE), weeks=11) == (1, 0, 0)


def test_what_was_erased_by_a_rule_counts_without_a_word_on_its_end(tmp_path: Path) -> None:
    """The rules' weeks stand in no ledger; once it is erased somewhere, it is due everywhere."""
    more = (TAKEN, MET, one(10, Kind.ERASE, item=STRANGE))
    figures = found(tmp_path, *more, weeks=15).figures
    assert (figures.due, figures.erased, figures.overdue, figures.withdrawn) == (3, 2, 1, 1)


@pytest.mark.parametrize("kind", [Kind.WITHDRAW, Kind.ERASE])
def test_whoever_says_it_again_gets_no_more_time(tmp_path: Path, kind: Kind) -> None:
    """The four weeks are those after the first word on its end, on whichever machine."""
    again = one(14, kind, item=STRANGE)
    figures = found(tmp_path, TAKEN, MET, one(10, kind, item=STRANGE), again).figures
    assert (figures.overdue, figures.undestroyed) == (1, int(kind is Kind.WITHDRAW))


def test_consents_are_counted_by_what_they_say(tmp_path: Path) -> None:
    more = [one(4, Kind.CONSENT, item=I0, subject=s) for s in ("changed", "refused", "refused")]
    figures = checked(tmp_path, write(last(*more))).figures
    assert (figures.recorded, figures.changed, figures.refused) == (1, 1, 2)


def test_exports_of_what_was_withdrawn_are_told_apart_by_what_was_known(tmp_path: Path) -> None:
    """Before it, or elsewhere and not known yet: to be called back. After it was known: a fault."""
    export = one(4, Kind.EXPORT, hash=FILE, purpose="courts")
    gone = two(4, Kind.WITHDRAW, item=I0)
    heard = one(4, Kind.SYNC, machine="two")

    def told(*more: Step) -> tuple[int, int, int]:
        figures = checked(tmp_path, write(last(*more))).figures
        return figures.exports, figures.recall, figures.after_end

    assert told() == (1, 0, 0)
    assert told(gone, export) == (2, 2, 0)
    assert told(gone, heard, export) == (2, 1, 1)
    assert told(two(4, Kind.ERASE, item=I0)) == (1, 0, 0), "erased when its time was over"


def test_an_item_that_never_came_anywhere_is_not_erased_by_being_nowhere(tmp_path: Path) -> None:
    """A word on the end of an item that no ledger imported, which is a fault, is no erasure."""
    figures = checked(
        tmp_path, write([*GOOD, one(4, Kind.RETAIN, item=STRANGE, until=str(week(5)))])
    ).figures
    assert (figures.due, figures.erased, figures.overdue) == (3, 1, 2)


def test_a_list_holds_so_many_items_and_the_figure_all() -> None:
    facts = Facts()
    for number in range(LISTED + 5):
        act = Act.of(week(1), "r1", Kind.OPEN, item=f"{number:032x}", purpose="sign-off")
        facts.hear("one", number, act)
    figures, named = Figures(), Named()
    count(facts, ["one"], figures, named, week(2))
    rows = named.told()["lone"]
    assert isinstance(rows, list)
    assert (figures.lone, len(rows), rows[0]["item"]) == (LISTED + 5, LISTED, "0" * 32)
