"""What could single an account out, as far as reviewers coded or noted it: codes and a few words, never a quote.

From the coding: month, district, place, act, unit, official, injury, relation. From the answers that were only
chosen: age band, where the person is now. What has no code, reviewers note: sex, work, teip. Format: docs/format.md 12.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from intake import canonical, shape
from intake.container import Container
from intake.errors import IntakeError, MalformedError
from intake.review.case import Case
from intake.review.coding.account import Coding
from intake.review.coding.register import Register, Scope
from intake.review.finding.sweep import plain
from intake.review.journal import Mark
from intake.review.occurrences import codings_of
from intake.review.outputs.counting import district_of
from intake.review.registering import register_of
from intake.review.singling_out import Facts

RECORD: Final = "facts"
NOTED: Final = ("sex", "work", "teip", "other")
WORDS_LIMIT: Final = 100  # characters of one fact
_SAYS_NOTHING: Final = frozenset(
    {"p.unknown", "p.masked", "e.none", "e.unknown", "r.na", "a.na", "l.na", ""}
)
_CHOSEN: Final = {"age": "age_band", "now": "area_now"}


@dataclass(frozen=True)
class Noted:
    """Facts of one account that no code says, in a reviewer's few words, by their name."""

    words: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    def __post_init__(self) -> None:
        if not self.words.keys() <= set(NOTED):
            raise MalformedError("no such fact", f"there are: {' '.join(NOTED)}")
        if any(not 0 < len(words.strip()) <= WORDS_LIMIT for words in self.words.values()):
            raise MalformedError(f"a fact is 1 to {WORDS_LIMIT} characters long")

    def to_json(self) -> dict[str, object]:
        """The value that is signed and sealed into the case."""
        return dict(self.words)

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        words = {name: shape.text(text) for name, text in shape.mapping(value).items()}
        if canonical.encode(words) != canonical.encode(value):
            raise MalformedError("facts have another shape")
        return cls(words)


def noted_of(case: Case, item: str) -> Noted:
    """What reviewers noted of an item, by the newest record."""
    newest = case.journal(item).newest(RECORD)
    return Noted() if newest is None else Noted.from_json(newest.value)


def keep_noted(case: Case, item: str, noted: Noted) -> Mark:
    """Keep what a reviewer noted, signed; asked of the gates by `gates.note_facts`."""
    return case.journal(item).add(RECORD, noted.to_json())


@dataclass(frozen=True)
class Told:
    """What the facts of one account are made of; what its names stand for, the register of the moment says."""

    coding: Coding
    chosen: Mapping[str, str] = field(repr=False)
    noted: Noted

    @classmethod
    def of(cls, coding: Coding, container: Container, noted: Noted) -> Self:
        """Of an account, the answers that were only chosen, and no other."""
        answers = container.answers
        return cls(coding, {name: answers.get(path, "") for name, path in _CHOSEN.items()}, noted)

    def facts(self, register: Register) -> Facts:
        """The facts by their names; those that nobody knows are not there."""
        acts, parts = self.coding.acts, self.coding.involvements
        places = [place for act in acts if (place := register.place(act.place)) is not None]
        people = [person for one in parts if (person := register.person(one.person)) is not None]
        found = {
            "month": {act.when.month for act in acts},
            "district": {district_of(act, register) for act in acts},
            "place": {place.name for place in places if place.scope is not Scope.DISTRICT},
            "act": {act.code for act in acts},
            "unit": {one.affiliation for one in parts},
            "official": {person.name for person in people if person.official},
            "injury": {code for act in acts for code in act.effects},
            "relation": {self.coding.relation},
            **{name: {code} for name, code in self.chosen.items()},
            **{name: {plain(words)} for name, words in self.noted.words.items()},
        }
        known = {name: frozenset(values - _SAYS_NOTHING) for name, values in found.items()}
        return {name: values for name, values in known.items() if values}


def told_of(case: Case, item: str, coding: Coding) -> Told:
    """What the facts of a coded item are made of; raises `IntakeError` where it cannot be read."""
    return Told.of(coding, case.original(item)[1], noted_of(case, item))


def accounts_of(case: Case) -> Iterator[tuple[str, Facts]]:
    """The facts of every item that is coded and can be read, by its id: about 10 milliseconds for each."""
    register = register_of(case)
    for item, coding in codings_of(case):
        try:
            yield item, told_of(case, item, coding).facts(register)
        except IntakeError:
            continue  # its own page says why
