"""A person without script can write, check and send; nothing typed is lost on the way."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.container import Mode
from intake.epoch import Epoch
from intake.errors import RosterError, StoreError
from intake.testimony import lines, tidy
from intake.web.public_files import PublicFiles
from tests.web.conftest import World
from tests.web.follow import Page, Visitor, urlencoded

URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}
TEXT = 'Первая строка: Ӏ, ё, "кавычки" <b>&amp;\n\n  вторая\tстрока 100% a+b=c\n'
ALL = {
    "relation": "r.witness",
    "aware": "cannot",
    "narrative": TEXT,
    "when_text": "зимой 2017",
    "where_text": "у дороги <>",
    "who_text": "двое\nв форме",
    "consent": ["stats", "courts"],
}
WORDS = {
    "ru": {
        "start": "Начать",
        "next": "Продолжить",
        "send": "Отправить",
        "change": "Вернуться и изменить",
    },
    "en": {"start": "Start", "next": "Continue", "send": "Send", "change": "Go back and change"},
}


def form_of(visitor: Visitor, lang: str = "ru") -> Page:
    return visitor.press(visitor.get(f"/{lang}"), WORDS[lang]["start"])


def check_of(visitor: Visitor, lang: str = "ru", **fill: object) -> Page:
    filled = {"narrative": TEXT, **fill}
    return visitor.press(form_of(visitor, lang), WORDS[lang]["next"], filled)


NOT_WRITTEN = ("csrf_token", "form", "lang", "resend", "unkept")


def given_back(page: Page) -> dict[str, object]:
    """What the page's form would send, as it was filled in."""
    rows = [r for r in page.forms[0].values() if r[0] not in NOT_WRITTEN]
    got: dict[str, object] = {k: lines(v) for k, v in rows if k != "consent" and v}
    agreed = [value for name, value in rows if name == "consent"]
    return {**got, "consent": agreed} if agreed else got


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_testimony_goes_all_the_way(world: World, lang: str) -> None:
    visitor = world.visitor()
    check = check_of(visitor, lang, **ALL)
    assert (check.status, check.lang) == (200, lang)
    assert given_back(check) == ALL
    assert world.store.count() == 0, "something was kept before Send"
    sent = visitor.press(check, WORDS[lang]["send"])
    assert (sent.status, sent.lang) == (200, lang)
    ((opening, container),) = world.kept()
    assert container.mode is Mode.SERVER
    assert container.form.lang == lang
    assert container.answers == {k: v for k, v in ALL.items() if k != "consent"}
    said = {row.level.value: (row.agreed, row.wording, row.lang) for row in container.consent}
    assert said == {
        "stats": (True, "c_stats.1", lang),
        "publish": (False, "c_publish.1", lang),
        "investigators": (False, "c_investigators.1", lang),
        "courts": (True, "c_courts.1", lang),
        "message": (False, "c_message.1", lang),
    }
    assert opening.roster == world.site.current().roster.digest


def test_the_site_chooses_the_first_language(make_world: Callable[..., World]) -> None:
    assert make_world("en").visitor().get("/").lang == "en"
    assert make_world("ru").visitor().get("/1").lang == "ru"


def test_the_landing_names_who_runs_it_and_its_address(world: World) -> None:
    page = world.visitor().get("/")
    assert "Мы — Северный архив." in page.words
    assert "Сверьте адрес: abcd.onion" in page.words


def test_the_form_cannot_send_itself_where_script_is_on(world: World) -> None:
    """Decision 2: method dialog, and no button that posts outside noscript."""
    page = world.visitor().get("/1")
    scripted = re.sub(
        r"<noscript>.*?</noscript>|<template.*?</template>", "", page.html, flags=re.DOTALL
    )
    assert re.findall(r'<form[^>]*method="([a-z]+)"', scripted) == ["dialog"]
    assert "<button" not in scripted
    assert "formaction" not in scripted
    assert "formmethod" not in scripted
    assert 'type="submit"' not in scripted
    assert 'type="image"' not in scripted


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_without_script_it_is_said_who_could_read_the_text_before_anything_sends_it(
    world: World, lang: str
) -> None:
    """In the form itself, above every button: each of them sends the text."""
    words = {"ru": "Скрипты выключены. Каждая кнопка", "en": "Script is off. Each button"}
    visitor = world.visitor()
    form = form_of(visitor, lang)
    for page in (form, visitor.press(form, WORDS[lang]["next"], {"narrative": " "})):
        (block,) = re.findall(r"<form.*<noscript>(.*)</noscript>.*</form>", page.html, re.DOTALL)
        said, first, _buttons = block.partition("<button")
        assert f'<p class="mode">{words[lang]}' in said
        assert first
        assert words[lang] not in page.html.replace(block, "")


