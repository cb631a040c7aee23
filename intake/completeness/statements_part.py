"""Check 5, for what the site let go: who signed that they have it, and when the log said so.

A statement alone lets nothing go, and one that was signed with a stolen key must be older than the
theft, by the log's order: dates are whatever a thief writes.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from intake.bundle import Bundle
from intake.collection import SignedCollection
from intake.completeness.faults import Findings, Gap
from intake.completeness.known import Known
from intake.completeness.log_part import ReadLog
from intake.completeness.openings_part import NOT_LOGGED, Accounts
from intake.errors import IntakeError, MalformedError
from intake.event import CONFIRMERS
from intake.reviewer import recipient_hash
from intake.roster import Roster


@dataclass(frozen=True)
class _Signed:
    """A statement as one roster reads it, and from which entry on each signer is believed no more."""

    statement: SignedCollection
    until: Mapping[str, int]


def check_statements(
    bundle: Bundle, log: ReadLog, known: Known, accounts: Accounts, findings: Findings
) -> None:
    """Add the envelopes of every statement that lets its objects go.

    1. two reviewers of one roster signed it; or more
    2. a collection, in the log or promised to it, names its objects and none but its signers
    3. two of those that it names are believed still, or stand in an entry before the roster that
       revoked their key as compromised; what is only promised stands before none
    """
    until = _until(log, known)
    rosters = [(roster, _until_by_name(roster, until)) for roster in known.rosters.values()]
    for number, note in enumerate(_read(bundle, findings), 1):
        # (1) A reviewer who signed may stand in one roster and not in another.
        readings = list(_opened(note, rosters))
        if not readings:
            findings.add(
                Gap.STATEMENT,
                f"the reviewers' statement number {number} is not signed by two reviewers of one"
                " roster",
            )
            continue
        # (2)
        envelopes = readings[0].statement.collection.envelopes
        manifest = readings[0].statement.collection.manifest
        naming = [
            (place, set(event.by), one)
            for place, event in accounts.collected
            if event.manifest == manifest
            for one in readings
            if set(event.by) <= set(one.statement.by)
        ]
        if not naming:
            accounts.unnamed.append(number)
        # (3)
        elif any(_believed(one, by, place) for place, by, one in naming):
            accounts.released.update(envelopes)
        else:
            accounts.doubted.update(dict.fromkeys(envelopes, number))


def _read(bundle: Bundle, findings: Findings) -> Iterator[bytes]:
    try:
        yield from bundle.statements()
    except MalformedError as error:
        findings.add(Gap.STATEMENT, error.phrase)


def _revoked(log: ReadLog, known: Known) -> dict[str, int]:
    """By a recipient's hash: the first entry with a roster that revokes the key as compromised.

    `NOT_LOGGED` where the log of this bundle does not have that roster yet.
    """
    places = {entry.digest: place for entry, place in log.rosters.items()}
    found: dict[str, int] = {}
    for digest, roster in known.rosters.items():
        place = places.get(digest, NOT_LOGGED)
        for line in roster.revoked:
            if line.reason == "compromised":
                found[line.recipient] = min(place, found.get(line.recipient, NOT_LOGGED))
    return found


def _opened(note: bytes, rosters: list[tuple[Roster, dict[str, int]]]) -> Iterator[_Signed]:
    for roster, until in rosters:
        with suppress(IntakeError):
            yield _Signed(SignedCollection.open(note, roster), until)


def _until(log: ReadLog, known: Known) -> dict[bytes, int]:
    """By a signing key: from which entry on it is believed no more.

    A revocation names the recipient. Who has its secret has what lies beside it, and the same signing
    key may stand beside another recipient in another roster.
    """
    revoked = _revoked(log, known)
    found: dict[bytes, int] = {}
    if not revoked:  # writing recipients costs milliseconds
        return found
    for roster in known.rosters.values():
        for one in roster.reviewers:
            place = revoked.get(recipient_hash(one.recipient))
            if place is not None:
                found[one.signer.key] = min(place, found.get(one.signer.key, NOT_LOGGED))
    return found


def _until_by_name(roster: Roster, until: Mapping[bytes, int]) -> dict[str, int]:
    keys = {one.name: one.signer.key for one in roster.reviewers}
    return {name: until[key] for name, key in keys.items() if key in until}


def _believed(signed: _Signed, by: set[str], place: int) -> bool:
    """Whether enough of those whom a collection at this place names are believed there."""
    return sum(name not in signed.until or place < signed.until[name] for name in by) >= CONFIRMERS
