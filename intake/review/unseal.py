"""The only place where testimony is decrypted, and never before it was checked from outside.

What it returns lives in memory; nothing here writes.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Self

from intake.age import HybridIdentity, decrypt_bytes
from intake.container import SIZES, Container, NewerVersionError
from intake.epoch import Epoch
from intake.errors import IntakeError, MalformedError, ProofError, RosterError, WrongKeyError
from intake.opening import Opening
from intake.review.record import Verdict, unpack
from intake.roster import Roster
from intake.roster_text import GRACE_DAYS
from intake.seal import MAX_AGE, check_container, check_header, check_length

Identities = Sequence[HybridIdentity]


class RefusedError(IntakeError):
    """An object that is kept and not read: what the import says of it, and why."""

    def __init__(self, verdict: Verdict, cause: IntakeError) -> None:
        super().__init__(cause.phrase, cause.hint)
        self.verdict = verdict

    def __reduce__(self) -> tuple[type[Self], tuple[Verdict, IntakeError]]:
        """How it comes from another process: whole."""
        return type(self), (self.verdict, IntakeError(self.phrase, self.hint))


def unseal_object(
    sealed: bytes, opening: Opening, roster: Roster, identities: Identities
) -> Container:
    """Open a sealed object that arrived, after every check that needs no key.

    `roster` is the verified one that the opening names. Raises `RefusedError`.

    1. it is the object that its opening names;
    2. the roster was in use when the server took it;
    3. from outside it is sealed to exactly this roster: length, stanza count and kind;
    4. an identity opens it, to its last chunk, and it is a container;
    5. the container is the one that its opening speaks of, in the roster's deployment;
    6. the roster could be sealed to in the epoch in which it was sealed.
    """
    # (1)
    with _stage(Verdict.REFUSED):
        check_envelope(sealed, opening)
    # (2)
    with _stage(Verdict.FOREIGN):
        _check_taken(roster, opening.epoch)
    # (3)
    with _stage(Verdict.FOREIGN):
        # The header before the length: it can say that there is one reader too many.
        check_header(sealed, roster)
        check_length(len(sealed), roster, SIZES[-1])
    # (4)
    with _stage(Verdict.UNREADABLE):
        container = Container.parse(_decrypted(sealed, roster, identities))
    # (5)
    with _stage(Verdict.REFUSED):
        check_container(container, opening)
        _check_deployment(container, roster)
    # (6)
    with _stage(Verdict.FOREIGN):
        _check_sealed_in(roster, container)
    return container


def unseal_original(sealed: bytes, opening: Opening, identities: Identities) -> Container:
    """Open again what an import found whole; raises if it changed since."""
    check_envelope(sealed, opening)
    container = Container.parse(decrypt_bytes(sealed, identities))
    check_container(container, opening)
    return container


def unseal_record(sealed: bytes, identities: Identities) -> object:
    """The value of a record of the case."""
    return unpack(decrypt_bytes(sealed, identities))


def unseal_despite(arrived: bytes, identities: Identities) -> Container:
    """The container in an object that was refused; nothing but its own form is checked.

    Who may have read it, and whether it is what was sealed, nobody knows: it is for the eyes of
    whoever looks into the alarm, and never to be redacted or to leave.
    """
    return Container.parse(decrypt_bytes(arrived, identities))


def check_envelope(sealed: bytes, opening: Opening) -> None:
    """Raise `ProofError` unless this is the object that the opening names."""
    if sha256(sealed).digest() != opening.envelope:
        raise ProofError(
            "the object is not the one that its opening names",
            "it was damaged or exchanged after the server took it",
        )


@contextmanager
def _stage(verdict: Verdict) -> Generator[None, None, None]:
    try:
        yield
    except NewerVersionError as error:
        raise RefusedError(Verdict.NEWER, error) from None
    except IntakeError as error:
        raise RefusedError(verdict, error) from None


def _decrypted(sealed: bytes, roster: Roster, identities: Identities) -> bytes:
    try:
        return decrypt_bytes(sealed, identities)
    except WrongKeyError:
        if not any(identity.recipient in roster.recipients for identity in identities):
            raise WrongKeyError(
                f"no identity offered is in roster {roster.version}, to which it is sealed",
                "offer the identity of that time too: --identity may be given twice",
            ) from None
        raise WrongKeyError(
            f"sealed to {len(roster.recipients)} keys, and yours is not among them",
            "somebody may have cut you out: ask the other reviewers to open it",
        ) from None


def _check_deployment(container: Container, roster: Roster) -> None:
    if container.deployment != roster.deployment:
        raise MalformedError("the container was sealed for another deployment")


def _check_taken(roster: Roster, epoch: Epoch) -> None:
    """The server takes objects for 14 days after a roster expired, and never before its issue."""
    last = epoch.monday + timedelta(days=6)
    if last < roster.issued or epoch.monday > roster.expires + timedelta(days=GRACE_DAYS):
        raise RosterError(f"roster {roster.version} was not in use in {epoch}")


def _check_sealed_in(roster: Roster, container: Container) -> None:
    """A sealer never seals to an expired roster; an epoch is known to the week only.

    Before its issue it may, as far as the mode lets an epoch be late: a page names the week in
    which it was opened, and may fetch the roster in a later one.
    """
    epoch = container.epoch
    early = Epoch.of(roster.issued).number - epoch.number
    if early > MAX_AGE[container.mode] or epoch.monday > roster.expires:
        raise RosterError(f"roster {roster.version} could not be sealed to in {epoch}")
