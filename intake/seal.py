"""Seals what somebody writes to a roster's reviewers, and checks from outside that something is so sealed.

The product's profile of age: post-quantum stanzas only, exactly one a reviewer (docs/format.md 1).
It never opens anything.
"""

import datetime as dt
import os
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO, Protocol

from intake import redaction
from intake.age import encrypt_bytes, read_header, sealed_length
from intake.age.mlkem768x25519 import STANZA_TYPE, sealed_part
from intake.author import Author, Holder
from intake.container import SIZES, Consent, Container, Form, Kind, Mode, Reply
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError
from intake.form import MINIMAL
from intake.opening import Letter, LetterHead, Opening
from intake.roster import Roster

MAX_AGE = {Mode.BROWSER: 1, Mode.SERVER: 1, Mode.TOOL: 6}  # epochs between sealing and taking


class Message(Protocol):
    """What somebody seals: a `Testimony`, what is added to one, or a `ConsentChange`."""

    @property
    def kind(self) -> Kind: ...
    @property
    def form(self) -> Form: ...
    @property
    def fields(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def consent(self) -> tuple[Consent, ...]: ...


def container_of(  # noqa: PLR0913 - what is sealed, and its circumstances
    message: Message,
    roster: Roster,
    *,
    mode: Mode,
    epoch: Epoch,
    author: Author,
    replies: bool = True,
    seed: bytes | None = None,
) -> Container:
    """The container of what somebody wrote, with a fresh redaction seed or a given one of 16 bytes.

    With `replies` it says where one can be left for whoever holds the author's code; without, it
    is of somebody who has none.
    """
    return Container(
        kind=message.kind,
        mode=mode,
        form=message.form,
        deployment=roster.deployment,
        roster=roster.digest,
        epoch=epoch,
        consent=message.consent,
        fields=message.fields,
        seed=os.urandom(redaction.SEED_SIZE) if seed is None else seed,
        withdraw=author.withdraw_commit,
        reply=reply_of(author.holder) if replies else None,
    )


def reply_of(holder: Holder) -> Reply:
    """Where reviewers leave a reply for the holder of a code."""
    return Reply(holder.mailbox, holder.reply_to)


def decoy_of(roster: Roster, *, epoch: Epoch, author: Author) -> Container:
    """A container that says nothing: the reviewers count it and pass it over.

    It takes the first size, as any text does, so that nobody else can tell the two apart.
    """
    return Container(
        kind=Kind.DECOY,
        mode=Mode.TOOL,
        form=Form(MINIMAL.id, MINIMAL.version, "en"),
        deployment=roster.deployment,
        roster=roster.digest,
        epoch=epoch,
        consent=(),
        fields=(),
        seed=os.urandom(redaction.SEED_SIZE),
        withdraw=author.withdraw_commit,
    )


def seal(message: Message, roster: Roster, *, mode: Mode, today: dt.date, author: Author) -> Letter:
    """Seal to every reviewer of `roster`, in its order; replies go to the author's code.

    Raises `RosterError` where the roster may not be sealed to today.
    """
    epoch = Epoch.of(today)
    container = container_of(message, roster, mode=mode, epoch=epoch, author=author)
    return seal_container(container, roster, today=today, author=author)


def seal_container(
    container: Container, roster: Roster, *, today: dt.date, author: Author
) -> Letter:
    """`seal` for a container of today, made for this author: a testimony's, or a decoy's."""
    roster.check_dates(today)
    sealed = encrypt_bytes(container.to_bytes(), roster.recipients)
    opening = Opening(
        epoch=container.epoch,
        redact=container.redact_root,
        salt=author.leaf_salt,
        envelope=sha256(sealed).digest(),
        roster=roster.digest,
        withdraw_commit=container.withdraw,
        salt2=os.urandom(32),
    )
    return Letter(LetterHead(author.status, opening), sealed)


def check_length(length: int, roster: Roster, largest: int = SIZES[0]) -> None:
    """Raise unless a container of at most `largest` bytes, sealed to `roster`, has this length."""
    reviewers = len(roster.recipients)
    if length not in [sealed_length(reviewers, size) for size in SIZES if size <= largest]:
        raise MalformedError(
            "the sealed object has no length that is taken here",
            "it may be cut short, sealed to other reviewers, or larger than this site allows",
        )


def check_header(start: bytes, roster: Roster) -> None:
    """Raise unless `start`, the first bytes of an object, is a header sealed to `roster`.

    Stanzas that are too many may hide a reader, too few cut a reviewer out, and of another kind
    would fall to a quantum computer.
    """
    stanzas = read_header(BytesIO(start)).stanzas
    if any(stanza.type != STANZA_TYPE for stanza in stanzas):
        raise MalformedError("the sealed object has a stanza that is not post-quantum")
    for stanza in stanzas:
        sealed_part(stanza)
    if len(stanzas) != len(roster.recipients):
        raise MalformedError(
            f"the sealed object has {len(stanzas)} stanzas and the roster"
            f" {len(roster.recipients)} reviewers"
        )


def check_sealed(source: BinaryIO, roster: Roster, largest: int = SIZES[-1]) -> None:
    """All that can be said of a whole object from outside: its length and its header."""
    data = source.read()
    check_length(len(data), roster, largest)
    check_header(data, roster)


def check_container(container: Container, opening: Opening) -> None:
    """Raise unless an opened container is the one that its opening speaks of.

    1. the redaction root; 2. the roster; 3. by whom it can be withdrawn; 4. the epoch: not after
    the opening's, and not longer before it than the mode allows. Whoever holds the roster compares
    the deployment with it.
    """
    # (1)
    if container.redact_root != opening.redact:
        raise MalformedError("the opening names another redaction root")
    # (2)
    if container.roster != opening.roster:
        raise RosterError("the container names another roster than its opening")
    # (3)
    if container.withdraw != opening.withdraw_commit:
        raise MalformedError(
            "the opening lets somebody else withdraw it than who sealed it",
            "the site exchanged it after it was sealed",
        )
    # (4)
    late = opening.epoch.number - container.epoch.number
    if not 0 <= late <= MAX_AGE[container.mode]:
        raise MalformedError("the container's epoch does not fit its opening's")
