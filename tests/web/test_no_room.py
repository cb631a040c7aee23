"""What people meet while a site has no room left, and what the operator then hears."""

from pathlib import Path

import pytest

from intake.budget import Step
from intake.store import Store
from tests.web.conftest import World
from tests.web.follow import Visitor, over_http, urlencoded
from tests.web.serving import serving, site_in
from tests.web.test_form_pages import TEXT, URLENCODED, check_of
from tests.web.test_letter_page import letter_for, pasted, streamed, text_of

DOWN = {
    "en": "This page does not work now. Nothing was sent or kept. Try again later",
    "ru": "Сейчас страница не работает. Ничего не отправлено и не сохранено. Попробуйте позже",
}
SEND = {"en": "Send", "ru": "Отправить"}
# A disk that is as good as full, for a server of its own.
NO_DISK = "from intake import budget\nbudget.FLOOR = 1 << 62"


@pytest.fixture
def full(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(world.store, "free", lambda: 0)
    return world


def test_nobody_begins_to_write_what_would_not_be_taken(full: World) -> None:
    page = full.visitor().get("/1")
    assert page.status == 503
    assert DOWN["ru"] in page.words
    assert page.forms == []


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_text_that_finds_no_room_stays_on_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    visitor = world.visitor()
    check = check_of(visitor, lang)
    monkeypatch.setattr(world.store, "free", lambda: 0)
    page = visitor.press(check, SEND[lang])
    assert page.status == 503
    assert DOWN[lang] in page.words
    assert page.forms[0].value("narrative") == TEXT
    assert world.store.count() == 0


def test_pressed_again_when_there_is_room_it_is_sent_and_later_still_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = world.visitor()
    check = check_of(visitor)
    with monkeypatch.context() as without:
        without.setattr(world.store, "free", lambda: 0)
        refused = visitor.press(check, SEND["ru"])
    assert visitor.press(refused, SEND["ru"]).status == 200
    monkeypatch.setattr(world.store, "free", lambda: 0)
    assert visitor.press(refused, SEND["ru"]).status == 200
    assert world.text() == TEXT


def test_a_sealed_letter_that_finds_no_room_stays_on_the_page(full: World) -> None:
    letter = letter_for(full)
    page = pasted(full.visitor(), text_of(letter))
    assert page.status == 503
    assert DOWN["en"] in page.words
    assert page.forms[0].value("letter").split() == text_of(letter).split()


def test_the_script_is_told_that_it_is_not_taken(full: World) -> None:
    visitor = full.visitor()
    token = visitor.get("/s").forms[0].value("csrf_token")
    answer = streamed(visitor, letter_for(full).to_bytes(), token)
    assert (answer.status, answer.html) == (507, "nothing more is taken at the moment")


def test_the_operator_hears_of_a_step_once_and_nothing_of_who_or_what(tmp_path: Path) -> None:
    site, _ = site_in(tmp_path / "site")
    log = tmp_path / "log"
    with serving(site.folder, change=NO_DISK, log=log) as (port, _):
        visitor = Visitor(over_http(port))
        for _ in range(3):
            assert visitor.get("/1").status == 503
            token = {"csrf_token": visitor.get("/s").forms[0].value("csrf_token")}
            rows = urlencoded([*token.items(), ("lang", "ru"), ("narrative", TEXT)])
            page = visitor.ask("POST", "/2", rows, URLENCODED)
            page = visitor.press(page, SEND["ru"])
            assert page.status == 503
            assert page.forms[0].value("narrative") == TEXT
    said = log.read_text().splitlines()
    assert said == [f"intake: budget: {Step.CLOSED.alarm}"]
    store = Store.open(site.store_path)
    assert store.count() == 0
    store.close()
