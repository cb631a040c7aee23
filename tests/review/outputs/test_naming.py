"""Who and what is called by name in an output, and who never is."""

from dataclasses import replace

import pytest

from intake.container import Consent, Level
from intake.review.coding.account import Act, Involvement
from intake.review.coding.register import Place, Register, Scope
from intake.review.consent import Purpose
from intake.review.outputs.building import build
from intake.review.outputs.document import joined
from intake.review.outputs.material import Grade, Material, Output
from intake.review.outputs.naming import Names, consent
from intake.review.outputs.report import report
from tests.review.outputs.materials import (
    BROTHER,
    FORCED,
    HOME,
    LABELS,
    OFFICER,
    PRISON,
    QUOTE,
    REGISTER,
    WEEK,
    material,
    month,
    piece,
    pieces,
)

NAME = OFFICER.names[0]
CLEARED = {"lawyer": True, "reply": True}


def public(**changes: object) -> str:
    return report(replace(material(), **changes)).text()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, False),
        ({"lawyer": True}, False),
        ({"reply": True}, False),
        (CLEARED, True),
    ],
    ids=range(4),
)
def test_in_public_an_official_has_a_name_only_with_a_lawyer_and_a_reply(
    changes: dict[str, object], named: bool
) -> None:
    assert (NAME in public(**changes)) == named


@pytest.mark.parametrize(
    ("grade", "named"), [("g.a", True), ("g.b", True), ("g.c", False), ("g.f", False)]
)
def test_and_only_for_an_act_of_level_a_or_b(grade: str, named: bool) -> None:
    told = tuple(replace(one, grades=(Grade(1, grade),)) for one in pieces(8))
    assert (NAME in public(pieces=told, findings=(), **CLEARED)) == named


def test_a_relative_and_who_was_made_to_take_part_have_no_name_anywhere() -> None:
    act = Act(4, "act.coerced_naming", QUOTE, victim=FORCED.name)
    told: list[object] = []
    for one in pieces(8):
        coding = one.coding
        parts = (*coding.involvements, Involvement(1, FORCED.name, "i.helped", "p.police", QUOTE))
        told.append(
            replace(one, coding=replace(coding, acts=(*coding.acts, act), involvements=parts))
        )
    for purpose in (Purpose.PUBLISH, Purpose.COURTS):
        made = replace(material(purpose), pieces=tuple(told), findings=(), **CLEARED)  # type: ignore[arg-type]
        names = Names.of(made)
        shown = [
            joined(names.person(one, Grade(1, "g.a"))) for one in made.pieces[0].coding.involvements
        ]
        officer = f"{LABELS[OFFICER.name]} {NAME}"
        assert shown == [officer, officer, LABELS[BROTHER.name], LABELS[FORCED.name]]
        assert joined(names.victim(act)) == LABELS[FORCED.name], "one label a person"


def test_two_pseudonyms_of_one_person_are_one_in_an_output() -> None:
    other = replace(OFFICER, name="p-0000ff", same=OFFICER.name)
    register = Register.of([*REGISTER.entries.values(), other])
    coding = piece(0).coding
    parts = (*coding.involvements, Involvement(2, "p-0000ff", "i.did", "p.police", QUOTE))
    made = replace(
        material(Purpose.COURTS),
        register=register,
        findings=(),
        pieces=(piece(0, coding=replace(coding, involvements=parts)),),
    )
    assert Names.of(made).number(parts[-1]) == LABELS[OFFICER.name]


def told_of(count: int) -> Material:
    """That many accounts of one place, and others of another."""
    away = Place("l-0000ff", "pl.police", Scope.SITE, ("Elsewhere ROVD",), "grozny")
    register = Register.of([*REGISTER.entries.values(), away])
    told = []
    for i, one in enumerate(pieces(8)):
        acts = tuple(
            replace(act, place=away.name) if act.place == PRISON.name and i >= count else act
            for act in one.coding.acts
        )
        told.append(replace(one, coding=replace(one.coding, acts=acts)))
    return replace(material(), pieces=tuple(told), register=register, findings=())


@pytest.mark.parametrize(
    ("count", "sites", "named"), [(3, True, True), (2, True, False), (8, False, False)]
)
def test_in_public_a_site_is_named_where_three_tell_of_it_and_none_depends_on_it(
    count: int, sites: bool, named: bool
) -> None:
    made = replace(told_of(count), sites=frozenset({PRISON.name} if sites else ()))
    act = made.pieces[0].coding.acts[0]
    assert Names.of(made).site(act) == (PRISON.names[0] if named else "")


def test_what_was_sent_later_under_a_code_is_no_further_account_of_a_site() -> None:
    made = replace(told_of(3), sites=frozenset({PRISON.name}))
    later = (replace(made.pieces[0], addition=True), *made.pieces[1:])
    act = made.pieces[1].coding.acts[0]
    assert Names.of(replace(made, pieces=later)).site(act) == ""


def test_a_home_has_no_name_ever_and_no_district_in_public() -> None:
    act = piece(0).coding.acts[2]
    assert act.place == HOME.name
    for purpose, shown in (
        (Purpose.PUBLISH, f"{LABELS[HOME.name]} Own home"),
        (Purpose.COURTS, f"{LABELS[HOME.name]} Own home, Sharoysky"),
    ):
        made = replace(material(purpose), sites=frozenset({HOME.name}))
        assert joined(Names.of(made).place(act)) == shown


def test_dates_are_months_in_public_and_days_for_others() -> None:
    acts = piece(0).coding.acts
    public_names, court = Names.of(material()), Names.of(material(Purpose.COURTS))
    assert joined(public_names.when(acts[1].when)) == "2017-03"
    assert joined(court.when(acts[1].when)) == "2017-03-04 – 2017-03-06 (About)"
    assert joined(court.when(acts[2].when)) == "Not known"
    longer = replace(month(2017, 3), end=month(2018, 2).end, precision="d.about")
    assert joined(public_names.when(longer)) == "2017–2018"


@pytest.mark.parametrize("output", [Output.COURT, Output.EVENTS, Output.REPORT, Output.UWAZI])
def test_no_pseudonym_of_the_case_leaves_in_any_form(output: Output) -> None:
    from tests.review.outputs.test_packages import HELD

    purpose = Purpose.PUBLISH if output in {Output.REPORT, Output.UWAZI} else Purpose.COURTS
    held = HELD if output is Output.COURT else None
    for one in build(output, material(purpose), held):
        text = one.content + (one.document.text().encode() if one.document else b"")
        for name in REGISTER.entries:
            assert name.encode() not in text
    assert str(WEEK) == "2026-W47"


def test_a_tag_with_more_than_a_language_in_it_is_no_language() -> None:
    """The sealer wrote it: it could carry a name, and stands in no output."""
    row = Consent(Level.COURTS, True, "c_courts.1", "ru-Akhmatov")
    said = "".join(consent(piece(0, consents=(row,)), Level.COURTS, "en"))
    assert "(c_courts.1, und)" in said
