"""`intake audit canary check`: how many test testimonies were lost on the way to the reviewers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from intake.audit.asking import Visitor
from intake.audit.canary_cli import FINGERPRINT, ROOTS, SOCKS, STATE, read, trust_of
from intake.audit.canary_loss import CONFIDENCE, LogSeen, Losses, losses_of
from intake.audit.canary_state import CanaryFolder
from intake.audit.follow import open_log, tiles_of
from intake.audit.log_cli import asks, read_policy
from intake.canaries import LIST_LIMIT, CanaryAnswer
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.reaching import Address, SocksAddress, UnreachableError
from intake.reviewer import recipient_hash
from intake.tlog.checkpoint import origin_of
from intake.tlog.entries import Blinded, EpochClosed, parse_entry
from intake.tlog.note import NOTE_LIMIT, Note
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intake.audit.canary_loss import Week
    from intake.audit.canary_visit import Trust
    from intake.audit.follow import Ask
    from intake.tlog.note import VerifierKey
    from intake.tlog.policy import Policy

CHECK_TITLE: Final = "testimony-intake/canary-check/v1"
_LOST, _UNCHECKED = 1, 2
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("check")
@STATE
@click.option("--answer", "answers", type=_FILE, multiple=True, help="What a reviewer found.")
@click.option("--roster", "rosters", type=_FILE, multiple=True, help="Who the reviewers are.")
@ROOTS
@FINGERPRINT
@click.option("--policy", type=_FILE, help="Look in the log, too: logs, witnesses and quorum.")
@click.option("--url", help="The site whose log it is.")
@SOCKS
@click.option("--now", is_flag=True, help="This week too, before it is over; for trying out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of lines.")
@click.pass_context
def check(  # noqa: PLR0913 - one parameter an option
    ctx: click.Context,
    *,
    state: Path,
    answers: tuple[Path, ...],
    rosters: tuple[Path, ...],
    roots: Path | None,
    fingerprint: str | None,
    policy: Path | None,
    url: str | None,
    socks: str | None,
    now: bool,
    as_json: bool,
) -> None:
    """Say how many canaries of the weeks that are over reached the reviewers.

    Each --answer must be signed by a reviewer of a --roster, which the site's root holders signed:
    give their keys or digits, or the site could answer for the reviewers. Whose key any of these
    rosters revokes as compromised is not believed: give the newest one, too. It must be to the list that
    `reveal` writes. With --policy and --url the log is read as well, whole, so that the site does not learn
    what for. A canary counts once a reviewer answered, or the log has gone past its week without
    it; what may never have arrived, and what the site refused aloud, is named and not counted.

    If none of n is lost, at most 3/n of testimonies are, with 95 % confidence; else the bound is
    that of Clopper and Pearson. Exit 0: none is lost; 1: some are; 2: the site could not be asked.
    """
    if (policy is None) != (url is None):
        raise click.UsageError("--policy and --url belong together")
    if rosters and roots is None and fingerprint is None:
        raise click.UsageError("--roster needs --roots or --fingerprint")
    trust = trust_of(roots, fingerprint)
    folder = CanaryFolder(state)
    canaries = folder.all()
    if not canaries:
        raise MalformedError("no canary was ever sent from this folder", "see --state")
    deployment = canaries[0].deployment
    opened = _answers(answers, _signers(rosters, trust, deployment), deployment)
    log = None
    if policy is not None and url is not None:
        visitor = Visitor(Address.parse(url), None if socks is None else SocksAddress.parse(socks))
        wanted = frozenset[bytes]().union(*(canary.log_commits() for canary in canaries))
        try:
            log = _look(asks(visitor), read_policy(policy), deployment, wanted)
        except UnreachableError as error:
            click.echo(f"intake: error: {line(error.phrase)}", err=True)
            ctx.exit(_UNCHECKED)
        finally:
            visitor.close()
    today = Epoch.now()
    losses = losses_of(canaries, opened, log, folder.list_of, today.next if now else today)
    if as_json:
        click.echo(json.dumps(_told(losses, deployment, today, looked=log is not None)))
    else:
        for week in losses.weeks:
            click.echo(_said(week, looked=log is not None))
        click.echo(_conclusion(losses))
    ctx.exit(_LOST if losses.lost else 0)


def _signers(paths: Iterable[Path], trust: Trust, deployment: str) -> list[VerifierKey]:
    """The keys of the reviewers of these rosters of the site, of whatever age.

    But of those whose key one of these revokes as compromised: who stole it would answer, too.
    """
    rosters = [
        trust.opened(read(path, NOTE_LIMIT), deployment, allow_expired=True) for path in paths
    ]
    revoked = (row for roster in rosters for row in roster.revoked)
    stolen = {row.recipient for row in revoked if row.reason == "compromised"}
    reviewers = [one for roster in rosters for one in roster.reviewers]
    # A signing key may stand beside another recipient in another roster.
    lost = {
        one.signer.key for one in reviewers if stolen and recipient_hash(one.recipient) in stolen
    }
    return [one.signer for one in reviewers if one.signer.key not in lost]


def _answers(
    paths: Iterable[Path], signers: Sequence[VerifierKey], deployment: str
) -> list[CanaryAnswer]:
    found: list[CanaryAnswer] = []
    for path in paths:
        with path.open("rb") as file:
            answer = CanaryAnswer.open(Note.parse(file.read(LIST_LIMIT + 1)), signers)
        if answer.deployment != deployment:
            raise MalformedError(f"{path.name} is an answer about another site")
        found.append(answer)
    return found


def _look(ask: Ask, policy: Policy, deployment: str, wanted: frozenset[bytes]) -> LogSeen:
    """Read all of the site's log; raises `ProofError` where the policy does not believe it."""
    outcome = open_log(ask, policy)
    if outcome.signed is None or outcome.findings:
        raise ProofError(str(outcome.findings[0]), "see `intake audit follow`")
    checkpoint = outcome.signed.checkpoint
    if checkpoint.origin != origin_of(deployment):
        raise ProofError(f"the site's log is {checkpoint.origin}", "is it the right site?")
    found: set[bytes] = set()
    closed: Epoch | None = None
    for data in tiles_of(ask, checkpoint).entries():
        match parse_entry(data):
            case Blinded(commit) if commit in wanted:
                found.add(commit)
            case EpochClosed(epoch):
                closed = epoch
            case _:
                pass
    return LogSeen(frozenset(found), closed)


