"""`intake review consent`: what two reviewers record of an answer about a government."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake.errors import ConsentError
from intake.review.government import BODIES, Answered, answered, consent, government_of
from intake.review.options import case_options, opened
from intake.review.outputs.material import Output
from intake.review.showing import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intake.review.case import Case


@click.command("consent")
@click.argument("item")
@click.argument("answer", required=False)
@case_options
@click.option(
    "--body", type=click.Choice([one.value for one in BODIES]), help="Whom the question was about."
)
@click.option("--name", "named", is_flag=True, help="The question was of the name as well.")
def government(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    answer: str | None,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    body: str | None,
    named: bool,
) -> None:
    """Show whether a government may be told of ITEM; with ANSWER, record what you read there.

    What wgad and sr-torture get they send to the State, and so may special-procedures and wgeid. No form
    asks for that. Ask the person with `intake review reply --question`: whom you would tell, of which case,
    and whether with the name. Their answer comes as an item of its own; ANSWER is its id.

    Two reviewers read ITEM and ANSWER, each with `show`, and record here with --body whom the question was
    about. Only a package for that body, with this item, is built then. Your newest record counts.

    Refused for a no, and after any later one; where the question was not asked from this case, or is of
    another code; for a story of somebody who may not know of it, and of a person who may be under 18. A
    later no, and a withdrawal, end what was recorded.
    """
    if (answer is None) != (body is None):
        raise click.UsageError("ANSWER comes with --body, and --body with ANSWER")
    with opened(folder, identities, passphrase_file, writing=answer is not None) as case:
        name = case.find(item)
        if answer is not None and body is not None:
            consent(case, name, case.find(answer), Output(body), name=named)
        lines = [row for one in answered(case, name) for row in _lines(one)]
        stands = [f"{one}: {_stands(case, name, one)}" for one in BODIES]
    for row in (*lines, *stands):
        click.echo(row)


def _lines(one: Answered) -> Iterator[str]:
    yes = "yes" if one.said.agreed else "no"
    yield f"{one.said.week}  {yes} in item {one.said.item}, to what {one.asked.by} asked:"
    yield from (f"    | {row}" for _, row in wrapped(one.asked.question))
    for by, reading in one.readings:
        names = "with the name" if reading.name else "without the name"
        yield f"    {by} recorded: for {reading.body}, {names}"


def _stands(case: Case, item: str, body: Output) -> str:
    try:
        found = government_of(case, item, body)
    except ConsentError as error:
        return f"no, {error.phrase}"
    names = "with the name" if found.name else "without the name"
    return f"yes, {names}, read by {' and '.join(found.readers)}"
