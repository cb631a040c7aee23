"""What a PostgreSQL server must not be set to: it would keep times, rows, or less than it says.

It is looked at in every new session, for a server that took over has settings of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from intake.errors import StoreError

OLDEST: Final = 15


@dataclass(frozen=True)
class Rule:
    """A setting, what it must be, and why in a few words."""

    name: str
    wanted: str
    why: str
    fits: Callable[[str], bool]


def _is(name: str, wanted: str, why: str) -> Rule:
    return Rule(name, wanted, why, lambda found: found == wanted)


def _at_least_severe(name: str, why: str) -> Rule:
    return Rule(name, "panic", why, lambda found: found in {"fatal", "panic"})


_TIMES, _ROWS, _KEPT, _LASTS = (
    "it would keep the time of each submission",
    "it could write rows to its log",
    "it would keep changes for longer than they are needed",
    "what is acknowledged must last",
)
RULES: Final = (
    _is("track_commit_timestamp", "off", _TIMES),
    _is("log_statement", "none", _TIMES),
    _is("log_duration", "off", _TIMES),
    _is("log_min_duration_statement", "-1", _TIMES),
    _is("log_min_duration_sample", "-1", _TIMES),
    _is("log_transaction_sample_rate", "0", _TIMES),
    _is("log_connections", "off", _TIMES),
    _is("log_disconnections", "off", _TIMES),
    _is("log_lock_waits", "off", _TIMES),
    _is("log_temp_files", "-1", _TIMES),
    _is("log_checkpoints", "off", "it would tell how much came in which minutes"),
    _is("log_autovacuum_min_duration", "-1", "it would tell how much came in which minutes"),
    _at_least_severe("log_min_messages", _TIMES),
    _at_least_severe("log_min_error_statement", _ROWS),
    _is("log_parameter_max_length", "0", _ROWS),
    _is("log_parameter_max_length_on_error", "0", _ROWS),
    _is("archive_mode", "off", _KEPT),
    _is("wal_keep_size", "0", _KEPT),
    _is("wal_recycle", "off", _KEPT),
    Rule("max_slot_wal_keep_size", "1GB", _KEPT, lambda found: found != "-1"),
    _is("fsync", "on", _LASTS),
    _is("full_page_writes", "on", _LASTS),
    _is("data_checksums", "on", "a flipped bit must be noticed (pg_checksums --enable)"),
    Rule("synchronous_commit", "on", _LASTS, lambda found: found in {"on", "remote_apply"}),
)

_FOUND = """
SELECT name, setting FROM pg_settings WHERE name = ANY(%s)
UNION ALL SELECT 'pg_stat_statements', 'on' WHERE to_regclass('pg_stat_statements') IS NOT NULL
UNION ALL SELECT 'auto_explain', 'on'
  WHERE coalesce(current_setting('auto_explain.log_min_duration', true), '-1') <> '-1'
UNION ALL SELECT 'may checkpoint', pg_has_role('pg_checkpoint', 'USAGE')::text
UNION ALL SELECT 'may switch', has_function_privilege('pg_switch_wal()', 'EXECUTE')::text
"""


def check(session: psycopg.Connection[Any]) -> None:
    """Raise `StoreError` where a server is too old, or set otherwise."""
    if session.info.server_version < OLDEST * 10_000:
        raise StoreError(f"the store's server is older than PostgreSQL {OLDEST}", "use a newer one")
    names = [rule.name for rule in RULES]
    found = dict(session.execute(_FOUND, (names,)).fetchall())
    session.rollback()
    judge(found)


def judge(found: Mapping[str, str]) -> None:
    """Raise `StoreError`, with the line that mends it, for what a server says of itself."""
    for rule in RULES:
        if not rule.fits(found[rule.name]):
            raise StoreError(
                f"the store's server has {rule.name} = {found[rule.name]}: {rule.why}",
                f"set {rule.name} = {rule.wanted} there, as in deploy/postgresql.md",
            )
    for module in ("pg_stat_statements", "auto_explain"):
        if module in found:
            raise StoreError(
                f"the store's server runs {module}, which keeps statements", "take it out"
            )
    for right in ("may checkpoint", "may switch"):
        if found[right] != "true":
            raise StoreError(
                "the store's role may not have old changes removed",
                "give it pg_checkpoint and pg_switch_wal(), as in deploy/postgresql.md",
            )
