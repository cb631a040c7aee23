"""Sessions on the servers that a libpq URL names: how they are opened, watched over and believed."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from intake.store import postgres_settings
from intake.store.connecting import NOT_CONFIRMED

_PATIENCE: Final = 15_000  # milliseconds that one who writes waits for a lock
# A server that is gone without a word is noticed in some 10 seconds. No statement has a limit in
# time: one that is cancelled while it waits for the second copy would count as committed.
_ALIVE: Final = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_SESSION: Final = (
    f"-c lock_timeout={_PATIENCE} -c idle_in_transaction_session_timeout={_PATIENCE}"
    # A commit that no second copy has is told by a warning alone (`_note`).
    " -c client_min_messages=warning"
    # The server notices in the same time that a host is gone, and gives its locks to others.
    " -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
)
_WHERE: Final = ("host", "hostaddr", "port")


class _UnconfirmedError(psycopg.OperationalError):
    sqlstate = NOT_CONFIRMED


class Session(psycopg.Connection):
    """A session whose commit fails where the server only warns that no second copy has it."""

    warned = False

    def commit(self) -> None:
        """Commit; durable on return, here and wherever `synchronous_standby_names` says."""
        self.warned = False
        super().commit()
        if self.warned:
            raise _UnconfirmedError

    def begin(self, first: bytes) -> None:
        """Begin a transaction with a statement, in one message to the server."""
        with self.pipeline():
            self.execute(first)

    def ahead(self, statement: bytes, values: Sequence[object]) -> tuple[Any, ...] | None:
        """A transaction of one statement, in one message, that waits for no disk and no copy; its row.

        It lasts when what is committed after it does: the log of changes has them in their order.
        What it locks is held for as long as the server needs, and not until this process has its turn.
        """
        with self.pipeline():
            self.execute(b"SET LOCAL synchronous_commit = off")
            cursor = self.execute(statement, values)
            super().commit()
        return cursor.fetchone() if cursor.description else None

    @classmethod
    def opened(cls, conninfo: str) -> Self:
        """A session on a server that keeps nothing it should not."""
        session = cls.connect(conninfo)
        try:
            session.add_notice_handler(partial(_note, session))
            postgres_settings.check(session)
        except BaseException:
            session.close()
            raise
        return session


def _note(session: Session, notice: psycopg.errors.Diagnostic) -> None:
    session.warned = session.warned or notice.severity_nonlocalized == "WARNING"


class Servers:
    """The servers of a URL. That which answered last is asked first.

    One that is gone without a word would else cost each new session the seconds of a connection
    that nobody answers, for as long as it is gone. `target_session_attrs` is asked of each, as ever.
    """

    def __init__(self, url: str) -> None:
        given = conninfo_to_dict(url)
        lacking = {name: value for name, value in _ALIVE.items() if name not in given}
        self._words: dict[str, Any] = {**given, **lacking, "options": _SESSION}
        self._places = _places(given)
        self._names = list(self._places[0]) if self._places else []

    def asked(self) -> dict[str, Any]:
        """How the next session is asked for."""
        lists = {name: [place[name] for place in self._places] for name in self._names}
        return self._words | {name: ",".join(found) for name, found in lists.items()}

    def session(self) -> Session:
        """A new session."""
        session = Session.opened(make_conninfo(**self.asked()))
        host, port = session.info.host, str(session.info.port)
        # Sorting keeps the order of all others.
        self._places = sorted(self._places, key=lambda place: not _is_at(place, host, port))
        return session


def _places(given: dict[str, Any]) -> list[dict[str, str]]:
    """Where the servers are, as a URL's lists say; a list of one is for all of them.

    None where they do not go together: libpq has the words for that.
    """
    lists = {name: str(given[name]).split(",") for name in _WHERE if name in given}
    most = max(map(len, lists.values()), default=0)
    full = {name: found * most if len(found) == 1 else found for name, found in lists.items()}
    if any(len(found) != most for found in full.values()):
        return []
    return [{name: found[number] for name, found in full.items()} for number in range(most)]


def _is_at(place: dict[str, str], host: str, port: str) -> bool:
    named = place.get("host") or place.get("hostaddr")
    return named == host and place.get("port") in {None, "", port}
