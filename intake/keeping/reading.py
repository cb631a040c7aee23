"""Opens a backup as a stream, and puts what it holds into a new store and a new site folder.

What is read counts for nothing before `read_backup` returned: whoever calls throws all of it away
where it raises.
"""

import secrets
from array import array
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final, cast

from intake.age import Identity, decrypt
from intake.errors import IntakeError, MalformedError
from intake.event import parse_event
from intake.keeping.records import Kind, Record, Sum, Taking
from intake.keeping.rows import (
    PART,
    End,
    Head,
    SiteFile,
    is_here,
    opening_in,
    parse_board,
    parse_counters,
    parse_submission,
    submission_bytes,
)
from intake.keeping.writing import FRAMES
from intake.opening import Opening
from intake.reply import ROW
from intake.store import PIECE, Filling, Kept
from intake.tlog.checkpoint import origin_of
from intake.tlog.note import Algorithm, Note, Signer

_KEY: Final = 32  # bytes of the log's key
_BLINDED: Final = b"B"


def read_backup(path: Path, identities: Sequence[Identity], taker: "Reading") -> Head:
    """Give every record of a backup to `taker`; raises unless it is whole and its log signed it."""
    sink = Taking(taker.take)
    try:
        with path.open("rb") as source:
            decrypt(source, cast("BinaryIO", sink), identities)
        sink.check_whole(taker.head.step)
    except IntakeError as error:
        raise type(error)(f"{path.name}: {error.phrase}", error.hint) from None
    return taker.head


def read_head(path: Path, identities: Sequence[Identity]) -> Head:
    """What a backup says of itself, before the rest of it is read and anything is known."""
    found: list[Head] = []

    class _EnoughError(Exception):
        pass

    def take(record: Record, _: Sum) -> None:
        found.append(Head.parse(record.content))
        raise _EnoughError

    try:
        with path.open("rb") as source, suppress(_EnoughError):
            decrypt(source, cast("BinaryIO", Taking(take)), identities)
    except IntakeError as error:
        raise type(error)(f"{path.name}: {error.phrase}", error.hint) from None
    if not found:
        raise MalformedError(f"{path.name}: this is no backup", "make one with `intake backup`")
    return found[0]


