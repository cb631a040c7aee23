"""Drawings as SVG by matplotlib: the same bytes anywhere, labels as text, no style, script or time.

Nothing here knows what is drawn. Labels are never read as mathematics or markup.
"""

import io
import re
from dataclasses import dataclass
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, cast
from xml.etree import ElementTree as ET

from intake.review.outputs.document import shown
from intake.review.outputs.typesetting import (
    FACES,
    FAMILY,
    fonts,
    leave_home_alone,
    on_paper,
)

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
INK, PAPER, GREY, LIGHT = "#1a1a1a", "#ffffff", "#6b6b6b", "#d9d9d9"
SHADES: Final = ("#dfe7ef", "#b9cbdd", "#8fabc8", "#5f86ad", "#33618f", "#173a5e")
"""From few to many: told apart in print too, by their lightness alone."""
_FONT = re.compile(r"(?:(bold|[0-9]+) )?([0-9.]+px) (.+)", re.ASCII)


@dataclass(frozen=True)
class Box:
    """A rectangle in points, from the upper left corner of the drawing."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.left + self.width / 2, self.top + self.height / 2

    def inset(self, by: float) -> "Box":
        """The same, smaller on each side."""
        return Box(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)


class Sheet:
    """One drawing, in points from the upper left corner; `labels` is every text in it, in order."""

    def __init__(self, width: float, height: float) -> None:
        leave_home_alone()
        from matplotlib.figure import Figure

        self._figure = Figure(figsize=(width / 72, height / 72))
        # The library says of half of its arguments that their types are unknown.
        self._axes: Any = cast("Any", self._figure).add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self.labels: list[str] = []

    def box(
        self,
        box: Box,
        fill: str,
        *,
        edge: str = "none",
        strength: float = 1,
        hatched: bool = False,
    ) -> None:
        """A rectangle."""
        from matplotlib.patches import Rectangle

        self._axes.add_patch(
            Rectangle(
                (box.left, box.top),
                box.width,
                box.height,
                facecolor=fill,
                edgecolor=GREY if hatched else edge,
                linewidth=0.5 if edge != "none" or hatched else 0,
                alpha=strength,
                hatch="////" if hatched else None,
            )
        )

    def line(self, left: float, top: float, right: float, bottom: float) -> None:
        """A thin line."""
        self._axes.plot([left, right], [top, bottom], color=LIGHT, linewidth=0.5)

    def words(
        self,
        at: tuple[float, float],
        text: str,
        *,
        size: float = 7,
        centred: bool = False,
        ink: str = INK,
    ) -> None:
        """One line of text; its middle or its beginning stands at this height."""
        self.labels.append(text)
        self._write(at, text, size, centred, ink)

    def lines(
        self,
        at: tuple[float, float],
        text: str,
        width: int,
        *,
        size: float = 7,
        centred: bool = False,
    ) -> None:
        """Text in lines of at most `width` characters, three at most, around this height."""
        rows = wrap(shown(text), width)[:3]
        self.labels.append(" ".join(rows))
        for i, row in enumerate(rows):
            shift = (i - (len(rows) - 1) / 2) * size * 1.15
            self._write((at[0], at[1] + shift), row, size, centred, INK)

    def _write(
        self, at: tuple[float, float], text: str, size: float, centred: object, ink: str
    ) -> None:
        if text.strip():
            self._axes.text(
                *at,
                on_paper(shown(text).replace("\n", " ")),
                fontproperties=_font(size),
                color=ink,
                ha="center" if centred else "left",
                va="center_baseline",
                parse_math=False,
            )

    def svg(self, name: str, title: str, description: str) -> str:
        """The drawing; `name` parts its ids from those of other drawings on a page."""
        import matplotlib as mpl
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        out = io.StringIO()
        canvas = cast("Any", FigureCanvasSVG(self._figure))
        # A reader's own settings must not change what leaves.
        with cast("Any", mpl).rc_context(
            {"svg.hashsalt": name, "svg.fonttype": "none", "hatch.linewidth": 0.4}
        ):
            canvas.print_svg(
                out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
            )
        return _plain(out.getvalue(), name, title, description)


def texts(svg: str) -> list[str]:
    """Every line of text of a drawing of ours, in the order in which they are drawn."""
    # Only what `Sheet.svg` wrote is read here; the leak tests read others with care of their own.
    root = ET.fromstring(svg)  # noqa: S314
    return ["".join(one.itertext()).strip() for one in root.iter(f"{{{SVG}}}text")]


@cache
def _font(size: float) -> "FontProperties":
    leave_home_alone()
    from matplotlib.font_manager import FontProperties

    # By file, so that a font of this machine with the same name is never measured in its place.
    return FontProperties(family=FAMILY, fname=str(fonts() / FACES[0]), size=size)


def _plain(drawn: str, name: str, title: str, description: str) -> str:
    """Without prologue, metadata and styles, and with what a screen reader says of it."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", _XLINK)
    root = ET.fromstring(drawn)  # noqa: S314
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in {f"{{{SVG}}}metadata", f"{{{SVG}}}style"}:
                parent.remove(child)
    for element in root.iter():
        if element.tag == f"{{{SVG}}}g":
            # They count from 1 in every drawing, and a page has several.
            element.attrib.pop("id", None)
        for key, value in _attributes(element.attrib.pop("style", "")):
            element.set(key, value)
    for at, (tag, words) in enumerate((("title", title), ("desc", description))):
        said = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        said.text = on_paper(shown(words))
        root.insert(at, said)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    root.set("stroke-linejoin", "round")
    for key in ("width", "height"):
        root.set(key, root.get(key, "").removesuffix("pt"))
    return ET.tostring(root, encoding="unicode")


def _attributes(style: str) -> list[tuple[str, str]]:
    """The declarations of a style as attributes: a page's policy forbids styles, not these."""
    found: list[tuple[str, str]] = []
    for row in style.split(";"):
        key, _, value = (part.strip() for part in row.partition(":"))
        font = _FONT.fullmatch(value) if key == "font" else None
        if font:
            weight, size, family = font.groups()
            found += ("font-size", size), ("font-family", family)
            found += [("font-weight", weight)] if weight else []
        elif key:
            found.append((key, value))
    return found
