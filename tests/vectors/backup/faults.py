"""Backups that are refused: each is a good one in which a few records were changed, and what is said."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from intake import canonical
from intake.errors import IntakeError
from intake.keeping.reading import Reading
from intake.keeping.records import Taking
from intake.reply import ROW
from tests.fuzz.kept import Nowhere
from tests.vectors.backup.generate import (
    NOW,
    STRANGER,
    Record,
    base,
    end_of,
    framed,
    part,
    plaintext,
    records_of,
    told,
)

Change = Mapping[int, Sequence[Record]]
GOOD = {"base": base, "part": part}


def read(content: bytes) -> None:
    """Read a plaintext as a restore does, into nothing; raises where it is refused."""
    reading = Reading(Nowhere())  # type: ignore[arg-type]
    sink = Taking(reading.take)
    sink.write(content)
    sink.check_whole(reading.head.step)


def content_of(fault: Mapping[str, Any]) -> bytes:
    """The plaintext that a row of refused.json describes."""
    records = GOOD[fault["of"]]()
    end, first = end_of(records), records[0]
    for number, instead in sorted(fault["instead"], reverse=True):
        records[number : number + 1] = records_of(instead)
    head = records[0] if records[0].kind == 1 else first
    of_them = end_of(records, first=head)
    ends = {
        "of its records": lambda: [of_them],
        "as it was": lambda: [end],
        "of a stranger": lambda: [end_of(records, STRANGER)],
        "none": list[Record],
        "twice": lambda: [of_them] * 2,
    }
    content = plaintext([*records, *ends[fault["end"]]()])
    last = bytes.fromhex(fault.get("last", "00"))
    return (content + bytes(fault.get("more", 0)))[: -len(last)] + last


def _at(records: Sequence[Record], kind: int, number: int = 0) -> int:
    return [place for place, record in enumerate(records) if record.kind == kind][number]


def _content(of: str, kind: int, change: Callable[[bytes], bytes], number: int = 0) -> Change:
    """One record with other content."""
    records = GOOD[of]()
    place = _at(records, kind, number)
    return {place: [Record(kind, change(records[place].content))]}


def _head(of: str, **values: object) -> Change:
    def change(content: bytes) -> bytes:
        return canonical.encode(json.loads(content) | values)

    return _content(of, 1, change)


def _without(of: str, kind: int, number: int = 0) -> Change:
    return {_at(GOOD[of](), kind, number): []}


def _after(of: str, kind: int, *more: Record, number: int = 0) -> Change:
    records = GOOD[of]()
    place = _at(records, kind, number)
    return {place: [records[place], *more]}


def _swapped(of: str, kind: int) -> Change:
    """The first two records of a kind in the other order."""
    records = GOOD[of]()
    first, second = _at(records, kind), _at(records, kind, 1)
    return {first: [records[second]], second: [records[first]]}


def _again(of: str, kind: int) -> Change:
    records = GOOD[of]()
    return _after(of, kind, records[_at(records, kind)])


def _gone(place: int) -> Callable[[bytes], bytes]:
    """A byte turned over."""
    return lambda content: content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _frames(content: bytes) -> list[bytes]:
    found = []
    while content:
        size = 2 + int.from_bytes(content[:2])
        found.append(content[2:size])
        content = content[size:]
    return found


def _cut(kind: int) -> Change:
    """The values of a record in two of them."""
    records = base()
    place = _at(records, kind)
    values = _frames(records[place].content)
    return {place: [Record(kind, framed(values[:5])), Record(kind, framed(values[5:]))]}


def _changes() -> Iterator[tuple[str, str, Change]]:
    """Why, of which file, and what stands there instead; each has an end of its own records."""
    yield "the head says another version", "base", _head("base", v=2)
    yield "the head says a step below the least", "base", _head("base", step=(16 << 20) - 1)
    yield "the head says a step that is no number", "base", _head("base", step=True)
    yield "the head says one thing more", "base", _head("base", more=1)
    yield "a base begins later", "base", _head("base", begin=1)
    yield "the head says another kind", "base", _head("base", kind="whole")
    yield "the head says more entries", "base", _head("base", size=19)
    yield "a head has spaces", "base", _content("base", 1, lambda one: one.replace(b",", b", "))
    yield "no head", "base", _without("base", 1)
    yield "two heads", "base", _again("base", 1)
    yield "a file that no site has", "base", _content("base", 2, lambda _: b"antiforgery.key\0x")
    yield "a file without a name", "base", _content("base", 2, lambda _: b"site.toml")
    yield "files in another order", "base", _swapped("base", 2)
    yield "a file twice", "base", _again("base", 2)
    yield "no key of the log", "base", _without("base", 2, 2)
    yield "entries in two records where one is enough", "base", _cut(3)
    yield "openings in two records where one is enough", "base", _cut(4)
    yield "an entry is missing", "base", _content("base", 3, lambda one: framed(_frames(one)[:-1]))
    yield "no entries at all in a record", "base", _content("base", 3, lambda _: b"")
    yield "the last entry is cut", "base", _content("base", 3, lambda one: one[:-1])
    yield (
        "an opening is missing",
        "base",
        _content("base", 4, lambda one: framed(_frames(one)[:-1])),
    )
    yield "an opening too many", "base", _content("base", 4, lambda one: one + framed([b""]))
    yield "a base with bits of what is here", "base", _after("base", 4, Record(5, b""))
    yield "no bits of what is here", "part", _without("part", 5)
    yield "bits of what is here twice", "part", _again("part", 5)
    yield "a byte too many of bits", "part", _content("part", 5, lambda one: one + b"\0")
    yield "a bit behind the last", "part", _content("part", 5, _gone(2))
    yield "submissions in another order", "base", _submissions_swapped()
    yield "a submission of an entry that is none", "base", _leaf(18)
    yield "a submission of an entry beyond all", "base", _leaf(2**63)
    yield (
        "a week of other letters",
        "base",
        _content("base", 6, lambda o: o[:24] + b"2026-w47" + o[32:]),
    )
    yield "an opening that is none", "base", _content("base", 6, lambda one: one[:-1])
    yield "an object is another one", "base", _content("base", 7, _gone(0))
    yield "an object is missing", "base", _without("base", 7)
    yield "an object is empty", "base", _content("base", 7, lambda _: b"")
    yield "an object in two pieces where one is enough", "base", _pieces()
    yield "a piece before any submission", "base", _after("base", 4, Record(7, b"x"))
    yield "what was withdrawn is there", "part", _withdrawn()
    yield "events in another order", "part", _swapped("part", 8)
    yield "an event twice", "part", _again("part", 8)
    yield "an event that is none", "part", _content("part", 8, lambda one: one[:-1], 1)
    yield "an event before the submissions", "part", _early()
    yield "a statement twice", "part", _again("part", 9)
    yield "a statement that is no note", "part", _content("part", 9, lambda one: one[:-1])
    yield "rows of the board in another order", "base", _swapped("base", 10)
    yield "a row of the board is cut", "base", _content("base", 10, lambda one: one[:-1])
    yield (
        "a row of the board of no week",
        "base",
        _content("base", 10, lambda o: b"2026-W54" + o[8:]),
    )
    yield "no counters", "base", _without("base", 11)
    yield "counters twice", "base", _again("base", 11)
    yield "counters below none", "base", _content("base", 11, lambda o: o.replace(b":96,", b":-6,"))
    yield (
        "counters with one more",
        "base",
        _content("base", 11, lambda o: o.replace(b"{", b'{"a":1,')),
    )
    yield "a record of no kind", "base", _after("base", 11, Record(13, b""))
    yield "a record of kind 0", "base", _after("base", 1, Record(0, b""))


def _submissions_swapped() -> Change:
    records = base()
    first, second = _at(records, 6), _at(records, 6, 1)
    return {
        first: [records[second]],
        first + 1: [records[second + 1]],
        second: [records[first]],
        second + 1: [records[first + 1]],
    }


def _leaf(number: int) -> Change:
    return _content("base", 6, lambda one: one[:16] + number.to_bytes(8) + one[24:])


def _pieces() -> Change:
    records = base()
    place = _at(records, 7)
    content = records[place].content
    return {place: [Record(7, content[:10]), Record(7, content[10:])]}


def _withdrawn() -> Change:
    records = part()
    (place,) = (
        place
        for place, record in enumerate(records)
        if record.kind == 6 and record.content[24:32] == str(NOW).encode()
    )
    return {place: [records[place], Record(7, b"x")]}


def _early() -> Change:
    records = part()
    first, event = _at(records, 6), _at(records, 8)
    return {first: [records[event], records[first]], event: []}


def _faults() -> Iterator[dict[str, Any]]:
    for why, of, change in _changes():
        rows = [[place, told(records)] for place, records in change.items()]
        yield {"why": why, "of": of, "instead": rows, "end": "of its records"}
    row = [Record(10, b"\0" * 8 + bytes(ROW))]
    more = _after("base", 10, *row, number=1)
    changed: list[object] = [[place, told(records)] for place, records in more.items()]
    yield {
        "why": "the end is of other records",
        "of": "base",
        "instead": changed,
        "end": "as it was",
    }
    for of in GOOD:
        none: list[object] = []
        yield {
            "why": f"a {of} signed by another key",
            "of": of,
            "instead": none,
            "end": "of a stranger",
        }
        yield {"why": f"a {of} without an end", "of": of, "instead": none, "end": "none"}
        yield {"why": f"a {of} with two ends", "of": of, "instead": none, "end": "twice"}
        whole = {"of": of, "instead": none, "end": "of its records"}
        yield {"why": f"a {of} with a byte behind it", **whole, "last": "01"}
        yield {"why": f"a {of} of another size", **whole, "more": 16 << 20}


def refused() -> Iterator[dict[str, Any]]:
    """Every fault, with what is said of it."""
    for fault in _faults():
        try:
            read(content_of(fault))
        except IntakeError as error:
            yield fault | {"says": error.phrase}
        else:
            raise AssertionError(f"not refused: {fault['why']}")
