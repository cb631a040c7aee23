"""Coming back with a code, with script: messages, more, other choices, and taking it back."""

from itertools import pairwise

import pytest

from intake.author import Holder, withdraw_commit_of
from intake.codename import Codename
from intake.container import Kind, Level, Mode
from intake.epoch import Epoch
from intake.web.site import today_in_utc
from tests.browser.browsers import (
    CHROMIUM_RARELY,
    FIREFOX_RARELY,
    Browsers,
    ChromiumTab,
    Tab,
    until,
)
from tests.browser.returning import (
    PATIENT,
    SOME,
    come_back,
    decoys,
    give_board,
    go,
    open_all_of_return,
    open_code,
    open_return,
    reply,
    write_and_send,
)
from tests.browser.serving import Served
from tests.browser.wire import Wire
from tests.browser.writing import SENTENCE, WORDS, status_of

MARKUP = "Мы прочитали.\n\n  <b>жирно</b> https://example.org/ <img src=x onerror=alert(1)>"
QUESTION = "Можно ли сообщить об этом правительству Норвегии?"
BOARD = "Сообщения не пришли. Попробуйте ещё раз"
MORE = "Ещё одно: Ӏаьржа машина"


def pairs(code: Codename) -> list[str]:
    """Each two words that follow each other; one alone may stand in a page by itself, as "art"."""
    return [" ".join(two) for two in pairwise(code.words)]


def this_week() -> Epoch:
    return Epoch.of(today_in_utc())


@pytest.fixture(scope="module")
def code() -> Codename:
    """A code that nobody had before."""
    return Codename.fresh()


@pytest.fixture(scope="module")
def holder(server: Served, code: Codename) -> Holder:
    """Whoever has it."""
    return Holder.of(code, server.site.settings.deployment)


