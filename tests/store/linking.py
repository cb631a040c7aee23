"""What whoever takes a site's disk can try, to say what was sent or answered under one code.

It is given the whole database and nothing else: statuses, envelopes, openings, keys of rows, the
board with its hints, and where each thing lies in the file. Each attempt says for a thing which
other one belongs to it. Where nothing links them, an attempt on n is right once, by chance.
"""

import re
import sqlite3
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import combinations, combinations_with_replacement, product
from pathlib import Path

from intake.opening import Opening

MARK = b"~mark~"  # before 8 random bytes at the end of each object and row, to find it in the file
RUN = 6  # bytes that two things share by chance hardly ever: some million pairs are compared
COMMON = 12  # things: what more of them share is a part of the format

_SUBMISSIONS = """
SELECT submission.*, piece.id AS piece, piece.content, opening.number, entry.content AS entry
FROM submission JOIN piece USING (upload) LEFT JOIN opening ON opening.number = leaf
LEFT JOIN entry ON entry.number = leaf
"""


@dataclass
class Thing:
    """A submission or a row of the board: all values that it has, and its place in every order."""

    name: bytes  # the 8 bytes at its end; whose it is, only the test knows
    values: dict[str, bytes]
    places: dict[str, float] = field(default_factory=dict)


def submissions(path: Path) -> list[Thing]:
    """All that is kept of what people sent."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute(_SUBMISSIONS).fetchall()
    lying = _lying(path)
    things: list[Thing] = []
    for row in rows:
        opening = Opening.parse(row["opening"])
        name = row["content"][-8:]
        values = {key: row[key] for key in ("id", "status", "upload", "entry")}
        values["sealed"] = row["content"][:32]
        values |= {
            key: getattr(opening, key)
            for key in ("redact", "salt", "envelope", "withdraw_commit", "salt2", "commit")
        }
        values["piece"] = row["piece"].to_bytes(8)
        places = {"file": lying[name], "leaf": row["leaf"], "key": row["piece"]}
        things.append(Thing(name, values, places))
    return _ranked(things)


def rows(path: Path) -> list[Thing]:
    """All that is on the board, decoys among them."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT id, digest, content FROM board").fetchall()
    lying = _lying(path)
    things: list[Thing] = []
    for key, digest, content in found:
        values = {"hint": content[:16], "digest": digest, "id": key.to_bytes(8)}
        values |= {"begin": content[16:200], "end": content[-64:]}
        name = content[-8:]
        things.append(Thing(name, values, {"key": key, "file": lying.get(name, 0)}))
    return _ranked(things)


def _lying(path: Path) -> Mapping[bytes, int]:
    """Where each mark lies in the file, at last."""
    found = re.finditer(re.escape(MARK) + rb"(.{8})", path.read_bytes(), re.DOTALL)
    return {match[1]: match.start() for match in found}


def _ranked(things: list[Thing]) -> list[Thing]:
    """With the order of each value beside the places; each from 0 to 1."""
    for name in [*things[0].values, *things[0].places]:
        order = sorted(things, key=lambda one: one.values.get(name) or one.places[name])
        for number, thing in enumerate(order):
            thing.places[name] = number / len(things)
    return things


def attempts(some: list[Thing], others: list[Thing]) -> Iterator[tuple[str, dict[bytes, bytes]]]:
    """Each way to link `some` to `others`: the other one's name by the one's, where it says one.

    1. a run of bytes stands in both, in any of their values; 2. a value of one is that of the
    other's values made by hashing or by xor of two; 3. the two nearest values have the longest
    beginning in common; 4. both have the same rank in two orders; 5. they stand side by side.
    """
    # (1)
    yield "run", _sharing(some, others, _runs)
    # (2)
    yield "made", _sharing(some, others, _made)
    for mine, theirs in _pairs(some[0].values, others[0].values):
        # (3)
        yield f"begin {mine} {theirs}", _nearest(some, others, mine, theirs)
    for mine, theirs in _pairs(some[0].places, others[0].places):
        # (4)
        yield f"rank {mine} {theirs}", _same_rank(some, others, mine, theirs)
    if some is others:
        for order in some[0].places:
            # (5)
            yield f"beside {order}", _side_by_side(some, order)


def _pairs(mine: Mapping[str, object], theirs: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Each of these with each of those; where they are the same ones, each two once."""
    if mine.keys() == theirs.keys():
        return combinations_with_replacement(mine, 2)
    return product(mine, theirs)


def _runs(thing: Thing) -> set[bytes]:
    return {
        value[at : at + RUN]
        for value in thing.values.values()
        for at in range(len(value) - RUN + 1)
    }


def _made(thing: Thing) -> set[bytes]:
    short = [value[:16] for value in thing.values.values() if len(value) >= 16]
    made = {value[:RUN] for value in thing.values.values()}
    made |= {sha256(value).digest()[:RUN] for value in thing.values.values()}
    made |= {sha256(value).digest()[:RUN] for value in short}
    return made | {
        bytes(a ^ b for a, b in zip(x, y, strict=True))[:RUN] for x, y in combinations(short, 2)
    }


def _sharing(some, others, values_of) -> dict[bytes, bytes]:
    """The other thing with the most of its values in common that are not common to many."""
    holders: dict[bytes, set[bytes]] = defaultdict(set)
    for other in others:
        for value in values_of(other):
            holders[value].add(other.name)
    found: dict[bytes, bytes] = {}
    for one in some:
        votes: dict[bytes, int] = defaultdict(int)
        for value in values_of(one):
            if len(holders.get(value, ())) <= COMMON:
                for name in holders.get(value, ()):
                    votes[name] += name != one.name
        if votes and max(votes.values()):
            found[one.name] = max(votes, key=votes.__getitem__)
    return found


def _nearest(some: list[Thing], others: list[Thing], mine: str, theirs: str) -> dict[bytes, bytes]:
    order = sorted((other.values[theirs], other.name) for other in others)
    found: dict[bytes, bytes] = {}
    for one in some:
        value = one.values[mine]
        at = bisect(order, (value, b""))
        near = [pair for pair in order[max(0, at - 2) : at + 2] if pair[1] != one.name]
        found[one.name] = max(near, key=lambda pair: _alike(pair[0], value))[1]
    return found


def _alike(a: bytes, b: bytes) -> int:
    """How many bits two values begin with in common."""
    length = min(len(a), len(b), 16)
    return length * 8 - (int.from_bytes(a[:length]) ^ int.from_bytes(b[:length])).bit_length()


def _same_rank(some, others, mine: str, theirs: str) -> dict[bytes, bytes]:
    order = sorted(others, key=lambda other: other.places[theirs])
    found: dict[bytes, bytes] = {}
    for one in some:
        other = order[int(one.places[mine] * len(order))]
        if other is not one:
            found[one.name] = other.name
    return found


def _side_by_side(things: list[Thing], order: str) -> dict[bytes, bytes]:
    line = sorted(things, key=lambda one: one.places[order])
    return {one.name: line[number - 1].name for number, one in enumerate(line)}


def correlation(pairs: list[tuple[Thing, Thing]], mine: str, theirs: str) -> float:
    """Spearman's, of the places of things that belong together: near 0 for chance."""
    xs, ys = (
        _ranks([a.places[mine] for a, _ in pairs]),
        _ranks([b.places[theirs] for _, b in pairs]),
    )
    n = len(pairs)
    return 1 - 6 * sum((x - y) ** 2 for x, y in zip(xs, ys, strict=True)) / (n * (n * n - 1))


def _ranks(values: list[float]) -> list[int]:
    ranks = {at: rank for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__))}
    return [ranks[at] for at in range(len(values))]
