"""Real PostgreSQL servers for tests: Debian's, unprivileged, on a unix socket in a folder of their own.

They are set as deploy/postgresql.md says, word for word; what a test adds stands after it.
"""

import getpass
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from intake.store import PostgresPlace
from tests.postgres.network import Machine

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


def as_server(*command: str) -> list[str]:
    """How a program is begun as the server's user."""
    if os.geteuid() != 0:
        return list(command)
    user = _user()
    return [
        "setpriv",
        f"--reuid={user}",
        f"--regid={user}",
        "--clear-groups",
        "--reset-env",
        *command,
    ]


def _run(*command: str, before: Sequence[str] = ()) -> None:
    words = [*before, *as_server(*command)]
    subprocess.run(words, cwd="/", check=True, capture_output=True)


@dataclass
class Cluster:
    """One server: `folder` has its data, its socket, and all that it says."""

    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    more: list[str] = field(default_factory=list)
    port: int = 5432  # of its socket too
    machine: Machine | None = None  # where it listens beside its socket, and runs
    ended_by: signal.Signals = signal.SIGINT

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
        _run(program("initdb"), "-D", str(made.data), "-U", "postgres", *words)
        made.configure()
        return made

    def listen(self, machine: Machine, port: int, keys: Path) -> None:
        """Listen on a machine's address, with the certificate that `keys` has for it."""
        files = {"cert": f"{machine.address}.pem", "key": f"{machine.address}.key", "ca": "ca.pem"}
        given = {what: self.give(keys / name) for what, name in files.items()}
        self.more = [f"listen_addresses = '{machine.address}'", f"port = {port}", "ssl = on"]
        self.more += [f"ssl_{what}_file = '{path}'" for what, path in given.items()]
        self.machine, self.port = machine, port
        self.configure()

    def give(self, file: Path) -> Path:
        """A copy of a file that the server may read, as it wants keys to be."""
        given = self.folder / file.name
        shutil.copy(file, given)
        shutil.chown(given, _user())
        return given

    def configure(self) -> None:
        """Set it as the guide says, for a socket in its folder."""
        (settings,) = block("conf")
        own = "\n".join([*self.own_settings, *self.more])
        self._write("postgresql.conf", f"{settings}{own}\n")
        self._write("pg_hba.conf", self.rules)
        self._write("pg_ident.conf", self.names)

    @property
    def own_settings(self) -> list[str]:
        """What a server in a folder needs beside the guide's settings."""
        return [
            f"unix_socket_directories = '{self.folder}'",
            "listen_addresses = ''",
            # In its folder: one that is killed removes none.
            "dynamic_shared_memory_type = mmap",
        ]

    @property
    def rules(self) -> str:
        """Who may come: the guide's rules; each test has a database of its own."""
        rules = block("hba")[0].replace("peer\n", "peer map=intake\n")
        return rules.replace("local   intake      intake", "local   all         intake")

    @property
    def names(self) -> str:
        """Who is who: the guide's names, and whoever runs the tests."""
        mapped = [f"intake {getpass.getuser()} {role}" for role in ("intake", "postgres")]
        mapped += [f"intake {_user()} replicator", f"intake {_user()} postgres"]
        mapped += [line for line in block("ident")[0].splitlines() if line[0] != "#"]
        return "\n".join(mapped) + "\n"

    def _write(self, name: str, text: str) -> None:
        (self.data / name).write_text(text, "utf-8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.begin(program("postgres"), "-D", str(self.data))
        self.wait_for_answer()

    def begin(self, *command: str) -> None:
        """Begin a program on its machine as its user; what that says is in `said`."""
        before = self.machine.before if self.machine else ()
        # PostgreSQL would wait for whoever is connected; others may not hear what a shell in the background ignores.
        server = command[0] == program("postgres")
        self.ended_by = signal.SIGINT if server else signal.SIGTERM
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [*before, *as_server(*command)],
                cwd="/",
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def wait_for_answer(self, seconds: float = _STARTS) -> None:
        """Return when it answers."""
        assert self.process is not None
        deadline = time.monotonic() + seconds
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
                self.process.send_signal(self.ended_by)
            self.process.wait(60)
            self.process = None

    def kill(self) -> None:
        """End it and all that it started, and whoever looks after it, as a power cut would."""
        assert self.process is not None
        words = (self.data / "postmaster.pid").read_text().splitlines()
        first, shared = int(words[0]), words[6].split()[1]
        for pid in (self.process.pid, first):
            os.kill(pid, signal.SIGSTOP)  # so that they start no more
        for pid in (*self.family(), first, self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(30)
        self.process = None
        _run("ipcrm", "-m", shared)

    def family(self, kind: str = "") -> list[int]:
        """Its processes, but for the first; those that say what they are with `kind`."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        found: list[int] = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parent = int(path.read_text().rpartition(")")[2].split()[1])
                words = (path.parent / "cmdline").read_text()
                if parent == first and kind in words:
                    found.append(int(path.parent.name))
        return found

    def standby_of(self, folder: Path) -> "Cluster":
        """A copy of this one that follows it, in a folder; not started."""
        made = Cluster(folder, port=self.port)
        words = ["-h", str(self.folder), "-p", str(self.port), "-U", "replicator", "-X", "stream"]
        words += ["-c", "fast", "--no-sync", "-C", "-S", "copy", "-R"]
        _run(program("pg_basebackup"), "-D", str(made.data), *words)
        made._write("postgresql.auto.conf", "")  # it would come before what `follow` says
        made.follow({"host": str(self.folder)})
        return made

    def follow(self, how: Mapping[str, str]) -> None:
        """Follow the server that is reached like this, as long as this one is a copy."""
        words = {"port": str(self.port), "user": "replicator", "application_name": "copy"} | how
        said = " ".join(f"{name}={value}" for name, value in words.items())
        self.more += [f"primary_conninfo = '{said}'", "primary_slot_name = 'copy'"]
        self.configure()

    def promote(self) -> None:
        """Let a copy take over."""
        _run(program("pg_ctl"), "promote", "-w", "-D", str(self.data))

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

    def prepare(self, but_for: str = "DATABASE") -> None:
        """The roles of the guide; no statement that has this word."""
        roles, _ = block("sql")
        for statement in roles.split(";\n"):
            if statement.strip() and "DATABASE" not in statement and but_for not in statement:
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
