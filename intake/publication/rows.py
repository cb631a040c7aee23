"""How a publication writes the leaves of its tree: text as text, and what is hidden as numbers."""

from collections.abc import Iterator, Sequence
from typing import Final, cast

from intake import redaction, shape
from intake.disclosure import SIZE_LIMIT, Leaf
from intake.errors import MalformedError
from intake.redaction import VOID

VOIDS: Final = 2  # at most, after a token that is not the last


def rows_of(leaves: Sequence[Leaf]) -> Iterator[object]:
    """What is shown: a number of hidden leaves; a fact or a path and its voids; words and theirs."""
    end = len(leaves)
    while end and leaves[end - 1] == VOID:
        end -= 1
    # Joined once: adding to a text copies it, for a file of 4 MB a hundred gigabytes.
    words, voids = list[bytes](), list[str]()
    for leaf, after in runs(leaves[:end]):
        if leaf is not None and leaf[0] == b"w":
            words.append(leaf[1])
            voids.append(str(after))
            continue
        if words:
            yield ["w", b"".join(words).decode(), "".join(voids)]
            words, voids = [], []
        yield after if leaf is None else [leaf[0].decode(), leaf[1].decode(), after]
    if words:
        yield ["w", b"".join(words).decode(), "".join(voids)]


def runs(leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, int]]:
    """Each token with the number of voids after it; None with the number of leaves hidden in a row."""
    at = 0
    while at < len(leaves):
        leaf, start = leaves[at], at
        at += 1
        while at < len(leaves) and leaves[at] == (None if leaf is None else VOID):
            at += 1
        yield leaf, at - start - (leaf is not None)


def leaves_of(rows: Sequence[object], size: int) -> list[Leaf]:
    """The leaves that rows stand for, filled up with voids; the inverse of `rows_of`."""
    if not 1 <= size <= SIZE_LIMIT:
        raise MalformedError(f"a tree has a power of two of leaves, at most {SIZE_LIMIT}")
    leaves: list[Leaf] = []
    for row in rows:
        if not isinstance(row, list):
            count = shape.integer(row)
            if not 1 <= count <= size - len(leaves):
                raise MalformedError("more is shown or hidden than the tree has leaves")
            leaves += [None] * count
            continue
        name, text, voids = shape.row(cast("list[object]", row), 3)
        kind = shape.text(name)
        if kind == "w":
            words = redaction.words(shape.text(text))
            counts = [_count(digit) for digit in shape.text(voids)]
            if len(words) != len(counts):
                raise MalformedError("there is not one number of voids for each word")
        elif kind in ("m", "f"):
            words, counts = [shape.text(text)], [_count(str(shape.integer(voids)))]
        else:
            raise MalformedError("a row is of no known kind")
        for word, count in zip(words, counts, strict=True):
            leaves.append((kind.encode(), word.encode()))
            leaves += [VOID] * count
        if len(leaves) > size:
            raise MalformedError("more is shown or hidden than the tree has leaves")
    return leaves + [VOID] * (size - len(leaves))


def _count(digit: str) -> int:
    if digit not in ("0", "1", "2"):
        raise MalformedError("a token is followed by 0 to 2 voids")
    return int(digit)
