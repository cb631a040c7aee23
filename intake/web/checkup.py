"""Looks at a site, and at the machine it runs on, for what its operator should know or change.

It changes nothing but the version of an older store, and it looks at no submission.
"""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.machine import Finding, Level
from intake.store import Store
from intake.tlog.policy import Policy
from intake.web.checkup_backups import examine_backups
from intake.web.checkup_folder import files, folder, key, log_key
from intake.web.checkup_machine import Machine, clock, examine_machine
from intake.web.checkup_program import examine_program
from intake.web.checkup_server import examine_server
from intake.web.checkup_store import examine_store
from intake.web.checkup_tor import USUAL, examine_tor
from intake.web.checkup_units import Whose, examine_units
from intake.web.languages import LANGUAGES
from intake.web.notice import RECIPIENTS, Sent, read_recipients
from intake.web.site import Site
from intake.web.wording import TRANSLATIONS

SOON = 14  # days of a roster's life in which the next one should be made
_UNCHECKED, _PROMISE = "unchecked", "promise"  # comments in the catalogues


@dataclass(frozen=True)
class Named:
    """What the operator named: tor's settings, and the list of packages that was installed."""

    torrc: Path | None = None
    lock: Path | None = None


def examine(
    site: Site, machine: Machine, now: dt.datetime, named: Named | None = None
) -> Iterator[Finding]:
    """Everything there is to find.

    1. The roster is there, and lasts.
    2. The clock is not before the roster, nor before what was signed.
    3. Nobody but the owner reads the folder, and the keys of the forms and of the log are whole.
    4. The store is whole; the week and the disk have room; weeks are closed and published, the
       board is what it must be, and what was logged is let go; there is a backup, and the courier
       is told.
    5. The processes that serve it, their units, and the machine: no page of memory reaches a disk.
    6. tor, where it is on this machine, and the clock by what it got.
    7. This program itself.
    8. What people are shown: the address, support, unchecked words.
    """
    named = named or Named()
    # (1) to (4), (8)
    yield from examine_site(site, now)
    # (5)
    yield from examine_server(site.folder, machine.proc)
    whose = Whose(site.folder, bool(site.settings.store), bool(site.settings.notify))
    yield from examine_units(whose, machine)
    yield from examine_machine(site.folder, machine)
    # (6)
    torrc = named.torrc or machine.root / USUAL.relative_to("/")
    if named.torrc is not None or torrc.exists():
        yield from examine_tor(torrc, site.settings.address, now)
    # (7)
    yield from examine_program(named.lock)


def examine_site(site: Site, now: dt.datetime) -> Iterator[Finding]:
    """What is to be found in the site's own folder, by any machine (1 to 4, and 8, of `examine`)."""
    today = now.date()
    # (1), (2)
    yield _roster(site, today)
    yield clock(_seen(site), now)
    # (3)
    yield folder(site.folder)
    yield files(site.folder)
    yield key(site)
    yield log_key(site)
    # (4)
    yield from examine_store(site, today)
    yield from examine_backups(site.folder, today, site.settings.withdraw_days, _closed(site))
    if site.settings.notify:
        yield _notice(site, today)
    # (8)
    yield _address(site)
    yield _support(site, today)
    for lang in LANGUAGES:
        yield _wording(lang)


