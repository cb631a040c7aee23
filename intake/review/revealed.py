"""What earlier outputs of this case gave away already, for whoever is about to sign another (domain.md 5.4).

A detail that was published once is spent: two outputs together must not say what neither says alone. All of it
is worked out from the case's own records: which redacted version of an item an output was built from, what
its plan quotes, and whom its coding names. It says places and pseudonyms, and no word of any text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from intake import shape
from intake.canonical import unb64
from intake.container import Container
from intake.review.case import REDACTED, Case
from intake.review.coding.register import HOMES, Of, Person, Register, Scope
from intake.review.consent import Purpose
from intake.review.journal import Mark
from intake.review.occurrences import names_in
from intake.review.outgoing import BUILT, LEFT, Output, waiting
from intake.review.output_words import PLAN
from intake.review.outputs.material import Output as Form
from intake.review.plan import Plan
from intake.review.progress import coding_of
from intake.review.redacting import Redaction
from intake.review.registering import register_of

_EXTRACTS: Final = frozenset({Form.REPORT.value, Form.PRESS.value})
_NAMING: Final = frozenset({Purpose.INVESTIGATORS, Purpose.COURTS})


class How(StrEnum):
    """How an earlier output has somebody or a place."""

    NAMED = "named"
    NUMBERED = "numbered"


@dataclass(frozen=True)
class Earlier:
    """An output that was signed off at least once: its hash, form and use, and whether it left."""

    digest: bytes
    form: str
    purpose: Purpose
    left: bool


@dataclass(frozen=True)
class OfItem:
    """What an earlier output has of one item.

    `spent` are places (FIELD:START:END) of the original that it shows and this one leaves out, `fresh` those
    that it leaves out and this one shows; `quoted` places of its redacted version that it quotes.
    """

    item: str
    by: Earlier
    version: Mark
    counted: bool
    spent: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


@dataclass(frozen=True)
class OfName:
    """That an earlier output has somebody or a place of the register who is in this one too."""

    name: str
    by: Earlier
    how: How


def revealed(case: Case, output: Output, but: bytes = b"") -> list[OfItem | OfName]:
    """What every earlier output has of the items, people and places of this one, but the file with hash `but`.

    Items first, then names, each in the order of the outputs' hashes. Raises `IntakeError` where a record
    that it rests on cannot be read: who cannot see what is spent signs nothing.
    """
    register = register_of(case)
    ours = {item: _names(case, item, register) for item in output.items}
    everybody = set[str]().union(*ours.values())
    items, names = list[OfItem](), list[OfName]()
    for digest, other, _ in waiting(case):
        if digest == but:
            continue
        journal = case.files.of_output(digest)
        by = Earlier(digest, other.form, other.purpose, bool(journal.marks(LEFT)))
        newest = journal.newest(BUILT)
        versions = _versions(case, newest.value if newest is not None else None)
        plan = _plan(other)
        items += (
            _of_item(case, output, by, item, versions[item], plan)
            for item in output.items
            if item in versions
        )
        if other.purpose is not Purpose.STATS:
            theirs = set[str]().union(*(_names(case, item, register) for item in other.items))
            names += (
                OfName(name, by, _how(register, name, by, plan))
                for name in sorted(theirs & everybody)
            )
    return [*items, *names]


def _names(case: Case, item: str, register: Register) -> set[str]:
    if case.entry(item).gone:
        return (
            set()
        )  # what it had is in the outputs that are out, and nobody here can say it any more
    coding = coding_of(case, item)
    return set() if coding is None else names_in(coding.value, register)


def _versions(case: Case, value: object) -> dict[str, Mark]:
    """Which redacted version of each item a built file has."""
    rows = cast("Sequence[tuple[str, int, str]]", shape.mapping(value)["items"])
    return {case.id_of(unb64(digest, 32)): Mark(number, by) for digest, number, by in rows}


def _plan(output: Output) -> Plan | None:
    text = dict(output.details).get(PLAN)
    return None if text is None else Plan.parse(text)


def _of_item(  # noqa: PLR0913, PLR0917 - what two outputs of one item have
    case: Case, output: Output, by: Earlier, item: str, version: Mark, plan: Plan | None
) -> OfItem:
    if by.purpose is Purpose.STATS:
        return OfItem(item, by, version, counted=True)
    if case.entry(item).gone:
        return OfItem(item, by, version, counted=False)
    if by.form in _EXTRACTS:
        return OfItem(item, by, version, counted=False, quoted=tuple(_quoted(case, item, plan)))
    container, now = case.read(item)
    then = Redaction.from_json(case.journal(item).read(REDACTED, version).value)
    if output.purpose is Purpose.STATS or output.form in _EXTRACTS or now is None:
        # This one shows no account as a whole: all that it leaves out and the earlier one shows is spent.
        return OfItem(item, by, version, counted=False)
    hidden_then, hidden_now = _hidden(container, then), _hidden(container, now)
    return OfItem(
        item,
        by,
        version,
        counted=False,
        spent=tuple(_places(hidden_now, hidden_then)),
        fresh=tuple(_places(hidden_then, hidden_now)),
    )


def _quoted(case: Case, item: str, plan: Plan | None) -> Iterator[str]:
    for name, extract in plan.extracts if plan is not None else ():
        if case.find(name) == item:
            yield f"{extract.path}:{extract.start}:{extract.end}"


def _hidden(container: Container, redaction: Redaction) -> dict[str, set[int]]:
    """The characters of each field that a redaction leaves out."""
    hidden: dict[str, set[int]] = {
        path: set(range(len(text))) if path in redaction.withheld else set()
        for path, text in container.fields
    }
    for span in redaction.spans:
        hidden[span.field].update(range(span.start, span.end))
    return hidden


def _places(these: Mapping[str, set[int]], but: Mapping[str, set[int]]) -> Iterator[str]:
    for path, characters in these.items():
        for start, end in _runs(sorted(characters - but[path])):
            yield f"{path}:{start}:{end}"


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in order as runs, each with its first and the one after its last."""
    start = end = -1
    for number in numbers:
        if number != end:
            if end > start:
                yield start, end
            start = number
        end = number + 1
    if end > start:
        yield start, end


