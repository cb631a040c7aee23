"""The readers of a backup, and of what a site remembers of backups."""

import datetime as dt
from pathlib import Path

from intake.epoch import Epoch
from intake.keeping.reading import Reading
from intake.keeping.records import MAGIC, Kind, Record, Sum, Taking, _written
from intake.keeping.retention import BackupFile, files_bytes, parse_files
from intake.keeping.rows import (
    Head,
    SiteFile,
    board_bytes,
    counters_bytes,
    opening_in,
    parse_board,
    parse_counters,
    parse_submission,
    submission_bytes,
)
from intake.keeping.state import Remembered, parse_day
from intake.opening import Opening
from intake.reply import ROW
from intake.store import Counters, Kept
from tests.fuzz import made
from tests.fuzz.parser import Parser, bytes_of, text_of
from tests.vectors.roster.fixed import DEPLOYMENT

DAY = dt.date(2026, 11, 30)
ROOT = bytes(range(32))
BASE = Head(DEPLOYMENT, "base", ROOT[:16], DAY, 0, 1, ROOT, 5, 16 << 20, last=False)
PART = Head(DEPLOYMENT, "part", ROOT[:16], DAY, 9, 12, ROOT, 5, 1 << 30, last=True)
FILE = SiteFile("log.key", ROOT)
KEPT = Kept(ROOT[:16], made.OPENING.to_bytes(), made.OPENING.envelope, None, None)
GONE = Kept(ROOT[:16], made.OPENING.to_bytes(), made.OPENING.envelope, 0, Epoch(2026, 48))
COUNTERS = Counters(2969, 70_309, 1, "2026-W47", "")
REMEMBERED = Remembered(DAY, "part", ROOT[:16], DAY, Epoch(2026, 47), 34)
WRITTEN = (
    BackupFile(Path("/var/lib/intake/backups/2026-11-30"), "base", ROOT[:16], DAY, ROOT),
    BackupFile(Path("/mnt/part.age"), "part", ROOT[:16], DAY, ROOT),
)
RECORDS = (
    Record(Kind.HEAD, BASE.to_bytes()),
    Record(Kind.FILE, FILE.to_bytes()),
    Record(Kind.ENTRIES, b"\0\x21B" + ROOT),
    Record(Kind.OPENINGS, b"\0\0"),
    Record(Kind.SUBMISSION, submission_bytes(GONE)),
    Record(Kind.BOARD, board_bytes("", bytes(ROW))),
    Record(Kind.COUNTERS, counters_bytes(COUNTERS)),
)
PLAIN = MAGIC + b"".join(map(_written, RECORDS))


class Nowhere:
    """A store that keeps nothing of what it is given."""

    def __getattr__(self, _: str):
        return lambda *_: None


def _taken(data: bytes) -> int:
    reading, seen = Reading(Nowhere()), []

    def take(record: Record, total: Sum) -> None:
        seen.append(record.kind)
        reading.take(record, total)

    Taking(take).write(data)
    return len(seen)


def _submission(data: bytes) -> Kept:
    return parse_submission(data, Opening.parse(opening_in(data)).envelope)


PARSERS: tuple[Parser, ...] = (
    Parser("plaintext of a backup", _taken, (PLAIN,)),
    Parser(
        "head of a backup",
        Head.parse,
        (BASE.to_bytes(), PART.to_bytes()),
        Head.to_bytes,
        covers=(Head.parse,),
    ),
    Parser(
        "file of a backup",
        SiteFile.parse,
        (FILE.to_bytes(), SiteFile("keys/archive/roster-7.note", b"").to_bytes()),
        SiteFile.to_bytes,
        covers=(SiteFile.parse,),
    ),
    Parser(
        "submission of a backup",
        _submission,
        (submission_bytes(KEPT), submission_bytes(GONE)),
        submission_bytes,
        covers=(parse_submission,),
    ),
    Parser(
        "board's row of a backup",
        parse_board,
        (board_bytes("", ROOT), board_bytes("2026-W47", ROOT)),
        lambda row: board_bytes(*row),
        covers=(parse_board,),
    ),
    Parser(
        "counters of a backup",
        parse_counters,
        (counters_bytes(COUNTERS),),
        counters_bytes,
        covers=(parse_counters,),
    ),
    Parser(
        "what a site remembers",
        Remembered.parse,
        (REMEMBERED.to_bytes(),),
        Remembered.to_bytes,
        covers=(Remembered.parse,),
    ),
    Parser(
        "backups that a site wrote",
        parse_files,
        (files_bytes(WRITTEN), files_bytes(())),
        files_bytes,
        covers=(parse_files, BackupFile.of),
    ),
    Parser(
        "day",
        lambda data: parse_day(text_of(data)),
        (b"2026-11-30",),
        bytes_of,
        covers=(parse_day,),
    ),
)
