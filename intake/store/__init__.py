"""Keeps sealed submissions and nothing else: no time finer than a week, nothing about a client."""

from intake.store.leaves import EpochClosedError, Leaf, Leaves, following
from intake.store.submissions import PIECE, Staging, Store, Stored
from intake.store.week import Allowance

__all__ = [
    "PIECE",
    "Allowance",
    "EpochClosedError",
    "Leaf",
    "Leaves",
    "Staging",
    "Store",
    "Stored",
    "following",
]
