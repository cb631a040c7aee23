"""Takes a bundle into a case: what is whole and new, and what is not, and why.

It opens every item once to see that it can be read, and says nothing of what is in it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from intake.bundle import Bundle
from intake.completeness import Checked
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, RosterError
from intake.opening import Opening
from intake.review import acting
from intake.review.ahead import Outcome, opened_ahead
from intake.review.arriving import Arrived, arrive
from intake.review.case import Case, name_in
from intake.review.destroying import Destroyed, destroy_withdrawn
from intake.review.import_records import add_import
from intake.review.imported import Imported
from intake.review.making import create
from intake.review.record import Entry, Verdict
from intake.review.standing import (
    check_deployment_of,
    is_lost,
    keep_checked,
    keep_standing,
    standing_of,
)
from intake.review.unseal import Identities, RefusedError
from intake.roots import RootSet, parse_fingerprint
from intake.roster import SignedRoster
from intake.shelf import Shelf

FINE = frozenset({Verdict.NEW, Verdict.DUPLICATE, Verdict.WITHDRAWN, Verdict.ERASED, Verdict.DECOY})
ROSTER = "roster"  # in the place of an id, where a report is of a roster
STANDING = "standing"  # likewise, of what the case knows of the log


@dataclass(frozen=True)
class Report:
    """What an import says of one item; without `came`, of something that is no object in it.

    `left` are lines of what had left before it was withdrawn. `digest` is the SHA-256 of an object that
    came and is no decoy.
    """

    item: str
    verdict: Verdict
    why: str = ""
    came: bool = True
    left: tuple[str, ...] = ()
    digest: bytes = b""

    @property
    def alarm(self) -> bool:
        """Whether a person must look into it."""
        return self.verdict not in FINE

    def __str__(self) -> str:
        return f"{self.item}  {self.verdict}" + (f": {self.why}" if self.why else "")


def roots_by_fingerprint(bundle: Bundle, digits: str) -> RootSet:
    """The roots that a roster in the bundle names and whose fingerprint is this one.

    Whoever compared the digits with a leaflet may trust them without a roots file.
    """
    wanted = parse_fingerprint(digits)
    for note in bundle.contents.rosters:
        try:
            roots = SignedRoster.parse(note).roster.roots
        except IntakeError:
            continue  # said when the rosters are verified
        if roots.fingerprint == wanted:
            return roots
    raise RosterError(
        "no roster in the bundle has roots with this fingerprint",
        "compare the digits again, with a leaflet or by telephone: if they are right, stop",
    )


def trusted_shelf(bundle: Bundle, roots: RootSet, identities: Identities) -> Shelf:
    """The rosters in the bundle, from which a case can be made.

    Raises `RosterError` where the newest is not signed by these roots, expired, or without us: a
    case must not be made that its maker cannot open.
    """
    contents = bundle.contents
    shelf = Shelf.of(contents.rosters, roots, contents.deployment)
    roster = shelf.newest.roster
    roster.check_dates(dt.datetime.now(dt.UTC).date())
    name_in(roster, identities)
    return shelf


def check_has_objects(bundle: Bundle) -> None:
    """Raise `MalformedError` for an auditor's bundle: there is nothing in it to import."""
    if not bundle.contents.objects:
        raise MalformedError(
            "this bundle is an auditor's: it has no objects",
            "ask the operator for one that was collected without --for-auditor",
        )


def make_case(
    folder: Path, bundle: Bundle, roots: RootSet, identities: Identities, machine: str = ""
) -> None:
    """Make a case sealed to the reviewers of the newest roster in the bundle: see `trusted_shelf`.

    `machine` is this one's name in the ledgers; a random one where it is empty.
    """
    note = trusted_shelf(bundle, roots, identities).newest
    create(folder, roots, note, machine)


