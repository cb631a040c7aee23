"""Keeps sealed submissions and nothing else: no time finer than a week, nothing about a client."""

from intake.store.board import Board, Delivered
from intake.store.copying import Counters, Filling, Kept, Moment
from intake.store.leaves import Leaf, Leaves
from intake.store.places import Place, PostgresPlace
from intake.store.showing import Stored
from intake.store.staging import PIECE, Staging
from intake.store.standstill import Standstill
from intake.store.submissions import Store
from intake.store.week import Allowance
from intake.store.weeks import EpochClosedError

__all__ = [
    "PIECE",
    "Allowance",
    "Board",
    "Counters",
    "Delivered",
    "EpochClosedError",
    "Filling",
    "Kept",
    "Leaf",
    "Leaves",
    "Moment",
    "Place",
    "PostgresPlace",
    "Staging",
    "Standstill",
    "Store",
    "Stored",
]
