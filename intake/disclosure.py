"""Some words of a testimony with the proof that they stand under its redaction root, the rest hidden.

It holds nothing of what is hidden but hashes under salts that it does not hold. Format: docs/format.md 25.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from intake import redaction
from intake.errors import MalformedError, ProofError
from intake.redaction import SEED_SIZE, VOID, Token

SIZE_LIMIT: Final = redaction.LEAVES_LIMIT
HASH_SIZE: Final = 32

Leaf = Token | None
"""A token that is shown, or None where one is hidden."""

_KINDS: Final = frozenset((b"m", b"f", b"w", b"v"))


@dataclass(frozen=True)
class Disclosure:
    """Every leaf of a tree in order, and what proves those that are shown.

    `seeds` (16 bytes each) are the salts of the largest subtrees in which all is shown, `hashes`
    (32 bytes each) those of the largest in which all is hidden, both from left to right. A void
    that follows a hidden leaf is hidden too: else it would show how long that is.
    """

    leaves: tuple[Leaf, ...] = field(repr=False)
    seeds: tuple[bytes, ...] = field(repr=False)
    hashes: tuple[bytes, ...] = field(repr=False)

    def __post_init__(self) -> None:
        count = len(self.leaves)
        if not 1 <= count <= SIZE_LIMIT or count & (count - 1):
            raise MalformedError(f"a tree has a power of two of leaves, at most {SIZE_LIMIT}")
        if not any(self.leaves):
            raise MalformedError("nothing is shown")
        if any(leaf is not None and not _is_token(leaf) for leaf in self.leaves):
            raise MalformedError("a leaf is of no known kind, or a void with a value")
        if list(self.leaves) != _covered(self.leaves):
            raise MalformedError("a void is shown after what is hidden")
        if any(len(seed) != SEED_SIZE for seed in self.seeds):
            raise MalformedError(f"a seed is {SEED_SIZE} bytes")
        if any(len(value) != HASH_SIZE for value in self.hashes):
            raise MalformedError(f"a hash is {HASH_SIZE} bytes")

    @property
    def length(self) -> int:
        """The bytes that prove it: seeds and hashes, two for the kind and length of each, one more."""
        return 1 + sum(2 + len(value) for value in (*self.seeds, *self.hashes))

    def root(self) -> bytes:
        """The root of the tree of which these are leaves; raises `ProofError`.

        1. there is a seed for each subtree that is shown and a hash for each that is hidden
        2. none is left over: what was proved is all that the proof is of
        """
        whole = list(_subtrees(self.leaves))
        # (1), (2)
        if sum(shown for *_, shown in whole) != len(self.seeds):
            raise ProofError("the seeds are not those of what is shown")
        if sum(not shown for *_, shown in whole) != len(self.hashes):
            raise ProofError("the hashes are not those of what is hidden")
        seeds, hashes = iter(self.seeds), iter(self.hashes)
        stack: list[tuple[int, bytes]] = []  # subtrees without their right neighbour: size, hash
        for start, size, shown in whole:
            found = _hash_of(self.leaves, start, size, next(seeds)) if shown else next(hashes)
            while stack and stack[-1][0] == size and start & size:
                found = redaction.node(stack.pop()[1], found)
                start, size = start & ~size, size * 2  # noqa: PLW2901 - climbs to the parent
            stack.append((size, found))
        return stack[0][1]


def disclose(
    seed: bytes,
    facts: Sequence[bytes],
    fields: Sequence[tuple[str, str]],
    hidden: Collection[int],
) -> Disclosure:
    """Show all tokens of a container but those with the numbers `hidden`, counted from 0.

    `seed`, facts and fields are what the root was made from. The seed itself is given away only
    where nothing is hidden. Raises `MalformedError` where all is hidden, or there are too many words.
    """
    plain = list(redaction.tokens(facts, fields))
    if not set(range(len(plain))).issuperset(hidden):
        raise ValueError("no such token")
    row = redaction.leaves(seed, plain)
    shown, number = list[Leaf](row), -1
    for at, leaf in enumerate(row):
        if leaf != VOID:
            number += 1
            if number in hidden:
                shown[at] = None
    return _proved(seed, row, tuple(_covered(shown)))


def _proved(seed: bytes, row: Sequence[Token], leaves: tuple[Leaf, ...]) -> Disclosure:
    """Seeds and hashes for these leaves of the tree of `row`."""
    seeds: list[bytes] = []
    hashes: list[bytes] = []
    for start, size, shown in _subtrees(leaves):
        salt, top = seed, len(row)
        while top > size:
            top //= 2
            salt = redaction.child(salt, 1 if start & top else 0)
        if shown:
            seeds.append(salt)
        else:
            hashes.append(_hash_of(row, start, size, salt))
    return Disclosure(leaves, tuple(seeds), tuple(hashes))


def _hash_of(row: Sequence[Leaf], start: int, size: int, salt: bytes) -> bytes:
    """The hash of a subtree of which every leaf is known."""
    known = [leaf for leaf in row[start : start + size] if leaf is not None]
    return redaction.fold(redaction.hashes_of(known, redaction.salts(salt, size)))


def _subtrees(leaves: Sequence[Leaf]) -> Iterator[tuple[int, int, bool]]:
    """The largest subtrees in which all is shown or all is hidden: start, leaves, whether shown."""
    start = 0
    for shown, group in groupby(leaves, lambda leaf: leaf is not None):
        end = start + sum(1 for _ in group)
        while start < end:
            # As large as its place in the tree allows and as the run is long.
            size = min(start & -start or len(leaves), 1 << ((end - start).bit_length() - 1))
            yield start, size, shown
            start += size


def _covered(leaves: Iterable[Leaf]) -> list[Leaf]:
    """The leaves with the voids hidden that follow a hidden leaf, whose own they are."""
    covered: list[Leaf] = []
    before: Leaf = VOID
    for leaf in leaves:
        before = None if before is None and leaf == VOID else leaf
        covered.append(before)
    return covered


def _is_token(leaf: Token) -> bool:
    kind, value = leaf
    return kind in _KINDS and (kind != VOID[0] or not value)
