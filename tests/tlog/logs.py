"""A log with its key, witnesses and policy for tests: keys of fixed words, real signatures.

`intake/forbidden_keys.txt` keeps all of these keys out of a real site.
"""

from collections.abc import Sequence

from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.cosignature import Cosigner
from intake.tlog.note import Algorithm, Note, Signer
from intake.tlog.policy import Group, Log, Policy, Witness
from tests.tlog.trees import mth
from tests.vectors.roster.fixed import seed

ORIGIN = "testimony-intake/test-abcdefgh"
LOG = Signer(ORIGIN, Algorithm.ED25519, seed("log of log.json"))
LOG_ML_DSA = Signer(ORIGIN, Algorithm.ML_DSA_44, seed("log of log.json ml-dsa-44"))
WITNESSES = (
    Cosigner("one.test/w", Algorithm.COSIGNATURE_ED25519, seed("witness 1")),
    Cosigner("two.test/w", Algorithm.COSIGNATURE_ED25519, seed("witness 2")),
    Cosigner("three.test/w", Algorithm.COSIGNATURE_ML_DSA_44, seed("witness 3")),
)
TIME = 1_795_392_000  # Monday 2026-11-23 00:00 UTC
POLICY = Policy(
    logs=(Log(LOG.vkey),),
    witnesses=tuple(
        Witness(name, key.vkey) for name, key in zip(("w1", "w2", "w3"), WITNESSES, strict=True)
    ),
    groups=(Group("q", 2, ("w1", "w2", "w3")),),
    quorum="q",
)


def checkpoint_of(leaves: Sequence[bytes], origin: str = ORIGIN) -> Checkpoint:
    """The checkpoint of a log of these entries."""
    return Checkpoint(origin, len(leaves), mth(leaves))


def signed(
    checkpoint: Checkpoint, witnesses: Sequence[Cosigner] = WITNESSES, log: Signer | None = LOG
) -> SignedCheckpoint:
    """Its note, signed by the log and cosigned by these witnesses."""
    text = checkpoint.to_bytes()
    lines = [] if log is None else [log.sign(text)]
    lines += [witness.cosign(checkpoint, TIME + i) for i, witness in enumerate(witnesses)]
    return SignedCheckpoint(Note(text, tuple(lines)))
