"""Where something is wrong, a page says it calmly and a log says nothing of the request."""

import logging

import pytest

from intake.errors import StoreError
from intake.web import error_pages
from intake.web.error_pages import describe
from tests.web.conftest import World
from tests.web.test_form_pages import ALL, check_of

MARKER = "a-planted-sentence-zqx"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/fr", 404),
        ("GET", "/1/", 404),
        ("GET", "/2", 405),
        ("GET", "/3", 405),
        ("POST", "/", 405),
        ("DELETE", "/1", 405),
        ("OPTIONS", "/s", 405),
    ],
)
def test_what_is_not_there_is_said_so(world: World, method: str, path: str, status: int) -> None:
    page = world.visitor().ask(method, path)
    assert (page.status, page.title) == (status, "Форма")
    assert "Страница не найдена" in page.words
    assert (page.header("Allow") != "") == (status == 405)


def test_a_malformed_body_is_said(world: World) -> None:
    page = world.visitor().ask("POST", "/2", b"x", {"Content-Type": "multipart/form-data"})
    assert page.status == 400
    assert "Ничего не отправлено и не сохранено" in page.words


def test_a_broken_store_is_said_before_anyone_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise StoreError("the store is damaged")

    monkeypatch.setattr(world.site, "current", gone)
    page = world.visitor().get("/1")
    assert page.status == 503
    assert "Сейчас страница не работает." in page.words


def crash(*_: object) -> None:
    raise ValueError(MARKER)


@pytest.fixture(autouse=True)
def _nothing_said_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_pages, "_told", set())


@pytest.mark.parametrize("path", ["accept", "page"])
def test_no_word_of_a_request_reaches_a_log(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    path: str,
) -> None:
    """Not when keeping breaks, and not even when the page that would say so breaks too."""
    caplog.set_level(logging.DEBUG)
    visitor = world.visitor()
    check = check_of(visitor, **{**ALL, "narrative": MARKER})
    monkeypatch.setattr(world.acceptor, "accept", crash)
    if path == "page":
        monkeypatch.setattr("intake.web.form_pages.page", crash)
    client = world.app.test_client(use_cookies=False)
    headers = {"Cookie": f"n={visitor.cookies['n']}"}
    answer = client.post("/3", data=dict(check.forms[0].values()), headers=headers)
    assert answer.status_code == 500
    assert (MARKER in answer.text) == (path == "accept"), "the text comes back, or nothing does"
    written = caplog.text + "".join(capfd.readouterr())
    assert "builtins.ValueError at test_error_pages.py:" in written
    assert MARKER not in written
    assert "/3" not in written


def test_a_crash_elsewhere_is_one_calm_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.site, "current", crash)
    page = world.visitor().get("/1")
    assert page.status == 500
    assert "Сейчас страница не работает." in page.words
    assert MARKER not in page.html


def test_what_fails_at_every_request_is_logged_once(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else the log of a site with an expired roster would count its visitors, with times."""
    monkeypatch.setattr(world.site, "current", crash)
    for _ in range(3):
        assert world.visitor().get("/1").status == 500
    assert len(caplog.records) == 1


def test_an_error_without_a_traceback_is_described_too() -> None:
    assert describe(ValueError(MARKER)) == "builtins.ValueError"


def test_a_stale_token_is_logged_without_the_text(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = world.visitor()
    visitor.press(check_of(visitor, narrative=MARKER), "Отправить", {"csrf_token": "old"})
    assert MARKER not in caplog.text
