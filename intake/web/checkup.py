"""Looks at a site, and at the machine it runs on, for what its operator should know or change.

It changes nothing but the version of an older store, and it looks at no submission.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from intake.budget import RESERVE, Step, budget_state
from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.machine import Finding, Level, dump_program, swaps_in
from intake.opening import Opening
from intake.store import Store
from intake.web.site import KEY_SIZE, Site
from intake.web.wording import LANGUAGES, TRANSLATIONS

KEPT = 10  # days after its week's end in which a submission should be collected and released
SOON = 14  # days of a roster's life in which the next one should be made
_OTHERS = 0o077  # of a file's mode: everybody but its owner
_SECRET = ("antiforgery.key", "log.key", "store.sqlite", "store.sqlite-wal")
_UNCHECKED, _PROMISE = "unchecked", "promise"  # comments in the catalogues


@dataclass(frozen=True)
class Machine:
    """What the system says of itself: the content of `/proc/swaps` and of `core_pattern`."""

    swaps: str
    core_pattern: str

    @classmethod
    def here(cls, proc: Path = Path("/proc")) -> "Machine":
        """The machine that this runs on."""
        return cls(
            (proc / "swaps").read_text("utf-8"),
            (proc / "sys/kernel/core_pattern").read_text("utf-8"),
        )


def examine(site: Site, machine: Machine, today: dt.date) -> Iterator[Finding]:
    """Everything there is to find.

    1. The roster is there, and lasts.
    2. The clock is not before the roster.
    3. Nobody but the owner reads the folder, and the keys of the forms and of the log are whole.
    4. No page of memory reaches a disk.
    5. The week and the disk have room; weeks are closed and published, the board is what it must
       be, and what was logged is let go.
    6. What people are shown: the address, support, unchecked words.
    """
    # (1), (2)
    yield _roster(site, today)
    # (3)
    yield _folder(site.folder)
    yield _key(site)
    yield _log_key(site)
    # (4)
    yield _swap(machine.swaps)
    yield _core(machine.core_pattern)
    # (5)
    yield from _store(site, today)
    yield _published(site)
    # (6)
    yield _address(site)
    yield _support(site, today)
    for lang in LANGUAGES:
        yield _wording(lang)


def _roster(site: Site, today: dt.date) -> Finding:
    try:
        roster = site.current().roster
    except (IntakeError, OSError) as error:
        phrase = error.phrase if isinstance(error, IntakeError) else "cannot be read"
        advice = error.hint if isinstance(error, IntakeError) else ""
        return Finding(Level.WRONG, "roster", phrase, advice or "publish the right one again")
    if today < roster.issued:
        says = f"this machine's date is before the roster's, {roster.issued.isoformat()}"
        return Finding(Level.WRONG, "clock", says, "set the clock")
    left = (roster.expires - today).days
    says = f"version {roster.version}, days left: {left}"
    if left < 0:
        says = f"expired on {roster.expires.isoformat()}: nothing can be sealed"
        return Finding(Level.WRONG, "roster", says, "publish the next one")
    if left < SOON:
        return Finding(Level.WARNING, "roster", says, "have the root holders sign the next one")
    return Finding(Level.FINE, "roster", says)


def _folder(folder: Path) -> Finding:
    places = [folder, *(folder / name for name in _SECRET if (folder / name).exists())]
    open_to_others = tuple(place.name for place in places if place.stat().st_mode & _OTHERS)
    if open_to_others:
        says = f"others on this machine can reach: {', '.join(open_to_others)}"
        advice = "chmod -R go= the site's folder"
        return Finding(Level.WRONG, "folder", says, advice, open_to_others)
    return Finding(Level.FINE, "folder", "only its owner can read it")


def _key(site: Site) -> Finding:
    try:
        site.antiforgery_key  # noqa: B018  # reading it is the question
    except (IntakeError, OSError):
        says = "antiforgery.key is missing or damaged: the server does not start"
        return Finding(Level.WRONG, "key", says, "put 32 random bytes there; nobody loses a text")
    return Finding(Level.FINE, "key", "is whole")


def _log_key(site: Site) -> Finding:
    # Not by reading it through the site, which would make a missing one.
    path = site.folder / "log.key"
    if path.exists() and path.stat().st_size == KEY_SIZE:
        return Finding(Level.FINE, "log key", "is whole")
    if not path.exists() and site.log_folder.staged() is None:
        return Finding(Level.FINE, "log key", "is made with the first entry of the log")
    says = "log.key is missing or damaged: nothing can be promised, and no week logged"
    advice = "restore it from a backup: the log cannot go on under another key"
    return Finding(Level.WRONG, "log key", says, advice)


def _swap(swaps: str) -> Finding:
    on_disk = swaps_in(swaps)
    if on_disk:
        says = f"is on ({', '.join(on_disk)}): what people write without script could reach a disk"
        return Finding(Level.WRONG, "swap", says, "swapoff -a, and take it out of fstab", on_disk)
    return Finding(Level.FINE, "swap", "is off, or in memory")


def _core(pattern: str) -> Finding:
    # The server forbids itself core dumps, but the kernel asks a program behind a pipe all the same.
    program = dump_program(pattern)
    if program is not None:
        says = f"the kernel gives core dumps to {program}, whatever limit a program has"
        advice = "sysctl kernel.core_pattern=core, or tell that program to keep none"
        return Finding(Level.WARNING, "core dumps", says, advice)
    return Finding(Level.FINE, "core dumps", "none while the server runs")


def _store(site: Site, today: dt.date) -> Iterator[Finding]:
    try:
        store = Store.open(site.store_place)
    except IntakeError as error:
        yield Finding(Level.WRONG, "store", error.phrase, error.hint)
        return
    try:
        yield _room(site, store, today)
        yield _weeks(store, today)
        yield _board(site, store, today)
        yield _kept(store, today)
    finally:
        store.close()


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