def test_the_script_is_told_the_week_it_is_here(world: World) -> None:
    """Whenever it asks: a page that is open for weeks goes by it too."""
    for day, week in ((dt.date(2026, 11, 22), "2026-W47"), (dt.date(2027, 1, 3), "2026-W53")):
        world.on(day)
        answer = world.visitor().get("/epoch")
        assert (answer.status, answer.html) == (200, week)
        assert answer.header("Content-Type") == "text/plain; charset=utf-8"
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("Set-Cookie") == ""


def test_the_script_finds_what_it_needs(world: World) -> None:
    page = world.visitor().get("/1")
    (form,) = [attrs for tag, attrs in page.tags if tag == "form"]
    files = PublicFiles(world.site, b"")
    assert form == {
        "id": "form",
        "method": "dialog",
        "autocomplete": "off",
        "spellcheck": "false",
        "novalidate": "",
        "data-deployment": world.site.settings.deployment,
        "data-form": "minimal",
        "data-version": "2",
        "data-lang": "ru",
        "data-roster": "/roster.note",
        "data-epoch": "/epoch",
        "data-send": "/s",
        "data-list": files.list.path,
        "data-list-integrity": files.list.integrity,
        "data-stretch": files.stretch.path,
        "data-stretch-integrity": files.stretch.integrity,
    }
    ids = {attrs.get("id") for _, attrs in page.tags}
    fields = ("relation", "aware", "narrative", "when_text", "where_text", "who_text")
    assert {f"field-{name}" for name in fields} | {f"error-{name}" for name in fields} <= ids
    assert {"summary", "actions", "continue-template", "summary-template"} <= ids
    assert {"cover-template", "keys", "support", "continue"} <= ids


def test_the_check_page_says_which_mode_is_in_use(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor, "en")
    assert "Script is off. Your text is locked on our server, in memory" in check.words
    assert "on your device before sending" not in check.words
    sent = visitor.press(check, "Send")
    assert "It was locked on our server, not on your device." in sent.words


def test_the_check_page_shows_what_was_allowed_and_what_was_not(world: World) -> None:
    words = check_of(world.visitor(), "en", consent=["publish"]).words
    yes, no = words.index("You said yes to:"), words.index("You said no to:")
    assert yes < words.index("Publish parts of it") < no < words.index("Count it in totals")


def test_the_check_page_shows_the_number_of_the_keys(world: World) -> None:
    fingerprint = world.site.current().roster.roots.fingerprint
    assert fingerprint in check_of(world.visitor()).words
    assert fingerprint in world.visitor().get("/1").html


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_going_back_keeps_everything(world: World, lang: str) -> None:
    visitor = world.visitor()
    form = visitor.press(check_of(visitor, lang, **ALL), WORDS[lang]["change"])
    assert (form.status, form.lang, form.problems) == (200, lang, [])
    assert given_back(form) == ALL
    again = visitor.press(form, WORDS[lang]["next"], {"narrative": "Другое"})
    visitor.press(again, WORDS[lang]["send"])
    assert world.text() == "Другое"


def test_changing_the_language_keeps_everything(world: World) -> None:
    visitor = world.visitor()
    form = visitor.press(form_of(visitor), "English", ALL)
    assert form.lang == "en"
    assert given_back(form) == ALL
    assert visitor.press(form, "Continue").lang == "en"


def test_a_text_that_begins_with_empty_lines_keeps_them(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor, narrative="\n\nПосле двух строк")
    form = visitor.press(check, "Вернуться и изменить")
    visitor.press(visitor.press(form, "Продолжить"), "Отправить")
    assert world.text() == "\n\nПосле двух строк"


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_any_text_comes_back_letter_by_letter(world: World, text: str) -> None:
    """Through form, check and back; but for signs that no form can hold, and that is said."""
    visitor = world.visitor()
    page = check_of(visitor, narrative=text)
    if tidy(text) == lines(text) and text.strip("\t\n\r "):
        assert page.status == 200
        page = visitor.press(page, "Вернуться и изменить")
    else:
        assert (page.status, bool(page.problems)) == (400, True)
    assert page.forms[0].value("narrative") == tidy(text)


def test_sending_twice_keeps_one(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor)
    first, second = visitor.press(check, "Отправить"), visitor.press(check, "Отправить")
    assert first.status == second.status == 200
    assert first.html == second.html
    assert len(world.kept()) == 1


def test_begun_in_one_week_and_sent_in_the_next_it_is_sealed_in_the_next(world: World) -> None:
    """Sent once more a week later, since no answer came, it is still one, and opens."""
    visitor = world.visitor()
    form = form_of(visitor)
    world.on(world.day + dt.timedelta(weeks=1))
    world.acceptor._today = lambda: world.day
    check = visitor.press(form, "Продолжить", ALL)
    sent_in = []
    for _ in range(3):
        world.on(world.day + dt.timedelta(weeks=1))
        sent_in.append(world.day)
        assert visitor.press(check, "Отправить").status == 200
    ((opening, container),) = world.kept()
    assert opening.epoch == container.epoch == Epoch.of(sent_in[0])