def import_items(
    case: Case, bundle: Bundle, checked: Checked, processes: int = 0
) -> Iterator[Report]:
    """Take every item of a bundle that was found whole into the case.

    There is a report for each, as soon as it is durable. Whatever comes is kept, sealed, and
    listed. It may be cut off at any point and done again: what is in the case, whole, is then a
    duplicate; what is damaged there is mended, and said to be; and what could not be opened is
    tried anew. A decoy is reported, and only its hash and week are kept. What its author withdrew
    is destroyed in the case, before anything is opened, and does not come in again.

    So many other `processes` open what is new before its turn comes; whatever they do, the case and the
    reports are the same as without them.
    """
    check_has_objects(bundle)
    if checked.contents is not bundle.contents:
        raise ValueError("another bundle was checked")
    check_deployment_of(case, bundle)
    deployment = case.roster.deployment
    notes = (*case.rosters(), *bundle.contents.rosters)
    shelf = Shelf.of(notes, case.roots, deployment)
    for error in shelf.refused:
        yield Report(ROSTER, Verdict.FOREIGN, error.phrase, came=False)
    for note in shelf.signed.values():
        case.keep_roster(note)
    if is_lost(case):
        why = "what the case knew of the log was gone; items that no bundle has any more stay here"
        yield Report(STANDING, Verdict.MENDED, why, came=False)
    for item in keep_checked(case, bundle, checked):
        why = "called withdrawn, and not by its author as far as this case can tell: ask the site"
        yield Report(item, Verdict.REFUSED, why, came=False)
    standing = standing_of(case)
    withdrawn = standing.withdrawn
    yield from map(_report_of, destroy_withdrawn(case, standing.proved))
    decoys = set[tuple[Epoch, bytes]]()

    def wanted(opening: Opening) -> bool:
        return opening.envelope not in withdrawn and case.is_new(opening.envelope)

    with opened_ahead(partial(arrive, case, shelf), processes) as ahead:
        for opening, sealed, outcome in ahead.each(bundle, wanted):
            if opening.envelope in withdrawn:
                item = case.id_of(opening.envelope)
                yield Report(item, Verdict.WITHDRAWN, "it came once more, and is not kept")
                continue
            report = _import_item(case, shelf, (opening, sealed), outcome)
            if report.verdict is Verdict.DECOY:
                decoys.add((opening.epoch, opening.envelope))
                yield report
            else:
                yield replace(report, digest=sha256(sealed).digest())
    keep_standing(case, replace(standing_of(case), decoys=frozenset(decoys)))


def _report_of(gone: Destroyed) -> Report:
    why = "nothing of it is left in this case"
    return Report(gone.item, Verdict.WITHDRAWN, why, came=False, left=tuple(gone.left))


def record_import(case: Case, checked: Checked, reports: Iterable[Report]) -> Imported:
    """Keep in the case and its ledger, signed, what an import that came to its end has found.

    Raises `MalformedError` where a report is missing: each object is an item or a decoy.
    """
    reports = [report for report in reports if report.came]
    verdicts = [report.verdict for report in reports]
    if len(verdicts) != len(checked.contents.items):
        raise MalformedError("the import did not come to its end")
    imported = Imported.of(checked, verdicts, case.by)
    failed = sum(report.alarm for report in reports)
    digests = (report.digest for report in reports if report.digest)
    acting.record_import(case, checked.size, checked.root, failed, digests)
    add_import(case, imported)
    return imported


def _import_item(
    case: Case, shelf: Shelf, came: tuple[Opening, bytes], outcome: Outcome | None
) -> Report:
    opening, sealed = came
    digest = sha256(sealed).digest()
    item = case.id_of(digest)
    damage = ""
    try:
        known = case.known(digest)
    except IntakeError:
        known, damage = None, "its record was damaged in this folder"
    if known is not None and known.gone:
        return Report(item, known.verdict, "it came once more, and is not kept")
    if known is not None and known.readable:
        return _import_known(case, item, known, came)
    try:
        arrived = _arrived(case, shelf, came, outcome)
    except RefusedError as error:
        entry = Entry(digest, opening, error.verdict, error.phrase, None)
        case.keep_refused(sealed, entry)
        advice = f"{error.phrase} ({error.hint})" if error.hint else error.phrase
        return Report(item, error.verdict, f"{advice}; {damage}" if damage else advice)
    if arrived.entry is None:
        case.forget_refused(item)
        return Report(item, Verdict.DECOY)
    case.keep_original(sealed, arrived.entry, arrived.files)
    return Report(item, Verdict.MENDED if damage else Verdict.NEW, damage)


def _arrived(
    case: Case, shelf: Shelf, came: tuple[Opening, bytes], outcome: Outcome | None
) -> Arrived:
    """What was opened ahead, or is opened here; raises `RefusedError`."""
    if isinstance(outcome, RefusedError):
        raise outcome
    return outcome or arrive(case, shelf, *came)


def _import_known(case: Case, item: str, known: Entry, came: tuple[Opening, bytes]) -> Report:
    """An object that was opened once: a duplicate only if it still lies in the case as it came."""
    opening, sealed = came
    damage = case.problem(item)
    if damage:
        case.keep_original(sealed, known)
        return Report(item, Verdict.MENDED, damage)
    same = known.opening == opening
    return Report(item, Verdict.DUPLICATE, "" if same else "known under another opening")
