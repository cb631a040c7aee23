"""Whatever is wrong with an answer, the page says it in plain words and gives everything back."""

import re

import pytest

from tests.web.conftest import World
from tests.web.follow import Page, urlencoded
from tests.web.test_form_pages import ALL, URLENCODED, check_of, form_of, given_back

EMPTY = "Write something in the box. One sentence is enough"
LONG = "Characters over the limit: {}. Make it shorter, or send it in two parts"
ODD = "Some signs could not be read. They are taken out. Check your text, then continue"
CHOICE = "Choose one of the answers, or none"


def posted(world: World, path: str, **raw: bytes) -> Page:
    """A form whose fields are these very bytes, percent-encoded already, with a good token."""
    visitor = world.visitor()
    token = form_of(visitor, "en").forms[0].value("csrf_token")
    body = urlencoded([("csrf_token", token), ("lang", "en")])
    body += b"".join(b"&%s=%s" % (name.encode(), value) for name, value in raw.items())
    return visitor.ask("POST", path, body, URLENCODED)


@pytest.mark.parametrize("text", ["", " \n\t\r\n ", "\n"])
def test_an_empty_text_is_asked_for_again(world: World, text: str) -> None:
    page = check_of(world.visitor(), "en", **{**ALL, "narrative": text})
    assert (page.status, page.problems) == (400, [EMPTY])
    assert page.title == "Error: Form, step 1 of 3"
    assert page.forms[0].value("where_text") == ALL["where_text"]
    assert world.store.count() == 0


def test_a_text_too_long_comes_back_whole(world: World) -> None:
    text = "ш" * 20_001
    visitor = world.visitor()
    page = check_of(visitor, "en", **{**ALL, "narrative": text})
    assert (page.status, page.problems) == (400, [LONG.format(1)])
    assert given_back(page) == {**ALL, "narrative": text}
    shorter = visitor.press(page, "Continue", {"narrative": text[1:]})
    assert visitor.press(shorter, "Send").status == 200
    assert world.text() == text[1:]


@pytest.mark.parametrize(
    ("name", "most"), [("when_text", 200), ("where_text", 300), ("who_text", 1000)]
)
def test_each_field_says_how_much_is_too_much(world: World, name: str, most: int) -> None:
    page = check_of(world.visitor(), "en", **{name: "x" * (most + 7)})
    assert page.problems == [LONG.format(7)]
    assert page.forms[0].value(name) == "x" * (most + 7)
    error = page.html.partition(f'id="error-{name}"')[2].partition("</p>")[0]
    assert LONG.format(7) in error
    assert "hidden" not in error


def test_a_field_of_70_kb_comes_back_whole(world: World) -> None:
    page = check_of(world.visitor(), "en", who_text="x" * 70_000)
    assert page.problems == [LONG.format(69_000)]
    assert page.forms[0].value("who_text") == "x" * 70_000


def test_nearly_a_megabyte_comes_back_whole(world: World) -> None:
    text = "длинно " * 28_000  # 1.0 MB percent-encoded
    page = check_of(world.visitor(), "en", narrative=text)
    assert page.status == 400
    assert page.forms[0].value("narrative") == text


def test_beyond_a_megabyte_is_said(world: World) -> None:
    page = check_of(world.visitor(), narrative="x" * (1024 * 1024))
    assert page.status == 413
    assert "Слишком большой объём. Ничего не отправлено" in page.words


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        (b"a%00b", "ab"),
        (b"a%ED%A0%80b", "ab"),
        (b"a%ED%A0%BD%ED%B8%80b", "ab"),
        (b"a%FFb", "ab"),
        (b"a\xff\xfeb", "ab"),
        (b"a%EF%BF%BDb", "ab"),
        (b"a%1B%5B2Jb", "a[2Jb"),
        (b"%D0%B0%D0", "а"),
    ],
)
def test_signs_that_are_no_text_are_taken_out_and_named(
    world: World, raw: bytes, left: str
) -> None:
    page = posted(world, "/2", narrative=raw, where_text=b"%D1%8F")
    assert (page.status, page.problems) == (400, [ODD])
    assert page.forms[0].value("narrative") == left
    assert page.forms[0].value("where_text") == "я"


def test_what_cannot_be_read_is_never_lost_in_silence(world: World) -> None:
    """A percent sign alone, or half an escape, is what the person typed."""
    page = posted(world, "/2", narrative=b"100%+%zz+%4")
    assert page.status == 200
    assert page.forms[0].value("narrative") == "100% %zz %4"


def test_an_unknown_choice_is_said_and_the_rest_kept(world: World) -> None:
    page = posted(world, "/2", narrative=b"text", relation=b"r.nobody", aware=b"yes")
    assert (page.status, page.problems) == (400, [CHOICE])
    assert given_back(page) == {"narrative": "text", "aware": "yes"}


def test_a_bad_answer_is_refused_at_send_too(world: World) -> None:
    page = posted(world, "/3", narrative=b"+", who_text=b"kept", resend=b"x")
    assert (page.status, page.problems) == (400, [EMPTY])
    assert page.forms[0].value("who_text") == "kept"
    assert world.store.count() == 0


def test_several_problems_are_listed_each_with_a_way_to_its_field(world: World) -> None:
    page = posted(world, "/2", narrative=b"+", when_text=b"x" * 201, relation=b"zz")
    assert page.problems == [CHOICE, EMPTY, LONG.format(1)]
    links = [a["href"] for a in page.links if a["href"].startswith("#")]
    assert links == ["#main", "#relation-1", "#narrative", "#when_text"]
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert {link[1:] for link in links} <= ids


def test_an_error_is_found_first_by_ear(world: World) -> None:
    """The box is an alert above the heading, and its own heading takes the focus."""
    page = posted(world, "/2", narrative=b"+")
    main = page.html.partition("<main")[2]
    assert re.search(r'<div class="box" role="alert">\s*<h2 tabindex="-1" autofocus>', main)
    assert main.index('role="alert"') < main.index("<h1")
    assert 'aria-invalid="true"' in main
    assert f'<span class="hide">Error:</span> {EMPTY}' in main
    shown = re.sub(r"<template.*?</template>", "", page.html, flags=re.DOTALL)
    assert len(re.findall("autofocus", shown)) == 1


def test_markup_in_an_answer_stays_text(world: World) -> None:
    evil = '</textarea>"><script>alert(1)</script><img src=x onerror=1>'
    visitor = world.visitor()
    check = check_of(visitor, narrative=evil, where_text=evil)
    form = visitor.press(check, "Вернуться и изменить")
    for page in (check, form):
        assert "<img" not in page.html
        assert "<script>" not in page.html
        assert page.forms[0].value("narrative") == evil
        assert page.forms[0].value("where_text") == evil
