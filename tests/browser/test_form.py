"""The script path's own pages: what is wrong is said in place, and no text is ever lost."""

import threading
import time

import pytest

from intake.container import Mode
from tests.browser.browsers import FIREFOX_RARELY, Browsers, Tab, in_both, until
from tests.browser.serving import Served
from tests.browser.wire import Wire
from tests.browser.writing import (
    NATIVE,
    SENTENCE,
    WORDS,
    check_kept,
    open_form,
    status_of,
    write,
)

ENDS = ("Форма, шаг 3 из 3", "Form, step 3 of 3")
STEPS = [f"Форма, шаг {n} из 3" for n in (1, 2, 3)]


def test_what_is_wrong_is_said_at_the_field_and_at_the_top(tab: Tab, wire: Wire) -> None:
    """An empty box and a line too long: two links at the top, and the words at each field."""
    open_form(tab, wire, script=True)
    tab.type("[name=when_text]", "я" * 203)
    tab.press("#continue")
    until(lambda: tab.has("#summary li"), "the list of what is wrong")
    assert tab.title() == f"Ошибка: {STEPS[0]}"
    empty = "Напишите что-нибудь в поле. Достаточно одного предложения"
    long = "Лишних знаков: 3. Сократите текст или отправьте двумя частями"
    assert tab.text("#summary ul").split("\n") == [empty, long]
    assert empty in tab.text("#error-narrative")
    assert long in tab.text("#error-when_text")
    assert not tab.has("#error-who_text")
    tab.press("#summary a")
    tab.type("[name=narrative]", SENTENCE)
    assert tab.value("[name=when_text]") == "я" * 203
    tab.press("#continue")
    until(lambda: not tab.has("#error-narrative"), "one thing less that is wrong")
    assert tab.text("#summary ul") == long
    assert wire.posts == []


