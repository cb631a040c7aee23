"""People and places of a case by pseudonym: kept, joined, and known before a coding may name them."""

from dataclasses import replace

import pytest

from intake.errors import MalformedError
from intake.review import gates
from intake.review.coding.account import Act, Coding, Involvement, Quote
from intake.review.coding.register import Of, Person, Place, Scope
from intake.review.registering import enter, join, register_of
from intake.review.steps import Step
from tests.review.two_people import READ, TRIAGED
from tests.review.workroom import Room, sealed_item

QUOTE = (Quote("narrative", 0, 2),)


def test_an_entry_is_kept_and_a_newer_one_takes_its_place(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    adam = Person.new(Of.INDIVIDUAL, ["Adam"])
    with room.case(writing=True) as case:
        enter(case, adam)
        enter(case, replace(adam, names=("Adam", "Адам")))
    with room.case() as case:
        person = register_of(case).person(adam.name)
        assert person is not None
        assert person.names == ("Adam", "Адам")


def test_two_that_are_one_have_one_pseudonym_and_all_spellings(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    one, two = Person.new(Of.INDIVIDUAL, ["Adam"]), Person.new(Of.INDIVIDUAL, ["Адама"])
    site = Place.new("pl.police", Scope.SITE, ["ОВД"])
    with room.case(writing=True) as case:
        for entry in (one, two, site):
            enter(case, entry)
        stays = join(case, two.name, one.name)
        register = register_of(case)
        assert [person.name for person in register.people] == [stays]
        assert register.people[0].names == ("Adam", "Адама")
        assert register.now(one.name) == register.now(two.name) == stays == min(one.name, two.name)
        for wrong in ((one.name, two.name), (one.name, site.name), (one.name, "p-ffffff")):
            with pytest.raises(MalformedError):
                join(case, *wrong)


def test_a_coding_names_nobody_who_is_not_in_the_register(room: Room) -> None:
    (report,) = room.take(sealed_item(room.panel.roster))
    adam, site = Person.new(Of.INDIVIDUAL, ["Adam"]), Place.new("pl.police", Scope.SITE, ["ОВД"])
    act = Act(1, "act.torture", QUOTE, victim=adam.name, place=site.name)
    part = Involvement(1, adam.name, "i.did", "p.police", QUOTE)
    with room.case(writing=True) as case:
        for answers in (TRIAGED, READ):
            gates.open_item(case, report.item)
            gates.answer(case, report.item, answers)
        for coding in (
            Coding((replace(act, place=""),)),
            Coding((replace(act, victim=""),)),
            Coding((replace(act, victim="", place=""),), (part,)),
        ):
            with pytest.raises(MalformedError, match="not in the register"):
                gates.code(case, report.item, coding)
        enter(case, adam)
        enter(case, site)
        gates.code(case, report.item, Coding((act,), (part,)))
        assert case.marks(report.item, Step.CODE)
