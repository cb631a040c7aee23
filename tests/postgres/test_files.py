"""What whoever takes PostgreSQL's files can learn: after a close no order, and nothing that is gone."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.errors import StoreError
from intake.store import Allowance, EpochClosedError, PostgresPlace, Store, postgres_settings
from intake.store.postgres_settings import RULES
from tests.log.worlds import DEPLOYMENT, FIRST, World, opening_in, status_of
from tests.postgres.clusters import Cluster, running

COUNT = 48


@pytest.fixture
def world(tmp_path: Path, cluster: Cluster) -> Iterator[World]:
    with cluster.new_database() as place:
        yield World.make(tmp_path / "site", place=place)


def ask(cluster: Cluster, world: World, query: str) -> list[tuple[object, ...]]:
    assert isinstance(world.place, PostgresPlace)
    return cluster.ask(world.place.url.partition("@/")[2].partition("?")[0], query)


def arrivals(cluster: Cluster, world: World, order: str) -> float:
    """How much an order of pieces is that in which they came: 1 all of it, near 0 chance.

    Each piece begins with its number. Kendall's tau; chance has a deviation of 0.1 for 48.
    """
    query = f"SELECT get_byte(content, 0) FROM piece ORDER BY {order}"
    found = [row[0] for row in ask(cluster, world, query)]
    assert sorted(found) == list(range(COUNT))
    pairs = list(itertools.combinations(found, 2))
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


# The number under which a large value lies is in its pointer, which no SQL shows: it is in the order
# of the chunks in the file beside the table, whose first bytes are the value's.
def chunks(cluster: Cluster, world: World) -> float:
    """The same for the numbers of large values, in the order that a server counts them up."""
    ((beside,),) = ask(
        cluster, world, "SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'piece'"
    )
    query = f"SELECT get_byte(chunk_data, 0) FROM {beside} WHERE chunk_seq = 0 ORDER BY chunk_id"
    found = [row[0] for row in ask(cluster, world, query)]
    assert sorted(found) == list(range(COUNT))
    pairs = list(itertools.combinations(found, 2))
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


def orders(cluster: Cluster, world: World) -> dict[str, float]:
    """Every order that the files give."""
    found = {name: arrivals(cluster, world, name) for name in ("ctid", "id")}
    found["xmin"] = arrivals(cluster, world, "xmin::text::bigint, ctid")
    found["chunk"] = chunks(cluster, world)
    return found


def numbered(world: World) -> None:
    with world.store() as store:
        for number in range(COUNT):
            world.add_to(store, FIRST, bytes([number]) + os.urandom(9_000))


def test_after_the_close_neither_places_nor_transactions_nor_large_values_tell_an_order(
    world: World, cluster: Cluster
) -> None:
    numbered(world)
    before = orders(cluster, world)
    assert {name: tau for name, tau in before.items() if tau < 0.99}.keys() == {"id"}
    world.close()
    assert all(abs(tau) < 0.5 for tau in orders(cluster, world).values())
    for table in ("piece", "submission", "opening", "entry", "board"):
        assert ask(cluster, world, f"SELECT count(DISTINCT xmin::text) FROM {table}") == [(1,)]


@pytest.mark.parametrize("words", ["CLUSTER piece USING piece_pkey", "VACUUM FULL piece"])
def test_what_a_server_has_for_this_keeps_the_order_of_large_values(
    world: World, cluster: Cluster, words: str
) -> None:
    """The twin: by the numbers of large values the order can be told as before."""
    numbered(world)
    ask(cluster, world, words)
    assert chunks(cluster, world) > 0.99


def lying(cluster: Cluster, mark: bytes) -> list[str]:
    """The server's files in which a mark stands, its log of changes among them."""
    files = [path for path in cluster.folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if mark in path.read_bytes()]


def test_what_was_withdrawn_is_in_no_file_of_the_server_after_the_night(tmp_path: Path) -> None:
    """Unlike SQLite, not at once: a server never writes over what it deletes (SECURITY.md)."""
    mark = os.urandom(24)
    with running() as cluster, cluster.new_database() as place:
        world = World.make(tmp_path / "site", place=place)
        kept = world.add(sealed=os.urandom(1_000) + mark + os.urandom(4_000))
        assert world.withdraw(kept) == 1
        assert lying(cluster, mark) != []  # the twin: without the night it is there
        with world.log() as log:
            assert log.close_due(FIRST) == ()  # no week is over
            log.stage()
            log.settle()
        assert lying(cluster, mark) == []


