"""Whatever fails on the return page, what was typed is on the page that says so."""

import math
import os
import re
from collections.abc import Callable

import pytest

from intake.author import Holder
from intake.codename import Codename
from intake.epoch import Epoch
from intake.errors import FullError, StoreError
from intake.web.return_page import SECRETS
from intake.web.stretching import BusyError, Gate
from tests.web.conftest import World
from tests.web.follow import Page, Visitor
from tests.web.returning import WORDS, code_of, nobodys_rows, opened, reply_row, write_board
from tests.web.test_form_pages import check_of
from tests.web.test_return_page import sent_code

RU = WORDS["ru"]
TEXT = 'Ещё: Ӏ, "кавычки" <b>&amp;\n\n  вторая строка\n'
RETRY, DOWN = "Не отправлено", "Сейчас страница не работает"
PRESS, UNKNOWN = "Не получилось", "Мы не знаем, отправлено ли"
SEALED = {"Content-Type": "application/octet-stream"}
State = Callable[[Visitor, str], tuple[Page, str, dict[str, object]]]


def more(visitor: Visitor, code: str) -> tuple[Page, str, dict[str, object]]:
    return visitor.press(opened(visitor, code), RU["more"]), RU["send"], {"narrative": TEXT}


def choices(visitor: Visitor, code: str) -> tuple[Page, str, dict[str, object]]:
    page = visitor.press(opened(visitor, code), RU["choices"])
    return page, RU["send"], {"consent": ["courts", "stats"]}


def withdraw(visitor: Visitor, code: str) -> tuple[Page, str, dict[str, object]]:
    return visitor.press(opened(visitor, code), RU["withdraw"]), "Отозвать", {}


def first(visitor: Visitor, code: str) -> tuple[Page, str, dict[str, object]]:
    return visitor.get("/r/ru"), RU["open"], {"code": code}


STATES = {"enter": first, "more": more, "choices": choices, "withdraw": withdraw}


def check_kept(page: Page, code: str, typed: dict[str, object]) -> None:
    """The code is there, and all that was typed beside it."""
    form = page.forms[0]
    assert form.value("code") == code
    rows = form.values()
    for name, value in typed.items():
        got = [text.replace("\r\n", "\n") for key, text in rows if key == name]
        assert sorted(got) == sorted([value] if isinstance(value, str) else value)
    assert page.title.startswith("Ошибка")


@pytest.mark.parametrize("state", STATES)
def test_an_old_token_brings_the_same_page_with_a_fresh_one(world: World, state: str) -> None:
    visitor, code = world.visitor(), code_of(Codename.fresh())
    page, button, typed = STATES[state](visitor, code)
    refused = visitor.press(page, button, {**typed, "csrf_token": "old"})
    assert refused.status == 403
    assert PRESS in refused.problems[0]
    check_kept(refused, code, typed)
    assert world.store.count() == 0
    # Pressed again, with all that it has, it works.
    assert visitor.press(refused, button).status == 200
    assert world.store.count() == (state in {"more", "choices"})


def test_an_old_token_beside_messages_brings_the_code_back_in_its_field(world: World) -> None:
    visitor, code = world.visitor(), code_of(Codename.fresh())
    refused = visitor.press(opened(visitor, code), RU["more"], {"csrf_token": "old"})
    assert refused.status == 403
    assert RU["none"] in visitor.press(refused, RU["open"]).words


STORE = {StoreError("busy"): RETRY, FullError("full"): DOWN}


@pytest.mark.parametrize("error", STORE, ids=["busy", "full"])
@pytest.mark.parametrize("state", ["more", "choices"])
def test_what_the_store_does_not_take_is_on_the_page(
    world: World, monkeypatch: pytest.MonkeyPatch, state: str, error: Exception
) -> None:
    visitor, code = world.visitor(), code_of(Codename.fresh())
    page, button, typed = STATES[state](visitor, code)
    with monkeypatch.context() as patch:
        patch.setattr(world.store, "keep", raising(error))
        refused = visitor.press(page, button, typed)
    assert refused.status == 503
    assert STORE[error] in refused.problems[0]
    check_kept(refused, code, typed)
    assert visitor.press(refused, button).status == 200
    assert world.store.count() == 1


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_words: object, **_also: object) -> None:
        raise error

    return fail


def test_a_withdrawal_that_the_store_does_not_do_can_be_pressed_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = world.visitor()
    code = sent_code(visitor.press(check_of(visitor), RU["send"]))
    page, button, _ = withdraw(visitor, code)
    with monkeypatch.context() as patch:
        patch.setattr(world.acceptor, "withdraw", raising(StoreError("busy")))
        refused = visitor.press(page, button)
    assert refused.status == 503
    assert PRESS in refused.problems[0]
    assert "Отозвано" not in refused.words
    check_kept(refused, code, {})
    assert visitor.press(refused, button).status == 200
    assert world.store.count() == 0


