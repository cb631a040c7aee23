"""`intake audit ledger`: whether reviewers' work was done by its rules, without seeing the work."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from intake.age.whole import written_whole
from intake.audit.followed import keep_evidence
from intake.audit.ledger_chain import Fault, Finding, Reviewers, head_of
from intake.audit.ledger_check import Outcome, check_ledgers
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.ledger.record import Head
from intake.roots import ROOT_FILE_LIMIT, RootSet
from intake.roster import open_roster
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.note import NOTE_LIMIT
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TITLE: Final = "testimony-intake/ledger-check/v2"  # of its JSON
_FOUND: Final = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--roster",
    "rosters",
    type=_FILE,
    required=True,
    multiple=True,
    help="A roster of the time of the ledgers; give one option for each.",
)
@click.option("--roots", type=_FILE, required=True, help="The root holders' public keys.")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder that keeps the ledgers' checkpoints from one time to the next.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of lines.")
@click.pass_context
def ledger(  # noqa: PLR0913 - each is an argument of the command
    ctx: click.Context,
    *,
    files: tuple[Path, ...],
    rosters: tuple[Path, ...],
    roots: Path,
    state: Path | None,
    as_json: bool,
) -> None:
    """Check the reviewers' ledgers in FILE...: give those of all their machines together.

    Each is one tree, signed act by act by a reviewer of that week, and continues the one seen the
    last time; what one machine saw of another's is what is there; and the work was done in order:
    imported, opened, triaged, read, and exported only after two people signed off on two machines.

    One line for each fault, after its kind: format, root, signature, roster, time, fork, rollback,
    absent, stale, import, reference, unopened, untriaged, gone, four-eyes. Only where there is
    none are the checkpoints kept; one that contradicts them is put into the folder as evidence.
    Exit 0: all holds; 1: something does not.
    """
    today = dt.datetime.now(dt.UTC).date()
    heads = [head_of(path) for path in files]
    reviewers = read_reviewers(roots, rosters, today)
    kept = {} if state is None else dict(_kept(state, reviewers.deployment))
    seen = {head.origin: checkpoint for head, checkpoint in kept.items()}
    outcome = check_ledgers(files, reviewers, seen, today)
    outcome.findings += _absent(kept, heads)
    if state is not None:
        _keep(state, outcome)
    if as_json:
        head = {"title": TITLE, "deployment": reviewers.deployment, "epoch": str(Epoch.of(today))}
        click.echo(json.dumps({**head, **outcome.told()}))
    else:
        for finding in outcome.findings:
            click.echo(line(str(finding)))
        for told in _conclusion(outcome):
            click.echo(line(told))
    ctx.exit(_FOUND if outcome.findings else 0)


def read_reviewers(roots: Path, rosters: Iterable[Path], today: dt.date) -> Reviewers:
    """Believe rosters that these roots signed, of whatever age; raises as `open_roster` does."""
    with roots.open("rb") as file:
        trusted = RootSet.parse(file.read(ROOT_FILE_LIMIT + 1))
    opened: list[bytes] = []
    for path in rosters:
        with path.open("rb") as file:
            opened.append(file.read(NOTE_LIMIT + 1))
    return Reviewers(
        [
            open_roster(
                note, trusted=trusted, today=today, deployment=None, allow_expired=True
            ).roster
            for note in opened
        ]
    )


def _conclusion(outcome: Outcome) -> list[str]:
    figures = outcome.figures
    access = f"access: {figures.items} items imported, opened {figures.opens} times"
    access += f", {figures.without_triage} times without triage"
    access += f", {figures.lone} items by one person only"
    exports = f"sign-off: {figures.exports} exports, {figures.four_eyes} by four eyes"
    exports += f", {figures.alone} by a panel of one"
    consent = f"consent: {figures.recorded} recorded, {figures.changed} changed"
    consent += f", {figures.refused} exports refused"
    withdrawals = (
        f"withdrawals: {figures.withdrawn} items, {figures.destroyed} of them destroyed on"
    )
    withdrawals += (
        f" every machine, {figures.undestroyed} overdue; {figures.after_end} exports after"
    )
    withdrawals += f" one was known, {figures.recall} with an item withdrawn since"
    retention = f"retention: {figures.due} items due, {figures.erased} of them erased on every"
    retention += f" machine, {figures.under_way} under way, {figures.overdue} overdue"
    unchecked = f"unchecked: {figures.unchecked} acts that rest on a ledger not given whole"
    return [
        *(f"{chain.head.origin}: {chain.size} acts" for chain in outcome.chains),
        *(access, exports, consent, withdrawals, retention),
        *([unchecked] if figures.unchecked else []),
    ]


def _place(folder: Path, head: Head) -> Path:
    return folder / f"{head.deployment}.{head.machine}.ledger"


def _kept(folder: Path, deployment: str) -> Iterator[tuple[Head, Checkpoint]]:
    """What was seen the last time, of every ledger; `StoreError` where that is damaged."""
    for path in sorted(folder.glob(f"{deployment}.*.ledger")):
        try:
            head = Head(deployment, path.name.split(".")[1])
            with path.open("rb") as file:
                yield head, _parse_kept(file.read(NOTE_LIMIT + 1), head)
        except MalformedError as error:
            raise StoreError(
                f"what was kept in {path} is damaged: {error.phrase}",
                "take it from a copy; without it a fork or a rollback before today is not seen",
            ) from None


def _absent(kept: Iterable[Head], given: Iterable[Head]) -> Iterator[Finding]:
    """A ledger that was there the last time is to be given again, or it could be taken away."""
    for head in sorted(set(kept).difference(given), key=lambda head: head.machine):
        yield Finding(Fault.ABSENT, head.machine, None, "was seen before, and was not given")


def _parse_kept(data: bytes, head: Head) -> Checkpoint:
    checkpoint = SignedCheckpoint.parse(data).checkpoint
    if checkpoint.origin != head.origin:
        raise MalformedError("it is of another ledger")
    return checkpoint


def _keep(folder: Path, outcome: Outcome) -> None:
    """Keep all checkpoints where all holds; else what contradicts others, beside what was kept."""
    contradicting = {
        finding.machine
        for finding in outcome.findings
        if finding.fault in (Fault.FORK, Fault.ROLLBACK)
    }
    for chain in outcome.chains:
        if chain.last is None:
            continue
        if chain.head.machine in contradicting:
            path = keep_evidence(folder, chain.last)
            click.echo(f"intake: its checkpoint is kept in {line(str(path))}", err=True)
        elif not outcome.findings:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with written_whole(_place(folder, chain.head)) as sink:
                sink.write(chain.last.to_bytes())
