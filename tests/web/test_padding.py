"""Every page that answers a form is as long as one of a few, whatever was written."""

import pytest

from intake.web.padding import LARGE, SMALL, pad, padded_length
from tests.web.conftest import World
from tests.web.follow import Page
from tests.web.test_form_pages import check_of, form_of


def size(page: Page) -> int:
    assert page.header("Content-Encoding") == ""
    assert page.header("Content-Length") == str(len(page.html.encode()))
    return len(page.html.encode())


@pytest.mark.parametrize(
    ("length", "padded"),
    [
        (1, 65_536),
        (65_536, 65_536),
        (65_537, 262_144),
        (262_144, 262_144),
        (262_145, 524_288),
        (524_289, 786_432),
    ],
)
def test_there_are_two_lengths_and_multiples_of_the_second(length: int, padded: int) -> None:
    assert padded_length(length) == padded
    html = b"x" * length
    assert len(pad(html)) == padded
    assert pad(html).startswith(html)


@pytest.mark.parametrize("missing", range(10))
def test_the_filling_is_a_comment_or_line_ends_to_the_byte(missing: int) -> None:
    filled = pad(b"x" * (SMALL - missing))[SMALL - missing :]
    assert len(filled) == missing
    assert filled.strip() == b"" or (filled[:4], filled[-3:]) == (b"<!--", b"-->")


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_short_and_a_long_text_make_pages_of_the_same_length(world: World, lang: str) -> None:
    visitor = world.visitor()
    for narrative in ("a", "я" * 2000):
        assert size(check_of(visitor, lang, narrative=narrative)) == SMALL
    assert size(check_of(visitor, lang, narrative="я" * 20_000)) == LARGE


def test_the_form_given_back_and_what_is_wrong_with_it_are_padded(world: World) -> None:
    visitor = world.visitor()
    form = form_of(visitor)
    for fill in ({}, {"narrative": "a", "when_text": "я" * 201}):
        page = visitor.press(form, "Продолжить", fill)
        assert page.status == 400
        assert size(page) == SMALL
    assert size(visitor.press(form, "Продолжить", {"narrative": "я" * 60_000})) == LARGE


def test_errors_and_the_last_page_are_padded(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor, narrative="a")
    stale = visitor.press(check, "Отправить", {"csrf_token": "old"})
    assert (stale.status, size(stale)) == (403, SMALL)
    assert size(visitor.press(check, "Отправить")) == SMALL
    malformed = visitor.ask("POST", "/2", b"x", {"Content-Type": "multipart/form-data"})
    assert (malformed.status, size(malformed)) == (400, SMALL)
    nowhere = visitor.ask("POST", "/nowhere", b"narrative=a")
    assert (nowhere.status, size(nowhere)) == (404, SMALL)


def test_a_crash_while_a_text_is_under_way_is_padded(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = world.visitor()
    check = check_of(visitor, narrative="a")
    monkeypatch.delattr(type(world.acceptor), "accept_letter")
    page = visitor.press(check, "Отправить")
    assert (page.status, size(page)) == (500, SMALL)


def test_what_holds_no_text_is_as_long_as_it_is(world: World) -> None:
    for path in ("/", "/1", "/s", "/n", "/roster.note"):
        assert size(world.visitor().get(path)) < 40_000


def test_the_empty_form_is_given_to_everyone_at_one_length_and_not_filled_up(world: World) -> None:
    sizes = {size(form_of(world.visitor())) for _ in range(3)}
    assert len(sizes) == 1
    assert sizes.pop() < 20_000
