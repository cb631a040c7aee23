"""Writes one backup of a site, while it is in use, whole or not at all (docs/format.md 28).

A base holds everything. A part holds what a base lacks: what is not of the weeks that were closed
then, and which objects of those weeks are still here. So nothing need be remembered of what a
backup held, and the newest part is the only one that is needed.
"""

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, cast

from intake.age import HybridRecipient
from intake.age.whole import written_whole
from intake.bundle import framed
from intake.collection import SignedCollection
from intake.epoch import Epoch
from intake.errors import IntakeError, ProofError, StoreError
from intake.event import parse_event
from intake.keeping.left import BEGUN
from intake.keeping.records import Kind, Record, Sum, write_records
from intake.keeping.rows import (
    BASE,
    PART,
    End,
    Head,
    SiteFile,
    board_bytes,
    counters_bytes,
    here_bytes,
    submission_bytes,
)
from intake.keeping.state import ID_SIZE, Remembered, read_remembered, remember
from intake.log.folder import LogFolder
from intake.opening import Opening
from intake.roster import SignedRoster
from intake.store import Kept, Leaf, Moment, Store
from intake.store.tables import VERSION
from intake.tlog.checkpoint import Checkpoint
from intake.tlog.entries import Blinded
from intake.tlog.merkle import EMPTY, Edge, leaf_hashes
from intake.tlog.note import Signer

FRAMES: Final = 256  # entries or openings a record
_MOST_NAMED: Final = 20  # of what is damaged
_BLINDED: Final = b"B"
_FILES: Final = (
    *("keys/log.policy", "keys/notice.recipients", "keys/roots", "keys/roster.note"),
    *("log.key", "site.toml"),
)


@dataclass(frozen=True)
class Source:
    """A site as a backup is made from it, and to whom with which step of sizes."""

    folder: Path
    store: Store
    signer: Signer
    recipient: HybridRecipient
    step: int


@dataclass(frozen=True)
class Written:
    """What was written, and SHA-256 of the file."""

    head: Head
    submissions: int
    digest: bytes


def back_up(
    source: Source, path: Path, today: dt.date, *, base: bool = False, last: bool = False
) -> Written:
    """Write the next backup into the new file `path`, and remember it in the site's folder.

    It is a base where the site has none, or closed a week since, or `base` says so; else a part.
    `last` says in it that the site does not go on after it.

    Raises `StoreError`, and writes nothing, where the store holds what is damaged: it names each,
    and the backups of before are worth more than this one.
    """
    before = read_remembered(source.folder)
    # Read before the store is: the log's files never have more than the store then has.
    files, checkpoint = _files(source.folder), _staged(source.folder)
    with source.store.moment() as moment:
        if not moment.is_sound():
            raise StoreError(
                "the store is damaged: its database does not find itself whole",
                "nothing was written; keep the backup before this one, and restore it",
            )
        closed = moment.counters().closed
        if before is None or base or (str(before.closed) if before.closed else "") != closed:
            before = None
        head = _head(source, moment, before, checkpoint, (today, last))
        writing = _Writing(moment, head, files)
        with written_whole(path, replace=False, prefix=BEGUN) as file:
            sink = _Summed(file)
            write_records(
                cast("BinaryIO", sink),
                writing.records(),
                lambda total: _end(head, total, source.signer),
                source.step,
                source.recipient,
            )
    if before is None:
        since = Epoch.parse(closed) if closed else None
        found = Remembered(today, BASE, head.base, today, since, head.size)
    else:
        found = Remembered(today, PART, before.base, before.base_day, before.closed, before.entries)
    remember(source.folder, found)
    return Written(head, writing.submissions, sink.hash.digest())


class _Summed:
    """A sink that sums up what it hands on."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self.hash = sha256()

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self._sink.write(data)


def _end(head: Head, total: Sum, signer: Signer) -> bytes:
    return End.of(head, total).signed(signer)


def _files(folder: Path) -> tuple[SiteFile, ...]:
    """The site's own files, sorted; the anti-forgery key is not among them (SECURITY.md)."""
    names = [name for name in (*_FILES, "log/checkpoint") if (folder / name).exists()]
    archive = (folder / "keys" / "archive").glob("roster-*.note")
    names += [str(path.relative_to(folder)) for path in archive]
    return tuple(SiteFile(name, (folder / name).read_bytes()) for name in sorted(names))


def _staged(folder: Path) -> Checkpoint | None:
    staged = LogFolder(folder / "log").staged()
    return None if staged is None else staged.checkpoint


