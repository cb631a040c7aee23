"""Who may get what: the gate, over every level, relation and awareness there is."""

from dataclasses import replace
from itertools import product

import pytest

from intake.caps import about_another
from intake.container import Consent, Kind, Level
from intake.errors import ConsentError
from intake.review.consent import CODES, Purpose, check_consent, check_fields, code, is_code
from tests.review.workroom import alone, container

ABSENT = "(not answered)"
RELATIONS = [*sorted(CODES["relation"]), ABSENT, "r.unknown", "r.self ", "Ivan"]
AWARE = [*sorted(CODES["aware"]), ABSENT, "YES", "maybe"]
OWN = {"r.self", "r.na", ABSENT}


def box(relation: str, aware: str, agreed: tuple[Level, ...], kind: Kind = Kind.TESTIMONY):
    answers = {"relation": relation, "aware": aware, "narrative": "text"}
    fields = [(path, text) for path, text in answers.items() if text != ABSENT]
    return container(*fields, agreed=agreed, kind=kind)


@pytest.mark.parametrize(("relation", "aware"), list(product(RELATIONS, AWARE)))
def test_each_use_needs_its_own_yes_and_a_third_persons_story_is_only_counted(
    relation: str, aware: str
) -> None:
    for purpose, level in product(Purpose, Level):
        mine = box(relation, aware, (level,))
        # Not said whose story it is, but that somebody does not know of it: somebody else's.
        anothers = relation not in OWN or (relation != "r.self" and aware in {"no", "cannot"})
        capped = anothers and aware != "yes" and purpose is not Purpose.STATS
        if level.value == purpose.value and not capped:
            assert check_consent(mine, purpose, alone(mine)).level is level
        else:
            with pytest.raises(ConsentError):
                check_consent(mine, purpose, alone(mine))


def test_uses_are_no_ladder() -> None:
    for purpose in Purpose:
        others = tuple(level for level in Level if level.value != purpose.value)
        mine = box("r.self", "yes", others)
        with pytest.raises(ConsentError, match=f"did not agree to the use {purpose}"):
            check_consent(mine, purpose, alone(mine))


@pytest.mark.parametrize("purpose", Purpose)
def test_decoys_and_changes_of_consent_never_leave(purpose: Purpose) -> None:
    change = container(kind=Kind.CONSENT)
    for mine in (change, container(kind=Kind.DECOY)):
        with pytest.raises(ConsentError, match=f"kind {mine.kind} is never redacted or exported"):
            check_consent(mine, purpose, alone(mine))


def test_the_cap_says_who_can_lift_it() -> None:
    mine = box("r.told", "no", tuple(Level))
    with pytest.raises(ConsentError) as caught:
        check_consent(mine, Purpose.PUBLISH, alone(mine))
    assert "lawyer" in caught.value.hint


def test_an_item_without_any_row_or_with_words_nobody_was_shown_is_refused() -> None:
    mine = box("r.self", "yes", tuple(Level))
    with pytest.raises(ConsentError):
        check_consent(mine, Purpose.PUBLISH, alone(replace(mine, consent=())))
    for wording in ("c_stats.1", "publish", "c_publish.0", "c_publish.1.ivan", "c_publish"):
        row = Consent(Level.PUBLISH, agreed=True, wording=wording, lang="ru")
        with pytest.raises(ConsentError, match="words that no form shows"):
            check_consent(mine, Purpose.PUBLISH, alone(replace(mine, consent=(row,))))


def test_only_a_known_code_is_a_code() -> None:
    assert is_code("relation", "r.told")
    assert not is_code("relation", "yes")
    assert not is_code("narrative", "r.told")
    assert is_code("episode.2.ep_methods", "m.hands m.bag")
    assert is_code("told_before", "t.court")
    for text in ("m.hands Ivan", "m.hands  m.bag", "", "t.court"):
        assert not is_code("episode.2.ep_methods", text)
    assert not is_code("episode.2.ep_done", "m.hands")
    assert code(box("r.told", "Ivan", ()), "relation") == "r.told"
    assert code(box("r.told", "Ivan", ()), "aware") is None
    assert code(box(ABSENT, ABSENT, ()), "relation") is None
    assert about_another(box("Ivan", "yes", ()).answers)
    assert not about_another(box(ABSENT, "yes", ()).answers)


AGES = ["a.under18", "a.18", "a.25", "a.35", "a.na", "", "17"]


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("purpose", Purpose)
def test_nothing_of_a_child_is_published(age: str, purpose: Purpose) -> None:
    """Nor of somebody whose age is an answer that no form gives; other uses are as agreed."""
    fields = (("narrative", "text"), ("age_band", age)) if age else (("narrative", "text"),)
    mine = container(*fields)
    if purpose is Purpose.PUBLISH and age in ("a.under18", "17"):
        with pytest.raises(ConsentError, match="under 18"):
            check_consent(mine, purpose, alone(mine))
    else:
        assert check_consent(mine, purpose, alone(mine)).level is purpose.level


@pytest.mark.parametrize("path", ["area_now", "told_before"])
@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.STATS])
def test_where_a_person_is_now_and_whom_they_told_stays_inside(path: str, purpose: Purpose) -> None:
    mine = container(("narrative", "text"), (path, "l.same"))
    with pytest.raises(ConsentError, match="team alone") as caught:
        check_fields(mine, purpose, ["narrative", path])
    assert f"--withhold {path}" in caught.value.hint
    check_fields(mine, purpose, ["narrative"])
    check_fields(mine, Purpose.STATS, ["narrative", path])


@pytest.mark.parametrize("place", ["where_text", "episode.2.ep_place_type", "missing_where"])
def test_an_age_never_stands_beside_a_place(place: str) -> None:
    mine = container(("age_band", "a.18"), (place, "x"), ("missing_agree", "c_missing.1"))
    with pytest.raises(ConsentError, match="beside a place"):
        check_fields(mine, Purpose.INVESTIGATORS, ["age_band", place])
    check_fields(mine, Purpose.INVESTIGATORS, ["age_band", "episode.2.ep_done"])
    check_fields(mine, Purpose.INVESTIGATORS, [place])


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("agreed", ["c_missing.1", "c_missing.2", ""])
def test_the_page_about_a_missing_person_needs_its_own_yes(purpose: Purpose, agreed: str) -> None:
    mine = container(("missing_name", "x"), ("missing_agree", agreed))
    if purpose is Purpose.STATS or (purpose, agreed) == (Purpose.INVESTIGATORS, "c_missing.1"):
        check_fields(mine, purpose, ["missing_name"])
    else:
        with pytest.raises(ConsentError, match="missing_name was not agreed to"):
            check_fields(mine, purpose, ["missing_name"])