def test_the_browsers_own_back_goes_back_to_the_form_and_keeps_everything(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """From the check page, as often as it is pressed; from the sent page it shows nothing again."""
    open_form(tab, wire, script=True)
    write(tab)
    for _ in range(2):
        tab.press("#continue")
        until(lambda: tab.title() == STEPS[1], "the check page")
        tab.turn(-1)
        until(lambda: tab.title() == STEPS[0] and tab.has("#continue"), "the form")
        assert tab.value("[name=narrative]") == SENTENCE
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page once more")
    tab.press("#send")
    until(lambda: tab.title() == STEPS[2], "the sent page")
    check_kept(site.kept(), Mode.BROWSER)
    tab.turn(-1)
    time.sleep(0.5)  # for a page that there must not be
    assert SENTENCE not in tab.source()


@FIREFOX_RARELY
def test_going_back_to_change_keeps_everything(tab: Tab, wire: Wire, site: Served) -> None:
    """Back from the check page shows the form as it was; what is changed then is what is sent."""
    open_form(tab, wire, script=True)
    tab.type("[name=narrative]", "сначала так")
    tab.press("[name=consent][value=courts]")
    tab.press("#continue")
    until(lambda: tab.title() == STEPS[1], "the check page")
    tab.press("#back")
    until(lambda: tab.title() == STEPS[0], "the form")
    assert tab.value("[name=narrative]") == "сначала так"
    tab.type("[name=narrative]", ", потом иначе")
    tab.press("#continue")
    until(lambda: tab.title() == STEPS[1], "the check page again")
    assert "сначала так, потом иначе" in tab.text("dl")
    tab.press("#send")
    until(lambda: tab.title() == STEPS[2], "the sent page")
    (container,) = site.kept()
    assert container.answers == {"narrative": "сначала так, потом иначе"}
    assert {row.level.value for row in container.consent if row.agreed} == {"courts"}


REFUSALS = {503: "retry", 507: "down", 500: "unknown", 400: "refused"}


@in_both("status", REFUSALS, {503})
def test_what_the_server_did_not_take_can_be_sent_again(
    tab: Tab, wire: Wire, site: Served, status: int
) -> None:
    """What is said of it is true, the text stays, and Send works once the server does."""
    open_form(tab, wire, script=True)
    write(tab)
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")
    wire.alter["/s"] = lambda _status, _content: (status, b"")
    tab.press("#send")
    until(lambda: WORDS[REFUSALS[status]] in tab.text(), "the words for it")
    assert SENTENCE in tab.text("dl")
    assert tab.title() == STEPS[1]
    del wire.alter["/s"]
    until(lambda: tab.has("#send:enabled"), "Send to be pressed again")
    tab.press("#send")
    until(lambda: tab.title() == STEPS[2], "the sent page")
    check_kept(site.kept(), Mode.BROWSER)
    first, *others = (post.body for post in wire.posts)
    assert {status_of(first)} == {status_of(other) for other in others}
    # What was refused is sealed anew at once, since it would be refused again; otherwise the same
    # bytes are sent.
    assert [other == first for other in others] == ([False] * 2 if status == 400 else [True])


@FIREFOX_RARELY
def test_while_it_is_being_sent_nobody_can_go_back_and_write_on(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """The sent page takes no word away that was written in the meantime; after a failure, Back."""
    open_form(tab, wire, script=True)
    write(tab)
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")
    answer = threading.Event()

    def late(_status: int, _content: bytes) -> tuple[int, bytes]:
        answer.wait(60)
        return 503, b""

    wire.alter["/s"] = late
    tab.press("#send")
    until(lambda: bool(wire.posts), "the letter on its way")
    for button in ("#send", "#back"):
        assert tab.has(f"{button}:disabled")
    answer.set()
    until(lambda: WORDS["retry"] in tab.text(), "the words that it was not sent")
    for button in ("#send", "#back"):
        assert tab.has(f"{button}:enabled")
    tab.press("#back")
    until(lambda: tab.title() == STEPS[0], "the form")
    assert tab.value("[name=narrative]") == SENTENCE


@FIREFOX_RARELY
def test_a_token_that_has_grown_old_is_renewed_by_itself(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """Who wrote for days, or lost the cookie, sends like anybody else."""
    open_form(tab, wire, script=True)
    write(tab)
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")
    tab.forget_cookies()
    tab.press("#send")
    until(lambda: tab.title() == STEPS[2], "the sent page")
    assert len(wire.posts) == 2
    assert wire.posts[0].body == wire.posts[1].body
    check_kept(site.kept(), Mode.BROWSER)


def test_characters_that_no_form_can_hold_are_named_and_taken_out(tab: Tab, wire: Wire) -> None:
    """A pasted control character is taken out in the box, and said."""
    open_form(tab, wire, script=True)
    tab.type("[name=narrative]", "до\ufffdпосле")
    tab.press("#continue")
    until(lambda: tab.has("#summary li"), "what is wrong")
    assert tab.value("[name=narrative]") == "допосле"
    tab.press("#continue")
    until(lambda: tab.title() == STEPS[1], "the check page")


def test_a_text_of_20000_letters_is_sealed_and_sent(
    both: Browsers, wire: Wire, site: Served
) -> None:
    """The longest text there may be goes the same way as a short one."""
    text = ("Ӏумар сказал: «Молчи». " * 1000)[:20_000].strip()
    with both.tab("chromium", script=True) as tab:
        open_form(tab, wire, script=True)
        tab.type("[name=narrative]", text)
        tab.press("#continue")
        until(lambda: tab.has("#send"), "the check page")
        tab.press("#send")
        until(lambda: tab.title() == STEPS[2], "the sent page")
    (container,) = site.kept()
    assert container.answers == {"narrative": text}


@pytest.mark.parametrize(
    ("lang", "script"),
    [
        *(("ru", True), ("en", False)),
        *(pytest.param(*one, marks=pytest.mark.long) for one in (("ru", False), ("en", True))),
    ],
)
def test_every_page_fits_a_narrow_phone(
    both: Browsers, wire: Wire, lang: str, script: bool
) -> None:
    """Nothing is wider than 320 pixels, in either language, on any page of either path."""
    further = "#continue" if script else NATIVE
    with both.tab("chromium", script=script, width=320) as tab:
        tab.open(f"{wire.address}/{lang}")
        until(lambda: tab.has("form button"), "the landing page")
        check_width(tab)
        tab.press("form button")
        until(lambda: tab.has(further), "the form")
        check_width(tab)
        tab.press(further)
        until(lambda: tab.has("#summary li"), "what is wrong")
        check_width(tab)
        write(tab)
        tab.press(further)
        until(lambda: tab.has("dl"), "the check page")
        assert SENTENCE in tab.text("dl")
        check_width(tab)
        tab.press("#send" if script else "form[action='/3'] button")
        until(lambda: tab.title() in ENDS, "the sent page")
        check_width(tab)


def check_width(tab: Tab) -> None:
    """The page is not wider than its window: a picture of all of it is not either."""
    assert int.from_bytes(tab.picture()[16:20]) == 320  # of the PNG's header