def _seen(site: Site) -> Iterator[dt.datetime]:
    """The times that no clock that is right is before: of witnesses, and of the newest closed week.

    A week can be closed before its end, and not before its beginning.
    """
    # What cannot be read is said of the log and of the store.
    with suppress(IntakeError, OSError, OverflowError, ValueError):
        published = site.log_folder.published()
        policy = Policy.parse(site.log_policy_path.read_bytes())
        found = () if published is None else policy.endorsed(published).witnesses
        times = sorted(time for _, time in found)
        # Two witnesses of three would have to be wrong for the middle one to be.
        if times:
            yield dt.datetime.fromtimestamp(times[len(times) // 2], dt.UTC)
    closed = _closed(site)
    if closed is not None:
        yield dt.datetime.combine(closed.monday, dt.time(), dt.UTC)


def _roster(site: Site, today: dt.date) -> Finding:
    try:
        roster = site.current().roster
    except (IntakeError, OSError) as error:
        phrase = error.phrase if isinstance(error, IntakeError) else "cannot be read"
        advice = error.hint if isinstance(error, IntakeError) else ""
        return Finding(Level.WRONG, "roster", phrase, advice or "publish the right one again")
    if today < roster.issued:
        says = f"this machine's date is before the roster's, {roster.issued.isoformat()}"
        return Finding(Level.WRONG, "roster", says, "set the clock")
    left = (roster.expires - today).days
    says = f"version {roster.version}, days left: {left}"
    if left < 0:
        says = f"expired on {roster.expires.isoformat()}: nothing can be sealed"
        return Finding(Level.WRONG, "roster", says, "publish the next one")
    if left < SOON:
        return Finding(Level.WARNING, "roster", says, "have the root holders sign the next one")
    return Finding(Level.FINE, "roster", says)


def _closed(site: Site) -> Epoch | None:
    """The newest week that is closed, where the store says; what is wrong with it, its look says."""
    with suppress(IntakeError):
        store = Store.open(site.store_place)
        try:
            return store.leaves.closed()
        finally:
            store.close()
    return None


def _notice(site: Site, today: dt.date) -> Finding:
    program = site.settings.notify[0]
    if not os.access(program, os.X_OK):
        says = f"{program} is not there, or may not be run"
        return Finding(Level.WRONG, "notice", says, "see `notify` in site.toml")
    try:
        # They were in no backup once: a site that was restored from such a one has none.
        read_recipients(site.folder / "keys" / RECIPIENTS, site.current().roster)
    except (IntakeError, OSError) as error:
        phrase = error.phrase if isinstance(error, IntakeError) else "who is told cannot be read"
        advice = error.hint if isinstance(error, IntakeError) else ""
        return Finding(Level.WRONG, "notice", phrase, advice or f"see keys/{RECIPIENTS}")
    try:
        sent = Sent.read(site.folder)
    except IntakeError as error:
        return Finding(Level.WARNING, "notice", error.phrase, error.hint)
    advice = "run `intake notify`, and look at its timer: the courier counts on it each day"
    if sent.failed:
        return Finding(Level.WARNING, "notice", f"the last one failed: {sent.failed}", advice)
    if sent.is_late(today):
        return Finding(Level.WARNING, "notice", "none was sent for two days or more", advice)
    return Finding(Level.FINE, "notice", "was sent")


def _address(site: Site) -> Finding:
    if site.settings.only_onion:
        return Finding(Level.FINE, "address", "the form is shown by the onion address alone")
    says = "the form is shown by any address, through tor2web too"
    return Finding(Level.WARNING, "address", says, "set only_onion = true in site.toml")


def _support(site: Site, today: dt.date) -> Finding:
    stale = tuple(entry.name for entry in site.settings.support if entry.is_stale(today))
    if stale:
        listed = ", ".join(stale)
        says = f"not shown, since their dates are more than 90 days ago, or ahead: {listed}"
        advice = "check each, and change its date in site.toml"
        return Finding(Level.WARNING, "support", says, advice, stale)
    shown = len(site.settings.supporting(today))
    if not shown:
        says = "no group is listed"
        return Finding(Level.WARNING, "support", says, "agree on a list, for site.toml")
    return Finding(Level.FINE, "support", f"groups shown: {shown}")


@cache
def unchecked(lang: str) -> tuple[list[str], list[str]]:
    """The keys of phrases that no native speaker has read yet, and the promises among them."""
    with (TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        rows = list(read_po(file, locale=lang))
    found = [row for row in rows if row.id and _UNCHECKED in row.user_comments]
    promises = [str(row.id) for row in found if _PROMISE in row.user_comments]
    return [str(row.id) for row in found], promises


def _wording(lang: str) -> Finding:
    keys, promises = unchecked(lang)
    topic = f"words in {lang}"
    if not keys:
        return Finding(Level.FINE, topic, "all read by a native speaker")
    says = f"not yet read by a native speaker: {len(keys)}, promises among them: {len(promises)}"
    advice = "which they are: --json; have them read before anyone relies on them"
    return Finding(Level.WARNING, topic, says, advice, tuple(keys))
