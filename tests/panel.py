"""A panel of reviewers and root holders for tests: real keys and signatures, dates of today.

Keys are new in every run, so that none of them has to be forbidden anywhere.
"""

import datetime as dt
import os
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


def sign(roster: Roster, roots: tuple[int, ...] = (0, 2)) -> bytes:
    """The signed note of a roster, by these root holders."""
    note = Note(roster.to_bytes(), ())
    for number in roots:
        for signer in root_signers(number):
            note = note.with_signature(signer.sign(note.text))
    return note.to_bytes()


@dataclass(frozen=True)
class Panel:
    """Reviewers' identities and the roster that names them."""

    identities: tuple[HybridIdentity, ...]
    roster: Roster

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
    identities = tuple(HybridIdentity.from_seed(seed(f"reviewer {n}")) for n in numbers)
    rows = tuple(
        Reviewer(
            f"r{n}",
            identity.recipient,
            Signer(f"r{n}", Algorithm.ED25519, seed(f"signer {n}")).vkey,
        )
        for n, identity in zip(numbers, identities, strict=True)
    )
    today = dt.datetime.now(dt.UTC).date()
    roster = Roster(
        deployment=deployment,
        version=1,
        previous=None,
        issued=today,
        expires=today + dt.timedelta(days=30),
        k=1,
        reviewers=rows,
        revoked=(),
        roots=RootSet(2, tuple(s.vkey for n in range(3) for s in root_signers(n))),
    )
    return Panel(identities, roster)
