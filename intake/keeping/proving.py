"""Proves a restored store complete against the log, one line a check; it stops at what fails.

Nothing of how it was restored is believed: all is read from the store as it lies there.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from intake.author import withdraw_commit_of
from intake.collection import SignedCollection
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError
from intake.event import Collected, Withdrawn, parse_event
from intake.keeping.known import Known
from intake.keeping.writing import opens
from intake.log_reading import LogReading, Passed
from intake.opening import Opening
from intake.roots import RootSet
from intake.roster import Roster, SignedRoster, check_not_forbidden, open_roster
from intake.store import Leaf, Store
from intake.tlog.entries import RosterChanged, parse_entry
from intake.tlog.merkle import EMPTY, leaf_hashes

KEPT_WEEKS: Final = 52  # after which an opening may have been erased
_BATCH: Final = 4096  # entries in memory
_BLINDED: Final = b"B"


@dataclass
class _Accounts:
    """Of what the log says, hashes alone: envelopes with what withdraws them, and what became of them."""

    submitted: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    withdrawn: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    collected: set[bytes] = field(default_factory=set[bytes])
    manifests: set[bytes] = field(default_factory=set[bytes])


def prove(
    store: Store, files: Mapping[str, bytes], known: Sequence[Known], today: dt.date
) -> Iterator[str]:
    """Check a restored store against its log; gives what holds, raises `ProofError` where it does not.

    1. its entries stand as in any such log
    2. every checkpoint that is known, the backup's own too, is one of this very log; none is longer
    3. its roster is the newest that the log names, signed by the root holders it names
    4. every blinded entry has the opening that it commits to, of its own week
    5. every object is the one that its opening names, to the byte
    6. every submission is here, or its author took it back, or two reviewers signed that they have
       it; and of what was taken back or given over nothing is here
    """
    leaves = store.leaves
    # (1), (2)
    passed = _check_log(store, known, today)
    yield f"log: its {leaves.count()} entries keep the rules of a log"
    for one in known:
        yield f"caught up: the {one.checkpoint.size} entries of {one.where} are its beginning"
    # (3)
    rosters = _check_roster(store, files, passed, today)
    yield f"roster: version {rosters[0].version} is the newest of the log"
    # (4)
    accounts = _Accounts()
    opened, erased = _check_openings(leaves.leaves(), accounts, today)
    of_erased = f"; {erased} of more than {KEPT_WEEKS} weeks ago were erased" if erased else ""
    yield f"openings: {opened} entries open, each of its week{of_erased}"
    waiting = [parse_event(data) for data in (*leaves.waiting(), *leaves.waiting_events())]
    for event in waiting:
        if passed.closed is not None and event.epoch <= passed.closed:
            raise ProofError("something that waits for its week's end is of a week that is over")
        _account(event, accounts)
    # (5)
    here = _check_objects(store)
    yield f"objects: {len(here)} are here, each the one that its opening names"
    # (6)
    _check_statements(store, rosters, accounts)
    _check_accounts(accounts, here)
    yield (
        f"complete: of {len(accounts.submitted)} submissions {len(here)} are here,"
        f" {len(accounts.withdrawn)} were taken back by their authors"
        f" and {len(accounts.collected)} given over to reviewers; nothing of those is here"
    )


def _check_log(store: Store, known: Sequence[Known], today: dt.date) -> Passed:
    reading = LogReading(0, Passed(), Epoch.of(today))
    sizes = sorted({(one.checkpoint.size, one.checkpoint.root, one.where) for one in known})
    edge, rows, findings = EMPTY, list[bytes](), list[str]()
    for entry in store.leaves.entries():
        rows.append(entry)
        try:
            findings += [finding.phrase for finding in reading.take(entry)[1]]
        except MalformedError as error:
            findings.append(error.phrase)
        while sizes and sizes[0][0] == edge.size + len(rows):
            edge, rows = edge.extended(leaf_hashes(rows)), []
            _check_root(edge.root, *sizes.pop(0))
        if len(rows) == _BATCH:
            edge, rows = edge.extended(leaf_hashes(rows)), []
    edge = edge.extended(leaf_hashes(rows)) if rows else edge
    if sizes and sizes[0][0] == 0:
        sizes.pop(0)
    if sizes:
        raise ProofError(
            f"{sizes[-1][2]} knows {sizes[-1][0]} entries of this log, and the backup has {edge.size}",
            "the site went on after this backup: restore a newer one",
        )
    findings += [finding.phrase for finding in reading.end()]
    if findings:
        raise ProofError(f"the log breaks its rules: {findings[0]}")
    return reading.passed


def _check_root(root: bytes, size: int, wanted: bytes, where: str) -> None:
    if root != wanted:
        raise ProofError(
            f"{where} knows another log: its first {size} entries are not these",
            "two sites wrote under one key, or the backup is not of this site: ask its auditors",
        )


def _check_roster(
    store: Store, files: Mapping[str, bytes], passed: Passed, today: dt.date
) -> list[Roster]:
    """The verified roster in use, then those before it."""
    logged = [parse_entry(data) for data in store.leaves.public()]
    digests = {entry.digest for entry in logged if isinstance(entry, RosterChanged)}
    try:
        roots, note = files["keys/roots"], files["keys/roster.note"]
    except KeyError:
        raise ProofError(
            "the backup has no roster", "a site that never had one is made anew"
        ) from None
    signed = open_roster(
        note,
        trusted=RootSet.parse(roots),
        today=today,
        deployment=store.deployment,
        allow_expired=True,
    )
    check_not_forbidden(signed.roster)
    if passed.roster is None or signed.roster.digest != passed.roster.digest:
        raise ProofError(
            "the roster of the backup is not the newest in the log",
            "give the newest one with --roster, or restore a backup that was made after it came",
        )
    older = [
        SignedRoster.parse(content).roster
        for name, content in files.items()
        if name.startswith("keys/archive/")
    ]
    for roster in older:
        if roster.digest not in digests:
            raise ProofError(f"roster {roster.version} of the backup is not in the log")
    return [signed.roster, *older]


def _check_openings(leaves: Iterator[Leaf], accounts: _Accounts, today: dt.date) -> tuple[int, int]:
    """How many entries open, and how many openings were erased."""
    opened, erased, run = 0, 0, list[tuple[int, Leaf]]()
    for number, leaf in enumerate(leaves):
        if leaf.entry.startswith(_BLINDED):
            run.append((number, leaf))
            continue
        if leaf.opening is not None:
            raise ProofError(f"entry {number} is public, and has an opening")
        for place, blinded in run:
            if blinded.opening is None:
                erased += 1
                continue
            if not opens(blinded.entry, blinded.opening):
                raise ProofError(f"entry {place} does not commit to the opening that it has")
            _account(parse_event(blinded.opening), accounts)
            opened += 1
        _check_week(run, leaf.entry, today)
        run.clear()
    return opened, erased


def _check_week(run: Sequence[tuple[int, Leaf]], closing: bytes, today: dt.date) -> None:
    """Each opening is of the week that `closing` closes; only old ones may have been erased."""
    if not run:
        return
    week = Epoch.parse(closing.rpartition(b" ")[2].decode("ascii"))
    for number, leaf in run:
        if leaf.opening is None:
            if Epoch.of(today).number - week.number <= KEPT_WEEKS:
                raise ProofError(f"entry {number} of {week} has no opening")
        elif parse_event(leaf.opening).epoch != week:
            raise ProofError(f"entry {number} has an opening of another week than {week}")


def _account(event: object, accounts: _Accounts) -> None:
    match event:
        case Opening():
            if event.envelope in accounts.submitted:
                raise ProofError(f"object {event.envelope.hex()[:12]} stands twice in the log")
            accounts.submitted[event.envelope] = event.withdraw_commit
        case Withdrawn():
            accounts.withdrawn[event.envelope] = event.preimage
        case Collected():
            accounts.manifests.add(event.manifest)
        case _:
            pass


def _check_objects(store: Store) -> set[bytes]:
    here: set[bytes] = set()
    for stored in store:
        envelope = Opening.parse(stored.opening).envelope
        if sha256(stored.sealed).digest() != envelope:
            raise ProofError(f"object {envelope.hex()[:12]} is another one than its opening names")
        here.add(envelope)
    return here


def _check_statements(store: Store, rosters: Sequence[Roster], accounts: _Accounts) -> None:
    for data in store.statements():
        signed = _opened(data, rosters)
        if signed.collection.manifest not in accounts.manifests:
            raise ProofError("a statement of reviewers is in neither the log nor what waits for it")
        accounts.collected.update(signed.collection.envelopes)


def _opened(data: bytes, rosters: Sequence[Roster]) -> SignedCollection:
    for roster in rosters:
        try:
            return SignedCollection.open(data, roster)
        except IntakeError:
            continue
    raise ProofError("a statement is not signed by two reviewers of any roster")


def _check_accounts(accounts: _Accounts, here: set[bytes]) -> None:
    for envelope, preimage in accounts.withdrawn.items():
        name = envelope.hex()[:12]
        if withdraw_commit_of(preimage) != accounts.submitted.get(envelope):
            raise ProofError(f"object {name} was not taken back by its author")
        if envelope in here:
            raise ProofError(f"object {name} was taken back by its author, and is here")
    for envelope in accounts.collected & here:
        raise ProofError(f"object {envelope.hex()[:12]} was given over to reviewers, and is here")
    gone = accounts.withdrawn.keys() | accounts.collected
    for envelope in accounts.submitted.keys() - gone - here:
        raise ProofError(f"object {envelope.hex()[:12]} is in the log, and is not here")
    for envelope in here - accounts.submitted.keys():
        raise ProofError(f"object {envelope.hex()[:12]} is here, and in no log")
