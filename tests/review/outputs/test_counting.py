"""What a table counts, and what of it is shown outside."""

from dataclasses import replace

from intake.container import Level
from intake.review.coding.account import UNKNOWN as NO_DATE
from intake.review.coding.account import Act, Coding, Involvement
from intake.review.consent import Purpose
from intake.review.outputs.counting import Name, tables
from intake.review.outputs.material import Piece
from tests.review.outputs.materials import (
    CODES,
    HOME,
    OFFICER,
    PRISON,
    QUOTE,
    REGISTER,
    consents,
    material,
    month,
    piece,
    pieces,
)


def acts(number: int, *several: Act) -> Piece:
    return replace(piece(number), coding=Coding(several, (), "r.self"), grades=())


def test_only_accounts_that_may_be_counted_are_and_an_addition_is_none() -> None:
    made = material(Purpose.STATS)
    changed = list(made.pieces)
    changed[0] = replace(changed[0], addition=True)
    changed[1] = replace(changed[1], consents=consents(Level.PUBLISH))
    assert len(replace(made, pieces=tuple(changed)).counted) == len(made.pieces) - 2


def test_an_account_counts_once_for_an_act_in_the_earliest_month_it_names() -> None:
    told = acts(
        0,
        Act(1, "act.torture", QUOTE, when=month(2017, 5)),
        Act(2, "act.torture", QUOTE, when=month(2017, 3)),
        Act(3, "act.torture", QUOTE, when=NO_DATE),
        Act(4, "act.outing", QUOTE, when=NO_DATE),
    )
    made = tables([told], REGISTER, inside=True)
    cells = {pair: n for pair, n in made[Name.MONTH_ACT].cells.items() if n}
    assert cells == {("act.torture", "2017-03"): 1, ("act.outing", ""): 1}
    assert made[Name.MONTH_ACT].row_totals == made[Name.RELATION_ACT].row_totals


def test_place_and_side_are_of_the_same_act_and_no_home_has_a_district() -> None:
    coding = Coding(
        (
            Act(1, "act.torture", QUOTE, place=PRISON.name),
            Act(2, "act.threat_death", QUOTE, place=HOME.name),
        ),
        (Involvement(2, OFFICER.name, "i.did", "p.family", QUOTE),),
    )
    at_home = replace(piece(1), coding=Coding(coding.acts[1:], (), "r.self"), grades=())
    made = tables([replace(piece(0), coding=coding, grades=()), at_home], REGISTER, inside=True)
    pairs = {pair: n for pair, n in made[Name.PLACE_AFFILIATION].cells.items() if n}
    assert pairs == {
        ("pl.home", "p.family"): 1,
        ("pl.home", "p.unknown"): 1,
        ("pl.police", "p.unknown"): 1,
    }
    assert made[Name.DISTRICT].cells == {("argun", ""): 1, ("", ""): 1}
    (act,) = at_home.coding.acts
    in_the_yard = Coding((replace(act, place_type="pl.street"),), (), "r.self")
    made = tables([replace(at_home, coding=in_the_yard)], REGISTER, inside=True)
    assert made[Name.DISTRICT].cells == {("", ""): 1}, "what the register calls a home is one"


def test_outside_no_number_under_five_shows_and_a_line_of_none_is_not_there() -> None:
    rare = Act(1, "act.forced_marriage", QUOTE, when=month(2018, 1))
    everybody = [*pieces(9), acts(9, rare)]
    made = tables(everybody, REGISTER, inside=False)
    for table in made.values():
        numbers = (*table.cells.values(), *table.row_totals.values(), *table.column_totals.values())
        assert all(value is None or value >= 5 for value in numbers)
        assert table.suppressed == sum(value is None for value in numbers)
        assert table.n == 10
    assert "act.forced_marriage" not in made[Name.MONTH_ACT].rows
    assert "2018-01" not in made[Name.MONTH_ACT].columns
    inside = tables(everybody, REGISTER, inside=True)
    assert inside[Name.MONTH_ACT].cells["act.forced_marriage", "2018-01"] == 1
    # The total of an act is one number: it is hidden in both tables or in none.
    for act in set(made[Name.RELATION_ACT].rows) & set(made[Name.MONTH_ACT].rows):
        assert made[Name.RELATION_ACT].row_totals[act] == made[Name.MONTH_ACT].row_totals[act]


def test_the_tables_do_not_depend_on_the_order_of_accounts() -> None:
    told = pieces(12)
    assert tables(told, REGISTER, inside=False) == tables(told[::-1], REGISTER, inside=False)
    assert len(CODES) == 120
