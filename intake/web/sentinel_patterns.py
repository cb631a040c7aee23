"""Tells what reads as an IP address, a user agent or a time, and how rarely random bytes do.

In sealed objects, which are random, a chain of four numbers counts only with 8 digits or more: one
position in 1.6e17 is such a chain by chance, so a terabyte is one with a probability of 0.00001.
Written times and user agents are rarer still. What it is, is never told on.
"""

import re
from collections.abc import Iterator
from typing import Final

from intake.web.sentinel_words import Kind, Planted

YEAR: Final = 366 * 86_400  # seconds
WEEK: Final = 7 * 86_400
_MONDAY: Final = 4 * 86_400  # 1970-01-05
_UNITS: Final[tuple[int, ...]] = (1, 10**3, 10**6, 10**9)
_OF_NANOSECONDS: Final = 4
_SURE: Final = 11  # characters of four numbers with 8 digits
_OCTET: Final = rb"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_NUMBERS: Final = rb"(?:" + _OCTET + rb"\.){3}" + _OCTET
_FOUR: Final = re.compile(rb"(?<![0-9A-Za-z_.-])" + _NUMBERS + rb"(?![0-9A-Za-z_-]|\.[0-9])")
_GROUP: Final = rb"[0-9a-fA-F]{1,4}"
_GROUPS: Final = rb"(?:" + _GROUP + rb":){7}" + _GROUP
_EIGHT: Final = re.compile(rb"(?<![0-9A-Za-z:])" + _GROUPS + rb"(?![0-9A-Za-z:])")
# In a database's pages the texts of a row stand without anything between them.
_FOUR_IN_ROW: Final = re.compile(rb"(?<![0-9.])" + _NUMBERS + rb"(?![0-9]|\.[0-9])")
_EIGHT_IN_ROW: Final = re.compile(rb"(?<![0-9a-fA-F:])" + _GROUPS + rb"(?![0-9a-fA-F:])")
_MORE: Final = _GROUP + rb"(?::" + _GROUP + rb"){0,5}"
_SHORTENED: Final = re.compile(
    rb"(?<![0-9A-Za-z:])" + _MORE + rb"::(?:" + _MORE + rb")?(?![0-9A-Za-z:])"
)
_NOBODY: Final = (b"0.0.0.0", b"127.0.0.1", b"255.255.255.255")
_AGENTS: Final = (
    re.compile(rb"Mozilla/[45]\.[0-9]"),
    re.compile(rb"AppleWebKit/[0-9]{3}"),
    re.compile(rb"curl/[0-9]+\.[0-9]+\.[0-9]"),
)
_MONTH: Final = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CLOCK: Final = rb"[0-2][0-9]:[0-5][0-9]"
_WRITTEN: Final = re.compile(
    rb"(?<![0-9])20[0-9]{2}([-/])[01][0-9]\1[0-3][0-9][T_ ]" + _CLOCK + rb"|"
    rb"(?<![0-9])[0-3][0-9]/" + _MONTH + rb"/20[0-9]{2}:" + _CLOCK + rb"|"
    rb"[0-3]?[0-9][ -]" + _MONTH + rb"[ -]20[0-9]{2} " + _CLOCK + rb"|"
    rb"" + _MONTH + rb" [ 0-3][0-9] " + _CLOCK + rb":[0-5][0-9]"
)
_DIGITS: Final = re.compile(
    rb"(?<![0-9A-Za-z_.+/-])(1[0-9]{9}(?:[0-9]{3}){0,3})(?:\.[0-9]{1,9})?(?![0-9A-Za-z_+/-])"
)
_DAY: Final = re.compile(rb"20[0-9]{2}-[01][0-9]-[0-3][0-9]")
# A part of each of them that begins with a fixed character: of these there are few, soon found, so
# that a store of gigabytes is read in a minute and not in an hour.
_AT_FOUR: Final = re.compile(rb"\.[0-9]{1,3}\.[0-9]{1,3}\.")
_AT_EIGHT: Final = re.compile(rb":" + _GROUP + rb":" + _GROUP + rb":")
_AT_SHORTENED: Final = re.compile(rb"::")
_AT_CLOCK: Final = re.compile(rb":[0-5][0-9]")
_AT_DIGITS: Final = re.compile(rb"1[0-9]{9}")
_AROUND: Final = 64  # bytes: more than any of them is long


def kinds_in(content: bytes, now: float, *, random: bool) -> Iterator[Kind]:
    """Each kind of which `content` has something; `random` where it may be sealed objects."""
    if _has_address(content, random=random):
        yield Kind.ANY_ADDRESS
    if any(pattern.search(content) for pattern in _AGENTS):
        yield Kind.ANY_AGENT
    digits = (int(match[1]) for match in _near(content, _AT_DIGITS, _DIGITS))
    if any(_near(content, _AT_CLOCK, _WRITTEN)) or any(unit_of(one, now) for one in digits):
        yield Kind.TIME


def _near(
    content: bytes, part: re.Pattern[bytes], whole: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    for found in part.finditer(content):
        yield from whole.finditer(content, max(0, found.start() - _AROUND), found.end() + _AROUND)


def _has_address(content: bytes, *, random: bool) -> bool:
    for match in _near(content, _AT_FOUR, _FOUR_IN_ROW if random else _FOUR):
        if match[0] not in _NOBODY and (len(match[0]) >= _SURE or not random):
            return True
    if any(_near(content, _AT_EIGHT, _EIGHT_IN_ROW if random else _EIGHT)):
        return True
    return not random and any(_near(content, _AT_SHORTENED, _SHORTENED))


def is_a_day(text: str) -> bool:
    """Whether the whole of it is a date: in a table that is finer than the epoch."""
    return _DAY.fullmatch(text.encode()) is not None


def unit_of(value: float, now: float) -> int:
    """How many of the unit are a second, where `value` is a time of the last year, else 0.

    The end of an epoch, which is all that our own files may tell, is none.
    """
    for unit in _UNITS:
        if now - YEAR <= value / unit <= now + 86_400:
            return 0 if value % (WEEK * unit) == _MONDAY * unit else unit
    return 0


class Column:
    """The numbers of one column of a table: whether they are times.

    One that is the planting's own moment is enough, in any unit: of random 63 bits that is one in
    4e7 (nanoseconds, the commonest case). Of the last year half of them must be times in one unit,
    which one random number in 290,000 is (microseconds); and as one in 290 is such a nanosecond,
    of these there must be four, which random numbers are with a probability of 1e-8 at the most.
    """

    def __init__(self, planted: Planted | None, now: float) -> None:
        self._planted = planted
        self._now = now
        self._count = 0
        self._of_unit: dict[int, int] = dict.fromkeys(_UNITS, 0)
        self.is_the_plantings = False

    def add(self, value: float) -> None:
        """Look at one more number."""
        self._count += 1
        unit = unit_of(value, self._now)
        if unit:
            self._of_unit[unit] += 1
            if self._planted is not None and self._planted.is_its_time(value / unit):
                self.is_the_plantings = True

    @property
    def holds_times(self) -> bool:
        """What follows from all that was added."""
        return self.is_the_plantings or any(
            2 * times >= self._count and times >= (_OF_NANOSECONDS if unit == 10**9 else 1)
            for unit, times in self._of_unit.items()
        )