CRASHED = {"enter": PRESS, "more": UNKNOWN, "choices": UNKNOWN, "withdraw": PRESS}


@pytest.mark.parametrize("state", STATES)
def test_a_crash_gives_everything_back(
    world: World, monkeypatch: pytest.MonkeyPatch, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    visitor, code = world.visitor(), code_of(Codename.fresh())
    page, button, typed = STATES[state](visitor, code)
    broken = raising(ZeroDivisionError(code + TEXT))
    with monkeypatch.context() as patch:
        patch.setattr(Codename, "stretched", broken)
        refused = visitor.press(page, button, typed)
    assert refused.status == 500
    assert CRASHED[state] in refused.problems[0]
    check_kept(refused, code, typed)
    assert not [word for word in code.split() if word in caplog.text]
    assert "кавычки" not in caplog.text


def test_a_broken_page_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.web.return_views.tidy", raising(ZeroDivisionError()))
    page = world.visitor().get("/r")
    assert page.status == 500
    assert DOWN in page.words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "Напишите что-нибудь"),
        ("x" * 20_003, "Лишних знаков: 3"),
        ("a\x00b", "не удалось прочитать"),
        ("вот: " + "abacus " * 8, "В тексте есть код"),
    ],
    ids=["empty", "long", "odd", "code"],
)
def test_a_text_that_cannot_be_sent_is_named_and_kept(world: World, text: str, said: str) -> None:
    visitor, code = world.visitor(), code_of(Codename.fresh())
    page, button, _ = more(visitor, code)
    refused = visitor.press(page, button, {"narrative": text})
    assert refused.status == 400
    assert said in refused.problems[0]
    check_kept(refused, code, {"narrative": text.replace("\x00", "")})
    assert world.store.count() == 0


@pytest.mark.parametrize("name", ["resend", "seed"])
@pytest.mark.parametrize("state", ["more", "choices"])
def test_a_page_that_lost_its_secrets_gets_new_ones(world: World, state: str, name: str) -> None:
    visitor, code = world.visitor(), code_of(Codename.fresh())
    page, button, typed = STATES[state](visitor, code)
    refused = visitor.press(page, button, {**typed, name: "x"})
    assert refused.status == 400
    check_kept(refused, code, typed)
    assert refused.forms[0].value(name) != "x"
    assert visitor.press(refused, button).status == 200
    assert world.store.count() == 1


def test_secrets_of_another_code_are_not_used(world: World) -> None:
    """Else what one person adds would be of another one."""
    visitor = world.visitor()
    theirs = more(visitor, code_of(Codename.fresh()))[0].forms[0].value("resend")
    page, button, typed = more(visitor, code_of(Codename.fresh()))
    refused = visitor.press(page, button, {**typed, "resend": theirs})
    assert refused.status == 400
    assert refused.forms[0].value("resend") != theirs
    assert world.store.count() == 0


@pytest.mark.parametrize("state", STATES)
def test_where_too_many_come_one_is_told_to_wait_and_nothing_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    """But for those who send something: they never come by there."""
    visitor, code = world.visitor(), code_of(Codename.fresh())
    page, button, typed = STATES[state](visitor, code)
    monkeypatch.setattr(Gate, "_place", raising_busy)
    answer = visitor.press(page, button, typed)
    if state in {"more", "choices"}:
        assert answer.status == 200
        assert world.store.count() == 1
    else:
        assert answer.status == 503
        assert answer.problems == ["Подождите и попробуйте снова. Минут: 1"]
        check_kept(answer, code, typed)


def raising_busy(gate: Gate, place: Callable[[Gate], int] = Gate._place) -> int:
    """No place for those who come to read; those who send have a gate of their own."""
    if math.isfinite(gate._patience):
        raise BusyError
    return place(gate)


def test_an_answer_to_a_question_waits_for_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    codename = Codename.fresh()
    deployment = world.site.settings.deployment
    write_board(world.site.folder, deployment, [reply_row(deployment, codename, "x", "Можно?")])
    visitor = world.visitor()
    page = opened(visitor, code_of(codename))
    monkeypatch.setattr(Gate, "_place", raising_busy)
    assert visitor.press(page, "Да").status == 200
    assert world.store.count() == 1


