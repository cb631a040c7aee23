"""Answers the holder of a code: checks that they want to be answered, and keeps what is sent.

It never learns whether anybody read it, and sends nothing: an outbox goes to the board by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from intake.container import Level, Reply
from intake.epoch import Epoch
from intake.errors import ConsentError, MalformedError, ProofError, StoreError
from intake.outbox import Outbox, SignedOutbox
from intake.reply import ReplyNote, row_of
from intake.review import gates
from intake.review.canaries import check_testimony
from intake.review.case import Case
from intake.review.confirming import newest_roster
from intake.review.consent import check_agreed
from intake.review.finding.rules.plain import found
from intake.review.folder import write
from intake.review.gathering import add_reply, next_number, thread_of
from intake.review.sent import Replied
from intake.review.standing import check_not_withdrawn, standing_of
from intake.testimony import lines
from intake.tlog.note import Signer

_TOLD = {
    "url": "a web address",
    "e-mail": "an e-mail address",
    "phone": "a telephone number",
    "handle": "a name in a messenger",
}


@dataclass(frozen=True)
class Written:
    """A reply that is in the case and in the outbox, which holds `rows` replies now."""

    item: str
    replied: Replied
    rows: int


def text_of(path: Path) -> str:
    """The text of a reply in a file, without the line ends behind it; raises `MalformedError`."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedError("the reply is not UTF-8 text", "save it as UTF-8") from None
    return lines(text).rstrip("\n")


def risks(*texts: str) -> list[str]:
    """What in these texts could lead whoever reads over somebody's shoulder further."""
    rules = {place.rule.name for text in texts for place in found(text)}
    return [told for name, told in _TOLD.items() if name in rules]


def check_may_be_answered(case: Case, item: str) -> Reply:
    """Return the address of an item, or raise.

    1. it is here, was opened, and was not withdrawn; 2. it is no canary; 3. it has an address;
    4. the newest word under its code on messages is a yes.
    """
    # (1)
    check_not_withdrawn(case, case.entry(item).opening)
    _, container = case.original(item)
    # (2)
    check_testimony(case, item)
    # (3)
    if container.reply is None:
        raise ConsentError(
            "this item has no address for a reply",
            "whoever sent it kept no code, and cannot look",
            key="no_address",
        )
    # (4)
    check_agreed(thread_of(case, item, standing_of(case)), Level.MESSAGE)
    return container.reply


def reply(  # noqa: PLR0913 - what a reply is made of
    case: Case, item: str, text: str, question: str, *, signer: Signer, out: Path
) -> Written:
    """Write a reply to the code of an item: into the case, then into the outbox at `out`.

    `signer` is a reviewer's of the newest roster. Raises before anything is written where it may
    not be sent; where the outbox cannot be written, the case has it, and its number is used.
    """
    address = check_may_be_answered(case, item)
    gates.check_may_ask(case, item)
    number = next_number(case, thread_of(case, item, standing_of(case)))
    deployment, week = case.roster.deployment, Epoch.now()
    note = ReplyNote.to_address(address, deployment, week, text, question)
    row = row_of(note.signed(signer), address, number)
    outbox = Outbox.of(deployment, week, (*_rows_in(case, out, signer), row))
    replied = Replied.of(note, number, signer.name)
    # The records come first: nothing may leave that the case does not know of.
    gates.message(case, item)
    add_reply(case, item, replied)
    write(out, outbox.signed(signer))
    return Written(item, replied, len(outbox.rows))


def _rows_in(case: Case, out: Path, signer: Signer) -> Iterator[bytes]:
    """What the outbox holds already; raises where there is something else."""
    if case.folder.resolve() in out.resolve().parents:
        raise StoreError("an outbox does not belong into the case folder", "name another place")
    try:
        data = out.read_bytes()
    except FileNotFoundError:
        return
    kept = SignedOutbox.open(data, newest_roster(case))
    if kept.by != signer.name:
        raise ProofError(
            f"{out} is the outbox of {kept.by}",
            "name a file of your own: each signs what they wrote",
        )
    yield from kept.outbox.rows
