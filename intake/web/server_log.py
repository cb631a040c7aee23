"""What a running server says: its own failures, by class and line, once each; never a request.

gunicorn and the libraries under it log requests that they cannot read, with their words, their
sender and their time. So nothing of theirs is passed on but that something failed, and where.
"""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from intake.budget import Step
from intake.visible import line
from intake.web import error_pages

_log = logging.getLogger(error_pages.LOGGER)
_alarms = logging.getLogger(f"{error_pages.LOGGER}.budget")
_OURS = frozenset({_log.name, _alarms.name})


def install() -> None:
    """From here on this process, and its children, write no other word to standard error."""
    say_with(logging.StreamHandler(sys.stderr))
    logging.raiseExceptions = False  # a record that cannot be formatted would be shown whole
    warnings.simplefilter("ignore")
    sys.unraisablehook = _unraisable
    threading.excepthook = _in_a_thread


def say_with(handler: logging.Handler) -> None:
    """From here on this handler gets what may be said, and nothing else does."""
    handler.addFilter(_ours)
    logging.getLogger().handlers[:] = [handler]


def pass_on(lines: Iterable[tuple[str, str]]) -> None:
    """Say what a process that is gone in a moment had to say: failures once in this one's life."""
    for name, words in lines:
        if name == _alarms.name:  # the store knows that nobody said it before
            _alarms.error("%s", words)
        else:
            error_pages.tell(words)


def tell_of_budget(step: Step) -> None:
    """The operator's alarm: which step of the week's budget was reached, and no number."""
    _alarms.error("intake: budget: %s", step.alarm)


def warn_of_swap(places: Sequence[str]) -> None:
    """Say it in one line where memory may be written to a disk."""
    if places:
        found = line(", ".join(places))
        _log.error(
            "intake: swap is on (%s): what people write could reach a disk: swapoff -a", found
        )


def _ours(record: logging.LogRecord) -> bool:
    if record.name in _OURS:
        return True
    if record.exc_info and record.exc_info[1] is not None:
        error_pages.log(record.exc_info[1])
    return False


def _unraisable(found: "sys.UnraisableHookArgs") -> None:
    if found.exc_value is not None:
        error_pages.log(found.exc_value)


def _in_a_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None:
        error_pages.log(found.exc_value)


class ServerLog:
    """gunicorn's log. The first process may say in words why it ends; its workers may not.

    Even of the first process each message is passed on once: that a worker ended may be the doing
    of a request, and a line each time would tell when these came.
    """

    access_log_enabled = False

    def __init__(self, cfg: Any) -> None:
        self.cfg = cfg
        self._first = os.getpid()
        self._said: set[str] = set()

    def setup(self, cfg: Any) -> None:
        """Take up a configuration that was read again."""
        self.cfg = cfg

    def critical(self, message: str, *words: object, **also: Any) -> None:
        """Something failed: say so, as the class says."""
        error = sys.exception()
        if also.get("exc_info") and error is not None:
            error_pages.log(error)
        elif os.getpid() == self._first and message not in self._said:
            self._said.add(message)
            _log.error("intake: server: %s", message % words if words else message)

    error = warning = critical

    def exception(self, _message: str, *_words: object, **_also: Any) -> None:
        """Say the class and the line of what is being handled; the words hold the request."""
        error = sys.exception()
        if error is not None:
            error_pages.log(error)

    def info(self, *_words: object, **_also: Any) -> None:
        """Say nothing."""

    debug = log = access = info

    def reopen_files(self) -> None:
        """There are none."""

    def close_on_exec(self) -> None:
        """There is nothing to close."""
