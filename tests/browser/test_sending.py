"""Writing, checking and sending in real browsers, with script and without it."""

from dataclasses import replace

import pytest

from intake.container import Mode
from intake.log.acknowledgement import Acknowledgement
from intake.tlog.promise import Promise
from tests.browser.browsers import FIREFOX_RARELY, Browsers, Tab, until
from tests.browser.serving import Served
from tests.browser.wire import Wire
from tests.browser.writing import NATIVE, SENTENCE, WORDS, check_kept, open_form, write

SEND = {True: "#send", False: "form[action='/3'] button:not([formaction])"}


def go_to_check(tab: Tab, *, script: bool) -> None:
    """Continue, and see the text on the check page."""
    tab.press("#continue" if script else NATIVE)
    until(lambda: tab.has(SEND[script]), "the check page")
    until(lambda: SENTENCE in tab.text("dl"), "the text on the check page")


def test_with_script_no_word_leaves_the_browser(tab: Tab, wire: Wire, site: Served) -> None:
    """What is written is sealed in the browser: no request holds it in any spelling."""
    open_form(tab, wire, script=True)
    assert tab.title() == "Форма, шаг 1 из 3"
    assert "Скрипты выключены" not in tab.text()
    assert not tab.has(".mode")
    write(tab)
    go_to_check(tab, script=True)
    assert tab.title() == "Форма, шаг 2 из 3"
    shown = tab.text()
    assert "С другим человеком, на моих глазах" in shown
    assert "Текст закрывается на вашем устройстве до отправки" in shown
    assert site.site.roots().fingerprint in shown
    assert "Учесть в общих цифрах" in tab.text("#check-yes")
    assert "Опубликовать части текста" in tab.text("#check-no")
    tab.press("#send")
    until(lambda: tab.title() == "Форма, шаг 3 из 3", "the sent page")
    assert "Открыть его может только наша группа проверки" in tab.text()
    assert not wire.leaks(SENTENCE)
    assert not wire.leaks("Ӏамаркъ")
    (post,) = wire.posts
    assert (post.path, post.type) == ("/s", "application/octet-stream")
    assert {r.path.partition("-")[0] for r in wire.requests} == {
        *("/1", "/s", "/roots", "/phrases", "/seal", "/roster.note", "/epoch"),
        *("/words", "/stretch"),
    }
    check_kept(site.kept(), Mode.BROWSER)
    assert getattr(tab, "complaints", []) == []


def test_without_script_the_same_is_kept(bare_tab: Tab, wire: Wire, site: Served) -> None:
    """Who has script off is told first who can read it, and sends through the page's buttons."""
    open_form(bare_tab, wire, script=False)
    assert "Скрипты выключены" in bare_tab.text("noscript .mode")
    assert "До этого сервер мог бы его прочитать" in bare_tab.text()
    write(bare_tab)
    assert wire.posts == []
    go_to_check(bare_tab, script=False)
    assert "Скрипты выключены" in bare_tab.text()
    bare_tab.press(SEND[False])
    until(lambda: bare_tab.title() == "Форма, шаг 3 из 3", "the sent page")
    assert "Он был закрыт на нашем сервере" in bare_tab.text()
    assert [post.path for post in wire.posts] == ["/2", "/3"]
    assert wire.leaks(SENTENCE) == wire.posts  # so the search finds what is there
    assert not any(r.path.endswith(".js") for r in wire.requests)
    check_kept(site.kept(), Mode.SERVER)


