"""The table of `intake review list`: one row an item, from sealed records alone, and canaries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from intake import visible
from intake.container import Kind, Level
from intake.errors import IntakeError
from intake.review.canaries import Canaries
from intake.review.case import EXPORT, Case
from intake.review.record import Entry
from intake.review.standing import Standing, standing_of
from intake.review.thread import Word, gone_words, newest

HEAD = ("ITEM", "EPOCH", "KIND", "MODE", "LANG", "LENGTH", "CONSENT", "STATE", "PROBLEM")
# What is answered to one question about a State allows nothing by itself, and stands with the answer.
_ASKED = tuple(level for level in Level if level is not Level.GOVERNMENT)


@dataclass
class _Code:
    """What the records of a case say of one code."""

    words: list[Word] = field(default_factory=list[Word])
    gone: list[Entry] = field(default_factory=list[Entry])
    testimonies: list[tuple[str, str]] = field(
        default_factory=list[tuple[str, str]]
    )  # week taken, id

    @property
    def agreed(self) -> str:
        """A letter for each use to which the newest word is a yes."""
        return "".join(level[0].upper() for level in _ASKED if self._allows(level))

    def _allows(self, level: Level) -> bool:
        gone = [("", entry.opening.epoch) for entry in self.gone]
        word = newest(level, [*self.words, *gone_words(level, gone)])
        return word is not None and word.agreed


def rows(case: Case) -> Iterator[tuple[str, ...]]:
    """One row of text for each item, in the order of `HEAD`."""
    standing, canaries = standing_of(case), Canaries.of(case)
    entries = dict(_entries(case))
    codes = _codes(entries, standing.withdrawn)
    for item, entry in entries.items():
        try:
            if isinstance(entry, IntakeError):
                raise entry
            yield _row(case, item, entry, standing, canaries, codes)
        except IntakeError as error:
            # One damaged record must not hide the others.
            yield item, *"------", "damaged", visible.line(error.phrase)


def _entries(case: Case) -> Iterator[tuple[str, Entry | IntakeError]]:
    for item in case.items():
        try:
            yield item, case.entry(item)
        except IntakeError as error:
            yield item, error


def _codes(
    entries: Mapping[str, Entry | IntakeError], withdrawn: frozenset[bytes]
) -> Mapping[bytes | str, _Code]:
    """By the mark of a code; an item without one is alone, by its id.

    What is not yet logged is listed as it was said, and its state says that it cannot leave.
    """
    codes = defaultdict[bytes | str, _Code](_Code)
    for item, entry in entries.items():
        if isinstance(entry, IntakeError):
            continue
        code = codes[entry.thread or item]
        taken = entry.opening.epoch
        if entry.gone or entry.opening.envelope in withdrawn:
            code.gone.append(entry)
        elif entry.summary is not None:
            code.words += entry.summary.words(taken, logged=True)
            if entry.summary.kind is Kind.TESTIMONY:
                code.testimonies.append((str(taken), item))
    return codes


def _row(  # noqa: PLR0913, PLR0917 - all that a row is made of
    case: Case,
    item: str,
    entry: Entry,
    standing: Standing,
    canaries: Canaries,
    codes: Mapping[bytes | str, _Code],
) -> tuple[str, ...]:
    epoch, summary = str(entry.opening.epoch), entry.summary
    if entry.gone:
        count = len(case.marks(item, EXPORT))
        return (
            item,
            epoch,
            *"-----",
            entry.verdict.value,
            f"exported before: {count}" if count else "",
        )
    if summary is None:
        problem = visible.line(f"{entry.verdict}: {entry.why}")
        return item, epoch, *"-----", _in_log("sealed", standing, entry), problem
    code = codes[entry.thread or item]
    kind, agreed = summary.kind.value, code.agreed
    if summary.kind is Kind.CONSENT:
        agreed = "".join(letter for letter in summary.said if letter.isupper())
    if summary.kind is not Kind.TESTIMONY:
        kind += f" to {min(code.testimonies)[1]}" if code.testimonies else " to nothing here"
    state = _in_log(state_of(case, item), standing, entry)
    if canaries.holds(case, item, entry):
        state = "canary"
    known = (kind, summary.mode.value, summary.lang, str(summary.length), agreed or "-")
    return item, epoch, *known, state, case.problem(item)


def state_of(case: Case, item: str) -> str:
    """How far an item is that can be read: by what of it was redacted and exported."""
    exports = len(case.marks(item, EXPORT))
    if exports:
        return f"exported {exports}"
    redactions = case.redactions(item)
    return f"redacted {redactions}" if redactions else "new"


def _in_log(state: str, standing: Standing, entry: Entry) -> str:
    if entry.opening.envelope in standing.withdrawn:
        return "withdrawn"
    return f"{state}, not yet logged" if entry.opening.envelope not in standing.logged else state
