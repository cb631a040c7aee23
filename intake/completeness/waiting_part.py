"""Check 6: what is not in the log is of a week that is not over, and the log promised each of it."""

from dataclasses import dataclass

from intake.bundle import Bundle, Item, Waiting
from intake.completeness.faults import Findings, Gap
from intake.completeness.known import Known
from intake.completeness.log_part import ReadLog
from intake.errors import MalformedError, ProofError
from intake.event import Collected, Withdrawn
from intake.opening import Opening
from intake.tlog.checkpoint import origin_of
from intake.tlog.note import VerifierKey
from intake.tlog.promise import Promise


@dataclass(frozen=True)
class Accepted:
    """What is promised to the log: submissions with an object, and events without one."""

    items: tuple[Item, ...] = ()
    events: tuple[Waiting, ...] = ()


def check_promises(bundle: Bundle, log: ReadLog, known: Known, findings: Findings) -> Accepted:
    """All that bears a promise, of which each must hold: whatever else is there must be logged.

    1. the log's key signed it, and it is of this very opening
    2. its week is not closed in the log: else it would be there
    3. its week has begun, or is the next one, where a clock is late or a week was closed early: a
       promise for a time that does not come binds nobody
    """
    origin = origin_of(bundle.contents.deployment)
    keys = known.log_keys(origin)
    items = tuple(item for item in bundle.contents.items if item.promise)
    events = bundle.contents.events
    promised: list[tuple[bytes, Opening | Withdrawn | Collected]] = [
        *((item.promise, item.opening) for item in items),
        *((waiting.promise, waiting.event) for waiting in events),
    ]
    for promise, event in promised:
        # (1)
        if not _holds(promise, event, keys):
            findings.add(
                Gap.PROMISE, f"week {event.epoch}: {_name(event)} has a promise that does not hold"
            )
        # (2)
        elif log.closed is not None and event.epoch <= log.closed:
            findings.add(
                Gap.BROKEN,
                f"week {event.epoch}: {_name(event)} was promised to the log of this week, which is"
                " closed without it",
            )
        # (3)
        elif event.epoch > known.today.next:
            findings.add(
                Gap.PROMISE,
                f"week {event.epoch}: {_name(event)} is promised to a week that has not begun",
            )
    return Accepted(items, events)


def check_awaited(
    log: ReadLog, accepted: Accepted, known: Known, findings: Findings
) -> frozenset[bytes]:
    """What an earlier bundle promised is in the log now, or its week is not closed in it.

    Gives the commitments that are still to come.
    """
    open_now = {item.opening.commit for item in accepted.items}
    open_now |= {waiting.event.commit for waiting in accepted.events}
    missing = known.awaited.keys() - log.arrived
    for commit in sorted(missing - open_now):
        epoch = known.awaited[commit]
        if log.closed is not None and epoch <= log.closed:
            findings.add(
                Gap.BROKEN,
                f"week {epoch}: what an earlier bundle promised as {commit.hex()[:12]} is not in"
                " the log, and its week is closed",
            )
    return frozenset(missing)


def _holds(
    note: bytes, event: Opening | Withdrawn | Collected, keys: tuple[VerifierKey, ...]
) -> bool:
    for key in keys:
        try:
            promise = Promise.open(note, key)
        except (MalformedError, ProofError):
            continue
        if (promise.epoch, promise.commit) == (event.epoch, event.commit):
            return True
    return False


def _name(event: Opening | Withdrawn | Collected) -> str:
    if isinstance(event, Collected):
        return "a collection"
    what = "object" if isinstance(event, Opening) else "the withdrawal of object"
    return f"{what} {event.envelope.hex()[:12]}"
