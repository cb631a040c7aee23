"""`intake review redact`: what is taken out of an item, as its next version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake import visible
from intake.errors import MalformedError
from intake.review import gates
from intake.review.canaries import check_testimony
from intake.review.consent import check_tells, is_code
from intake.review.finding.memory import OfItem
from intake.review.options import FILE, case_options, opened
from intake.review.planning import Plan, carry_out
from intake.review.proposing import known_places
from intake.review.redacting import Redaction, Span, cuts_word
from intake.review.remembering import names_of, seen_of
from intake.review.standing import check_not_withdrawn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from intake.container import Container
    from intake.review.case import Case


class _SpanType(click.ParamType[Span]):
    name = "span"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Span:
        try:
            return Span.parse(str(value))
        except MalformedError as error:
            self.fail(f"{error.phrase}: {error.hint}", param, ctx)


@click.command("redact")
@click.argument("item")
@case_options
@click.option(
    "--span",
    "spans",
    type=_SpanType(),
    metavar="FIELD:START:END=REASON",
    multiple=True,
    help="Take out these characters.",
)
@click.option("--withhold", "withheld", metavar="FIELD", multiple=True, help="Leave a field out.")
@click.option("--plan", type=FILE, metavar="FILE", help="Spans and `withhold FIELD`, one a line.")
@click.option("--rules", is_flag=True, help="Take out contacts, dates and numbers.")
@click.option("--everywhere", is_flag=True, help="Take out what is removed wherever it stands.")
@click.option("--anew", is_flag=True, help="Forget what earlier versions took out.")
@click.option(
    "--list",
    "listing",
    is_flag=True,
    help="Only show what would be taken out, and which names that the case knows are left.",
)
def redact(  # noqa: PLR0913 - one parameter an option
    *,
    item: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    spans: tuple[Span, ...],
    withheld: tuple[str, ...],
    plan: Path | None,
    rules: bool,
    everywhere: bool,
    anew: bool,
    listing: bool,
) -> None:
    """Make the next redacted version of ITEM; earlier ones stay, and so does the original.

    A span counts characters from 0 and does not include END: narrative:10:14=person. Reasons:
    person family contact place date work body event words device helper third location language
    number. Each gives the same token, as [person], however long the text was.

    A version takes out all that the one before it did, and what is given now. The rules find
    e-mail and web addresses, handles, telephone numbers, dates and long numbers, and nothing else:
    no names and no places. Read the text.

    --everywhere then takes out, by whole words, every other place of

    \b
    - the removed strings;
    - their words with a capital, of 3 letters or more (of a person, family or
      third: 2), and with a digit, of 4; for these reasons and helper and place
      every word from 4 letters, unless more than 12 words were removed; never
      pronouns and the like (он, это, the);
    - other forms of them: Russian case endings, up to 4 more letters on a stem
      of 4, a plural or possessive s, digits around them; and what has 5 letters
      or more, less its ending, also inside a longer word;
    - the last 10 and last 7 digits of a number of 7 or more, however grouped.

    Case, accents, ё and й, spaces, invisible characters, look-alike letters of two alphabets
    (a word of both is read in either), palochka typed or left out, apostrophes and slashes in a
    word, a hyphen at the end of a line and the usual Latin spellings of Cyrillic words make no difference. NOT found: other names for
    the same person, diminutives, a name written l i k e this or cut by a line without hyphen,
    changed vowels, misspellings, translations, what can be concluded. Read the text, and see with
    --list what would go: it may be too much. It then lists, as lines for --plan, where a name
    stands that the case knows and that would be left: taken out in another item, or in the
    register, in any form or alphabet, unless you looked at it here and left it. `export` refuses while anything is left that
    --everywhere would take.
    """
    asked = _plan_in(plan) if plan else Plan()
    asked = Plan((*spans, *asked.spans), (*withheld, *asked.withheld), rules or listing, everywhere)
    if not (asked.spans or asked.withheld or rules or everywhere or listing):
        raise click.UsageError("say what to take out: --span, --rules, --withhold or --plan")
    with opened(folder, identities, passphrase_file, writing=not listing) as case:
        name = case.find(item)
        check_not_withdrawn(case, case.entry(name).opening)
        check_testimony(case, name)
        opening, container = case.original(name)
        check_tells(container)
        last = case.redaction(name, opening.envelope)
        version = case.redactions(name) + 1
        made = carry_out(container, opening.envelope, asked, None if anew else last, case.by)
        made = made.numbered(version)
        if listing:
            known = _known(case, name, container, made)
            gates.open_item(case, name)  # before a word of it is shown
            _list_spans(
                container, (span for span in made.spans if last is None or span not in last.spans)
            )
            _list_spans(container, known, "known to the case: ")
            return
        gates.redact(case, name, made)
    for span in made.spans:
        if cuts_word(container, span):
            click.echo(f"note: {span} cuts a word", err=True)
    reasons = ", ".join(f"{reason} {count}" for reason, count in made.reasons().items())
    click.echo(f"item {name}, redacted version {version}: {reasons or 'nothing taken out'}")
    for path in made.withheld:
        click.echo(f"withheld: {visible.line(path)}")


def _plan_in(path: Path) -> Plan:
    try:
        return Plan.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise MalformedError("the plan is not UTF-8 text", "save it as UTF-8") from None


def _known(case: Case, item: str, container: Container, made: Redaction) -> list[Span]:
    """Places of names that the case knows, of what `made` neither takes out nor withholds."""
    left = seen_of(case, item, made.envelope).words(container)
    texts = {
        path: text
        for path, text in container.fields
        if not is_code(path, text) and path not in made.withheld
    }
    return known_places(texts, made.spans, OfItem(names_of(case), left))


def _list_spans(container: Container, spans: Iterable[Span], why: str = "") -> None:
    for span in spans:
        text = container.answers[span.field][span.start : span.end]
        click.echo(f"{span}  # {why}{visible.line(text)}")
