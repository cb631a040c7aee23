"""What the store lets go of: what its author takes back, and what reviewers have for sure.

The openings stay: without them nobody could show that the log hides nothing. What takes the
object's place is an event that waits for its epoch's end, as a submission does.
"""

import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from intake.author import WITHDRAW_SIZE, withdraw_commit_of
from intake.epoch import Epoch
from intake.errors import StoreError
from intake.event import Collected, Withdrawn, parse_event
from intake.opening import Opening, commit_in
from intake.store import in_log, tables, weeks
from intake.store.connecting import Ready

FEW = 100  # objects that are gone already, which a statement may name whatever else it names
_KEPT = tables.submission.c


def opened_by(connection: Connection, preimages: Sequence[bytes]) -> dict[bytes, bytes]:
    """The envelopes of all submissions that these secrets withdraw, each with its secret.

    Waits for nobody, and nobody for it. There can be tens of thousands of secrets and most open
    nothing: what waits is compared without being read, what is logged is found by its index.
    """
    of_commit = {withdraw_commit_of(one): one for one in preimages if len(one) == WITHDRAW_SIZE}
    waiting = _WAITING.run(connection).scalars()
    found = [opening for opening in waiting if commit_in(opening) in of_commit]
    found += in_log.committed(connection, sorted(of_commit))
    openings = map(Opening.parse, found)
    return {one.envelope: of_commit[one.withdraw_commit] for one in openings}


def withdraw(connection: Connection, opened: Mapping[bytes, bytes], today: Epoch) -> int:
    """What `Store.withdraw` does of what `opened_by` found, in a transaction that is alone.

    Meanwhile the week may have been closed. Of what was collected only the opening is here:
    reviewers, who have the object, are told by the event.
    """
    theirs: list[Opening] = []
    for envelope, preimage in opened.items():
        data = _OF_ENVELOPE.run(connection, envelope=envelope).scalar()
        data = in_log.logged(connection, envelope) if data is None else data
        opening = None if data is None else Opening.parse(data)
        if opening is not None and opening.withdraw_commit == withdraw_commit_of(preimage):
            theirs.append(opening)
    # Read once: the transaction is alone, and one preimage may have been sent with any number.
    gone = _withdrawn(connection, {opening.envelope for opening in theirs})
    for opening in theirs:
        if opening.envelope not in gone:
            epoch = max(weeks.first_open(connection, today), opening.epoch)
            _let_go_of_withdrawn(connection, opening, epoch)
            event = Withdrawn.fresh(epoch, opening.envelope, opened[opening.envelope])
            _queue(connection, event.to_bytes())
    return len(theirs)


def release(  # noqa: PLR0913 - what `Store.release` is given, and the transaction
    connection: Connection,
    envelopes: Sequence[bytes],
    statement: bytes,
    by: Sequence[str],
    today: Epoch,
    *,
    again: bool,
) -> int:
    """What `Store.release` does, in a transaction that is alone."""
    count = 0
    for envelope in envelopes:
        if in_log.logged(connection, envelope) is None:
            raise StoreError(
                "the statement names an object that is not in this site's log",
                "nothing was released; only what was logged when it was collected can be",
            )
        upload = _UPLOAD.run(connection, envelope=envelope).scalar()
        if upload is not None:
            _DELETE_PIECES.run(connection, upload=upload)
            _DELETE_ROW.run(connection, envelope=envelope)
            count += 1
    digest = sha256(statement).digest()
    if again and _STATEMENT.run(connection, digest=digest).scalar() is not None:
        raise StoreError("this statement was released before", "nothing was changed")
    if count and not again:
        _check_fresh(len(envelopes), count)
    if count or again:
        row = {"id": secrets.token_bytes(16), "digest": digest, "content": statement}
        connection.execute(insert(tables.statement).values(row))
        epoch = weeks.first_open(connection, today)
        _queue(connection, Collected.fresh(epoch, envelopes, by).to_bytes())
    return count


def _check_fresh(named: int, count: int) -> None:
    """Raise where a statement names much that is gone: every bundle carries it for ever.

    Else each would name all that the ones before it did, and they would grow as the square.
    """
    if named - count > max(count, FEW):
        raise StoreError(
            f"of {named} objects that the statement names, {named - count} are gone already",
            "nothing was released; have the newer ones confirmed alone: `intake review confirm"
            " --since WEEK`",
        )


def _let_go_of_withdrawn(connection: Connection, opening: Opening, epoch: Epoch) -> None:
    """Its row stays until the epoch's end: sent again until then, it is not taken as new."""
    upload = _UPLOAD.run(connection, envelope=opening.envelope).scalar()
    if upload is not None:
        _DELETE_PIECES.run(connection, upload=upload)
        _MARK.run(connection, envelope=opening.envelope, epoch=str(epoch))


def _withdrawn(connection: Connection, envelopes: set[bytes]) -> set[bytes]:
    """Those of the envelopes that a withdrawal, logged or waiting, names already."""
    rows = [*connection.execute(select(tables.event.c.content)).scalars()]
    for envelope in envelopes:
        rows += _NAMING.run(connection, envelope=envelope).scalars()
    events = map(parse_event, rows)
    return {event.envelope for event in events if isinstance(event, Withdrawn)}


def _queue(connection: Connection, opening: bytes) -> None:
    row = {"id": secrets.token_bytes(16), "content": opening}
    connection.execute(insert(tables.event).values(row))


_WAITING = Ready(select(_KEPT.opening).where(_KEPT.leaf.is_(None)))
_OF_ENVELOPE = Ready(select(_KEPT.opening).where(_KEPT.envelope == bindparam("envelope")))
_NAMING = Ready(
    select(tables.opening.c.content).where(tables.opening.c.envelope == bindparam("envelope"))
)
_STATEMENT = Ready(
    select(tables.statement.c.id).where(tables.statement.c.digest == bindparam("digest"))
)
_THIS = _KEPT.envelope == bindparam("envelope")
_UPLOAD = Ready(select(_KEPT.upload).where(_THIS, _KEPT.withdrawn.is_(None)))
_MARK = Ready(update(tables.submission).where(_THIS).values(withdrawn=bindparam("epoch")))
_DELETE_ROW = Ready(delete(tables.submission).where(_THIS))
_DELETE_PIECES = Ready(delete(tables.piece).where(tables.piece.c.upload == bindparam("upload")))