def test_without_a_board_that_can_be_read_everything_else_can_be_done(world: World) -> None:
    """It does not say that there are no messages; and the operator is told."""
    deployment = world.site.settings.deployment
    write_board(world.site.folder, deployment, nobodys_rows(16))
    (world.site.folder / "board" / "0").write_bytes(b"x")
    visitor, code = world.visitor(), code_of(Codename.fresh())
    page = opened(visitor, code)
    assert page.status == 503
    assert "Сообщения не пришли" in page.words
    assert RU["none"] not in page.words
    sent = visitor.press(visitor.press(page, RU["more"]), RU["send"], {"narrative": "x"})
    assert sent.status == 200
    gone = visitor.press(visitor.press(page, RU["withdraw"]), "Отозвать")
    assert (gone.status, world.store.count()) == (200, 0)


def test_without_a_roster_what_is_written_stays_and_all_can_be_taken_back(world: World) -> None:
    visitor = world.visitor()
    code = sent_code(visitor.press(check_of(visitor), RU["send"]))
    page, button, typed = more(visitor, code)
    (world.site.folder / "keys" / "roster.note").unlink()
    refused = visitor.press(page, button, typed)
    assert refused.status == 503
    assert DOWN in refused.problems[0]
    check_kept(refused, code, typed)
    assert opened(visitor, code).status == 503
    assert visitor.press(withdraw(visitor, code)[0], "Отозвать").status == 200
    assert world.store.count() == 0


def token_of(visitor: Visitor) -> str:
    return visitor.get("/r").forms[0].value("csrf_token")


def secrets_of(world: World, codename: Codename) -> bytes:
    holder = Holder.of(codename, world.site.settings.deployment)
    return b"".join(author.withdraw for author in holder.authors(Epoch.now()))


def hand_in(visitor: Visitor, body: bytes, token: str) -> Page:
    """As a script posts it; the answer is words alone."""
    return visitor.ask("POST", "/r", body, SEALED | {"X-CSRFToken": token})


def test_a_script_withdraws_with_all_secrets_there_can_be_and_learns_nothing(world: World) -> None:
    visitor = world.visitor()
    code = sent_code(visitor.press(check_of(visitor), RU["send"]))
    body = secrets_of(world, Codename.parse(code))
    assert len(body) == SECRETS == 851_968
    assert world.store.count() == 1
    token = token_of(visitor)
    answers = [hand_in(visitor, one, token) for one in (body, body, os.urandom(SECRETS))]
    assert world.store.count() == 0
    for answer in answers:
        assert (answer.status, answer.html) == (200, "ok\n")
        assert answer.header("Content-Type") == "text/plain; charset=utf-8"
        assert answer.headers == answers[0].headers


def test_a_script_with_an_old_token_gets_a_fresh_one(world: World) -> None:
    visitor = world.visitor()
    code = sent_code(visitor.press(check_of(visitor), RU["send"]))
    body = secrets_of(world, Codename.parse(code))
    refused = hand_in(visitor, body, "old")
    assert (refused.status, world.store.count()) == (403, 1)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", refused.html)
    assert hand_in(visitor, body, refused.html).status == 200
    assert world.store.count() == 0


@pytest.mark.parametrize("length", [0, 32, SECRETS - 1, SECRETS + 1, SECRETS + 32])
def test_a_withdrawal_of_another_length_is_refused(world: World, length: int) -> None:
    """Less would say how many weeks somebody has to take back."""
    visitor = world.visitor()
    token = token_of(visitor)
    visitor.press(check_of(visitor), RU["send"])
    refused = hand_in(visitor, bytes(length), token)
    assert (refused.status, world.store.count()) == (400, 1)


@pytest.mark.parametrize(("error", "status"), [(StoreError("x"), 503), (FullError("x"), 507)])
def test_a_script_is_told_that_it_was_not_done(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    visitor = world.visitor()
    token = token_of(visitor)
    monkeypatch.setattr(world.acceptor, "withdraw", raising(error))
    assert hand_in(visitor, bytes(SECRETS), token).status == status


def test_whoever_left_and_whoever_came_another_way_see_nothing_of_it(
    make_world: Callable[..., World],
) -> None:
    world = make_world(only_onion=True)
    onion = {"Host": world.site.settings.address}
    visitor = world.visitor()
    for method, path in (("GET", "/r"), ("GET", "/r/en"), ("POST", "/r")):
        answer = visitor.ask(method, path)
        assert answer.status == 403
        assert "не через Tor Browser" in answer.words
    visitor.ask("GET", "/x", headers=onion)
    for method, path in (("GET", "/r"), ("POST", "/r")):
        answer = visitor.ask(method, path, headers=onion)
        assert (answer.status, answer.header("Location")) == (303, "/n")
    assert visitor.ask("POST", "/r", bytes(SECRETS), SEALED | onion).status == 503
