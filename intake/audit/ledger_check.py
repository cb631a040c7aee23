"""Checks reviewers' ledgers: each by itself, all against each other, and the order of the work.

It sees ids, weeks and kinds; it never needs the case, and never learns what an item says.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

from intake.audit.ledger_chain import Chain, Fault, Finding, head_of, read_chain
from intake.audit.ledger_facts import Facts, Known, among
from intake.audit.ledger_figures import Figures, Named, count
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.ledger.act import Act, Kind
from intake.ledger.record import read_head, read_records

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from intake.audit.ledger_chain import Reviewers
    from intake.tlog.checkpoint import Checkpoint

SYNC_WEEKS: Final = 5  # 35 days
_ON_TEXT: Final = frozenset(
    {
        Kind.TRIAGE,
        Kind.NOTE,
        Kind.READ,
        Kind.CODE,
        Kind.CORROBORATE,
        Kind.MESSAGE,
        Kind.REDACT,
        Kind.JIGSAW,
    }
)
_ON_FILE: Final = frozenset({Kind.SIGNOFF, Kind.EXPORT, Kind.TRANSFER})
_AFTER_END: Final = frozenset({Kind.WITHDRAW, Kind.ERASE, Kind.WIPE, Kind.RETAIN})


@dataclass
class Outcome:
    """Everything found, in order of the files, and what each ledger was."""

    chains: list[Chain]
    findings: list[Finding] = field(default_factory=list[Finding])
    figures: Figures = field(default_factory=Figures)
    named: Named = field(default_factory=Named)

    def told(self) -> Mapping[str, object]:
        """All of it as JSON can hold it."""
        return {
            "ledgers": [
                {
                    "origin": chain.head.origin,
                    "size": chain.size,
                    "root": None if chain.last is None else chain.last.checkpoint.root.hex(),
                }
                for chain in self.chains
            ],
            "findings": [
                {"fault": f.fault, "ledger": f.machine, "act": f.index, "phrase": f.phrase}
                for f in self.findings
            ],
            "figures": asdict(self.figures),
            "items": self.named.told(),
        }


def check_ledgers(
    paths: Sequence[Path],
    reviewers: Reviewers,
    kept: Mapping[str, Checkpoint],
    today: dt.date,
) -> Outcome:
    """Check ledgers of one deployment; `kept` holds by origin what was seen the last time.

    `MalformedError` where a file is no ledger, is of another deployment, or two are of one machine.
    Each file is read twice; what is held in memory grows with items, never with acts.
    """
    heads = [head_of(path) for path in paths]
    if len({head.machine for head in heads}) != len(heads):
        raise MalformedError("two files are ledgers of one machine", "give the longer one")
    if any(head.deployment != reviewers.deployment for head in heads):
        raise MalformedError("a ledger is not of the roster's deployment")
    facts = Facts()
    chains = [
        read_chain(path, reviewers, kept.get(head.origin), today, facts.hear)
        for path, head in zip(paths, heads, strict=True)
    ]
    outcome = Outcome(chains, [finding for chain in chains for finding in chain.findings])
    machines = {chain.head.machine: chain for chain in chains}
    work = _Work(facts, machines, reviewers, outcome)
    for chain in chains:
        work.check(chain)
    count(facts, machines, outcome.figures, outcome.named, Epoch.of(today))
    return outcome


class _Work:
    """The second reading: what an act needs must be known to its machine by then.

    1. `sync`: the other ledger is given, reaches that far, and had that root; one that is not
       given had one root only
    2. an act comes at most 35 days after the first one since the last `sync`
    3. the site's log has one root of each size
    4. an act on an item: it was imported; unless its end is all there is to it, it is not gone
    5. an act on a text: its reviewer opened it on this machine; to read, it was triaged before
    6. a build: its items were imported, opened, and are not gone
    7. an act on a file: it was built, and no item in it is gone
    8. an export: two sign-offs, by two people on two machines; one, where the panel is one person
    """

    def __init__(
        self,
        facts: Facts,
        chains: Mapping[str, Chain],
        reviewers: Reviewers,
        outcome: Outcome,
    ) -> None:
        self._facts = facts
        self._chains = chains
        self._reviewers = reviewers
        self._outcome = outcome
        self._heads: dict[int, str] = {}
        self._many = len(chains) > 1 or bool(facts.syncs)

    def check(self, chain: Chain) -> None:
        """Go through one ledger again."""
        known: Known = {}
        unseen: Epoch | None = None
        absent: set[str] = set()
        seen = self._facts.seen.get(chain.head.machine, {})
        with chain.path.open("rb") as file:
            read_head(file)
            records = read_records(file, chain.head)
            for index in range(chain.size):
                record = next(records)
                act = record.act
                for root, name in seen.get(index + 1, {}).items():
                    if root != record.root.hex():
                        self._find(Fault.FORK, chain, index, f"is not the ledger that {name} saw")
                known = self._facts.knows(chain.head.machine, index, known)
                # (2)
                if self._many and unseen and act.week.number - unseen.number > SYNC_WEEKS:
                    text = f"{act.week.number - unseen.number} weeks of work without a sync"
                    self._find(Fault.STALE, chain, index, text)
                    unseen = act.week
                if act.kind is Kind.SYNC:
                    self._sync(chain, index, act, absent)
                    unseen = None
                else:
                    unseen = unseen or act.week
                    self._act(chain, index, act, known)

    def _find(self, fault: Fault, chain: Chain, index: int | None, phrase: str) -> None:
        self._outcome.findings.append(Finding(fault, chain.head.machine, index, phrase))

    def _sync(self, chain: Chain, index: int, act: Act, absent: set[str]) -> None:
        # (1)
        name, size = act["machine"], int(act["size"])
        other = self._chains.get(name)
        if other is None:
            if name not in absent:
                absent.add(name)
                self._find(Fault.ABSENT, chain, index, f"ledger of {name} was not given")
            if len(self._facts.seen[name][size]) > 1:
                self._find(Fault.FORK, chain, index, f"saw another ledger of {name} than others")
        elif other.whole and size > other.size:
            text = f"saw {size} acts of {name}, which has {other.size}"
            self._find(Fault.ROLLBACK, chain, index, text)

    def _act(self, chain: Chain, index: int, act: Act, known: Known) -> None:
        if act.kind in (Kind.IMPORT, Kind.COLLECT):
            # (3)
            if self._heads.setdefault(int(act["size"]), act["root"]) != act["root"]:
                self._find(Fault.IMPORT, chain, index, "names another root of the site's log")
        elif act.kind is Kind.BUILD:
            self._build(chain, index, act, known)
        elif act.kind in _ON_FILE:
            self._file(chain, index, act, known)
        elif act.items:
            self._item(chain, index, act, known)

    def _item(self, chain: Chain, index: int, act: Act, known: Known) -> None:
        # (4)
        item, facts = act.items[0], self._facts
        if not self._needs(among(facts.imported.get(item), known), known):
            self._find(Fault.REFERENCE, chain, index, f"{act.kind} of an item never imported")
        if act.kind not in _AFTER_END and among(facts.gone.get(item), known):
            self._find(Fault.GONE, chain, index, f"{act.kind} of an item withdrawn or erased")
        # (5)
        if act.kind in _ON_TEXT:
            opened = facts.opened.get(item, {}).get((chain.head.machine, act.by))
            if opened is None or opened > index:
                self._find(Fault.UNOPENED, chain, index, f"{act.kind} by one who did not open it")
        if act.kind is Kind.READ and not self._needs(
            among(facts.opened_for_triage.get(item), known), known
        ):
            self._find(Fault.UNTRIAGED, chain, index, "read, and never opened for triage before")
        if (
            act.kind is Kind.OPEN
            and act["purpose"] != "triage"
            and not self._needs(among(facts.triaged.get(item), known), known)
        ):
            self._outcome.figures.without_triage += 1
            self._outcome.named.without_triage[item].add(chain.head.machine)

    def _build(self, chain: Chain, index: int, act: Act, known: Known) -> None:
        # (6)
        facts = self._facts
        if not self._needs(all(among(facts.imported.get(i), known) for i in act.items), known):
            self._find(Fault.REFERENCE, chain, index, "built from an item never imported")
        elif not self._needs(all(self._was_opened(i, known) for i in act.items), known):
            self._find(Fault.UNOPENED, chain, index, "built from an item that nobody opened")
        if any(among(facts.gone.get(i), known) for i in act.items):
            self._find(Fault.GONE, chain, index, "built from an item withdrawn or erased")

    def _was_opened(self, item: str, known: Known) -> bool:
        opened = self._facts.opened.get(item, {})
        return any(at < known.get(name, 0) for (name, _), at in opened.items())

    def _file(self, chain: Chain, index: int, act: Act, known: Known) -> None:
        # (7)
        digest, facts = act["hash"], self._facts
        if not self._needs(among(facts.built.get(digest), known), known):
            self._find(Fault.REFERENCE, chain, index, f"{act.kind} of a file never built")
        content = facts.content.get(digest, set[str]())
        gone = any(among(facts.gone.get(item), known) for item in content)
        if gone:
            self._find(Fault.GONE, chain, index, f"{act.kind} of an item withdrawn or erased")
        # (8)
        if act.kind is Kind.EXPORT:
            self._export(chain, index, act, known)
            if gone:
                self._outcome.figures.after_end += 1
            elif not content.isdisjoint(facts.withdrawn):
                self._outcome.figures.recall += 1

    def _export(self, chain: Chain, index: int, act: Act, known: Known) -> None:
        signed = {
            (machine, by)
            for machine, at, by in self._facts.signoffs.get(act["hash"], ())
            if at < known.get(machine, 0)
        }
        figures = self._outcome.figures
        figures.exports += 1
        if any(m != machine and b != by for m, b in signed for machine, by in signed):
            figures.four_eyes += 1
        elif signed and self._reviewers.alone(act.week):
            figures.alone += 1
        elif not self._needs(holds=False, known=known):
            text = "exported without sign-offs by two people on two machines"
            self._find(Fault.FOUR_EYES, chain, index, text)

    def _needs(self, holds: bool, known: Known) -> bool:  # noqa: FBT001
        """Whether this holds, or may hold in a ledger that was not given or broke off."""
        if holds:
            return True
        for name, size in known.items():
            chain = self._chains.get(name)
            if size and (chain is None or size > chain.size):
                self._outcome.figures.unchecked += 1
                return True
        return False
