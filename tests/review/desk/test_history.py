"""Whatever was changed can be taken back to the beginning, and done again to the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.errors import MalformedError
from intake.review.desk.history import STEPS_MOST, History

STATES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3) | st.lists(st.booleans()))


@given(STATES, st.lists(STATES, max_size=8))
def test_all_the_way_back_and_forth(
    first: dict[str, object], states: list[dict[str, object]]
) -> None:
    history = History((3, "r1"), first)
    passed = [dict(first)]
    for state in states:
        history = history.changed(state)
        if state != passed[-1]:
            passed.append(state)
        assert history.undone == ()
    for expected in reversed(passed):
        assert history.state == expected
        assert History.from_json(canonical.decode(canonical.encode(history.to_json()))) == history
        history = history.undo()
    assert history.done == ()
    for expected in passed:
        assert history.state == expected
        history = history.redo()
    assert history.undone == ()
    assert history.base == (3, "r1")


def test_a_new_change_takes_the_place_of_what_was_taken_back() -> None:
    history = History().changed({"a": 1}).changed({"a": 2}).undo().changed({"b": 1})
    assert history.redo() == history
    assert history.undo().state == {"a": 1}


def test_the_oldest_changes_hold_where_there_are_too_many() -> None:
    history = History()
    for number in range(STEPS_MOST + 5):
        history = history.changed({"a": number})
    assert len(history.done) == STEPS_MOST
    assert History.from_json(history.to_json()) == history


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"base": [0], "state": {}, "done": [], "undone": []},
        {"base": [0, ""], "state": [], "done": [], "undone": []},
        {"base": [0, ""], "state": {}, "done": [{"a": [1]}], "undone": []},
        {"base": [0, ""], "state": {}, "done": [], "undone": [], "more": 1},
    ],
)
def test_another_shape_is_no_draft(value: object) -> None:
    with pytest.raises(MalformedError):
        History.from_json(value)
