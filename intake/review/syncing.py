"""Merges two copies of a case by a stick, so that neither reviewer's work is lost or written over.

Records carry their reviewer's name and signature, so all of both are kept. What its author withdrew or
the panel erased in one copy is destroyed in the other. Item keys stay apart: what comes is opened with the
other copy's key and sealed with this one's.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from intake.age import HybridIdentity, decrypt_bytes
from intake.canaries import CanaryList
from intake.errors import IntakeError, ProofError, RosterError, StoreError
from intake.ledger.act import Kind
from intake.ledger.record import Head
from intake.review.acting import (
    MACHINE,
    SALT,
    ledger_path,
    machine_of,
    record_on,
    salt_of,
)
from intake.review.canaries import keep_list
from intake.review.case import EXPORT, Case, name_in
from intake.review.case_files import key_of_all
from intake.review.destroying import destroy
from intake.review.drafts import is_draft
from intake.review.folder import write
from intake.review.ids import ID_LENGTH
from intake.review.journal import Journal, mark_in
from intake.review.log_kept import CHECKPOINT, LEAVES
from intake.review.making import create
from intake.review.outgoing import BUILT, digests_of
from intake.review.output_words import PLAN
from intake.review.reading_time import is_reading_time
from intake.review.record import Entry, unpack
from intake.review.standing import Standing, kept_standing
from intake.review.stick import FOLDER, Listing, Offer, offers, put
from intake.review.sync_ledgers import Merged, check_ledger, edge_of, take_ledgers
from intake.review.sync_standing import take_standing
from intake.review.unseal import Identities, unseal_record
from intake.roots import RootSet
from intake.shelf import Shelf
from intake.tlog.note import Signer

_OWN: Final = frozenset({"lock", CHECKPOINT, LEAVES, MACHINE})
_BULK: Final = ("original.age", "kept.age")


def roots_on(stick: Path, digits: str) -> RootSet:
    """The roots of a case on a stick that have this fingerprint; `RosterError` where none has."""
    for path in sorted((stick / FOLDER).glob("*/roots")):
        roots = RootSet.parse(path.read_bytes())
        if roots.fingerprint == digits:
            return roots
    raise RosterError(
        "no case on this stick is of root keys with this fingerprint",
        "compare the digits with paper",
    )


def join(folder: Path, stick: Path, roots: RootSet, identities: Identities, machine: str) -> None:
    """Make this machine's copy of the case that another one put on a stick; it is still empty then.

    The stick's roster must be signed by `roots` and name one of the identities, as at an import.
    """
    for by in sorted((stick / FOLDER).glob("*/case")):
        source = by.parent
        notes = [path.read_bytes() for path in (source / "rosters").glob("*.note")]
        signed = Shelf.of(notes, roots).signed
        digest = (source / "case").read_text(encoding="ascii", errors="replace").split("\n")[1:2]
        note = signed.get("".join(digest).removeprefix("roster "))
        if note is None:
            raise RosterError(
                "the roster of the case on this stick is not signed by the roots that you trust"
            )
        name_in(note.roster, identities)
        salt = decrypt_bytes((source / SALT).read_bytes(), identities)
        create(folder, roots, note, machine, salt)
        return
    raise StoreError(
        "there is no case on this stick", "the first machine puts it there: sync it first"
    )


def sync(case: Case, stick: Path) -> Iterator[Merged]:
    """Take what other machines put on a stick, then put there what this one has.

    1. each offer's signature, salt and ledger are checked before anything of it is taken; 2. rosters,
    settings, lists of canaries and what the log said; 3. every item; 4. the records of outputs; 5. the
    other ledgers, and in this one that they were seen; 6. what is here now goes on the stick. Cut off
    anywhere, it is done again: what came already is the same.
    """
    if case.signer is None:
        raise RosterError("no key offered signs for a reviewer of this case")
    for offer in offers(stick, case.roster, machine_of(case.folder)):
        # (1)
        _check_offer(case, offer)
        # (2)
        yield from _take_case(case, offer)
        # (3)
        theirs = dict[bytes, str]()
        gone = (kept_standing(case) or Standing()).withdrawn
        for item in offer.items():
            try:
                entry = _entry_of(case, offer, item)
                theirs[entry.digest] = item
                if not entry.gone and entry.digest in gone and case.known(entry.digest) is None:
                    what = f"item {item} of {offer.listing.machine}: called withdrawn by the log as this copy"
                    yield Merged(
                        f"{what} saw it, and not taken: import the last bundle there", alarm=True
                    )
                    continue
                yield from _take_item(case, offer, item, entry)
            except IntakeError as error:
                yield Merged(f"item {item} of {offer.listing.machine}: {error.phrase}", alarm=True)
        # (4)
        for path in offer.under("outputs/"):
            _take_of_output(case, offer, path, theirs)
        # (5)
        yield from take_ledgers(case, offer)
    # (6)
    yield _put(case, stick, case.signer)


def _check_offer(case: Case, offer: Offer) -> None:
    if decrypt_bytes(offer.read(SALT), case.identities) != salt_of(case):
        raise ProofError(
            f"machine {offer.listing.machine} has another case of the same deployment",
            "two cases that were made apart stay apart: make the second one from the first one's stick,"
            " with `intake review sync`, before anybody works in it",
        )
    check_ledger(case, offer)


def _take_case(case: Case, offer: Offer) -> Iterator[Merged]:
    shelf = Shelf.of(
        [offer.read(path) for path in offer.under("rosters/")], case.roots, case.roster.deployment
    )
    for error in shelf.refused:
        yield Merged(f"a roster of {offer.listing.machine}: {error.phrase}", alarm=True)
    for note in shelf.signed.values():
        case.keep_roster(note)
    for path in offer.under("records/"):
        if _take_record(case.files.of_case(), offer, path, case.identities):
            yield Merged(f"{path.split('/')[1].split('-')[0]}: one more record of {offer.by}")
    for path in offer.under("canaries/"):
        text = str(unseal_record(offer.read(path), case.identities))
        keep_list(case, CanaryList.parse(text.encode()))
    if offer.under("log.policy") and not (case.folder / "log.policy").exists():
        write(case.folder / "log.policy", offer.read("log.policy"))
    if offer.under("standing.age"):
        yield from take_standing(case, offer)


def _take_record(journal: Journal, offer: Offer, path: str, theirs: Identities) -> bool:
    found = mark_in(path.rsplit("/", 1)[1])
    return found is not None and journal.take(*found, offer.read(path), theirs)


def _take_of_output(case: Case, offer: Offer, path: str, theirs: Mapping[bytes, str]) -> None:
    """A record of an output; one that holds words only where all its items are here and there.

    `theirs` are the other copy's ids of items by their hash. What an output is made of comes before its words.
    """
    digest = bytes.fromhex(path.split("/")[1])
    journal = case.files.of_output(digest)
    if not path.rsplit("/", 1)[1].startswith(f"{PLAN}-"):
        _take_record(journal, offer, path, case.identities)
        return
    built = journal.newest(BUILT)
    digests = [] if built is None else digests_of(built.value)
    ours = [case.known(one) for one in digests]
    keys = {f"items/{theirs.get(one)}/key.age" for one in digests}
    if (
        not digests
        or not offer.listing.files.keys() >= keys
        or any(e is None or e.gone for e in ours)
    ):
        return
    key = key_of_all(_key_of(case, offer, theirs[one]) for one in digests)
    words = case.files.words_of_output(digest, [case.id_of(one) for one in digests])
    _take_record(words, offer, path, [key])


def _entry_of(case: Case, offer: Offer, theirs: str) -> Entry:
    sealed = offer.read(f"items/{theirs}/entry.age")
    return Entry.from_json(unpack(decrypt_bytes(sealed, case.identities)))


def _key_of(case: Case, offer: Offer, theirs: str) -> HybridIdentity:
    sealed = offer.read(f"items/{theirs}/key.age")
    return HybridIdentity.from_seed(decrypt_bytes(sealed, case.identities))


def _take_item(case: Case, offer: Offer, theirs: str, entry: Entry) -> Iterator[Merged]:
    """An item of the other copy: whether it is gone there, then its object, then its records."""
    item = case.id_of(entry.digest)
    known = case.known(entry.digest)
    if entry.gone:
        if known is not None and not known.gone:
            kind = Kind.WITHDRAW if entry.withdrawn else Kind.ERASE
            record_on(case, item, (kind, {}))
            gone = destroy(case, item, entry.verdict)
            yield Merged(
                "; ".join((f"item {item}: {entry.verdict}, and destroyed here", *gone.left))
            )
        elif known is None:
            case.keep_gone(entry)
        _take_exports(case, offer, theirs, item)
        return
    if known is not None and known.gone:
        return  # the other copy destroys it when it reads this one's list
    key = _key_of(case, offer, theirs)
    if known is None or (entry.readable and not known.readable):
        _keep(case, offer, theirs, entry, key)
        yield Merged(f"item {item}: new here, from {offer.listing.machine}")
    journal = case.journal(item)
    count = 0
    for path in offer.under(f"items/{theirs}/"):
        name = path.rsplit("/", 1)[1]
        if mark_in(name) is not None and not name.startswith(f"{EXPORT}-"):
            count += _take_record(journal, offer, path, [key])
    _take_exports(case, offer, theirs, item)
    if count:
        yield Merged(f"item {item}: {count} records of {offer.listing.machine}")


def _take_exports(case: Case, offer: Offer, theirs: str, item: str) -> None:
    for path in offer.under(f"items/{theirs}/{EXPORT}-"):
        _take_record(case.lasting(item), offer, path, case.identities)


def _keep(case: Case, offer: Offer, theirs: str, entry: Entry, key: HybridIdentity) -> None:
    name = "original.age" if entry.readable else "kept.age"
    arrived = decrypt_bytes(offer.read(f"items/{theirs}/{name}"), [key])
    if sha256(arrived).digest() != entry.digest:
        raise ProofError("what came is not what its record names")
    if entry.readable:
        case.keep_original(arrived, entry)
    else:
        case.keep_refused(arrived, entry)


# What goes on the stick


def _stays(name: str) -> bool:
    """What is this machine's or this person's alone, and goes on no stick."""
    return name in _OWN or name.endswith(".part") or is_draft(name) or is_reading_time(name)


def _put(case: Case, stick: Path, signer: Signer) -> Merged:
    others = [set(offer.items()) for offer in offers(stick, case.roster, machine_of(case.folder))]
    known = {item for item in case.items() if others and all(item in one for one in others)}
    if any(len(item) > ID_LENGTH for item in (*known, *case.items())):
        known = set[str]()  # one id may mean two objects: then the stick carries all
    sources = {
        path.relative_to(case.folder).as_posix(): path
        for path in sorted(case.folder.rglob("*"))
        if path.is_file() and not _stays(path.name)
    }
    for item in known:
        # Layer A is on every machine already: the stick need not carry it.
        for name in _BULK:
            sources.pop(f"items/{item}/{name}", None)
    files = {path: sha256(source.read_bytes()).hexdigest() for path, source in sources.items()}
    machine = machine_of(case.folder)
    edge = edge_of(
        ledger_path(case.folder, machine).read_bytes(), Head(case.roster.deployment, machine)
    )
    listing = Listing(case.roster.deployment, machine, edge.size, edge.root, files)
    count = put(stick, listing, sources, signer)
    return Merged(f"put on the stick: {len(files)} files, {count} of them new")
