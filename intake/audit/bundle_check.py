"""Checks a bundle that was collected for an auditor: what the log commits to, without an object.

It reads what every blinded entry stands for, which says how many wrote and nothing of what. Kept
between two looks is one file, written only when all held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from intake.age import HybridIdentity
from intake.age.whole import written_whole
from intake.canonical import b64, unb64
from intake.completeness import Finding, Findings, Known, examine
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.shelf import Shelf
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.note import NOTE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from intake.bundle import Bundle
    from intake.completeness import Checked, Week
    from intake.errors import IntakeError
    from intake.roots import RootSet
    from intake.tlog.policy import Policy

KEY_LIMIT: Final = 10_000  # bytes of a file of identities
_TITLE: Final = b"testimony-intake/bundle-seen/v1"
_FILE: Final = "bundle"
_LIMIT: Final = NOTE_LIMIT + (16 << 20)  # bytes; a line is 54
_COMMIT: Final = 32  # bytes


@dataclass(frozen=True)
class Seen:
    """The log of the last bundle that was whole, and the commitments that it said would follow.

    There is none yet of a site whose first week is open.
    """

    signed: SignedCheckpoint | None
    awaited: Mapping[bytes, Epoch]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the file; raises `MalformedError`."""
        head, blank, note = data.partition(b"\n\n")
        title, *lines = head.split(b"\n")
        if len(data) > _LIMIT or not blank or title != _TITLE:
            raise MalformedError("not what an auditor keeps of a bundle")
        signed = SignedCheckpoint.parse(note) if note else None
        seen = cls(signed, dict(map(_awaited, lines)))
        if seen.to_bytes() != data:
            raise MalformedError("what an auditor keeps of a bundle has one spelling")
        return seen

    def to_bytes(self) -> bytes:
        """Write the file; the exact inverse of `parse`."""
        lines = (
            f"{b64(commit)} {self.awaited[commit]}".encode() for commit in sorted(self.awaited)
        )
        note = b"" if self.signed is None else self.signed.to_bytes()
        return b"\n".join((_TITLE, *lines)) + b"\n\n" + note


def _awaited(line: bytes) -> tuple[bytes, Epoch]:
    commit, _, epoch = line.decode(errors="replace").partition(" ")
    return unb64(commit, _COMMIT), Epoch.parse(epoch)


def read_seen(folder: Path) -> Seen | None:
    """What was kept, None at first; raises `StoreError` where it is damaged."""
    try:
        with (folder / _FILE).open("rb") as file:
            return Seen.parse(file.read(_LIMIT + 1))
    except FileNotFoundError:
        return None
    except MalformedError as error:
        raise StoreError(
            f"what was kept in {folder} is damaged: {error.phrase}",
            "take it from a copy; without it an older or another log is not noticed",
        ) from None


def keep_seen(folder: Path, seen: Seen) -> None:
    """Keep it in place of what was kept before; makes the folder where it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with written_whole(folder / _FILE) as sink:
        sink.write(seen.to_bytes())


def read_identities(data: bytes) -> tuple[HybridIdentity, ...]:
    """The identities in a file as `age-keygen -pq` writes it; raises `MalformedError`."""
    if len(data) > KEY_LIMIT:
        raise MalformedError(f"a file of identities is longer than {KEY_LIMIT} bytes")
    lines = [line.strip() for line in data.decode(errors="replace").splitlines()]
    found = tuple(HybridIdentity.parse(line) for line in lines if line and line[0] != "#")
    if not found:
        raise MalformedError(
            "the file holds no identity", "make one with `age-keygen -pq`: AGE-SECRET-KEY-PQ-1…"
        )
    return found


@dataclass(frozen=True)
class Outcome:
    """What was found, first of the rosters and then of the bundle; `count` counts all of it.

    Where nothing was found there is `checked`, and `seen`: what to keep until the next time.
    """

    rosters: tuple[IntakeError, ...]
    findings: Sequence[Finding]
    count: int
    checked: Checked | None
    seen: Seen | None

    def lines(self) -> Iterator[str]:
        """A line for each finding that was kept, and how many more there are."""
        for error in self.rosters:
            yield f"roster: {error.phrase}"
        for finding in self.findings:
            yield str(finding)
        more = self.count - len(self.findings) - len(self.rosters)
        if more:
            yield f"and {more} more"


def check_bundle(bundle: Bundle, policy: Policy, roots: RootSet, seen: Seen | None) -> Outcome:
    """All that an auditor can check of a bundle: `completeness.examine`, and every roster in it."""
    contents = bundle.contents
    shelf = Shelf.of(contents.rosters, roots, contents.deployment)
    known = Known(
        policy,
        shelf.rosters,
        None if seen is None or seen.signed is None else seen.signed.checkpoint,
        {} if seen is None else seen.awaited,
    )
    findings: Findings
    findings, checked = examine(bundle, known)
    count = findings.count + len(shelf.refused)
    if count:
        checked = None
    after = None if checked is None else _after(checked, known.awaited)
    return Outcome(shelf.refused, findings.first, count, checked, after)


def _after(checked: Checked, awaited: Mapping[bytes, Epoch]) -> Seen:
    left = {commit: awaited[commit] for commit in checked.missing}
    items = {item.opening.commit: item.opening.epoch for item in checked.items}
    events = {waiting.event.commit: waiting.event.epoch for waiting in checked.events}
    return Seen(checked.signed, left | items | events)


def told_of(week: Week) -> str:
    """The counts of a week in words."""
    told = (
        f"{week.submitted} submitted, {week.withdrawn} withdrawn, {week.collected} collected,"
        f" {week.void} void"
    )
    return f"{told}, {week.erased} erased" if week.erased else told
