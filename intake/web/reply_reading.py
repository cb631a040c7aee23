"""Opens replies for whoever came back without script: the one place where a server opens anything.

It opens what was sealed to a code that somebody typed a moment ago, in memory, and never a
testimony: no code, and nothing else on a server, opens one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from intake.author import Holder
from intake.reply import SignedReply, replies_on
from intake.roster import Roster


@dataclass(frozen=True)
class Message:
    """A reply as a page shows it; `digest` names the question in it, if there is one."""

    week: str
    text: str = field(repr=False)
    question: str = field(repr=False)
    digest: str = field(repr=False)


def messages_on(board: Iterable[bytes], holder: Holder, roster: Roster) -> tuple[Message, ...]:
    """The replies of a board to the holder of a code; every row is looked at, whoever it is."""
    return tuple(_message(reply) for reply in replies_on(board, holder, roster))


def _message(reply: SignedReply) -> Message:
    note = reply.note
    return Message(str(note.epoch), note.text, note.question, note.digest)
