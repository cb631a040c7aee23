"""Takes a bundle into a case: what is whole and new, and what is not, and why.

It opens every item once to see that it can be read, and says nothing of what is in it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from intake.bundle import Bundle
from intake.container import Kind
from intake.errors import IntakeError, MalformedError, RosterError
from intake.opening import Opening
from intake.review.case import Case
from intake.review.import_records import add_import
from intake.review.record import Entry, Imported, Summary, Verdict
from intake.review.shelf import Shelf, name_in
from intake.review.unseal import Identities, RefusedError, unseal_object
from intake.roots import RootSet, parse_fingerprint
from intake.roster import SignedRoster
from intake.tlog.note import Signer

FINE = frozenset({Verdict.NEW, Verdict.DUPLICATE, Verdict.DECOY})
ROSTER = "roster"  # in the place of an id, where a report is of a roster


@dataclass(frozen=True)
class Report:
    """What an import says of one item."""

    item: str
    verdict: Verdict
    why: str = ""

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


def make_case(folder: Path, bundle: Bundle, roots: RootSet, identities: Identities) -> None:
    """Make a case sealed to the reviewers of the newest roster in the bundle.

    Raises `RosterError` where that is not signed by these roots, expired, or without us: a case
    must not be made that its maker cannot open.
    """
    contents = bundle.contents
    note = Shelf.of(contents.rosters, roots, contents.deployment).newest
    note.roster.check_dates(dt.datetime.now(dt.UTC).date())
    name_in(note.roster, identities)
    Case.create(folder, roots, note)


def import_items(case: Case, bundle: Bundle) -> Iterator[Report]:
    """Take every item of the bundle into the case; a report for each, as soon as it is durable.

    Whatever comes is kept, sealed, and listed. It may be cut off at any point and done again: what
    is in the case, whole, is then a duplicate; what is damaged there is mended, and said to be;
    and what could not be opened is tried anew. A decoy is reported and kept nowhere.
    """
    deployment = case.roster.deployment
    if bundle.contents.deployment != deployment:
        raise RosterError(
            f"the bundle is of deployment {bundle.contents.deployment}, and the case of {deployment}",
            "a case holds one deployment: name another folder",
        )
    notes = (*case.rosters(), *bundle.contents.rosters)
    shelf = Shelf.of(notes, case.roots, deployment)
    for error in shelf.refused:
        yield Report(ROSTER, Verdict.FOREIGN, error.phrase)
    for note in shelf.signed.values():
        case.keep_roster(note)
    for opening, sealed in bundle:
        yield _import_item(case, shelf, opening, sealed)


def record_import(
    case: Case, bundle: Bundle, reports: Iterable[Report], signer: Signer
) -> Imported:
    """Keep in the case, signed, what an import that came to its end has found; gives it too.

    Raises `MalformedError` where a report is missing: each object is an item or a decoy.
    """
    contents = bundle.contents
    verdicts = [report.verdict for report in reports if report.item != ROSTER]
    if len(verdicts) != len(contents.items):
        raise MalformedError("the import did not come to its end")
    imported = Imported.of(contents.deployment, contents.epoch, verdicts, case.by)
    add_import(case, imported, signer)
    return imported


def _import_item(case: Case, shelf: Shelf, opening: Opening, sealed: bytes) -> Report:
    digest = sha256(sealed).digest()
    item = case.id_of(digest)
    damage = ""
    try:
        known = case.known(digest)
    except IntakeError:
        known, damage = None, "its record was damaged in this folder"
    if known is not None and known.readable:
        return _import_known(case, item, known, (opening, sealed))
    try:
        note = shelf.signed.get(opening.roster)
        if note is None:
            missing = "its roster is not in the bundle, or not signed by the roots of this case"
            raise RefusedError(Verdict.FOREIGN, RosterError(missing))  # noqa: TRY301
        container = unseal_object(sealed, opening, note.roster, case.identities)
    except RefusedError as error:
        entry = Entry(digest, opening, error.verdict, error.phrase, None)
        case.keep_refused(sealed, entry)
        advice = f"{error.phrase} ({error.hint})" if error.hint else error.phrase
        return Report(item, error.verdict, f"{advice}; {damage}" if damage else advice)
    if container.kind is Kind.DECOY:
        if not damage:
            case.forget_refused(item)
        return Report(item, Verdict.DECOY)
    case.keep_original(sealed, Entry(digest, opening, Verdict.NEW, "", Summary.of(container)))
    return Report(item, Verdict.MENDED if damage else Verdict.NEW, damage)


def _import_known(case: Case, item: str, known: Entry, came: tuple[Opening, bytes]) -> Report:
    """An object that was opened once: a duplicate only if it still lies in the case as it came."""
    opening, sealed = came
    damage = case.problem(item)
    if damage:
        case.keep_original(sealed, known)
        return Report(item, Verdict.MENDED, damage)
    same = known.opening == opening
    return Report(item, Verdict.DUPLICATE, "" if same else "known under another opening")
