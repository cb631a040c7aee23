"""Where anything on the script path fails, nothing is sent, and the text stays on the page.

The form has no native way to send while script is on: whatever a person presses then, no request
holds a word of theirs.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace

from intake.roots import RootSet
from intake.tlog.note import Note
from intake.web.site import today_in_utc
from tests.browser.browsers import Tab, in_both, until
from tests.browser.serving import Served
from tests.browser.wire import Alter, Wire
from tests.browser.writing import NATIVE, SENTENCE, WORDS, open_form, write
from tests.panel import Keys

BOXES = ("narrative", "when_text", "where_text", "who_text")


def same(content: bytes) -> Alter:
    """An answer with this content instead."""
    return lambda status, _: (status, content)


def gone(_status: int, _content: bytes) -> tuple[int, bytes]:
    """Nothing there."""
    return 404, b""


def altered(keys: Keys, site: Served) -> bytes:
    """The roster with another reviewer under the old signatures."""
    note = site.site.current().to_bytes()
    own, other = (
        str(i.recipient).encode() for i in (keys.identities[0], Keys.fresh().identities[0])
    )
    assert note.count(own) == 1
    return note.replace(own, other)


def unsigned(keys: Keys, site: Served) -> bytes:
    """The roster's text alone, with the empty line."""
    return site.site.current().roster.to_bytes() + b"\n"


def signed_by_one(keys: Keys, site: Served) -> bytes:
    """Both signatures of one root holder of two."""
    return keys.sign(site.site.current().roster, signatures=2)


def signed_by_one_and_a_half(keys: Keys, site: Served) -> bytes:
    """The second holder's post-quantum line left out."""
    return keys.sign(site.site.current().roster, signatures=3)


def expired(keys: Keys, site: Served) -> bytes:
    """Rightly signed, and over since yesterday."""
    roster = site.site.current().roster
    yesterday = today_in_utc() - dt.timedelta(days=1)
    issued = yesterday - dt.timedelta(days=30)
    return keys.sign(replace(roster, issued=issued, expires=yesterday))


def of_tomorrow(keys: Keys, site: Served) -> bytes:
    """Rightly signed, and not yet in use."""
    tomorrow = today_in_utc() + dt.timedelta(days=1)
    return keys.sign(replace(site.site.current().roster, issued=tomorrow))


def of_another_deployment(keys: Keys, site: Served) -> bytes:
    """Rightly signed by the same holders for another site."""
    return keys.sign(replace(site.site.current().roster, deployment="other-abcdefgh"))


def of_other_roots(keys: Keys, site: Served) -> bytes:
    """Rightly signed by strangers, for this deployment."""
    strangers = Keys.fresh()
    return strangers.sign(strangers.roster(site.site.settings.deployment, today_in_utc()))


def of_joined_roots(keys: Keys, site: Served) -> bytes:
    """Signed by the trusted holders, but naming roots who did not sign it."""
    others = tuple(signer.vkey for signer in Keys.fresh().roots)
    others = tuple(replace(key, name=f"x{key.name}") for key in others)
    return keys.sign(replace(site.site.current().roster, roots=RootSet(2, others)))


def with_a_key_of_another_kind(keys: Keys, site: Served) -> bytes:
    """Rightly signed, and a reviewer's key in it is one that a quantum computer opens."""
    roster = site.site.current().roster
    classic = "age1" + "q" * 58
    text = roster.to_bytes().replace(str(roster.recipients[0]).encode(), classic.encode())
    return signed(keys, text)


def with_one_reviewer_more(keys: Keys, site: Served) -> bytes:
    """A reviewer was put in after the signing."""
    text = site.site.current().to_bytes().decode()
    row = next(line for line in text.splitlines() if line.startswith("reviewer "))
    return text.replace(
        f"{row}\n", f"{row}\n{row.replace('reviewer r0', 'reviewer r7')}\n"
    ).encode()


def signed(keys: Keys, text: bytes) -> bytes:
    """A note of any text, by every holder."""
    note = Note(text, ())
    for signer in keys.roots:
        note = note.with_signature(signer.sign(text))
    return note.to_bytes()


NOTES = (
    *(altered, unsigned, signed_by_one, signed_by_one_and_a_half, expired, of_tomorrow),
    *(with_a_key_of_another_kind, with_one_reviewer_more),
    *(of_another_deployment, of_other_roots, of_joined_roots),
)


def press_everything(tab: Tab) -> None:
    """Do all that could send a form: Enter in every box, and every button."""
    for name in BOXES:
        tab.enter(f"[name={name}]")
    tab.enter("[name=consent]")
    if tab.has("button"):
        tab.press("button")


def check_nothing_sent(tab: Tab, wire: Wire, site: Served) -> None:
    """No way on, whatever is pressed; the text is still in its box."""
    press_everything(tab)
    time.sleep(0.3)  # for a request on its way, which there must not be
    assert not tab.has("button")
    assert tab.value("[name=narrative]").strip() == SENTENCE
    assert tab.title().endswith("Форма, шаг 1 из 3")
    assert wire.posts == []
    assert not wire.leaks(SENTENCE)
    assert site.kept() == []


def write_in_vain(tab: Tab, wire: Wire) -> None:
    """Fill in a form that offers no way on."""
    tab.open(f"{wire.address}/1")
    until(lambda: tab.has("[name=narrative]"), "the form")
    write(tab)


