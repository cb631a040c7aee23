"""Real PostgreSQL servers for tests: Debian's, unprivileged, on a unix socket in a folder of their own.

They are set as deploy/postgresql.md says, word for word; what a test adds stands after it.
"""

import getpass
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from intake.store import PostgresPlace

ROOM = 100 << 30
GUIDE = (Path(__file__).parents[2] / "deploy" / "postgresql.md").read_text("utf-8")
_STARTS = 30  # seconds


def block(kind: str) -> list[str]:
    """The blocks of the guide in this language."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def program(name: str) -> str:
    """One of the server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4]))
    if not found:
        pytest.fail("PostgreSQL is missing: run `make install`")
    return str(found[-1])


def _user() -> str:
    """Servers refuse to run as root."""
    return "postgres" if os.geteuid() == 0 else getpass.getuser()


def as_server(*command: str, **words: Any) -> "subprocess.CompletedProcess[str]":
    """Run a program as the server's user."""
    words = {"capture_output": True, "text": True} | _identity() | words
    return subprocess.run(command, cwd="/", check=True, **words)


def _identity() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(_user())
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@dataclass
class Cluster:
    """One server: `folder` has its data, its socket, and all that it says."""

    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    more: list[str] = field(default_factory=list)
    port: int = 5432  # of its socket too

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text("utf-8", "replace")

    @classmethod
    def initialised(cls, folder: Path) -> "Cluster":
        """An empty one, not started."""
        made = cls(folder)
        words = ("--data-checksums", "--locale=C", "--encoding=UTF8", "--no-sync")
        as_server(program("initdb"), "-D", str(made.data), "-U", "postgres", *words)
        made.configure()
        return made

    def configure(self) -> None:
        """Set it as the guide says, for a socket in its folder."""
        (settings,) = block("conf")
        own = [f"unix_socket_directories = '{self.folder}'", "listen_addresses = ''", *self.more]
        own.append(
            "dynamic_shared_memory_type = mmap"
        )  # in its folder: one that is killed removes none
        mapped = "\n".join(f"intake {getpass.getuser()} {role}" for role in ("intake", "postgres"))
        (rules,) = block("hba")
        rules = rules.replace("peer\n", "peer map=intake\n")
        # Each test has a database of its own; fail-over runs in the one that the guide names.
        rules = rules.replace("local   intake      intake", "local   all         intake")
        mapped += f"\nintake {_user()} replicator\nintake {_user()} postgres\n"
        mapped += (
            "\n".join(line for line in block("ident")[0].splitlines() if line[0] != "#") + "\n"
        )
        self._write("postgresql.conf", settings + "\n".join(own) + "\n")
        self._write("pg_hba.conf", rules)
        self._write("pg_ident.conf", mapped)

    def _write(self, name: str, text: str) -> None:
        (self.data / name).write_text(text, "utf-8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [program("postgres"), "-D", str(self.data)],
                cwd="/",
                stdout=said,
                stderr=said,
                start_new_session=True,
                **_identity(),
            )
        deadline = time.monotonic() + _STARTS
        while True:
            try:
                self.admin("postgres").close()
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"PostgreSQL did not start: {self.said[-2000:]}")
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End it; what it was given stays."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def kill(self) -> None:
        """End it and all that it started as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)  # so that it starts no more
        family = self.family()
        _, shared = (self.data / "postmaster.pid").read_text().splitlines()[6].split()
        self.process.kill()
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)
        self.process = None
        as_server("ipcrm", "-m", shared)

    def family(self, kind: str = "") -> list[int]:
        """Its processes, but for the first; those that say what they are with `kind`."""
        assert self.process is not None
        found: list[int] = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parent = int(path.read_text().rpartition(")")[2].split()[1])
                words = (path.parent / "cmdline").read_text()
                if parent == self.process.pid and kind in words:
                    found.append(int(path.parent.name))
        return found

    def standby_of(self, folder: Path) -> "Cluster":
        """A copy of this one that follows it, in a folder; not started."""
        made = Cluster(folder)
        words = ["-h", str(self.folder), "-U", "replicator", "-X", "stream", "-c", "fast"]
        words += ["--no-sync", "-C", "-S", "copy", "-R"]
        as_server(program("pg_basebackup"), "-D", str(made.data), *words)
        made.more = [
            f"primary_conninfo = 'host={self.folder} user=replicator application_name=copy'",
            "primary_slot_name = 'copy'",
        ]
        made.configure()
        made._write("postgresql.auto.conf", "")  # it would come before what is said above
        return made

    def promote(self) -> None:
        """Let a copy take over."""
        as_server(program("pg_ctl"), "promote", "-w", "-D", str(self.data))

    def url(self, database: str, role: str = "intake") -> str:
        """How to reach a database."""
        return f"postgresql://{role}@/{database}?host={self.folder}&port={self.port}"

    def admin(self, database: str) -> "psycopg.Connection[Any]":
        """The server's owner, who sees everything."""
        return psycopg.connect(self.url(database, "postgres"), autocommit=True)

    def ask(self, database: str, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows of one question of its owner's."""
        with self.admin(database) as session:
            found = session.execute(query, values)
            return found.fetchall() if found.description else []

    def prepare(self) -> None:
        """The roles of the guide."""
        roles, _ = block("sql")
        for statement in roles.split(";\n"):
            if statement.strip() and "DATABASE" not in statement:
                self.ask("postgres", statement)

    def database(self, name: str) -> PostgresPlace:
        """A new database, as the guide makes it."""
        roles, rights = block("sql")
        for where, statement in (
            *(("postgres", one) for one in roles.split(";\n") if "CREATE DATABASE" in one),
            *((name, one) for one in rights.split(";\n") if one.strip()),
        ):
            self.ask(where, re.sub(r"DATABASE intake\b", f"DATABASE {name}", statement))
        return PostgresPlace(self.url(name), ROOM)

    @contextmanager
    def new_database(self) -> Iterator[PostgresPlace]:
        """A database of a fresh name, until its test ends."""
        name = f"t{secrets.token_hex(8)}"
        yield self.database(name)
        self.ask("postgres", f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def folder_of_its_own(*, on_disk: bool = False) -> Iterator[Path]:
    """A short name, for a socket's path has at most 107 bytes; the server's user's.

    In memory, but for who measures: tests ask what the server does, and not how fast a disk is.
    """
    memory = None if on_disk or not Path("/dev/shm").is_dir() else "/dev/shm"
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=memory))
    shutil.chown(folder, _user())
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(
    *, on_disk: bool = False, prepared: Callable[[Cluster], None] | None = None
) -> Iterator[Cluster]:
    """A server with the roles of the guide; `prepared` changes it before it starts."""
    with folder_of_its_own(on_disk=on_disk) as folder:
        cluster = Cluster.initialised(folder)
        try:
            if prepared:
                prepared(cluster)
            cluster.start()
            cluster.prepare()
            yield cluster
        finally:
            cluster.stop()


