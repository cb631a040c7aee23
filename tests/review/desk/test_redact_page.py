"""Redacting on the desk: what is marked, proposed, undone and saved, and what is refused."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.review import gates
from intake.review.case import Case
from intake.review.desk.marking import Marked, Part, redaction_rows, taken_out, texts_of
from intake.review.redacting import TOKENS, Redaction, Span
from intake.visible import unsafe
from tests.review.desk.conftest import Made, Window
from tests.review.desk.working import LONG, opened, own, read_through, working
from tests.review.poison import POISON
from tests.review.workroom import container

__all__ = ["own", "read_through", "working"]

NAME = f"narrative:0:{len('Заур Мусхабов')}"


def here(own: Made, name: str = "story") -> str:
    return f"/item/{own.items[name]}/redact"


def case_of(window: Window) -> Case:
    assert window.desk.sitting is not None
    return window.desk.sitting.case


def saved(window: Window, own: Made) -> Redaction | None:
    return case_of(window).read(own.items["story"])[1]


def seen(page: str) -> list[str]:
    """What a recipient will see, paragraph by paragraph."""
    found = re.findall(r'<p class="seen">(.*?)</p>', page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", one).strip() for one in found]


def marks(page: str) -> list[str]:
    taken = page.partition('id="taken"')[2]
    return re.findall(r'name="place" value="([^"]*)"', taken)


def test_what_is_marked_is_a_token_on_the_other_side_and_saved_as_the_next_version(
    working: Window, own: Made
) -> None:
    assert working.post(f"{here(own)}/mark", lines=NAME, reason="person") == 303
    page = working.get(here(own))
    assert seen(page)[0] == "[person] из Ачхой-Мартана."
    assert "Save as version 1" in page
    assert saved(working, own) is None
    status, _, headers = working.ask("POST", f"{here(own)}/save", {})
    assert status == 303
    page = working.get(headers["Location"])
    assert "Saved as version 1." in page
    assert 'href="#checklist">Next' in page
    made = saved(working, own)
    assert made is not None
    assert (made.version, made.by, made.withheld) == (1, "r1", ())
    assert [str(span) for span in made.spans] == [f"{NAME}=person"]
    # The next draft begins from it.
    assert marks(working.get(here(own))) == [NAME]
    assert working.post(f"{here(own)}/put-back", place=NAME) == 303
    assert working.post(f"{here(own)}/save") == 303
    again = saved(working, own)
    assert again is not None
    assert (again.version, again.spans) == (2, ())


def test_every_change_can_be_undone_and_done_again(working: Window, own: Made) -> None:
    states: list[list[str]] = [marks(working.get(here(own)))]
    for path, form in (
        ("mark", {"lines": NAME, "reason": "person"}),
        ("mark", {"lines": "narrative:17:30=place\nnarrative:33:36=event"}),
        ("put-back", {"place": NAME}),
    ):
        assert working.post(f"{here(own)}/{path}", **form) == 303
        states.append(marks(working.get(here(own))))
    assert [len(state) for state in states] == [0, 1, 3, 2]
    for expected in states[-2::-1]:
        assert working.post(f"{here(own)}/move", how="undo") == 303
        assert marks(working.get(here(own))) == expected
    assert working.post(f"{here(own)}/move", how="undo") == 303
    for expected in states[1:]:
        assert working.post(f"{here(own)}/move", how="redo") == 303
        assert marks(working.get(here(own))) == expected
    assert working.post(f"{here(own)}/move", how="sideways") == 409


def test_a_draft_outlives_the_desk_and_is_no_version(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/mark", lines=NAME, reason="person") == 303
    working.desk.lock()
    again = opened(own)
    assert again.post(f"/item/{own.items['story']}/open") == 303
    page = again.get(here(own))
    assert marks(page) == [NAME]
    assert saved(again, own) is None
    assert again.post(f"{here(own)}/move", how="undo") == 303
    assert marks(again.get(here(own))) == []
    assert again.post(f"{here(own)}/drop") == 303
    again.desk.lock()


def test_marks_that_meet_become_one_and_nothing_comes_back(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/mark", lines="narrative:0:4", reason="person") == 303
    assert working.post(f"{here(own)}/mark", lines="narrative:2:13", reason="family") == 303
    assert marks(working.get(here(own))) == ["narrative:0:13"]
    assert "[family] из" in seen(working.get(here(own)))[0]


@pytest.mark.parametrize(
    "lines",
    [
        "narrative:0:4=person\nnarrative:3:9=person",
        "narrative:0:99999=person",
        "nothing:0:4=person",
        "narrative:4:4=person",
        "narrative:0:4",
        "narrative:0:4=nobody",
        "narrative:-1:4=person",
        "x",
    ],
)
def test_a_place_that_is_none_is_refused_and_nothing_is_changed(
    working: Window, own: Made, lines: str
) -> None:
    assert working.post(f"{here(own)}/mark", lines=lines) == 409
    assert marks(working.get(here(own))) == []


def offered(page: str) -> dict[str, str]:
    """What is proposed, ticked: the words and the reason."""
    found = re.findall(r'name="lines" value="narrative:(\d+):(\d+)=(\w+)" checked', page)
    return {LONG[int(start) : int(end)]: reason for start, end, reason in found}


def spot(words: str) -> str:
    at = LONG.index(words)
    return f"narrative:{at}:{at + len(words)}"


def test_what_gives_away_is_proposed_with_what_found_it_and_only_what_is_ticked_goes(
    working: Window, own: Made
) -> None:
    long = here(own, "long")
    page = working.get(f"{long}?propose=find")
    found = offered(page)
    assert found["12 марта 2017 года"] == "date"
    assert found["+7 928 123-45-67"] == "contact"
    assert found["Ахмед Мусхабов"] == "person"
    assert {"МУСХАБОВА", "Иса", "Ахмеду"} <= set(found)
    assert re.search(r'<small class="why">[^<]+</small>', page)
    assert marks(page) == []
    assert working.post(f"{long}/mark", lines=f"{spot('12 марта 2017 года')}=date") == 303
    assert marks(working.get(long)) == [spot("12 марта 2017 года")]
    assert "12 марта 2017 года" not in offered(working.get(f"{long}?propose=find"))
    assert working.post(f"{long}/move", how="undo") == 303
    assert marks(working.get(long)) == []


def test_of_a_find_that_is_out_in_part_only_the_rest_is_proposed(
    working: Window, own: Made
) -> None:
    long = here(own, "long")
    assert working.post(f"{long}/mark", lines=f"{spot('Мусхабов')}=person") == 303
    found = offered(working.get(f"{long}?propose=find"))
    assert "Ахмед" in {words.strip() for words in found}
    assert not any("Мусхабов," in words or words == "Мусхабов" for words in found)
    assert working.post(f"{long}/move", how="undo") == 303


def test_the_same_words_elsewhere_are_listed_and_proposed_in_every_form(
    working: Window, own: Made
) -> None:
    long = here(own, "long")
    assert "Nothing that you took out stands anywhere else." in working.get(long)
    assert working.post(f"{long}/mark", lines=spot("Ахмед Мусхабов"), reason="person") == 303
    page = working.get(f"{long}?propose=everywhere")
    others = {"МУСХАБОВА": "person", "Ахмеду": "person", "Axmed": "person"}
    assert offered(page) == others
    assert "Still to be read there: 3" in page
    standing = re.findall(r'name="lines" value="(narrative:[^"]*)"', page.partition("standing")[2])
    assert standing == [f"{spot(words)}=person" for words in others]
    assert working.post(f"{long}/mark", lines=standing[0]) == 303
    assert "Still to be read there: 2" in working.get(long)


def test_a_word_that_is_cut_is_said(working: Window, own: Made) -> None:
    long = here(own, "long")
    assert working.post(f"{long}/mark", lines=spot("Ахмед"), reason="person") == 303
    assert "cuts a word" not in working.get(long)
    assert working.post(f"{long}/mark", lines=spot("сказ"), reason="words") == 303
    assert working.get(long).count("cuts a word") == 1


def test_every_word_has_its_number_where_no_script_runs(working: Window, own: Made) -> None:
    for page in ("redact", "code"):
        shown = working.get(f"/item/{own.items['long']}/{page}?words")
        found = re.findall(r"<bdi>([^<]*)</bdi> <code>narrative:(\d+):(\d+)</code>", shown)
        assert [word for word, _, _ in found] == LONG.split()
        assert all(LONG[int(start) : int(end)] == word for word, start, end in found)


def test_whole_fields_are_left_out_and_come_back(working: Window, own: Made) -> None:
    assert working.post(f"{here(own)}/withhold", field="narrative") == 303
    assert set(seen(working.get(here(own)))) == {"left out"}
    assert working.post(f"{here(own)}/withhold", field="narrative") == 303
    assert "left out" not in seen(working.get(here(own)))
    assert working.post(f"{here(own)}/withhold", field="nothing") == 409


def test_it_is_refused_before_the_item_is_open_and_out_of_order(window: Window, made: Made) -> None:
    status, page, _ = window.ask("GET", here(made))
    assert status == 409
    assert "Мусхабов" not in page
    assert window.post(f"/item/{made.items['story']}/open") == 303
    status, page, _ = window.ask("GET", here(made))
    assert status == 409
    assert "out of order" in page
    assert "Мусхабов" not in page
    assert window.post(f"{here(made)}/mark", lines=NAME, reason="person") == 409
    assert window.post(f"{here(made)}/save") == 409


def test_a_draft_of_an_older_version_is_not_saved_over_a_newer_one(
    working: Window, own: Made
) -> None:
    assert working.post(f"{here(own)}/mark", lines=NAME, reason="person") == 303
    case, item = case_of(working), own.items["story"]
    other = Span("narrative", 17, 30, "place")
    opening, _ = case.original(item)
    gates.redact(case, item, Redaction(opening.envelope, 1, (other,), (), "r1"))
    assert "Another version was saved" in working.get(here(own))
    assert working.post(f"{here(own)}/save") == 409
    made = saved(working, own)
    assert made is not None
    assert made.spans == (other,)


def test_a_draft_that_cannot_be_read_is_said_and_never_taken(working: Window, own: Made) -> None:
    case, item = case_of(working), own.items["story"]
    assert working.post(f"{here(own)}/mark", lines=NAME, reason="person") == 303
    case.files.seal_record(item, "draft-redact-r1", {"draft": "redact", "by": "r1", "value": 7})
    page = working.get(here(own))
    assert "could not be read" in page
    assert "draft-redact-r1.damaged-1.age" in page
    assert marks(page) == []
    assert working.post(f"{here(own)}/mark", lines=NAME, reason="person") == 303
    page = working.get(here(own))
    assert "draft-redact-r1.damaged-1.age" in page, "the next change is not in its place"
    assert len(marks(page)) == 1


def test_hostile_texts_are_inert_on_both_sides_and_whole_on_the_left(
    working: Window, own: Made
) -> None:
    lines = "\n".join(f"f{n}:2:5=words" for n in range(len(POISON)))
    assert working.post(f"{here(own, 'poison')}/mark", lines=lines) == 303
    page = working.get(f"{here(own, 'poison')}?words")
    assert page.count("<script") == 2
    assert not re.search(r"<(svg|img|iframe|style|object|b>[^\[])", page)
    assert not re.search(r"<[a-z][^>]* (on[a-z]+|style)=", page)
    shown = re.findall(r'class="original" data-start="\d+"><bdi>(.*?)</bdi>', page, re.DOTALL)
    rows = [row for poison in POISON for row in ("начало", *poison.split("\n")) if row.strip()]
    assert len(shown) == len(rows)
    for one, row in zip(shown, rows, strict=True):
        plain = re.sub(r"</?(mark|span)[^>]*>", "", one)
        assert unsafe(html.unescape(plain)).replace("\u25cc", "") == row


ALPHABET = "аБ 😀\u0301\u202e\u200b\n<&[]\u27e8\U000e0041é"


def read_back(parts: tuple[Part, ...]) -> str:
    return "".join(
        part.token or unsafe("".join(piece.text for piece in part.pieces)).replace("\u25cc", "")
        for part in parts
    )


@given(st.text(ALPHABET, min_size=1, max_size=60), st.data())
def test_what_is_shown_is_what_is_exported(text: str, data: st.DataObject) -> None:
    """For any text and any places: the two sides together are the original and the redaction of it."""
    spans: list[Span] = []
    for _ in range(data.draw(st.integers(0, 5))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        reason = data.draw(st.sampled_from([*TOKENS]))
        spans = taken_out(spans, Span("narrative", start, end, reason))
    box = container(("narrative", text))
    texts = texts_of(box)
    (field,) = redaction_rows(texts, spans, ())
    assert isinstance(field, Marked)
    original = "".join(
        unsafe("".join(piece.text for piece in segment.pieces)).replace("\u25cc", "")
        for row in field.rows
        for segment in row.segments
    )
    flat = str.maketrans("", "", "\n \u25cc")
    assert original.translate(flat) == text.translate(flat)
    out = Redaction(bytes(32), 1, tuple(spans), (), "r1").apply(box)[0][1]
    assert "".join(read_back(row.seen) for row in field.rows).translate(flat) == out.translate(flat)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=8))
def test_taking_out_never_brings_anything_back(places: list[tuple[int, int]]) -> None:
    spans: list[Span] = []
    out = set[int]()
    for start, length in places:
        spans = taken_out(spans, Span("narrative", start, start + length, "person"))
        out |= set(range(start, start + length))
        assert {at for span in spans for at in range(span.start, span.end)} == out
        Redaction(bytes(32), 1, tuple(spans), (), "r1")
