"""Good work with one thing wrong in it: what, the fault it is, in whose ledger, and the acts."""

from dataclasses import replace

from intake.audit.ledger_chain import Fault
from intake.ledger.act import Kind
from tests.ledger.panels import (
    FILE,
    GOOD,
    I0,
    I1,
    I2,
    STRANGE,
    Step,
    one,
    place,
    two,
    week,
    with_after,
    without,
)

EXPORT = one(3, Kind.EXPORT, hash=FILE, purpose="publish")
SIGNED_ONE, SIGNED_TWO = one(2, Kind.SIGNOFF, hash=FILE), two(2, Kind.SIGNOFF, hash=FILE)
BUILT = one(2, Kind.BUILD, hash=FILE, items=I0)
OTHER = FILE[:-4] + "0000"


def last(*steps: Step) -> list[Step]:
    """The good work, and then these acts."""
    return [*GOOD, *steps]


def swapped(steps: list[Step] | tuple[Step, ...], old: Step, new: Step) -> list[Step]:
    """The same with one act in place of another."""
    assert old in steps
    return [new if step == old else step for step in steps]


def before(wanted: Step, *more: Step) -> list[Step]:
    """The good work with more acts before one of it."""
    return [*GOOD[: place(wanted)], *more, *GOOD[place(wanted) :]]


