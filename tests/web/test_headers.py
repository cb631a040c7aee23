"""Every response says: keep nothing, fetch nothing from elsewhere, run nothing but our script."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest

from intake.codename import Codename
from tests.web.conftest import World
from tests.web.returning import WORDS, code_of, opened
from tests.web.weight import way_without_script

EVERYTHING = [
    ("GET", "/"),
    ("HEAD", "/"),
    ("GET", "/en"),
    ("GET", "/ce"),
    ("GET", "/x"),
    ("GET", "/n"),
    ("GET", "/epoch"),
    ("GET", "/1"),
    ("POST", "/1"),
    ("POST", "/2"),
    ("POST", "/3"),
    ("GET", "/s"),
    ("GET", "/s/en"),
    ("POST", "/s"),
    ("GET", "/r"),
    ("GET", "/r/en"),
    ("POST", "/r"),
    ("GET", "/roster.note"),
    ("GET", "/roots-0000000000000000.js"),
    ("GET", "/board/index"),
    ("GET", "/board/0"),
    ("GET", "/nowhere"),
    ("PUT", "/1"),
    ("OPTIONS", "/1"),
    ("GET", "/2"),
]
PAGES = ["/", "/en", "/ce", "/n", "/1", "/s", "/s/en", "/r", "/r/en", "/nowhere"]


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_every_answer_has_the_same_headers(world: World, method: str, path: str) -> None:
    page = world.visitor().ask(method, path)
    assert page.header("Cache-Control") == "no-store"
    assert page.header("Referrer-Policy") == "no-referrer"
    assert page.header("X-Content-Type-Options") == "nosniff"
    assert page.header("X-Frame-Options") == "DENY"
    assert page.header("Cross-Origin-Opener-Policy") == "same-origin"
    assert page.header("Cross-Origin-Resource-Policy") == "same-origin"
    assert page.header("Permissions-Policy")
    assert page.header("Vary") == ""
    assert "unsafe" not in page.header("Content-Security-Policy")


def test_a_crash_has_the_headers_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(type(world.site), "current")
    page = world.visitor().get("/roster.note")
    assert page.status == 500
    assert page.header("Cache-Control") == "no-store"
    assert page.header("Content-Security-Policy")


def test_the_policy_is_exactly_this(world: World) -> None:
    page = world.visitor().get("/1")
    style = page.html.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    without = b64encode(sha256(b".late{display:none}").digest()).decode()
    assert page.header("Content-Security-Policy") == (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'sha256-{digest}' 'sha256-{without}'; connect-src 'self'; "
        "worker-src blob:; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
        "trusted-types stretch"
    )


def test_one_style_serves_every_page(world: World) -> None:
    """The hash in the policy fits all of them, so none is shown bare."""
    visitor = world.visitor()
    styles = {
        visitor.get(path).html.partition("<style>")[2].partition("</style>")[0] for path in PAGES
    }
    (style,) = styles
    assert "font:18px" in style
    assert "@media print{body{display:none}}" in style


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_for_anything_elsewhere(world: World, path: str) -> None:
    page = world.visitor().get(path)
    for tag, attrs in page.tags:
        for name in ("src", "href", "action", "formaction", "data-roster", "data-send"):
            if name in attrs:
                assert re.fullmatch(r"/[a-z0-9./-]*|#[a-z_0-9-]+|data:,", attrs[name]), (tag, attrs)
    html = re.sub("sha256-[A-Za-z0-9+/=]+", "", page.html)  # in which // may come by chance
    assert not re.search(r"https?:|//[a-z]|url\(|@import", html)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_anything_inline_that_runs(world: World, path: str) -> None:
    page = world.visitor().get(path)
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")], tag
        assert "style" not in attrs, tag
        if tag == "script":
            assert attrs["src"]
            assert attrs["integrity"].startswith("sha256-")
    assert not re.search(r"<script[^>]*>[^<]", page.html)


def test_there_is_one_cookie_and_it_is_the_nonce(world: World) -> None:
    visitor = world.visitor()
    assert visitor.get("/").header("Set-Cookie") == ""
    cookie = visitor.get("/1").header("Set-Cookie")
    assert re.fullmatch(r"n=[0-9a-f]{40}; HttpOnly; Path=/; SameSite=Strict", cookie)
    # It came back, and no page sets it or another one again.
    assert visitor.get("/1").header("Set-Cookie") == ""
    assert visitor.get("/s").header("Set-Cookie") == ""
    assert list(visitor.cookies) == ["n"]


@pytest.mark.parametrize(("lang", "most"), [("ru", 14_000), ("en", 14_000)])
def test_a_page_fits_its_budget_without_what_only_script_uses(
    world: World, lang: str, most: int
) -> None:
    visitor = world.visitor()
    landing = visitor.get(f"/{lang}")
    form = visitor.press(landing, {"ru": "Начать", "en": "Start"}[lang])
    assert len(landing.html.encode()) <= most
    shown = re.sub(r"<template.*?</template>|<!-- *-->$", "", form.html, flags=re.DOTALL)
    assert len(shown.encode()) <= most


def test_a_page_can_be_used_by_ear_and_by_keyboard(world: World) -> None:
    """Each field has a label or legend, and what describes it is on the page."""
    visitor = world.visitor()
    for path in ("/1", "/s"):
        page = visitor.get(path)
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        assert len(set(ids)) == len(ids)
        labelled = {attrs.get("for") for tag, attrs in page.tags if tag == "label"}
        for tag, attrs in page.tags:
            for name in attrs.get("aria-describedby", "").split():
                assert name in ids
            if tag == "textarea" or attrs.get("type") in ("text", "file"):
                assert attrs["id"] in labelled
            if tag == "textarea" or attrs.get("type") == "text":
                assert attrs["autocomplete"] == "off"
                assert attrs["dir"] in ("auto", "ltr")
        assert ("a", {"class": "skip", "href": "#main"}) in page.tags
        assert len([tag for tag, _ in page.tags if tag == "main"]) == 1


@pytest.mark.parametrize("form", ["minimal", "guided"])
def test_no_browser_is_asked_to_send_a_page_or_what_is_written_to_a_company(
    make_world: Callable[..., World], form: str
) -> None:
    """Not for translation, not for a spelling, and not for the words that may come next."""
    world = make_world(form=form)
    visitor = world.visitor()
    back = opened(visitor, code_of(Codename.fresh()), "ru")
    pages = way_without_script(visitor, "ru")
    pages += [visitor.get(path) for path in ("/s", "/r", "/n", "/nowhere", "/offline-ru.html")]
    pages.append(back)
    pages += [visitor.press(back, WORDS["ru"][name]) for name in ("more", "choices", "withdraw")]
    for page in pages:
        html = page.html[: page.html.index("<head>")]
        assert html.startswith("<!doctype html>\n<html ")
        assert ' translate="no" writingsuggestions="false">' in html
        assert '<meta name="google" content="notranslate">' in page.html
        assert not re.search('(translate|spellcheck|writingsuggestions)="(yes|true)"', page.html)
        unspelled = re.search(r'<form[^>]*spellcheck="false"', page.html)
        boxes = re.findall(r"<(?:textarea|input type=\"text\")[^>]*>", page.html)
        assert unspelled or all('spellcheck="false"' in box for box in boxes)


def test_titles_are_neutral_and_true(world: World) -> None:
    titles = {
        path: world.visitor().get(path).title for path in ("/en", "/ru", "/1", "/s/en", "/r/en")
    }
    assert titles.pop("/r/en") == "Form"
    assert titles == {"/en": "Form", "/ru": "Форма", "/1": "Форма, шаг 1 из 3", "/s/en": "Form"}


def test_every_page_names_its_language(world: World) -> None:
    visitor = world.visitor()
    pages = [visitor.get(path) for path in ("/", "/ru", "/en", "/s", "/s/en", "/no")]
    assert [page.lang for page in pages] == ["ru", "ru", "en", "ru", "en", "ru"]
