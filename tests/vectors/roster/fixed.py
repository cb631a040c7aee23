"""Keys and rosters of the vectors, from fixed words: nothing may ever be sealed to any of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256

from intake.age import HybridIdentity, X25519Identity, bech32
from intake.reviewer import Revocation, recipient_hash
from intake.roots import RootSet
from intake.roster import Reviewer, Roster
from intake.tlog.note import Algorithm, Signer, VerifierKey

DEPLOYMENT = "test-abcdefgh"
ISSUED, EXPIRES, TODAY = date(2026, 11, 1), date(2026, 12, 1), date(2026, 11, 20)


def seed(label: str) -> bytes:
    """32 bytes that anyone can compute: nothing may ever be sealed to a key made of them."""
    return sha256(f"intake test {label}".encode()).digest()


def reviewer(number: int) -> Reviewer:
    """One of the three test reviewers, from 1."""
    name = f"r{number}"
    signer = Signer(name, Algorithm.ED25519, seed(f"signer {number}"))
    recipient = HybridIdentity.from_seed(seed(f"reviewer {number}")).recipient
    return Reviewer(name, recipient, signer.vkey)


def root(number: int, name: str = "") -> tuple[Signer, Signer]:
    """Both keys of a test root holder, from 0."""
    name = name or f"root{number}"
    return (
        Signer(name, Algorithm.ED25519, seed(f"root {number} ed25519")),
        Signer(name, Algorithm.ML_DSA_44, seed(f"root {number} ml-dsa-44")),
    )


def root_set(threshold: int, *numbers: int) -> RootSet:
    """These holders' public keys."""
    return RootSet(threshold, tuple(signer.vkey for n in numbers for signer in root(n)))


ROOTS = {
    "three": root_set(2, 0, 1, 2),
    "one": root_set(1, 0),
    "other": root_set(2, 1, 2, 3),
    "next": root_set(1, 3),
}
ROSTER = Roster(
    deployment=DEPLOYMENT,
    version=1,
    previous=None,
    issued=ISSUED,
    expires=EXPIRES,
    k=1,
    reviewers=(reviewer(1), reviewer(2), reviewer(3)),
    revoked=(),
    roots=ROOTS["three"],
)
SMALL = replace(ROSTER, reviewers=(reviewer(1), reviewer(2)), roots=ROOTS["one"])
LOG = Signer("log.test", Algorithm.ED25519, seed("log")).vkey
WITNESSES = (
    VerifierKey("w1.test", Algorithm.COSIGNATURE_ED25519, seed("witness 1")),
    VerifierKey(
        "w2.test", Algorithm.COSIGNATURE_ML_DSA_44, b"".join(map(seed, map(str, range(41))))
    ),
)
FULL = replace(
    SMALL,
    version=2,
    previous=SMALL.digest,
    issued=date(2026, 11, 15),
    expires=date(2026, 12, 15),
    revoked=(
        Revocation("r3", recipient_hash(reviewer(3).recipient), date(2026, 11, 14), "compromised"),
    ),
    log=LOG,
    quorum=1,
    witnesses=WITNESSES,
    code=(Signer("release.test", Algorithm.ML_DSA_44, seed("code")).vkey,),
)


def line(roster: Roster, start: str) -> str:
    """Return the one line that starts so, with its LF."""
    (found,) = (row for row in roster.to_bytes().decode().splitlines(True) if row.startswith(start))
    return found


def recipients() -> Mapping[str, str]:
    """Twelve strings that are not a reviewer's recipient (protocol 10, attack 8)."""
    key = reviewer(1).recipient.public_key
    good = str(reviewer(1).recipient)
    return {
        "a plain X25519 age recipient": str(X25519Identity.from_seed(seed("x25519")).recipient),
        "an ML-KEM value not reduced modulo q": bech32.encode("age1pq", b"\xff\x0f" + key[2:]),
        "an X25519 share of low order": bech32.encode("age1pq", key[:1184] + bytes(32)),
        "an age identity, which is secret": str(HybridIdentity.from_seed(seed("reviewer 1"))),
        "a signing key": str(reviewer(1).signer),
        "another human-readable part": bech32.encode("age1qp", key),
        "upper case": good.upper(),
        "one character changed": good[:-1] + ("q" if good[-1] != "q" else "p"),
        "one character too few": good[:-1],
        "one byte too many": bech32.encode("age1pq", key + b"\x00"),
        "two in one": good + good,
        "the tag of a hardware key": bech32.encode("age1tagpq", key),
    }


def published_keys() -> list[tuple[str, str]]:
    """Name every key whose secret half anyone can compute, for `intake/forbidden_keys.txt`."""
    sealed = (HybridIdentity.from_seed(seed(f"identity {n}")).recipient for n in (1, 2, 3))
    return [
        *((f"reviewer {n}", str(reviewer(n).recipient)) for n in (1, 2, 3)),
        *((f"signer {n}", str(reviewer(n).signer)) for n in (1, 2, 3)),
        *((f"root {n} {s.algorithm.name}", str(s.vkey)) for n in range(5) for s in root(n)),
        *((f"identity {n}", str(key)) for n, key in enumerate(sealed, 1)),
        ("log", str(LOG)),
        ("code", str(FULL.code[0])),
    ]