BROKEN: list[tuple[str, Fault, str, list[Step]]] = [
    ("a stranger", Fault.ROSTER, "one", last(one(4, Kind.INCIDENT, "r9", subject="gap"))),
    ("another key under a reviewer's name", Fault.ROSTER, "two", last(
        replace(two(4, Kind.INCIDENT, subject="gap"), key="9"))),
    ("one who left", Fault.ROSTER, "one", last(
        one(4, Kind.INCIDENT, "r3", subject="gap"),
        one(8, Kind.SYNC, machine="two"),
        one(15, Kind.INCIDENT, "r3", subject="gap"))),
    ("a week back", Fault.TIME, "one", last(one(3, Kind.INCIDENT, subject="gap"))),
    ("a week to come", Fault.TIME, "two", last(
        *(two(n, Kind.SYNC, machine="one") for n in (8, 12)),
        two(16, Kind.INCIDENT, subject="gap"))),
    ("another root seen", Fault.FORK, "one", last(
        two(4, Kind.SYNC, machine="one", size="6", root="00" * 32))),
    ("more seen than is there", Fault.ROLLBACK, "two", last(
        two(4, Kind.SYNC, machine="one", size="600", root="00" * 32))),
    ("a machine nobody gave", Fault.ABSENT, "two", last(
        two(4, Kind.SYNC, machine="three", size="6", root="00" * 32))),
    ("no sync for six weeks", Fault.STALE, "two", last(
        two(5, Kind.INCIDENT, subject="gap"), two(11, Kind.SESSION, hash=FILE))),
    ("a sync after six weeks", Fault.STALE, "one", last(
        one(5, Kind.INCIDENT, subject="gap"), one(11, Kind.SYNC, machine="two"))),
    ("two roots of the site's log", Fault.IMPORT, "two", last(
        two(4, Kind.IMPORT, failed="0", items="none", size="20", root="00" * 32))),
    ("two roots of the site's log, at the door", Fault.IMPORT, "two", last(
        two(4, Kind.COLLECT, stick="1", count="0", size="20", root="00" * 32))),
    ("an item from nowhere opened", Fault.REFERENCE, "two", last(
        two(4, Kind.OPEN, item=STRANGE, purpose="triage"))),
    ("an item from nowhere kept", Fault.REFERENCE, "two", last(
        two(4, Kind.RETAIN, item=STRANGE, until=str(week(9))))),
    ("an item from nowhere wiped", Fault.REFERENCE, "two", last(
        two(4, Kind.WIPE, subject="copies", item=STRANGE))),
    ("a file from nowhere signed", Fault.REFERENCE, "two", last(two(4, Kind.SIGNOFF, hash=OTHER))),
    ("a file from nowhere sent", Fault.REFERENCE, "two", last(two(4, Kind.TRANSFER, hash=OTHER))),
    ("a file signed before it was built", Fault.REFERENCE, "one", before(
        BUILT, one(2, Kind.SIGNOFF, "r3", hash=FILE))),
    ("a file never built", Fault.REFERENCE, "one", without(BUILT)),
    ("a file built from nowhere", Fault.REFERENCE, "one", last(
        one(4, Kind.BUILD, hash=OTHER, items=STRANGE))),
    ("a file built from an unopened item", Fault.UNOPENED, "one", last(
        one(4, Kind.BUILD, hash=OTHER, items=I2))),
    *((f"{kind} unopened", Fault.UNOPENED, "one", last(one(4, kind, "r3", item=I0)))
      for kind in (Kind.TRIAGE, Kind.CODE, Kind.CORROBORATE, Kind.MESSAGE, Kind.REDACT,
                   Kind.JIGSAW)),
    ("a note of what one did not open", Fault.UNOPENED, "one", last(
        one(4, Kind.NOTE, "r3", item=I0, subject="first"))),
    ("a reading of what one did not open", Fault.UNOPENED, "two", last(
        two(4, Kind.READ, "r3", item=I0, subject="first"))),
    ("opened on the other machine only", Fault.UNOPENED, "one", last(
        one(4, Kind.NOTE, "r2", item=I0, subject="first"))),
    ("a note before it was opened", Fault.UNOPENED, "two", before(
        two(1, Kind.OPEN, item=I0, purpose="second-reading"),
        two(1, Kind.NOTE, item=I0, subject="independence"))),
    ("read without triage", Fault.UNTRIAGED, "one", last(
        one(4, Kind.OPEN, item=I2, purpose="first-reading"),
        one(4, Kind.READ, item=I2, subject="first"))),
    ("read before it was known that there was a triage", Fault.UNTRIAGED, "two", before(
        two(1, Kind.SYNC, machine="one"),
        two(0, Kind.OPEN, item=I0, purpose="second-reading"),
        two(0, Kind.READ, item=I0, subject="second"))),
    ("read when one act less was known than was needed", Fault.UNTRIAGED, "two", before(
        one(0, Kind.OPEN, item=I1, purpose="triage"),
        two(0, Kind.SYNC, machine="one"),
        two(0, Kind.OPEN, item=I1, purpose="first-reading"),
        two(0, Kind.READ, item=I1, subject="first"))),
    ("opened after its end", Fault.GONE, "one", last(
        one(4, Kind.OPEN, item=I1, purpose="retention"))),
    ("opened after the other machine's end", Fault.GONE, "two", with_after(
        two(4, Kind.SYNC, machine="one"), two(4, Kind.OPEN, item=I1, purpose="triage"))),
    ("asked after its end", Fault.GONE, "one", last(
        one(4, Kind.CONSENT, item=I1, subject="changed"))),
    ("built after its end", Fault.GONE, "one", last(one(4, Kind.BUILD, hash=OTHER, items=I1))),
    *((f"{kind} after an end", Fault.GONE, "one", last(
        one(4, Kind.WITHDRAW, item=I0), one(4, kind, hash=FILE)))
      for kind in (Kind.SIGNOFF, Kind.TRANSFER)),
    ("exported after an end", Fault.GONE, "one", last(
        one(4, Kind.ERASE, item=I0), one(4, Kind.EXPORT, hash=FILE, purpose="courts"))),
    ("one sign-off", Fault.FOUR_EYES, "one", without(SIGNED_TWO)),
    ("the other sign-off", Fault.FOUR_EYES, "one", without(SIGNED_ONE)),
    ("no sign-off", Fault.FOUR_EYES, "one", without(SIGNED_ONE, SIGNED_TWO)),
    ("one person on two machines", Fault.FOUR_EYES, "one", swapped(
        GOOD, SIGNED_TWO, replace(SIGNED_TWO, by="r1"))),
    ("two people on one machine", Fault.FOUR_EYES, "one", [
        one(2, Kind.SIGNOFF, "r2", hash=FILE) if step == SIGNED_TWO else step for step in GOOD]),
    ("signed off on other bytes", Fault.FOUR_EYES, "one", [
        *without(SIGNED_TWO)[: place(SIGNED_TWO)],
        two(2, Kind.BUILD, hash=OTHER, items=I0), two(2, Kind.SIGNOFF, hash=OTHER),
        *GOOD[place(SIGNED_TWO) + 1 :]]),
    ("exported before the second sign-off was known", Fault.FOUR_EYES, "one", without(
        one(3, Kind.SYNC, machine="two"))),
    ("exported before both", Fault.FOUR_EYES, "one", [
        *without(EXPORT)[: place(SIGNED_ONE)], replace(EXPORT, weeks=2),
        *without(EXPORT)[place(SIGNED_ONE):]]),
]  # fmt: skip