def test_what_was_released_is_in_no_file_of_the_server_when_the_command_ends(
    tmp_path: Path,
) -> None:
    mark = os.urandom(24)
    with running() as cluster, cluster.new_database() as place:
        world = World.make(tmp_path / "site", place=place)
        kept = world.add(sealed=os.urandom(1_000) + mark + os.urandom(4_000))
        world.close()
        assert lying(cluster, mark) != []
        assert world.release([kept], FIRST.next) == 1
        assert lying(cluster, mark) == []


def test_statistics_hold_no_value(world: World, cluster: Cluster) -> None:
    """ANALYZE copies some of a table's values to where they outlive their rows."""
    with world.store() as store:
        for _ in range(20):
            world.add_to(store, FIRST)
    ask(cluster, world, "ANALYZE")
    query = "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'"
    assert ask(cluster, world, query) == []
    for column in ("opening", "status"):
        ask(cluster, world, f"ALTER TABLE submission ALTER COLUMN {column} SET STATISTICS 100")
    ask(cluster, world, "ANALYZE submission")
    assert len(ask(cluster, world, query)) == 2  # the twin


def test_nothing_runs_by_itself_whose_time_would_tell_how_much_came(
    world: World, cluster: Cluster
) -> None:
    query = """SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND NOT 'autovacuum_enabled=false' = ANY(coalesce(reloptions, '{}'))"""
    assert ask(cluster, world, query) == []
    assert ask(cluster, world, "SELECT count(*) FROM pg_sequences") == [(0,)]


WRONG = {
    "log_min_messages": "warning",
    "log_min_error_statement": "error",
    "log_statement": "ddl",
    "log_min_duration_statement": "100",
    "log_min_duration_sample": "100",
    "log_transaction_sample_rate": "0.5",
    "log_temp_files": "0",
    "log_autovacuum_min_duration": "600000",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "archive_mode": "on",
    "wal_keep_size": "16",
    "max_slot_wal_keep_size": "-1",
    "synchronous_commit": "local",
    "track_commit_timestamp": "on",
    "wal_recycle": "on",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_server_that_would_keep_or_lose_something_is_refused_by_the_setting(
    rule: postgres_settings.Rule,
) -> None:
    """Each rule on its own, over what a real server says of all others."""
    right = {one.name: one.wanted for one in RULES} | {"may checkpoint": "true"}
    right |= {"may switch": "true"}
    postgres_settings.judge(right)
    wrong = WRONG.get(rule.name, "off" if rule.wanted == "on" else "on")
    with pytest.raises(StoreError, match=rule.name) as refused:
        postgres_settings.judge(right | {rule.name: wrong})
    assert f"set {rule.name} = " in refused.value.hint


def test_a_server_as_debian_leaves_it_is_refused_and_says_what_to_set(tmp_path: Path) -> None:
    """By the session's own settings: a role's, a database's, and those of a server that took over."""
    with running() as cluster, cluster.new_database() as place:
        Store.create(place, DEPLOYMENT, FIRST).close()
        name = place.url.partition("@/")[2].partition("?")[0]
        for setting, value in (("log_statement", "all"), ("synchronous_commit", "off")):
            cluster.ask("postgres", f"ALTER DATABASE {name} SET {setting} = '{value}'")
            with pytest.raises(StoreError, match=f"{setting} = {value}"):
                Store.open(place)
            cluster.ask("postgres", f"ALTER DATABASE {name} RESET {setting}")
        cluster.ask("postgres", "REVOKE pg_checkpoint FROM intake")
        with pytest.raises(StoreError, match="may not have old changes removed"):
            Store.open(place)
        cluster.ask("postgres", "GRANT pg_checkpoint TO intake")
        Store.open(place).close()


def test_a_submission_leaves_no_word_in_the_servers_log(tmp_path: Path) -> None:
    """Not even one that is sent twice, or that a closed week refuses."""
    with running() as cluster, cluster.new_database() as place:
        world = World.make(tmp_path / "site", place=place)
        begin = len(cluster.said)
        kept = world.add()
        world.close()
        with world.store() as store:
            words = status_of(kept.envelope), kept.envelope, kept.to_bytes(), b"sealed"
            assert store.keep(*words, Allowance(FIRST.next, 1 << 40)) is None
            other = opening_in(FIRST)
            words = status_of(other.envelope), other.envelope, other.to_bytes(), b"sealed"
            with pytest.raises(EpochClosedError):
                store.keep(*words, Allowance(FIRST, 1 << 40))
        world.withdraw(kept, FIRST.next)
        assert cluster.said[begin:] == ""
