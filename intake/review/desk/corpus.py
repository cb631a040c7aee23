"""All of an open case that the desk keeps in memory: the rows of its list, its words, known names, and what is coded.

It is read in the background, so that the list is there while texts are still being opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import Final, TypeVar

from intake.container import Container
from intake.errors import IntakeError
from intake.review import listing, remembering
from intake.review.case import Case
from intake.review.consent import is_code
from intake.review.desk.accounts import Accounts
from intake.review.desk.index import Index
from intake.review.desk.table import UNREADABLE, Choices, Row
from intake.review.desk.work_state import next_of
from intake.review.finding.memory import Names
from intake.review.panel import Panel, panel_of
from intake.review.record import Entry
from intake.review.redacting import Redaction
from intake.review.steps import Step
from intake.review.work import Answers

_T = TypeVar("_T")
_STAGES: Final = 3  # records, rows, texts
_BY_WORK: Final = frozenset({"new", "redacted", "exported"})  # states that our own acts change
_PAUSE: Final = 0.0002  # seconds between two items, in which a page may be made


class HeldCase(Case):
    """A case that reads each record of an item once, as long as its file is the same.

    It must be open for writing, that is, alone: then what is erased or comes by a stick changes here.
    """

    def entry(self, item: str) -> Entry:
        """What the import found out about an item."""
        known: dict[str, tuple[tuple[int, int], Entry]] = self.__dict__.setdefault("_entries", {})
        try:
            stat = self.files.path(item, "entry").stat()
        except FileNotFoundError:
            return super().entry(item)  # which says so
        file = stat.st_ino, stat.st_mtime_ns
        if item not in known or known[item][0] != file:
            known[item] = file, super().entry(item)
        return known[item][1]


@dataclass(frozen=True)
class Progress:
    """How much of a case was read; `done` of `whole` steps."""

    done: int
    whole: int
    listed: bool
    ended: bool


class Corpus:
    """The rows and the words of a case, as far as they were read."""

    def __init__(self, case: HeldCase) -> None:
        self.rows: list[Row] = []
        self.choices = Choices()
        self.index = Index()
        self.names = Names()
        self.accounts = Accounts()
        self.trouble: IntakeError | None = None
        self._places: dict[str, int] = {}
        self._done, self._whole = 0, 1
        self._listed = self._ended = False
        self._lock = Lock()
        self._stopped = Event()
        self._thread: Thread | None = Thread(target=self._read, args=(case,), daemon=True)

    def begin(self) -> None:
        """Start reading."""
        if self._thread is not None:
            self._thread.start()

    def stop(self) -> None:
        """Stop reading; returns once nothing of the case is held any more."""
        self._stopped.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()
        self._thread = None

    def wait(self, seconds: float) -> bool:
        """Wait until everything was read; returns whether it was."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self._ended

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(self._done, self._whole, self._listed, self._ended)

    def row(self, item: str) -> Row | None:
        """The row of an item, if it was read."""
        at = self._places.get(item)
        return None if at is None else self.rows[at]

    def renew(self, case: HeldCase, item: str) -> None:
        """Look again at one item with which something was done; its words never change."""
        at = self._places.get(item)
        if at is None or self.rows[at].state in UNREADABLE:
            return
        with self._lock:
            row = _worked(case, panel_of(case), self.rows[at])
            if row.state in _BY_WORK:
                word, _, count = listing.state_of(case, item).partition(" ")
                row = replace(row, state=word, count=int(count or 0))
            self.rows[at] = replace(row, triage=_triaged(case, item))
        self.choices = Choices.of(self.rows)

    def _read(self, case: HeldCase) -> None:
        try:
            self._read_all(case)
        except IntakeError as error:
            # Its traceback would hold on to the case, and so to the keys.
            self.trouble = error.with_traceback(None)
            self.trouble.__context__ = None
        self.index.settle()
        self._ended = not self._stopped.is_set()

    def remember(self, item: str, container: Container, redaction: Redaction | None) -> None:
        """Know the names that a redaction takes out from now on: it has just been kept."""
        with self._lock:
            remembering.learn(self.names, item, container, redaction)

    def _read_all(self, case: HeldCase) -> None:
        items = case.items()
        self._whole = max(1, _STAGES * len(items))
        for item in self._steps(items):
            try:
                case.entry(item)
            except IntakeError:
                continue  # its row says so
        panel = panel_of(case)
        for cells in listing.rows(case):
            if self._stopped.is_set():
                return
            row = _worked(case, panel, Row.of(cells))
            self._places[row.item] = len(self.rows)
            self.rows.append(row)
            self._step()
        self.choices = Choices.of(self.rows)
        self._listed = True
        self._read_texts(case)
        self.choices = Choices.of(self.rows)
        self.accounts.meter(case, lambda: not self._stopped.wait(_PAUSE))

    def _read_texts(self, case: HeldCase) -> None:
        for number, row in enumerate(self._steps(self.rows)):
            if row.state in UNREADABLE:
                continue
            try:
                opening, container = case.original(row.item)
                if case.redactions(row.item):
                    redaction = case.redaction(row.item, opening.envelope)
                    self.remember(row.item, container, redaction)
            except IntakeError:
                continue  # its row says so too
            for text in words_of(container):
                self.index.add(number, text)
            with self._lock:
                self.rows[number] = replace(self.rows[number], triage=_triaged(case, row.item))

    def _steps(self, things: list[_T]) -> Iterator[_T]:
        for thing in things:
            if self._stopped.is_set():
                return
            yield thing
            self._step()

    def _step(self) -> None:
        self._done += 1
        self._stopped.wait(_PAUSE)


def _worked(case: HeldCase, panel: Panel, row: Row) -> Row:
    """A row with what the names of the item's files say of its steps."""
    if row.state in UNREADABLE:
        return row
    folder = case.files.path(row.item, "entry").parent
    return replace(row, work=next_of(folder, panel, case.by))


def _triaged(case: HeldCase, item: str) -> str:
    """The code of the newest triage; empty where there is none, or none that can be read."""
    try:
        newest = case.journal(item).newest(Step.TRIAGE)
        return (
            "" if newest is None else Answers.from_json(Step.TRIAGE, newest.value).given["triage"]
        )
    except IntakeError:
        return ""


def words_of(container: Container) -> Iterator[str]:
    """Every text in it that a person wrote; answers that were only chosen are none."""
    for path, text in container.fields:
        if not is_code(path, text):
            yield text
