"""The code of what is written: made and stretched in the page, and shown when it was sent."""

import http.client
import threading
import time
from pathlib import Path

import pytest

from intake.age import dearmor, decrypt_bytes
from intake.author import Holder
from intake.codename import Codename
from intake.container import Container
from tests.browser.browsers import (
    CHROMIUM_RARELY,
    FIREFOX_RARELY,
    Browsers,
    ChromiumTab,
    Tab,
    in_both,
    until,
)
from tests.browser.returning import PATIENT, write_and_send
from tests.browser.serving import Served
from tests.browser.wire import Wire
from tests.browser.writing import SENTENCE, WORDS, open_form

IN_TEXT = "В тексте есть код. Уберите его и продолжите"
SENT = "Форма, шаг 3 из 3"


# Each code is stretched in a Worker.
COUNTED = """
globalThis.workers = 0;
Worker = class extends Worker { constructor(...given) { super(...given); workers += 1; } };
"""


def holder_of(site: Served, code: Codename) -> Holder:
    return Holder.of(code, site.site.settings.deployment)


def check_is_of(container: Container, holder: Holder) -> None:
    """What was sealed can be answered to whoever has the code."""
    assert container.reply is not None
    assert (container.reply.mailbox, container.reply.to) == (holder.mailbox, holder.reply_to)


def paths(wire: Wire) -> list[str]:
    """What was asked, without the hashes in the names."""
    return [request.path.partition("-")[0] for request in wire.requests]


def to_check(tab: Tab) -> None:
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")


@in_both("missing", ["/words", "/stretch"], {"/stretch"})
def test_without_what_a_code_needs_nothing_is_sent_and_nothing_lost(
    tab: Tab, wire: Wire, site: Served, missing: str
) -> None:
    """Asked for last; one can write and check without it, and Send tries again each time."""
    wire.alter[missing] = lambda _status, _body: (404, b"")
    open_form(tab, wire, script=True)
    tab.type("[name=narrative]", SENTENCE)
    to_check(tab)
    tab.press("#send")
    until(lambda: WORDS["not_sent"] in tab.text("#send-problem"), "that it was not sent", PATIENT)
    assert SENTENCE in tab.text("dl")
    assert wire.posts == []
    asked = paths(wire)
    assert asked.index(missing) > asked.index("/epoch") > asked.index("/roster.note")
    wire.alter.clear()
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page", PATIENT)
    (kept,) = site.kept()
    check_is_of(kept, holder_of(site, Codename.parse(tab.text(".code"))))


@pytest.mark.parametrize("broken", ["absent", "forbidden", "failing"])
def test_where_no_worker_can_be_made_the_page_itself_stretches(
    both: Browsers, wire: Wire, site: Served, broken: str
) -> None:
    with both.tab("chromium", script=True) as tab:
        assert isinstance(tab, ChromiumTab)
        worker = {
            "absent": "delete globalThis.Worker",
            "forbidden": "Worker = class { constructor() { throw new Error('no') } }",
            "failing": "Worker = class { postMessage() { queueMicrotask(() => this.onerror()) } terminate() {} }",
        }[broken]
        tab.page.add_init_script(worker)
        code = write_and_send(tab, wire)
    (kept,) = site.kept()
    check_is_of(kept, holder_of(site, code))


def test_a_code_is_stretched_while_somebody_writes_also_what_was_there_before_the_script(
    both: Browsers, wire: Wire
) -> None:
    """So that Send waits for nothing. Who only reads the page pays for no code."""
    arrives = threading.Event()

    def late(status: int, body: bytes) -> tuple[int, bytes]:
        assert arrives.wait(60)
        return status, body

    for before, after in (("", ""), ("", "a"), ("a", "")):
        arrives.clear()
        wire.alter["/seal"] = late
        wire.requests.clear()
        with both.tab("chromium", script=True) as tab:
            assert isinstance(tab, ChromiumTab)
            tab.page.add_init_script(COUNTED)
            tab.page.goto(f"{wire.address}/1", wait_until="commit")
            if before:
                tab.page.fill("[name=narrative]", before)
            arrives.set()
            until(lambda: tab.has("#continue"), "the script")
            until(lambda: "/stretch" in paths(wire), "what a code needs")
            if after:
                tab.type("[name=narrative]", after)
            if before + after:
                until(lambda: tab.page.evaluate("workers") == 1, "a code that is being stretched")
            else:
                time.sleep(1)
                assert tab.page.evaluate("workers") == 0


