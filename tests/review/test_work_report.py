"""What an auditor learns from the ledgers of real work by two reviewers, one claim after another."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from intake.audit.ledger_chain import Reviewers
from intake.audit.ledger_check import check_ledgers
from intake.audit.ledger_cli import TITLE
from intake.audit.report import Claim, Level, Verdict
from intake.audit.report_claims import judge
from intake.audit.report_evidence import Evidence
from intake.audit.report_inputs import LedgerResult
from intake.epoch import Epoch
from intake.review import gates, retaining
from intake.review.acting import machine_of
from intake.review.standing import keep_standing, standing_of
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.two_people import READ_TOO, Pair
from tests.review.workroom import Room, sealed_item
from tests.tlog.logs import POLICY

OF_WORK = ("R4", "R5", "R6", "R10")
PASS = dict.fromkeys(OF_WORK, Verdict.PASS)


@dataclass(frozen=True)
class Auditor:
    """Has the ledgers that lie in the first reviewer's case, and looks so many weeks from now."""

    pair: Pair

    def claims(self, weeks: int = 0) -> Mapping[str, Claim]:
        today = dt.datetime.now(dt.UTC).date() + dt.timedelta(weeks=weeks)
        paths = sorted((self.pair.first / "ledgers").iterdir())
        assert len(paths) == 2
        roster = self.pair.panel.roster
        outcome = check_ledgers(paths, Reviewers([roster]), {}, today)
        assert outcome.findings == []
        head = {"title": TITLE, "deployment": roster.deployment, "epoch": str(Epoch.of(today))}
        ledger = LedgerResult.parse(json.dumps({**head, **outcome.told()}).encode())
        now = dt.datetime.combine(today, dt.time(12), dt.UTC)
        judged = judge(Evidence(policy=POLICY, now=now, late=3, ledger=ledger))
        return {claim.name: claim for claim in judged.claims if claim.name in OF_WORK}

    def verdicts(self, weeks: int = 0) -> dict[str, Verdict]:
        return {name: claim.verdict for name, claim in self.claims(weeks).items()}

    def says(self, name: str, weeks: int = 0) -> str:
        claim = self.claims(weeks)[name]
        return "\n".join((*claim.numbers, *(phrase for _, phrase in claim.exceptions)))


def test_what_two_reviewers_really_did_passes_until_a_machine_keeps_what_it_should_not(
    desk: Desk, panel: Panel, taken: Callable[..., str]
) -> None:
    """Import, read, redact, export, withdraw, erase: with the stick between two machines.

    The ledgers are as the commands wrote them; nothing is added by hand.
    """
    sent = [sealed_item(panel.roster, text) for text in ("Zaur told me", "another", "a third")]
    exported, withdrawn, erased = (opening.envelope.hex()[:12] for opening, _ in sent)
    assert desk("import", desk.bundle(*sent), "--roots", desk.roots)[0] == 0
    desk.reveal()
    pair = Pair(panel, desk.folder / "case", desk.folder)
    auditor = Auditor(pair)
    assert desk("redact", exported, "--span", "narrative:0:4=person")[0] == 0
    assert desk("export", exported, str(desk.folder / "out"), "--for", "publish")[0] == 0
    # (1) read by one person alone, until the other one reads it, too
    pair.read(withdrawn)
    pair.sync(1)
    pair.sync(2)
    pair.sync(1)
    assert auditor.verdicts() == PASS
    assert "1 exports: 1 by four eyes, 0 by a panel of one" in auditor.says("R5")
    assert "1 items opened beyond triage by one person only" in auditor.says("R4")
    with pair.case(2) as case:
        gates.open_item(case, withdrawn)
        gates.answer(case, withdrawn, READ_TOO)
    pair.sync(2)
    pair.sync(1)
    assert "0 items opened beyond triage by one person only" in auditor.says("R4")
    # (2) withdrawn: the next import destroys it here; the other machine has it until it syncs
    with pair.case(1) as case:
        second = machine_of(pair.second)
        standing = standing_of(case)
        gone = standing.withdrawn | {case.entry(withdrawn).opening.envelope}
        keep_standing(case, replace(standing, withdrawn=gone))
    Room(panel, pair.first, panel.identities[:1]).take()
    assert auditor.verdicts() == PASS
    assert "1 items withdrawn, 0 of them destroyed on every machine" in auditor.says("R6")
    late = auditor.verdicts(weeks=5)
    assert late == PASS | {"R6": Verdict.FAIL, "R10": Verdict.FAIL}
    assert f"not destroyed on {second}" in auditor.says("R6", weeks=5)
    for number in (1, 2, 1):
        pair.sync(number)
    assert auditor.verdicts(weeks=5) == PASS
    assert "1 items withdrawn, 1 of them destroyed on every machine" in auditor.says("R6", weeks=5)
    # (3) its time is over: due, then erased here, then there
    with pair.case(1) as case:
        retaining.keep_until(case, erased, Epoch.now().previous)
    assert auditor.verdicts() == PASS | {"R10": Verdict.FAIL}
    with pair.case(1) as case:
        retaining.erase(case, erased, Epoch.now())
    assert auditor.verdicts() == PASS
    assert "1 items due: 0 erased on every machine, 1 under way" in auditor.says("R10")
    assert auditor.verdicts(weeks=5) == PASS | {"R10": Verdict.FAIL}
    for number in (1, 2, 1):
        pair.sync(number)
    assert auditor.verdicts(weeks=5) == PASS
    assert "2 items due: 2 erased on every machine" in auditor.says("R10", weeks=5)


def test_an_export_that_leaves_before_a_withdrawal_is_to_be_called_back(
    desk: Desk, panel: Panel, taken: Callable[..., str]
) -> None:
    """And a refusal for want of consent is counted."""
    name = taken(sealed_item(panel.roster, "Zaur told me"))
    desk.reveal()
    pair = Pair(panel, desk.folder / "case", desk.folder)
    assert desk("redact", name, "--span", "narrative:0:4=person")[0] == 0
    assert desk("export", name, str(desk.folder / "out"), "--for", "publish")[0] == 0
    with pair.case(1) as case:
        standing = standing_of(case)
        gone = standing.withdrawn | {case.entry(name).opening.envelope}
        keep_standing(case, replace(standing, withdrawn=gone))
    assert desk("export", name, str(desk.folder / "more"), "--for", "publish")[0] == 1
    Room(panel, pair.first, panel.identities[:1]).take()
    for number in (1, 2, 1):
        pair.sync(number)
    auditor = Auditor(pair)
    assert auditor.verdicts() == PASS
    said = auditor.says("R6")
    assert "1 exports hold an item withdrawn since" in said
    assert "0 exports of what was known to be withdrawn or erased" in said
    (refused,) = [int(word) for word in _before(said, "times an export was refused")]
    assert refused >= 1
    assert Level.FAILS not in {level for level, _ in auditor.claims()["R6"].exceptions}


def _before(text: str, phrase: str) -> list[str]:
    """The number before a phrase."""
    return [text.partition(f" {phrase}")[0].rpartition(" ")[2]]
