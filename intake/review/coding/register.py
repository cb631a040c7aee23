"""Who and what a case calls by pseudonyms: people and units, and places, the same in every account.

Names stand here alone, sealed with the case. A pseudonym is random and stable: it says nothing of
who it is, how many there are, or in which order they came up.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self, cast

from intake import canonical
from intake.errors import MalformedError
from intake.review.coding.account import TEXT_LIMIT, check_pseudonym
from intake.review.coding.vocabulary import Vocabulary, check_code

NAMES_LIMIT: Final = 200  # spellings of one person or place


class Of(StrEnum):
    """What a person of the register is: no legal name of a survivor belongs here."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    UNIT = "unit"


class Scope(StrEnum):
    """How exactly a place is named; a home is never more than a district."""

    SITE = "site"
    TOWN = "town"
    DISTRICT = "district"


@dataclass(frozen=True)
class Person:
    """Somebody or a unit, by pseudonym, with every spelling that accounts use.

    `same` is the pseudonym that stands for them now, where two turned out to be one.
    """

    name: str
    of: Of
    names: tuple[str, ...] = field(repr=False)
    official: bool = False
    remark: str = field(default="", repr=False)
    same: str = ""

    def __post_init__(self) -> None:
        _check(self.name, "p", self.names, self.remark, self.same)

    @classmethod
    def new(cls, of: Of, names: Iterable[str], *, official: bool = False, remark: str = "") -> Self:
        """One with a fresh pseudonym."""
        return cls(f"p-{secrets.token_hex(3)}", of, tuple(sorted(set(names))), official, remark)

    def to_json(self) -> list[object]:
        """The value that is signed and sealed into the case."""
        return [
            "person",
            self.name,
            self.of.value,
            list(self.names),
            self.official,
            self.remark,
            self.same,
        ]


@dataclass(frozen=True)
class Place:
    """A place by pseudonym; `district` is the name or code in the bundled outline map, or empty."""

    name: str
    type: str
    scope: Scope
    names: tuple[str, ...] = field(repr=False)
    district: str = ""
    remark: str = field(default="", repr=False)
    same: str = ""

    def __post_init__(self) -> None:
        check_code(Vocabulary.PLACE_TYPE, self.type)
        _check(self.name, "l", self.names, self.remark, self.same)
        if self.type in HOMES and self.scope is Scope.SITE:
            raise MalformedError("a home is not a site", "name its district, or its town at most")

    @classmethod
    def new(
        cls, kind: str, scope: Scope, names: Iterable[str], *, district: str = "", remark: str = ""
    ) -> Self:
        """One with a fresh pseudonym."""
        name = f"l-{secrets.token_hex(3)}"
        return cls(name, kind, scope, tuple(sorted(set(names))), district, remark)

    def to_json(self) -> list[object]:
        """The value that is signed and sealed into the case."""
        row = self.name, self.type, self.scope.value, list(self.names), self.district
        return ["place", *row, self.remark, self.same]


HOMES: Final = frozenset({"pl.home", "pl.home_rel"})

Registered = Person | Place


@dataclass(frozen=True)
class Withdrawn:
    """That the entry of a pseudonym is not wanted: it is offered no more, and can be brought back.

    An account that names it all the same, on another machine say, still finds who it is.
    """

    name: str

    def __post_init__(self) -> None:
        _check(self.name, "p" if str(self.name).startswith("p") else "l", (), "", "")

    def to_json(self) -> list[object]:
        """The value that is signed and sealed into the case."""
        return ["withdrawn", self.name]


def registered(value: object) -> Registered | Withdrawn:
    """Read what `to_json` of a person, a place or a withdrawal gave; raises `MalformedError`."""
    try:
        kind, *row = cast("list[str]", value)
        one = _READERS.get(kind, _place)(row)
    except (TypeError, ValueError):
        raise MalformedError("an entry of the register has another shape") from None
    if canonical.encode(one.to_json()) != canonical.encode(value):
        raise MalformedError("an entry of the register has another shape")
    return one


def _person(row: list[str]) -> Person:
    name, of, names, official, remark, same = cast(
        "tuple[str, str, list[str], bool, str, str]", row
    )
    return Person(name, Of(of), tuple(names), official, remark, same)


def _place(row: list[str]) -> Place:
    name, kind, scope, names, district, remark, same = cast(
        "tuple[str, str, str, list[str], str, str, str]", row
    )
    return Place(name, kind, Scope(scope), tuple(names), district, remark, same)


def _withdrawn(row: list[str]) -> Withdrawn:
    (name,) = row
    return Withdrawn(name)


_READERS: Final[Mapping[str, Callable[[list[str]], Registered | Withdrawn]]] = {
    "person": _person,
    "withdrawn": _withdrawn,
}


@dataclass(frozen=True)
class Register:
    """The newest entry of every pseudonym, and which of them are withdrawn."""

    entries: Mapping[str, Registered]
    withdrawn: frozenset[str] = frozenset()

    @classmethod
    def of(cls, records: Iterable[Registered | Withdrawn]) -> Self:
        """From all records of a case, oldest first: a newer one takes the place of an older."""
        entries, gone = dict[str, Registered](), set[str]()
        for one in records:
            if isinstance(one, Withdrawn):
                gone.add(one.name)
            else:
                entries[one.name] = one
                gone.discard(one.name)
        return cls(entries, frozenset(gone & entries.keys()))

    def now(self, name: str) -> str:
        """The pseudonym that stands for this one now; itself where it is not known."""
        seen = set[str]()
        while (one := self.entries.get(name)) is not None and one.same and name not in seen:
            seen.add(name)
            name = one.same
        return name

    def person(self, name: str) -> Person | None:
        """The person that a pseudonym stands for now."""
        one = self.entries.get(self.now(name))
        return one if isinstance(one, Person) else None

    def place(self, name: str) -> Place | None:
        """The place that a pseudonym stands for now."""
        one = self.entries.get(self.now(name))
        return one if isinstance(one, Place) else None

    @property
    def people(self) -> list[Person]:
        """Everybody who stands for themselves, by pseudonym."""
        found = (one for one in self._standing if isinstance(one, Person))
        return sorted(found, key=lambda one: one.name)

    @property
    def places(self) -> list[Place]:
        """Every place that stands for itself, by pseudonym."""
        found = (one for one in self._standing if isinstance(one, Place))
        return sorted(found, key=lambda one: one.name)

    @property
    def _standing(self) -> Iterator[Registered]:
        return (
            one for one in self.entries.values() if not one.same and one.name not in self.withdrawn
        )

    def former(self, name: str) -> list[str]:
        """Every other pseudonym for which this one stands now."""
        return sorted(one for one in self.entries if one != name and self.now(one) == name)


def _check(name: str, kind: str, names: tuple[str, ...], remark: str, same: str) -> None:
    if not name or same == name:
        raise MalformedError("an entry of the register has no pseudonym of its own")
    check_pseudonym(name, kind)
    check_pseudonym(same, kind)
    if len(names) > NAMES_LIMIT or sorted(set(names)) != list(names):
        raise MalformedError("spellings are sorted, and each stands once")
    if any(not 0 < len(one) <= 200 for one in names) or len(remark) > TEXT_LIMIT:
        raise MalformedError("a spelling or a remark of the register is too long, or empty")
