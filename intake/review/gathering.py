"""Finds what in a case was sent under one code, and what was answered to it.

It opens the items of that code alone; of all others their sealed records say that they are not.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from intake.epoch import Epoch
from intake.errors import IntakeError
from intake.review.case import Case
from intake.review.record import Entry
from intake.review.sent import Replied
from intake.review.standing import Standing
from intake.review.thread import Sent, Thread

REPLY: Final = "reply"


def thread_of(case: Case, item: str, standing: Standing) -> Thread:
    """All that the case has of the code under which an item was sent, by the week in which it was taken.

    An item without an address for replies is alone: nothing can be of the same code. Raises
    `IntakeError` where the item itself cannot be read.
    """
    entry = case.entry(item)
    sent = [_sent(case, item, entry, standing)]
    gone, unread = list[tuple[str, Epoch]](), list[str]()
    if entry.thread is not None:
        for name, mate in _mates(case, entry.thread, besides=item):
            try:
                if mate is None:
                    unread.append(name)
                elif mate.gone or mate.opening.envelope in standing.withdrawn:
                    gone.append((name, mate.opening.epoch))
                else:
                    sent.append(_sent(case, name, mate, standing))
            except IntakeError:
                unread.append(name)
    sent.sort(key=lambda one: (one.taken, one.item))
    return Thread(tuple(sent), tuple(gone), tuple(unread))


def _sent(case: Case, item: str, entry: Entry, standing: Standing) -> Sent:
    _, container = case.original(item)
    logged = entry.opening.envelope in standing.logged
    return Sent(item, container, entry.opening.epoch, logged)


def _mates(case: Case, mark: bytes, besides: str) -> Iterator[tuple[str, Entry | None]]:
    """Every other item of a code; None for one whose record cannot be read: it may be of it."""
    for item in case.items():
        if item == besides:
            continue
        try:
            entry = case.entry(item)
        except IntakeError:
            yield item, None
            continue
        if entry.thread == mark:
            yield item, entry


def replies_to(case: Case, items: Iterable[str]) -> list[tuple[str, Replied]]:
    """Every reply that was written to one of these items, by its number under the code."""
    found = [
        (item, Replied.from_json(recorded.value))
        for item in items
        for recorded in case.journal(item).all(REPLY)
    ]
    return sorted(found, key=lambda pair: (pair[1].number, pair[0]))


def next_number(case: Case, thread: Thread) -> int:
    """The first number of a reply that nothing in this case has used under a code."""
    used = [reply.number + 1 for _, reply in replies_to(case, (one.item for one in thread.sent))]
    return max((*used, *(case.entry(item).used for item, _ in thread.gone)), default=0)


def add_reply(case: Case, item: str, replied: Replied) -> None:
    """Keep the record of a reply to an item; earlier ones stay."""
    case.journal(item).add(REPLY, replied.to_json())
