"""A testimony of which some words are left out, with the proof that the others stand in the log.

Whoever has the file and a policy can check it, without a network and without asking anybody. It
holds nothing of what is left out, and nothing that names the stored object. Format: docs/format.md 25.
"""

from intake.publication.whole import LIMIT, VERSION, Piece, Publication

__all__ = ["LIMIT", "VERSION", "Piece", "Publication"]
