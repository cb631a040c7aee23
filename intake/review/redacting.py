"""What is taken out of a testimony before anybody outside may read it: places, reasons, versions.

A redaction holds no text, only where in the original something was taken out and why. The original
is never changed, and what comes out is always made from it anew.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby, pairwise
from typing import Self, cast

from intake import canonical
from intake.canonical import b64, unb64
from intake.container import Container
from intake.errors import MalformedError
from intake.review.consent import is_code

TOKENS = {
    "person": "[person]",
    "family": "[family]",
    "contact": "[contact]",
    "place": "[place]",
    "date": "[date]",
    "work": "[work]",
    "body": "[body]",
    "event": "[event]",
    "words": "[words]",
    "device": "[device]",
    "helper": "[helper]",
    "third": "[survivor]",
    "location": "[location]",
    "language": "[language]",
    "number": "[number]",
}
"""The reasons of vocabulary V15, and what stands where something was taken out, however long."""

WITHHELD = {"who_text": "person", "where_text": "place"}
"""The reasons for which whole fields are left out; that of any other field is `words`."""

VERSION = 1
MAX_SPANS = 20_000
_SPAN = re.compile(r"([a-z0-9_.]{1,80}):(0|[1-9][0-9]{0,7}):([1-9][0-9]{0,7})=([a-z]+)", re.ASCII)

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, order=True)
class Span:
    """A place in a field of the original, in code points, end exclusive, and its reason."""

    field: str
    start: int
    end: int
    reason: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise MalformedError(f"{self} does not end after it starts")
        if self.reason not in TOKENS:
            known = " ".join(TOKENS)
            raise MalformedError(f"{self} has an unknown reason", f"the reasons are: {known}")

    def __str__(self) -> str:
        """Write FIELD:START:END=REASON; the exact inverse of `parse`."""
        return f"{self.field}:{self.start}:{self.end}={self.reason}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read FIELD:START:END=REASON; raises `MalformedError`."""
        match = _SPAN.fullmatch(text)
        if match is None:
            raise MalformedError(
                "a span is written FIELD:START:END=REASON",
                "as narrative:10:14=person; `intake review show --offsets` counts for you",
            )
        return cls(match[1], int(match[2]), int(match[3]), match[4])

    def overlaps(self, other: "Span") -> bool:
        """Whether both take a character out twice."""
        same = self.field == other.field
        return same and self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Redaction:
    """One version of what is taken out of one original, valid by construction.

    `envelope` is the SHA-256 of the sealed original (32 bytes); spans are in order and apart from
    each other; `by` is the name of the reviewer whose key was used.
    """

    envelope: bytes
    version: int
    spans: tuple[Span, ...]
    withheld: tuple[str, ...]
    by: str

    def __post_init__(self) -> None:
        if len(self.envelope) != 32 or self.version < 1:
            raise MalformedError("a redaction names its original and counts from version 1")
        if len(self.spans) > MAX_SPANS:
            raise MalformedError(
                f"{len(self.spans)} places to take out, and a redaction holds {MAX_SPANS}",
                "take out longer stretches with --span, or leave a field out with --withhold",
            )
        if sorted(self.spans) != list(self.spans) or sorted(set(self.withheld)) != [*self.withheld]:
            raise MalformedError("a redaction is not in order")
        check_apart(self.spans)

    def to_json(self) -> dict[str, object]:
        """The value that is sealed into the case."""
        return {
            "v": VERSION,
            "envelope": b64(self.envelope),
            "version": self.version,
            "spans": [[s.field, s.start, s.end, s.reason] for s in self.spans],
            "withheld": list(self.withheld),
            "by": self.by,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("Mapping[str, object]", value)
            redaction = cls(
                envelope=unb64(str(row["envelope"]), 32),
                version=cast("int", row["version"]),
                spans=tuple(
                    Span(*s) for s in cast("list[tuple[str, int, int, str]]", row["spans"])
                ),
                withheld=tuple(cast("list[str]", row["withheld"])),
                by=str(row["by"]),
            )
        except (KeyError, TypeError, ValueError):
            raise MalformedError("a redaction has another shape") from None
        if canonical.encode(redaction.to_json()) != canonical.encode(value):
            raise MalformedError("a redaction has another shape")
        return redaction

    @property
    def digest(self) -> str:
        """`sha256:` and hex of this version as it is sealed: answers about it name it."""
        return f"sha256:{sha256(canonical.encode(self.to_json())).hexdigest()}"

    def numbered(self, version: int) -> Self:
        """The same as another version: versions are never reused, also where one starts anew."""
        return replace(self, version=version)

    def reasons(self) -> dict[str, int]:
        """How often each reason was given."""
        return dict(sorted(Counter(span.reason for span in self.spans).items()))

    def removed(self, container: Container) -> list[tuple[str, str]]:
        """Every string that must stand nowhere in what goes out, and its reason."""
        return list(removed_strings(container, self.spans, self.withheld))

    def check_fits(self, container: Container) -> None:
        """Raise unless every span and every withheld field is in this container."""
        check_withheld(container, self.withheld)
        for span in self.spans:
            check_span(container, span)

    def apply(self, container: Container) -> Fields:
        """The fields of the original with tokens in the places of the spans, withheld ones left out."""
        self.check_fits(container)
        spans = {path: list(group) for path, group in groupby(self.spans, lambda s: s.field)}
        return tuple(
            (path, _cut(text, spans.get(path, [])))
            for path, text in container.fields
            if path not in self.withheld
        )


def _cut(text: str, spans: Sequence[Span]) -> str:
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += text[at : span.start], TOKENS[span.reason]
        at = span.end
    return "".join((*parts, text[at:]))


def removed_strings(
    container: Container, spans: Iterable[Span], withheld: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """What spans and withheld fields take out, and why. A code says nothing elsewhere."""
    answers = container.answers
    for span in spans:
        yield answers[span.field][span.start : span.end], span.reason
    for path in withheld:
        if not is_code(path, answers[path]):
            yield answers[path], WITHHELD.get(path, "words")


def check_span(container: Container, span: Span) -> None:
    """Raise `MalformedError` unless the container has these characters, and they are text."""
    text = container.answers.get(span.field)
    if text is None:
        fields = " ".join(path for path, _ in container.fields)
        raise MalformedError(f"{span} names no field of this item", f"its fields are: {fields}")
    if is_code(span.field, text):
        raise MalformedError(
            f"{span} is in a field that holds a code", f"leave it out: --withhold {span.field}"
        )
    if span.end > len(text):
        raise MalformedError(f"{span} ends after the field, which has {len(text)} characters")


def cuts_word(container: Container, span: Span) -> bool:
    """Whether a span leaves a part of a word standing, as an ending that still says something."""
    text = container.answers[span.field]
    return any(
        text[at - 1 : at].isalnum() and text[at : at + 1].isalnum()
        for at in (span.start, span.end)
        if at
    )


def check_apart(spans: Iterable[Span]) -> None:
    """Raise `MalformedError` naming two spans that overlap."""
    for one, other in pairwise(sorted(spans)):
        # Sorted by field and start, so two that overlap have overlapping neighbours.
        if one.overlaps(other):
            raise MalformedError(
                f"{one} and {other} overlap",
                "name each place once; --anew drops what earlier versions took out",
            )


def check_withheld(container: Container, withheld: Iterable[str]) -> None:
    """Raise `MalformedError` unless the container has these fields."""
    missing = [path for path in withheld if path not in container.answers]
    if missing:
        fields = " ".join(path for path, _ in container.fields)
        raise MalformedError(f"no field {missing[0]!r} in this item", f"its fields are: {fields}")


def taken_places(spans: Iterable[Span]) -> dict[str, list[tuple[int, int]]]:
    """The places of sorted spans by field."""
    places: dict[str, list[tuple[int, int]]] = {}
    for span in spans:
        places.setdefault(span.field, []).append((span.start, span.end))
    return places
