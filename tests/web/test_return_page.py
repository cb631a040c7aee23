"""Whoever has a code comes back without script: reads, writes more, chooses anew, takes it back."""

import os
import re
from collections.abc import Callable

import pytest

from intake.author import Holder, Resend
from intake.codename import Codename
from intake.container import Kind, Mode
from intake.epoch import Epoch
from intake.reply import row_of
from intake.seal import reply_of
from tests.web.conftest import World
from tests.web.follow import Page
from tests.web.returning import (
    STRANGER,
    WORDS,
    code_of,
    nobodys_rows,
    opened,
    reply_row,
    write_board,
)
from tests.web.test_form_pages import check_of

RU = WORDS["ru"]
REPLY = 'Мы прочитали.\n\n  <b>Спасибо</b> не говорим: "http://example.org"'
QUESTION = "Можно ли сообщить об этом правительству Норвегии?"


def board(world: World, *rows: bytes) -> None:
    write_board(world.site.folder, world.site.settings.deployment, [*rows, *nobodys_rows(30)])


def reply(world: World, codename: Codename, *words: object, **also: object) -> bytes:
    return reply_row(world.site.settings.deployment, codename, *words, **also)


def sent_code(page: Page) -> str:
    """The code on a sent page."""
    (words,) = re.findall(r'<p class="code"><bdi dir="ltr" lang="en">([a-z -]+)</bdi>', page.html)
    return words


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_code_on_the_sent_page_is_the_one_that_the_text_was_sealed_under(
    world: World, lang: str
) -> None:
    """In the order of the list; sent twice, it is the same one, and one text is kept."""
    visitor = world.visitor()
    check = check_of(visitor, lang)
    pages = [visitor.press(check, WORDS[lang]["send"]) for _ in range(2)]
    code = sent_code(pages[0])
    assert sent_code(pages[1]) == code
    holder = Holder.of(Codename.parse(code), world.site.settings.deployment)
    ((_, container),) = world.kept()
    assert container.reply == reply_of(holder)
    parts = {
        "ru": [
            "Отправлено",
            "закрыт",
            "связаться",
            "Ваш код",
            code,
            "По этому",
            "Любой",
            "Новый код",
        ],
        "en": [
            "has been sent",
            "locked",
            "reach you",
            "Your code",
            code,
            "With this",
            "Anyone",
            "new",
        ],
    }[lang]
    last = {
        "ru": ["закройте Tor", "После такого", "Подтверждение"],
        "en": ["close Tor", "upset", "Proof"],
    }
    main = pages[0].html.partition("<main")[2].partition("</main>")[0]
    places = [main.index(part) for part in (*parts, *last[lang])]
    assert places == sorted(places)


def test_the_code_is_on_the_sent_page_and_nowhere_else_before(world: World) -> None:
    """The check page carries it as bytes, and shows no word of it."""
    visitor = world.visitor()
    check = check_of(visitor)
    sent = visitor.press(check, RU["send"])
    code = sent_code(sent)
    assert Resend.parse(check.forms[0].value("resend")).codename == Codename.parse(code)
    assert not set(code.split()) & set(re.findall(r"[a-z]{4,}", check.words))
    landing = visitor.get("/ru")
    assert [link["href"] for link in landing.links if link["href"].startswith("/r/")] == ["/r/ru"]


def test_the_page_asks_for_one_thing_and_says_who_will_see_it(world: World) -> None:
    for lang, words in (("ru", "Скрипты выключены"), ("en", "Scripts are off")):
        page = world.visitor().get(f"/r/{lang}")
        assert (page.status, page.lang) == (200, lang)
        assert page.title == world.visitor().get(f"/s/{lang}").title
        (form,) = page.forms
        assert [c.name for c in form.controls if c.type != "hidden"] == ["code", "unkept"]
        said, _, rest = page.html.partition("<noscript>\n<input")
        assert words not in said
        assert words in rest.partition("<button")[0]
    assert world.visitor().get("/r").lang == "ru"
    assert world.visitor().get("/r/de").status == 404
    assert world.visitor().get("/r/ru?code=x").forms[0].value("code") == ""


def test_the_page_cannot_send_itself_where_script_is_on(world: World) -> None:
    page = world.visitor().get("/r")
    scripted = re.sub(
        r"<noscript>.*?</noscript>|<template.*?</template>", "", page.html, flags=re.DOTALL
    )
    assert re.findall(r'<form[^>]*method="([a-z]+)"', scripted) == ["dialog"]
    for way in ("<button", "formaction", "formmethod", 'type="submit"', 'type="image"'):
        assert way not in scripted


