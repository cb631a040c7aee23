"""What `show` says beside an item: what else is of the same code, consent over time, replies.

Like all that reaches a terminal here, texts stand behind a margin, and nothing in them acts.
"""

from collections.abc import Iterable, Iterator, Sequence

from intake.container import Level, Mode
from intake.errors import IntakeError
from intake.review.consent import check_agreed
from intake.review.sent import Replied
from intake.review.showing import wrapped
from intake.review.thread import Said, Thread
from intake.visible import line

Replies = Sequence[tuple[str, Replied]]


def thread_lines(item: str, thread: Thread, replies: Replies) -> Iterator[str]:
    """All of it for one item; nothing is merged, each line names the item that it is from."""
    others = [one for one in thread.sent if one.item != item]
    for sent in others:
        yield f"same code: {sent.item}, {sent.container.kind}, taken in {sent.taken}"
    for name, week in thread.gone:
        yield f"same code: {name}, withdrawn by its author, taken in {week}"
    for name in thread.unread:
        yield f"it cannot be said whether {name} is of the same code: it cannot be read here"
    yield from _history(thread, {reply.digest: reply for _, reply in replies})
    yield from _replies(replies)


def _history(thread: Thread, asked: dict[str, Replied]) -> Iterator[str]:
    """Who without script makes a page saw the code behind it, and could answer in its holder's name.

    So the mode stands beside each row, and where any item came that way it is said.
    """
    said = thread.said
    if said:
        yield ""
        yield "consent over time, oldest first:"
    for row in said:
        yield f"  {_row(row)}"
        if row.level is Level.GOVERNMENT:
            yield from _question(row, asked)
    for level in Level if said else ():
        if level is not Level.GOVERNMENT:
            yield f"now {level}: {_now(thread, level)}"
    if any(sent.container.mode is Mode.SERVER for sent in thread.sent) and len(thread.sent) > 1:
        yield (
            "sealed by server: the site saw this code once, and could have sent changes in its"
            " holder's name; what it says of itself is no proof either way"
        )


def _row(said: Said) -> str:
    answer = "yes" if said.agreed else "no"
    log = "" if said.logged else ", not yet logged"
    row = said.row
    return (
        f"{said.week}  {said.level}: {answer} ({line(row.wording)}, {line(row.lang)}),"
        f" {said.kind} {said.item} sealed by {said.mode}{log}"
    )


def _question(said: Said, asked: dict[str, Replied]) -> Iterator[str]:
    reply = asked.get(said.question)
    if reply is None or not reply.question:
        yield "    answers no question that was asked from this case: it counts for nothing"
        return
    yield f"    answers what {reply.by} asked in reply {reply.number}, {reply.week}:"
    yield from (f"    | {row}" for _, row in wrapped(reply.question))
    yield "    it allows nothing by itself: see `intake review consent`"


def _now(thread: Thread, level: Level) -> str:
    try:
        check_agreed(thread, level)
    except IntakeError as error:
        return f"no, {error.phrase}"
    return "yes"


def _replies(replies: Iterable[tuple[str, Replied]]) -> Iterator[str]:
    for item, reply in replies:
        yield ""
        yield f"reply {reply.number} by {line(reply.by)} in {reply.week}, to {item}:"
        yield from (f"  | {row}" for _, row in wrapped(reply.text))
        if reply.question:
            yield "  it asks:"
            yield from (f"  | {row}" for _, row in wrapped(reply.question))
