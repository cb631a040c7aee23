"""Signed rosters (protocol 9): the one way from bytes to a roster that may be used.

Nothing here looks at the log; until a roster is found in it, only its expiry ends it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

from intake.errors import IntakeError, MalformedError, RosterError
from intake.reviewer import Reviewer, Revocation
from intake.roots import RootSet
from intake.roster_text import Roster
from intake.tlog.note import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

__all__ = [
    "Finding",
    "Reviewer",
    "Revocation",
    "RootSet",
    "Roster",
    "SignedRoster",
    "check_not_forbidden",
    "examine",
    "open_roster",
]

_FORBIDDEN: Final = "forbidden_keys.txt"


@dataclass(frozen=True)
class SignedRoster:
    """A note whose text is a roster. Parsed, not verified: see `open_roster`."""

    note: Note
    roster: Roster

    def __post_init__(self) -> None:
        if self.roster.to_bytes() != self.note.text:
            raise MalformedError("roster is not the text of its note")

    @classmethod
    def parse(cls, data: bytes) -> SignedRoster:
        """Read a roster note; raises `MalformedError`, or `RosterError` if it cannot be used."""
        note = Note.parse(data)
        return cls(note, Roster.parse(note.text))

    def to_bytes(self) -> bytes:
        """Write the note; the exact inverse of `parse`."""
        return self.note.to_bytes()


class Finding(NamedTuple):
    """One rule of protocol 9.2 and what it said: `error` is None where it holds."""

    rule: str
    error: IntakeError | None


def open_roster(  # noqa: PLR0913 - each is a thing that must be known to trust a roster
    note_bytes: bytes,
    *,
    trusted: RootSet,
    today: date,
    deployment: str | None,
    previous: Roster | None = None,
    allow_expired: bool = False,
) -> SignedRoster:
    """Return the roster in `note_bytes` if every rule of protocol 9.2 that needs no log holds.

    `trusted` are the roots known beforehand; `deployment` None takes any; `previous` is the last
    roster seen, which this one must follow. A reader of an old epoch sets `allow_expired`.
    Raises `MalformedError`, `ProofError` or `RosterError`. What a roster can say of itself,
    `Roster` has checked; (1) to (4) are `_rules`, and at last

    (5) it is issued and, unless `allow_expired`, not expired
    """
    signed = SignedRoster.parse(note_bytes)
    for _, check in _rules(signed, trusted, deployment, previous):
        check()
    # (5)
    signed.roster.check_dates(today, allow_expired=allow_expired)
    return signed


def examine(
    signed: SignedRoster,
    *,
    trusted: RootSet,
    today: date,
    deployment: str | None,
    previous: Roster | None = None,
) -> tuple[Finding, ...]:
    """Apply the rules of `open_roster`, all of them, for a person to read."""

    def find(rule: str, check: Callable[[], None]) -> Finding:
        try:
            check()
        except IntakeError as error:
            return Finding(rule, error)
        return Finding(rule, None)

    return (
        *(find(rule, check) for rule, check in _rules(signed, trusted, deployment, previous)),
        find("in use today", lambda: signed.roster.check_dates(today)),  # (5)
        find("no key of a test", lambda: check_not_forbidden(signed.roster)),
    )


def _rules(
    signed: SignedRoster, trusted: RootSet, deployment: str | None, previous: Roster | None
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Name the rules of protocol 9.2 and how to check each.

    (1) enough of the trusted roots signed, each with both keys
    (2) enough of the roots it names signed too, and enough of the last one's: a change of roots
        needs the old and the new
    (3) it is this deployment's
    (4) it follows the last roster seen: same deployment, higher version, and it names its digest
    """
    note, roster = signed.note, signed.roster
    # (1)
    yield "signed by the trusted roots", lambda: trusted.check_signed(note)
    # (2)
    yield "signed by its own roots", lambda: roster.roots.check_signed(note)
    if previous is not None:
        yield "signed by the previous roots", lambda: previous.roots.check_signed(note)
    # (3)
    if deployment is not None:
        yield "of this deployment", lambda: _check_deployment(roster, deployment)
    # (4)
    if previous is not None:
        yield "follows the previous roster", lambda: _check_follows(roster, previous)


def _check_deployment(roster: Roster, deployment: str) -> None:
    if roster.deployment != deployment:
        raise RosterError(
            f"roster is of deployment {roster.deployment}, not {deployment}",
            "someone may be offering another site's roster",
        )


def _check_follows(roster: Roster, previous: Roster) -> None:
    _check_deployment(roster, previous.deployment)
    # Numbers may be left out: a roster made in haste after a theft passes over those that were
    # signed ahead of time, and they cannot come back.
    if roster.version <= previous.version:
        raise RosterError(f"roster {roster.version} does not come after {previous.version}")
    if roster.previous != previous.digest:
        raise RosterError(
            f"roster {roster.version} does not name roster {previous.version} as its previous one",
            "one of the two was signed behind the other's back: ask the root holders",
        )


def check_not_forbidden(roster: Roster) -> None:
    """Raise `RosterError` if a key of this roster is published with its secret half.

    `intake serve` calls this: the keys in the tests' vectors must never guard a testimony.
    """
    forbidden = _forbidden_hashes()
    for key in (*roster.recipients, *roster.keys):
        if hashlib.sha256(str(key).encode()).hexdigest() in forbidden:
            raise RosterError(
                "roster holds a key whose secret half is public",
                "it comes from this program's tests: make keys with `intake keys`",
            )


def _forbidden_hashes() -> frozenset[str]:
    text = files("intake").joinpath(_FORBIDDEN).read_text(encoding="ascii")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(line for line in lines if line)
