"""The guided form without script: whatever is wrong is said on its page, and all is given back."""

import re

import pytest

from intake.form import GUIDED
from tests.web.conftest import World
from tests.web.follow import urlencoded
from tests.web.test_form_pages import URLENCODED, form_of
from tests.web.test_guided import CHOICE, begun, carried, guided, key, posted, sealed

__all__ = ["guided"]  # the fixture


def test_what_is_wrong_on_a_page_is_said_there(guided: World) -> None:
    visitor = guided.visitor()
    page = visitor.press(begun(visitor), "Continue", {"episode.1.ep_label": "x" * 63})
    assert (page.status, key(page)) == (400, "label.1")
    assert page.problems == [
        "Characters over the limit: 3. Make it shorter, or send it in two parts"
    ]
    ids = {attrs.get("id") for _, attrs in page.tags}
    links = [a["href"] for a in page.links if a["href"].startswith("#episode")]
    assert links == ["#episode.1.ep_label"]
    assert links[0][1:] in ids
    assert page.forms[0].value("episode.1.ep_label") == "x" * 63
    skipped = visitor.press(page, "Skip")
    assert (skipped.status, key(skipped)) == (200, "when.1")


def test_too_much_in_all_boxes_together_is_said_of_the_longest(guided: World) -> None:
    long = {f"episode.{n}.ep_done": "ж" * 7_900 + str(n) for n in (1, 2, 3, 4)}
    fields = {"narrative": "x", **long, "episode.3.ep_done": "ж" * 8_000}
    visitor = guided.visitor()
    token = form_of(visitor, "en").forms[0].value("csrf_token")
    rows = [("csrf_token", token), ("lang", "en"), *fields.items()]
    page = visitor.ask("POST", "/2", urlencoded(rows), URLENCODED)
    assert (page.status, key(page)) == (400, "done.3")
    assert re.fullmatch(r"Characters over the limit: \d+\. Make it shorter.*", page.problems[0])
    assert carried(page) == fields


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("episode.1.ep_methods", "m.hands m.none"),
        ("episode.1.ep_place_type", "pl.moon"),
        ("told_before", "t.police;t.court"),
    ],
)
def test_an_unknown_code_is_said_and_the_rest_kept(guided: World, name: str, value: str) -> None:
    visitor = guided.visitor()
    token = form_of(visitor, "en").forms[0].value("csrf_token")
    fields = {"narrative": "x", "episode.2.ep_done": "kept", name: value}
    rows = [("csrf_token", token), ("lang", "en"), *fields.items()]
    for path in ("/2", "/3"):
        page = visitor.ask("POST", path, urlencoded(rows), URLENCODED)
        assert (page.status, page.problems) == (400, [CHOICE])
        assert carried(page)["episode.2.ep_done"] == "kept"
    assert guided.store.count() == 0


@pytest.mark.parametrize(
    "here",
    ["", "story.1", "label", "label.0", "label.10", "label.01", "age.1", "x", "\x00", "../1"],
)
def test_a_page_that_the_form_never_gave_is_the_first_one(guided: World, here: str) -> None:
    page = posted(guided, page=here, narrative="kept", **{"episode.1.ep_done": "too"})
    assert (page.status, key(page)) == (200, "story")
    assert carried(page) == {"narrative": "kept", "episode.1.ep_done": "too"}


def test_a_time_that_the_form_never_asks_for_is_passed_over(guided: World) -> None:
    odd = {f"episode.{n}.ep_done": "x" for n in ("0", "10", "01", "-1", "1e0", "٣")}
    page = posted(guided, page="label.1", narrative="kept", **odd)
    assert carried(page) == {"narrative": "kept"}


def test_signs_that_are_no_text_are_taken_out_and_named(guided: World) -> None:
    page = posted(guided, page="done.1", go="next", narrative="x", **{"episode.1.ep_done": "a\0b"})
    assert (page.status, key(page)) == (400, "done.1")
    assert page.problems[0].startswith("Some signs could not be read. They are taken out.")
    assert carried(page)["episode.1.ep_done"] == "ab"


def test_nearly_a_megabyte_comes_back_whole(guided: World) -> None:
    text = "длинно " * 28_000
    page = posted(guided, page="done.2", go="next", narrative="x", **{"episode.2.ep_done": text})
    assert (page.status, key(page)) == (400, "done.2")
    assert page.forms[0].value("episode.2.ep_done") == text


def test_a_form_full_to_the_last_field_is_taken(guided: World) -> None:
    """Nine times everything, with every tick on its page still single, is within the limits."""
    visitor = guided.visitor()
    token = form_of(visitor, "en").forms[0].value("csrf_token")
    rows: list[tuple[str, str]] = [("csrf_token", token), ("lang", "en"), ("page", "methods.9")]
    for path, field in GUIDED.paths():
        codes = getattr(field, "choices", ("x",))
        single = path == "episode.9.ep_methods"
        ticked = (
            codes
            if single
            else codes[:1]
            if type(field).__name__ == "ChoiceField"
            else [" ".join(codes)]
        )
        rows += [(path, code) for code in ticked]
    check = visitor.ask("POST", "/2", urlencoded(rows), URLENCODED)
    assert check.status == 200
    visitor.press(check, "Send")
    assert len(sealed(guided).fields) == len(list(GUIDED.paths()))


def test_an_old_token_on_the_last_page_keeps_page_and_text(guided: World) -> None:
    visitor = guided.visitor()
    page = visitor.press(begun(visitor), "Go to the last page", {"episode.1.ep_label": "one"})
    visitor.cookies.clear()
    again = visitor.press(page, "Continue", {"consent": ["stats"]})
    assert (again.status, key(again)) == (403, "uses")
    assert carried(again)["episode.1.ep_label"] == "one"
    assert visitor.press(again, "Continue").title == "Form, step 2 of 3"