def _how(register: Register, name: str, by: Earlier, plan: Plan | None) -> How:
    """Whether an output can have the name itself, by the rules of `outputs.naming`; in doubt it has."""
    person, place = register.person(name), register.place(name)
    if plan is None or by.form == Form.STATISTICS:
        return How.NUMBERED
    if person is not None:
        named = _has_a_name(person) and (by.purpose in _NAMING or {"lawyer", "reply"} <= plan.yes)
    elif place is not None:
        site = place.type not in HOMES and place.scope is not Scope.DISTRICT and bool(place.names)
        named = site and (by.purpose in _NAMING or place.name in plan.lists["sites"])
    else:
        named = False
    return How.NAMED if named else How.NUMBERED


def _has_a_name(person: Person) -> bool:
    return bool(person.names) and (person.official or person.of is Of.UNIT)


def lines(rows: Iterable[OfItem | OfName]) -> Iterator[str]:
    """The same in words for a terminal, none where nothing was given away yet."""
    for row in rows:
        by = row.by
        what = f"{by.form} for {by.purpose}, sha256:{by.digest.hex()[:16]}…"
        what += ", handed over" if by.left else ", not handed over here"
        if isinstance(row, OfName):
            yield f"{row.name} is {row.how} in {what}"
            continue
        yield f"item {row.item}, redacted version {row.version}, is in {what}"
        if row.counted:
            yield "    it is only counted there"
        for said, places in (
            ("it shows what this one leaves out", row.spent),
            ("it leaves out what this one shows", row.fresh),
            ("it quotes, of its redacted version", row.quoted),
        ):
            if places:
                yield f"    {said}: {', '.join(places)}"
