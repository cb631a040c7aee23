"""What the store asks of a database, whichever it is: SQLite in a file, or PostgreSQL on a server."""

from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine

from intake.epoch import Epoch
from intake.store.connecting import telling
from intake.store.week import Counting


class Writer(ABC):
    """Makes transactions that write. Errors come as `StoreError`."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction beside others; durable when it ends well."""

    @abstractmethod
    def counted(self, counting: Counting) -> AbstractContextManager[Connection]:
        """The same, for what counts against its week: counted if it ends well, and not if it does not.

        Where nobody knows how it ended it is counted, perhaps in vain. Raises `FullError`.
        """


class Database(Writer):
    """One store's database."""

    engine: Engine

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A connection that writes nothing."""
        with telling(), self.engine.connect() as connection:
            yield connection

    @abstractmethod
    def at_one_moment(self) -> AbstractContextManager[Connection]:
        """A connection that writes nothing, all of whose questions are answered as at the first."""

    @abstractmethod
    def alone(self) -> AbstractContextManager[Connection]:
        """A transaction beside which there is no other that writes."""

    @abstractmethod
    def keep_to_themselves(self, connection: Connection) -> None:
        """See to it that new tables and columns tell nothing outside them; as often as one likes."""

    @abstractmethod
    def uploading(self, upload: bytes) -> AbstractContextManager[Writer]:
        """What makes the transactions of one upload, which `is_dead` does not call dead meanwhile."""

    @abstractmethod
    def is_dead(self, connection: Connection, upload: bytes) -> bool:
        """Whether no process has this upload under way; none begins before the transaction ends."""

    @abstractmethod
    def closing(self) -> AbstractContextManager[None]:
        """Be the only one, on every host, who writes to the log; `StoreError` where another is."""

    @abstractmethod
    def confirm(self) -> None:
        """Return when all that could be read until now lasts wherever a commit must."""

    @abstractmethod
    def note_traces(self, connection: Connection) -> None:
        """Note that something was deleted, where an engine keeps it until its tables are rewritten."""

    @abstractmethod
    def forget_overwritten(self, *, now: bool) -> bool:
        """Keep no trace of what was deleted; False where somebody is in the way.

        An engine that must rewrite its tables for it does so only if it must be `now`, else in the
        night, with `settle`.
        """

    @abstractmethod
    def settle(self, epoch: Epoch, *, done: bool) -> None:
        """Let nothing tell an order of arrival until the end of `epoch`; `done` where that was."""

    @abstractmethod
    def size(self) -> int:
        """The bytes that it takes."""

    @abstractmethod
    def free(self) -> int:
        """The bytes that there is room for; raises `StoreError` where that cannot be asked."""
