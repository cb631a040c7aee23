"""The operator's command that puts reviewers' replies on the board: `intake deliver`.

Nothing goes there that a reviewer of the roster in use did not sign. Whom a reply is for, and what
it says, cannot be seen here.
"""

from pathlib import Path

import click

from intake.outbox import MOST_BYTES, SignedOutbox
from intake.store import Store
from intake.web.site import Site


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("outbox", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def deliver(site: Path, outbox: Path) -> None:
    """Let the replies in OUTBOX wait for the next close of SITE's week, which puts them on its board.

    OUTBOX is made with `intake review reply`. It must be whole, of this site, and signed by a
    reviewer of the roster in use: else nothing of it is delivered. `intake epoch` then puts the
    replies up for about nine weeks, among others that say nothing, for everybody in one order.

    What was delivered before is not put up twice; after a crash run it again. The site may be
    served meanwhile. Then destroy OUTBOX: it says how many replies there are, and the board
    does not.
    """
    opened = Site.open(site)
    with outbox.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    signed = SignedOutbox.open(data, opened.current().roster)
    del data
    store = Store.open(opened.store_place)
    try:
        delivered = store.board.deliver(signed.outbox.rows)
    finally:
        store.close()
    click.echo(_said(delivered.new, delivered.known))


def _said(new: int, known: int) -> str:
    said = "1 reply waits" if new == 1 else f"{new} replies wait"
    before = f", {known} {'was' if known == 1 else 'were'} delivered before" if known else ""
    return f"{said} for the week's close{before}"
