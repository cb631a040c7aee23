"""A text with places marked in it, cut into paragraphs and segments that a page can show side by side.

Offsets are code points of the original field, as in every record; what a page shows of them is inert.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from intake.container import Container
from intake.errors import MalformedError
from intake.review.consent import is_code
from intake.review.desk.reading import Piece, pieces_of
from intake.review.redacting import TOKENS, Span

_PLACE: Final = re.compile(
    r"([a-z0-9_.]{1,80}):(0|[1-9][0-9]{0,7}):([1-9][0-9]{0,7})(?:=([a-z]+))?", re.ASCII
)
_WORD: Final = re.compile(r"\S+")
WITHHOLD: Final = "withhold "  # how the name of a withheld field begins in a state
SEEN: Final = "seen "  # how that of words that were looked at and stay does


@dataclass(frozen=True, order=True)
class Place:
    """Characters of a field of the original: code points from 0, the end exclusive."""

    field: str
    start: int
    end: int

    def __str__(self) -> str:
        """Write FIELD:START:END."""
        return f"{self.field}:{self.start}:{self.end}"

    def overlaps(self, other: "Place") -> bool:
        """Whether both have a character."""
        same = self.field == other.field
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Segment:
    """A run of a text that the same marks cover: `of` are their numbers; `start` in the field."""

    start: int
    pieces: tuple[Piece, ...]
    of: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """A run of what a recipient will see: pieces of the text, or the token for a reason."""

    pieces: tuple[Piece, ...]
    reason: str = ""

    @property
    def token(self) -> str:
        """What stands there instead; empty for a run of the text."""
        return TOKENS.get(self.reason, "")


@dataclass(frozen=True)
class Row:
    """One paragraph: `number` counts from 1 over all fields, `start` in the field."""

    number: int
    start: int
    segments: tuple[Segment, ...]
    seen: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Marked:
    """A field that a person wrote in, and whether it is left out whole."""

    path: str
    rows: tuple[Row, ...]
    withheld: bool = False


def place_of(text: str) -> tuple[Place, str]:
    """Read FIELD:START:END or FIELD:START:END=REASON; raises `MalformedError`."""
    match = _PLACE.fullmatch(text.strip())
    if match is None or int(match[2]) >= int(match[3]):
        raise MalformedError(
            "a place is written FIELD:START:END", "as narrative:10:14, or narrative:10:14=person"
        )
    return Place(match[1], int(match[2]), int(match[3])), match[4] or ""


def texts_of(container: Container) -> dict[str, str]:
    """Every field that a person wrote in; answers that were only chosen are none."""
    return {path: text for path, text in container.fields if not is_code(path, text)}


def check_place(texts: dict[str, str], place: Place) -> None:
    """Raise `MalformedError` unless a field of the original has these characters."""
    if place.end > len(texts.get(place.field, "")):
        raise MalformedError("the text has no such place", "mark the words again")


def redaction_rows(
    texts: dict[str, str], spans: Sequence[Span], withheld: Iterable[str]
) -> list[Marked]:
    """The fields with their spans, and beside each paragraph what a recipient will see of it.

    The marks are numbered as `spans`, which are sorted and apart.
    """
    left_out = set(withheld)
    places = [Place(span.field, span.start, span.end) for span in spans]
    fields = marked(texts, places)
    return [
        Marked(
            field.path,
            tuple(
                Row(row.number, row.start, row.segments, tuple(_seen(row, spans)))
                for row in field.rows
            ),
            field.path in left_out,
        )
        for field in fields
    ]


def _seen(row: Row, spans: Sequence[Span]) -> Iterator[Part]:
    """A token stands where its span begins; what lies on another line of it is gone too."""
    for segment in row.segments:
        if not segment.of:
            yield Part(segment.pieces)
        elif spans[segment.of[0]].start == segment.start:
            yield Part((), spans[segment.of[0]].reason)


def marked(texts: dict[str, str], places: Sequence[Place]) -> list[Marked]:
    """The fields with these places, which may overlap and are known by their number here."""
    found: list[Marked] = []
    number = 0
    for path, text in texts.items():
        ours = [(i, place) for i, place in enumerate(places) if place.field == path]
        edges = sorted({edge for _, place in ours for edge in (place.start, place.end)})
        rows: list[Row] = []
        start = 0
        for row in text.split("\n"):
            # A span that begins on an empty line or at a line's end has its token there.
            inside = edges[bisect_right(edges, start - 1) : bisect_right(edges, start + len(row))]
            if row.strip() or inside:
                number += 1
                rows.append(Row(number, start, tuple(_segments(start, row, inside, ours))))
            start += len(row) + 1
        found.append(Marked(path, tuple(rows)))
    return found


def _segments(
    start: int, row: str, edges: Sequence[int], places: Sequence[tuple[int, Place]]
) -> Iterator[Segment]:
    here = [(i, p) for i, p in places if p.start <= start + len(row) and p.end > start]
    cuts = sorted({start, start + len(row), *edges})
    for at, end in pairwise(cuts):
        of = tuple(i for i, place in here if place.start <= at and end <= place.end)
        yield Segment(at, tuple(pieces_of(row[at - start : end - start])), of)
    # One that begins with the line's end covers nothing that is drawn on it.
    last = start + len(row)
    beginning = tuple(i for i, place in here if place.start == last)
    if beginning:
        yield Segment(last, (), beginning)


def words_of(row: Row) -> list[tuple[str, int, int]]:
    """The words of a paragraph as they are shown, each with its place in the field."""
    found: list[tuple[str, int, int]] = []
    shown: list[tuple[str, bool]] = []
    for segment in row.segments:
        for piece in segment.pieces:
            cells = [piece.text] if piece.escape else list(piece.text)
            shown += [(cell, piece.escape) for cell in cells]
    plain = "".join("x" if escape else cell for cell, escape in shown)
    for match in _WORD.finditer(plain):
        text = "".join(cell for cell, _ in shown[match.start() : match.end()])
        found.append((text, row.start + match.start(), row.start + match.end()))
    return found


# What is taken out, as a state that can be changed and taken back


def state_of(spans: Iterable[Span], withheld: Iterable[str]) -> dict[str, object]:
    """A redaction as named values: each place its reason, each field that is left out."""
    marks: dict[str, object] = {f"{s.field}:{s.start}:{s.end}": s.reason for s in spans}
    return marks | {f"{WITHHOLD}{path}": True for path in withheld}


def spans_of(state: Iterable[tuple[str, object]]) -> tuple[list[Span], list[str]]:
    """The spans and the withheld fields of such a state, in order."""
    spans: list[Span] = []
    withheld: list[str] = []
    for name, value in state:
        if name.startswith(SEEN):
            continue
        if name.startswith(WITHHOLD):
            withheld.append(name.removeprefix(WITHHOLD))
        else:
            place, _ = place_of(name)
            spans.append(Span(place.field, place.start, place.end, str(value)))
    return sorted(spans), sorted(withheld)


def seen_state(places: Iterable[tuple[str, int, int]]) -> dict[str, object]:
    """Words that were looked at and stay, as named values of such a state."""
    return {f"{SEEN}{Place(*place)}": True for place in places}


def seen_in(state: Iterable[str]) -> list[Place]:
    """The places of such words, sorted."""
    return sorted(place_of(name.removeprefix(SEEN))[0] for name in state if name.startswith(SEEN))


def taken_out(spans: Sequence[Span], fresh: Span) -> list[Span]:
    """The spans with one more. Those that it overlaps become one with it, for its reason.

    Nothing that was out comes back by it.
    """
    meets = [span for span in spans if span.overlaps(fresh)]
    start = min(span.start for span in (*meets, fresh))
    end = max(span.end for span in (*meets, fresh))
    rest = [span for span in spans if span not in meets]
    return sorted((*rest, Span(fresh.field, start, end, fresh.reason)))
