"""The text of a roster (protocol 9.1): who may read what is sealed, and for how long.

A `Roster` follows the grammar and its own rules, but says nothing of who signed it: that is
`intake.roster.open_roster`, the only way to one that may be used.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from intake.deployment import check_deployment
from intake.errors import MalformedError, RosterError
from intake.reviewer import (
    Reason,
    Reviewer,
    Revocation,
    check_algorithm,
    check_digest,
    parse_date,
    parse_recipient,
    recipient_hash,
)
from intake.roots import RootSet, check_keys, parse_number
from intake.tlog.note import NOTE_LIMIT, Algorithm, VerifierKey

if TYPE_CHECKING:
    from intake.age import HybridRecipient

HEADER: Final = "testimony-intake/roster/v1"
REVIEWER_LIMIT: Final = 32  # as many stanzas as a sealed object may have (protocol 1.3)
GRACE_DAYS: Final = 14  # how long the server takes objects sealed to an expired roster (3.1)

_LOGS: Final = (Algorithm.ED25519,)  # tlog-tiles asks for it
_WITNESSES: Final = (Algorithm.COSIGNATURE_ED25519, Algorithm.COSIGNATURE_ML_DSA_44)
_CODE: Final = (Algorithm.ED25519, Algorithm.ML_DSA_44)


@dataclass(frozen=True)
class Roster:
    """A numbered, expiring list of reviewers, in the order of their stanzas.

    `previous` is the digest of the roster before it, absent exactly in version 1; `k` is how many
    reviewers must open together (`open`, only 1 for now).
    """

    deployment: str
    version: int
    previous: str | None
    issued: date
    expires: date
    k: int
    reviewers: tuple[Reviewer, ...]
    revoked: tuple[Revocation, ...]
    roots: RootSet
    log: VerifierKey | None = None
    quorum: int | None = None
    witnesses: tuple[VerifierKey, ...] = ()
    code: tuple[VerifierKey, ...] = ()

    def __post_init__(self) -> None:
        """Check what a roster promises about itself.

        (1) its numbers, names and dates fit each other
        (2) reviewers are 1 to 32, distinct by name and by recipient, none of them revoked
        (3) k is a number of them, and one this version can do
        (4) every other key has a type that fits its use, and no key has two uses
        (5) a log comes before its witnesses, and they are enough for the quorum
        """
        self._check_numbers()  # (1)
        self._check_reviewers()  # (2), (3)
        self._check_keys()  # (4), (5)

    def _check_numbers(self) -> None:
        check_deployment(self.deployment)
        if not 1 <= self.version <= 999_999_999 or (self.version == 1) != (self.previous is None):
            raise MalformedError("previous is left out in version 1, and only there")
        if self.previous is not None:
            check_digest(self.previous, "previous")
        if self.expires < self.issued:
            raise MalformedError("roster expires before it is issued")

    def _check_reviewers(self) -> None:
        # (2)
        names = {reviewer.name for reviewer in self.reviewers}
        hashes = {recipient_hash(recipient) for recipient in self.recipients}
        if not 1 <= len(self.reviewers) <= REVIEWER_LIMIT:
            raise MalformedError(f"roster does not have 1 to {REVIEWER_LIMIT} reviewers")
        if len(names) != len(self.reviewers):
            raise MalformedError("two reviewers have one name")
        if len(hashes) != len(self.reviewers):
            raise MalformedError("two reviewers have one recipient")
        if any(line.recipient in hashes for line in self.revoked):
            raise MalformedError("a reviewer's key is revoked in the same roster")
        # (3)
        if not 1 <= self.k <= len(self.reviewers):
            raise MalformedError(f"open {self.k} does not fit {len(self.reviewers)} reviewers")
        if self.k != 1:
            raise RosterError(
                f"open {self.k} is not supported by this version",
                "only `open 1`, where each reviewer opens alone, is",
            )

    def _check_keys(self) -> None:
        # (4)
        if self.log is not None:
            check_algorithm("log", _LOGS, self.log)
        check_algorithm("witness", _WITNESSES, *self.witnesses)
        check_algorithm("code", _CODE, *self.code)
        check_keys(self.keys)
        # (5)
        if (self.quorum is None) != (not self.witnesses) or (self.witnesses and self.log is None):
            raise MalformedError("a log, a quorum and witnesses belong together")
        if self.quorum is not None and not 1 <= self.quorum <= len(self.witnesses):
            raise MalformedError(f"quorum {self.quorum} does not fit the witnesses")

    @classmethod
    def parse(cls, text: bytes) -> Roster:
        """Read a roster's text, without signatures.

        Raises `MalformedError`, or `RosterError` for one that this version cannot use.
        """
        roster = _Reader(text).roster()
        # Lines out of order, a date or number in another spelling, anything left over.
        if roster.to_bytes() != text:
            raise MalformedError("roster is not in its one canonical form")
        return roster

    def to_bytes(self) -> bytes:
        """Write the text, which ends with LF; the exact inverse of `parse`."""
        lines = (
            HEADER,
            f"deployment {self.deployment}",
            f"version {self.version}",
            *([] if self.previous is None else [f"previous {self.previous}"]),
            f"issued {self.issued.isoformat()}",
            f"expires {self.expires.isoformat()}",
            f"open {self.k}",
            *(f"reviewer {reviewer.name} {reviewer.recipient}" for reviewer in self.reviewers),
            *(f"signer {reviewer.name} {reviewer.signer}" for reviewer in self.reviewers),
            *map(str, self.revoked),
            *self.roots.lines(),
            *([] if self.log is None else [f"log {self.log}"]),
            *([] if self.quorum is None else [f"quorum {self.quorum}"]),
            *(f"witness {key}" for key in self.witnesses),
            *(f"code {key}" for key in self.code),
        )
        return "".join(f"{line}\n" for line in lines).encode("ascii")

    @cached_property
    def digest(self) -> str:
        """Return "sha256:<hex>" of the text: how containers, leaves and the next roster name it."""
        return f"sha256:{hashlib.sha256(self.to_bytes()).hexdigest()}"

    @cached_property
    def recipients(self) -> tuple[HybridRecipient, ...]:
        """The reviewers' age recipients, in the order of the stanzas."""
        return tuple(reviewer.recipient for reviewer in self.reviewers)

    @cached_property
    def recipient_hashes(self) -> frozenset[str]:
        """The recipients as `revoked` lines name them; writing them anew costs milliseconds."""
        return frozenset(recipient_hash(recipient) for recipient in self.recipients)

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Every key that signs something: reviewers', roots', log, witnesses, code."""
        signers = tuple(reviewer.signer for reviewer in self.reviewers)
        log = () if self.log is None else (self.log,)
        return (*signers, *self.roots.keys, *log, *self.witnesses, *self.code)

    def check_dates(self, today: date, *, allow_expired: bool = False) -> None:
        """Raise `RosterError` before `issued` or after `expires`; both days are still good.

        A reader opens an old epoch with `allow_expired`; a sealer never does.
        """
        if today < self.issued:
            raise RosterError(
                f"roster is not to be used before {self.issued.isoformat()}",
                "is the date on this machine right?",
            )
        if today > self.expires and not allow_expired:
            raise RosterError(
                f"roster expired on {self.expires.isoformat()}",
                "get the roster that follows it, and check the date on this machine",
            )

    def accepts_sealing(self, today: date) -> bool:
        """Say whether something may be sealed to it: issued, not expired (protocol 3.1)."""
        return self.issued <= today <= self.expires

    def accepts_objects(self, today: date, current: Roster | None = None) -> bool:
        """Say whether the server takes an object sealed to it.

        Yes until 14 days after it expired, unless `current`, the roster now in use, revokes one
        of its recipients as compromised (protocol 3.1). A roster cannot revoke its own.
        """
        if today < self.issued or today - timedelta(days=GRACE_DAYS) > self.expires:
            return False
        hashes = self.recipient_hashes
        return current is None or not any(
            line.reason == "compromised" and line.recipient in hashes for line in current.revoked
        )


class _Line(NamedTuple):
    keyword: str
    rest: str

    def words(self, count: int) -> list[str]:
        words = self.rest.split(" ")
        if len(words) != count:
            raise MalformedError(f"roster's {self.keyword} line does not have {count} values")
        return words


class _Reader:
    """Takes a roster's lines one after the other, each with the keyword the grammar asks for."""

    def __init__(self, text: bytes) -> None:
        if len(text) > NOTE_LIMIT:
            raise MalformedError(f"roster is longer than {NOTE_LIMIT} bytes")
        try:
            lines = text.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise MalformedError("roster is not ASCII") from None
        if lines[0] != HEADER:
            raise MalformedError("not a roster", f"its first line is {HEADER!r}")
        if lines.pop() != "":
            raise MalformedError("roster does not end with a newline")
        self._lines = [_Line(*line.partition(" ")[::2]) for line in lines]
        self._next = 1

    def roster(self) -> Roster:
        roster = Roster(
            deployment=self._one("deployment"),
            version=parse_number(self._one("version"), "version"),
            previous=next(iter(self._all("previous", 1)), None),
            issued=parse_date(self._one("issued")),
            expires=parse_date(self._one("expires")),
            k=parse_number(self._one("open"), "open"),
            reviewers=self._reviewers(),
            revoked=tuple(_revocation(*line.words(4)) for line in self._take("revoked")),
            roots=RootSet(
                parse_number(self._one("root-threshold"), "root-threshold"), self._vkeys("root")
            ),
            log=next(iter(self._vkeys("log", 1)), None),
            quorum=next((parse_number(v, "quorum") for v in self._all("quorum", 1)), None),
            witnesses=self._vkeys("witness"),
            code=self._vkeys("code"),
        )
        if self._next != len(self._lines):
            # Never the line itself: an unknown one may be anything.
            raise MalformedError(f"roster's line {self._next + 1} is unknown or out of order")
        return roster

    def _take(self, keyword: str, limit: int | None = None) -> list[_Line]:
        rest = self._lines[self._next :][:limit]
        lines = list(itertools.takewhile(lambda line: line.keyword == keyword, rest))
        self._next += len(lines)
        return lines

    def _all(self, keyword: str, limit: int | None = None) -> list[str]:
        return [line.words(1)[0] for line in self._take(keyword, limit)]

    def _one(self, keyword: str) -> str:
        values = self._all(keyword, 1)
        if not values:
            raise MalformedError(f"roster's line {self._next + 1} is not its {keyword} line")
        return values[0]

    def _vkeys(self, keyword: str, limit: int | None = None) -> tuple[VerifierKey, ...]:
        return tuple(VerifierKey.parse(value) for value in self._all(keyword, limit))

    def _reviewers(self) -> tuple[Reviewer, ...]:
        reviewers = [line.words(2) for line in self._take("reviewer")]
        signers = [line.words(2) for line in self._take("signer")]
        if [name for name, _ in reviewers] != [name for name, _ in signers]:
            raise MalformedError("signer lines do not follow the reviewers one for one")
        if len(reviewers) > REVIEWER_LIMIT:  # before the cost of parsing them
            raise MalformedError(f"roster does not have 1 to {REVIEWER_LIMIT} reviewers")
        return tuple(
            Reviewer(name, parse_recipient(recipient), VerifierKey.parse(vkey))
            for (name, recipient), (_, vkey) in zip(reviewers, signers, strict=True)
        )


def _revocation(name: str, recipient: str, on: str, reason: str) -> Revocation:
    # `Revocation` refuses any other reason.
    return Revocation(name, recipient, parse_date(on), cast("Reason", reason))
