"""`intake review`: the reviewers' commands, on a machine that is never online.

Whatever comes from a testimony reaches the terminal through `showing` and `visible` alone. Each command unlocks
its identities once.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from intake import visible
from intake.age import HeaderError
from intake.bundle import Bundle
from intake.errors import IntakeError, MalformedError, ProofError, RosterError, WrongKeyError
from intake.review import showing
from intake.review.case import Case
from intake.review.folder import locked, made_for
from intake.review.importing import (
    Report,
    import_items,
    make_case,
    record_import,
    roots_by_fingerprint,
)
from intake.review.options import FILE, case_options, unlock, unlock_all
from intake.review.outgoing_cli import export, redact
from intake.review.record import Verdict
from intake.roots import RootSet, parse_fingerprint

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

    from intake.review.keys import ReviewerSecret
    from intake.review.unseal import Identities
    from intake.tlog.note import Signer

__all__ = ["export", "import_bundle", "list_items", "redact", "show"]


@click.command("import")
@click.argument("bundle", type=FILE)
@case_options
@click.option("--roots", type=FILE, metavar="FILE", help="The root keys you trust.")
@click.option("--fingerprint", metavar="DIGITS", help="Their 30 digits, from paper or a partner.")
def import_bundle(  # noqa: PLR0913 - one parameter an option
    *,
    bundle: Path,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    roots: Path | None,
    fingerprint: str | None,
) -> None:
    """Take a collected BUNDLE into a case folder, which is made if it is not there.

    A new case needs --roots or --fingerprint: who is trusted to say who the reviewers are.

    Prints one line an item: new, duplicate, mended, unreadable, not sealed to this roster, does
    not fit its opening, or newer version, and why. Nothing of a testimony is printed. What could
    not be opened is kept sealed all the same, and tried again at the next import; what was damaged
    in the folder is mended from the bundle. The exit code is then 1 and somebody must look into
    it: an item that you cannot open is an alarm, never a trifle. `show --kept` shows what can be
    read of it.

    Decoys, which anybody may send to hide how many testimonies come, are counted and not kept: the
    last lines say how many objects without decoys are how many items, and the case keeps a record
    of that, signed with your key.
    """
    if not Case.exists(folder) and (roots is None) == (fingerprint is None):
        raise click.UsageError("a new case needs either --roots or --fingerprint")
    given = RootSet.parse(roots.read_bytes()) if roots else None
    digits = parse_fingerprint(fingerprint) if fingerprint else None
    secrets = unlock_all(identities, passphrase_file)
    keys = tuple(secret.identity for secret in secrets)
    with made_for(folder), _opened(bundle, keys, folder) as opened:
        with locked(folder, alone=True):
            if not Case.exists(folder):
                trusted = given or roots_by_fingerprint(opened, digits or "")
                make_case(folder, opened, trusted, keys)
        with Case.opened(folder, keys, writing=True) as case:
            _check_roots(case, given, digits)
            reports = list(_told(import_items(case, opened)))
            imported = record_import(case, opened, reports, _signer(case, secrets))
    reports = [report for report in reports if report.verdict is not Verdict.DECOY]
    alarms = sum(report.alarm for report in reports)
    counts = Counter(report.verdict for report in reports)
    click.echo(imported.sum)
    click.echo(", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "no items")
    if alarms:
        raise ProofError(
            f"{alarms} of {len(reports)} {_alarm(reports)}",
            "nothing of them is lost; find out why before you go on: see `intake review list`",
        )


def _signer(case: Case, secrets: Iterable[ReviewerSecret]) -> Signer:
    """The key with which this reviewer signs in the case."""
    mine = {reviewer.recipient for reviewer in case.roster.reviewers if reviewer.name == case.by}
    return next(secret.signer for secret in secrets if secret.identity.recipient in mine)


def _alarm(reports: list[Report]) -> str:
    if all(report.verdict is Verdict.MENDED for report in reports if report.alarm):
        return "had been damaged in this folder"
    return "could not be opened or were refused"


@contextmanager
def _opened(path: Path, keys: Identities, workplace: Path) -> Generator[Bundle, None, None]:
    with path.open("rb") as source:
        try:
            bundle = Bundle.open(source, keys, workplace)
        except HeaderError as error:
            hint = "make one with `intake collect`; it is not a letter, and not armored"
            raise MalformedError(f"not a bundle: {error.phrase}", hint) from None
        except WrongKeyError as error:
            hint = "offer the older or the newer identity too: --identity may be given twice"
            raise WrongKeyError(error.phrase, hint) from None
        with bundle:
            yield bundle


def _check_roots(case: Case, given: RootSet | None, digits: str | None) -> None:
    if (given or case.roots) != case.roots or (digits or case.roots.fingerprint) != (
        case.roots.fingerprint
    ):
        raise RosterError(
            "the case was made with other root keys",
            f"theirs have the fingerprint {case.roots.fingerprint}",
        )


def _told(reports: Iterator[Report]) -> Iterator[Report]:
    started = dt.datetime.now(dt.UTC)
    for number, report in enumerate(reports, 1):
        if report.verdict is not Verdict.DECOY:
            click.echo(visible.line(str(report)))
        slow = dt.datetime.now(dt.UTC) - started > dt.timedelta(seconds=2)
        if slow and sys.stderr.isatty() and not sys.stdout.isatty():
            click.echo(f"\r{number} items", nl=False, err=True)
        yield report


@click.command("list")
@case_options
def list_items(*, folder: Path, identities: tuple[Path, ...], passphrase_file: Path | None) -> None:
    """List the items of a case, one line each; no testimony is opened for it.

    Columns: id, epoch, kind, who sealed it, language, characters, the uses agreed to (S
    statistics, P publish, I investigators, C courts, M message, G government), the state, and
    problems.
    """
    with Case.opened(folder, unlock(identities, passphrase_file), writing=False) as case:
        rows = [_row(case, item) for item in case.items()]
    head = ("ITEM", "EPOCH", "KIND", "MODE", "LANG", "LENGTH", "CONSENT", "STATE", "PROBLEM")
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _row(case: Case, item: str) -> tuple[str, ...]:
    try:
        entry = case.entry(item)
        epoch, summary = str(entry.opening.epoch), entry.summary
        if summary is None:
            problem = visible.line(f"{entry.verdict}: {entry.why}")
            return item, epoch, "-", "-", "-", "-", "-", "sealed", problem
        agreed = summary.agreed or "-"
        known = (summary.kind, summary.mode, summary.lang, str(summary.length), agreed)
        return item, epoch, *known, _state(case, item), case.problem(item)
    except IntakeError as error:
        # One damaged record must not hide the others.
        return item, *"------", "damaged", visible.line(error.phrase)


def _state(case: Case, item: str) -> str:
    exports = case.exports(item)
    if exports:
        return f"exported {len(exports)}"
    redactions = case.redactions(item)
    return f"redacted {redactions}" if redactions else "new"


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

    --kept shows what can be read of an item that the import refused, behind a line that says why:
    it may have been made up, or read by others. It can be neither redacted nor exported.
    """
    if kept and not original:
        raise click.UsageError("an item that was refused has no redacted version")
    with Case.opened(folder, unlock(identities, passphrase_file), writing=False) as case:
        name = case.find(item)
        if kept:
            _show_kept(case, name, offsets=offsets)
            return
        container, redaction = case.read(name)
        if original:
            click.echo(f"item {name}, original")
            fields = container.fields
        elif redaction is None:
            raise MalformedError("there is no redacted version", "make one with `redact`")
        else:
            click.echo(f"item {name}, redacted version {redaction.version} by {redaction.by}")
            fields = redaction.apply(container)
        for row in showing.lines_of(container, fields, offsets=offsets):
            click.echo(row)


def _show_kept(case: Case, item: str, *, offsets: bool) -> None:
    entry, container = case.despite(item)
    click.echo(f"item {item}, REFUSED: {visible.line(f'{entry.verdict}: {entry.why}')}")
    click.echo("DO NOT RELY ON IT: it may be made up, changed, or known to others.")
    for row in showing.lines_of(container, container.fields, offsets=offsets):
        click.echo(row)
