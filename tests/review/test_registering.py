"""People and places of a case by pseudonym: kept, joined, and known before a coding may name them."""

from dataclasses import replace

import pytest

from intake.errors import MalformedError
from intake.review import gates
from intake.review.coding.account import Act, Coding, Involvement, Quote
from intake.review.coding.register import Of, Person, Place, Scope, Withdrawn, registered
from intake.review.registering import (
    bring_back,
    enter,
    join,
    part,
    register_of,
    unspell,
    withdraw,
)
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


def test_two_that_were_joined_are_parted_with_what_each_had(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    one = replace(Person.new(Of.INDIVIDUAL, ["Adam", "A."]), name="p-000001")
    two = replace(Person.new(Of.INDIVIDUAL, ["A.", "Адам"]), name="p-000002", remark="tall")
    with room.case(writing=True) as case:
        for entry in (one, two):
            enter(case, entry)
        join(case, one.name, two.name)
        both = register_of(case).entries[one.name]
        enter(case, replace(both, names=(*both.names, "Адама")))
        assert register_of(case).former(one.name) == [two.name]
        part(case, two.name)
        register = register_of(case)
        assert [(p.name, p.names) for p in register.people] == [
            (one.name, ("A.", "Adam", "Адама")),
            (two.name, ("A.", "Адам")),
        ]
        assert register.now(two.name) == two.name
        assert register.entries[two.name].remark == "tall"
        assert register.former(one.name) == []
        for wrong in (one.name, two.name, "p-ffffff"):
            with pytest.raises(MalformedError, match="not joined"):
                part(case, wrong)
        # Joined and parted again, and nothing is lost by it.
        join(case, one.name, two.name)
        part(case, two.name)
        assert register_of(case).people == register.people


def test_what_nothing_names_is_withdrawn_and_comes_back(room: Room) -> None:
    (report,) = room.take(sealed_item(room.panel.roster))
    one, two = Person.new(Of.INDIVIDUAL, ["Adam"]), Person.new(Of.UNIT, ["SOBR"])
    site = Place.new("pl.police", Scope.SITE, ["ОВД"])
    with room.case(writing=True) as case:
        for entry in (one, two, site):
            enter(case, entry)
        for answers in (TRIAGED, READ):
            gates.open_item(case, report.item)
            gates.answer(case, report.item, answers)
        act = Act(1, "act.torture", QUOTE, victim=one.name)
        gates.code(case, report.item, Coding((act,)))
        with pytest.raises(MalformedError, match="an account names it"):
            withdraw(case, one.name)
        for name in (two.name, site.name):
            withdraw(case, name)
            with pytest.raises(MalformedError):
                withdraw(case, name)
        register = register_of(case)
        assert ([p.name for p in register.people], register.places) == ([one.name], [])
        assert register.withdrawn == {two.name, site.name}
        # Whoever named it elsewhere before they knew still finds who it is.
        assert register.person(two.name) == two
        with pytest.raises(MalformedError, match="withdrawn"):
            join(case, one.name, two.name)
        bring_back(case, two.name)
        assert two in register_of(case).people
        with pytest.raises(MalformedError):
            bring_back(case, two.name)
        join(case, one.name, two.name)
        with pytest.raises(MalformedError, match="stands for another"):
            withdraw(case, min(one.name, two.name))
        # Once the account names it no more, it can go.
        gates.code(case, report.item, Coding((replace(act, victim=""),)))
        part(case, max(one.name, two.name))
        withdraw(case, one.name)
        assert [p.name for p in register_of(case).people] == [two.name]


def test_a_spelling_is_taken_back_but_not_the_last(room: Room) -> None:
    room.take(sealed_item(room.panel.roster))
    adam = Person.new(Of.INDIVIDUAL, ["Adam", "Adma"])
    with room.case(writing=True) as case:
        enter(case, adam)
        unspell(case, adam.name, "Adma")
        assert register_of(case).entries[adam.name].names == ("Adam",)
        for name, wrong in ((adam.name, "Adam"), (adam.name, "x"), ("p-ffffff", "Adam")):
            with pytest.raises(MalformedError):
                unspell(case, name, wrong)


@pytest.mark.parametrize(
    "row",
    [
        ["withdrawn"],
        ["withdrawn", ""],
        ["withdrawn", "x-000000"],
        ["withdrawn", "p-000000", ""],
        ["withdrawn", 7],
    ],
)
def test_a_withdrawal_has_one_shape(row: list[object]) -> None:
    assert registered(["withdrawn", "l-000000"]) == Withdrawn("l-000000")
    with pytest.raises(MalformedError):
        registered(row)
