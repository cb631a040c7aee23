"""`intake review canaries`: takes the auditor's list, and answers which canaries came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake.age.whole import written_whole
from intake.canaries import LIST_LIMIT, CanaryList
from intake.errors import ProofError
from intake.review.canaries import keep_list, search
from intake.review.confirming import signer_of
from intake.review.options import FILE, case_options, opened_with, unlock_all
from intake.roots import parse_fingerprint
from intake.tlog.note import Note

if TYPE_CHECKING:
    from pathlib import Path

    from intake.review.canaries import Search


@click.command("canaries")
@click.argument("source", metavar="LIST", type=FILE)
@case_options
@click.option(
    "--digits",
    required=True,
    metavar="DIGITS",
    help="The list's 30 digits, as the auditor reads them out.",
)
@click.option(
    "--answer", type=FILE, required=True, metavar="FILE", help="A new file, for the auditor."
)
def find_canaries(  # noqa: PLR0913 - one parameter an option
    *,
    source: Path,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    digits: str,
    answer: Path,
) -> None:
    """Take in the auditor's LIST of a week: which items are test testimonies, and which are lost.

    Canaries are submissions of the auditor's own that look like any other until their week is over.
    Items that are canaries are listed as `canary`, and can be neither redacted nor exported nor
    counted. Before a week's list is in the case, or its end is 14 days past, nothing of that week
    can be exported. Import the week first.

    The digits make sure that LIST is the auditor's: a false one could have testimonies passed over.

    The answer, signed with your key, is for the auditor. It names no item, and is no secret. Exit
    code 1: a canary did not reach you, so something may have been dropped before it was logged.
    """
    with source.open("rb") as file:
        canaries = CanaryList.parse(file.read(LIST_LIMIT + 1))
    if parse_fingerprint(digits) != canaries.digits:
        raise ProofError(
            "the list has other digits",
            "compare them with the auditor again, by telephone: if they are right, stop",
        )
    secrets = unlock_all(identities, passphrase_file)
    with opened_with(folder, secrets, writing=True) as case:
        signer = signer_of(case, secrets)
        found = search(case, canaries, signer.name)
        keep_list(case, canaries)
        text = found.answer.to_bytes()
        with written_whole(answer, replace=False) as sink:
            sink.write(Note(text, (signer.sign(text),)).to_bytes())
    _tell(canaries, found)


def _tell(canaries: CanaryList, found: Search) -> None:
    here, missing = len(found.answer.found), len(found.answer.missing)
    for item in found.items:
        click.echo(f"{item}  canary")
    for item in found.other:
        click.echo(f"{item}  has the secrets of a canary and another text: it may be a testimony")
    for item in found.unread:
        click.echo(f"{item}  is a canary, or passed off as one, and could not be opened")
    for _ in range(missing):
        click.echo(f"a testimony that was sent in {canaries.epoch} did not reach you")
    click.echo(f"{canaries.epoch}: {here} canaries found, {missing} missing")
    if missing or found.other:
        raise ProofError(
            f"the canaries of {canaries.epoch} did not all arrive as they were sent",
            "tell the auditor, with the answer; others may have been lost in the same way",
        )