@CHROMIUM_RARELY
def test_whoever_wrote_gets_a_code_and_everything_can_be_done_with_it(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """Write, come back, read, answer, change, write more, withdraw: under one code, all of it sealed."""
    code = write_and_send(tab, wire)
    assert tab.text(".code") == " ".join(code.words)
    shown = tab.text()
    order = [
        "Отправлено",
        "Текст закрыт",
        "Ваш код",
        "Новый код мы выдать не можем",
        "закройте Tor",
    ]
    assert sorted(order, key=shown.index) == order
    holder = Holder.of(code, site.site.settings.deployment)
    (first,) = site.kept()
    assert first.reply is not None
    assert (first.reply.mailbox, first.reply.to) == (holder.mailbox, holder.reply_to)

    row, note = reply(site, holder, MARKUP, QUESTION)
    give_board(wire, site, [row, *decoys(3)])
    come_back(tab, wire, code)
    assert tab.text("h1") == SOME
    assert MARKUP in tab.text()
    assert tab.source().count("example.org") == 1  # text, and no address of anything
    tab.press("[data-answer=yes]")
    until(lambda: tab.has("#back"), "that it was sent")
    tab.press("#back")
    until(lambda: tab.has("#more"), "the messages again")

    go(tab, "consent")
    tab.press("[value=courts]")
    tab.press("#send")
    until(lambda: not tab.has("fieldset"), "that it was sent")
    tab.press("#back")
    until(lambda: tab.has("#more"), "the messages again")

    go(tab, "more")
    tab.type("textarea", MORE)
    tab.press("#send")
    until(lambda: "Теперь закройте Tor Browser" in tab.text(), "the sent page")
    assert not tab.has(".code")

    said = {(kept.kind, bool(kept.answers)): kept for kept in site.kept()}
    assert len(said) == len(site.kept()) == 4
    answer, change = said[Kind.CONSENT, True], said[Kind.CONSENT, False]
    more = said[Kind.ADDITION, True]
    assert [row.level for row in answer.consent if row.agreed] == [Level.GOVERNMENT]
    assert answer.answers == {"asked": note.digest}
    assert {row.level for row in change.consent if row.agreed} == {Level.COURTS}
    assert len(change.consent) == 5
    assert (more.kind, more.answers) == (Kind.ADDITION, {"narrative": MORE})
    assert {kept.reply for kept in site.kept()} == {first.reply}
    assert {kept.mode for kept in site.kept()} == {Mode.BROWSER}
    for text in (SENTENCE, MORE, *pairs(code), note.digest):
        assert not wire.leaks(text)

    come_back(tab, wire, code)
    assert getattr(tab, "complaints", []) == []
    go(tab, "withdraw")
    assert "30" in tab.text()
    take_withdrawals(wire, 503)
    tab.press("#yes")
    until(
        lambda: WORDS["retry"] in tab.text("#send-problem"), "that it did not go through", PATIENT
    )
    take_withdrawals(wire, 200)
    tab.press("#yes")
    until(lambda: tab.has("h1") and tab.text("h1") == "Отозвано.", "that it is withdrawn", PATIENT)
    posts = [post for post in wire.posts if post.path == "/r"]
    assert len(posts) == 2
    assert {post.type for post in posts} == {"application/octet-stream"}
    for post in posts:
        assert post.body == b"".join(author.withdraw for author in holder.authors(this_week()))
        opened = {withdraw_commit_of(post.body[at : at + 32]) for at in range(0, 256 * 32, 32)}
        assert {opening.withdraw_commit for opening in site.openings()} <= opened


def take_withdrawals(wire: Wire, status: int) -> None:
    """Answer a withdrawal so; all else that begins with its path is answered as ever."""

    def answer(real: int, body: bytes) -> tuple[int, bytes]:
        if wire.requests[-1].method == "POST":
            return status, b"ok\n"
        return real, body

    wire.alter["/r"] = answer


def test_what_is_no_code_is_said_on_the_page_and_nobody_is_asked(tab: Tab, wire: Wire) -> None:
    """A word that no list has, with the one that was meant; too few and too many of them."""
    open_all_of_return(tab, wire)
    asked = None
    for typed, said in (
        (
            "abacus zoom drop-down felt-tip t-shirt yo-yo unicorn",
            "В коде восемь слов. Здесь слов: 7",
        ),
        ("abacus " * 9, "В коде восемь слов. Здесь слов: 9"),
        ("abacus zoom drop-down felt-tip t-shirt yo-yo unicorn ganite", "granite"),
        ("ABACUS zoom drop-down felt-tip t-shirt yo-yo unicorn <b>гранит</b>", "гранит"),
        ("", "В коде восемь слов. Здесь слов: 0"),
    ):
        tab.empty("#code")
        tab.type("#code", typed)
        if asked is None:
            tab.enter("#code")
        else:
            tab.press("#open")
        until(lambda said=said: tab.has("#summary") and said in tab.text("#summary"), said)
        assert said in tab.text("#error-code")
        assert tab.title().startswith("Ошибка")
        asked = len(wire.requests) if asked is None else asked
        assert len(wire.requests) == asked
        assert tab.value("#code").strip() == typed.strip()
    assert wire.posts == []


@FIREFOX_RARELY
def test_a_board_that_does_not_hold_is_fetched_once_more_and_the_code_kept(
    tab: Tab, wire: Wire, site: Served, code: Codename, holder: Holder
) -> None:
    """A part that is another than its index says is shown to nobody."""
    (part,) = give_board(wire, site, [reply(site, holder, "x")[0], *decoys(1)])
    good = wire.alter["/board/0"]
    wire.alter["/board/0"] = lambda status, _body: (200, part[:-1] + b"x")
    open_return(tab, wire)
    tab.type("#code", " ".join(code.words))
    wire.requests.clear()
    tab.enter("#code")
    until(lambda: tab.has("#summary") and BOARD in tab.text("#summary"), BOARD, PATIENT)
    asked = [request.path for request in wire.requests if "/board/" in request.path]
    assert asked == ["/board/index", "/board/0"] * 2
    assert Codename.parse(tab.value("#code")) == code
    wire.alter["/board/0"] = good
    tab.press("#open")
    until(lambda: tab.has("#more"), "the messages", PATIENT)
    assert tab.text("h1") == SOME


def back_to_the_code(tab: Tab) -> None:
    """From writing more, with two presses of Back."""
    for page in ("#more", "#open"):
        tab.turn(-1)
        until(lambda page=page: tab.has(page), "the page before")


@FIREFOX_RARELY
def test_what_is_added_is_never_lost_and_leaving_takes_everything_away(
    tab: Tab, wire: Wire, site: Served, code: Codename, holder: Holder
) -> None:
    """Back and forth, another code, an empty box, a server that cannot; then the page is left, and Back shows nothing."""
    give_board(wire, site, [reply(site, holder, MARKUP)[0]])
    come_back(tab, wire, code)
    go(tab, "more")
    tab.press("#send")
    until(lambda: "Достаточно одного предложения" in tab.text("#summary"), "what is wrong")
    tab.type("textarea", MORE)
    tab.turn(-1)
    until(lambda: tab.has("#more"), "the messages again")
    go(tab, "more")
    assert tab.value("textarea") == MORE
    tab.press("#back")
    until(lambda: tab.has("#more"), "the messages once more")
    go(tab, "more")
    for opened, kept in ((Codename.fresh(), ""), (code, MORE)):
        back_to_the_code(tab)
        assert MORE not in tab.source()
        open_code(tab, opened)
        go(tab, "more")
        assert tab.value("textarea") == kept
    wire.alter["/s"] = lambda status, body: (
        (503, b"") if wire.requests[-1].method == "POST" else (status, body)
    )
    tab.press("#send")
    until(lambda: WORDS["retry"] in tab.text("#send-problem"), "that it was not taken", PATIENT)
    assert tab.value("textarea") == MORE
    assert tab.is_at("#send")
    del wire.alter["/s"]
    tab.press("#send")
    until(lambda: "Теперь закройте Tor Browser" in tab.text(), "the sent page", PATIENT)
    bodies = [post.body for post in wire.posts]
    assert len({status_of(body) for body in bodies}) == 1
    assert {kept.answers["narrative"] for kept in site.kept()} == {MORE}
    come_back(tab, wire, code)
    tab.open(f"{wire.address}/n")
    until(lambda: tab.has("main") and not tab.has("#more"), "the neutral page")
    tab.turn(-1)
    until(lambda: tab.has("#open"), "the page for a code")
    for secret in (*pairs(code), MORE, "жирно"):
        assert secret not in tab.source()
    assert tab.value("#code") == ""


def test_a_number_that_was_used_before_takes_nothing_away(
    both: Browsers, wire: Wire, site: Served, code: Codename, holder: Holder
) -> None:
    """Of two under one number the server keeps the first: what comes second is sent under another."""
    give_board(wire, site, [])
    rolled = "crypto.getRandomValues = ((real, given) => (bytes) => bytes.length === 1 && given.length ? bytes.fill(given.shift()) : real.call(crypto, bytes))(crypto.getRandomValues, [7, 7, 8])"
    for text in ("первое", "второе"):
        with both.tab("chromium", script=True) as tab:
            assert isinstance(tab, ChromiumTab)
            tab.page.add_init_script(rolled)
            come_back(tab, wire, code)
            go(tab, "more")
            tab.type("textarea", text)
            tab.press("#send")
            until(lambda: tab.has("details"), "the sent page", PATIENT)
            tab.press("main summary")
            until(lambda: tab.has("main pre"), "the promise of what was sent")
    assert sorted(kept.answers["narrative"] for kept in site.kept()) == ["второе", "первое"]
    assert [post.path for post in wire.posts] == ["/s"] * 3
