"""Reads what other commands said with --json: of each only what a report needs, and no text of it
is believed to be harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake.audit.report_rows import Row, object_of
from intake.canonical import unb64
from intake.epoch import Epoch
from intake.errors import MalformedError
from intake.tlog.merkle import HASH_SIZE

if TYPE_CHECKING:
    from collections.abc import Mapping

# The titles are those of what writes them, which need not be installed where a report is made.
BUNDLE: Final = "testimony-intake/bundle-check/v1"
CANARIES: Final = "testimony-intake/canary-check/v1"
LEDGER: Final = "testimony-intake/ledger-check/v2"
SENTINEL: Final = "testimony-intake/sentinel/v1"
SITE: Final = "testimony-intake/site-check/v1"
FIGURES: Final = (
    *("opens", "without_triage", "lone", "exports", "four_eyes", "alone"),
    *("recorded", "changed", "refused", "after_end", "recall"),
    *("withdrawn", "destroyed", "undestroyed"),
    *("due", "erased", "under_way", "overdue", "unchecked"),
)
NAMED: Final = ("without_triage", "lone", "undestroyed", "overdue")
_AT_MOST: Final = (  # these figures count parts of that one
    ("opens", ("without_triage",)),
    ("exports", ("four_eyes", "alone")),
    ("exports", ("after_end", "recall")),
    ("withdrawn", ("destroyed", "undestroyed")),
    ("due", ("erased", "under_way", "overdue")),
)
_ITEM: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_DIGEST: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_STANDARD: Final = str.maketrans("-_", "+/")
_STATES: Final = ("checked", "found", "not checked")
_KINDS_OF_ENTRIES: Final = ("submitted", "withdrawn", "collected", "void", "erased")


@dataclass(frozen=True)
class BundleResult:
    """What `intake audit bundle` said: `count` findings, not all of them in full, or a log.

    `log` is its size and its root of 32 bytes. `weeks` holds how many entries of each closed week
    stand for what was submitted, withdrawn, collected, void and erased.
    """

    deployment: str
    epoch: Epoch
    count: int
    findings: tuple[str, ...]
    log: tuple[int, bytes] | None
    weeks: Mapping[Epoch, tuple[int, ...]]

    def __post_init__(self) -> None:
        if len(self.findings) > self.count or (self.count == 0) != (self.log is not None):
            raise MalformedError("a bundle has findings, or else a log")

    @classmethod
    def parse(cls, data: bytes) -> BundleResult:
        """Read the JSON; raises `MalformedError`."""
        row = object_of(data, BUNDLE)
        weeks: dict[Epoch, tuple[int, ...]] = {}
        log = None
        if row.count("count") == 0:
            log = row.count("size"), unb64(row.get("root", str), HASH_SIZE)
            for name, counts in row.rows("weeks").items():
                week = Row(counts, "a week")
                weeks[Epoch.parse(name)] = tuple(week.count(kind) for kind in _KINDS_OF_ENTRIES)
        findings = row.phrases("findings", before="kind")
        return cls(row.deployment(), row.epoch(), row.count("count"), findings, log, weeks)


@dataclass(frozen=True)
class CanaryResult:
    """What `intake audit canary check` said of all closed weeks together.

    `sent` are those of which it is known whether they arrived, `newest` their last week, None where
    there are none; of `unknown` ones nobody has said it yet.
    """

    deployment: str
    epoch: Epoch
    sent: int
    lost: int
    unknown: int
    newest: Epoch | None

    def __post_init__(self) -> None:
        if self.lost > self.sent:
            raise MalformedError("more canaries are lost than were sent")
        if (self.newest is None) != (self.sent == 0):
            raise MalformedError("the canaries' weeks and their number disagree")

    @classmethod
    def parse(cls, data: bytes) -> CanaryResult:
        """Read the JSON; raises `MalformedError`."""
        row = object_of(data, CANARIES)
        weeks = [Row(value, "a week") for value in row.items("weeks")]
        known = [(week.epoch(), week.count("found"), week.count("lost")) for week in weeks]
        sent, lost = row.count("n"), row.count("lost")
        if (sent, lost) != (sum(f + t for _, f, t in known), sum(t for _, _, t in known)):
            raise MalformedError("the canaries' weeks and their number disagree")
        newest = max((epoch for epoch, f, t in known if f + t), default=None)
        unknown = sum(week.count("unanswered") for week in weeks)
        return cls(row.deployment(), row.epoch(), sent, lost, unknown, newest)


@dataclass(frozen=True)
class SiteResult:
    """What `intake audit site` said; `own` where it compared the site with its own manifest.

    `manifest` is its digest as the log writes it.
    """

    epoch: Epoch
    manifest: str
    own: bool
    files: int
    findings: tuple[str, ...]

    @classmethod
    def parse(cls, data: bytes) -> SiteResult:
        """Read the JSON; raises `MalformedError`."""
        row = object_of(data, SITE)
        findings = row.phrases("findings", before="what")
        count = row.count("files") + row.count("forms") + row.count("pages")
        digest = _logged(row.matching("manifest", _DIGEST))
        return cls(row.epoch(), digest, row.get("own", bool), count, findings)


@dataclass(frozen=True)
class SentinelResult:
    """What `intake doctor --sentinel` said: of each place its name, its state, the kinds found."""

    deployment: str
    epoch: Epoch
    places: tuple[tuple[str, str, tuple[str, ...]], ...]

    @classmethod
    def parse(cls, data: bytes) -> SentinelResult:
        """Read the JSON; raises `MalformedError`."""
        row = object_of(data, SENTINEL)
        places: list[tuple[str, str, tuple[str, ...]]] = []
        for value in row.items("places"):
            place = Row(value, "a place")
            kinds = place.texts("kinds")
            state = place.get("state", str)
            if state not in _STATES or (state == "found") != bool(kinds):
                raise MalformedError("a place is in no known state")
            places.append((place.get("place", str), state, kinds))
        return cls(row.deployment(), row.epoch(), tuple(places))


@dataclass(frozen=True)
class LedgerResult:
    """What `intake audit ledger` said: origins and sizes, faults with their phrases, figures, items.

    `named` holds, by the figure that counts them, items with the machines that they concern.
    """

    deployment: str
    epoch: Epoch
    ledgers: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, str], ...]
    figures: Mapping[str, int]
    named: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]

    def __post_init__(self) -> None:
        if not self.ledgers:
            raise MalformedError("a check of ledgers has none")
        for whole, parts in _AT_MOST:
            if sum(self.figures[part] for part in parts) > self.figures[whole]:
                raise MalformedError(f"{' and '.join(parts)} are more than {whole}")
        if self.figures["after_end"] > sum(fault == "gone" for fault, _ in self.findings):
            raise MalformedError("exports of what was gone are not among the faults")
        if self.figures["due"] != sum(self.figures[p] for p in ("erased", "under_way", "overdue")):
            raise MalformedError("an item that is due is in no state")
        for name, items in self.named.items():
            if len(items) > self.figures[name] or bool(items) != bool(self.figures[name]):
                raise MalformedError(f"the items {name} and their number disagree")

    @classmethod
    def parse(cls, data: bytes) -> LedgerResult:
        """Read the JSON; raises `MalformedError`."""
        row = object_of(data, LEDGER)
        ledgers = [Row(value, "a ledger") for value in row.items("ledgers")]
        findings = [Row(value, "a finding") for value in row.items("findings")]
        figures = Row(row.rows("figures"), "figures")
        named = Row(row.rows("items"), "items")
        return cls(
            row.deployment(),
            row.epoch(),
            tuple((one.get("origin", str), one.count("size")) for one in ledgers),
            tuple(
                (one.get("fault", str), f"{one.get('ledger', str)}: {one.get('phrase', str)}")
                for one in findings
            ),
            {name: figures.count(name) for name in FIGURES},
            {
                name: tuple(
                    (one.matching("item", _ITEM), one.texts("ledgers"))
                    for one in (Row(value, "an item") for value in named.items(name))
                )
                for name in NAMED
            },
        )


def _logged(digest: str) -> str:
    """A digest as an entry of the log writes it, out of one as a manifest does."""
    return f"sha256:{unb64(f'{digest}='.translate(_STANDARD), HASH_SIZE).hex()}"
