"""How long the proof is where five names are left out of 2,000 words, and what it takes to check."""

import random
import time
from statistics import median
from typing import Any

from intake import redaction
from intake.disclosure import HASH_SIZE, disclose

DRAWS = 20
WORDS = 2000
NAMES = 5
_FACTS = [b'["kind","testimony"]']
_FLAT = (WORDS + 2 - NAMES) * redaction.SEED_SIZE + NAMES * HASH_SIZE


def measure() -> list[dict[str, Any]]:
    """The figures `proof_bytes` and `proof_cpu`."""
    rng = random.Random(7)
    lengths, spent = list[int](), list[float]()
    for _ in range(DRAWS):
        text = " ".join(f"{rng.randrange(10**6)}" for _ in range(WORDS))
        hidden = rng.sample(range(2, WORDS + 2), NAMES)
        begin = time.process_time()
        disclosed = disclose(rng.randbytes(16), _FACTS, [("narrative", text)], hidden)
        disclosed.root()
        spent.append(1000 * (time.process_time() - begin))
        lengths.append(sum(map(len, (*disclosed.seeds, *disclosed.hashes))))
    return [
        {
            "name": "proof_bytes",
            "value": median(lengths),
            "unit": "B",
            "target": "<= 1100",
            "peers": {"a salt for each word": _FLAT},
            "note": f"{NAMES} scattered names left out of {WORDS:,} words, median of {DRAWS} draws, "
            f"{min(lengths):,} to {max(lengths):,}; the peer is a signed list of salted hashes, whose "
            "publication carries a salt for each word that is shown and a hash for each that is not",
        },
        {
            "name": "proof_cpu",
            "value": round(median(spent), 1),
            "unit": "CPU-ms",
            "target": "<= 50",
            "peers": {},
            "note": "to make such a proof, and to check it",
        },
    ]
