"""What can be relied on when a URL names several servers: which of them a session is asked for first."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from intake.store.postgres_session import Servers
from tests.postgres.clusters import Cluster


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[str]:
    """A server that takes connections and never says a word, as one whose machine hangs."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / ".s.PGSQL.5432"))
        listener.listen(16)
        yield str(tmp_path)


def test_one_that_is_gone_without_a_word_is_waited_for_once(cluster: Cluster, silent: str) -> None:
    """By each process, and not for each session."""
    hosts = f"host={silent},{cluster.folder}&connect_timeout=2"
    servers = Servers(f"postgresql://postgres@/postgres?{hosts}&target_session_attrs=read-write")
    took = []
    for _ in range(3):
        begin = time.monotonic()
        servers.session().close()
        took.append(time.monotonic() - begin)
    assert took[0] > 1.5
    assert max(took[1:]) < 1.5


@pytest.mark.parametrize(
    "where",
    [
        "db1:5,db2:6,db3:7/x",
        "db1,db2/x",
        "/x?host=/run/a,/run/b&port=5432,5432",
        "/x?hostaddr=10.0.0.1,10.0.0.2",
        "/x?host=a,b&hostaddr=10.0.0.1,10.0.0.2",
        "db1:5/x",
        "/x",
        "/x?host=a,b&port=1,2,3",  # libpq says what is wrong
    ],
)
def test_before_any_answered_all_is_asked_as_it_is_given(where: str) -> None:
    given = conninfo_to_dict(f"postgresql://{where}")
    assert Servers(f"postgresql://{where}").asked().items() >= given.items()


def test_one_port_is_of_all() -> None:
    assert Servers("postgresql:///x?host=/run/a,/run/b&port=6").asked()["port"] == "6,6"
