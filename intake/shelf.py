"""The rosters of a deployment as far as they can be traced to the roots that a person trusts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.errors import IntakeError, RosterError
from intake.roster import SignedRoster, open_roster

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.roots import RootSet
    from intake.roster import Roster


@dataclass(frozen=True)
class Shelf:
    """Verified rosters by digest, and what was wrong with notes that are none."""

    signed: dict[str, SignedRoster]
    refused: tuple[IntakeError, ...]

    @classmethod
    def of(cls, notes: Iterable[bytes], trusted: RootSet, deployment: str | None = None) -> Shelf:
        """Verify every note, from the lowest version up; `deployment` None takes any one.

        1. the first is signed by the trusted roots, any other by those that the roster verified before
           it names: a change of roots is signed by the old and the new, and the old ones, which may
           have been stolen, sign none after it;
        2. all are of one deployment, and no two have one version: somebody would be shown another
           roster than everybody else.

        Of two with one version the one that comes first in `notes` stays. Expired rosters stay
        too, for what was sealed while they were in use.
        """
        parsed, refused = _parsed(notes)
        signed: dict[str, SignedRoster] = {}
        for note in parsed:
            try:
                # (1)
                open_roster(
                    note.to_bytes(),
                    trusted=trusted,
                    today=dt.datetime.now(dt.UTC).date(),
                    deployment=deployment,
                    allow_expired=True,
                )
                # (2)
                _check_beside(note, signed.values())
            except IntakeError as error:
                refused.append(error)
            else:
                signed[note.roster.digest] = note
                trusted = note.roster.roots
        return cls(signed, tuple(refused))

    @property
    def rosters(self) -> dict[str, Roster]:
        """The rosters by their digests."""
        return {digest: note.roster for digest, note in self.signed.items()}

    @property
    def newest(self) -> SignedRoster:
        """The one with the highest version; raises `RosterError` where there is none."""
        if not self.signed:
            raise RosterError(
                "no roster here is signed by the roots you trust",
                self.refused[0].phrase if self.refused else "",
            )
        return max(self.signed.values(), key=lambda note: note.roster.version)


def _parsed(notes: Iterable[bytes]) -> tuple[list[SignedRoster], list[IntakeError]]:
    parsed: list[SignedRoster] = []
    refused: list[IntakeError] = []
    for data in notes:
        try:
            parsed.append(SignedRoster.parse(data))
        except IntakeError as error:
            refused.append(error)
    return sorted(parsed, key=lambda note: note.roster.version), refused


def _check_beside(note: SignedRoster, others: Iterable[SignedRoster]) -> None:
    roster = note.roster
    for other in (other.roster for other in others):
        if other.deployment != roster.deployment:
            raise RosterError(f"roster {roster.version} is of another deployment")
        if other.version == roster.version and other.digest != roster.digest:
            raise RosterError(
                f"there are two rosters with version {roster.version}",
                "somebody is shown another roster than you: ask the root holders",
            )