def test_the_script_finds_what_it_needs(world: World) -> None:
    page = world.visitor().get("/r/en")
    attrs = page.forms[0].attrs
    assert attrs["data-deployment"] == world.site.settings.deployment
    shown = {name.removeprefix("data-"): value for name, value in attrs.items()}
    assert {name: shown[name] for name in ("lang", "roster", "epoch", "send", "return")} == {
        "lang": "en",
        "roster": "/roster.note",
        "epoch": "/epoch",
        "send": "/s",
        "return": "/r",
    }
    assert (shown["board"], shown["days"]) == ("/board/", "30")
    form = world.visitor().get("/1")
    same = [t for t in form.tags if t[0] == "script"]
    assert [t for t in page.tags if t[0] == "script"] == same
    (other,) = [a for tag, a in form.tags if tag == "form"]
    names = ("data-list", "data-list-integrity", "data-stretch", "data-stretch-integrity")
    assert [attrs[name] for name in names] == [other[name] for name in names]
    assert any(a.get("id") == "open" for tag, a in page.tags if tag == "button")


def test_what_is_no_code_is_said_word_by_word_and_kept(world: World) -> None:
    visitor = world.visitor()
    typed = "abacus  Abacs, zzzzqq abacus"
    page = opened(visitor, typed, "en")
    assert page.status == 400
    assert page.forms[0].value("code") == typed
    assert page.problems == [
        "A code has eight words. Words here: 4",
        (
            "These are not eight words from the list. Check the word: abacs."
            " A word from the list that is close to it: abacus"
        ),
        "These are not eight words from the list. Check the word: zzzzqq",
    ]
    for odd in ("", "abacus " * 7, "abacus " * 9, "<b>" * 8, "x" * 5000, "я" * 100, "\x00 \ufffd"):
        page = opened(visitor, odd, "en")
        assert page.status == 400
        assert page.problems
        assert page.title.startswith("Error")
    assert world.store.count() == 0


def test_any_eight_words_open_the_same_page(world: World) -> None:
    """But for the code itself and the token it is the same bytes, as long, with the same headers."""
    visitor = world.visitor()
    true = sent_code(visitor.press(check_of(visitor), RU["send"]))
    board(world, reply(world, Codename.fresh(), "to somebody else"))

    def shown(code: str) -> tuple[str, int, list[tuple[str, str]]]:
        page = opened(visitor, code)
        assert page.status == 200
        assert RU["none"] in page.words
        html = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", page.html.replace(code, ""))
        return html.partition("</html>")[0], len(page.html.encode()), page.headers

    first = shown(true)
    for _ in range(3):
        assert shown(code_of(Codename.fresh())) == first
    assert first[1] == 64 * 1024
    assert world.store.count() == 1


def test_however_a_code_is_typed_the_page_has_it_in_one_spelling(world: World) -> None:
    codename = Codename.fresh()
    board(world, reply(world, codename, REPLY))
    for typed in (code_of(codename).upper(), "\n ".join(codename.words), code_of(codename) + "."):
        page = opened(world.visitor(), typed)
        assert RU["some"] in page.words
        assert page.forms[0].value("code") == code_of(codename)


def test_a_reply_is_text_alone_and_others_of_strangers_are_not_shown(world: World) -> None:
    codename, other = Codename.fresh(), Codename.fresh()
    board(
        world,
        reply(world, codename, REPLY),
        reply(world, codename, "Второе письмо", number=1),
        reply(world, codename, "чужая подпись", number=2, signer=STRANGER),
        reply(world, other, "другому"),
    )
    page = opened(world.visitor(), code_of(codename))
    assert page.status == 200
    assert page.words.count(f"От нашей группы, неделя {Epoch.now()}") == 2
    assert REPLY in page.words
    assert page.words.index(REPLY) < page.words.index("Второе письмо")
    assert "<b>Спасибо" not in page.html
    assert "чужая" not in page.html
    assert "другому" not in page.html
    assert not [a for a in page.links if "example" in a["href"]]
    assert [attrs["class"] for tag, attrs in page.tags if attrs.get("dir") == "auto"] == [
        "said"
    ] * 2
    assert "dd,.said,pre{white-space:pre-wrap}" in page.html


