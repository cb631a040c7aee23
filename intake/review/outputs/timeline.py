"""When things happened, as far as anybody knows: bars whose ends fade where the date is not exact.

Inside, and for recipients who get cases one by one, each act is a bar. In public nobody's act is: a line
is a kind of act, and a month shows only if 5 accounts or more tell of it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from intake.review.coding.account import When
from intake.review.coding.vocabulary import Vocabulary
from intake.review.outputs.counting import Name, Table
from intake.review.outputs.document import Grid, Line, Picture
from intake.review.outputs.drawing import SHADES, Box, Sheet
from intake.review.outputs.material import Piece
from intake.review.outputs.pictures import LABEL, WIDTH, Chart, caption, number
from intake.review.outputs.wording import say, term

BARS: Final = 250  # of one picture; the table beside it has them all
_STEPS: Final = 12  # shades of an end that fades
_ABOUT: Final = dt.timedelta(days=45)
_OPEN: Final = dt.timedelta(days=180)  # how far an end nobody knows is drawn
_SHARP: Final = frozenset({"d.day", "d.month"})


@dataclass(frozen=True)
class Bar:
    """A stretch of days, and by how many more each end fades."""

    case: str
    act: str
    when: When
    start: dt.date
    end: dt.date
    before: dt.timedelta
    after: dt.timedelta


def bars(pieces: Sequence[Piece]) -> list[Bar]:
    """Every act with a date, by where it begins; those without one are in the table alone."""
    found = [
        Bar(piece.case, act.code, act.when, *stretch(act.when))
        for piece in pieces
        for act in piece.coding.acts
        if act.when.start or act.when.end
    ]
    return sorted(found, key=lambda bar: (bar.start, bar.end, bar.case, bar.act))


def stretch(when: When) -> tuple[dt.date, dt.date, dt.timedelta, dt.timedelta]:
    """Where a bar begins and ends, and how far its ends fade outside of that."""
    none = dt.timedelta()
    start, end = when.start or when.end, when.end or when.start
    if start is None or end is None:
        raise ValueError("a date that is not known has no bar")
    before = _OPEN if when.start is None or when.precision == "d.before" else none
    after = _OPEN if when.end is None or when.precision == "d.after" else none
    if when.precision not in _SHARP and not before and not after:
        # A season, a year, or about: nobody knows where in or near it.
        before = after = min(_ABOUT, max((end - start) / 3, dt.timedelta(days=15)))
    return start, end, before, after


@dataclass(frozen=True)
class Scale:
    """Days on a line of a drawing."""

    first: dt.date
    last: dt.date

    @property
    def day(self) -> float:
        """Points of one day."""
        return (WIDTH - LABEL) / ((self.last - self.first).days + 1)

    def at(self, day: dt.date) -> float:
        """Where a day begins."""
        return LABEL + (day - self.first).days * self.day


def by_case(pieces: Sequence[Piece], lang: str) -> Chart:
    """Each act as a bar, at most 250; this never goes to the public."""
    every = bars(pieces)
    drawn = every[:BARS]
    first = min((bar.start - bar.before for bar in drawn), default=dt.date(2017, 1, 1))
    last = max((bar.end + bar.after for bar in drawn), default=dt.date(2017, 12, 31))
    scale = Scale(dt.date(first.year, 1, 1), dt.date(last.year, 12, 31))
    high, top = 11, 22
    sheet = Sheet(WIDTH, top + high * max(1, len(drawn)) + 4)
    for year in range(scale.first.year, scale.last.year + 1):
        x = scale.at(dt.date(year, 1, 1))
        sheet.line(x, 12, x, top + high * max(1, len(drawn)))
        sheet.words((x + 2, 7), str(year), size=6.5)
    for i, bar in enumerate(drawn):
        middle = top + high * (i + 0.5)
        sheet.words((0, middle), bar.case, size=5.5)
        sheet.words((34, middle), term(Vocabulary.ACT, bar.act, lang)[:34], size=5.5)
        _fading(sheet, scale, bar, middle)
    title = say("title_timeline", lang)
    under: Line = (
        *(title, ". ", say("caption", lang), " ", say("fuzzy", lang), " "),
        *(say("not_drawn", lang), ": ", str(len(every) - len(drawn)), "."),
    )
    head: tuple[Line, ...] = tuple(
        (say(key, lang),) for key in ("case", "act", "from", "to", "precision")
    )
    rows = tuple(
        _row(piece.case, act.code, act.when, lang) for piece in pieces for act in piece.coding.acts
    )
    svg = sheet.svg("picture-timeline", title, say("alt", lang))
    picture = Picture(svg, (title, ". ", say("alt", lang)), under, tuple(sheet.labels))
    return Chart(picture, Grid((title, ". ", say("caption", lang)), head, rows))


def _row(case: str, act: str, when: When, lang: str) -> tuple[Line, ...]:
    days = [day.isoformat() if day else "" for day in (when.start, when.end)]
    precision = term(Vocabulary.PRECISION, when.precision, lang)
    return (case,), (term(Vocabulary.ACT, act, lang),), (days[0],), (days[1],), (precision,)


def _fading(sheet: Sheet, scale: Scale, bar: Bar, middle: float) -> None:
    left = scale.at(bar.start)
    right = max(scale.at(bar.end + dt.timedelta(days=1)), left + 1.5)
    sheet.box(Box(left, middle - 3, right - left, 6), SHADES[4])
    before, after = (span.days * scale.day / _STEPS for span in (bar.before, bar.after))
    for step in range(_STEPS):
        strength = 1 - (step + 0.5) / _STEPS
        if before:
            part = Box(left - before * (step + 1), middle - 3, before, 6)
            sheet.box(part, SHADES[4], strength=strength)
        if after:
            part = Box(right + after * step, middle - 3, after, 6)
            sheet.box(part, SHADES[4], strength=strength)


def by_act(table: Table, lang: str) -> Chart:
    """For the public: a line for each kind of act, over the months of the protected table.

    A stretch of months that show is solid; it fades where the month beside it is hidden or has few.
    """
    months = list(_months(table))
    high, top = 20, 22
    sheet = Sheet(WIDTH, top + high * max(1, len(table.rows)) + 4)
    wide = (WIDTH - LABEL) / max(1, len(months))
    for i, month in enumerate(months):
        if month.endswith("-01") or i == 0:
            sheet.line(LABEL + wide * i, 12, LABEL + wide * i, top + high * len(table.rows))
            sheet.words((min(LABEL + wide * i + 2, WIDTH - 18), 7), month[:4], size=6.5)
    for j, row in enumerate(table.rows):
        middle = top + high * (j + 0.5)
        sheet.lines((0, middle), term(Vocabulary.ACT, row, lang), 38)
        shown = [bool(table.cells.get((row, month))) for month in months]
        for i in range(len(months)):
            _month(sheet, Box(LABEL + wide * i, middle - 4, wide, 8), shown, i)
    title = say("title_timeline", lang)
    svg = sheet.svg("picture-timeline", title, say("alt", lang))
    under = (title, ". ", *caption(table, lang)[2:], " ", say("fuzzy", lang))
    picture = Picture(svg, (title, ". ", say("alt", lang)), under, tuple(sheet.labels))
    head: tuple[Line, ...] = ((say("act", lang),), (say("months_shown", lang),))
    rows = tuple(_spoken(table, row, lang) for row in table.rows)
    return Chart(picture, Grid((title, ". ", say("caption", lang)), head, rows))


def _month(sheet: Sheet, box: Box, shown: Sequence[bool], i: int) -> None:
    """A month of a line: solid, or fading from the one beside it."""
    if shown[i]:
        sheet.box(box, SHADES[4])
        return
    part = box.width / _STEPS / 2
    for step in range(_STEPS):
        strength = 1 - (step + 0.5) / _STEPS
        if i > 0 and shown[i - 1]:
            left = box.left + part * step
            sheet.box(Box(left, box.top, part, box.height), SHADES[4], strength=strength)
        if shown[i + 1 : i + 2] == [True]:
            left = box.left + box.width - part * (step + 1)
            sheet.box(Box(left, box.top, part, box.height), SHADES[4], strength=strength)


def _spoken(table: Table, row: str, lang: str) -> tuple[Line, ...]:
    said = [
        part
        for month in table.columns
        if month and (value := table.cells[row, month])
        for part in (month, ": ", number(value, lang), "; ")
    ]
    return (term(Vocabulary.ACT, row, lang),), tuple(said[:-1]) or (say("hidden", lang),)


def _months(table: Table) -> Iterator[str]:
    """Every month from the first to the last that the table shows, at most 120."""
    known = [column for column in table.columns if column]
    if table.name is not Name.MONTH_ACT or not known:
        return
    year, month = map(int, known[0].split("-"))
    for _ in range(120):
        text = f"{year:04d}-{month:02d}"
        yield text
        if text == known[-1]:
            return
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
