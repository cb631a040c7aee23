"""What whoever checks a bundle knows beforehand, and what they know when it was found whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from intake.bundle import Contents, Item, Waiting
from intake.epoch import Epoch
from intake.roster import Roster
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint
from intake.tlog.merkle import EMPTY_ROOT
from intake.tlog.note import VerifierKey
from intake.tlog.policy import NONE, Group, Log, Policy, Witness

_QUORUM: Final = "quorum"


def policy_of(roster: Roster) -> Policy | None:
    """The policy that a roster asks for with its log, quorum and witness lines; None without a log."""
    if roster.log is None:
        return None
    log = (Log(roster.log),)
    if roster.quorum is None:
        return Policy(log, (), (), NONE)
    # A key's name holds no "+": names made so are never those of the group, and differ as keys do.
    witnesses = tuple(Witness(f"{key.name}+{key.key_hash.hex()}", key) for key in roster.witnesses)
    group = Group(_QUORUM, roster.quorum, tuple(witness.name for witness in witnesses))
    return Policy(log, witnesses, (group,), _QUORUM)


@dataclass(frozen=True)
class Known:
    """What is believed before a bundle is looked at.

    `rosters` are verified ones by their digests. `seen` is the checkpoint up to which an earlier
    bundle was whole. `awaited` are the commitments that an earlier one said would be logged, with
    the week of each. `today` is this machine's week.
    """

    policy: Policy
    rosters: Mapping[str, Roster]
    seen: Checkpoint | None = None
    awaited: Mapping[bytes, Epoch] = field(default_factory=dict[bytes, Epoch])
    today: Epoch = field(default_factory=Epoch.now)

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """The keys with which the policy knows the log of this name."""
        return tuple(log.vkey for log in self.policy.logs if log.vkey.name == origin)


@dataclass
class Week:
    """How many entries of each kind a closed week has."""

    submitted: int = 0
    withdrawn: int = 0
    collected: int = 0
    void: int = 0
    erased: int = 0


@dataclass(frozen=True)
class Checked:
    """A bundle that passed every check: only `examine` makes it.

    `items` and `events` are those that are not in its log yet, and `missing` the commitments that
    were awaited and still are; `withdrawn` are the envelopes whose authors took them back; `weeks`
    counts the entries of each closed week.
    """

    contents: Contents
    signed: SignedCheckpoint | None
    items: tuple[Item, ...]
    events: tuple[Waiting, ...]
    missing: frozenset[bytes]
    withdrawn: frozenset[bytes]
    weeks: Mapping[Epoch, Week]

    @property
    def size(self) -> int:
        """How many entries the log has; 0 where none is published yet."""
        return 0 if self.signed is None else self.signed.checkpoint.size

    @property
    def closed(self) -> Epoch | None:
        """The newest week that is closed in the log."""
        return max(self.weeks, default=None)

    @property
    def root(self) -> bytes:
        """The log's root, 32 bytes."""
        return EMPTY_ROOT if self.signed is None else self.signed.checkpoint.root

    @property
    def unlogged(self) -> frozenset[bytes]:
        """The envelopes of the objects that are not in the log yet."""
        return frozenset(item.opening.envelope for item in self.items)