def test_more_is_sealed_as_an_addition_under_the_same_code_and_once(world: World) -> None:
    visitor = world.visitor()
    code = sent_code(visitor.press(check_of(visitor), RU["send"]))
    more = visitor.press(opened(visitor, code), RU["more"])
    assert world.store.count() == 1, "something was kept before Send"
    sent = [visitor.press(more, RU["send"], {"narrative": "Ещё\nодно"}) for _ in range(3)]
    assert [page.status for page in sent] == [200] * 3
    assert len({page.html for page in sent}) == 1
    assert "Подтверждение" in sent[0].words
    assert "Ваш код" not in sent[0].words
    first, added = sorted((c for _, c in world.kept()), key=lambda c: c.kind is Kind.ADDITION)
    assert (added.kind, added.mode, added.form.lang) == (Kind.ADDITION, Mode.SERVER, "ru")
    assert added.answers == {"narrative": "Ещё\nодно"}
    assert added.reply == first.reply
    assert added.consent == ()


def test_what_was_changed_before_it_was_sent_again_is_kept_too(world: World) -> None:
    """Back, and Send with another text: under the same secrets the second would be lost."""
    visitor = world.visitor()
    more = visitor.press(opened(visitor, code_of(Codename.fresh())), RU["more"])
    for text in ("одно", "другое", "одно", "третье"):
        assert visitor.press(more, RU["send"], {"narrative": text}).status == 200
    texts = sorted(container.answers["narrative"] for _, container in world.kept())
    assert texts == ["другое", "одно", "третье"]


