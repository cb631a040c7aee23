"""`intake review confirm`: a reviewer signs what their case holds, so that the site may delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake.age.whole import written_whole
from intake.epoch import Epoch
from intake.review.confirming import Held, confirm, confirm_too, held_by, signer_of, signers_of
from intake.review.options import FILE, case_options, opened_with, unlock_all

if TYPE_CHECKING:
    from pathlib import Path


@click.command("confirm")
@click.argument("out", type=FILE)
@case_options
@click.option("--with", "statement", type=FILE, metavar="FILE", help="Sign this one, too.")
@click.option("--since", metavar="WEEK", help="Only of this week and later, as 2026-W47.")
def confirm_items(  # noqa: PLR0913 - one parameter an option
    *,
    out: Path,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    statement: Path | None,
    since: str | None,
) -> None:
    """Sign, in the new file OUT, that this case holds what it has imported, whole and logged.

    The site deletes what two reviewers confirm, and only that: `intake release` there. So the
    second one, with --with and the first one's file, signs on another machine, from another case
    into which they imported themselves: after the release these two are all there is, with their
    copies.

    Left out are items that are not yet logged, were withdrawn, or are damaged here. OUT names
    hashes of sealed objects and no more, and is no secret. It names 16,000 at most, those of the
    oldest weeks: if more are left, it is said, with the week for --since of the next one.
    """
    if statement is not None and since is not None:
        raise click.UsageError("--since is for the first reviewer")
    week = None if since is None else Epoch.parse(since)
    secrets = unlock_all(identities, passphrase_file)
    with opened_with(folder, secrets, writing=False) as case:
        signer, held = signer_of(case, secrets), held_by(case, week)
        if statement is None:
            note = confirm(case, held, signer)
        else:
            note = confirm_too(case, held, signer, statement.read_bytes())
        by = signers_of(case, note)
    with written_whole(out, replace=False) as sink:
        sink.write(note.to_bytes())
    count = note.text.count(b"\nenvelope ")
    click.echo(f"{count} objects confirmed by {', '.join(by)}")
    if statement is None:
        _tell_left_out(held)


def _tell_left_out(held: Held) -> None:
    if held.left:
        week = held.weeks[held.left[0]]
        click.echo(
            f"left for the next statement: {len(held.left)}; make it with --since {week} once the"
            " site has released these and a new bundle was imported",
            err=True,
        )
    if held.waiting:
        click.echo(f"left out, not yet logged: {held.waiting}", err=True)
    for item in held.damaged:
        click.echo(f"left out, not whole in this folder: {item}", err=True)
