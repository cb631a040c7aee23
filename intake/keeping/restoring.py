"""Puts a site back from a base and its newest part, in a folder that has no name until all holds."""

import datetime as dt
import shutil
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake.age import Identity
from intake.age.held import held_folder
from intake.age.whole import written_whole
from intake.errors import MalformedError, ProofError, StoreError
from intake.keeping.known import Known, check_vouched
from intake.keeping.left import RESTORING, remove_left
from intake.keeping.proving import prove
from intake.keeping.reading import Reading, read_backup, read_head
from intake.keeping.rows import BASE, Head
from intake.roster import SignedRoster, open_roster
from intake.store import Place, Store
from intake.store.tables import VERSION
from intake.tlog.checkpoint import Checkpoint, origin_of
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.note import Signer
from intake.tlog.policy import Policy


@dataclass(frozen=True)
class Backups:
    """A base and, unless it is restored alone, a part of it; with the key that opens both."""

    base: Path
    part: Path | None
    identities: Sequence[Identity]


@dataclass(frozen=True)
class Trust:
    """What others know of the log, and how that is believed; None: by the policy in the backup.

    `roster` is the note of one that came into use after the backup was made.
    """

    known: Sequence[Known]
    policy: Policy | None = None
    roster: bytes | None = None


@dataclass(frozen=True)
class Put:
    """What was put back and is proven. `caught_up` entries were made after the backup."""

    store: Store
    head: Head
    signer: Signer
    files: dict[str, bytes]
    caught_up: int


def heads(backups: Backups) -> Head:
    """The head of the newer of the files, once they fit each other.

    1. the first is a base; 2. the second a part, 3. of the same site, 4. of this very base.
    """
    base = read_head(backups.base, backups.identities)
    # (1)
    if base.kind != BASE:
        raise MalformedError(
            f"{backups.base.name} is a part, and a part is nothing without its base",
            "name the base first, then its newest part",
        )
    if backups.part is None:
        return base
    # (2)
    part = read_head(backups.part, backups.identities)
    name = backups.part.name
    if part.kind == BASE:
        raise MalformedError(f"{name} is a base, too", "name one base and its newest part")
    # (3)
    if part.deployment != base.deployment:
        raise ProofError(f"{name} is of another site: {part.deployment}, not {base.deployment}")
    # (4)
    if (part.base, part.begin) != (base.base, base.size):
        raise ProofError(
            f"{name} is a part of another base than {backups.base.name}",
            "each week has a base of its own: take the base before this part",
        )
    return part


@contextmanager
def workplace(beside: Path) -> Generator[Path]:
    """A folder in `beside` that only its owner reads, and that is removed in the end.

    So is first what others left there that were killed: it may have the log's key.
    """
    remove_left(beside)
    with held_folder(beside, RESTORING) as made:
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def put_back(
    backups: Backups, place: Place, trust: Trust, today: dt.date, say: Callable[[str], None]
) -> Put:
    """Fill a new store at `place` with what the backups hold, and prove it complete.

    `say` is given one line for each check that holds. Raises where one does not; then the store is
    to be thrown away.
    """
    newest = heads(backups)
    if newest.store != VERSION:
        raise StoreError(
            f"the backup is of a store of version {newest.store}, not {VERSION}",
            "restore it with the version of intake that made it, and then upgrade",
        )
    store = Store.create(place, newest.deployment)
    try:
        return _put_back(backups, store, trust, today, say)
    except BaseException:
        store.close()
        raise


def _put_back(
    backups: Backups, store: Store, trust: Trust, today: dt.date, say: Callable[[str], None]
) -> Put:
    reading = _read(backups, store, say)
    head, signer, files = reading.head, reading.signer, reading.files
    origin = origin_of(head.deployment)
    _check_trust(trust, origin, reading)
    caught_up = _catch_up(store, head, trust.known)
    if trust.roster is not None:
        files |= _with_roster(files, trust.roster, head.deployment, today)
    own = Known(head.told, Checkpoint(origin, head.size, head.root))
    for line in prove(store, files, (own, *trust.known), today):
        say(line)
    return Put(store, head, signer, files, caught_up)


def _check_trust(trust: Trust, origin: str, reading: Reading) -> None:
    policy = trust.policy or Policy.parse(reading.files.get("keys/log.policy", b""))
    check_vouched(trust.known, origin, policy)
    for one in trust.known:
        if one.signed is not None and not one.signed.note.signed_by(reading.signer.vkey):
            raise ProofError(f"{one.where} was not signed by the log key in the backup")


def _read(backups: Backups, store: Store, say: Callable[[str], None]) -> Reading:
    """Read the part first: it says what of the base is still to be taken."""
    filling = store.filling()
    part: Reading | None = None
    if backups.part is not None:
        part = Reading(filling)
        head = read_backup(backups.part, backups.identities, part)
        say(f"{backups.part.name}: {head.told}, whole, and signed by its log")
    base = Reading(filling, part)
    head = read_backup(backups.base, backups.identities, base)
    say(f"{backups.base.name}: {head.told}, whole, and signed by its log")
    if part is not None:
        if base.signer != part.signer:
            raise ProofError("base and part were signed by two log keys")
        if base.objects != part.still_here:
            raise ProofError("the base lacks objects that its part says are still here")
    filling.finish()
    return part or base


def _catch_up(store: Store, head: Head, known: Sequence[Known]) -> int:
    """Add what the log got after the backup, where that is public; how many entries that were.

    1. there is a copy of the log that is longer; 2. it goes on from the backup (proven later, as
    every known checkpoint is); 3. nothing of it is blinded: what such an entry commits to is only
    in a backup that was made after it.
    """
    # (1)
    longest = max(known, key=lambda one: one.checkpoint.size)
    if longest.checkpoint.size <= head.size:
        return 0
    if longest.reader is None:
        raise ProofError(
            f"{longest.where} knows {longest.checkpoint.size} entries of this log, and the backup"
            f" has {head.size}",
            "restore a newer backup, or name a copy of the log's files: --known FOLDER",
        )
    # (3)
    rest = list(longest.reader.entries(head.size))
    for number, entry in enumerate(rest, head.size):
        if isinstance(parse_entry(entry), Blinded | EpochClosed):
            raise ProofError(
                f"entry {number} of the log was made after this backup, and nothing here opens it",
                "restore a backup that was made after that week was closed",
            )
    store.leaves.append_public(rest)
    return len(rest)


def _with_roster(
    files: Mapping[str, bytes], note: bytes, deployment: str, today: dt.date
) -> dict[str, bytes]:
    """The files that change where a roster came into use after the backup, as `Site.publish` does."""
    before = SignedRoster.parse(files.get("keys/roster.note", b"")).roster
    signed = open_roster(
        note, trusted=before.roots, today=today, deployment=deployment, previous=before
    )
    return {
        f"keys/archive/roster-{before.version}.note": files["keys/roster.note"],
        "keys/roster.note": note,
        "keys/roots": signed.roster.roots.to_bytes(),
    }


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write a site's own files, but the log's checkpoint, which is published when its tiles are."""
    for name in ("keys", "keys/archive"):
        (folder / name).mkdir(mode=0o700)
    for name, content in files.items():
        if name != "log/checkpoint":
            with written_whole(folder / name) as sink:
                sink.write(content)
