"""The register of a case: people and places by pseudonym, kept as signed records of the case.

Two machines may each give the same person a pseudonym; whoever notices says that they are one, and one
of the two then stands for both. Every such word is taken back by a newer one. Nothing is ever removed but with
the whole case.
"""

from dataclasses import replace
from typing import Final

from intake import shape
from intake.errors import MalformedError
from intake.review.case import Case
from intake.review.coding.account import Coding
from intake.review.coding.register import (
    Person,
    Place,
    Register,
    Registered,
    Withdrawn,
    registered,
)
from intake.review.journal import Mark
from intake.review.occurrences import occurrences

RECORD: Final = "register"
APART: Final = "apart"


def register_of(case: Case) -> Register:
    """Everybody and every place that the case calls by a pseudonym."""
    return Register.of(_records(case))


def _records(case: Case) -> list[Registered | Withdrawn]:
    return [registered(one.value) for one in case.files.of_case().all(RECORD)]


def enter(case: Case, entry: Registered) -> Mark:
    """Keep a new entry, or a new version of one: with more spellings, say."""
    return case.files.of_case().add(RECORD, entry.to_json())


def join(case: Case, one: str, other: str) -> str:
    """Say that two pseudonyms are one person or place; gives the one that stands for both."""
    register = register_of(case)
    first, second = sorted((register.now(one), register.now(other)))
    if first == second:
        raise MalformedError("these two are one already", key="joined_already")
    stays, goes = register.entries.get(first), register.entries.get(second)
    if stays is None or goes is None or type(stays) is not type(goes):
        raise MalformedError(
            "only two people, or two places, that are in the register are one", key="not_alike"
        )
    if {first, second} & register.withdrawn:
        raise MalformedError(
            "one of the two was withdrawn", "bring it back first", key="one_withdrawn"
        )
    spellings = tuple(sorted({*stays.names, *goes.names}))
    enter(case, replace(stays, names=spellings))
    enter(case, replace(goes, same=first))
    return first


def keep_apart(case: Case, one: str, other: str, *, apart: bool = True) -> Mark:
    """Say that two that look alike are not one, or that this is open again: both stay, and it is recorded."""
    register = register_of(case)
    kinds = {type(register.entries.get(name)) for name in (one, other)}
    if one == other or len(kinds) > 1 or not kinds <= {Person, Place}:
        raise MalformedError(
            "only two people, or two places, that are in the register are kept apart"
        )
    first, second = sorted((one, other))
    return case.files.of_case().add(APART, [first, second, apart])


def apart_of(case: Case) -> frozenset[tuple[str, str]]:
    """Every pair of which somebody said last that they are not one."""
    said = dict[tuple[str, str], bool]()
    for recorded in case.files.of_case().all(APART):
        one, other, apart = shape.row(recorded.value, 3)
        pair = shape.text(one), shape.text(other)
        if not isinstance(apart, bool) or not pair[0] < pair[1]:
            raise MalformedError("two that are kept apart have another shape")
        said[pair] = apart
    return frozenset(pair for pair, apart in said.items() if apart)


def part(case: Case, name: str) -> None:
    """Say that a pseudonym which was joined to another stands for somebody else after all.

    The spellings that only the join brought go back with it. Accounts that name it follow it at once; those that
    named the other one in the meantime stay with that.
    """
    records = _records(case)
    register = Register.of(records)
    goes = register.entries.get(name)
    stays = None if goes is None else register.entries.get(goes.same)
    if goes is None or stays is None:
        raise MalformedError("this one is not joined to another", key="not_joined")
    came = _brought(records, goes, stays.name)
    if came:
        enter(case, replace(stays, names=tuple(one for one in stays.names if one not in came)))
    enter(case, replace(goes, same=""))


def _brought(records: list[Registered | Withdrawn], goes: Registered, stays: str) -> frozenset[str]:
    """The spellings that the other one did not have before it stood for this one too."""
    own = set(goes.names)
    joined = max(
        (at for at, one in enumerate(records) if one.name == goes.name), default=len(records)
    )
    for one in reversed(records[:joined]):
        if one.name == stays and not isinstance(one, Withdrawn) and not own <= set(one.names):
            return frozenset(own - set(one.names))
    return frozenset()


def withdraw(case: Case, name: str) -> None:
    """Say that an entry is not wanted: no account names it, and it stands for nobody else."""
    register = register_of(case)
    entry = register.entries.get(name)
    if entry is None or entry.same or name in register.withdrawn:
        raise MalformedError("there is nobody of this pseudonym in the register", key="nobody_here")
    if register.former(name):
        raise MalformedError(
            "it stands for another one too", "part the two first", key="stands_for_two"
        )
    if name in occurrences(case, register):
        raise MalformedError(
            "an account names it", "change the coding of that account first", key="is_named"
        )
    case.files.of_case().add(RECORD, Withdrawn(name).to_json())


def bring_back(case: Case, name: str) -> None:
    """Say that an entry which was withdrawn is wanted after all."""
    register = register_of(case)
    if name not in register.withdrawn:
        raise MalformedError("this one was not withdrawn", key="not_withdrawn")
    enter(case, register.entries[name])


def unspell(case: Case, name: str, spelling: str) -> None:
    """Take one spelling of several from an entry."""
    entry = register_of(case).entries.get(name)
    if entry is None or spelling not in entry.names or len(entry.names) < 2:
        raise MalformedError(
            "it has no such spelling, or no other",
            "withdraw it, or enter another",
            key="last_spelling",
        )
    enter(case, replace(entry, names=tuple(one for one in entry.names if one != spelling)))


def check_known(register: Register, coding: Coding) -> None:
    """Raise `MalformedError` where a coding names somebody or a place that is not in the register."""
    for act in coding.acts:
        if act.victim and register.person(act.victim) is None:
            raise MalformedError("an act names a person who is not in the register")
        if act.place and register.place(act.place) is None:
            raise MalformedError("an act names a place that is not in the register")
    for event in coding.events:
        if event.place and register.place(event.place) is None:
            raise MalformedError("an event names a place that is not in the register")
    for one in coding.involvements:
        if register.person(one.person) is None:
            raise MalformedError("an involvement names a person who is not in the register")
