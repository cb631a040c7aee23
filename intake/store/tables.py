"""The store's tables. Keys are random, so that no row tells when it came."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table

VERSION = 6
# In SQLite any integer has 64 bits, and only one that is called so is the rowid itself.
BIG = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
    sqlite_with_rowid=False,
)

# Alembic's: the last step that was taken, with the number of the version in `meta`.
revision = Table("revision", metadata, Column("version_num", String(32), primary_key=True))

# A submission is this row. Its pieces lie under `upload`; until this row is there, they are an
# upload that has not ended. Its leaf is the number of its entry in the log, once its epoch closed.
# One that was withdrawn has no pieces, and stays until the week of that, as `2026-W47`, is closed.
submission = Table(
    "submission",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("status", LargeBinary(16), nullable=False, unique=True),
    Column("envelope", LargeBinary(32), nullable=False, unique=True),
    Column("opening", LargeBinary, nullable=False),
    Column("upload", LargeBinary(16), nullable=False, unique=True),
    Column("leaf", Integer),
    Column("withdrawn", String),
    sqlite_with_rowid=False,
)

# The random number is SQLite's rowid itself: large rows in a table without rowid are slow.
piece = Table(
    "piece",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("upload", LargeBinary(16), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

# One row, written over and over: how many bytes came in the newest epoch, by its number, and the
# highest step of the budget that the operator was told of. Earlier epochs are forgotten.
week = Table(
    "week",
    metadata,
    Column("epoch", Integer, primary_key=True, autoincrement=False),
    Column("bytes", BIG, nullable=False),
    Column("told", Integer, nullable=False),
)

# The log, in its order, from 0: its files are made from these rows. They tell no order of arrival,
# for an epoch's entries are shuffled before they get their numbers.
entry = Table(
    "entry",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

# What each blinded entry commits to. Without this row its entry is random bytes for ever. To be
# found by: the envelope that a submission or a withdrawal names, and a submission's withdraw-commit.
opening = Table(
    "opening",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
    Column("envelope", LargeBinary(32), index=True),
    Column("withdraw", LargeBinary(32), index=True),
)

# What is no submission and waits for its epoch's end: openings of withdrawals and collections.
event = Table(
    "event",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What reviewers signed that they have, and for which the server let go of it. None is there twice.
statement = Table(
    "statement",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The board, and what waits for it: the epoch with which a row went on it, as `2026-W47`, or empty.
# Its SHA-256 is there so that no row is there twice.
board = Table(
    "board",
    metadata,
    Column("id", BIG, primary_key=True, autoincrement=False),
    Column("batch", String, nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
)

# One row: the newest epoch that was closed, and the newest after whose close the database was
# written anew, both as `2026-W47`, or empty.
closing = Table(
    "closing",
    metadata,
    Column("closed", String, nullable=False),
    Column("settled", String, nullable=False),
)
