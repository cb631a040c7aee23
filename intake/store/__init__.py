"""Keeps sealed submissions and nothing else: no time finer than a week, nothing about a client."""

from intake.store.submissions import PIECE, Staging, Store, Stored

__all__ = ["PIECE", "Staging", "Store", "Stored"]
