"""`intake review reply`: a reviewer's answer to the holder of a code, sealed to that code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake.review.confirming import signer_of
from intake.review.options import FILE, case_options, opened_with, unlock_all
from intake.review.replying import reply, risks, text_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command("reply")
@click.argument("item")
@case_options
@click.option(
    "--file", "source", type=FILE, metavar="TEXT", required=True, help="The text, as UTF-8."
)
@click.option(
    "--outbox", "out", type=FILE, metavar="OUT", required=True, help="Your outbox; made if missing."
)
@click.option("--question", default="", metavar="WORDS", help="Ask for one further consent.")
def reply_to_item(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    source: Path,
    out: Path,
    question: str,
) -> None:
    """Answer whoever sent ITEM: they find the reply with their code, and nobody else can read it.

    TEXT has 4,000 characters at most, and is shown as it stands: no link in it can be pressed.
    Write nothing that must not be seen over a shoulder. A web address, a telephone number or the
    like is noted on standard error, and sent all the same.

    Refused where ITEM has no address, was withdrawn, is a canary or was never opened; and unless
    the newest word under its code on messages is a yes.

    --question asks for one further consent, in one line of 250 characters at most: say who is to
    be told what, for which case. The answer comes as an item of its own, yes or no, and `show`
    puts it beside the question. It allows nothing by itself: two reviewers record which body it
    is for (`intake review consent`), and an answer to a question that was not asked from this case counts for nothing.

    OUT grows by one reply and is signed anew with your key, which must be in the newest roster. It
    is for the courier, and `intake deliver` puts it on the board. It says how many replies there
    are, and not for whom. The case keeps the text: if the command is cut off before OUT is
    written, `show` has a reply that OUT has not; send it again.

    Two reviewers who answer one code from two cases use the same numbers, and the board then shows
    that two replies are for one person: let one of you answer a code.
    """
    text = text_of(source)
    secrets = unlock_all(identities, passphrase_file)
    with opened_with(folder, secrets, writing=True) as case:
        signer = signer_of(case, secrets)
        written = reply(case, case.find(item), text, question.strip(), signer=signer, out=out)
    for risk in risks(text, question):
        click.echo(f"note: the reply has {risk}: whoever sees it can follow it", err=True)
    click.echo(
        f"item {written.item}, reply {written.replied.number} to its code;"
        f" the outbox holds {written.rows}"
    )