def _head(
    source: Source,
    moment: Moment,
    before: Remembered | None,
    staged: Checkpoint | None,
    told: tuple[dt.date, bool],
) -> Head:
    size = moment.size()
    edge = grown(EMPTY, moment.leaves(0, size), 0 if staged is None else staged.size)
    if staged is not None and (edge.size, edge.root) != (staged.size, staged.root):
        raise ProofError(
            "the store does not hold the entries that the log signed",
            "nothing was written; keep the backup before this one",
        )
    edge = grown(edge, moment.leaves(edge.size, size), size)
    return Head(
        deployment=source.store.deployment,
        kind=BASE if before is None else PART,
        base=secrets.token_bytes(ID_SIZE) if before is None else before.base,
        day=told[0],
        begin=0 if before is None else before.entries,
        size=size,
        root=edge.root,
        store=VERSION,
        step=source.step,
        last=told[1],
    )


def grown(edge: Edge, leaves: Iterator[Leaf], size: int) -> Edge:
    """The tree of `edge` with entries added until it has `size`, or as many as there are."""
    while edge.size < size:
        some = list(islice(leaves, min(4096, size - edge.size)))
        if not some:
            break
        edge = edge.extended(leaf_hashes([leaf.entry for leaf in some]))
    return edge


class _Writing:
    """The records of one backup, in their order; what is damaged is gathered on the way."""

    def __init__(self, moment: Moment, head: Head, files: Sequence[SiteFile]) -> None:
        self._moment = moment
        self._head = head
        self._files = files
        self._damaged: list[str] = []
        self.submissions = 0

    def records(self) -> Iterator[Record]:
        """All but the end; `StoreError` in its place where something is damaged."""
        yield Record(Kind.HEAD, self._head.to_bytes())
        for file in self._files:
            yield Record(Kind.FILE, file.to_bytes())
        yield from self._frames(Kind.ENTRIES, (leaf.entry for leaf in self._leaves()))
        yield from self._frames(Kind.OPENINGS, self._openings())
        if self._head.kind == PART:
            yield Record(Kind.HERE, here_bytes(self._moment.here(self._head.begin), self._head))
        yield from self._submissions()
        for event in self._moment.events():
            if not _is_event(event):
                self._damaged.append("an event that waits")
            yield Record(Kind.EVENT, event)
        for statement in self._moment.statements():
            if not self._is_statement(statement):
                self._damaged.append("a statement of reviewers")
            yield Record(Kind.STATEMENT, statement)
        for digest, batch, content in self._moment.board():
            if sha256(content).digest() != digest:
                self._damaged.append("a row of the board")
            yield Record(Kind.BOARD, board_bytes(batch, content))
        yield Record(Kind.COUNTERS, counters_bytes(self._moment.counters()))
        self._raise_of_damage()

    def _leaves(self) -> Iterator[Leaf]:
        return self._moment.leaves(self._head.begin, self._head.size)

    def _openings(self) -> Iterator[bytes]:
        for number, leaf in enumerate(self._leaves(), self._head.begin):
            if not leaf.entry.startswith(_BLINDED):
                continue
            opening = leaf.opening or b""
            if opening and not opens(leaf.entry, opening):
                self._damaged.append(f"the opening of entry {number}")
            yield opening

    def _frames(self, kind: Kind, values: Iterator[bytes]) -> Iterator[Record]:
        while some := list(islice(values, FRAMES)):
            yield Record(kind, b"".join(framed(some)))

    def _submissions(self) -> Iterator[Record]:
        for kept, pieces in self._moment.kept(self._head.begin):
            yield Record(Kind.SUBMISSION, submission_bytes(kept))
            digest, none = sha256(), True
            for piece in pieces:
                none = False
                digest.update(piece)
                yield Record(Kind.PIECE, piece)
            self.submissions += kept.withdrawn is None
            if not _is_whole(kept, None if none else digest.digest()):
                self._damaged.append(f"object {kept.envelope.hex()[:12]}")

    def _is_statement(self, data: bytes) -> bool:
        for file in self._files:
            if not file.name.endswith(".note"):
                continue
            try:
                SignedCollection.open(data, SignedRoster.parse(file.content).roster)
            except IntakeError:
                continue
            return True
        return False

    def _raise_of_damage(self) -> None:
        if not self._damaged:
            return
        named = ", ".join(self._damaged[:_MOST_NAMED])
        more = len(self._damaged) - _MOST_NAMED
        raise StoreError(
            f"the store is damaged: {named}{f' and {more} more' if more > 0 else ''}",
            "nothing was written; keep the backup before this one, and restore it",
        )


def _is_whole(kept: Kept, digest: bytes | None) -> bool:
    """Whether an object is the one that its row and its opening name, or rightly not there."""
    try:
        opening = Opening.parse(kept.opening)
    except IntakeError:
        return False
    if opening.envelope != kept.envelope:
        return False
    return digest == (None if kept.withdrawn is not None else kept.envelope)


def _is_event(data: bytes) -> bool:
    try:
        parse_event(data)
    except IntakeError:
        return False
    return True


def opens(entry: bytes, opening: bytes) -> bool:
    """Whether an opening is the one that a blinded entry commits to."""
    try:
        return Blinded(parse_event(opening).commit).to_bytes() == entry
    except IntakeError:
        return False
