"""The operator's command that ends a site: `intake retire`."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from intake.epoch import Epoch
from intake.errors import StoreError
from intake.keeping.standstill import unserved
from intake.log.site_log import SiteLog
from intake.store import Standstill, Store
from intake.web.site import Site, today_in_utc


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="It is for ever: say so.")
def retire(site: Path, *, yes: bool) -> None:
    """End SITE for ever, and say so in the last entry of its log.

    No server may run here meanwhile; other hosts of its store take nothing from then on. And nothing may be kept any more: have the reviewers collect and
    confirm what is there, and release it. Every week up to this one is closed, and the log's last
    entry says that the site ended: who follows it sees an end, and no standstill. Then have it
    cosigned (`intake cosign`) and serve it for as long as the board's replies are to be read: the
    form says that nothing is taken any more. After a crash run it again.
    """
    if not yes:
        raise click.UsageError("a site that was ended never goes on: give --yes")
    opened = Site.open(site)
    store = Store.open(opened.store_place)
    try:
        with unserved(site), opened.log_folder.locked(), store.leaves.closing():
            log = SiteLog(store.leaves, opened.log_folder, opened.log_signer)
            with _standing_still(store, log):
                kept = store.count()
                if kept:
                    raise StoreError(
                        f"{kept} submissions are still kept",
                        "have them collected, confirmed and released (`intake release`) first",
                    )
                ended = log.retire(Epoch.of(today_in_utc()))
            size = log.stage().checkpoint.size
            opened.board_folder.write(store.board.rows())
            log.settle()
    finally:
        store.close()
    click.echo(f"ended in {ended}; the log has {size} entries, and gets no more")


@contextmanager
def _standing_still(store: Store, log: SiteLog) -> Generator[None]:
    """Have no host take anything from before the look at what is kept; for ever, if the log then ends."""
    store.stand_still(Standstill.RETIRED)
    try:
        yield
    finally:
        if log.retired() is None:
            store.go_on(Standstill.RETIRED)
