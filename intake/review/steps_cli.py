"""`intake review triage`, `read`, `note`, `panel` and `custody`: what reviewers write down of their steps."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import click

from intake.errors import MalformedError
from intake.ledger.act import Kind
from intake.review import custody, gates, outgoing
from intake.review.acting import record
from intake.review.coding.vocabulary import TERMS, Vocabulary, label
from intake.review.options import FILE, case_options, opened
from intake.review.panel import Panel, panel_of
from intake.review.progress import Progress
from intake.review.steps import RULES, On, Step
from intake.review.work import ABOUT_REDACTION, ASKED, Answers

if TYPE_CHECKING:
    from pathlib import Path

_OWN = (Step.TRIAGE, Step.READ, Step.SECOND)


def text_in(path: Path) -> str:
    """The text of a file; raises `MalformedError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedError(f"{path.name} is not UTF-8 text", "save it as UTF-8") from None


@click.command("triage")
@click.argument("item")
@click.argument("code", type=click.Choice(list(TERMS[Vocabulary.TRIAGE])))
@case_options
@click.option("--remark", default="", metavar="WORDS", help="A word for whoever reads it next.")
def triage(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    code: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    remark: str,
) -> None:
    """Say what ITEM is by its first screen: how urgent, or that it is outside the scope.

    t.0 danger to life now, t.1 detained or missing now, t.2 a child, t.3 names an official (these four
    go to the duty lead the same day), t.4 duplicate, t.5 outside the scope, t.6 hostile or a test, t.7
    ordinary. Open it first: `intake review show`.
    """
    with opened(folder, identities, passphrase_file, writing=True) as case:
        name = case.find(item)
        given = {"triage": code, "remark": remark}
        gates.answer(case, name, Answers.of(Step.TRIAGE, given))
    click.echo(f"item {name}: {code}, {label(Vocabulary.TRIAGE, code, 'en').lower()}")


@click.command("read")
@click.argument("item")
@case_options
@click.option("--note", type=FILE, metavar="FILE", help="Your note on it, before anything similar.")
@click.option("--second", is_flag=True, help="You are the second reader.")
@click.option("--agreed", metavar="WORDS", help="As the second: what you agree on.")
@click.option(
    "--differences", default="", metavar="WORDS", help="As the second: how they were settled."
)
def read(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    note: Path | None,
    second: bool,
    agreed: str | None,
    differences: str,
) -> None:
    """Say that you have read ITEM: as its first reader, or with --second as another person.

    The first reader codes and redacts it; the second reads the original anew and checks. Whoever
    takes an item over from its first reader reads it first, and says so here. A reader's note is
    locked: it is never changed, and a later one stands beside it.
    """
    if second == (agreed is None):
        raise click.UsageError("--second comes with --agreed, and --agreed with --second")
    text = "" if note is None else text_in(note)
    given = {"agreed": agreed or "", "differences": differences} if second else {"note": text}
    with opened(folder, identities, passphrase_file, writing=True) as case:
        name = case.find(item)
        step = Step.SECOND if second else Step.READ
        gates.answer(case, name, Answers.of(step, given))
    click.echo(f"item {name}: read by {case.by} as the {'second' if second else 'first'} reader")


@click.command("note")
@click.argument("item")
@click.argument("step", type=click.Choice([step.value for step in ASKED if step not in _OWN]))
@click.argument("answers", type=FILE)
@case_options
def note(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    step: str,
    answers: Path,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
) -> None:
    """Write down what a STEP asks about ITEM: ANSWERS is a TOML file of `question = "answer"`.

    \b
    consistency   basis* detail internal* external* against explanations confidence
    independence  source* press* wording* sender* remark
    request       recipient* name* why
    checklist     date* age* place* circumstances* event* dialogue* family* work* body*
                  language* route* official*    each "done" or "absent"
    jigsaw        brother* neighbour* officer* reader*

    Those with a star need an answer; write "none" where there is none. A gap or a conflict of dates
    is a question, never a mark against the person. The checklist is of what no program finds: each
    was dealt with, or is not there; nothing is built of a version before it is answered. The jigsaw check is of the newest redacted version:
    could his brother, a neighbour, the officer in the room, or a reader of other reports know him?
    """
    try:
        row = tomllib.loads(text_in(answers))
    except tomllib.TOMLDecodeError as error:
        raise MalformedError(f"{answers.name} is not TOML: {error}") from None
    if not all(isinstance(value, str) for value in row.values()):
        raise MalformedError("an answer is a text", 'as internal = "none"')
    asked = Step(step)
    with opened(folder, identities, passphrase_file, writing=True) as case:
        name = case.find(item)
        done = Progress.of(case, name).done
        about = done.get(Step.REDACT) if asked in ABOUT_REDACTION else None
        gates.answer(case, name, Answers.of(asked, row, about))
    click.echo(f"item {name}: {step} written down by {case.by}")


@click.command("panel")
@click.argument("settings", type=FILE, required=False)
@case_options
def panel(
    *,
    settings: Path | None,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
) -> None:
    """Show which of the 22 steps the panel uses, or settle it anew from SETTINGS, a panel.toml.

    \b
    steps = ["import", "triage", "read", "redact", "second", "signoff", "export"]
    organisation = "who stands behind what is published"
    contact = "how they are reached"

    Without `steps` these seven hold; for court work, name all 22. Import, opening, redacting, building,
    sign-off by two and export are part of every panel. What is settled is signed, goes to the other
    machine with the next `sync`, and its hash stands in the ledger.
    """
    given = None if settings is None else Panel.parse(text_in(settings))
    with opened(folder, identities, passphrase_file, writing=given is not None) as case:
        if given is not None:
            gates.config(case, given)
        holds = panel_of(case)
    for step in Step:
        uses = "uses" if step in holds.steps else "----"
        click.echo(f"{step.number:>2}  {uses}  {step:<13} {RULES[step].who}")
    if holds.organisation or holds.contact:
        click.echo(f"organisation: {holds.organisation}; contact: {holds.contact}")


@click.command("custody")
@click.argument(
    "act", type=click.Choice(["collect", "handover", "session", "incident", "transfer", "wipe"])
)
@click.argument("fields", nargs=-1, metavar="NAME=VALUE...")
@case_options
def custody_act(
    *,
    act: str,
    fields: tuple[str, ...],
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
) -> None:
    """Put an act on a stick, the machine or a file that left into the ledger.

    \b
    collect   stick=N size=N root=HEX count=N     what the courier wrote down at the site
    handover  stick=N from=ROLE to=ROLE           courier reviewer keyholder releaser steward operator
    session   hash=sha256:HEX                     the program whose hash you compared before you began
    incident  subject=WORD                        gap fork seal machine clock lost leak key other
    transfer  hash=sha256:HEX                     the recipient's receipt for a file that left came back
    wipe      subject=copies|stick|machine [stick=N]

    A panel that uses the first three imports no bundle of which they are not recorded.
    """
    pairs = (field.partition("=") for field in fields)
    given = {name: value for name, _, value in pairs}
    with opened(folder, identities, passphrase_file, writing=True) as case:
        if act == "transfer":
            outgoing.transferred(case, digest_in(given.get("hash", "")))
        elif act in {step.value for step, rule in RULES.items() if rule.on is On.STICK} - {
            "incident"
        }:
            custody.keep(case, Step(act), **given)
        else:
            record(case, (Kind(act), given))
    click.echo(f"{act} is in the ledger")


def digest_in(text: str) -> bytes:
    """The SHA-256 that `sha256:` and 64 hex digits name; raises `MalformedError`."""
    try:
        digest = bytes.fromhex(text.removeprefix("sha256:"))
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise MalformedError(
            "hash is `sha256:` and 64 hex digits", "as `intake review export` printed it"
        )
    return digest
