"""`intake review find`: what in a text may give somebody away, proposed; nothing is taken out by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake import visible
from intake.errors import MalformedError
from intake.review import gates
from intake.review.canaries import check_testimony
from intake.review.consent import is_code
from intake.review.finding.asking import Question, answer
from intake.review.finding.find import find, sweep
from intake.review.finding.memory import OfItem
from intake.review.finding.routing import Language
from intake.review.finding.sweep import left_over
from intake.review.options import FILE, may_name_case, opened
from intake.review.proposing import proposals
from intake.review.redacting import taken_places
from intake.review.remembering import names_of, seen_of
from intake.review.standing import check_not_withdrawn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import BinaryIO

    from intake.review.finding.span import Span


@click.command("find")
@click.argument("item", required=False)
@may_name_case
@click.option("--text", "file", type=FILE, metavar="FILE", help="Look through a file of text.")
@click.option(
    "--json",
    "lines",
    type=click.File("rb"),
    metavar="FILE",
    help="Answer questions, one a line; - reads standard input.",
)
@click.option(
    "--language",
    type=click.Choice([str(one) for one in Language]),
    help="Of the text; guessed if not given.",
)
def find_spans(  # noqa: PLR0913 - one parameter an option
    *,
    item: str | None,
    folder: Path | None,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    file: Path | None,
    lines: BinaryIO | None,
    language: str | None,
) -> None:
    """Propose what may give somebody away in ITEM, in a file, or in lines of JSON.

    Of ITEM each line is FIELD:START:END=REASON, as `redact --plan` reads it, and behind # what found
    it, how sure it is, and the words. Lines that begin with # list what is left for one last look: each
    string with a capital or a digit, or in no dictionary, once. Of a file, START:END and the label stand there instead.

    --json reads lines {"id", "text"} and "language" if it is known, and writes lines {"id", "spans":
    [{"start", "end", "label", "kind", "reason", "confidence"}]}. Places count code points from 0, the
    end exclusive. The kind is `proposal`, or `sweep` for what is left and has a capital or a digit, or is in
    no dictionary. No words are written.

    It works without network, and finds names, places, groups, dates, numbers, contacts and some of
    what describes a person, in Russian, English, and Russian mixed with Chechen. It MISSES what no list
    and no example showed it: circumstances, hints, nicknames that are words. Read the text.
    """
    if [bool(item), bool(file), bool(lines)].count(True) != 1:
        raise click.UsageError("name one: ITEM, --text FILE or --json FILE")
    if lines:
        _answer(lines, language or "")
    elif file:
        _list(_read(file), language or "")
    elif item:
        if folder is None or not identities:
            raise click.UsageError("an ITEM is in a case: --case FOLDER and --identity FILE")
        _list_item(item, folder, identities, passphrase_file, language or "")


def _answer(lines: Iterable[bytes], language: str) -> None:
    for number, line in enumerate(lines, 1):
        try:
            question = Question.parse(line)
        except MalformedError as error:
            raise MalformedError(f"line {number}: {error.phrase}", error.hint) from None
        click.echo(answer(question, _both(question.text, question.language or language)))


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError(f"{visible.line(file.name)} is not UTF-8 text") from None


def _list(text: str, language: str) -> None:
    for span in sorted(_both(text, language), key=lambda one: one.start):
        words = visible.line(text[span.start : span.end])
        place = f"{span.start}:{span.end}"
        row = f"{place} {span.label} {span.kind} {span.reason} {span.confidence:.2f}  # {words}"
        click.echo(row)


def _both(text: str, language: str) -> list[Span]:
    found = find(text, language)
    return [*found, *sweep(text, found)]


def _list_item(
    item: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    language: str,
) -> None:
    with opened(folder, identities, passphrase_file, writing=False) as case:
        name = case.find(item)
        check_not_withdrawn(case, case.entry(name).opening)
        check_testimony(case, name)
        container, redaction = case.read(name)
        gates.open_item(case, name)  # before a word of it is shown
        seen = seen_of(case, name, case.entry(name).opening.envelope).words(container)
        memory = OfItem(names_of(case), seen)
    taken = redaction.spans if redaction else ()
    found = proposals(container, taken, language, memory)
    for one in sorted(found, key=lambda one: one.span):
        words = visible.line(container.answers[one.span.field][one.span.start : one.span.end])
        click.echo(f"{one.span}  # {one.why} {one.confidence:.2f}: {words}")
    texts = [(path, text) for path, text in container.fields if not is_code(path, text)]
    places = taken_places(sorted((*taken, *(one.span for one in found))))
    for left in left_over(texts, places):
        path, start, end = left.places[0]
        words = visible.line(container.answers[path][start:end])
        click.echo(f"# left: {path}:{start}:{end} ({len(left.places)}): {words}")
