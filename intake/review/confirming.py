"""What reviewers confirm to have, so that a site may let go of it: hashes of sealed objects alone.

Each looks into their own case, on their own machine. Nothing is opened for it, and no word leaves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from intake.collection import MOST_ENVELOPES, Collection
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError, RosterError, StoreError
from intake.review.case import Case
from intake.review.keys import ReviewerSecret
from intake.review.log_kept import seen_by
from intake.review.standing import Standing, standing_of
from intake.roster import Roster
from intake.shelf import Shelf
from intake.tlog.checkpoint import Checkpoint
from intake.tlog.note import Note, Signer


@dataclass(frozen=True)
class Held:
    """What a case has of what is logged: `weeks` of objects that are whole, to the byte, by hash.

    Decoys of the last bundle are among them: they are kept nowhere, and were seen to be decoys.
    `waiting` counts items that are not yet logged, `damaged` are ids of those that are not whole.
    """

    weeks: Mapping[bytes, Epoch]
    waiting: int
    damaged: tuple[str, ...]

    @property
    def envelopes(self) -> frozenset[bytes]:
        """All of them."""
        return frozenset(self.weeks)

    @property
    def oldest(self) -> list[bytes]:
        """What one statement names: those of the oldest weeks, as many as it holds."""
        return self._by_age[:MOST_ENVELOPES]

    @property
    def left(self) -> list[bytes]:
        """What is too much for one statement, oldest first."""
        return self._by_age[MOST_ENVELOPES:]

    @property
    def _by_age(self) -> list[bytes]:
        return sorted(self.weeks, key=lambda envelope: (self.weeks[envelope], envelope))


def held_by(case: Case, since: Epoch | None = None) -> Held:
    """Look at everything that the case holds of `since` and later weeks."""
    standing = standing_of(case)
    found, damaged, waiting = _decoys(standing, since), list[str](), 0
    for item in case.items():
        try:
            entry = case.entry(item)
            opening = entry.opening
            whole = not entry.gone and _is_whole(case, item)
        except IntakeError:
            damaged.append(item)
            continue
        if since is not None and opening.epoch < since:
            continue
        if entry.withdrawn or opening.envelope in standing.withdrawn:
            continue  # the site destroyed it when its author asked
        if opening.envelope not in standing.logged:
            waiting += 1
        elif whole:
            found[opening.envelope] = opening.epoch
        else:
            damaged.append(item)
    return Held(found, waiting, tuple(damaged))


def _is_whole(case: Case, item: str) -> bool:
    """Whether what lies there is the very object that the opening names, opened or only kept."""
    entry = case.entry(item)
    if entry.readable:
        return not case.problem(item)
    return sha256(case.kept(item)).digest() == entry.opening.envelope


def _decoys(standing: Standing, since: Epoch | None) -> dict[bytes, Epoch]:
    there = standing.logged - standing.withdrawn
    return {
        envelope: epoch
        for epoch, envelope in standing.decoys
        if envelope in there and (since is None or epoch >= since)
    }


def confirm(case: Case, held: Held, signer: Signer) -> Note:
    """The statement over all of it, or the oldest that fits, with the first signature."""
    seen = _seen(case)
    if not held.weeks:
        raise StoreError(
            "the case holds nothing whole that is logged",
            "import what is collected after `intake epoch` and `cosign`",
        )
    deployment = case.roster.deployment
    return Collection.of(deployment, seen.size, seen.root, held.oldest).signed(signer)


def confirm_too(case: Case, held: Held, signer: Signer, data: bytes) -> Note:
    """Another's statement with a signature more, after each check.

    1. it is a statement of this deployment; 2. another reviewer signed it, and this one did not
    yet; 3. it is of the log that this case has seen, which goes at least as far; 4. this case holds
    each of its objects whole. Raises `MalformedError`, `ProofError` or `StoreError`.
    """
    note = Note.parse(data)
    # (1)
    collection = Collection.parse(note.text)
    if collection.deployment != case.roster.deployment:
        raise ProofError("the statement is of another deployment")
    # (2)
    if note.signed_by(signer.vkey):
        raise ProofError("you signed this statement already", "another reviewer must")
    if not signers_of(case, note):
        raise ProofError("no reviewer signed the statement", "get it from who made it")
    # (3)
    seen = _seen(case)
    if seen.size < collection.size:
        raise ProofError(
            "the statement is of a longer log than this case has seen",
            "import the newest bundle first",
        )
    if seen.size == collection.size and seen.root != collection.root:
        raise ProofError("the statement is of another log", "tell the auditor, and release nothing")
    # (4)
    missing = [one for one in collection.envelopes if one not in held.weeks]
    if missing:
        ids = ", ".join(envelope.hex()[:12] for envelope in missing[:5])
        raise StoreError(
            f"{len(missing)} objects of the statement are not whole in this case: {ids}",
            "import the newest bundle, which mends what is damaged, and try again",
        )
    return note.with_signature(signer.sign(note.text))


def signer_of(case: Case, secrets: Iterable[ReviewerSecret]) -> Signer:
    """The key with which one of these is a reviewer of the newest roster; `RosterError` for none."""
    known = {reviewer.signer for reviewer in newest_roster(case).reviewers}
    for secret in secrets:
        if secret.signer.vkey in known:
            return secret.signer
    raise RosterError(
        "no identity offered is of a reviewer of the newest roster",
        "the site takes the word of no others",
    )


def signers_of(case: Case, note: Note) -> list[str]:
    """The reviewers of the newest roster that signed it, sorted; `ProofError` for a false line."""
    return sorted(one.name for one in newest_roster(case).reviewers if note.signed_by(one.signer))


def newest_roster(case: Case) -> Roster:
    """The newest roster that an import verified."""
    shelf = Shelf.of(case.rosters(), case.roots, case.roster.deployment)
    return shelf.newest.roster


def _seen(case: Case) -> Checkpoint:
    seen = seen_by(case.folder)
    if seen is None:
        raise MalformedError(
            "this case has seen no log yet",
            "import what is collected after `intake epoch` and `cosign`",
        )
    return seen.checkpoint
