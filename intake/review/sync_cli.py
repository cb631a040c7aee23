"""`intake review sync` and `retain`: one case on two machines, and what is let go of in both."""

from __future__ import annotations

from pathlib import Path

import click

from intake import visible
from intake.epoch import Epoch
from intake.errors import ProofError, StoreError
from intake.review import retaining
from intake.review.case import Case
from intake.review.folder import locked, made_for
from intake.review.options import FILE, case_options, opened, opened_with, unlock_all
from intake.review.syncing import join, roots_on, sync
from intake.roots import RootSet, parse_fingerprint


@click.command("sync")
@click.argument("stick", type=click.Path(exists=True, file_okay=False, path_type=Path))
@case_options
@click.option("--roots", type=FILE, metavar="FILE", help="For a new case: the root keys you trust.")
@click.option(
    "--fingerprint", metavar="DIGITS", help="Or their 30 digits, from paper or a partner."
)
@click.option("--machine", default="", metavar="NAME", help="For a new case: this machine's name.")
def sync_stick(  # noqa: PLR0913 - one parameter an option
    *,
    stick: Path,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    roots: Path | None,
    fingerprint: str | None,
    machine: str,
) -> None:
    """Take from a STICK what the other reviewers did, and put on it what you did.

    STICK is a folder on it. One reviewer begins: sync, carry it over, the other syncs, and carries it
    back. The first time, the other's --case is made from the stick; it needs --roots or --fingerprint, as an
    import does, and an identity in the roster of the case. Two cases that were made apart stay apart.

    Nothing of either is written over: records carry their reviewer's name and signature, and all are
    kept. What its author withdrew or the panel erased in one copy is destroyed in the other. Each
    ledger then says which acts of the other machine it has seen.

    Everything on the stick is sealed; it shows whoever takes it how much there is, and the ledgers.
    A stick that was changed, is of other reviewers, or is older than what was seen is refused, and
    nothing of it is taken. Cut off, do it again. Do not pull the stick out before the last line.
    """
    if not Case.exists(folder) and (roots is None) == (fingerprint is None):
        raise click.UsageError("a new case needs either --roots or --fingerprint")
    if Case.exists(folder) and (roots is not None or fingerprint is not None or machine):
        raise click.UsageError("--roots, --fingerprint and --machine are for a new case")
    given = RootSet.parse(roots.read_bytes()) if roots else None
    digits = parse_fingerprint(fingerprint) if fingerprint else None
    secrets = unlock_all(identities, passphrase_file)
    if not Case.exists(folder):
        trusted = given or roots_on(stick, digits or "")
        keys = tuple(secret.identity for secret in secrets)
        with made_for(folder), locked(folder, alone=True):
            join(folder, stick, trusted, keys, machine)
    alarms = 0
    with opened_with(folder, secrets, writing=True) as case:
        if stick.resolve() in (folder.resolve(), *folder.resolve().parents):
            raise StoreError(
                "the stick is the case folder, or holds it", "name a folder on the stick"
            )
        for merged in sync(case, stick):
            click.echo(visible.line(merged.what), err=merged.alarm)
            alarms += merged.alarm
    if alarms:
        raise ProofError(
            f"{alarms} things on the stick were not taken", "find out why, with whoever made them"
        )


@click.command("retain")
@click.argument("items", nargs=-1, metavar="[ITEM...]")
@case_options
@click.option("--until", metavar="WEEK", help="Keep ITEM until the end of this week, as 2027-W01.")
@click.option("--erase", is_flag=True, help="Erase ITEM, whose time is over, for good.")
def retain(  # noqa: PLR0913 - one parameter an option
    *,
    items: tuple[str, ...],
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    until: str | None,
    erase: bool,
) -> None:
    """List the items whose time is over, say anew how long ITEM is kept, or erase it.

    Out of the box: what is outside the scope, hostile or a test 5 weeks, what only the team may read
    24 months, and what others may need is looked at again after 12 months. A lawyer decides; --until
    says otherwise for one item, and stands in the ledger.

    --erase destroys the item's key, then its files: nothing of it opens any more, here at once and on
    the other machines at their next `sync`. Its record stays, without a word. What was exported is
    named: it cannot be called back. Older bundles and other copies of the folder are not reached.
    """
    if (until is not None or erase) != bool(items) or (until is not None and erase):
        raise click.UsageError("name items with --until or with --erase, and with nothing else")
    now = Epoch.now()
    with opened(folder, identities, passphrase_file, writing=bool(items)) as case:
        names = [case.find(item) for item in items]
        for name in names:
            if until is not None:
                retaining.keep_until(case, name, Epoch.parse(until))
                click.echo(f"item {name}: kept until {until}")
            else:
                gone = retaining.erase(case, name, now)
                click.echo(f"item {name}: erased")
                for line in gone.left:
                    click.echo(f"left before: {visible.line(line)}")
        if not names:
            _list_due(case, now)


def _list_due(case: Case, now: Epoch) -> None:
    due, unread = retaining.due(case, now)
    for kept in due:
        what = "look at it again" if kept.review else "due"
        click.echo(f"{kept.item}  {kept.until}  {what}: {kept.why}")
    for item in unread:
        click.echo(f"{item}  cannot be read: see `intake review list`", err=True)
    click.echo(f"{len(due)} due" if due else "nothing is due")