class Reading:
    """Takes the records of one backup into a store.

    `part` is what was read of the base's part, if there is one: then of the base only the log and
    those objects are taken that were still here when the part was made.
    """

    def __init__(self, filling: Filling, part: "Reading | None" = None) -> None:
        self._filling = filling
        self._part = part
        self._head: Head | None = None
        self.files: dict[str, bytes] = {}
        self.here: bytes | None = None
        self.objects = 0
        self._number = 0
        self._blinded = array("Q")
        self._opened = 0
        self._entries_ended = self._openings_ended = False
        self._kept: Kept | None = None
        self._upload = b""
        self._pieces = 0
        self._cut = False
        self._hash = sha256()
        self._before: dict[Kind, bytes] = {}
        self._seen: set[Kind] = set()
        self._takers: dict[Kind, Callable[[bytes], None]] = {
            Kind.HEAD: self._take_head,
            Kind.FILE: self._take_file,
            Kind.ENTRIES: self._take_entries,
            Kind.OPENINGS: self._take_openings,
            Kind.HERE: self._take_here,
            Kind.SUBMISSION: self._take_submission,
            Kind.PIECE: self._take_piece,
            Kind.EVENT: self._take_event,
            Kind.STATEMENT: self._take_statement,
            Kind.BOARD: self._take_board,
            Kind.COUNTERS: self._take_counters,
        }

    @property
    def head(self) -> Head:
        """What it says of itself."""
        if self._head is None:
            raise MalformedError("this is no backup", "make one with `intake backup`")
        return self._head

    @property
    def signer(self) -> Signer:
        """The log's key."""
        seed = self.files.get("log.key", b"")
        if len(seed) != _KEY:
            raise MalformedError("the backup has no key of its log")
        return Signer(origin_of(self.head.deployment), Algorithm.ED25519, seed)

    @property
    def still_here(self) -> int:
        """How many of the base's objects a part says are still here."""
        return int.from_bytes(self.here or b"").bit_count()

    def take(self, record: Record, total: Sum) -> None:
        """Take one record."""
        content = record.content
        self._seen.add(record.kind)
        if record.kind is not Kind.PIECE:
            self._end_object()
        if record.kind is Kind.END:
            self._take_end(content, total)
        else:
            self._takers[record.kind](content)

    def _take_head(self, content: bytes) -> None:
        self._head = Head.parse(content)
        self._number = self._head.begin

    def _take_file(self, content: bytes) -> None:
        file = SiteFile.parse(content)
        self._check_order(Kind.FILE, file.name.encode())
        self.files[file.name] = file.content

    def _take_entries(self, content: bytes) -> None:
        entries = self._framed(content, ended=self._entries_ended)
        self._entries_ended = len(entries) < FRAMES
        self._filling.add_entries(self._number, entries)
        for number, entry in enumerate(entries, self._number):
            if entry.startswith(_BLINDED):
                self._blinded.append(number)
        self._number += len(entries)

    def _take_openings(self, content: bytes) -> None:
        openings = self._framed(content, ended=self._openings_ended)
        self._openings_ended = len(openings) < FRAMES
        numbers = self._blinded[self._opened : self._opened + len(openings)]
        if len(numbers) != len(openings):
            raise MalformedError("the backup has more openings than entries")
        self._opened += len(openings)
        rows = [(number, opening) for number, opening in zip(numbers, openings, strict=True)]
        self._filling.add_openings([row for row in rows if row[1]])

    def _framed(self, content: bytes, *, ended: bool) -> list[bytes]:
        """The values of a record; each but the last of its kind holds `FRAMES` of them."""
        values, place = list[bytes](), 0
        while place < len(content):
            size = int.from_bytes(content[place : place + 2])
            values.append(content[place + 2 : place + 2 + size])
            place += 2 + size
        if ended or not 1 <= len(values) <= FRAMES or place != len(content):
            raise MalformedError("the backup's entries are cut otherwise than they are written")
        return values

    def _take_here(self, content: bytes) -> None:
        head = self.head
        length, spare = -(-head.begin // 8), -head.begin % 8
        if head.kind != PART or self.here is not None or len(content) != length:
            raise MalformedError("the backup's list of what is still here does not fit its base")
        if content and content[-1] & ((1 << spare) - 1):
            raise MalformedError("the backup's list of what is still here has one spelling")
        self.here = content

    def _take_submission(self, content: bytes) -> None:
        opening = Opening.parse(opening_in(content))
        kept = parse_submission(content, opening.envelope)
        if submission_bytes(kept) != content:
            raise MalformedError("a submission of the backup has one spelling")
        self._check_order(Kind.SUBMISSION, kept.envelope)
        head = self.head
        if kept.leaf is not None and kept.leaf >= head.size:
            raise MalformedError("a submission of the backup is of no entry")
        self._kept = kept
        self._upload, self._pieces = secrets.token_bytes(16), 0
        self._hash, self._cut = sha256(), False

    def _take_piece(self, content: bytes) -> None:
        if self._kept is None or self._cut or not 1 <= len(content) <= PIECE:
            raise MalformedError("a piece of the backup is of no object")
        self._cut = len(content) < PIECE
        self._hash.update(content)
        if self._is_wanted(self._kept):
            self._filling.add_piece(self._upload, self._pieces, content)
        self._pieces += 1

    def _end_object(self) -> None:
        """What ends an object is the next record that is no piece of it."""
        kept, self._kept = self._kept, None
        if kept is None:
            return
        name = f"object {kept.envelope.hex()[:12]} of the backup"
        if kept.withdrawn is not None:
            if self._pieces:
                raise MalformedError(f"{name} was withdrawn, and is there")
        elif self._hash.digest() != kept.envelope:
            raise MalformedError(f"{name} is another one than its opening names")
        if self._is_wanted(kept):
            self.objects += kept.withdrawn is None
            self._filling.add_submission(kept, self._upload)

    def _is_wanted(self, kept: Kept) -> bool:
        """Whether it was still here, and is not told of, and better, by the part."""
        part = self._part
        if part is None:
            return True
        if kept.leaf is None or kept.withdrawn is not None:
            return False
        return kept.leaf < part.head.begin and is_here(part.here or b"", kept.leaf)

    def _take_event(self, content: bytes) -> None:
        self._check_order(Kind.EVENT, content)
        parse_event(content)
        if self._part is None:  # else the part has all of them, and counts
            self._filling.add_event(content)

    def _take_statement(self, content: bytes) -> None:
        self._check_order(Kind.STATEMENT, content)
        Note.parse(content)
        if self._part is None:
            self._filling.add_statement(content)

    def _take_board(self, content: bytes) -> None:
        batch, row = parse_board(content)
        self._check_order(Kind.BOARD, sha256(row).digest())
        if len(row) != ROW:
            raise MalformedError("a row of the backup's board has another length")
        if self._part is None:
            self._filling.add_to_board(batch, row)

    def _take_counters(self, content: bytes) -> None:
        self._check_order(Kind.COUNTERS, content)
        counters = parse_counters(content)
        if self._part is None:
            self._filling.set_counters(counters)

    def _check_order(self, kind: Kind, key: bytes) -> None:
        before = self._before.get(kind)
        if before is not None and (key <= before or kind is Kind.COUNTERS):
            raise MalformedError("rows of the backup are twice there, or not in order")
        self._before[kind] = key

    def _take_end(self, content: bytes, total: Sum) -> None:
        head = self.head
        if self._number != head.size or self._opened != len(self._blinded):
            raise MalformedError("the backup has fewer entries or openings than it says")
        if not {Kind.COUNTERS, *([Kind.HERE] if head.kind == PART else [])} <= self._seen:
            raise MalformedError("the backup lacks a record that each has")
        End.of(head, total).check(content, self.signer.vkey)
