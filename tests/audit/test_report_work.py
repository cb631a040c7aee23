"""What the reviewers' ledgers say of access, sign-off, consent and retention, and what fails each."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from intake.audit.ledger_chain import Reviewers
from intake.audit.ledger_check import Outcome, check_ledgers
from intake.audit.ledger_cli import TITLE
from intake.audit.report import Claim, Level, Verdict
from intake.audit.report_claims import judge
from intake.audit.report_evidence import OF_WORK as OF_WORK_FAULTS
from intake.audit.report_evidence import Evidence
from intake.audit.report_inputs import LEDGER, LedgerResult
from intake.audit.report_text import Room, shortened
from intake.epoch import Epoch
from intake.ledger.act import Kind
from tests.ledger.broken import BUILT, EXPORT, SIGNED_ONE, SIGNED_TWO
from tests.ledger.panels import (
    CLEARED,
    FILE,
    I0,
    I2,
    LOG,
    START,
    STRANGE,
    Step,
    checked,
    one,
    put,
    two,
    week,
    write,
)
from tests.tlog.logs import POLICY
from tests.vectors.roster.fixed import DEPLOYMENT, ROSTER, reviewer

OF_WORK = ("R4", "R5", "R6", "R10")
PASS = dict.fromkeys(OF_WORK, Verdict.PASS)
TAKEN = one(9, Kind.IMPORT, failed="0", items=STRANGE, **LOG)
MET = two(9, Kind.SYNC, machine="one")
BACK = one(9, Kind.WITHDRAW, item=STRANGE)


def result(outcome: Outcome, today: dt.date) -> LedgerResult:
    """As `intake audit ledger --json` writes it and the report reads it."""
    head = {"title": TITLE, "deployment": DEPLOYMENT, "epoch": str(Epoch.of(today))}
    return LedgerResult.parse(json.dumps({**head, **outcome.told()}).encode())


def claims(ledger: LedgerResult, today: dt.date) -> Mapping[str, Claim]:
    """The four, as the report judges them."""
    now = dt.datetime.combine(today, dt.time(12), dt.UTC)
    judged = judge(Evidence(policy=POLICY, now=now, late=3, ledger=ledger))
    found = {claim.name: claim for claim in judged.claims}
    work = {fault for fault, _ in ledger.findings} & {one.value for one in OF_WORK_FAULTS}
    assert not any(f"ledger: {fault}:" in failing(found["R3"]) for fault in work)
    return {name: found[name] for name in OF_WORK}


def judged(folder: Path, steps: Sequence[Step], weeks: int = 15) -> Mapping[str, Claim]:
    """Of these acts, so many weeks after the first one."""
    today = week(weeks).monday
    return claims(result(checked(folder, write(steps), today=today), today), today)


def verdicts(found: Mapping[str, Claim]) -> dict[str, Verdict]:
    return {name: claim.verdict for name, claim in found.items()}


def failing(claim: Claim) -> str:
    return "\n".join(phrase for level, phrase in claim.exceptions if level is Level.FAILS)


def notes(claim: Claim) -> str:
    return "\n".join(phrase for level, phrase in claim.exceptions if level is Level.NOTE)


def without(*unwanted: Step) -> list[Step]:
    return [step for step in CLEARED if step not in unwanted]


def more(*steps: Step) -> list[Step]:
    return [*CLEARED, *steps]


def test_work_in_order_passes_on_all_four(tmp_path: Path) -> None:
    assert TITLE == LEDGER
    found = judged(tmp_path, CLEARED)
    assert verdicts(found) == PASS
    assert notes(found["R4"]) == notes(found["R5"]) == notes(found["R10"]) == ""


def test_consent_says_what_no_ledger_can_show(tmp_path: Path) -> None:
    """Whatever else there is to say, a reader is told that the words were not looked at: in one row."""
    for steps in (CLEARED, more(one(9, Kind.OPEN, item=I2, purpose="triage"))):
        *_, said = judged(tmp_path, steps)["R6"].numbers
        assert said.startswith("not shown here: words and wording agreed to")
        assert shortened(said, Room(1, 1)) == said


OPENED = one(9, Kind.OPEN, item=STRANGE, purpose="corroboration")
WRONG: list[tuple[str, tuple[str, ...], str, list[Step]]] = [
    ("worked on unopened", ("R4",), "ledger: unopened: one: code by",
     more(one(9, Kind.CODE, "r2", item=I0))),
    ("read without triage", ("R4",), "ledger: untriaged: one: read",
     more(TAKEN, OPENED, one(9, Kind.READ, item=STRANGE, subject="first"))),
    ("opened without triage", ("R4",), f"item {STRANGE}: opened before it was triaged, on one",
     more(TAKEN, OPENED)),
    ("one sign-off", ("R5",), "ledger: four-eyes: one: exported without", without(SIGNED_TWO)),
    ("no sign-off", ("R5",), "ledger: four-eyes: one: exported", without(SIGNED_ONE, SIGNED_TWO)),
    ("one person on two machines", ("R5",), "ledger: four-eyes: one: exported",
     [replace(step, by="r1") if step == SIGNED_TWO else step for step in CLEARED]),
    ("opened after its end", ("R6",), "ledger: gone: one: open of an item withdrawn or erased",
     more(one(9, Kind.OPEN, item=I2, purpose="triage"))),
    ("exported after its end", ("R6",), "ledger: gone: one: export of an item withdrawn or erased",
     more(one(11, Kind.WITHDRAW, item=I0), one(11, Kind.EXPORT, hash=FILE, purpose="courts"))),
    ("withdrawn and kept elsewhere", ("R6", "R10"),
     f"item {STRANGE}: ", more(TAKEN, MET, BACK)),
    ("due and kept", ("R10",), f"item {STRANGE}: overdue, and not erased on one, two",
     more(TAKEN, MET, two(9, Kind.RETAIN, item=STRANGE, until=str(week(14))))),
    ("erased on one machine only", ("R10",), f"item {STRANGE}: overdue, and not erased on one",
     more(TAKEN, MET, two(9, Kind.ERASE, item=STRANGE))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "phrase", "steps"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_one_thing_wrong_fails_its_claim(
    tmp_path: Path, names: tuple[str, ...], phrase: str, steps: list[Step]
) -> None:
    """And no other one; the exception names the act, or the item and the machines."""
    found = judged(tmp_path, steps)
    assert verdicts(found) == PASS | dict.fromkeys(names, Verdict.FAIL)
    for name in names:
        assert phrase in failing(found[name])
        assert Level.NOT_CHECKED not in {level for level, _ in found[name].exceptions}


def test_a_withdrawal_has_four_weeks_on_every_machine(tmp_path: Path) -> None:
    """Until then it is counted, and on whose machine it lies afterwards is said."""
    steps = more(TAKEN, MET, BACK)
    found = judged(tmp_path, steps, weeks=13)
    assert verdicts(found) == PASS
    assert (
        "2 items withdrawn, 1 of them destroyed on every machine, 0 overdue" in found["R6"].numbers
    )
    late = judged(tmp_path, steps, weeks=14)
    phrase = f"item {STRANGE}: withdrawn over 4 weeks ago, and not destroyed on two"
    assert failing(late["R6"]) == phrase
    done = judged(tmp_path, [*steps, two(9, Kind.WITHDRAW, item=STRANGE)])
    assert verdicts(done) == PASS
    assert "3 items due: 3 erased on every machine, 0 under way, 0 overdue" in done["R10"].numbers


def test_what_one_person_alone_opened_is_listed_and_fails_nothing(tmp_path: Path) -> None:
    """Between two readings everything is so."""
    triaged = (one(9, Kind.OPEN, item=STRANGE, purpose="triage"), one(9, Kind.TRIAGE, item=STRANGE))
    steps = more(TAKEN, *triaged, OPENED)
    found = judged(tmp_path, steps)
    assert verdicts(found) == PASS
    phrase = f"item {STRANGE}: opened beyond triage by one person only, on one"
    assert notes(found["R4"]) == phrase
    second = two(9, Kind.OPEN, item=STRANGE, purpose="second-reading")
    assert notes(judged(tmp_path, [*steps, MET, second])["R4"]) == ""


def test_exports_of_what_was_withdrawn_since_are_to_be_called_back(tmp_path: Path) -> None:
    """The software did all that it could; people must do the rest."""
    back = (one(9, Kind.WITHDRAW, item=I0), two(9, Kind.WITHDRAW, item=I0))
    found = judged(tmp_path, more(*back))
    assert verdicts(found) == PASS
    assert any("erased, 1 of what was withdrawn since" in one for one in found["R6"].numbers)
    assert "1 exports hold an item withdrawn since: who has them must be told" in notes(found["R6"])


def test_a_panel_of_one_is_told_and_passes(tmp_path: Path) -> None:
    """Nobody else could sign; the same with another reviewer in the roster fails."""
    steps = [
        one(0, Kind.IMPORT, failed="0", items=I0, **LOG),
        one(0, Kind.OPEN, item=I0, purpose="triage"),
        BUILT,
        SIGNED_ONE,
        EXPORT,
    ]
    today = week(5).monday
    expires = today + dt.timedelta(days=30)
    (path, _) = put(tmp_path, write(steps))
    for people, verdict in ((1, Verdict.PASS), (2, Verdict.FAIL)):
        named = tuple(reviewer(number + 1) for number in range(people))
        roster = replace(ROSTER, issued=START.monday, expires=expires, reviewers=named)
        outcome = check_ledgers([path], Reviewers([roster]), {}, today)
        found = claims(result(outcome, today), today)
        assert verdicts(found) == PASS | {"R5": verdict}
        told = "1 exports were seen by nobody but the one person of the panel"
        assert (told in notes(found["R5"])) == (people == 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda files: {"two": files["two"]},
        lambda files: files | {"one": files["one"].replace(b" code ", b" jigsaw ")},
        lambda files: files | {"one": files["one"][:-200]},
    ],
    ids=["missing", "changed", "cut off"],
)
def test_ledgers_that_are_not_whole_prove_nothing(tmp_path: Path, change: object) -> None:
    """However good the acts that are left: the claim on integrity fails, and these are open."""
    assert callable(change)
    today = week(9).monday
    outcome = checked(tmp_path, change(write(CLEARED)), today=today)
    assert outcome.findings
    found = claims(result(outcome, today), today)
    assert Verdict.PASS not in verdicts(found).values()
    for claim in found.values():
        levels = [phrase for level, phrase in claim.exceptions if level is Level.NOT_CHECKED]
        assert any("not whole" in phrase for phrase in levels)


def test_a_late_sync_fails_the_ledgers_and_leaves_the_work(tmp_path: Path) -> None:
    """All acts are there, whenever the machines met."""
    steps = more(one(9, Kind.SYNC, machine="two"), one(9, Kind.INCIDENT, subject="gap"))
    late = [*steps, one(15, Kind.INCIDENT, subject="gap")]
    today = week(15).monday
    outcome = checked(tmp_path, write(late), today=today)
    assert {finding.fault.value for finding in outcome.findings} == {"stale"}
    assert verdicts(claims(result(outcome, today), today)) == PASS


def test_acts_and_exports_of_which_nobody_can_say_are_no_pass(tmp_path: Path) -> None:
    """An export that is neither signed off nor a fault; acts that rest on what is not there."""
    today = week(15).monday
    whole = result(checked(tmp_path, write(CLEARED), today=today), today)
    unsigned = replace(whole, figures={**whole.figures, "four_eyes": 0})
    found = claims(unsigned, today)
    assert verdicts(found) == PASS | {"R5": Verdict.NOT_CHECKED}
    resting = replace(whole, figures={**whole.figures, "unchecked": 1})
    assert set(verdicts(claims(resting, today)).values()) == {Verdict.NOT_CHECKED}


def test_more_items_than_are_named_are_said_to_be_there(tmp_path: Path) -> None:
    today = week(14).monday
    outcome = checked(tmp_path, write(more(TAKEN, MET, BACK)), today=today)
    whole = result(outcome, today)
    many = {"withdrawn": 9, "undestroyed": 8, "due": 10, "erased": 2, "overdue": 8}
    found = claims(replace(whole, figures={**whole.figures, **many}), today)
    for name in ("R6", "R10"):
        assert failing(found[name]).endswith("\nand 7 more items")
