"""A page stays open for weeks: what it sends then is of the present week, to the present keys.

What is taken must open at the reviewers', and they take nothing that is of another week than its
letter by more than one, or of a week in which its roster was not in use.
"""

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

from intake.container import Mode
from intake.epoch import Epoch
from intake.web.site import today_in_utc
from tests.browser.browsers import CHROMIUM_RARELY, FIREFOX_RARELY, Tab, in_both, until
from tests.browser.serving import Served, served
from tests.browser.wire import Alter, Wire, wire_to
from tests.browser.writing import WORDS, check_kept, open_form, status_of, write

SENT = "Форма, шаг 3 из 3"
# The device's clock as the script reads it: two hours go by at each press of Send.
HOURS_PASS = b"""{
  const now = Date.now;
  let later = 0;
  Date.now = () => now() + later;
  addEventListener("click", ({ target }) => { if (target.id === "send") later += 7200000; }, true);
}
"""


def weeks_ago(weeks: int) -> Epoch:
    """The week so many before this one."""
    return Epoch.of(today_in_utc() - dt.timedelta(weeks=weeks))


def opened(tab: Tab, wire: Wire, weeks: int) -> None:
    """Open the form so many weeks ago, write, go on to the check page; then it is today."""
    wire.alter["/epoch"] = lambda status, _: (status, str(weeks_ago(weeks)).encode())
    open_form(tab, wire, script=True)
    write(tab)
    tab.press("#continue")
    until(lambda: tab.has("#send"), "the check page")
    time.sleep(1)  # until it is sealed, which nothing shows
    del wire.alter["/epoch"]


def hours_pass(wire: Wire) -> None:
    """Let hours pass before each press of Send. The page is made without hashes, to allow it."""
    wire.alter["/roots-"] = lambda status, content: (status, HOURS_PASS + content)
    wire.alter["/1"] = lambda status, page: (status, page.replace(b" integrity=", b" data-was="))


def refusing(times: int) -> Alter:
    """The server refuses so many letters and then takes them."""
    answers = iter([(400, b"refused")] * times)
    return lambda status, content: next(answers, (status, content))


@CHROMIUM_RARELY
def test_a_letter_sealed_weeks_ago_is_sealed_again_before_it_is_sent(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """Read through for weeks, then Send: one letter goes, and it is of this week."""
    hours_pass(wire)
    opened(tab, wire, weeks=2)
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page")
    check_kept(site.kept(), Mode.BROWSER)
    assert site.kept()[0].epoch == weeks_ago(0)
    assert len(wire.posts) == 1


@FIREFOX_RARELY
def test_a_letter_that_the_server_refuses_as_too_old_is_sealed_again_at_once(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """Even a page that thinks nothing of the time sends what reviewers take, in one press."""
    opened(tab, wire, weeks=2)
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page")
    check_kept(site.kept(), Mode.BROWSER)
    assert site.kept()[0].epoch == weeks_ago(0)
    old, new = (post.body for post in wire.posts)
    assert old != new
    assert status_of(old) == status_of(new)


@FIREFOX_RARELY
def test_where_it_may_have_arrived_the_same_bytes_go_first_whatever_the_week(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """Refused then, another letter goes under the same status: one is kept, the first."""
    hours_pass(wire)
    opened(tab, wire, weeks=1)
    # Sent first before the new week is known: a letter of last week, which is taken.
    wire.alter["/epoch"] = lambda status, _: (status, str(weeks_ago(1)).encode())
    wire.cut.add("/s")
    tab.press("#send")
    until(lambda: WORDS["unknown"] in tab.text(), "the words that nobody knows")
    (first,) = site.kept()
    assert first.epoch == weeks_ago(1)
    del wire.alter["/epoch"]
    wire.alter["/s"] = refusing(1)
    until(lambda: tab.has("#send:enabled"), "Send to be pressed again")
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page")
    one, again, other = (post.body for post in wire.posts)
    assert one == again != other
    assert status_of(one) == status_of(other)
    check_kept(site.kept(), Mode.BROWSER)
    assert site.kept() == [first]


@CHROMIUM_RARELY
def test_a_new_roster_comes_with_its_own_week(tab: Tab, tmp_path: Path) -> None:
    """Opened last week, sent after new keys came this week: sealed to them, in this week."""
    with served(tmp_path / "site") as site, wire_to(site.port) as wire:
        hours_pass(wire)
        opened(tab, wire, weeks=1)
        old = site.site.current().roster
        monday = weeks_ago(0).monday
        new = replace(old, version=2, previous=old.digest, issued=monday)
        site.site.publish(site.keys.sign(new), None, today_in_utc())
        tab.press("#send")
        until(lambda: tab.title() == SENT, "the sent page")
        check_kept(site.kept(), Mode.BROWSER)
        (container,) = site.kept()
        assert container.roster == new.digest
        assert container.epoch == weeks_ago(0)


@FIREFOX_RARELY
def test_a_week_in_which_the_roster_was_not_in_use_is_not_sealed_in(
    tab: Tab, wire: Wire, site: Served
) -> None:
    """At Send as when the page opens: nothing is sent, and once the server is right, it is."""
    hours_pass(wire)
    opened(tab, wire, weeks=0)
    wire.alter["/epoch"] = lambda status, _: (status, str(weeks_ago(4)).encode())
    tab.press("#send")
    until(lambda: WORDS["not_sent"] in tab.text(), "the words that nothing was sent")
    assert wire.posts == []
    del wire.alter["/epoch"]
    until(lambda: tab.has("#send:enabled"), "Send to be pressed again")
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page")
    check_kept(site.kept(), Mode.BROWSER)


def failing(status: int) -> Alter:
    """An answer with this status and nothing in it."""
    return lambda _status, _content: (status, b"")


# What fails at one press of Send after the other: the status of the answer to each path.
HARMS: dict[str, tuple[dict[str, int], ...]] = {
    "retry": ({"/s": 503}, {"/roster.note": 404}, {"/epoch": 503}),
    "unknown": ({"/s": 502}, {"/s": 503}, {"/s": 400}, {"/s": 400, "/roster.note": 404}),
}


@in_both("words", HARMS, ())
def test_what_is_said_later_denies_nothing_that_happened_before(
    tab: Tab, wire: Wire, site: Served, words: str
) -> None:
    """Once a letter left the page, or may be kept, no later failure says otherwise."""
    hours_pass(wire)
    opened(tab, wire, weeks=0)
    for harm in HARMS[words]:
        wire.alter.update({path: failing(status) for path, status in harm.items()})
        until(lambda: tab.has("#send:enabled"), "Send to be pressed")
        tab.press("#send")
        until(lambda: tab.has("#send-problem"), f"words for {harm}")
        assert WORDS[words] in tab.text("#send-problem"), harm
        for path in harm:
            del wire.alter[path]
    until(lambda: tab.has("#send:enabled"), "Send to be pressed again")
    tab.press("#send")
    until(lambda: tab.title() == SENT, "the sent page")
    check_kept(site.kept(), Mode.BROWSER)
