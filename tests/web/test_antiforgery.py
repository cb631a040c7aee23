"""A form counts only with a token of this site; losing it never loses the text."""

import re
from unittest.mock import patch

import pytest
from flask import Response

from intake.web.antiforgery import NonceCookie, NonceSession
from tests.web.conftest import World
from tests.web.follow import Page, Visitor
from tests.web.test_form_pages import ALL, check_of, form_of, given_back

HOUR = 3600
RETRY = "It was not sent. Your text is still on this page. Press Send again"
AGAIN = "It was not sent. Your text is still on this page. Press Continue again"


def without_token(visitor: Visitor, page: Page, words: str, token: str = "") -> Page:
    return visitor.press(
        page, words, {"csrf_token": token, **ALL} if words == "Continue" else {"csrf_token": token}
    )


@pytest.mark.parametrize("token", ["", "rubbish", "IjEi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_form_without_a_good_token_comes_back_with_the_text_and_a_fresh_one(
    world: World, token: str
) -> None:
    visitor = world.visitor()
    page = without_token(visitor, form_of(visitor, "en"), "Continue", token)
    assert (page.status, page.problems, page.lang) == (403, [AGAIN], "en")
    assert given_back(page) == ALL
    assert visitor.press(page, "Continue").status == 200


@pytest.mark.parametrize("token", ["", "rubbish"])
def test_a_check_page_without_a_good_token_comes_back_and_sends(world: World, token: str) -> None:
    visitor = world.visitor()
    check = check_of(visitor, "en", **ALL)
    page = without_token(visitor, check, "Send", token)
    assert (page.status, page.problems) == (403, [RETRY])
    assert given_back(page) == ALL
    assert page.forms[0].value("resend") == check.forms[0].value("resend")
    assert world.store.count() == 0
    assert visitor.press(page, "Send").status == 200
    assert len(world.kept()) == 1


def test_a_lost_cookie_costs_nothing_but_one_more_press(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor, "en", **ALL)
    visitor.cookies.clear()
    page = visitor.press(check, "Send")
    assert page.status == 403
    assert given_back(page) == ALL
    assert visitor.press(page, "Send").status == 200


def test_a_bad_answer_with_a_bad_token_comes_back_as_the_form(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor, "en")
    page = visitor.press(check, "Send", {"csrf_token": "", "narrative": ""})
    assert (page.status, page.title) == (403, "Error: Form, step 1 of 3")


def test_another_persons_token_does_not_work(world: World) -> None:
    mine, other = world.visitor(), world.visitor()
    token = form_of(other).forms[0].value("csrf_token")
    form = form_of(mine)
    assert mine.press(form, "Продолжить", {"csrf_token": token, "narrative": "x"}).status == 403


def test_another_sites_token_does_not_work(world: World, make_world) -> None:
    visitor = make_world().visitor()
    form = form_of(visitor)
    stranger = world.visitor()
    stranger.cookies = visitor.cookies
    assert stranger.press(form, "Продолжить", {"narrative": "x"}).status == 403


@pytest.mark.parametrize(("hours", "status"), [(25, 200), (6 * 24, 200), (7 * 24 + 1, 403)])
def test_a_text_may_be_written_for_days(world: World, hours: int, status: int) -> None:
    visitor = world.visitor()
    form = form_of(visitor, "en")
    from itsdangerous import TimestampSigner

    now = TimestampSigner.get_timestamp
    with patch.object(TimestampSigner, "get_timestamp", lambda self: now(self) + hours * HOUR):
        page = visitor.press(form, "Continue", ALL)
    assert page.status == status
    assert given_back(page) == ALL


def test_the_token_of_a_page_does_not_repeat_the_cookie_of_another(world: World) -> None:
    one, two = world.visitor(), world.visitor()
    one.get("/1")
    two.get("/1")
    assert one.cookies != two.cookies


@pytest.mark.parametrize("cookie", ["", "zz", "A" * 40, "0" * 41, "0" * 39])
def test_a_cookie_of_another_shape_is_replaced(world: World, cookie: str) -> None:
    visitor = world.visitor()
    page = visitor.ask("GET", "/1", headers={"Cookie": f"n={cookie}"})
    assert re.fullmatch(r"n=[0-9a-f]{40}; .*", page.header("Set-Cookie"))


def test_the_session_refuses_to_hold_anything_else() -> None:
    session = NonceSession(None)
    for key, value in (("user", "0" * 40), ("csrf_token", "text"), ("_permanent", True)):
        with pytest.raises((ValueError, TypeError)):
            session[key] = value
    session["csrf_token"] = "0" * 40
    assert dict(session) == {"csrf_token": "0" * 40}
    assert len(session) == 1
    with pytest.raises(ValueError, match="nonce alone"):
        del session["csrf_token"]


def test_nothing_is_written_for_a_session_that_did_not_change(world: World) -> None:
    response = Response()
    NonceCookie().save_session(world.app, NonceSession("0" * 40), response)
    assert "Set-Cookie" not in response.headers


def test_start_and_go_back_need_no_token(world: World) -> None:
    """They keep and send nothing; a person with an old page gets their text back at once."""
    visitor = world.visitor()
    check = check_of(visitor, **ALL)
    visitor.cookies.clear()
    page = visitor.press(check, "Вернуться и изменить", {"csrf_token": ""})
    assert (page.status, page.problems) == (200, [])
    assert given_back(page) == ALL
