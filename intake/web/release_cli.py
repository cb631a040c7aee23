"""The operator's command that lets go of what reviewers have: `intake release`.

Nothing is destroyed on the operator's word alone, and nothing that the log does not have.
"""

from pathlib import Path

import click

from intake.collection import Collection, SignedCollection
from intake.epoch import Epoch
from intake.errors import IntakeError, ProofError
from intake.log.folder import LogFolder
from intake.store import Store
from intake.tlog.merkle import verify_consistency
from intake.tlog.note import NOTE_LIMIT
from intake.web.site import Site, today_in_utc


@click.command()
@click.argument("site", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("statement", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--again",
    is_flag=True,
    help="Log a statement of what is gone already: where a key that signed the one before was stolen.",
)
def release(site: Path, statement: Path, *, again: bool) -> None:
    """Delete from SITE the submissions of which two reviewers signed in STATEMENT that they have them.

    STATEMENT is made with `intake review confirm`. It must be of this site and of its log, its
    signers must be reviewers of the roster in use, and the log must have all that it names: else
    nothing is deleted. The statement is kept for the reviewers' next import, and the week's close
    logs that the objects were collected. After a crash run it again. One of which more than half
    was released before is refused: every later bundle would carry it.
    """
    opened = Site.open(site)
    with statement.open("rb") as file:
        data = file.read(NOTE_LIMIT + 1)  # a bundle that was named in its place fits no memory
    signed = SignedCollection.open(data, opened.current().roster)
    collection = signed.collection
    _check_log(opened.log_folder, collection)
    store = Store.open(opened.store_place)
    try:
        today = Epoch.of(today_in_utc())
        count = store.release(collection.envelopes, data, signed.by, today, again=again)
    finally:
        store.close()
    gone = len(collection.envelopes) - count
    before = f"; {gone} were gone before" if gone else ""
    click.echo(f"released {count} submissions, confirmed by {', '.join(signed.by)}{before}")


def _check_log(folder: LogFolder, collection: Collection) -> None:
    """Raise `ProofError` unless what the signers saw is the beginning of this log."""
    staged = folder.staged()
    try:
        if staged is None:
            raise ProofError("there is no log")
        now = staged.checkpoint
        if collection.size > now.size:
            raise ProofError("it has fewer entries")
        proof = folder.reader(staged).consistency(collection.size)
        verify_consistency(collection.size, now.size, collection.root, now.root, proof)
    except IntakeError as error:
        raise ProofError(
            f"the statement is not of this site's log: {error.phrase}",
            "nothing was released; ask the reviewers which bundle they imported",
        ) from None
