"""Puts a roster together from the lines that reviewers and root holders hand in.

It makes text only: nothing here signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from intake.errors import MalformedError, RosterError
from intake.reviewer import Reason, Reviewer, Revocation, parse_recipient, recipient_hash
from intake.roots import RootSet
from intake.roster_text import Roster
from intake.tlog.note import VerifierKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

DEFAULT_THRESHOLD: Final = 2  # root holders who must sign, of three
LINES_LIMIT: Final = 10_000  # bytes of one person's public lines; they take about 2,100
_REASONS: Final[dict[str, Reason]] = {"retired": "retired", "compromised": "compromised"}


@dataclass(frozen=True)
class Draft:
    """What the root holders decide. `previous` gives what is left out: roots, log, witnesses."""

    deployment: str | None
    issued: date
    expires: date
    reviewers: tuple[Reviewer, ...]
    root_keys: tuple[VerifierKey, ...] = ()
    root_threshold: int | None = None
    version: int | None = None
    previous: Roster | None = None
    revoke: tuple[tuple[str, Reason], ...] = ()

    def roster(self) -> Roster:
        """Return the roster; raises `MalformedError` or `RosterError` where it would be none.

        (1) deployment and number go on from the previous roster
        (2) a revoked name stood in the previous roster; older revocations stay
        (3) the roots are those given, or the previous ones
        """
        # (1)
        deployment, version, previous = self._place()
        last = self.previous
        return Roster(
            deployment=deployment,
            version=version,
            previous=previous,
            issued=self.issued,
            expires=self.expires,
            k=1,
            reviewers=self.reviewers,
            # (2)
            revoked=(
                *(() if last is None else last.revoked),
                *(self._revocation(name, reason) for name, reason in self.revoke),
            ),
            # (3)
            roots=self._roots(),
            log=None if last is None else last.log,
            quorum=None if last is None else last.quorum,
            witnesses=() if last is None else last.witnesses,
            code=() if last is None else last.code,
        )

    def _place(self) -> tuple[str, int, str | None]:
        last = self.previous
        if last is None:
            if self.deployment is None:
                raise MalformedError("a first roster needs a deployment", "give --deployment")
            return self.deployment, self.version or 1, None
        if self.deployment not in (None, last.deployment):
            raise RosterError(f"previous roster is of deployment {last.deployment}")
        version = self.version or last.version + 1
        if version <= last.version:
            raise RosterError(f"roster {version} does not come after {last.version}")
        return last.deployment, version, last.digest

    def _revocation(self, name: str, reason: Reason) -> Revocation:
        for reviewer in () if self.previous is None else self.previous.reviewers:
            if reviewer.name == name:
                return Revocation(name, recipient_hash(reviewer.recipient), self.issued, reason)
        raise RosterError(
            f"no reviewer {name!r} in the previous roster", "give the roster it stood in"
        )

    def _roots(self) -> RootSet:
        last = None if self.previous is None else self.previous.roots
        if last is not None:
            return RootSet(self.root_threshold or last.threshold, self.root_keys or last.keys)
        if not self.root_keys:
            raise MalformedError("a first roster needs root holders", "give --root FILE for each")
        return RootSet(self.root_threshold or DEFAULT_THRESHOLD, self.root_keys)


def reviewer_lines(reviewer: Reviewer) -> bytes:
    """Return the two lines that a reviewer hands to the root holders (`NAME.reviewer`)."""
    name = reviewer.name
    return f"reviewer {name} {reviewer.recipient}\nsigner {name} {reviewer.signer}\n".encode()


def root_lines(vkeys: Sequence[VerifierKey]) -> bytes:
    """Return the lines that a root holder hands in (`NAME.root`)."""
    return "".join(f"root {vkey}\n" for vkey in vkeys).encode()


def parse_reviewer_lines(data: bytes) -> Reviewer:
    """Read a `NAME.reviewer` file; raises `MalformedError`."""
    lines = [line.split(" ") for line in _lines(data)]
    if [line[:1] for line in lines] != [["reviewer"], ["signer"]] or {3} != set(map(len, lines)):
        raise MalformedError("not a reviewer's lines", "a reviewer hands in the .reviewer file")
    (_, name, recipient), (_, _, signer) = lines
    reviewer = Reviewer(name, parse_recipient(recipient), VerifierKey.parse(signer))
    if reviewer_lines(reviewer) != data:
        raise MalformedError("a reviewer's two lines do not belong together")
    return reviewer


def parse_root_lines(data: bytes) -> tuple[VerifierKey, ...]:
    """Read a `NAME.root` file: one holder's two keys; raises `MalformedError`."""
    lines = _lines(data)
    if not lines or not all(line.startswith("root ") for line in lines):
        raise MalformedError("not a root holder's lines", "a holder hands in the .root file")
    vkeys = tuple(VerifierKey.parse(line.removeprefix("root ")) for line in lines)
    RootSet(1, vkeys)
    if root_lines(vkeys) != data or len(vkeys) != 2:
        raise MalformedError("not one root holder's two lines")
    return vkeys


def parse_revoke(text: str) -> tuple[str, Reason]:
    """Read `NAME:retired` or `NAME:compromised`."""
    name, _, word = text.partition(":")
    reason = _REASONS.get(word)
    if reason is None:
        raise MalformedError("a key is revoked as NAME:retired or NAME:compromised")
    return name, reason


def _lines(data: bytes) -> list[str]:
    if len(data) > LINES_LIMIT:
        raise MalformedError(f"public lines are longer than {LINES_LIMIT} bytes")
    try:
        return data.decode("ascii").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise MalformedError("public lines are not ASCII") from None
