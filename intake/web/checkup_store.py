"""Looks at a site's store, its log and its board: whole, closed, published and let go in time."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from intake.budget import RESERVE, Step, budget_state
from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.machine import Finding, Level
from intake.opening import Opening
from intake.store import Place, Store
from intake.web.site import Site

KEPT = 10  # days after its week's end in which a submission should be collected and released


def examine_store(site: Site, today: dt.date) -> Iterator[Finding]:
    """Everything there is to find.

    1. It opens and is whole. 2. The week and the disk have room. 3. Weeks that are over are closed,
    and the board is what it must be. 4. What was logged is let go. 5. What is logged is published.
    """
    yield from _kept_whole(site, today)
    # (5)
    yield _published(site)


def _kept_whole(site: Site, today: dt.date) -> Iterator[Finding]:
    # (1)
    try:
        store = Store.open(site.store_place)
    except IntakeError as error:
        yield Finding(Level.WRONG, "store", error.phrase, error.hint)
        return
    try:
        whole = _integrity(site.store_place)
        yield whole
        if whole.level is Level.WRONG:
            return
        # (2)
        yield _room(site, store, today)
        # (3)
        yield _weeks(store, today)
        yield _board(site, store, today)
        # (4)
        yield _kept(store, today)
    finally:
        store.close()


def _integrity(place: Place) -> Finding:
    """Whether the database's pages hang together; what is in them, its readers check."""
    if not isinstance(place, Path):
        return Finding(Level.FINE, "store", "opens; whether its pages are whole, its server sees")
    try:
        with closing(
            sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro", uri=True)
        ) as connection:
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        said = type(error).__name__
    if said == "ok":
        return Finding(Level.FINE, "store", "its pages are whole")
    # What SQLite says names pages and tables, and no row.
    says = f"is damaged: {str(said).splitlines()[-1]}"
    advice = "end the server, keep a copy, and restore it from a backup"
    return Finding(Level.WRONG, "store", says, advice)


def _room(site: Site, store: Store, today: dt.date) -> Finding:
    state = budget_state(store, site.settings.weekly_bytes, Epoch.of(today))
    used = state.taken * 100 // state.weekly
    says = f"this week's budget used: {used} %, free disk: {state.free // 1_000_000} MB"
    if state.step is Step.OPEN:
        return Finding(Level.FINE, "room", says)
    short = state.step is Step.CLOSED or state.free < RESERVE
    advice = f"{RESERVE // 1_000_000} MB are to be free for texts; weekly_bytes is in site.toml"
    says = f"{says}; {state.step.alarm}"
    return Finding(Level.WRONG if short else Level.WARNING, "room", says, advice)


def _is_behind(store: Store, last: Epoch) -> bool:
    """Whether the epoch `last`, which is over, is not closed."""
    closed = store.leaves.closed()
    if closed is None:
        # No log yet: only what waits says whether a week is over.
        waiting = [Opening.parse(opening).epoch for opening in store.leaves.waiting()]
        return any(epoch <= last for epoch in waiting)
    return closed < last


def _weeks(store: Store, today: dt.date) -> Finding:
    last = Epoch.of(today).previous
    if _is_behind(store, last):
        says = f"{last} is over and not closed: what came is not logged, and cannot be proved"
        advice = "run `intake epoch` and `intake cosign`, and look at their timer"
        return Finding(Level.WARNING, "weeks", says, advice)
    return Finding(Level.FINE, "weeks", "all that are over are closed")


def _board(site: Site, store: Store, today: dt.date) -> Finding:
    advice = "run `intake epoch`: it makes the board's files from the store"
    if not site.board_folder.holds(store.board.rows()):
        says = "what is served is not what the store has: people may miss a reply"
        return Finding(Level.WRONG, "board", says, advice)
    last, waiting = Epoch.of(today).previous, store.board.waiting()
    if waiting and _is_behind(store, last):
        says = f"{last} is over and not closed: replies that wait for the board: {waiting}"
        return Finding(Level.WARNING, "board", says, "run `intake epoch`, and look at its timer")
    return Finding(Level.FINE, "board", f"is served as it must be; replies that wait: {waiting}")


def _published(site: Site) -> Finding:
    try:
        staged, published = site.log_folder.staged(), site.log_folder.published()
    except IntakeError as error:
        advice = error.hint or "run `intake epoch` and `intake cosign`: they make its files again"
        return Finding(Level.WRONG, "log", error.phrase, advice)
    entries = 0 if staged is None else staged.checkpoint.size
    shown = 0 if published is None else published.checkpoint.size
    if shown < entries:
        says = f"{shown} entries are published of {entries}: the rest is not cosigned"
        return Finding(
            Level.WARNING,
            "log",
            says,
            "run `intake cosign`, and look which witness does not answer",
        )
    return Finding(Level.FINE, "log", "all that is logged is published")


def _kept(store: Store, today: dt.date) -> Finding:
    oldest = store.oldest_logged()
    if oldest is None:
        return Finding(Level.FINE, "kept", "nothing that is logged lies here")
    days = (today - oldest.end.date()).days
    if days > KEPT:
        says = f"submissions of {oldest} still lie here, {days} days after that week"
        advice = "collect and release: `intake collect`, `review confirm`, `intake release`"
        return Finding(Level.WARNING, "kept", says, advice)
    return Finding(Level.FINE, "kept", f"nothing for more than {KEPT} days after its week")
