"""A panel of reviewers and root holders for tests: real keys and signatures, dates of today.

Keys are new in every run, so that none of them has to be forbidden anywhere.
"""

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from intake.age import HybridIdentity
from intake.roots import RootSet
from intake.roster import Reviewer, Roster
from intake.tlog.note import Algorithm, Note, Signer

DEPLOYMENT = "test-abcdefgh"


_RUN = os.urandom(16)


def seed(label: str) -> bytes:
    """32 bytes that are the same all through this run."""
    return sha256(_RUN + label.encode()).digest()


def root_signers(number: int) -> tuple[Signer, Signer]:
    """The two keys of one root holder."""
    name = f"root{number}.test"
    return (
        Signer(name, Algorithm.ED25519, seed(f"root {number} ed25519")),
        Signer(name, Algorithm.ML_DSA_44, seed(f"root {number} ml-dsa-44")),
    )


def signed(roster: Roster, signers: Iterable[Signer]) -> bytes:
    """The note of a roster with a line of each of these keys."""
    note = Note(roster.to_bytes(), ())
    for signer in signers:
        note = note.with_signature(signer.sign(note.text))
    return note.to_bytes()


def sign(roster: Roster, roots: tuple[int, ...] = (0, 2)) -> bytes:
    """The signed note of a roster, by these root holders."""
    return signed(roster, (signer for number in roots for signer in root_signers(number)))


@dataclass(frozen=True)
class Keys:
    """Reviewers' identities and signers, and the keys of root holders of whom two must sign."""

    identities: tuple[HybridIdentity, ...]
    signers: tuple[Signer, ...]
    roots: tuple[Signer, ...]

    @classmethod
    def fresh(cls) -> "Keys":
        """Two reviewers and two root holders, new at each call."""
        return cls(
            tuple(HybridIdentity.generate() for _ in range(2)),
            tuple(Signer(f"r{n}", Algorithm.ED25519, os.urandom(32)) for n in range(2)),
            tuple(
                Signer(f"root{n}.test", algorithm, os.urandom(32))
                for n in range(2)
                for algorithm in (Algorithm.ED25519, Algorithm.ML_DSA_44)
            ),
        )

    def roster(self, deployment: str, issued: dt.date) -> Roster:
        """The roster of these reviewers for 30 days."""
        return Roster(
            deployment=deployment,
            version=1,
            previous=None,
            issued=issued,
            expires=issued + dt.timedelta(days=30),
            k=1,
            reviewers=tuple(
                Reviewer(signer.name, identity.recipient, signer.vkey)
                for signer, identity in zip(self.signers, self.identities, strict=True)
            ),
            revoked=(),
            roots=RootSet(2, tuple(signer.vkey for signer in self.roots)),
        )

    def sign(self, roster: Roster, *, signatures: int = 4) -> bytes:
        """The note of a roster with the first of its signatures."""
        return signed(roster, self.roots[:signatures])


@dataclass(frozen=True)
class Panel:
    """Reviewers' identities and the roster that names them."""

    identities: tuple[HybridIdentity, ...]
    roster: Roster

    @property
    def signers(self) -> tuple[Signer, ...]:
        """The keys with which its reviewers sign, in the order of the roster."""
        names = [reviewer.name for reviewer in self.roster.reviewers]
        return tuple(Signer(n, Algorithm.ED25519, seed(f"signer {n[1:]}")) for n in names)

    @property
    def note(self) -> bytes:
        """The roster, signed by two of three."""
        return sign(self.roster)

    def dated(self, issued: dt.date, expires: dt.date) -> "Panel":
        """The same panel with a roster of other dates."""
        return replace(self, roster=replace(self.roster, issued=issued, expires=expires))


def make_panel(reviewers: int = 3, *, first: int = 1, deployment: str = DEPLOYMENT) -> Panel:
    """A panel whose roster is good from today for 30 days."""
    numbers = range(first, first + reviewers)
    keys = Keys(
        tuple(HybridIdentity.from_seed(seed(f"reviewer {n}")) for n in numbers),
        tuple(Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")) for n in numbers),
        tuple(signer for n in range(3) for signer in root_signers(n)),
    )
    return Panel(keys.identities, keys.roster(deployment, dt.datetime.now(dt.UTC).date()))
