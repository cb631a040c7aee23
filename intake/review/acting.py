"""The ledger of this machine in a case: every act is signed and on the disk before it is done.

What stands there says nothing of any text: docs/format.md 18. Which item is meant, only the case's salt
tells, and that is sealed to the reviewers.
"""

import secrets
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from intake.age import decrypt_bytes, encrypt_bytes
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError, StoreError
from intake.ledger.act import ITEMS_LIMIT, SALT_SIZE, Act, Kind, item_id, listed
from intake.ledger.record import Head
from intake.ledger.writing import IN_USE, Ledger
from intake.review.case import Case
from intake.review.folder import write
from intake.reviewer import check_name
from intake.roster import Roster
from intake.tlog.note import Signer

MACHINE: Final = "machine"
SALT: Final = "salt.age"
_PATIENCE: Final = 3.0  # seconds: two commands that read may come to the ledger at one time


def begin(folder: Path, roster: Roster, machine: str = "", salt: bytes = b"") -> None:
    """Give a case that is being made its salt, its machine's name and an empty ledger.

    Without a name the machine gets a random one. A copy of a case takes the other's salt: acts on one
    item must match in both. What is there already stays.
    """
    if machine:
        check_name(machine)
    if not (folder / SALT).exists():
        content = salt or secrets.token_bytes(SALT_SIZE)
        write(folder / SALT, encrypt_bytes(content, roster.recipients))
    if not (folder / MACHINE).exists():
        name = machine or f"m-{secrets.token_hex(4)}"
        write(folder / MACHINE, f"{name}\n".encode())
    path = ledger_path(folder, machine_of(folder))
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        Ledger.create(path, Head(roster.deployment, machine_of(folder)))


def machine_of(folder: Path) -> str:
    """The name of this machine in the case's ledgers; `StoreError` where it is missing."""
    try:
        text = (folder / MACHINE).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        text = ""
    name = text.removesuffix("\n")
    try:
        check_name(name)
    except MalformedError:
        raise StoreError(
            "the case does not say which machine it is on", "restore it from a copy"
        ) from None
    return name


def ledger_path(folder: Path, machine: str) -> Path:
    """Where the ledger of a machine lies."""
    return folder / "ledgers" / f"{machine}.ledger"


def salt_of(case: Case) -> bytes:
    """The case's salt, 32 bytes; nobody but its reviewers can tell an item from a ledger's line."""
    try:
        return decrypt_bytes((case.folder / SALT).read_bytes(), case.identities)
    except FileNotFoundError:
        raise StoreError("the case's salt is missing", "restore salt.age from a copy") from None


def ledger_item(case: Case, item: str) -> str:
    """What an item is called in ledgers."""
    return item_id(salt_of(case), case.entry(item).digest)


@contextmanager
def ledger_of(case: Case) -> Generator[Ledger]:
    """This machine's ledger, open for this reviewer's acts."""
    if case.signer is None:
        raise RosterError(
            "no key offered signs for a reviewer of this case", "offer your identity of that time"
        )
    with _open(ledger_path(case.folder, machine_of(case.folder)), case.signer) as ledger:
        yield ledger


def _open(path: Path, signer: Signer) -> Ledger:
    """Open a ledger, after those who only add a line to it just now."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return Ledger.open(path, signer)
        except FileNotFoundError:
            raise StoreError("this machine's ledger is missing", "restore it from a copy") from None
        except StoreError as error:
            if error.phrase != IN_USE or time.monotonic() > until:
                raise
            time.sleep(0.02)


def record(case: Case, *acts: tuple[Kind, dict[str, str]]) -> None:
    """Write acts of this reviewer and this week into the ledger, all of them or none.

    Whatever they speak of is done after this returns, never before. `StoreError` where the clock is
    behind the ledger, or it is in use, damaged or cannot be written.
    """
    week = Epoch.now()
    made = [Act.of(week, case.by, kind, **fields) for kind, fields in acts]
    with ledger_of(case) as ledger:
        ledger.append(*made)


def record_on(case: Case, item: str, *acts: tuple[Kind, dict[str, str]]) -> None:
    """The same for acts on one item."""
    name = ledger_item(case, item)
    record(case, *((kind, {"item": name, **fields}) for kind, fields in acts))


def record_import(
    case: Case, size: int, root: bytes, failed: int, digests: Iterable[bytes]
) -> None:
    """That objects came in, by their hashes; more than a thousand take more acts."""
    salt = salt_of(case)
    names = sorted({item_id(salt, digest) for digest in digests})
    log = {"size": str(size), "root": root.hex(), "failed": str(failed)}
    record(case, *((Kind.IMPORT, {**log, "items": part}) for part in _parts(names)))


def record_build(case: Case, digest: bytes, items: Iterable[str]) -> None:
    """That a file was built from items; more than a thousand take more acts."""
    names = sorted(ledger_item(case, item) for item in items)
    if not names:
        raise MalformedError("a file that nothing went into is not built")
    what = {"hash": f"sha256:{digest.hex()}"}
    record(case, *((Kind.BUILD, {**what, "items": part}) for part in _parts(names)))


def _parts(names: list[str]) -> Iterator[str]:
    for start in range(0, max(len(names), 1), ITEMS_LIMIT):
        yield listed(names[start : start + ITEMS_LIMIT])
