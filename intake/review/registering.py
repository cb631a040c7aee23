"""The register of a case: people and places by pseudonym, kept as signed records of the case.

Two machines may each give the same person a pseudonym; whoever notices says that they are one, and one
of the two then stands for both. Nothing is ever removed but with the whole case.
"""

from dataclasses import replace
from typing import Final

from intake import shape
from intake.errors import MalformedError
from intake.review.case import Case
from intake.review.coding.account import Coding
from intake.review.coding.register import Person, Place, Register, Registered, registered
from intake.review.journal import Mark

RECORD: Final = "register"
APART: Final = "apart"


def register_of(case: Case) -> Register:
    """Everybody and every place that the case calls by a pseudonym."""
    return Register.of(registered(one.value) for one in case.files.of_case().all(RECORD))


def enter(case: Case, entry: Registered) -> Mark:
    """Keep a new entry, or a new version of one: with more spellings, say."""
    return case.files.of_case().add(RECORD, entry.to_json())


def join(case: Case, one: str, other: str) -> str:
    """Say that two pseudonyms are one person or place; gives the one that stands for both."""
    register = register_of(case)
    first, second = sorted((register.now(one), register.now(other)))
    if first == second:
        raise MalformedError("these two are one already")
    stays, goes = register.entries.get(first), register.entries.get(second)
    if stays is None or goes is None or type(stays) is not type(goes):
        raise MalformedError("only two people, or two places, that are in the register are one")
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
