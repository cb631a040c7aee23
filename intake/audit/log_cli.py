"""`intake audit follow` and `receipt`: what anyone can check of a site's log."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from intake.age.whole import written_whole
from intake.audit.asking import FETCHED, Visitor
from intake.audit.follow import LATE, Outcome, Terms
from intake.audit.follow import follow as follow_log
from intake.audit.followed import keep_evidence, read_followed
from intake.audit.history_file import Heard, keep_look
from intake.audit.receipt import LIMIT, check_receipt
from intake.errors import MalformedError
from intake.reaching import Address, SocksAddress, UnreachableError
from intake.tlog.entries import STEP
from intake.tlog.policy import POLICY_LIMIT, Policy
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from intake.audit.follow import Ask
    from intake.tlog.entries import Entry

_FOUND, _UNCHECKED = 1, 2
_OK: Final = 200
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_POLICY = click.option(
    "--policy", type=_FILE, required=True, help="Logs, witnesses and quorum: C2SP tlog-policy."
)
_SOCKS = click.option(
    "--socks", metavar="HOST:PORT", help="A SOCKS5 proxy, as tor's 127.0.0.1:9050."
)
_LATE = click.option(
    "--late",
    type=click.IntRange(0, 365),
    default=LATE,
    show_default=True,
    metavar="DAYS",
    help="How long after its end an epoch may stay open.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object in place of lines.")


@click.command()
@click.argument("url")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="A folder that keeps the last checkpoint from one time to the next.",
)
@_POLICY
@_SOCKS
@_LATE
@click.option(
    "--step",
    type=click.IntRange(1, 65_536),
    default=STEP,
    show_default=True,
    help="Blinded entries come in multiples of this.",
)
@click.option("--all", "again", is_flag=True, help="Read every entry again, not new ones alone.")
@_JSON
@click.pass_context
def follow(  # noqa: PLR0913 - each is an argument of the command
    ctx: click.Context,
    *,
    url: str,
    state: Path,
    policy: Path,
    socks: str | None,
    late: int,
    step: int,
    again: bool,
    as_json: bool,
) -> None:
    """Check that the log of the site at URL only grew since the last time, and keeps its rules.

    Get the policy from the witnesses, not from the site. Every new entry is fetched and hashed
    against the checkpoint that they cosigned; blinded entries must come in whole steps, epochs one
    after another and in time, and the roster and the code that the site gives must be the log's.

    One line for each new public entry. One line for each fault, after its kind: checkpoint,
    signature, quorum, rollback, fork, tile, entry, padding, epoch, frozen, retired, roster, code. Then
    nothing is kept, but a checkpoint that contradicts the last one is put into the folder as
    evidence. Exit 0: all holds; 1: something does not; 2: the site could not be asked.
    """
    terms = Terms(read_policy(policy), late, step, again)
    kept = read_followed(state)
    entries = ctx.with_resource(Heard())

    def heard(index: int, entry: Entry) -> None:
        entries.add(index, entry)
        if not as_json:
            click.echo(f"entry {index}: {_text(entry)}")

    with asking(ctx, url, socks) as ask:
        outcome = follow_log(ask, terms, kept, dt.datetime.now(dt.UTC), heard)
    if outcome.followed is not None:
        keep_look(state, kept, outcome.followed, entries, again=again)
    if outcome.contradicts and outcome.signed is not None:
        path = keep_evidence(state, outcome.signed)
        click.echo(f"intake: the site's checkpoint is kept in {line(str(path))}", err=True)
    if as_json:
        rows = [{"index": index, "entry": text} for index, text in entries.texts()]
        click.echo(json.dumps({"site": url, "entries": rows, **_told(outcome)}))
    else:
        for finding in outcome.findings:
            click.echo(line(str(finding)))
        if outcome.followed is not None:
            click.echo(line(_conclusion(outcome)))
    ctx.exit(_FOUND if outcome.findings else 0)


@click.command()
@click.argument("file", type=_FILE)
@_POLICY
@click.option("--url", help="The site: see also whether its log still holds the entry.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write here the receipt of what was promised, once it is in the log.",
)
@_SOCKS
@_LATE
@_JSON
@click.pass_context
def receipt(  # noqa: PLR0913 - each is an argument of the command
    ctx: click.Context,
    *,
    file: Path,
    policy: Path,
    url: str | None,
    save: Path | None,
    socks: str | None,
    late: int,
    as_json: bool,
) -> None:
    """Check FILE, a receipt or a promise that somebody got for a submission.

    A receipt proves by itself that a submission is in the log: the opening that it carries is the
    entry, the entry is in the log, the witnesses of the policy cosigned that log. A promise is the
    log's word alone, and worth something only while somebody keeps it: once nobody has the promise,
    nothing tells a submission that was dropped from one that never came. With --url all of the
    site's log is read, the same for everyone, so that the site does not learn what for. Whoever has
    FILE can know that its owner wrote.

    The lines that the sent page shows to whoever asks are a promise with its opening: out of them
    --save makes a receipt, when the week is closed.

    One line for each thing that holds or does not. Exit 0: nothing is against it; 1: something
    is, as `promised, not logged`; 2: the site could not be asked.
    """
    if save is not None and url is None:
        raise click.UsageError("--save needs --url: a receipt is made from the site's log")
    with file.open("rb") as opened:
        data = opened.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise MalformedError(f"a receipt is at most {LIMIT} bytes")
    terms, now = Terms(read_policy(policy), late), dt.datetime.now(dt.UTC)
    if url is None:
        checked = check_receipt(data, terms, None, now)
    else:
        with asking(ctx, url, socks) as ask:
            checked = check_receipt(data, terms, ask, now, make=save is not None)
    if save is not None and checked.receipt is not None:
        with written_whole(save, replace=False) as sink:
            sink.write(checked.receipt.to_bytes())
        checked.holds.append(f"its receipt is in {save}")
    if as_json:
        findings = [{"fault": f.fault, "phrase": f.phrase} for f in checked.findings]
        click.echo(json.dumps({"holds": checked.holds, "findings": findings}))
    else:
        for text in (*checked.holds, *map(str, checked.findings)):
            click.echo(line(text))
    if url is None:
        click.echo("intake: the site's log was not asked: give --url", err=True)
    ctx.exit(_FOUND if checked.findings else 0)


def asks(visitor: Visitor) -> Ask:
    """What a log is followed with: bodies of answers, each an `UnreachableError` or whole."""

    def ask(path: str) -> bytes | None:
        answer = visitor.get(path, FETCHED)
        return answer.body if answer.status == _OK else None

    return ask


@contextmanager
def asking(ctx: click.Context, url: str, socks: str | None) -> Generator[Ask, None, None]:
    """Ask a site in this block; exit 2 where it does not answer."""
    visitor = Visitor(Address.parse(url), None if socks is None else SocksAddress.parse(socks))

    try:
        yield asks(visitor)
    except UnreachableError as error:
        click.echo(f"intake: error: {line(error.phrase)}", err=True)
        if error.hint:
            click.echo(f"intake: hint: {line(error.hint)}", err=True)
        ctx.exit(_UNCHECKED)
    finally:
        visitor.close()


def _text(entry: Entry) -> str:
    return entry.to_bytes()[1:].decode()


def read_policy(path: Path) -> Policy:
    """Read a policy from a file; raises `MalformedError`."""
    with path.open("rb") as file:
        return Policy.parse(file.read(POLICY_LIMIT + 1))


def _conclusion(outcome: Outcome) -> str:
    told = _told(outcome)
    closed = f"closed to {told['closed']}" if told["closed"] else "no epoch closed"
    names = ", ".join(_witnesses(outcome)) or "no witness"
    ended = f", ended in {told['retired']}" if told["retired"] else ""
    return f"{told['origin']}: {told['size']} entries, {closed}{ended}, cosigned by {names}"


def _told(outcome: Outcome) -> Mapping[str, object]:
    checkpoint = None if outcome.signed is None else outcome.signed.checkpoint
    passed = None if outcome.followed is None else outcome.followed.passed
    return {
        "origin": None if checkpoint is None else checkpoint.origin,
        "size": None if checkpoint is None else checkpoint.size,
        "root": None if checkpoint is None else checkpoint.root.hex(),
        "closed": None if passed is None or passed.closed is None else str(passed.closed),
        "retired": None if passed is None or passed.retired is None else str(passed.retired.epoch),
        "witnesses": _witnesses(outcome),
        "findings": [{"fault": f.fault, "phrase": f.phrase} for f in outcome.findings],
    }


def _witnesses(outcome: Outcome) -> list[str]:
    endorsed = outcome.endorsed
    return [] if endorsed is None else [name for name, _ in endorsed.witnesses]
