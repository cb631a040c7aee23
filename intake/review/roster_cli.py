"""The `intake roster` commands of the ceremony: draft, sign, check, show.

They trust nothing but the files named on the command line, and ask no clock but this machine's.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from intake.age.whole import written_whole
from intake.errors import IntakeError, MalformedError, RosterError
from intake.passphrase import passphrase_option, read_passphrase
from intake.review.keys import LockedRootKey
from intake.reviewer import parse_date, recipient_hash
from intake.roots import RootSet, parse_fingerprint
from intake.roster import Finding, Roster, SignedRoster, examine
from intake.roster_draft import Draft, parse_reviewer_lines, parse_revoke, parse_root_lines
from intake.tlog.note import NOTE_LIMIT, Note

USUAL_DAYS = 30  # protocol 9.2: what ends a roster that is replayed to one victim

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PREVIOUS = click.option("--previous", type=_FILE, metavar="ROSTER", help="The roster before it.")


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--deployment", metavar="D", help="The site's name, from `intake init`.")
@click.option(
    "--reviewer",
    "reviewers",
    type=_FILE,
    metavar="FILE",
    multiple=True,
    required=True,
    help="A NAME.reviewer file; once for each, in the order they are to stand.",
)
@click.option(
    "--root", "roots", type=_FILE, metavar="FILE", multiple=True, help="A NAME.root file."
)
@click.option("--root-threshold", type=click.IntRange(1, 16), help="Holders who must sign: 2.")
@click.option("--issued", metavar="DATE", help="First day of use, YYYY-MM-DD (default: today).")
@click.option("--expires", metavar="DATE", help="Last day of use, YYYY-MM-DD.")
@click.option("--days", type=click.IntRange(1, 366), help="Days of use, instead of --expires: 30.")
@click.option("--version", type=click.IntRange(1, 999_999_999), help="Number, to leave some out.")
@_PREVIOUS
@click.option("--revoke", multiple=True, metavar="NAME:WHY", help="WHY: retired or compromised.")
def draft(  # noqa: PLR0913, PLR0917 - one parameter an option
    out: Path,
    deployment: str | None,
    reviewers: tuple[Path, ...],
    roots: tuple[Path, ...],
    root_threshold: int | None,
    issued: str | None,
    expires: str | None,
    days: int | None,
    version: int | None,
    previous: Path | None,
    revoke: tuple[str, ...],
) -> None:
    """Write the text of a roster into the new file OUT, for the root holders to read and sign.

    The first roster needs --deployment and --root. With --previous the next one goes on from it:
    its number, and, unless they are given, its deployment and root holders; its log, witnesses,
    release keys and revocations are carried over. Reviewers are always named anew.
    """
    if expires is not None and days is not None:
        raise click.UsageError("--expires and --days say the same thing twice")
    first = _today() if issued is None else parse_date(issued)
    last = _later(first, days or USUAL_DAYS) if expires is None else parse_date(expires)
    roster = Draft(
        deployment=deployment,
        issued=first,
        expires=last,
        reviewers=tuple(parse_reviewer_lines(_read(path)) for path in reviewers),
        root_keys=tuple(key for path in roots for key in parse_root_lines(_read(path))),
        root_threshold=root_threshold,
        version=version,
        previous=None if previous is None else SignedRoster.parse(_read(previous)).roster,
        revoke=tuple(parse_revoke(value) for value in revoke),
    ).roster()
    _write(out, roster.to_bytes(), replace=False)
    _say(roster)
    if (last - first).days > USUAL_DAYS + 1:
        click.echo(f"note: an old roster can be replayed until it expires: {last}", err=True)


@click.command()
@click.argument("roster", type=_FILE)
@click.option("--key", type=_FILE, required=True, metavar="ROOTKEY", help="Your NAME.rootkey.")
@click.option(
    "--previous",
    type=_FILE,
    metavar="ROSTER",
    help="The roster before it, where you are one of its roots and not of the new one.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@passphrase_option
def sign(
    roster: Path,
    key: Path,
    previous: Path | None,
    yes: bool,  # noqa: FBT001
    passphrase_file: Path | None,
) -> None:
    """Add a root holder's two signatures to ROSTER, a draft or a note that others have signed.

    Shows first what is signed. Read the digest aloud: it must be the same on every machine.
    Who takes over from other root holders needs theirs too: they sign with --previous.
    """
    note, text = _note(_read(roster))
    locked = LockedRootKey.parse(_read(key))
    old = None if previous is None else SignedRoster.parse(_read(previous)).roster
    _say(text)
    if not yes:
        click.confirm("sign it?", abort=True, err=True)
    secret = locked.unlock(read_passphrase(passphrase_file, confirm=False))
    known = {*text.roots.keys, *(() if old is None else old.roots.keys)}
    if not known.issuperset(secret.vkeys):
        raise RosterError(
            f"{secret.name!r} is not a root holder of this roster",
            "give --previous if the key belongs to the roots before",
        )
    # Looks at every root's lines: a damaged one is found now and not at publication.
    text.roots.signed(note)
    missing = [signer for signer in secret.signers if not note.signed_by(signer.vkey)]
    if not missing:
        raise RosterError(f"{secret.name!r} has signed it already", "nothing was changed")
    for signer in missing:
        note = note.with_signature(signer.sign(note.text))
    _write(roster, note.to_bytes(), replace=True)
    signed = text.roots.signed(note)
    click.echo(f"signed by {', '.join(signed) or 'none of its roots'}: ", nl=False)
    click.echo(f"{len(signed)} of the {text.roots.threshold} needed")


@click.command()
@click.argument("roster", type=_FILE)
@click.option("--roots", type=_FILE, metavar="FILE", help="The roots trusted, or a roster's.")
@click.option("--fingerprint", metavar="DIGITS", help="Their 30 digits, from paper.")
@_PREVIOUS
@click.option("--deployment", metavar="D", help="The site it must be for.")
@click.option("--today", metavar="DATE", help="The day to check for (default: this machine's).")
@click.pass_context
def check(  # noqa: PLR0913, PLR0917 - one parameter an option
    context: click.Context,
    roster: Path,
    roots: Path | None,
    fingerprint: str | None,
    previous: Path | None,
    deployment: str | None,
    today: str | None,
) -> None:
    """Check ROSTER by every rule that needs no log, one line each. Exit 0 if all hold, else 1.

    Without --roots, --fingerprint or --previous nothing vouches for the roots that it names.
    """
    signed = SignedRoster.parse(_read(roster))
    last = None if previous is None else SignedRoster.parse(_read(previous)).roster
    trusted = _trusted(signed.roster, roots, last)
    findings = examine(
        signed,
        trusted=trusted,
        today=_today() if today is None else parse_date(today),
        deployment=deployment,
        previous=last,
    )
    if fingerprint is not None:
        findings += (Finding("fingerprint", _compare(trusted, parse_fingerprint(fingerprint))),)
    for finding in findings:
        phrase = finding.error.phrase if finding.error else ""
        click.echo(f"no   {finding.rule}: {phrase}" if phrase else f"ok   {finding.rule}")
    if roots is None and fingerprint is None and last is None:
        click.echo("note nothing vouches for its roots: give --fingerprint, --roots or --previous")
    click.echo(f"     {signed.roster.digest}")
    context.exit(1 if any(finding.error for finding in findings) else 0)


@click.command()
@click.argument("roster", type=_FILE)
def show(roster: Path) -> None:
    """Print what ROSTER, a draft or a note, says. Nothing is verified: `check` does that."""
    note, text = _note(_read(roster))
    _say(text)
    for line in text.revoked:
        click.echo(f"revoked       {line.name} on {line.on}, {line.reason}")
    click.echo(f"roots         {', '.join(text.roots.holders)} ({text.roots.threshold} must sign)")
    if text.log is not None:
        click.echo(f"log           {text.log.name}")
    for witness in text.witnesses:
        click.echo(f"witness       {witness.name} ({text.quorum} must cosign)")
    for code in text.code:
        click.echo(f"code          {code.name}")
    click.echo(f"signed by     {', '.join(text.roots.signed(note)) or 'nobody yet'}")


def _say(roster: Roster) -> None:
    click.echo(f"deployment    {roster.deployment}")
    click.echo(f"version       {roster.version}")
    click.echo(f"in use        {roster.issued} to {roster.expires}")
    for reviewer in roster.reviewers:
        click.echo(f"reviewer      {reviewer.name} {recipient_hash(reviewer.recipient)}")
    click.echo(f"digest        {roster.digest}")
    click.echo(f"fingerprint   {roster.roots.fingerprint}")


def _trusted(roster: Roster, roots: Path | None, previous: Roster | None) -> RootSet:
    from intake.review.keys_cli import read_roots

    if roots is not None:
        return read_roots(_read(roots))
    return roster.roots if previous is None else previous.roots


def _compare(trusted: RootSet, fingerprint: str) -> IntakeError | None:
    if trusted.fingerprint == fingerprint:
        return None
    return RosterError(f"the roots have another one, {trusted.fingerprint}")


def _note(content: bytes) -> tuple[Note, Roster]:
    """Read a signed roster or a draft: a text holds no empty line, a note always does."""
    if b"\n\n" in content:
        signed = SignedRoster.parse(content)
        return signed.note, signed.roster
    return Note(content, ()), Roster.parse(content)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(NOTE_LIMIT + 1)
    if len(content) > NOTE_LIMIT:
        raise MalformedError(f"{path} is longer than {NOTE_LIMIT} bytes")
    return content


def _write(path: Path, content: bytes, *, replace: bool) -> None:
    with written_whole(path, replace=replace) as file:
        file.write(content)
    path.chmod(0o644)


def _later(day: dt.date, days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        raise MalformedError("date is not in the calendar") from None


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
