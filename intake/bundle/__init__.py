"""What travels from the server to the offline machine: one file with everything a reviewer needs.

It is sealed to the reviewers, and what is inside is still sealed: opening a bundle shows no word.
Format: docs/format.md 9.
"""

from intake.bundle.manifest import (
    LARGEST_OBJECT,
    MAX_MANIFEST,
    VERSION,
    Contents,
    Item,
    Waiting,
)
from intake.bundle.whole import (
    MAGIC,
    SMALLEST,
    Bundle,
    Joined,
    framed,
    framed_length,
    framed_statements,
    padded,
    statements_length,
    write_bundle,
)

__all__ = [
    "LARGEST_OBJECT",
    "MAGIC",
    "MAX_MANIFEST",
    "SMALLEST",
    "VERSION",
    "Bundle",
    "Contents",
    "Item",
    "Joined",
    "Waiting",
    "framed",
    "framed_length",
    "framed_statements",
    "padded",
    "statements_length",
    "write_bundle",
]