@in_both("change", NOTES, {altered, expired, of_other_roots}, lambda change: change.__name__)
def test_to_a_roster_that_is_not_right_nothing_is_sealed(
    tab: Tab, wire: Wire, site: Served, change: Callable[[Keys, Served], bytes]
) -> None:
    """A server that shows other keys than the root holders signed gets nothing."""
    wire.alter["/roster.note"] = same(change(site.keys, site))
    write_in_vain(tab, wire)
    until(lambda: WORDS["not_sent"] in tab.text("#summary"), "the words that nothing was sent")
    check_nothing_sent(tab, wire, site)


BREAK = {
    "no randomness": b"crypto.getRandomValues = undefined;",
    "constant randomness": b"crypto.getRandomValues = (bytes) => bytes.fill(7);",
    "no streams": b"globalThis.TransformStream = undefined;",
    "numbers read backwards": b"DataView.prototype.setUint32 = DataView.prototype.setInt8;",
}


@in_both("harm", BREAK, {"no randomness"})
def test_a_browser_that_cannot_seal_sends_nothing(
    tab: Tab, wire: Wire, site: Served, harm: str
) -> None:
    """The script tries itself out before it offers a way on."""
    # The roots file runs first. Its hash in the page is taken out, as for a page made with it.
    wire.alter["/roots-"] = lambda status, content: (status, BREAK[harm] + content)
    wire.alter["/1"] = lambda status, page: (status, page.replace(b"integrity=", b"data-was="))
    write_in_vain(tab, wire)
    until(lambda: WORDS["not_sent"] in tab.text("#summary"), "the words that nothing was sent")
    check_nothing_sent(tab, wire, site)


FAULTS: dict[str, tuple[str, Alter]] = {
    "no roster": ("/roster.note", gone),
    "no week": ("/epoch", gone),
    "a week that is none": ("/epoch", lambda status, _: (status, b"2026-W54")),
    "a week before the roster": ("/epoch", lambda status, _: (status, b"2020-W01")),
    "no phrases": ("/phrases-", gone),
    "phrases of another hash": ("/phrases-", lambda status, content: (status, content + b"\n")),
    "no roots": ("/roots-", gone),
    "roots of another hash": ("/roots-", lambda status, content: (status, content + b"\n")),
}
NO_SCRIPT: dict[str, tuple[str, Alter]] = {
    "no script": ("/seal-", gone),
    "script cut short": ("/seal-", lambda status, content: (status, content[:-100])),
    "script of another hash": ("/seal-", lambda status, content: (status, content + b"\n")),
}


@in_both("fault", FAULTS, {"no roster", *(f for f in FAULTS if f.endswith("hash"))})
def test_where_keys_or_week_are_missing_or_damaged_nothing_is_sent(
    tab: Tab, wire: Wire, site: Served, fault: str
) -> None:
    """The script that cannot have the roster, the roots or the week says so."""
    path, change = FAULTS[fault]
    wire.alter[path] = change
    write_in_vain(tab, wire)
    until(lambda: WORDS["not_sent"] in tab.text("#summary"), "the words that nothing was sent")
    check_nothing_sent(tab, wire, site)


@in_both("fault", NO_SCRIPT, {"no script", "script of another hash"})
def test_where_the_script_is_missing_or_damaged_nothing_is_sent(
    tab: Tab, wire: Wire, site: Served, fault: str
) -> None:
    """A page whose script does not run has no button at all, and keeps the text."""
    path, change = NO_SCRIPT[fault]
    wire.alter[path] = change
    tab.open(f"{wire.address}/1")
    until(lambda: tab.has("[name=narrative]"), "the form")
    assert any(r.path.startswith(path) for r in wire.requests)
    assert WORDS["not_sent"] not in tab.text()  # which the page's style says 20 seconds later
    write(tab)
    check_nothing_sent(tab, wire, site)


def test_a_page_whose_script_never_came_says_so_after_a_while(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """No script is left to say it: the page's own style does, 20 seconds later."""
    wire.alter["/seal-"] = gone
    write_in_vain(tab, wire)
    time.sleep(15)  # it comes no sooner, and to ask all the while is no rest for anybody
    until(lambda: WORDS["not_sent"] in tab.text(), "the late line", seconds=60)
    check_nothing_sent(tab, wire, site)


def test_the_search_for_leaks_finds_one_that_was_planted(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """A page built with the native button outside <noscript> sends the text, and that is seen."""

    def plant(status: int, page: bytes) -> tuple[int, bytes]:
        assert page.count(b"<noscript>\n<input") == 1
        return status, page.replace(b"<noscript>", b"").replace(b"</noscript>", b"")

    wire.alter["/1"] = plant
    wire.alter["/seal-"] = gone
    write_in_vain(tab, wire)
    assert wire.posts == []
    tab.enter("[name=when_text]")
    until(lambda: bool(wire.leaks(SENTENCE)), "the leak that was planted")
    assert wire.leaks(SENTENCE) == wire.posts
    assert site.kept() == []


def test_no_key_and_no_button_sends_a_form_that_is_whole(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """Enter does nothing in any box, and Continue sends nothing."""
    open_form(tab, wire, script=True)
    write(tab)
    for name in BOXES:
        tab.enter(f"[name={name}]")
    tab.enter("[name=consent]")
    assert tab.has("#continue")
    assert not tab.has(NATIVE)
    assert wire.posts == []
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")
    assert wire.posts == []
    assert not wire.leaks(SENTENCE)
