"""What a case knows from the logs in its bundles: how far it saw, what is still to come, what is over.

The checkpoint and the policy are public files; which items are meant is in one sealed record.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self, cast

from intake import canonical
from intake.age import encrypt_bytes
from intake.bundle import Bundle
from intake.canonical import b64, unb64
from intake.completeness import Checked, Known, LogProofs
from intake.epoch import Epoch
from intake.errors import (
    ConsentError,
    IntakeError,
    MalformedError,
    ProofError,
    RosterError,
    StoreError,
)
from intake.event import Collected, Void, Withdrawn, parse_event
from intake.opening import Opening
from intake.review.case import Case
from intake.review.folder import write
from intake.review.log_kept import CHECKPOINT, keep_log, seen_by
from intake.review.log_policy import policy_for
from intake.review.record import pack
from intake.review.unseal import unseal_record
from intake.shelf import Shelf
from intake.tlog.policy import Policy

VERSION: Final = 1
_HASH: Final = 32  # bytes
_RECORD: Final = "standing.age"
_VOID: Final = Void.kind.join(("event ", "\n")).encode()


@dataclass(frozen=True)
class Awaited:
    """Something that the log promised and that was not in it yet.

    `envelope` is that of its object, empty for an event without one; `promise` is the note: if its
    week is closed without it, that is the evidence.
    """

    commit: bytes
    epoch: Epoch
    envelope: bytes
    promise: bytes

    def to_json(self) -> list[object]:
        return [b64(self.commit), str(self.epoch), b64(self.envelope), self.promise.decode()]


@dataclass(frozen=True)
class Standing:
    """What the last whole bundle said of items, and of every bundle what was logged or withdrawn.

    `withdrawn` and `logged` are envelopes, as those in `decoys`, with their weeks: these are of the
    last bundle, and no items. What is not in `logged` was seen in no log, whatever else is known.
    `told` are those of `withdrawn` that another copy of the case says of items which are here, without the
    secret of their author: nothing is done with them, and nothing of them is destroyed.
    """

    waiting: tuple[Awaited, ...] = ()
    withdrawn: frozenset[bytes] = frozenset()
    decoys: frozenset[tuple[Epoch, bytes]] = frozenset()
    logged: frozenset[bytes] = frozenset()
    told: frozenset[bytes] = frozenset()

    @property
    def proved(self) -> frozenset[bytes]:
        """What is withdrawn as far as this copy could check itself."""
        return self.withdrawn - self.told

    def judged(self, *, proved: Iterable[bytes], doubted: Iterable[bytes]) -> Self:
        """The same once a bundle told of withdrawals: those it proves, and those it does not."""
        told = self.told.difference(proved, doubted)
        return replace(self, withdrawn=self.withdrawn - self.told.intersection(doubted), told=told)

    def after(
        self, checked: Checked, *, logged: Iterable[bytes], withdrawn: Iterable[bytes]
    ) -> Self:
        """What is known once a bundle was found whole, in which these are logged and withdrawn."""
        items = (
            Awaited(i.opening.commit, i.opening.epoch, i.opening.envelope, i.promise)
            for i in checked.items
        )
        events = (
            # A submission that was withdrawn before its week was over has no object to wait with.
            Awaited(w.event.commit, w.event.epoch, b"", w.promise)
            for w in checked.events
        )
        fresh = {one.commit: one for one in (*items, *events)}
        kept = {one.commit: one for one in self.waiting if one.commit in checked.missing}
        return replace(
            self,
            waiting=tuple(sorted((kept | fresh).values(), key=lambda one: one.commit)),
            withdrawn=self.withdrawn.union(withdrawn),
            logged=self.logged.union(logged),
        )

    def to_json(self) -> dict[str, object]:
        """The value that is sealed into the case."""
        return {
            "v": VERSION,
            "waiting": [one.to_json() for one in self.waiting],
            "withdrawn": [b64(envelope) for envelope in sorted(self.withdrawn)],
            "decoys": [[str(epoch), b64(envelope)] for epoch, envelope in sorted(self.decoys)],
            "logged": [b64(envelope) for envelope in sorted(self.logged)],
            **({"told": [b64(envelope) for envelope in sorted(self.told)]} if self.told else {}),
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` gave; raises `MalformedError`."""
        try:
            row = cast("dict[str, list[str]]", value)
            rows = cast("list[tuple[str, str, str, str]]", row["waiting"])
            decoys = cast("list[tuple[str, str]]", row["decoys"])
            standing = cls(
                waiting=tuple(_awaited(*one) for one in rows),
                withdrawn=frozenset(unb64(text, _HASH) for text in row["withdrawn"]),
                decoys=frozenset((Epoch.parse(week), unb64(text, _HASH)) for week, text in decoys),
                logged=frozenset(unb64(text, _HASH) for text in row["logged"]),
                told=frozenset(unb64(text, _HASH) for text in row.get("told", [])),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise MalformedError("the case's record of the log has another shape") from None
        if canonical.encode(standing.to_json()) != canonical.encode(value):
            raise MalformedError("the case's record of the log has another shape")
        return standing


def _awaited(commit: str, epoch: str, envelope: str, promise: str) -> Awaited:
    return Awaited(
        unb64(commit, _HASH),
        Epoch.parse(epoch),
        unb64(envelope, _HASH) if envelope else b"",
        promise.encode(),
    )


def standing_of(case: Case) -> Standing:
    """What the case knows; nothing before its first import.

    Raises `StoreError` where an import came to something, and its record is not there or damaged:
    nobody could say then what was withdrawn, or never logged.
    """
    standing = kept_standing(case)
    if standing is None and _was_imported(case.folder):
        raise StoreError(
            "the case's record of the log is missing",
            "import the last bundle again: until then nothing is redacted, exported or confirmed",
            key="no_standing",
        )
    return standing or Standing()


def kept_standing(case: Case) -> Standing | None:
    """The record that lies there, None where there is none; `StoreError` for a damaged one."""
    try:
        sealed = (case.folder / _RECORD).read_bytes()
    except FileNotFoundError:
        return None
    try:
        return Standing.from_json(unseal_record(sealed, case.identities))
    except IntakeError as error:
        raise StoreError(
            f"the case's record of the log is damaged: {error.phrase}",
            f"take {_RECORD} out of the folder and import the last bundle again",
        ) from None


def is_lost(case: Case) -> bool:
    """Whether there were imports, and nothing says what they saw in the log."""
    return kept_standing(case) is None and _was_imported(case.folder)


def _was_imported(folder: Path) -> bool:
    # The record is written before any of these.
    return (folder / CHECKPOINT).exists() or any(
        next(folder.glob(name), None) is not None for name in ("items/*", "records/import-*")
    )


def keep_standing(case: Case, standing: Standing) -> None:
    """Keep it in place of what was known before."""
    sealed = encrypt_bytes(pack(standing.to_json()), case.roster.recipients)
    write(case.folder / _RECORD, sealed)


def keep_checked(case: Case, bundle: Bundle, checked: Checked) -> list[str]:
    """Remember a bundle that was found whole, before any of its items is opened.

    Gives the ids of items that it calls withdrawn without the secret of their author, or of which
    the case cannot say whose they are: these are not believed to be. A check of the bundle cannot
    tell where the item's opening was erased; the case still has it.
    """
    standing = kept_standing(case) or Standing()
    logged = {item.opening.envelope for item in bundle.contents.items if not item.promise}
    withdrawn, doubted = set[bytes](), set[bytes]()
    for event in _events_of(bundle):
        if isinstance(event, Opening):
            logged.add(event.envelope)
        elif isinstance(event, Withdrawn) and event.envelope not in standing.proved:
            if _is_believed(case, event):
                withdrawn.add(event.envelope)
            else:
                doubted.add(event.envelope)
    known = standing.after(checked, logged=logged, withdrawn=withdrawn)
    keep_standing(case, known.judged(proved=withdrawn, doubted=doubted))
    if checked.signed is not None:
        keep_log(case.folder, LogProofs.of(bundle, checked), checked.signed)
    return [case.id_of(envelope) for envelope in sorted(doubted)]


def _events_of(bundle: Bundle) -> Iterator[Opening | Void | Withdrawn | Collected]:
    """What the log's entries stand for, without voids; and what is promised, but submissions."""
    for data in bundle.openings():
        if data and not data.startswith(_VOID):
            yield parse_event(data)
    for waiting in bundle.contents.events:
        if not isinstance(waiting.event, Opening):
            yield waiting.event


def _is_believed(case: Case, withdrawal: Withdrawn) -> bool:
    """Whether the author of an item made it; of what the case does not have, there is no doubt."""
    try:
        entry = case.known(withdrawal.envelope)
    except IntakeError:
        return False
    return entry is None or withdrawal.is_of(entry.opening)


def known_by(case: Case, bundle: Bundle, given: Policy | None) -> Known:
    """What is believed of a bundle that comes into this case."""
    check_deployment_of(case, bundle)
    shelf = Shelf.of(
        (*case.rosters(), *bundle.contents.rosters), case.roots, case.roster.deployment
    )
    seen = seen_by(case.folder)
    return Known(
        policy=policy_for(shelf, case.folder, given),
        rosters=shelf.rosters,
        seen=None if seen is None else seen.checkpoint,
        awaited={one.commit: one.epoch for one in (kept_standing(case) or Standing()).waiting},
    )


def check_deployment_of(case: Case, bundle: Bundle) -> None:
    """Raise `RosterError` where a bundle is of another deployment than the case."""
    deployment = case.roster.deployment
    if bundle.contents.deployment != deployment:
        raise RosterError(
            f"the bundle is of deployment {bundle.contents.deployment}, and the case of {deployment}",
            "a case holds one deployment: name another folder",
        )


def check_not_withdrawn(case: Case, opening: Opening) -> None:
    """Raise `ConsentError` where the author of an item took it back."""
    if opening.envelope in standing_of(case).withdrawn:
        raise ConsentError(
            "its author withdrew this item",
            "nothing more may be done with it, or is left to do",
            key="withdrawn",
        )


def check_may_leave(case: Case, opening: Opening) -> None:
    """Raise where an item was withdrawn, or was not seen in a log that this case has seen."""
    check_not_withdrawn(case, opening)
    if opening.envelope not in standing_of(case).logged:
        raise ProofError(
            "this item is not yet logged: it can be read, and must not leave",
            "its week must be over: import what is collected after `intake epoch` and `cosign`",
            key="not_logged",
        )
