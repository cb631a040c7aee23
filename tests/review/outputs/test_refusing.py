"""Each line of "Refused if": the output can be made, and cannot with just that one thing changed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from intake.container import Level
from intake.epoch import Epoch
from intake.errors import ConsentError, IntakeError, MalformedError
from intake.review.coding.account import Act, Coding
from intake.review.consent import Purpose
from intake.review.outputs.material import Extract, Government, Material, Output
from intake.review.outputs.refusing import check_allowed
from tests.review.outputs.materials import QUOTE, consents, material, pieces, told_the_state

PURPOSES = {
    Output.REPORT: Purpose.PUBLISH,
    Output.PRESS: Purpose.PUBLISH,
    Output.PROCEDURES: Purpose.INVESTIGATORS,
    Output.DISAPPEARANCES: Purpose.INVESTIGATORS,
    Output.DETENTION: Purpose.INVESTIGATORS,
    Output.TORTURE: Purpose.INVESTIGATORS,
    Output.COURT: Purpose.COURTS,
    Output.UWAZI: Purpose.PUBLISH,
    Output.EVENTS: Purpose.COURTS,
    Output.STATISTICS: Purpose.STATS,
}


def allowed(output: Output) -> Material:
    made = material(PURPOSES[output])
    return told_the_state(made, output) if output in {Output.DETENTION, Output.TORTURE} else made


Change = Callable[[Material], Material]


def without(*levels: Level) -> Change:
    kept = consents(*(level for level in Level if level not in levels and level != "government"))
    return lambda made: replace(
        made,
        findings=(),
        pieces=(replace(made.pieces[0], consents=kept), *made.pieces[1:]),
    )


def every(**changes: object) -> Change:
    return lambda made: replace(
        made,
        findings=(),
        pieces=tuple(replace(one, **changes) for one in made.pieces),  # type: ignore[arg-type]
    )


def whole(**changes: object) -> Change:
    return lambda made: replace(made, **changes)  # type: ignore[arg-type]


def investigating(**changes: object) -> Change:
    return lambda made: every(**changes)(
        replace(made, purpose=Purpose.INVESTIGATORS, recipient="to.archive")
    )


AGED = (("age_band", "a.18"), ("narrative", "word " * 20))
LONG = Extract("narrative", 0, 5, "word " * 151)
OWN = Extract("narrative", 0, 5)
FEW = every()(material(count=4)).pieces
OTHER_BODY = Government(Output.TORTURE, Epoch(2026, 45), ("r1", "r2"))


@pytest.mark.parametrize("output", Output)
def test_each_output_can_be_made(output: Output) -> None:
    check_allowed(output, allowed(output))


@pytest.mark.parametrize(
    ("output", "change", "why"),
    [
        (Output.REPORT, without(Level.PUBLISH, Level.STATS), "did not agree to the use publish"),
        (Output.REPORT, every(consents=consents(Level.STATS)), "nobody here agreed"),
        (Output.REPORT, whole(pieces=FEW, findings=()), "fewer than 5"),
        (Output.REPORT, every(addition=True), "fewer than 5"),
        (Output.REPORT, every(consents=consents(Level.PUBLISH)), "fewer than 5"),
        (Output.REPORT, every(extracts=()), "no extract"),
        (Output.REPORT, every(extracts=(OWN,)), "person's own words"),
        (Output.PRESS, without(Level.PUBLISH), "did not agree"),
        (Output.PRESS, whole(jigsaw=False), "nobody has signed"),
        (Output.PRESS, every(extracts=(LONG,)), "over 150 words"),
        (Output.PRESS, every(extracts=(OWN,)), "person's own words"),
        (Output.PRESS, whole(recipient="to.prosecutor"), "kind of recipient"),
        (Output.PROCEDURES, without(Level.INVESTIGATORS), "did not agree to the use investigators"),
        (Output.PROCEDURES, whole(agreement=" "), "has not signed"),
        (Output.PROCEDURES, whole(to_state=True), "did not agree that a government"),
        (Output.DISAPPEARANCES, without(Level.INVESTIGATORS), "did not agree"),
        (Output.DISAPPEARANCES, whole(to_state=True), "did not agree that a government"),
        (Output.DETENTION, every(government=None), "did not agree that a government"),
        (Output.DETENTION, every(government=OTHER_BODY), "did not agree that a government"),
        (Output.DETENTION, without(Level.INVESTIGATORS), "did not agree"),
        (Output.TORTURE, every(government=None), "did not agree that a government"),
        (Output.TORTURE, whole(recipient="to.ngo"), "kind of recipient"),
        (Output.COURT, without(Level.COURTS), "did not agree to the use courts"),
        (Output.COURT, whole(purpose=Purpose.PUBLISH), "not for the use publish"),
        (Output.COURT, whole(recipient="to.press"), "kind of recipient"),
        (Output.UWAZI, without(Level.PUBLISH), "did not agree"),
        (Output.UWAZI, whole(purpose=Purpose.COURTS), "not for the use courts"),
        (Output.COURT, every(fields=AGED), "an age stands beside"),
        (Output.UWAZI, investigating(fields=AGED), "an age stands beside"),
        (Output.EVENTS, without(Level.COURTS), "did not agree"),
        (Output.EVENTS, whole(purpose=Purpose.PUBLISH), "not for the use publish"),
        (Output.EVENTS, whole(recipient="to.press"), "kind of recipient"),
        (Output.STATISTICS, without(Level.STATS), "did not agree to the use stats"),
        (Output.STATISTICS, whole(pieces=FEW, findings=()), "fewer than 5"),
    ],
    ids=range(34),
)
def test_one_thing_missing_is_refused_and_said(output: Output, change: Change, why: str) -> None:
    with pytest.raises(IntakeError, match=why) as caught:
        check_allowed(output, change(allowed(output)))
    assert isinstance(caught.value, ConsentError | MalformedError)


def test_in_a_report_who_may_only_be_counted_is_counted_and_names_no_finding() -> None:
    made = allowed(Output.REPORT)
    check_allowed(Output.REPORT, replace(without(Level.PUBLISH)(made), findings=()))
    with pytest.raises(ConsentError, match="to be counted, and no more"):
        check_allowed(Output.REPORT, replace(without(Level.PUBLISH)(made), findings=made.findings))


def test_own_words_need_the_second_yes() -> None:
    made = every(extracts=(OWN,))(allowed(Output.PRESS))
    check_allowed(Output.PRESS, replace(made, verbatim=True))


def test_exactly_as_many_words_as_a_press_pack_takes() -> None:
    made = every(extracts=(replace(LONG, rewritten="word " * 150),))(allowed(Output.PRESS))
    check_allowed(Output.PRESS, made)


def test_an_age_may_stand_where_no_place_is_coded() -> None:
    acts = (Act(1, "act.torture", QUOTE),)
    made = every(fields=AGED, coding=Coding(acts), grades=())(allowed(Output.COURT))
    check_allowed(Output.COURT, made)


def test_five_accounts_are_enough() -> None:
    check_allowed(Output.STATISTICS, replace(allowed(Output.STATISTICS), pieces=pieces(5)))
