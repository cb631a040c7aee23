"""Offsets count code points of the original, whatever a page draws for them and a browser counts."""

from hypothesis import given
from hypothesis import strategies as st

from intake.review.desk.reading import pieces_of
from intake.visible import unsafe
from tests.review.desk.offset_vectors import FILE, content, units, vector

TEXTS = st.text(st.sampled_from("аБ 😀\u0301\u202e\u200b\t\u27e8\U000e0041é") | st.characters())


def test_the_vectors_are_what_the_pages_draw() -> None:
    assert FILE.read_text("ascii") == content()


@given(TEXTS)
def test_every_code_point_is_drawn_in_one_place(text: str) -> None:
    row = text.replace("\n", "")
    made = vector(row)
    points = made["points"]
    assert isinstance(points, list)
    assert sorted({at for _, _, at in points}) == list(range(len(row) + 1 if row else 0))
    for piece, unit, at in points:
        drawn = list(pieces_of(row))[piece]
        before = drawn.text.encode("utf-16-le")[: unit * 2].decode("utf-16-le", "strict")
        assert units(before) == unit
        if not drawn.escape:
            assert row[at - len(before) : at] == before
        elif unit == 0:
            assert unsafe(drawn.text.removeprefix("\u25cc")) == row[at]
