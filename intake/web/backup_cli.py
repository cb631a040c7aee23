"""The operator's commands that write backups of a site: `intake backup`, and its hand-over."""

from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click

from intake.age import HybridRecipient
from intake.errors import MalformedError
from intake.keeping.standstill import hand_over, take_back, unserved
from intake.keeping.writing import Source, back_up
from intake.store import Store
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

    It is sealed to the operator's key ([backup] in site.toml, `intake keys new-operator`) and
    filled up to one, two, four … times the step that is set there, so that its size tells little.
    Inside, submissions are still sealed to the reviewers. The key of the log is in it: whoever
    opens it can sign as this site.

    With --hand-over no server may run. The site is marked, nothing starts on it any more, and the
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
    with _handing_over(opened) if last else nullcontext():
        store = Store.open(opened.store_place)
        try:
            source = Source(site, store, opened.log_signer, sealed_to, step)
            written = back_up(source, file, today_in_utc(), base=base or last, last=last)
        finally:
            store.close()
    head = written.head
    click.echo(
        f"{head.kind} with {head.size} entries of the log in {file}, {file.stat().st_size} bytes;"
        f" {written.submissions} submissions that are in no base before"
    )
    if last:
        click.echo("the site ends here: restore this file on the new machine")


@contextmanager
def _handing_over(site: Site) -> Generator[None]:
    """Hold a site still, and mark it before its last backup is made: nothing can come after that.

    Where there is then no backup, it is not marked; a crash leaves the mark, and the command is
    run again.
    """
    with unserved(site.folder), site.log_folder.locked():
        hand_over(site.folder)
        try:
            yield
        except BaseException:
            take_back(site.folder)
            raise
