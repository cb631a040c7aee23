"""A row says what the listing says, and a page shows what is wanted and all of it."""

import pytest

from intake.errors import MalformedError
from intake.review import listing
from intake.review.desk.table import PAGE, Choices, Page, Row, View
from tests.review.desk.conftest import Made, Window

CELLS = ("0a", "2026-W48", "testimony", "server", "ru", "120", "SP", "new", "")


def row(**cells: str) -> Row:
    named = dict(zip(map(str.lower, listing.HEAD), CELLS, strict=True))
    return Row.of(tuple((named | cells).values()))


def test_a_row_is_read_from_the_listings_cells() -> None:
    assert row() == Row(
        "0a", "2026-W48", "testimony", "", "server", "ru", 120, "SP", "new", 0, True, ""
    )
    assert row(kind="addition to 0b").belongs == "0b"
    assert row(kind="consent to nothing here").belongs == ""
    assert row(kind="consent to nothing here").kind == "consent"
    assert (row(state="exported 12").state, row(state="exported 12").count) == ("exported", 12)
    waiting = row(state="redacted 2, not yet logged")
    assert (waiting.state, waiting.count, waiting.logged) == ("redacted", 2, False)
    unknown = row(kind="-", mode="-", lang="-", length="-", consent="-", state="damaged")
    assert (unknown.kind, unknown.length, unknown.agreed) == ("", 0, "")


def test_every_row_of_a_real_case_is_read(window: Window, made: Made) -> None:
    sitting = window.desk.sitting
    assert sitting is not None
    shown = {row.item: (row.state, row.logged) for row in sitting.corpus.rows}
    assert shown == {
        made.items["story"]: ("new", True),
        made.items["poison"]: ("new", True),
        made.items["refused"]: ("sealed", True),
        made.items["waiting"]: ("new", False),
    }
    assert [row.item for row in sitting.corpus.rows] == sorted(made.items.values())


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (View(), [0, 1, 2]),
        (View(state="new"), [0, 2]),
        (View(state="waiting"), [2]),
        (View(state="exported"), [1]),
        (View(lang="en"), [1]),
        (View(week="2026-W48"), [0, 2]),
        (View(use="C"), [1]),
        (View(use="P", lang="ru"), [0, 2]),
        (View(words="x"), [1, 2]),
        (View(words="x", lang="ru"), [2]),
        (View(lang="ce"), []),
    ],
)
def test_a_view_shows_what_fits_all_of_it(view: View, shown: list[int]) -> None:
    rows = [
        row(),
        row(state="exported 1", lang="en", epoch="2026-W47", consent="C"),
        row(state="new, not yet logged"),
    ]
    page = Page.of(rows, view, 1, lambda words: {1, 2} if words == "x" else set())
    assert list(page.rows) == [rows[at] for at in shown]
    assert page.wanted == len(shown)


def test_pages_together_show_every_row_once() -> None:
    rows = [row(item=f"{n:04x}") for n in range(2 * PAGE + 1)]
    pages = [Page.of(rows, View(), n, lambda _: set()) for n in (1, 2, 3)]
    assert [one for page in pages for one in page.rows] == rows
    assert {page.last for page in pages} == {3}
    for number in (0, 4):
        with pytest.raises(MalformedError, match="no such page"):
            Page.of(rows, View(), number, lambda _: set())


def test_there_is_a_page_where_there_is_nothing() -> None:
    assert Page.of([], View(), 1, lambda _: set()) == Page((), 1, 1, 0)


def test_choices_are_what_rows_hold() -> None:
    rows = [row(), row(state="sealed", lang="-", consent="C", epoch="2026-W50"), row(consent="-")]
    assert Choices.of(rows) == Choices(
        ("new", "sealed"), ("ru",), ("2026-W50", "2026-W48"), ("S", "P", "C")
    )
    assert "waiting" in Choices.of([row(state="new, not yet logged")]).states
