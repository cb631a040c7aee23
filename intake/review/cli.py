"""`intake review`: the reviewers' commands, on a machine that is never online.

Whatever comes from a testimony reaches the terminal through `showing` and `visible` alone. Each command unlocks
its identities once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake import visible
from intake.errors import MalformedError, StoreError
from intake.review import gates, listing, showing
from intake.review.destroying import exports_left
from intake.review.gathering import replies_to, thread_of
from intake.review.import_cli import import_bundle
from intake.review.options import case_options, opened
from intake.review.outgoing_cli import build_plan, export, outputs, signoff
from intake.review.record import Verdict
from intake.review.redact_cli import redact
from intake.review.risk_cli import risk
from intake.review.standing import Standing, standing_of
from intake.review.thread_showing import thread_lines

if TYPE_CHECKING:
    from pathlib import Path

    from intake.review.case import Case

__all__ = [
    "build_plan",
    "export",
    "import_bundle",
    "list_items",
    "outputs",
    "redact",
    "risk",
    "show",
    "signoff",
]


@click.command("list")
@case_options
def list_items(*, folder: Path, identities: tuple[Path, ...], passphrase_file: Path | None) -> None:
    """List the items of a case, one line each; no testimony is opened for it, only canaries.

    Columns: id, epoch, kind, who sealed it, language, characters, the uses agreed to (S
    statistics, P publish, I investigators, C courts, M message, G government), the state, and
    problems. An item that is `not yet logged` must not leave; one that is `withdrawn` was taken
    back by its author, and is gone; a `canary` is a test by the auditor, and no testimony.

    An addition or a change of consent names the testimony of the same code to which it belongs:
    they are linked, and never merged. The uses are those to which the newest word under the code
    is a yes; for a change of consent, those in it. G stands only with the answer to a question.
    """
    with opened(folder, identities, passphrase_file, writing=False) as case:
        rows = list(listing.rows(case))
    widths = [max(len(row[i]) for row in (listing.HEAD, *rows)) for i in range(len(listing.HEAD))]
    for row in (listing.HEAD, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@click.command("show")
@click.argument("item")
@case_options
@click.option("--original/--redacted", default=True, help="Which of the two; the original if none.")
@click.option("--kept", is_flag=True, help="Look at an item that was refused, despite that.")
@click.option(
    "--offsets", is_flag=True, help="Begin each line with the offset of its first character."
)
def show(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    original: bool,
    kept: bool,
    offsets: bool,
) -> None:
    """Show one testimony; ITEM is its id or the beginning of it.

    Characters that move the cursor, turn the direction of text or cannot be seen are printed as
    their number, as ⟨U+202E⟩. With --offsets each line begins with the offset, in characters from
    0, that `redact --span` counts with.

    Behind the original stand what else was sent under the same code, every yes and no with its
    week, its words and who sealed it, what counts now, and the replies. A yes counts from the week
    in which it was sealed, a no from the one in which the site took it; within a week, what was
    changed comes after the testimony, and a no after a yes. An answer to a question about a
    government stands with that question, if it was asked from this case: see `consent`.

    That you opened it, and for which reading, is put into this machine's ledger first.

    Of a withdrawn item, what was exported before is all that can be shown.

    --kept shows what can be read of an item that the import refused, behind a line that says why:
    it may have been made up, or read by others. It can be neither redacted nor exported.
    """
    if kept and not original:
        raise click.UsageError("an item that was refused has no redacted version")
    with opened(folder, identities, passphrase_file, writing=False) as case:
        name, standing = case.find(item), _standing_of(case)
        entry = case.entry(name)
        if entry.gone or entry.opening.envelope in standing.withdrawn:
            _show_gone(case, name)
            return
        if kept:
            _show_kept(case, name, offsets=offsets)
            return
        container, redaction = case.read(name)
        if not original and redaction is None:
            raise MalformedError("there is no redacted version", "make one with `redact`")
        # Before a word of it is shown.
        gates.open_item(case, name)
        if original or redaction is None:
            click.echo(f"item {name}, original")
            fields = container.fields
        else:
            click.echo(f"item {name}, redacted version {redaction.version} by {redaction.by}")
            fields = redaction.apply(container)
        for row in showing.lines_of(container, fields, offsets=offsets):
            click.echo(row)
        if original:
            _show_thread(case, name, standing)


def _standing_of(case: Case) -> Standing:
    """What the log said of items; where that is lost, an item can still be read, and it is said."""
    try:
        return standing_of(case)
    except StoreError as error:
        click.echo(f"note: {error.phrase}", err=True)
        return Standing()


def _show_thread(case: Case, item: str, standing: Standing) -> None:
    thread = thread_of(case, item, standing)
    replies = replies_to(case, (one.item for one in thread.sent))
    for row in thread_lines(item, thread, replies):
        click.echo(row)


def _show_gone(case: Case, item: str) -> None:
    erased = case.entry(item).verdict is Verdict.ERASED
    why = "erased when its time was over" if erased else "withdrawn by its author"
    click.echo(f"item {item}, {why}: nothing of it is shown")
    exports, unread = exports_left(case, item)
    for exported in exports:
        click.echo(f"left before: {visible.line(str(exported))}; it cannot be called back")
    if unread:
        click.echo(f"records of exports that cannot be read: {unread}")


def _show_kept(case: Case, item: str, *, offsets: bool) -> None:
    entry, container = case.despite(item)
    gates.open_item(case, item)
    click.echo(f"item {item}, REFUSED: {visible.line(f'{entry.verdict}: {entry.why}')}")
    click.echo("DO NOT RELY ON IT: it may be made up, changed, or known to others.")
    for row in showing.lines_of(container, container.fields, offsets=offsets):
        click.echo(row)
