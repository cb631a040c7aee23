"""The operator's two commands for the log: one has the store and no network, one the reverse."""

from pathlib import Path

import click

from intake.epoch import Epoch
from intake.log.cosigning import cosign
from intake.log.folder import LogFolder
from intake.log.site_log import SiteLog
from intake.reaching import SocksAddress
from intake.store import Store
from intake.tlog.policy import Policy
from intake.web.announcing import announcements
from intake.web.site import Site, check_owner, today_in_utc

_SITE = click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.command()
@_SITE
@click.option("--now", is_flag=True, help="Close this week too, before it is over; for trying out.")
@click.option(
    "--until", metavar="WEEK", help="Close up to this week, as 2028-W03, however many that are."
)
def close_epoch(site: Path, *, now: bool, until: str | None) -> None:
    """Close the weeks of SITE that are over in its log, and log its roster, settings and code.

    Each week's submissions are logged under entries that say nothing, with others that stand for
    nothing, always a multiple of 16. The store is then written anew, so that it does not tell in
    which order they came; that needs free room, twice as much as the store is large. Replies that
    wait go on the board, with others that say nothing, and those of nine weeks ago leave it. No
    network is used: `intake cosign` takes the signed checkpoint to the witnesses. Run it every Monday, after
    00:00 UTC; after a crash run it again.
    """
    if now and until is not None:
        raise click.UsageError("--now and --until do not go together")
    last = None if until is None else Epoch.parse(until)
    opened = Site.open(site)
    today = Epoch.of(today_in_utc())
    store = Store.open(opened.store_place)
    folder = opened.log_folder
    try:
        log = SiteLog(store.leaves, folder, opened.log_signer)
        public = announcements(opened, store)
        with folder.locked(), store.leaves.closing():
            log.announce(public)
            closed = log.close_due(today, now=now, until=last)
            size = log.stage().checkpoint.size
            opened.board_folder.write(store.board.rows())
            log.settle()
    finally:
        store.close()
    told = f"closed {', '.join(map(str, closed))}" if closed else "no week is over"
    click.echo(f"{told}; the log has {size} entries")


@click.command()
@_SITE
@click.option("--socks", metavar="HOST:PORT", help="A SOCKS5 proxy, as tor's 127.0.0.1:9050.")
def cosign_log(site: Path, socks: str | None) -> None:
    """Have the newest checkpoint of the log of SITE cosigned, and publish it.

    Reads SITE/log and SITE/keys/log.policy, and never the store. Asks every witness of the policy
    that has an address; with --socks through that proxy, without which no onion is asked. Without
    the policy's quorum the checkpoint before it stays published.
    """
    proxy = None if socks is None else SocksAddress.parse(socks)
    check_owner(site)
    policy = Policy.parse((site / "keys" / "log.policy").read_bytes())
    outcome = cosign(LogFolder(site / "log"), policy, proxy)
    for refusal in outcome.refusals:
        click.echo(f"not cosigned by {refusal}", err=True)
    witnesses = [name for name, _ in outcome.endorsed.witnesses]
    by = f"cosigned by {', '.join(witnesses)}" if witnesses else "without a witness"
    click.echo(f"published {outcome.signed.checkpoint.size} entries, {by}")
