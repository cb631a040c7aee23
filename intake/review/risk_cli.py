"""`intake review risk`: by what an item could be singled out among those of its case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from intake.errors import MalformedError
from intake.review import gates
from intake.review.coding.vocabulary import TERMS, Vocabulary, label
from intake.review.facts import NOTED, Noted, accounts_of, noted_of
from intake.review.options import case_options, opened
from intake.review.registering import register_of
from intake.review.singling_out import FEW, Fact, Meter, Risk
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intake.review.coding.register import Register

_LABELLED = {
    "act": Vocabulary.ACT,
    "unit": Vocabulary.AFFILIATION,
    "injury": Vocabulary.EFFECT,
    "relation": Vocabulary.RELATION,
}


_COARSER = {1: "as a quarter of the year", 2: "as a year"}


@click.command("risk")
@click.argument("item")
@case_options
@click.option(
    "--fact",
    "facts",
    metavar="NAME=WORDS",
    multiple=True,
    help=f"Note a fact that no code says first: {' '.join(NOTED)}.",
)
def risk(
    *,
    item: str,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    facts: tuple[str, ...],
) -> None:
    """Print by which facts ITEM could be singled out among the coded accounts of this case.

    Facts are what was coded (month, district, place, act, unit, official, injury, relation), the age band
    and where the person is now, as they were chosen, and what is noted with --fact: sex, work, teip, other.
    Where an account does not say something, it may be anything.

    Printed are the smallest combinations that no other account here has, and the cheapest way to make
    facts more general so that at least five accounts fit. These are counts of accounts in this case:
    whoever knows the village, the unit or the day knows more than all of them. It is never said that
    somebody could not be known.
    """
    with opened(folder, identities, passphrase_file, writing=bool(facts)) as case:
        name = case.find(item)
        if facts:
            given = dict(_fact(fact) for fact in facts)
            gates.note_facts(case, name, Noted({**noted_of(case, name).words, **given}))
        meter, register = Meter(dict(accounts_of(case))), register_of(case)
        for row in lines_of(name, meter.risk(name), register):
            click.echo(row)


def lines_of(item: str, found: Risk, register: Register) -> Iterator[str]:
    """What a terminal shows of it, each line safe to look at."""
    yield f"item {item}: {found.fit} of {found.accounts} coded accounts fit all that is coded of it"
    for facts in found.alone:
        told = ", ".join(said(fact, register) for fact in facts)
        yield f"could be singled out by: {told}"
    if not found.alone:
        yield "by no few of these facts alone is it the only one here; who knows more may know who it is"
    if found.cheapest is None:
        yield f"no change of these facts makes {FEW} accounts fit: there are too few"
    elif found.cheapest:
        changes = (
            f"{one.name} {'left out' if one.last else _COARSER[one.level]}"
            for one in found.cheapest
        )
        yield f"cheapest change after which {FEW} or more fit: {', '.join(changes)}"


def said(fact: Fact, register: Register) -> str:
    """A fact in words: its label, or the first spelling beside a pseudonym."""
    name, value = fact
    entry = register.entries.get(value)
    if entry is not None:
        return line(f"{name} {value} {''.join(entry.names[:1])}".strip())
    vocabulary = _LABELLED.get(name)
    if vocabulary is not None and value in TERMS[vocabulary]:
        return f"{name} {label(vocabulary, value, 'en')}"
    return line(f"{name} {value}")


def _fact(text: str) -> tuple[str, str]:
    name, sign, words = text.partition("=")
    if not sign:
        raise MalformedError("a fact is written NAME=WORDS", "as work=welder")
    return name, words
