"""A page that stays open remembers the last roster that it was shown."""

from dataclasses import replace
from pathlib import Path

from intake.container import Mode
from intake.web.site import today_in_utc
from tests.browser.browsers import Tab, in_both, until
from tests.browser.serving import Served, served
from tests.browser.test_weeks import SENT, hours_pass, opened
from tests.browser.wire import wire_to
from tests.browser.writing import WORDS, check_kept


def second(site: Served) -> tuple[bytes, bytes]:
    """The notes of the roster in use and of the next one, which is put into use."""
    first = site.site.current()
    new = replace(first.roster, version=2, previous=first.roster.digest)
    note = site.keys.sign(new)
    site.site.publish(note, None, today_in_utc())
    return first.to_bytes(), note


def another(site: Served) -> bytes:
    """A third, rightly signed behind the back of whoever signed the second."""
    roster = site.site.current().roster
    return site.keys.sign(replace(roster, version=3, previous="sha256:" + "0" * 64))


@in_both("what", ["the one before", "one that does not name it"], {"the one before"})
def test_a_roster_that_does_not_follow_is_not_sealed_to(
    tab: Tab, tmp_path: Path, what: str
) -> None:
    """A server that goes back to keys that were stolen gets nothing; once it is right, it does."""
    with served(tmp_path / "site") as site, wire_to(site.port) as wire:
        old, _ = second(site)
        hours_pass(wire)
        opened(tab, wire, weeks=0)
        offered = old if what == "the one before" else another(site)
        wire.alter["/roster.note"] = lambda _status, _content: (200, offered)
        tab.press("#send")
        until(lambda: WORDS["not_sent"] in tab.text(), "the words that nothing was sent")
        assert wire.posts == []
        del wire.alter["/roster.note"]
        until(lambda: tab.has("#send:enabled"), "Send to be pressed again")
        tab.press("#send")
        until(lambda: tab.title() == SENT, "the sent page")
        check_kept(site.kept(), Mode.BROWSER)
