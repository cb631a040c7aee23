"""Says what a living site has that a restored one has not. It changes neither."""

from collections.abc import Iterator
from itertools import zip_longest

from intake.errors import ProofError
from intake.store import Leaf, Store


def compare(restored: Store, living: Store) -> Iterator[str]:
    """One line for each thing that was compared; `ProofError` where it cannot be the same site.

    1. it is the same deployment; 2. the restored log, with its openings, is the beginning of the
    living one's; 3. the living site has every object of the restored one, but for those it let go.
    """
    # (1)
    if restored.deployment != living.deployment:
        raise ProofError(f"the living site is {living.deployment}, not {restored.deployment}")
    # (2)
    more = 0
    for number, (one, other) in enumerate(
        zip_longest(restored.leaves.leaves(), living.leaves.leaves())
    ):
        if one is None:
            more += 1
        elif other is None or one.entry != other.entry or not _fits(one, other):
            raise ProofError(
                f"the living site has another entry {number}, or another opening of it"
            )
    yield f"compared: the living log goes on from the restored one, by {more} entries"
    # (3)
    old, new = set(restored.openings()), set(living.openings())
    yield (
        f"compared: {len(old & new)} objects are in both, {len(old - new)} were let go since the"
        f" backup, and {len(new - old)} came since"
    )


def _fits(one: Leaf, other: Leaf) -> bool:
    """An opening may be gone by now, and is never another one."""
    return other.opening in (one.opening, None)