def _said(week: Week, *, looked: bool) -> str:
    parts = [f"{week.sent} sent"]
    if looked:
        parts.append(f"{week.logged} of {week.known} in the log")
    parts += [f"{week.found} found by reviewers", f"{week.lost} lost"]
    rest = (week.unanswered, "not answered"), (week.unsure, "unsure"), (week.refused, "refused")
    parts += [f"{count} {word}" for count, word in rest if count]
    return f"{week.epoch}: {', '.join(parts)}"


def _conclusion(losses: Losses) -> str:
    if not losses.n:
        return "of no canary is it known whether it arrived: this says nothing"
    share = f"{100 * losses.bound:.3g} %"
    of = f"{losses.lost} of {losses.n} canaries lost"
    return f"{of}: at most {share} of testimonies are, with {CONFIDENCE:.0%} confidence"


def _told(losses: Losses, deployment: str, today: Epoch, *, looked: bool) -> dict[str, object]:
    return {
        "title": CHECK_TITLE,
        "deployment": deployment,
        "epoch": str(today),
        "n": losses.n,
        "lost": losses.lost,
        "bound": losses.bound,
        "confidence": CONFIDENCE,
        "log": looked,
        "weeks": [
            {
                "epoch": str(week.epoch),
                "sent": week.sent,
                "known": week.known,
                "logged": week.logged,
                "found": week.found,
                "lost": week.lost,
                "unanswered": week.unanswered,
                "unsure": week.unsure,
                "refused": week.refused,
            }
            for week in losses.weeks
        ],
    }
