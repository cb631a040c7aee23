"""`intake audit report`: what is known of a site on one page, each claim with its verdict."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from intake.age.whole import written_whole
from intake.audit.asking import Visitor
from intake.audit.follow import LATE, ROSTER, Terms, begins_with, follow
from intake.audit.followed import keep_evidence, read_followed
from intake.audit.history_file import Heard, keep_look, read_history
from intake.audit.log_cli import asks, read_policy
from intake.audit.report_claims import judge
from intake.audit.report_evidence import Evidence
from intake.audit.report_html import html_of
from intake.audit.report_inputs import (
    BundleResult,
    CanaryResult,
    LedgerResult,
    SentinelResult,
    SiteResult,
)
from intake.audit.report_rows import LIMIT, read_result
from intake.audit.report_text import page
from intake.reaching import Address, SocksAddress, UnreachableError
from intake.roots import ROOT_FILE_LIMIT, RootSet
from intake.tlog.note import NOTE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable


_FAILED: Final = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_T = TypeVar("_T")


@click.command()
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder of `intake audit follow`.",
)
@click.option(
    "--policy", type=_FILE, required=True, help="Logs, witnesses and quorum: C2SP tlog-policy."
)
@click.option("--url", help="The site: look at its log now, as `intake audit follow` does.")
@click.option("--socks", metavar="HOST:PORT", help="A SOCKS5 proxy, as tor's 127.0.0.1:9050.")
@click.option(
    "--late",
    type=click.IntRange(0, 365),
    default=LATE,
    show_default=True,
    metavar="DAYS",
    help="How long after its end an epoch may stay open.",
)
@click.option("--roots", type=_FILE, help="The root holders' public keys.")
@click.option("--roster", type=_FILE, help="The signed roster; with --url, the site's otherwise.")
@click.option("--bundle", type=_FILE, help="What `intake audit bundle --json` said.")
@click.option("--canaries", type=_FILE, help="What `intake audit canary check --json` said.")
@click.option("--site", type=_FILE, help="What `intake audit site --json` said.")
@click.option("--sentinel", type=_FILE, help="What `intake doctor --sentinel --json` said.")
@click.option("--ledger", type=_FILE, help="What `intake audit ledger --json` said.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of the page.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the page here, with a drawing of the log over time.",
)
@click.pass_context
def report(  # noqa: PLR0913 - each is an argument of the command
    ctx: click.Context,
    *,
    state: Path,
    policy: Path,
    url: str | None,
    socks: str | None,
    late: int,
    roots: Path | None,
    roster: Path | None,
    bundle: Path | None,
    canaries: Path | None,
    site: Path | None,
    sentinel: Path | None,
    ledger: Path | None,
    as_json: bool,
    html: Path | None,
) -> None:
    """Say on one page what is known of a site and of the work on what came through it.

    Of the site: completeness, integrity, keys, software, log privacy; of the reviewers' work, from
    their ledgers alone: access, sign-off, consent, retention. Each of the nine claims passes, fails,
    or was not checked, with numbers and exceptions. What the other commands said is taken from files,
    at most five weeks old, all of one site; a claim for which a file is missing never passes. With
    --url the log is looked at once more, and the look is kept where all of it holds.

    Exit 0: all nine pass; 1: one does not.
    """
    now = dt.datetime.now(dt.UTC)
    terms = Terms(read_policy(policy), late)
    trusted = None if roots is None else RootSet.parse(_read(roots, ROOT_FILE_LIMIT))
    given = None if roster is None else _read(roster, NOTE_LIMIT)
    results = Evidence(
        policy=terms.policy,
        now=now,
        late=late,
        roots=trusted,
        roster=given,
        bundle=_result(bundle, BundleResult.parse),
        canaries=_result(canaries, CanaryResult.parse),
        site=_result(site, SiteResult.parse),
        sentinel=_result(sentinel, SentinelResult.parse),
        ledger=_result(ledger, LedgerResult.parse),
    )
    looked = results
    if url is not None:
        proxy = None if socks is None else SocksAddress.parse(socks)
        with Heard() as heard:
            looked = _look(results, state, terms, Visitor(Address.parse(url), proxy), heard)
    judged = judge(_recalled(looked, state))
    if html is not None:
        with written_whole(html) as sink:
            sink.write(html_of(judged))
    click.echo(json.dumps(judged.told()) if as_json else "\n".join(page(judged)))
    ctx.exit(0 if judged.passed else _FAILED)


def _look(
    evidence: Evidence, state: Path, terms: Terms, visitor: Visitor, heard: Heard
) -> Evidence:
    """Follow the log once more, as `intake audit follow` does and with what it keeps."""
    kept = read_followed(state)
    ask = asks(visitor)
    grown = None
    try:
        outcome = follow(ask, terms, kept, evidence.now, heard.add)
        roster = evidence.roster or ask(ROSTER)
        known = None if evidence.bundle is None else evidence.bundle.log
        if known is not None and outcome.followed is not None:
            grown = begins_with(ask, outcome.followed.signed.checkpoint, *known)
    except UnreachableError as error:
        return replace(evidence, unreached=f"the site was not reached: {error.phrase}")
    finally:
        visitor.close()
    if outcome.followed is not None:
        keep_look(state, kept, outcome.followed, heard, again=False)
    if outcome.contradicts and outcome.signed is not None:
        keep_evidence(state, outcome.signed)
    return replace(evidence, look=outcome, roster=roster, grown=grown)


def _recalled(evidence: Evidence, state: Path) -> Evidence:
    """With what is kept in the folder; raises `MalformedError` where that is of another site."""
    kept = read_followed(state)
    recalled = replace(
        evidence,
        kept=kept,
        history=read_history(state, kept),
        contradicting=len(list(state.glob("evidence-*.note"))),
    )
    recalled.check_one_site()
    return recalled


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit + 1)


def _result(path: Path | None, parse: Callable[[bytes], _T]) -> _T | None:
    return None if path is None else read_result(path.name, _read(path, LIMIT), parse)
