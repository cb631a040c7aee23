"""Draws the weeks of a log as SVG: how many entries it had when it was seen, and how many came.

It needs no script, no style of its own and no font; numbers stand in a table beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

if TYPE_CHECKING:
    from intake.audit.history import History, Seen, Week
    from intake.epoch import Epoch

WEEKS: Final = 52  # that are drawn
# All in units of the drawing.
_WIDTH, _HEIGHT = 720, 190
_LEFT, _RIGHT = 70, 10
_SIZES, _LEAVES = (16, 80), (108, 166)  # top and bottom of the two parts
_BAR: Final = 0.7  # of a week's width


@dataclass(frozen=True)
class Shown:
    """The part of a history that is drawn: the last weeks of it."""

    first: Epoch
    last: Epoch
    weeks: tuple[Week, ...]
    seen: tuple[Seen, ...]

    @classmethod
    def of(cls, history: History) -> Shown:
        """The last year of a history."""
        every = [*(week.epoch for week in history.weeks), *(one.epoch for one in history.seen)]
        last = max(every)
        after = last.number - WEEKS
        first = min(epoch for epoch in every if epoch.number > after)
        weeks = tuple(week for week in history.weeks if week.epoch >= first)
        return cls(first, last, weeks, tuple(one for one in history.seen if one.epoch >= first))

    @property
    def says(self) -> str:
        """What is to be seen, in one sentence."""
        seen = self.seen[-1:]
        size = f"{seen[0].size} entries when last seen, in {seen[0].epoch}" if seen else "not seen"
        leaves = sum(week.leaves for week in self.weeks)
        return (
            f"from {self.first} to {self.last}: {len(self.seen)} checkpoints, {size}; "
            f"{leaves} blinded entries in {len(self.weeks)} closed weeks"
        )


def drawing(shown: Shown) -> Element:
    """The plot: above the size at each checkpoint seen, below the blinded entries of each week."""
    svg = Element(
        "svg", {"viewBox": f"0 0 {_WIDTH} {_HEIGHT}", "role": "img", "aria-labelledby": "plot"}
    )
    SubElement(svg, "title", {"id": "plot"}).text = f"The log {shown.says}"
    span = shown.last.number - shown.first.number + 1
    step = (_WIDTH - _LEFT - _RIGHT) / span

    def middle(epoch: Epoch) -> float:
        return _LEFT + (epoch.number - shown.first.number + 0.5) * step

    largest = max((one.size for one in shown.seen), default=0)
    _axis(svg, _SIZES, largest, "entries in the log, at each checkpoint seen")
    points = [(middle(one.epoch), _y(one.size, largest, _SIZES), one) for one in shown.seen]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    SubElement(svg, "polyline", {"class": "line", "points": path})
    for x, y, one in points:
        dot = SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "3"})
        SubElement(dot, "title").text = f"{one.epoch}: {one.size} entries"
    most = max((week.leaves for week in shown.weeks), default=0)
    _axis(svg, _LEAVES, most, "blinded entries of each closed week")
    bottom, width = _LEAVES[1], _BAR * step
    for week in shown.weeks:
        top = _y(week.leaves, most, _LEAVES)
        place = {"x": f"{middle(week.epoch) - width / 2:.1f}", "y": f"{top:.1f}"}
        size = {"width": f"{width:.1f}", "height": f"{bottom - top:.1f}"}
        bar = SubElement(svg, "rect", place | size)
        SubElement(bar, "title").text = f"{week.epoch}: {week.leaves} blinded entries"
    _text(svg, _LEFT, _HEIGHT - 8, str(shown.first))
    if shown.last != shown.first:
        _text(svg, _WIDTH - _RIGHT, _HEIGHT - 8, str(shown.last), "end")
    return svg


def _y(value: int, largest: int, part: tuple[int, int]) -> float:
    top, bottom = part
    return bottom - (bottom - top) * value / max(largest, 1)


def _axis(svg: Element, part: tuple[int, int], largest: int, what: str) -> None:
    top, bottom = part
    SubElement(svg, "path", {"class": "axis", "d": f"M{_LEFT} {top}V{bottom}H{_WIDTH - _RIGHT}"})
    _text(svg, _LEFT, top - 6, what)
    _text(svg, _LEFT - 6, top + 4, str(largest), "end")
    _text(svg, _LEFT - 6, bottom, "0", "end")


def _text(svg: Element, x: int, y: int, text: str, anchor: str = "start") -> None:
    place = {"x": str(x), "y": str(y), "text-anchor": anchor}
    SubElement(svg, "text", place).text = text
