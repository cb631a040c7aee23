"""Who stands in a roster: reviewers, and the keys no longer in use (protocol 9.1).

Only public halves; the secret ones are in `intake.review.keys`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from intake.age import HybridRecipient
from intake.errors import MalformedError
from intake.tlog.note import Algorithm, VerifierKey

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_RECIPIENT: Final = re.compile(r"age1pq1[02-9ac-hj-np-z]{1952}")  # protocol 1.3
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Reason = Literal["retired", "compromised"]


@dataclass(frozen=True)
class Reviewer:
    """One who opens testimony: a name, an age recipient and the Ed25519 key that signs replies."""

    name: str
    recipient: HybridRecipient
    signer: VerifierKey

    def __post_init__(self) -> None:
        check_name(self.name)
        check_algorithm("signer", (Algorithm.ED25519,), self.signer)
        if self.signer.name != self.name:
            raise MalformedError(f"signer of {self.name!r} bears the name {self.signer.name!r}")


@dataclass(frozen=True)
class Revocation:
    """A recipient no longer in use: `recipient` is "sha256:<hex>" of its string."""

    name: str
    recipient: str
    on: date
    reason: Reason

    def __post_init__(self) -> None:
        check_name(self.name)
        check_digest(self.recipient, "revoked recipient")
        if self.reason not in ("retired", "compromised"):
            raise MalformedError("a key is revoked as retired or as compromised")

    def __str__(self) -> str:
        """Write the line."""
        return f"revoked {self.name} {self.recipient} {self.on.isoformat()} {self.reason}"


def parse_recipient(text: str) -> HybridRecipient:
    """Read a reviewer's recipient: post-quantum hybrid only, ML-KEM modulus checked (1.3, 1.5)."""
    if not _RECIPIENT.fullmatch(text):
        raise MalformedError(
            "reviewer's recipient is not a post-quantum age recipient",
            "it begins with age1pq1 and has 1959 characters: see `intake keys new-reviewer`",
        )
    return HybridRecipient.parse(text)


def recipient_hash(recipient: HybridRecipient) -> str:
    """Return "sha256:<hex>" of a recipient's string, as revoked lines name it."""
    return f"sha256:{hashlib.sha256(str(recipient).encode('ascii')).hexdigest()}"


def parse_date(text: str) -> date:
    """Read YYYY-MM-DD and nothing else; `date.fromisoformat` alone takes week dates too."""
    try:
        return date.fromisoformat(_match(_DATE, text, "date"))
    except ValueError:
        raise MalformedError("date is not in the calendar") from None


def check_name(text: str) -> None:
    """Raise `MalformedError` unless `text` is a reviewer's name: [a-z0-9][a-z0-9-]{0,31}."""
    _match(_NAME, text, "reviewer's name")


def check_digest(text: str, what: str) -> None:
    """Raise `MalformedError` unless `text` is "sha256:" and 64 hex digits."""
    _match(_DIGEST, text, what)


def check_algorithm(use: str, allowed: tuple[Algorithm, ...], *keys: VerifierKey) -> None:
    """Raise `MalformedError` for a key whose signature type does not fit its use."""
    for key in keys:
        if key.algorithm not in allowed:
            raise MalformedError(f"{use} key {key.name!r} has a signature type that does not fit")


def _match(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise MalformedError(f"{what} is not in its form")
    return text