def test_two_people_with_one_text_are_two(world: World) -> None:
    for visitor in (world.visitor(), world.visitor()):
        visitor.press(check_of(visitor), "Отправить")
    assert len(world.kept()) == 2


def test_two_pages_side_by_side_both_work(world: World) -> None:
    visitor = world.visitor()
    one, two = form_of(visitor), form_of(visitor)
    for form, text in ((one, "первая"), (two, "вторая")):
        check = visitor.press(form, "Продолжить", {"narrative": text})
        assert check.status == 200
        assert visitor.press(check, "Отправить").status == 200
    assert sorted(c.answers["narrative"] for _, c in world.kept()) == ["вторая", "первая"]


def test_a_full_disk_gives_the_text_back_and_sends_it_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the store is full")

    visitor = world.visitor()
    check = check_of(visitor, "en", **ALL)
    with monkeypatch.context() as broken:
        broken.setattr(world.acceptor, "accept", full)
        answer = visitor.press(check, "Send")
    assert answer.status == 503
    assert answer.problems == ["It was not sent. Your text is still on this page. Press Send again"]
    assert answer.title == "Error: Form, step 2 of 3"
    assert given_back(answer) == ALL
    assert answer.forms[0].value("resend") == check.forms[0].value("resend")
    assert visitor.press(answer, "Send").status == 200
    assert len(world.kept()) == 1


def test_a_crash_gives_the_text_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    visitor = world.visitor()
    check = check_of(visitor, **ALL)
    with monkeypatch.context() as patch:
        patch.setattr(world.acceptor, "accept", broken)
        answer = visitor.press(check, "Отправить")
    assert answer.status == 500
    # It may have broken after it was kept.
    assert answer.problems[0].startswith("Мы не знаем, отправлено ли это.")
    assert given_back(answer) == ALL
    assert visitor.press(answer, "Отправить").status == 200


def test_with_an_expired_roster_nobody_begins_and_nobody_loses_a_text(world: World) -> None:
    visitor = world.visitor()
    form, check = form_of(visitor, "en"), check_of(visitor, "en", **ALL)
    world.on(world.day + dt.timedelta(days=31))
    assert world.visitor().get("/1").status == 503
    answer = visitor.press(check, "Send")
    assert (answer.status, len(answer.problems)) == (503, 1)
    assert given_back(answer) == ALL
    wrong = visitor.press(form, "Continue", {**ALL, "narrative": " "})
    assert (wrong.status, wrong.lang) == (400, "en")
    assert wrong.forms[0].value("where_text") == ALL["where_text"]
    assert world.store.count() == 0


def test_a_broken_roster_loses_no_text(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise RosterError("the site's roster is missing")

    visitor = world.visitor()
    check = check_of(visitor, **ALL)
    monkeypatch.setattr(world.site, "current", gone)
    answer = visitor.press(check, "Отправить")
    assert answer.status == 503
    assert given_back(answer) == ALL
    assert given_back(visitor.press(answer, "Вернуться и изменить")) == ALL
    assert world.visitor().get("/1").status == 503


def test_a_check_page_without_its_secrets_gets_new_ones(world: World) -> None:
    visitor = world.visitor()
    check = check_of(visitor, **ALL)
    answer = visitor.press(check, "Отправить", {"resend": "AAAA"})
    assert answer.status == 400
    assert given_back(answer) == ALL
    assert world.store.count() == 0
    assert visitor.press(answer, "Отправить").status == 200


def test_a_form_may_come_as_multipart(world: World) -> None:
    visitor = world.visitor()
    form = form_of(visitor)
    form.forms[0].attrs["enctype"] = "multipart/form-data"
    check = visitor.press(form, "Продолжить", ALL)
    assert given_back(check) == ALL


def test_what_the_form_does_not_ask_is_passed_over(world: World) -> None:
    visitor = world.visitor()
    rows = [*form_of(visitor).forms[0].values(), ("narrative", "текст"), ("name", "чужое")]
    rows += [("consent", "government"), ("consent", "message"), ("consent", "stats")]
    rows = [row for row in rows if row != ("narrative", "")]
    check = visitor.ask("POST", "/2", urlencoded(rows), URLENCODED)
    assert check.status == 200
    assert "чужое" not in check.html
    assert given_back(check)["consent"] == ["stats", "message"]


def test_an_unknown_language_is_the_sites(world: World) -> None:
    page = world.visitor().ask("POST", "/1", b"lang=xx&switch=../en", URLENCODED)
    assert (page.status, page.lang) == (200, "ru")
