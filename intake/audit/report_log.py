"""Judges two claims of a report: nothing was dropped (R1), and there is one log (R3)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from intake.audit.canary_loss import CONFIDENCE, bound_of
from intake.audit.follow import frozen
from intake.audit.report import Draft
from intake.audit.report_evidence import NO_LOOK, check_age, faults_of
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.log_reading import Fault

if TYPE_CHECKING:
    from intake.audit.report_evidence import Evidence
    from intake.audit.report_inputs import BundleResult, CanaryResult

# Those of the roster, the code and an entry's form are of other claims.
_ELSEWHERE: Final = frozenset({Fault.ROSTER, Fault.CODE, Fault.ENTRY})


def completeness(evidence: Evidence) -> Draft:
    """R1: the bundle holds all that the log has, and nothing was lost at the door.

    1. the bundle passed its seven checks, and lately
    2. its log is the one that was followed, and each week has as many entries there
    3. canaries were sent, and none was lost
    """
    draft, bundle, canaries = Draft(), evidence.bundle, evidence.canaries
    # (1)
    if bundle is None:
        draft.miss("no bundle was checked: give --bundle, from `intake audit bundle --json`")
    else:
        check_age(draft, "the bundle", bundle.epoch, evidence.today)
        if bundle.log is None:
            draft.number(f"bundle of {bundle.epoch}: {bundle.count} findings")
            draft.fail(*(f"bundle: {phrase}" for phrase in bundle.findings))
            if bundle.count > len(bundle.findings):
                draft.fail(f"bundle: and {bundle.count - len(bundle.findings)} more findings")
        else:
            draft.number(f"bundle of {bundle.epoch}: {_sums(bundle)}")
            # (2)
            _compare_logs(draft, bundle, bundle.log, evidence)
    # (3)
    if canaries is None:
        draft.miss("no canary was sent: give --canaries, from `intake audit canary check --json`")
        return draft
    _count_canaries(draft, canaries, evidence.today)
    return draft


def _sums(bundle: BundleResult) -> str:
    sums = [sum(counts) for counts in zip(*bundle.weeks.values(), strict=True)] or [0] * 5
    kinds = zip(("submitted", "withdrawn", "collected", "void", "erased"), sums, strict=True)
    said = ", ".join(f"{count} {kind}" for kind, count in kinds)
    return f"{len(bundle.weeks)} closed weeks, {said}"


def _count_canaries(draft: Draft, canaries: CanaryResult, today: Epoch) -> None:
    sent, lost = canaries.sent, canaries.lost
    bound = bound_of(sent, lost)
    if bound < 1:
        said = f"at most {100 * bound:.3g} % is lost at the door, with {100 * CONFIDENCE:.0f} % confidence"
    else:
        said = "which bounds nothing"
        draft.miss("too few canaries to bound the loss: send more, with `intake audit canary make`")
    draft.number(f"canaries: {sent} answered for, {lost} lost; {said}")
    if lost:
        draft.fail(f"{lost} of {sent} canaries did not reach the reviewers")
    if canaries.unknown:
        draft.note(f"of {canaries.unknown} more canaries nobody has said whether they arrived")
    check_age(draft, "the canaries' result", canaries.epoch, today)
    if canaries.newest is not None:
        check_age(draft, "the newest canary", canaries.newest, today)


def _compare_logs(
    draft: Draft, bundle: BundleResult, log: tuple[int, bytes], evidence: Evidence
) -> None:
    history = evidence.history
    if history is None:
        draft.miss("the bundle's log cannot be compared: none was followed")
        return
    size, root = log
    same = [seen for seen in history.seen if seen.size == size]
    if any(seen.root != root for seen in same):
        draft.fail(f"the bundle's log of {size} entries is another one than was followed")
    elif evidence.grown is False:
        draft.fail(f"the log does not go on from the bundle's of {size} entries")
    elif not same and evidence.grown is None:
        draft.miss(
            f"no checkpoint of {size} entries, as the bundle's log has, was followed: give --url"
        )
    leaves = {week.epoch: week.leaves for week in history.weeks}
    for epoch, counts in sorted(bundle.weeks.items()):
        if epoch in leaves and sum(counts) != leaves[epoch]:
            draft.fail(
                f"week {epoch}: {sum(counts)} entries in the bundle, {leaves[epoch]} in the log"
            )
    for week in history.weeks:
        if week.size <= size and week.epoch not in bundle.weeks:
            draft.fail(f"week {week.epoch} of the log is not in the bundle")
    newer = sum(week.size > size for week in history.weeks)
    if newer:
        draft.note(f"{newer} weeks were closed after the bundle was collected")


def integrity(evidence: Evidence) -> Draft:
    """R3: there is one log, it only grows, others vouch for it, and it is not old.

    1. nothing it signed contradicts what was seen before
    2. the look of just now found nothing; or without one, the checkpoint kept still holds
    3. the reviewers' ledgers, where given, are whole
    """
    draft, history = Draft(), evidence.history
    # (1)
    if evidence.contradicting:
        draft.fail(
            f"{evidence.contradicting} checkpoints contradict those kept: evidence-*.note there"
        )
    # (2)
    if evidence.unreached:
        draft.miss(evidence.unreached)
    if evidence.look is not None:
        draft.fail(*evidence.found(*(fault for fault in Fault if fault not in _ELSEWHERE)))
        if evidence.look.passed is None:
            draft.miss("the log was not read to its end")
    _check_kept(draft, evidence)
    if history is not None:
        first, count = history.seen[0].epoch, len(history.seen)
        draft.number(f"seen {count} times since {first}, each time continuing the one before")
    # (3)
    ledger = evidence.ledger
    if ledger is None:
        draft.number("reviewers' ledgers: not given")
    else:
        acts = sum(size for _, size in ledger.ledgers)
        draft.number(f"reviewers' ledgers: {len(ledger.ledgers)}, of {acts} acts together")
        draft.fail(*faults_of(ledger))
        check_age(draft, "the ledgers' result", ledger.epoch, evidence.today)
    return draft


def _check_kept(draft: Draft, evidence: Evidence) -> None:
    signed, passed = evidence.signed, evidence.passed
    if signed is None:
        if evidence.look is None:
            draft.miss(NO_LOOK)
        return
    checkpoint = signed.checkpoint
    closed = "none" if passed is None or passed.closed is None else str(passed.closed)
    draft.number(f"{checkpoint.size} entries, root {checkpoint.root.hex()}")
    try:
        endorsed = evidence.policy.endorsed(signed)
    except ProofError as error:
        if evidence.look is None:
            draft.fail(f"the checkpoint kept: {error.phrase}")
        return
    names = ", ".join(name for name, _ in endorsed.witnesses) or "no witness"
    seconds = evidence.now.timestamp()
    newest = endorsed.newest(seconds)
    last = "" if newest is None else f", last in {_week_of(newest)}"
    draft.number(f"last week closed: {closed}; cosigned by {names}{last}")
    for name in endorsed.ahead(seconds):
        draft.note(f"the cosignature of {name} is of a time yet to come, which is not believed")
    if not endorsed.witnesses:
        draft.note("the policy asks for no witness: the log's own word is all there is")
    if evidence.look is None and passed is not None:
        old = frozen(passed, endorsed, evidence.now, evidence.late)
        draft.miss(*(f"at the last look: {finding.phrase}; look again" for finding in old))


def _week_of(time: int) -> str:
    """The week of a witness's time, which may be any below 2^63."""
    try:
        return str(Epoch.of(dt.datetime.fromtimestamp(time, dt.UTC).date()))
    except (MalformedError, OSError, OverflowError, ValueError):
        return "no week of the calendar"
