"""Publications for tests: one testimony of fixed keys and salts, in a log that witnesses cosigned.

`intake/forbidden_keys.txt` keeps these keys out of a real site.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache

from intake.container import Consent, Container, Form, Kind, Level, Mode
from intake.disclosure import Disclosure, disclose
from intake.epoch import Epoch
from intake.opening import Opening, PublicHalf
from intake.publication import Publication
from intake.redaction import tokens
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.entries import Blinded, EpochClosed
from intake.tlog.merkle import prove_inclusion
from intake.tlog.proof import LogProof
from tests.tlog.logs import checkpoint_of, signed
from tests.tlog.trees import reader
from tests.vectors.roster.fixed import DEPLOYMENT, seed

EPOCH = Epoch(2026, 47)
NARRATIVE = (
    "In March they took my cousin Ruslan from the shop.\n\nHe came back after 12 days. "
    "Они держали его в подвале,  и он слышал, как звали Магомеда. "
    "The guard said: \u202egnihton\u202c \u27e8hidden\u27e9 <b>[person]</b>\t\U0001f54a. "
)
FIELDS = (
    ("narrative", NARRATIVE),
    ("who_text", "Ruslan M., a cousin"),
    ("where_text", "a shop, \u04c0аргун"),
)
CONSENT = (
    Consent(Level.STATS, True, "c_stats.1", "ru"),
    Consent(Level.PUBLISH, True, "c_publish.1", "ru"),
    Consent(Level.COURTS, False, "c_courts.1", "ru"),
)
MODE, FORM, STATS, PUBLISH, COURTS = 1, 2, 3, 4, 5
"""Numbers of the facts after the kind."""


def container(fields: Sequence[tuple[str, str]] = FIELDS, salt: str = "1") -> Container:
    """A testimony with these fields."""
    return Container(
        kind=Kind.TESTIMONY,
        mode=Mode.BROWSER,
        form=Form("minimal", 2, "ru"),
        deployment=DEPLOYMENT,
        roster="sha256:" + seed("a roster").hex(),
        epoch=EPOCH,
        consent=CONSENT,
        fields=tuple(fields),
        seed=seed(f"publication {salt}")[:16],
        withdraw=seed("withdraw"),
    )


def opening_of(whole: Container) -> Opening:
    """Its opening; of no object, for no test here opens one."""
    return Opening(
        epoch=whole.epoch,
        redact=whole.redact_root,
        salt=seed("salt"),
        envelope=seed("envelope"),
        roster=whole.roster,
        withdraw_commit=whole.withdraw,
        salt2=seed("salt 2"),
    )


@dataclass(frozen=True)
class Logged:
    """A container, its opening, and a log of one week that holds it."""

    container: Container
    opening: Opening
    entries: tuple[bytes, ...]
    signed: SignedCheckpoint

    @classmethod
    def of(cls, whole: Container, index: int = 5) -> "Logged":
        """Among 16 blinded entries, at `index`, and the one that closes the week."""
        opening = opening_of(whole)
        entries = [Blinded(seed(f"void {n}")).to_bytes() for n in range(16)]
        entries[index] = Blinded(opening.commit).to_bytes()
        entries.append(EpochClosed(whole.epoch).to_bytes())
        return cls(whole, opening, tuple(entries), signed(checkpoint_of(entries)))

    @property
    def index(self) -> int:
        """The number of the entry."""
        return self.entries.index(Blinded(self.opening.commit).to_bytes())

    def proof(self) -> LogProof:
        """The tlog-proof of the entry."""
        path = prove_inclusion(self.index, len(self.entries), reader(list(self.entries)))
        return LogProof(self.index, path, self.signed)

    def disclosed(self, hidden: Collection[int]) -> Disclosure:
        """Without these tokens."""
        whole = self.container
        return disclose(whole.seed, whole.facts(), whole.fields, hidden)

    def published(self, hidden: Collection[int]) -> Publication:
        """The publication without these tokens."""
        return Publication(self.disclosed(hidden), PublicHalf.of(self.opening), self.proof())

    def signed_as(self, checkpoint: SignedCheckpoint) -> "Logged":
        """The same under another signed checkpoint."""
        return replace(self, signed=checkpoint)


def numbers_of(whole: Container, *words: str) -> set[int]:
    """The numbers of the tokens that hold one of these."""
    every = [value.decode() for _, value in tokens(whole.facts(), whole.fields)]
    return {n for n, value in enumerate(every) for word in words if word in value}


@cache
def logged() -> Logged:
    """The testimony of the vectors."""
    return Logged.of(container())


def hidden_names(whole: Container | None = None) -> set[int]:
    """The names, the fields that are withheld, and the facts that no reader needs."""
    whole = whole or container()
    hidden = numbers_of(whole, "Ruslan", "Магомеда", "shop.") | {MODE, FORM, STATS, COURTS}
    path = ""
    for n, (kind, value) in enumerate(tokens(whole.facts(), whole.fields)):
        path = value.decode() if kind == b"f" else path
        if path in ("who_text", "where_text"):
            hidden.add(n)
    return hidden
