"""Checks 1 to 3: the bundle's log is the signed one, it follows its rules, and nothing before changed.

The entries are read once, a block at a time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from intake.bundle import Bundle
from intake.completeness.faults import MOST, Findings, Gap
from intake.completeness.known import Known
from intake.epoch import Epoch
from intake.errors import MalformedError, ProofError
from intake.log_reading import LogReading, Passed
from intake.tlog.checkpoint import Checkpoint, SignedCheckpoint, origin_of
from intake.tlog.cosignature import signed_by_log
from intake.tlog.entries import Blinded, EpochClosed, RosterChanged
from intake.tlog.merkle import EMPTY, Edge, leaf_hashes

_BATCH: Final = 4096  # entries hashed at a time


@dataclass(frozen=True)
class Run:
    """The blinded entries of one week: those after the run before, and before entry `end`."""

    epoch: Epoch
    end: int


@dataclass(frozen=True)
class ReadLog:
    """What the entries say: weeks, rosters, and which awaited commitments are there.

    `rosters` are those that came into use, each with the number of the first entry that says so.
    """

    signed: SignedCheckpoint | None = None
    runs: tuple[Run, ...] = ()
    closed: Epoch | None = None
    rosters: Mapping[RosterChanged, int] = field(default_factory=dict[RosterChanged, int])
    arrived: frozenset[bytes] = frozenset()

    @property
    def newest_roster(self) -> int:
        """The highest version that came into use; 0 where none did."""
        return max((entry.version for entry in self.rosters), default=0)


def check_signed(bundle: Bundle, known: Known, findings: Findings) -> SignedCheckpoint | None:
    """Check 1: the deployment's log signed the checkpoint, and enough witnesses cosigned it.

    None where there is a finding; also where nothing is published yet, which is none.
    """
    data = bundle.contents.checkpoint
    if not data:
        return None
    try:
        signed = SignedCheckpoint.parse(data)
    except MalformedError as error:
        findings.add(Gap.CHECKPOINT, error.phrase)
        return None
    fault = _fault_of(signed, origin_of(bundle.contents.deployment), known)
    if fault is None:
        return signed
    findings.add(*fault)
    return None


def _fault_of(signed: SignedCheckpoint, origin: str, known: Known) -> tuple[Gap, str] | None:
    if signed.checkpoint.origin != origin:
        return Gap.CHECKPOINT, f"it is of the log {signed.checkpoint.origin}, not {origin}"
    try:
        if not any(signed_by_log(signed, key) for key in known.log_keys(origin)):
            return Gap.UNSIGNED, f"the log {origin} did not sign the checkpoint"
    except ProofError as error:
        return Gap.UNSIGNED, error.phrase
    try:
        known.policy.endorsed(signed)
    except ProofError as error:
        return Gap.QUORUM, error.phrase
    return None


def read_log(bundle: Bundle, signed: SignedCheckpoint, known: Known, findings: Findings) -> ReadLog:
    """Checks 2 and 3, over every entry.

    2. the entries have the root that was signed; then each is of one of the seven forms, and they
       stand as in any such log: whole weeks, one after another, in steps of 16
    3. the tree begins with the tree that was seen last
    """
    reader = _Reader(bundle.entries(), known)
    # (2)
    grown = _grown(reader, signed.checkpoint, known.seen, findings)
    if not grown:
        return ReadLog(signed)
    for finding in reader.judged():
        findings.add(*finding)
    return ReadLog(
        signed,
        tuple(reader.runs),
        reader.closed,
        dict(reader.rosters),
        frozenset(reader.arrived),
    )


def check_nothing_forgotten(known: Known, findings: Findings) -> None:
    """Check 3, where the bundle has no log: then none was seen before either."""
    if known.seen is not None and known.seen.size:
        findings.add(
            Gap.OLDER, f"it has no log, and one of {known.seen.size} entries was seen before"
        )


def _grown(
    reader: "_Reader", checkpoint: Checkpoint, seen: Checkpoint | None, findings: Findings
) -> bool:
    """Whether the entries are those that were signed; says so where not, and whether (3) holds."""
    edge = EMPTY
    try:
        # (3)
        if seen is not None and seen.size > checkpoint.size:
            findings.add(
                Gap.OLDER,
                f"its log has {checkpoint.size} entries, and {seen.size} were seen before",
            )
        elif seen is not None:
            edge = reader.extend(edge, seen.size)
            if edge.size == seen.size and edge.root != seen.root:
                findings.add(
                    Gap.REWRITTEN,
                    f"the first {seen.size} entries are not those that were seen before",
                )
        # (2)
        edge = reader.extend(edge, checkpoint.size)
        more = next(reader.entries, None) is not None
    except MalformedError as error:
        findings.add(Gap.CUT, error.phrase)
        return False
    if more or edge.size != checkpoint.size:
        has = "more" if more else f"only {edge.size}"
        findings.add(Gap.CUT, f"the log signed {checkpoint.size} entries, and the bundle has {has}")
        return False
    if edge.root != checkpoint.root:
        findings.add(Gap.ROOT, f"the {edge.size} entries are not those that the log signed")
        return False
    return True


class _Reader:
    """Hashes the entries, follows their rules, and remembers what the other checks need."""

    def __init__(self, entries: Iterator[bytes], known: Known) -> None:
        self.entries = entries
        self.runs: list[Run] = []
        self.rosters: dict[RosterChanged, int] = {}
        self.arrived: set[bytes] = set()
        self._faults: list[tuple[Gap, str]] = []
        self._awaited = known.awaited
        self._reading = LogReading(0, Passed(), known.today)
        self._whole = True
        self._number = 0

    @property
    def closed(self) -> Epoch | None:
        """The newest week that is closed."""
        return self._reading.passed.closed

    def extend(self, edge: Edge, size: int) -> Edge:
        """The tree grown to `size` entries, or as far as they go."""
        while edge.size < size:
            batch = list(islice(self.entries, min(_BATCH, size - edge.size)))
            if not batch:
                break
            for data in batch:
                self._take(data)
            edge = edge.extended(leaf_hashes(batch))
        return edge

    def judged(self) -> Iterator[tuple[Gap, str]]:
        """Where they break the rules, which counts only once they are known to be the log's."""
        yield from self._faults
        if self._whole:
            yield from ((Gap.ORDER, finding.phrase) for finding in self._reading.end())

    def _take(self, data: bytes) -> None:
        if not self._whole:
            return
        try:
            entry, found = self._reading.take(data)
        except MalformedError as error:
            self._whole = False
            self._faults.append((Gap.ENTRY, error.phrase))
            return
        if len(self._faults) < MOST:
            self._faults += [(Gap.ORDER, finding.phrase) for finding in found]
        if isinstance(entry, Blinded):
            if entry.commit in self._awaited:
                self.arrived.add(entry.commit)
        elif isinstance(entry, EpochClosed):
            self.runs.append(Run(entry.epoch, self._number))
        elif isinstance(entry, RosterChanged):
            self.rosters.setdefault(entry, self._number)
        self._number += 1
