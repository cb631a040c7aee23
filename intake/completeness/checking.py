"""All seven checks of a bundle, in their order."""

from hashlib import sha256

from intake.bundle import Bundle
from intake.completeness.faults import Findings, Gap
from intake.completeness.known import Checked, Known
from intake.completeness.log_part import ReadLog, check_nothing_forgotten, check_signed, read_log
from intake.completeness.openings_part import (
    Accounts,
    check_events,
    check_openings,
    check_submitted,
    gather,
)
from intake.completeness.statements_part import check_statements
from intake.completeness.waiting_part import Accepted, check_awaited, check_promises
from intake.errors import IntakeError
from intake.opening import Opening
from intake.seal import check_header


def examine(bundle: Bundle, known: Known) -> tuple[Findings, Checked | None]:
    """Check a bundle; it is whole exactly where there is no finding, and only then is it given.

    1. the deployment's log signed the checkpoint, and the policy's quorum of witnesses is met
    2. the entries have the signed root, and stand as in any such log
    3. the log goes on from the one that was seen last
    4. every blinded entry has its opening, of its own week
    5. every submission has its object, to the byte; or its author withdrew it; or two reviewers
       signed that they have it, and the log says so, and said so before their key was known stolen
    6. there is no object outside the log but of a week that is not over, under the log's promise;
       and what was promised before is in the log now
    7. every object is sealed to exactly the reviewers of its roster, and the log has that roster;
       or, of what is not in the log yet, the roster is newer than all that the log has; and none of
       those that came into use is kept back

    In an auditor's file there are no objects: what its manifest lists counts for (5), and of (7)
    only the rosters are checked.
    """
    findings = Findings()
    # (1)
    signed = check_signed(bundle, known, findings)
    log = ReadLog()
    if signed is not None:
        # (2), (3)
        log = read_log(bundle, signed, known, findings)
    elif not findings.count:
        check_nothing_forgotten(known, findings)
    # What follows would be said of another log.
    if findings.have(1, 2):
        return findings, None
    accepted = check_promises(bundle, log, known, findings)  # (6)
    accounts = gather(bundle, log, accepted, findings)
    check_statements(bundle, log, known, accounts, findings)
    check_openings(bundle, log, known, accounts, findings)  # (4), (5)
    _check_waiting(accepted, accounts, findings)  # (5)
    check_events(accounts, findings)  # (5)
    _check_strangers(bundle, accounts, findings)  # (6)
    missing = check_awaited(log, accepted, known, findings)  # (6)
    _check_rosters(log, known, findings)  # (7)
    _check_objects(bundle, log, known, accounts, findings)  # (5), (7)
    if findings.count:
        return findings, None
    return findings, Checked(
        contents=bundle.contents,
        signed=signed,
        items=accepted.items,
        events=accepted.events,
        missing=missing,
        withdrawn=frozenset(accounts.withdrawals),
        weeks=dict(sorted(accounts.weeks.items())),
    )


def _check_waiting(accepted: Accepted, accounts: Accounts, findings: Findings) -> None:
    """Check 5 for what was submitted in a week that is not over."""
    for item in accepted.items:
        name = f"object {item.opening.envelope.hex()[:12]}"
        check_submitted(item.opening, name, accounts, findings, kept=True)
    for waiting in accepted.events:
        if isinstance(waiting.event, Opening):
            name = f"object {waiting.event.envelope.hex()[:12]}"
            check_submitted(waiting.event, name, accounts, findings, kept=False)


def _check_strangers(bundle: Bundle, accounts: Accounts, findings: Findings) -> None:
    for item in bundle.contents.items:
        if not item.promise and item.opening.to_bytes() not in accounts.numbers:
            findings.of_object(
                Gap.STRANGER,
                (item.opening.epoch, item.opening.envelope),
                "is in the bundle, and neither in the log nor promised to it",
            )


def _check_rosters(log: ReadLog, known: Known, findings: Findings) -> None:
    """Check 7: a roster that the log names is verified; one kept back may revoke a stolen key.

    Those before the first one that is verified are under roots of before, and their revocations stay.
    """
    first = min((roster.version for roster in known.rosters.values()), default=None)
    for entry in log.rosters:
        if first is not None and entry.version >= first and entry.digest not in known.rosters:
            findings.add(
                Gap.ROSTER,
                f"the log has roster {entry.version}, which is not in the bundle, or not signed by"
                " the root holders",
            )


def _check_objects(
    bundle: Bundle, log: ReadLog, known: Known, accounts: Accounts, findings: Findings
) -> None:
    """Check 7, and of 5 that each object is the one that its opening names."""
    logged = {(entry.version, entry.digest) for entry in log.rosters}
    for item in bundle.contents.items:
        roster = known.rosters.get(item.opening.roster)
        if roster is None:
            what = "names a roster that is not in the bundle, or not signed by the root holders"
        elif item.promise and roster.version > log.newest_roster:
            # Newer than the log of this bundle: announced, and not cosigned yet. The root holders
            # signed it, and it must be logged before what is sealed to it can be.
            continue
        elif log.signed is not None and (roster.version, roster.digest) not in logged:
            what = f"is sealed to roster {roster.version}, which the log does not have"
        else:
            continue
        findings.of_object(Gap.ROSTER, (item.opening.epoch, item.opening.envelope), what)
    for opening, sealed in bundle:
        place = accounts.numbers.get(opening.to_bytes())
        if sha256(sealed).digest() != opening.envelope:
            if place is not None:
                findings.of_entry(Gap.REPLACED, place, "has another object than its opening names")
            else:
                findings.of_object(
                    Gap.REPLACED, (opening.epoch, opening.envelope), "is another one"
                )
            continue
        roster = known.rosters.get(opening.roster)
        if roster is None:
            continue
        try:
            check_header(sealed, roster)
        except IntakeError as error:
            findings.of_object(
                Gap.READERS,
                (opening.epoch, opening.envelope),
                f"is not sealed as it must be: {error.phrase}",
            )
