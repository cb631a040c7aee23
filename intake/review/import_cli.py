"""`intake review import`: nothing of a bundle is opened before it was found whole."""

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
from intake.completeness import Checked, Known, examine
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError, RosterError, WrongKeyError
from intake.ledger.act import Kind
from intake.review import acting, gates
from intake.review.ahead import processes_for
from intake.review.case import Case
from intake.review.custody import check_stick
from intake.review.folder import locked, made_for
from intake.review.importing import (
    Report,
    check_has_objects,
    import_items,
    make_case,
    record_import,
    roots_by_fingerprint,
    trusted_shelf,
)
from intake.review.log_policy import keep_policy, policy_for
from intake.review.options import FILE, case_options, opened_with, unlock_all
from intake.review.panel import Panel
from intake.review.record import Verdict
from intake.review.standing import Standing, known_by, standing_of
from intake.roots import RootSet, parse_fingerprint
from intake.tlog.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from intake.review.unseal import Identities


@click.command("import")
@click.argument("bundle", type=FILE)
@case_options
@click.option("--roots", type=FILE, metavar="FILE", help="The root keys you trust.")
@click.option("--fingerprint", metavar="DIGITS", help="Their 30 digits, from paper or a partner.")
@click.option(
    "--policy", type=FILE, metavar="FILE", help="The site's log.policy, if its roster has none."
)
@click.option("--machine", default="", metavar="NAME", help="This machine's name in the ledgers.")
@click.option("--panel", "settings", type=FILE, metavar="FILE", help="A new case's panel.toml.")
def import_bundle(  # noqa: PLR0913 - one parameter an option
    *,
    bundle: Path,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    roots: Path | None,
    fingerprint: str | None,
    policy: Path | None,
    machine: str,
    settings: Path | None,
) -> None:
    """Take a collected BUNDLE into a case folder, which is made if it is not there.

    A new case needs --roots or --fingerprint: who is trusted to say who the reviewers are. Which
    log is believed, and how many witnesses must have seen it, says the newest roster; where that
    names none, --policy does, once. --panel is the panel's settings, see `intake review panel`; --machine
    a word for this machine (a-z, 0-9, -), which the ledgers show: without it, it gets a random one. The
    second reviewer's case is made from the first one's stick: `intake review sync`.

    Before anything is opened, seven checks tell whether the bundle is whole: (1) the log's
    signature and its witnesses, (2) its entries, (3) that it goes on from the last import, (4)
    every opening, (5) every submission, (6) that nothing else came, (7) who can read it. If one
    fails, each fault is a line that can be read over a telephone, nothing is opened, nothing in
    the case changes, and the exit code is 1.

    What is not in the log yet, as its week is not over, comes in too and is listed as `not yet
    logged`: it can be read at once, and must not leave before a later import finds it in the log.

    Prints one line an item: new, duplicate, mended, unreadable, not sealed to this roster, does
    not fit its opening, newer version, or withdrawn, and why. Nothing of a testimony is printed. What could
    not be opened is kept sealed all the same, and tried again at the next import; what was damaged
    in the folder is mended from the bundle. The exit code is then 1 and somebody must look into
    it: an item that you cannot open is an alarm, never a trifle. `show --kept` shows what can be
    read of it.

    What its author withdrew is destroyed here before anything is opened: zeros are written over
    the keys of its files, then they are removed. On a flash disk, or a file system that copies on
    write, overwriting in place is not certain: such a disk must be encrypted. The item stays in
    the list as `withdrawn`, and does not come in again. What was exported of it before is named
    by version, use and hash: it cannot be called back, so tell whoever has it. Not reached are
    copies of this folder and older bundles: destroy them yourself.

    Decoys, which anybody may send to hide how many testimonies come, are counted and not kept: the
    last lines say how many objects without decoys are how many items, and the case keeps a record
    of that, signed with your key.
    """
    if not Case.exists(folder) and (roots is None) == (fingerprint is None):
        raise click.UsageError("a new case needs either --roots or --fingerprint")
    given = RootSet.parse(roots.read_bytes()) if roots else None
    digits = parse_fingerprint(fingerprint) if fingerprint else None
    asked = Policy.parse(policy.read_bytes()) if policy else None
    panel = Panel.parse(settings.read_text(encoding="utf-8")) if settings else None
    secrets = unlock_all(identities, passphrase_file)
    keys = tuple(secret.identity for secret in secrets)
    with made_for(folder), _opened(bundle, keys, folder) as opened:
        checked = None
        if not Case.exists(folder):
            trusted = given or roots_by_fingerprint(opened, digits or "")
            shelf = trusted_shelf(opened, trusted, keys)
            believed = policy_for(shelf, folder, asked)
            checked = _whole(opened, Known(believed, shelf.rosters))
            with locked(folder, alone=True):
                make_case(folder, opened, trusted, keys, machine)
        elif machine or panel:
            raise click.UsageError("--machine and --panel are for a new case")
        with opened_with(folder, secrets, writing=True) as case:
            _check_roots(case, given, digits)
            if panel is not None:
                gates.config(case, panel)
            checked = checked or _checked(case, opened, asked)
            check_stick(case, checked)
            keep_policy(folder, asked)
            processes = processes_for(len(opened.contents.items))
            reports = list(_told(import_items(case, opened, checked, processes)))
            imported = record_import(case, checked, reports)
            standing = standing_of(case)
    _tell_log(checked, standing)
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


def _checked(case: Case, bundle: Bundle, asked: Policy | None) -> Checked:
    """The checks of a bundle for a case, whose ledger has it where they do not hold."""
    try:
        return _whole(bundle, known_by(case, bundle, asked))
    except ProofError:
        acting.record(case, (Kind.INCIDENT, {"subject": "gap"}))
        raise


def _whole(bundle: Bundle, known: Known) -> Checked:
    """The bundle's checks, each fault told; raises `ProofError` where there is one."""
    findings, checked = examine(bundle, known)
    if checked is not None:
        return checked
    for finding in findings.first:
        click.echo(visible.line(str(finding)))
    more = findings.count - len(findings.first)
    if more:
        click.echo(f"and {more} more")
    raise ProofError(
        f"the bundle is not whole: {findings.count} faults; nothing was opened",
        findings.first[0].gap.hint,
    )


def _tell_log(checked: Checked, standing: Standing) -> None:
    if checked.signed is None:
        click.echo("the site has published no log yet")
    else:
        click.echo(f"the log has {checked.size} entries, and all seven checks hold")
    erased = sum(week.erased for week in checked.weeks.values())
    if erased:
        click.echo(f"of {erased} entries the site has erased what they stand for")
    oldest = min((one.epoch for one in standing.waiting), default=None)
    if checked.closed is not None and checked.closed.next.next < Epoch.now():
        click.echo(f"no week after {checked.closed} is closed in the log: ask the operator why")
    elif oldest is not None and oldest.next.next < Epoch.now():
        click.echo(f"week {oldest} is over, and not closed in the log: ask the operator why")
    if checked.items:
        click.echo(f"{len(checked.items)} objects are not yet logged")


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
            check_has_objects(bundle)
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
        for row in report.left:
            click.echo(f"  left before: {visible.line(row)}")
        slow = dt.datetime.now(dt.UTC) - started > dt.timedelta(seconds=2)
        if slow and sys.stderr.isatty() and not sys.stdout.isatty():
            click.echo(f"\r{number} items", nl=False, err=True)
        yield report