@dataclass
class Pair:
    """A server and the copy that follows it; what is acknowledged is on both."""

    first: Cluster
    second: Cluster

    @property
    def place(self) -> PostgresPlace:
        """The database, on whichever of them writes."""
        hosts = f"{self.first.folder},{self.second.folder}"
        options = f"host={hosts}&port=5432,5432&target_session_attrs=read-write"
        return PostgresPlace(f"postgresql://intake@/intake?{options}", ROOM)

    def wait_for_second(self, names: str) -> None:
        """Have a commit wait for these copies from now on; empty for none."""
        self.first.ask("postgres", f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.first.ask("postgres", "SELECT pg_reload_conf()")
        state = "sync" if names else "async"
        query = "SELECT sync_state FROM pg_stat_replication"
        deadline = time.monotonic() + _STARTS
        while self.first.ask("postgres", query) != [(state,)]:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def take_over(self) -> None:
        """The first dies as by a power cut; the second writes."""
        self.first.kill()
        self.second.promote()


@contextmanager
def pair() -> Iterator[Pair]:
    """Two servers, the second a synchronous copy, with an empty database `intake`."""
    with running() as first, folder_of_its_own() as folder:
        first.database("intake")
        second = first.standby_of(folder)
        try:
            second.start()
            made = Pair(first, second)
            made.wait_for_second("copy")
            yield made
        finally:
            second.stop()
