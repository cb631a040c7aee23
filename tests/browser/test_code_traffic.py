"""Attack 25: a board made for one code tells nobody whether it is that code's holder who reads it.

Requests as they came over the wire, each with all its headers, for a board with a reply, for one
without, and for crafted ones; in the order in which they came.
"""

import re

from intake.age import encrypt_bytes
from intake.author import Holder, hint_of
from intake.codename import Codename
from intake.reply import PLAINTEXT, ROW
from tests.browser.browsers import CHROMIUM_RARELY, Browsers, ChromiumTab, Tab, in_both, until
from tests.browser.returning import (
    NONE,
    PATIENT,
    SOME,
    decoys,
    give_board,
    open_all_of_return,
    reply,
)
from tests.browser.serving import Served
from tests.browser.test_traces import STORAGE
from tests.browser.wire import Wire

ROWS = 130  # two parts
REPLIES = b"const replies = await repliesOn("
REACTS = b'setTimeout(() => { if (replies.length > 0) fetch("/epoch"); });'


def crafted(holder: Holder, site: Served) -> list[bytes]:
    """Rows with hints of the code: for two codes, for another one, of nothing, and signed by nobody."""
    mine, other = holder.identity.recipient, Holder.of(Codename.fresh(), "test-abcdefgh")
    empty = encrypt_bytes(b"", [mine, other.identity.recipient])
    room = ROW - 16 - len(empty)
    sealed = [
        encrypt_bytes(bytes(room), [mine, other.identity.recipient]),
        encrypt_bytes(bytes(PLAINTEXT), [other.identity.recipient]),
        encrypt_bytes(bytes(PLAINTEXT), [mine]),
        encrypt_bytes(b"<img src=/x>".ljust(PLAINTEXT, b"\0"), [mine]),
    ]
    rows = [hint_of(holder.mailbox, number) + row for number, row in enumerate(sealed)]
    assert {len(row) for row in rows} == {ROW}
    return rows


def boards(holder: Holder, site: Served) -> dict[str, list[bytes]]:
    """Boards of one size, by what is on them."""
    markup = '<img src="/x"><a href="/x" ping="/x">x</a> http://127.0.0.1/x'
    question = "Можно ли сообщить об этом правительству Норвегии?"
    rest = decoys(1) * (ROWS - 4)  # sealing takes a while, and nobody looks at them
    return {
        "reply": [
            reply(site, holder, markup, question, number=0)[0],
            reply(site, holder, "x", number=63)[0],
            *rest,
            *decoys(2),
        ],
        "nothing": [*rest, *decoys(4)],
        "crafted": [*rest, *crafted(holder, site)],
    }


def asked_by(tab: Tab, wire: Wire, code: Codename, shown: str) -> list[bytes]:
    """What opening a code asks for; all of it happens on one page, so that the cookie is one."""
    wire.requests.clear()
    tab.type("#code", " ".join(code.words))
    tab.press("#open")
    until(lambda: tab.has("#more"), "what the code opens", PATIENT)
    assert tab.text("h1") == shown
    tab.press("#withdraw")
    until(lambda: tab.has("#back"), "another page, and time for a request")
    tab.press("#back")
    until(lambda: tab.has("#more"), "the messages again")
    tab.turn(-1)
    until(lambda: tab.has("#open"), "the page for a code")
    assert tab.value("#code") == ""
    return [request.bytes for request in wire.requests]


def all_asked(tab: Tab, wire: Wire, site: Served) -> dict[str, list[bytes]]:
    """What is asked for each board."""
    code = Codename.fresh()
    holder = Holder.of(code, site.site.settings.deployment)
    found: dict[str, list[bytes]] = {}
    open_all_of_return(tab, wire)
    for name, rows in boards(holder, site).items():
        give_board(wire, site, rows)
        found[name] = asked_by(tab, wire, code, SOME if name == "reply" else NONE)
    give_board(wire, site, rows)
    found["another code"] = asked_by(tab, wire, Codename.fresh(), NONE)
    return found


@CHROMIUM_RARELY
def test_whatever_is_on_the_board_the_same_is_asked(tab: Tab, wire: Wire, site: Served) -> None:
    found = all_asked(tab, wire, site)
    (same,) = {tuple(requests) for requests in found.values()}
    assert [request.split(b"\n")[0] for request in same] == [
        *(b"GET /board/index", b"GET /board/0", b"GET /board/1")
    ]
    if isinstance(tab, ChromiumTab):
        assert tab.page.evaluate(STORAGE) == [0, 0, 0, 0, 0]


@in_both("plant", (REACTS, b""), (), lambda plant: "reacts" if plant else "the same without")
def test_a_script_that_reacts_to_what_it_found_is_noticed(
    both: Browsers, browser: str, wire: Wire, site: Served, plant: bytes
) -> None:
    """The twin: the very same bundle with one line more."""

    def unbound(status: int, body: bytes) -> tuple[int, bytes]:
        return status, re.sub(rb' integrity="[^"]*"', b"", body) if b"<main" in body else body

    def planted(status: int, body: bytes) -> tuple[int, bytes]:
        assert body.count(REPLIES) == 1
        before, after = body.split(REPLIES)
        line, rest = after.split(b"\n", 1)
        return status, b"".join((before, REPLIES, line, b"\n", plant, rest))

    wire.alter["/r"] = unbound
    wire.alter["/seal"] = planted
    with both.tab(browser, script=True) as tab:
        found = all_asked(tab, wire, site)
    assert (len({tuple(requests) for requests in found.values()}) > 1) == bool(plant)
