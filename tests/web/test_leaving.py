"""The quick exit: one press, and for 15 minutes the site is a dull page to that browser alone."""

import re
from collections.abc import Callable

import pytest

from intake.web.settings_tables import NeutralPage
from tests.web.conftest import World
from tests.web.follow import Page, Visitor
from tests.web.test_form_pages import check_of

EVERYTHING = [
    *(
        ("GET", path)
        for path in ("/", "/ru", "/en", "/ce", "/1", "/2", "/3", "/s", "/s/en", "/r", "/r/en", "/x")
    ),
    *(
        ("GET", path)
        for path in ("/epoch", "/roster.note", "/seal-0.js", "/nowhere", "/favicon.ico")
    ),
    *(("POST", path) for path in ("/", "/1", "/2", "/3", "/s", "/n", "/n/", "/nowhere")),
    ("HEAD", "/1"),
    ("PUT", "/1"),
    ("OPTIONS", "/1"),
]
OF_THE_SERVICE = re.compile(
    r"script|/x|/1|form|форм|intake|onion|архив|отправ|Tor|testimon|csrf", re.IGNORECASE
)


def gone(world: World) -> Visitor:
    """A visitor who has just left."""
    visitor = world.visitor()
    visitor.get("/x")
    return visitor


def body_of(page: Page) -> str:
    return page.html.partition("<body>")[2] + page.title


def test_leaving_sets_one_cookie_that_is_the_same_for_everyone(world: World) -> None:
    pages = [world.visitor().get("/x") for _ in range(2)]
    for page in pages:
        assert (page.status, page.header("Location"), page.html) == (303, "/n", "")
        cookie = re.sub(r" Expires=[^;]+;", "", page.header("Set-Cookie"))
        assert cookie == "closed=1; Max-Age=900; HttpOnly; Path=/; SameSite=Lax"
        assert page.header("Cache-Control") == "no-store"


@pytest.mark.parametrize(
    ("sent_from", "closes"),
    [("cross-site", False), ("same-origin", True), ("same-site", True), ("none", True)],
)
def test_another_site_closes_nothing(world: World, sent_from: str, *, closes: bool) -> None:
    page = world.visitor().ask("GET", "/x", headers={"Sec-Fetch-Site": sent_from})
    assert (page.status, page.header("Location")) == (303, "/n")
    assert (page.header("Set-Cookie") != "") == closes


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_after_leaving_everything_leads_to_the_neutral_page(
    world: World, method: str, path: str
) -> None:
    """Pages, files, errors and what is sent: nothing tells that there is anything else."""
    page = gone(world).ask(method, path, b"narrative=x" if method == "POST" else b"")
    assert (page.status, page.header("Location"), page.html) == (303, "/n", "")
    assert page.header("Allow") == ""
    assert page.header("Set-Cookie") == ""


def test_a_text_that_is_sent_after_leaving_is_neither_kept_nor_given_back(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor, narrative="a-planted-sentence")
    visitor.get("/x")
    page = visitor.press(check, "Отправить")
    assert (page.status, page.html) == (303, "")
    assert world.kept() == []


def test_a_script_that_sends_after_leaving_is_told_that_nothing_was_kept(world: World) -> None:
    page = gone(world).ask("POST", "/s", b"x", {"Content-Type": "application/octet-stream"})
    assert (page.status, page.html) == (503, "")


def test_another_value_of_the_cookie_closes_nothing(world: World) -> None:
    visitor = world.visitor()
    visitor.cookies["closed"] = "0"
    assert visitor.get("/1").status == 200


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_neutral_page_says_nothing_of_the_service(
    make_world: Callable[..., World], lang: str
) -> None:
    world = make_world(lang)
    fresh, left = world.visitor().get("/n"), gone(world).get("/n")
    assert fresh.html == left.html
    assert (left.status, left.lang) == (200, lang)
    assert left.title == {"ru": "Кухонные меры", "en": "Kitchen measures"}[lang]
    assert left.html.count("<li>") == 8
    assert not OF_THE_SERVICE.search(body_of(left))
    assert left.links == left.forms == []


def test_the_operator_says_what_the_neutral_page_is(make_world: Callable[..., World]) -> None:
    neutral = {"ru": NeutralPage("Погода", ("Снег <b>", "Ветер")), "en": NeutralPage("W", ("S",))}
    page = gone(make_world(neutral=neutral)).get("/n")
    assert page.title == "Погода"
    assert "Погода" in page.words
    assert "Снег &lt;b&gt;" in page.html
    assert not OF_THE_SERVICE.search(body_of(page))


@pytest.mark.parametrize("path", ["/", "/en", "/ce", "/1", "/s", "/nowhere", "/2"])
def test_every_page_can_be_left_by_the_second_stop_of_the_keyboard_and_by_the_bar(
    world: World, path: str
) -> None:
    page = world.visitor().get(path)
    skip, first, second = page.links[:3]
    assert skip == {"class": "skip", "href": "#main"}
    assert first == {"class": "skip x", "href": "/x", "rel": "nofollow noreferrer"}
    assert second == {"class": "leave x", "href": "/x", "rel": "nofollow noreferrer"}
