"""Who may get what: the gate, over every level, relation and awareness there is."""

from dataclasses import replace
from itertools import product

import pytest

from intake.container import Consent, Kind, Level
from intake.errors import ConsentError
from intake.review.consent import CODES, Purpose, about_another, check_consent, code, is_code
from tests.review.workroom import container

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
        capped = relation not in OWN and aware != "yes" and purpose is not Purpose.STATS
        if level.value == purpose.value and not capped:
            assert check_consent(mine, purpose).level is level
        else:
            with pytest.raises(ConsentError):
                check_consent(mine, purpose)


def test_uses_are_no_ladder() -> None:
    for purpose in Purpose:
        others = tuple(level for level in Level if level.value != purpose.value)
        with pytest.raises(ConsentError, match=f"did not agree to the use {purpose}"):
            check_consent(box("r.self", "yes", others), purpose)


@pytest.mark.parametrize("kind", [Kind.DECOY, Kind.CONSENT])
@pytest.mark.parametrize("purpose", Purpose)
def test_decoys_and_changes_of_consent_never_leave(kind: Kind, purpose: Purpose) -> None:
    with pytest.raises(ConsentError, match=f"kind {kind} is never exported"):
        check_consent(box("r.self", "yes", tuple(Level), kind), purpose)
    assert check_consent(box("r.self", "yes", tuple(Level), Kind.ADDITION), purpose).agreed


def test_the_cap_says_who_can_lift_it() -> None:
    with pytest.raises(ConsentError) as caught:
        check_consent(box("r.told", "no", tuple(Level)), Purpose.PUBLISH)
    assert "lawyer" in caught.value.hint


def test_an_item_without_any_row_or_with_words_nobody_was_shown_is_refused() -> None:
    mine = box("r.self", "yes", tuple(Level))
    with pytest.raises(ConsentError):
        check_consent(replace(mine, consent=()), Purpose.PUBLISH)
    for wording in ("c_stats.1", "publish", "c_publish.0", "c_publish.1.ivan", "c_publish"):
        row = Consent(Level.PUBLISH, agreed=True, wording=wording, lang="ru")
        with pytest.raises(ConsentError, match="words that no form shows"):
            check_consent(replace(mine, consent=(row,)), Purpose.PUBLISH)


def test_only_a_known_code_is_a_code() -> None:
    assert is_code("relation", "r.told")
    assert not is_code("relation", "yes")
    assert not is_code("narrative", "r.told")
    assert code(box("r.told", "Ivan", ()), "relation") == "r.told"
    assert code(box("r.told", "Ivan", ()), "aware") is None
    assert code(box(ABSENT, ABSENT, ()), "relation") is None
    assert about_another(box("Ivan", "yes", ()))
    assert not about_another(box(ABSENT, "yes", ()))