@FIREFOX_RARELY
def test_a_text_with_a_code_in_it_is_refused(tab: Tab, wire: Wire, site: Served) -> None:
    """At Continue as soon as the list is here; and if it was not, before anything is sent."""
    wire.alter["/words"] = lambda _status, _body: (404, b"")
    open_form(tab, wire, script=True)
    tab.type("[name=narrative]", f"{SENTENCE}: {', '.join(Codename.fresh().words).upper()}.")
    to_check(tab)
    del wire.alter["/words"]
    tab.press("#send")
    until(lambda: tab.text("#send-problem") == IN_TEXT, "that a code is in the text", PATIENT)
    assert wire.posts == []
    tab.press("#back")
    until(lambda: tab.has("#continue"), "the form")
    tab.press("#continue")
    until(lambda: tab.has("#summary li"), "what is wrong")
    assert tab.text("#summary ul") == IN_TEXT
    assert IN_TEXT in tab.text("#error-narrative")
    assert wire.posts == []
    tab.empty("[name=narrative]")
    tab.type("[name=narrative]", SENTENCE)
    to_check(tab)
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page", PATIENT)
    assert len(site.kept()) == 1


@CHROMIUM_RARELY
def test_what_is_changed_has_the_same_code_and_leaving_takes_it_away(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """A second draft, sent while nobody knows of the first: both can be answered to the one code."""
    open_form(tab, wire, script=True)
    tab.type("[name=narrative]", SENTENCE)
    to_check(tab)
    wire.alter["/s"] = lambda status, body: (
        (500, b"") if body.startswith(b"testimony") else (status, body)
    )
    tab.press("#send")
    until(lambda: WORDS["unknown"] in tab.text(), "that nobody knows", PATIENT)
    tab.press("#back")
    until(lambda: tab.has("#continue"), "the form")
    tab.type("[name=narrative]", " и потом")
    to_check(tab)
    wire.alter.clear()
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page", PATIENT)
    code = Codename.parse(tab.text(".code"))
    holder = holder_of(site, code)
    one, two = site.kept()
    for kept in (one, two):
        check_is_of(kept, holder)
    assert one.withdraw != two.withdraw
    assert not wire.leaks(" ".join(code.words))
    tab.open(f"{wire.address}/n")
    until(lambda: tab.has("main") and not tab.has(".code"), "the neutral page")
    tab.turn(-1)
    until(lambda: tab.has("[name=narrative]"), "the form")
    assert " ".join(code.words) not in tab.source()


def test_the_page_on_a_disk_shows_the_code_of_what_it_locked(
    tab: Tab, site: Served, tmp_path: Path
) -> None:
    """Its list and its Worker are in it; nothing is asked for."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    connection.request("GET", "/offline-ru.html")
    file = tmp_path / "form.html"
    file.write_bytes(connection.getresponse().read())
    connection.close()
    tab.open(file.as_uri())
    until(lambda: tab.has("#continue"), "a button to go on with")
    tab.type("[name=narrative]", SENTENCE)
    to_check(tab)
    tab.press("#send")
    until(lambda: tab.has(".code"), "the code", PATIENT)
    assert "Новый код мы выдать не можем" in tab.text()
    letter = tab.value("#sealed").encode()
    sealed = dearmor(letter[letter.index(b"-----BEGIN") :])
    container = Container.parse(decrypt_bytes(sealed, [site.keys.identities[0]]))
    check_is_of(container, holder_of(site, Codename.parse(tab.text(".code"))))
    assert getattr(tab, "complaints", []) == []
