"""The operator's commands that write backups of a site: `intake backup`, and its hand-over."""

import os
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from intake.age import HybridRecipient
from intake.errors import MalformedError, StoreError
from intake.keeping.left import remove_left
from intake.keeping.retention import BackupFile, let_go, note
from intake.keeping.standstill import hand_over, take_back, unserved
from intake.keeping.state import backing_up, forget
from intake.keeping.writing import Source, back_up
from intake.store import Standstill, Store
from intake.web.site import Site, today_in_utc


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", metavar="RECIPIENT", help="Seal it to this age1pq1 key, not site.toml's.")
@click.option("--base", is_flag=True, help="Write a base though the newest one is of this week.")
@click.option(
    "--hand-over",
    "last",
    is_flag=True,
    help="The last one: the site ends here, and goes on where this is restored.",
)
def backup(site: Path, file: Path, to: str | None, *, base: bool, last: bool) -> None:
    """Write the next backup of SITE into the new file FILE, while it is in use.

    Run it every day at one hour, and each Monday after `intake epoch` and before `intake cosign`:
    what the witnesses have seen must be in a backup. The first after a week's close is a base,
    which holds everything; each other is a part of it, which holds what came since. To restore,
    the base and its newest part are needed, and no other: delete older parts, for two parts of one
    week tell on which day something came.

    With `keep` in [backup] of site.toml it then removes from the folder of FILE what this site
    wrote there and newer ones make needless: the newest `keep` bases stay, each with its newest
    part, and nothing goes before the new file and its base were read back from the disk.

    It is sealed to the operator's key ([backup] in site.toml, `intake keys new-operator`) and
    filled up to one, two, four … times the step that is set there, so that its size tells little.
    Inside, submissions are still sealed to the reviewers. The key of the log is in it: whoever
    opens it can sign as this site.

    With --hand-over no server may run here; other hosts of its store take nothing from then on. The
    site is marked, nothing starts on it any more, and the
    backup says that nothing came after it: restore it on the new machine.
    """
    opened = Site.open(site, handed_over=last)
    recipient = to or opened.settings.backup.to
    if not recipient:
        raise MalformedError(
            "nobody is named to whom it is to be sealed",
            "write the operator's key into [backup] of site.toml, or give --to",
        )
    sealed_to, step = HybridRecipient.parse(recipient), opened.settings.backup.step
    if not file.parent.is_dir():
        raise StoreError(f"there is no folder {file.parent}", "is its disk mounted?")
    for folder in (file.parent, site):
        remove_left(folder)
    store = Store.open(opened.store_place)
    today = today_in_utc()
    with backing_up(site):
        try:
            with _handing_over(opened, store, file) if last else nullcontext():
                source = Source(site, store, opened.log_signer, sealed_to, step)
                written = back_up(source, file, today, base=base or last, last=last)
        finally:
            store.close()
        head = written.head
        click.echo(
            f"{head.kind} with {head.size} entries of the log in {file}, {file.stat().st_size} bytes;"
            f" {written.submissions} submissions that are in no base before"
        )
        if last:
            click.echo("the site ends here: restore this file on the new machine")
            return
        note(site, BackupFile(file.resolve(), head.kind, head.base, today, written.digest))
        removed = let_go(site, opened.settings.backup.keep)
    if removed:
        click.echo(f"removed {removed} backups that it makes needless")


@contextmanager
def _handing_over(site: Site, store: Store, file: Path) -> Generator[None]:
    """Hold a site still, and mark it before its last backup is made: nothing can come after that.

    Other hosts of its store are held by the store. Where there is then no backup, it goes on. A crash,
    and what fails after the backup has its name, leave both marks: the backup says for ever that
    nothing came after it. The command can be run again.
    """
    with unserved(site.folder), site.log_folder.locked(), store.leaves.closing():
        if os.path.lexists(file):
            raise MalformedError(f"{file} exists already", "name a new file")
        store.stand_still(Standstill.HANDED_OVER)
        hand_over(site.folder)
        try:
            yield
        except BaseException:
            if not os.path.lexists(file):
                take_back(site.folder)
                store.go_on(Standstill.HANDED_OVER)
            raise


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="The new machine never started: say so.")
def resume(site: Path, *, yes: bool) -> None:
    """Let SITE, which was handed over (`intake backup --hand-over`), go on here after all.

    Only where the new machine never started, and never will: two sites under one log key make two
    logs, and witnesses believe neither of them. It holds for every host of its store. The next backup
    is a base: make it at once, since the last one is to be deleted.
    """
    if not yes:
        raise click.UsageError("where the new machine never started, give --yes")
    opened = Site.open(site, handed_over=True)
    store = Store.open(opened.store_place)
    try:
        stood = store.go_on(Standstill.HANDED_OVER)
    finally:
        store.close()
    # After a crash one of the two may be gone already.
    if not take_back(site) and not stood:
        raise StoreError("this site was not handed over", "it goes on as before; keep its backups")
    # A part of a base that is deleted would be nothing.
    forget(site)
    click.echo(
        "the site goes on here; delete its last backup, and the new machine's copy, and make a new one"
    )
