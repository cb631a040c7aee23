"""`intake review desk`: opens a case in a browser window of its own, until it is closed."""

from __future__ import annotations

import resource
import signal
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import click

from intake.errors import IntakeError, StoreError
from intake.review.desk.app import DeskApp
from intake.review.desk.gate import Pass
from intake.review.desk.handing_over import LIFE, Letter
from intake.review.desk.run_folder import run_folder
from intake.review.desk.serving import DeskServer
from intake.review.desk.sitting import IDLE, Desk
from intake.review.desk.window import TESTING, Browser, Window, test_switches
from intake.review.options import case_options, unlock_all

if TYPE_CHECKING:
    from types import FrameType

_TICK: Final = 0.25  # seconds between two looks at the clock and the window
_LAST_PAGE: Final = 0.5  # seconds for the page that says good-bye


class Ending:
    """Whether the end is wanted. No `Event`: a signal that comes while one is looked at would wait for itself."""

    def __init__(self) -> None:
        self.begun = False

    def begin(self) -> None:
        """Want the end."""
        self.begun = True

    def at_signals(self) -> None:
        """Want it where a signal asks for it."""

        def end(number: int, frame: FrameType | None) -> None:
            del number, frame
            self.begin()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, end)


@click.command("desk")
@case_options
@click.option(
    "--browser",
    type=click.Choice([one.value for one in Browser]),
    default=Browser.CHROMIUM.value,
    show_default=True,
    help="Which browser to start; none to open the page yourself.",
)
@click.option(
    "--idle",
    type=click.FloatRange(0, IDLE / 60, min_open=True),
    default=IDLE / 60,
    show_default=True,
    metavar="MINUTES",
    help="Lock after so many minutes without a sign of anybody; never more than 10.",
)
@click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="FOLDER",
    help="Where files that leave are proposed to be written; this folder if not given.",
)
def desk(  # noqa: PLR0913 - one parameter an option
    *,
    folder: Path,
    identities: tuple[Path, ...],
    passphrase_file: Path | None,
    browser: str,
    idle: float,
    out: Path,
) -> None:
    """Open a case in a browser window of its own: list, search, read, and the steps of the work.

    The page is served on an address of this machine that is drawn anew each time, to this user's
    programs alone, and to no browser but the one that was handed a token in a file. The browser
    has a profile in memory, which is gone at the end, and reaches nothing but this page.

    After 10 minutes without a sign of anybody, at "Lock now", and at Esc pressed twice, every key
    is dropped and the passphrase is asked for again. Into the case go signed records of what you do,
    sealed drafts of what you type, and, sealed to you alone, how long you read today. While it is open
    no other command can use the case. It ends with "Close", with
    its window, or with Ctrl-C here.

    With `--browser none` it prints the path of a file: open that in a private window within 60
    seconds. What that browser keeps, and where, is then for you to know. Run `intake review
    doctor` first: it says what else of this machine may keep a word.
    """
    _no_dumps()
    if test_switches():
        click.echo(f"WARNING: {TESTING} is set: for tests, and never for a real case", err=True)
    ending = Ending()
    ending.at_signals()
    held = Desk(folder, identities, idle=idle * 60, out=out.absolute())
    # The identities are in no name of this function, which stays: the lock could not drop them.
    held.begin(unlock_all(identities, passphrase_file))
    try:
        _sit(held, Browser(browser), ending)
    finally:
        held.lock()


def _sit(held: Desk, browser: Browser, ending: Ending) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(run_folder())
        entry = Pass()
        server = DeskServer()
        stack.callback(server.server_close)
        server.app = DeskApp(held, entry, ending.begin).behind_gate(server.authority)
        Thread(target=server.serve_forever, args=(_TICK,), daemon=True).start()
        stack.callback(server.shutdown)
        Thread(target=_load_finding, args=(held,), daemon=True).start()
        letter = Letter(folder, server.authority, str(entry.token))
        window = None
        if browser is Browser.NONE:
            click.echo(str(letter.path))
            sys.stdout.flush()
        else:
            window = Window.opened(browser, folder, letter.path, server.authority)
            stack.callback(window.close)
        _watch(held, entry, letter, window, ending)
        held.lock()
        time.sleep(_LAST_PAGE)


def _load_finding(held: Desk) -> None:
    """Load what proposes once an item is opened: until somebody has read it, it is there.

    Whoever only looks at the list, signs or takes a stick needs none of it, nor its 250 MB.
    """
    while (sitting := held.sitting) is None or not sitting.opened:
        time.sleep(_TICK)
    from intake.review.finding.find import load

    with suppress(IntakeError):  # the page that needs it says what is wrong
        load()


def _watch(held: Desk, entry: Pass, letter: Letter, window: Window | None, ending: Ending) -> None:
    """Lock when it is time, take the letter away, and return when the end is wanted."""
    gone = time.monotonic() + LIFE
    while not ending.begun:
        time.sleep(_TICK)
        held.lock_if_idle()
        if entry.entered:
            letter.remove()
        elif time.monotonic() >= gone:
            entry.expire()
            letter.remove()
            raise StoreError(f"no browser opened the page within {LIFE:.0f} seconds", "begin again")
        if window is not None and not window.is_open():
            return


def _no_dumps() -> None:
    # What a crash would write to a disk is what is being read.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
