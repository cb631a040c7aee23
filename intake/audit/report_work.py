"""Judges four claims from the reviewers' ledgers: access (R4), sign-off (R5), consent (R6), retention (R10).

Ledgers hold ids, weeks and kinds of acts, each the signed word of a reviewer on one machine. What was
read, agreed to or shown stands in the case, which no auditor needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from intake.audit.ledger_chain import Fault
from intake.audit.report import Draft
from intake.audit.report_evidence import OF_WORK, check_age, faults_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from intake.audit.report_evidence import Evidence
    from intake.audit.report_inputs import LedgerResult

_HARMLESS: Final = frozenset({Fault.STALE, Fault.IMPORT})
"""Faults of ledgers that leave their acts as they were signed, and none of them out."""

_NOT_SHOWN: Final = (  # one row of the page
    "not shown here: words and wording agreed to, as the case has them; withdrawals not imported"
)


def access(evidence: Evidence) -> Draft:
    """R4: whoever opened a text had a need.

    1. nobody worked on a text that they had not opened, or read one that was not opened for triage
    2. none was opened for anything else before it was triaged
    3. what one person alone opened is listed: between two readings everything is so for a while, and
       what is out of scope for ever; what leaves is seen by two people, which is R5
    """
    draft, ledger = _begun(evidence)
    if ledger is None:
        return draft
    n = ledger.figures
    draft.number(
        f"{n['opens']} opens, {n['without_triage']} of them before triage; "
        f"{n['lone']} items opened beyond triage by one person only"
    )
    # (1)
    draft.fail(*faults_of(ledger, Fault.UNOPENED, Fault.UNTRIAGED))
    # (2)
    _list(draft.fail, ledger, "without_triage", "opened before it was triaged, on")
    # (3)
    _list(draft.note, ledger, "lone", "opened beyond triage by one person only, on")
    return draft


def sign_off(evidence: Evidence) -> Draft:
    """R5: every export was signed off, on the hash of its bytes, by two people on two machines.

    1. none was not, but where the panel was one person
    2. each is in one of these states
    """
    draft, ledger = _begun(evidence)
    if ledger is None:
        return draft
    n = ledger.figures
    draft.number(
        f"{n['exports']} exports: {n['four_eyes']} by four eyes, {n['alone']} by a panel of one"
    )
    # (1)
    faults = list(faults_of(ledger, Fault.FOUR_EYES))
    draft.fail(*faults)
    if n["alone"]:
        draft.note(f"{n['alone']} exports were seen by nobody but the one person of the panel")
    # (2)
    unknown = n["exports"] - n["four_eyes"] - n["alone"] - len(faults)
    if unknown > 0:
        draft.miss(f"of {unknown} exports it is not known who signed them off")
    return draft


def consent(evidence: Evidence) -> Draft:
    """R6: what was taken back was let go of, as far as acts without words can show it.

    1. nothing was done with an item, or a file with it, after it was known to be withdrawn or erased
    2. what was withdrawn more than four weeks ago is destroyed on every machine that had it
    3. exports from before a withdrawal are counted: who has them must be told
    """
    draft, ledger = _begun(evidence)
    if ledger is None:
        return draft
    n = ledger.figures
    draft.number(
        f"consents: {n['recorded']} recorded, {n['changed']} changed; {n['refused']} times an export "
        "was refused"
    )
    draft.number(
        f"{n['withdrawn']} items withdrawn, {n['destroyed']} of them destroyed on every machine, "
        f"{n['undestroyed']} overdue"
    )
    draft.number(
        f"{n['after_end']} exports of what was known to be withdrawn or erased, {n['recall']} of what "
        "was withdrawn since"
    )
    # A number, for an exception may be cut off the page.
    draft.number(_NOT_SHOWN)
    # (1)
    draft.fail(*faults_of(ledger, Fault.GONE))
    # (2)
    _list(draft.fail, ledger, "undestroyed", "withdrawn over 4 weeks ago, and not destroyed on")
    # (3)
    if n["recall"]:
        draft.note(
            f"{n['recall']} exports hold an item withdrawn since: who has them must be told, and "
            "no ledger shows that they were"
        )
    return draft


def retention(evidence: Evidence) -> Draft:
    """R10: what is due is gone from every machine that had it.

    An item is due when the week until which it is kept is over, or when it was withdrawn or erased
    anywhere more than four weeks ago. One that is erased on one machine has four weeks on the others.
    """
    draft, ledger = _begun(evidence)
    if ledger is None:
        return draft
    n = ledger.figures
    draft.number(
        f"{n['due']} items due: {n['erased']} erased on every machine, {n['under_way']} under way, "
        f"{n['overdue']} overdue"
    )
    _list(draft.fail, ledger, "overdue", "overdue, and not erased on")
    return draft


def _begun(evidence: Evidence) -> tuple[Draft, LedgerResult | None]:
    """A draft that says whether the ledgers were given, are whole, and of now."""
    draft, ledger = Draft(), evidence.ledger
    if ledger is None:
        draft.miss("no ledger was looked at: give --ledger, from `intake audit ledger --json`")
        return draft, None
    check_age(draft, "the ledgers' result", ledger.epoch, evidence.today)
    if any(fault not in OF_WORK | _HARMLESS for fault, _ in ledger.findings):
        draft.miss("the ledgers are not whole, so their acts are not all that was done: see R3")
    if ledger.figures["unchecked"]:
        draft.miss(f"{ledger.figures['unchecked']} acts rest on a ledger that was not given whole")
    return draft, ledger


def _list(say: Callable[[str], None], ledger: LedgerResult, name: str, phrase: str) -> None:
    """Say an exception for each item that is named, and how many more the figure counts."""
    items = ledger.named[name]
    for item, machines in items:
        say(f"item {item}: {phrase} {', '.join(machines) or 'no machine that is known'}")
    more = ledger.figures[name] - len(items)
    if more > 0 and name != "without_triage":
        say(f"and {more} more items")