@FIREFOX_RARELY
def test_where_the_line_fails_at_first_whoever_is_writing_goes_on(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """The keys come with the third request for them; nothing that was written meanwhile is lost."""
    failing = [1, 2]

    def lost(status: int, body: bytes) -> tuple[int, bytes]:
        return (404, b"") if failing and failing.pop() else (status, body)

    wire.alter["/roster.note"] = lost
    tab.open(f"{wire.address}/1")
    until(lambda: tab.has("[name=narrative]"), "the form")
    assert not tab.has("#continue")
    write(tab)
    until(lambda: tab.has("#continue"), "a button to go on with")
    assert not tab.has("#summary li")
    go_to_check(tab, script=True)
    tab.press("#send")
    until(lambda: tab.title() == "Форма, шаг 3 из 3", "the sent page")
    assert [r.path for r in wire.requests].count("/roster.note") == 3
    check_kept(site.kept(), Mode.BROWSER)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_sent_again_after_a_lost_answer_it_is_kept_once(
    both: Browsers, browser: str, wire: Wire, site: Served, script: bool
) -> None:
    """The line breaks after the server kept it: Send again gives the sent page, and one is kept."""
    path = "/s" if script else "/3"
    with both.tab(browser, script=script) as tab:
        open_form(tab, wire, script=script)
        write(tab)
        go_to_check(tab, script=script)
        wire.cut.add(path)
        tab.press(SEND[script])
        until(lambda: not wire.cut, "the cut")
        assert len(site.kept()) == 1
        if script:
            until(lambda: WORDS["unknown"] in tab.text(), "the words that nobody knows")
            until(lambda: tab.has("#send:enabled"), "Send to be pressed again")
            assert tab.is_at("#send")
            tab.press("#send")
        else:
            tab.send_again(lambda: tab.title() == "Форма, шаг 3 из 3")
        until(lambda: tab.title() == "Форма, шаг 3 из 3", "the sent page")
    sent = [post.body for post in wire.posts if post.path == path]
    assert len(sent) >= 2
    assert len(set(sent)) == 1
    check_kept(site.kept(), Mode.BROWSER if script else Mode.SERVER)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_logs_promise_is_shown_to_who_asks_for_it_and_to_nobody_else(
    both: Browsers, browser: str, wire: Wire, site: Served, script: bool
) -> None:
    """Behind a line that says what it is; it is the site's word for the one thing that was kept."""
    with both.tab(browser, script=script) as tab:
        open_form(tab, wire, script=script)
        write(tab)
        go_to_check(tab, script=script)
        tab.press(SEND[script])
        until(lambda: tab.title() == "Форма, шаг 3 из 3", "the sent page")
        assert not tab.has("main pre")
        tab.press("main summary")
        until(lambda: tab.has("main pre"), "the promise")
        assert "Кто найдёт у вас эти строки, узнает, что вы нам писали." in tab.text()
        given = Acknowledgement.parse(f"{tab.text('main pre').strip()}\n".encode())
    Promise.open(given.note.to_bytes(), site.site.log_signer.vkey)
    assert [given.opening] == site.openings()


@pytest.mark.parametrize("lie", ["another key", "another object"])
def test_a_promise_that_does_not_hold_is_not_shown_as_one(
    both: Browsers, wire: Wire, site: Served, lie: str
) -> None:
    """It was sent all the same, and it is said that this does not mean that it is lost."""
    stranger = replace(site.site.log_signer, seed=bytes(32))

    def changed(status: int, answer: bytes) -> tuple[int, bytes]:
        opening = Acknowledgement.parse(answer).opening
        if lie == "another key":
            return status, Acknowledgement.give(opening, stranger).to_bytes()
        other = replace(opening, envelope=bytes(32))
        return status, Acknowledgement.give(other, site.site.log_signer).to_bytes()

    with both.tab("chromium", script=True) as tab:
        open_form(tab, wire, script=True)
        write(tab)
        go_to_check(tab, script=True)
        wire.alter["/s"] = changed
        tab.press("#send")
        until(lambda: tab.title() == "Форма, шаг 3 из 3", "the sent page")
        tab.press("main summary")
        until(lambda: "Это не значит, что текст пропал." in tab.text(), "that it does not hold")
        assert not tab.has("main pre")
    check_kept(site.kept(), Mode.BROWSER)


@pytest.mark.parametrize(
    "answer",
    [b"", b"<!doctype html><title>Blocked</title>", b"x" * 3_000_000],
    ids=["nothing", "a gateway's page", "an endless line"],
)
def test_an_answer_that_is_not_the_sites_own_does_not_take_the_text_away(
    both: Browsers, wire: Wire, site: Served, answer: bytes
) -> None:
    """A gateway that says 200 for the site may have let nothing through. Sent again, one is kept."""
    with both.tab("chromium", script=True) as tab:
        open_form(tab, wire, script=True)
        write(tab)
        go_to_check(tab, script=True)
        wire.alter["/s"] = lambda status, _: (status, answer)
        tab.press("#send")
        until(lambda: WORDS["unknown"] in tab.text(), "the words that nobody knows")
        assert SENTENCE in tab.text("dl")
        wire.alter.clear()
        tab.press("#send")
        until(lambda: tab.title() == "Форма, шаг 3 из 3", "the sent page")
        tab.press("main summary")
        until(lambda: tab.has("main pre"), "the promise of what came first")
    check_kept(site.kept(), Mode.BROWSER)