def test_two_texts_that_got_the_same_number_by_chance_are_both_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 256 numbers a week, with the first one given to everything."""
    monkeypatch.setattr(
        os, "urandom", lambda size, real=os.urandom: real(size) if size > 1 else b"\7"
    )
    visitor = world.visitor()
    code = sent_code(visitor.press(check_of(visitor, narrative="первое"), RU["send"]))
    for text in ("второе", "третье"):
        more = visitor.press(opened(visitor, code), RU["more"])
        for _ in range(2):
            assert visitor.press(more, RU["send"], {"narrative": text}).status == 200
    assert len(world.kept()) == 3


def test_all_uses_are_asked_anew_with_no_tick_and_sealed_as_said(world: World) -> None:
    visitor = world.visitor()
    code = sent_code(visitor.press(check_of(visitor, consent=["stats"]), RU["send"]))
    choices = visitor.press(opened(visitor, code), RU["choices"])
    ticks = [c for c in choices.forms[0].controls if c.type == "checkbox"]
    assert [c.value for c in ticks] == ["stats", "publish", "investigators", "courts", "message"]
    assert not [c for c in ticks if "checked" in c.attrs]
    done = visitor.press(choices, RU["send"], {"consent": ["message", "courts"]})
    assert "Ваши разрешения отправлены." in done.words
    kept = {container.kind: container for _, container in world.kept()}
    rows = {row.level.value: row.agreed for row in kept[Kind.CONSENT].consent}
    assert rows == {
        "stats": False,
        "publish": False,
        "investigators": False,
        "courts": True,
        "message": True,
    }
    assert kept[Kind.CONSENT].reply == kept[Kind.TESTIMONY].reply
    assert RU["none"] in visitor.press(done, RU["back"]).words


@pytest.mark.parametrize(("button", "agreed"), [("Да", True), ("Нет", False)])
def test_a_question_is_answered_with_yes_or_no(world: World, button: str, agreed: bool) -> None:
    codename = Codename.fresh()
    board(
        world,
        reply(world, codename, REPLY, QUESTION),
        reply(world, codename, "Без вопроса", number=1),
    )
    visitor = world.visitor()
    page = opened(visitor, code_of(codename))
    assert page.words.count("Один вопрос") == 1
    assert QUESTION in page.words
    assert len(page.forms) == 2
    for _ in range(2):
        done = visitor.press(page, button)
        assert (done.status, "Ваши разрешения отправлены." in done.words) == (200, True)
    ((_, container),) = world.kept()
    assert container.kind is Kind.CONSENT
    assert [row.to_json() for row in container.consent] == [
        ["government", agreed, "c_government.1", "ru"]
    ]
    assert container.answers == {"asked": page.forms[0].value("question")}


def test_yes_and_then_no_from_the_same_page_are_both_kept(world: World) -> None:
    """A no that was lost would leave a yes that somebody took back."""
    codename = Codename.fresh()
    board(world, reply(world, codename, REPLY, QUESTION))
    visitor = world.visitor()
    page = opened(visitor, code_of(codename))
    visitor.press(page, "Да")
    visitor.press(page, "Нет")
    assert sorted(c.consent[0].agreed for _, c in world.kept()) == [False, True]


def test_a_question_that_is_not_on_the_board_for_this_code_is_not_answered(world: World) -> None:
    mine, other = Codename.fresh(), Codename.fresh()
    board(world, reply(world, mine, REPLY, QUESTION), reply(world, other, REPLY, "Другой?"))
    visitor = world.visitor()
    page = opened(visitor, code_of(mine))
    theirs = opened(visitor, code_of(other)).forms[0].value("question")
    for question in (theirs, "sha256:" + "0" * 64, "", "x"):
        refused = visitor.press(page, "Да", {"question": question})
        assert refused.status == 400
        assert refused.forms[0].value("code") == code_of(mine)
    board(world)  # it left the board
    assert visitor.press(page, "Да").status == 400
    assert world.store.count() == 0


def withdrawing(visitor: object, code: str) -> Page:
    return visitor.press(opened(visitor, code), RU["withdraw"])


def test_all_that_was_sent_with_a_code_is_taken_back_and_nothing_else(world: World) -> None:
    """And a code that was never given gets the same page, to the byte."""
    visitor = world.visitor()
    others = sent_code(visitor.press(check_of(visitor, narrative="чужое"), RU["send"]))
    code = sent_code(visitor.press(check_of(visitor), RU["send"]))
    more = visitor.press(opened(visitor, code), RU["more"])
    visitor.press(more, RU["send"], {"narrative": "ещё"})
    assert world.store.count() == 3
    page = withdrawing(visitor, code)
    assert "Срок в днях: 30." in page.words
    assert "за последние два года" in page.words
    assert world.store.count() == 3
    kept = visitor.press(page, "Оставить")
    assert RU["none"] in kept.words
    done = visitor.press(page, "Отозвать")
    assert (done.status, "Отозвано." in done.words) == (200, True)
    assert world.text() == "чужое"
    assert code not in done.html
    for again in (code, code_of(Codename.fresh())):
        same = visitor.press(withdrawing(visitor, again), "Отозвать")
        assert (same.status, same.html) == (200, done.html)
    assert others != code
    assert world.store.count() == 1


def test_how_long_it_can_take_is_the_operators_to_say(make_world: Callable[..., World]) -> None:
    world = make_world(withdraw_days=7)
    visitor = world.visitor()
    assert "Срок в днях: 7." in withdrawing(visitor, code_of(Codename.fresh())).words
    assert visitor.get("/r").forms[0].attrs["data-days"] == "7"


def test_another_language_keeps_the_code_and_the_text(world: World) -> None:
    codename = Codename.fresh()
    board(world, reply(world, codename, REPLY))
    visitor = world.visitor()
    page = visitor.press(visitor.get("/r"), "English", {"code": "half of a code"})
    assert (page.status, page.lang, page.forms[0].value("code")) == (200, "en", "half of a code")
    page = visitor.press(opened(visitor, code_of(codename)), "English")
    assert WORDS["en"]["some"] in page.words
    page = visitor.press(visitor.press(page, "Write more"), "Русский", {"narrative": "текст"})
    assert (page.lang, page.forms[0].value("narrative")) == ("ru", "текст")
    page = visitor.press(page, "English")
    assert visitor.press(page, "Send").status == 200
    ((_, container),) = world.kept()
    assert (container.answers, container.form.lang) == ({"narrative": "текст"}, "en")
    choices = visitor.press(opened(visitor, code_of(codename)), RU["choices"])
    page = visitor.press(choices, "English", {"consent": ["courts"]})
    assert (page.lang, page.forms[0].value("consent")) == ("en", "courts")
    page = visitor.press(withdrawing(visitor, code_of(codename)), "English")
    assert "Days this can take: 30." in page.words


def test_row_of_is_what_a_board_holds() -> None:
    """The rows of these tests are rows: else nothing on them would ever be opened."""
    assert len(nobodys_rows(1)[0]) == len(reply_row("test-abcdefgh", Codename.fresh(), "x"))
    assert row_of
