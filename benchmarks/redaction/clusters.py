"""Puts the words of navec that are used alike into clusters: `python -m benchmarks.redaction.clusters`.

Spherical k-means over the vectors, fitted on the words that news uses most. One thread and the same
numpy give the same bytes; the file is in the tree, since others may not.
"""

import zlib
from typing import Any, Final

import numpy as np
from navec import Navec

from benchmarks.redaction.models import FOLDER
from intake.review.finding.news import CLUSTERS, VECTORS, data_folder

_FITTED: Final = 50_000  # words, by how often they are used
_SIZES: Final = (60, 250)  # clusters: wide and narrow ones
_ROUNDS: Final = 15
_AT_ONCE: Final = 8192  # words whose likeness is reckoned at once


def packed() -> bytes:
    """For each word of navec the number of its wide cluster, then for each that of its narrow one."""
    navec = Navec.load(data_folder() / "emb" / VECTORS)
    vectors = navec.pq.unpack().astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    counts = [*navec.vocab.counts, *[0] * (len(vectors) - len(navec.vocab.counts))]
    usual = vectors[np.argsort(-np.array(counts), kind="stable")[:_FITTED]]
    found = [_nearest(vectors, _centres(usual, size)).astype(np.uint8) for size in _SIZES]
    return zlib.compress(b"".join(one.tobytes() for one in found), 9)


def _centres(vectors: Any, size: int) -> Any:
    centres = vectors[np.linspace(0, len(vectors) - 1, size).astype(int)].copy()
    for _ in range(_ROUNDS):
        sums = np.zeros_like(centres)
        np.add.at(sums, _nearest(vectors, centres), vectors)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 1e-6, sums / np.maximum(norms, 1e-6), centres)
    return centres


def _nearest(vectors: Any, centres: Any) -> Any:
    parts = range(0, len(vectors), _AT_ONCE)
    return np.concatenate([(vectors[i : i + _AT_ONCE] @ centres.T).argmax(1) for i in parts])


if __name__ == "__main__":
    (FOLDER / CLUSTERS).write_bytes(packed())
