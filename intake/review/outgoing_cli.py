"""`intake review signoff` and `export`: two people sign the very bytes, and then they may leave."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from intake.errors import GateError
from intake.review import plan_output, proof_output
from intake.review.consent import Purpose
from intake.review.export import Shape
from intake.review.last_look import looked_at, said
from intake.review.options import FILE, case_options, opened
from intake.review.outgoing import (
    APART,
    Built,
    Output,
    beside,
    hand_over,
    sign_off,
    waiting,
    waiting_for,
)
from intake.review.revealed import lines, revealed
from intake.review.signing_off import check_signed
from intake.review.steps_cli import digest_in, text_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from intake.review.case import Case


def _use(command: Callable[..., None]) -> Callable[..., None]:
    """What an output is for, and in which form."""
    for option in (
        click.option(
            "--format",
            "shape",
            type=click.Choice([*(s.value for s in Shape), proof_output.FORM]),
            default="text",
            help="text, json, or proof: words whose place in the log anybody can check.",
        ),
        click.option("--verbatim", is_flag=True, help="Show somebody's own words to everybody."),
        click.option(
            "--for",
            "purpose",
            type=click.Choice([p.value for p in Purpose]),
            help="The use, to which the author must have agreed; a file that waits has its own.",
        ),
    ):
        command = option(command)
    return command


def _output(
    case: Case, item: str, purpose: str | None, shape: str, *, verbatim: bool
) -> tuple[Output, bytes | None]:
    """What is meant: a file that waits, by its hash, or one item for a use."""
    if item.startswith("sha256:"):
        digest = digest_in(item)
        return waiting_for(case, digest), digest
    if purpose is None:
        raise click.UsageError("say what it is for: --for")
    return _of_item(case, case.find(item), Purpose(purpose), shape, verbatim=verbatim), None


def _of_item(case: Case, item: str, use: Purpose, shape: str, *, verbatim: bool) -> Output:
    if use is Purpose.STATS and shape != Shape.JSON:
        raise click.UsageError("statistics are codes: write them with --format json")
    if shape == proof_output.FORM:
        return proof_output.proof_of(case, item, use, verbatim=verbatim)
    if verbatim:
        raise click.UsageError("--verbatim is for --format proof")
    return Output.of(shape, use, item)


@click.command("signoff")
@click.argument("item")
@case_options
@_use
def signoff(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    purpose: str | None,
    shape: str,
    verbatim: bool,
) -> None:
    """Build what `export` would write of ITEM, and sign its hash: you stand for these very bytes.

    Read first what you sign: `intake review show ITEM --redacted`. Two people sign, each on a machine
    of their own; the stick of `intake review sync` carries one's signature to the other. Both build
    it from their own case: if the hashes differ, one of the two cases lacks something. Any change, as
    another redacted version, makes it another file, which nobody has signed.

    With --format proof it is a publication that anybody can check with `intake audit publication`: each
    word that it shows stood in a testimony that was logged that week, unaltered. It shows somebody's own
    words, which can be recognised: for investigators and courts; for everybody only with --verbatim too.
    What it gives away is printed.

    For each item it prints how many different words with a capital letter or a digit, or in no dictionary,
    are left in it, and how many of them nobody has looked at on the desk's page. Nought says that somebody looked; it never
    says that nothing gives anybody away.

    First it is said on standard error what earlier outputs of this case gave away of the same items,
    people and places: a detail that was shown once is spent, and two outputs together must not say what
    neither says alone. At a terminal you are asked once more.

    Refused like `export`: without consent, while a step of the panel is missing, and for whoever
    signed it already.
    """
    with opened(folder, identities, passphrase_file, writing=True) as case:
        output, digest = _output(case, item, purpose, shape, verbatim=verbatim)
        _tell(case, _signed(case, output, digest))


def _signed(case: Case, output: Output, digest: bytes | None = None) -> Built:
    """Sign, after what earlier outputs gave away of the same was shown; at a terminal it is asked again."""
    rows = list(lines(revealed(case, output, digest or b"")))
    for row in rows:
        click.echo(f"earlier: {row}", err=True)
    if rows and sys.stdin.isatty():
        click.confirm("Together they must not say what neither says alone. Sign?", abort=True)
    return sign_off(case, output, digest)


def _tell(case: Case, built: Built) -> None:
    try:
        check_signed(case, built.digest)
    except GateError:
        ready = "one more person must sign it, on another machine"
    else:
        ready = "it can be exported"
    if built.output.form == proof_output.FORM:
        for line in proof_output.reveals(built.content, "en"):
            click.echo(line)
    click.echo(f"sha256:{built.digest.hex()}  {len(built.content)} bytes, signed; {ready}")
    for line in said(looked_at(case, built.publications)):
        click.echo(line)


@click.command("build")
@click.argument("plan", type=FILE)
@case_options
def build_plan(
    *, plan: Path, folder: Path, identities: tuple[Path, ...], passphrase_file: Path | None
) -> None:
    """Build a report or another output of several items as PLAN says, and sign its hash.

    \b
    form = "report"           # report press special-procedures wgeid wgad sr-torture
                              # court uwazi events statistics
    purpose = "publish"       # publish investigators courts stats
    items = ["3c54", "9ac8"]
    recipient = "to.archive"  # to.press to.ngo to.un_procedure to.un_mechanism to.archive …
    recipient_name = "…"
    title = "…"
    lang = "en"               # or ru
    agreement = "…"           # investigators: the signed promise to pass nothing to a government
    method = ["…"]            # how accounts were taken
    limits = ["…"]
    not_asked = ["…"]         # press: what may not be asked
    lawyer = false            # officials named in public: a lawyer and a
    reply = false             # decision on a right of reply are there
    verbatim = false          # show somebody's own words in public
    to_state = false          # letters: the State is told (wgad and sr-torture always tell it)
    lead_only = false         # court: asked for as a lead alone
    key = "age1pq1…"          # court: the recipient's, to which its originals are sealed
    [[extracts]]              # in the redacted field, from 0, end exclusive
    item = "3c54"
    path = "narrative"
    start = 0
    end = 80
    rewritten = "…"           # what stands for it: translated, or told in other words
    [[findings]]
    text = "…"
    grade = "g.a"             # V14, which one of its items has
    items = ["3c54", "9ac8"]

    Who stands behind it is in panel.toml: organisation, contact. Each item is asked for consent, steps and
    caps as in `export`; one that may only be counted has a place in a report, and no word. Refused where
    the form does not allow it: see `docs/format.md` 26. Every file is built twice, and searched for all that
    was taken out of any item, in text, names, metadata and pictures.

    The second person signs the same: `intake review signoff sha256:HEX`; then `export sha256:HEX OUT`.
    Several files are one archive. A court's is signed without the originals, which it names by their
    hashes; `export` seals each to the key in the plan and writes them beside OUT, as OUT-originals.zip. An
    original holds all that was sent but what is promised to the team alone; README.txt in the package
    says how the court opens and checks it.
    """
    text = text_in(plan)
    with opened(folder, identities, passphrase_file, writing=True) as case:
        _tell(case, _signed(case, plan_output.planned(case, text)))


@click.command("outputs")
@case_options
def outputs(*, folder: Path, identities: tuple[Path, ...], passphrase_file: Path | None) -> None:
    """List every file that somebody signed: its hash, form, use, how many items, and who signed."""
    with opened(folder, identities, passphrase_file, writing=False) as case:
        rows = waiting(case)
    for digest, output, names in rows:
        count = f"{len(output.items)} items"
        signed = f"signed by {', '.join(sorted(names))}"
        click.echo(f"sha256:{digest.hex()}  {output.form}  for {output.purpose}  {count}  {signed}")
    if not rows:
        click.echo("nothing was signed yet")


@click.command("export")
@click.argument("item")
@click.argument("out", type=FILE)
@case_options
@_use
def export(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    out: Path,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    purpose: str | None,
    shape: str,
    verbatim: bool,
) -> None:
    """Write the newest redacted version of ITEM to the new file OUT.

    Refused while it is not yet logged, and once its author withdrew it; for a canary, and before
    the auditor said which items of its week are (`intake review canaries`), or 14 days have passed
    since the week's end; without the author's consent to this very use; for a story about somebody
    who may not know of it, unless it is only counted; and while anything that was removed still
    stands in it, as `redact --everywhere` would find it: see there what is compared and what is
    not. The check finds slips; it does not replace reading what leaves.

    The newest word under a code counts, whichever item it came with: a later no is never passed
    over, and the refusal names its week. A yes of an item that is not yet logged does not count
    yet, a no does. An addition stands under the consent of its testimony, and under what holds
    that back; a change of consent is never exported. What somebody answered to one question
    (`reply --question`) allows what two reviewers recorded of it (`consent`), in a package whose plan
    is for that body, and nothing here.

    Two people sign it off first, each on a machine of their own, with `intake review signoff` and the
    same options: what leaves has the very bytes that both built. Only where the panel is one person one
    is enough, and the file says so. What of an item was not done yet (`intake review panel`) is named.

    Nothing is overwritten. The case and its ledger keep who exported what, and the hash of the file.
    """
    with opened(folder, identities, passphrase_file, writing=True) as case:
        output, digest = _output(case, item, purpose, shape, verbatim=verbatim)
        built = hand_over(case, output, out, digest)
    what = f"{len(output.items)} items"
    if len(output.items) == 1:
        (publication,) = built.publications.values()
        what = f"item {output.items[0]}, redacted version {publication.redaction.version}"
    click.echo(f"{what}, for {output.purpose}: {len(built.content)} bytes")
    if output.form in APART:
        click.echo(f"its originals, sealed to the recipient: {beside(out)}")
