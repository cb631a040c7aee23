"""Three servers that Patroni and etcd look after, set as deploy/postgresql.md says."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port
from tests.postgres.certificates import certificate
from tests.postgres.clusters import Cluster, block, folder_of_its_own, program
from tests.postgres.network import Machine
from tests.postgres.pairs import Replicated
from tests.web.serving import until

_STARTS = 60.0  # seconds
# The guide's times would be most of a test; Patroni takes nothing less than these.
_SOONER = {
    "ttl: 30": "ttl: 20",
    "loop_wait: 10": "loop_wait: 1",
    "retry_timeout: 10": "retry_timeout: 3",
}


@dataclass
class Managed(Replicated):
    """`deciding` has each machine's etcd."""

    deciding: list[Cluster] = field(default_factory=list)

    def lose_first(self) -> None:
        """It dies with its etcd."""
        etcd = self.deciding[0].process
        assert etcd is not None
        etcd.kill()
        etcd.wait(30)
        super().lose_first()


@contextmanager
def managed(where: Sequence[Machine], keys: Path) -> Iterator[Managed]:
    """A server on each machine; the first writes, and one of the others is a synchronous copy."""
    for name in (*(machine.address for machine in where), "intake", "intake-replication"):
        certificate(keys, name)
    guide = _Guide(where, keys)
    made = Managed([], keys)
    with ExitStack() as open_:

        def begin(machine: Machine) -> Cluster:
            begun = Cluster(open_.enter_context(folder_of_its_own()), machine=machine)
            open_.callback(begun.stop)
            return begun

        for number, machine in enumerate(where, 1):
            made.deciding.append(begin(machine))
            guide.begin_etcd(made.deciding[-1], number)
        for number, machine in enumerate(where, 1):
            made.servers.append(begin(machine))
            guide.begin_patroni(made.servers[-1], number)
            if number == 1:
                _set_what_patroni_sets(made.first)
        state = "SELECT sync_state FROM pg_stat_replication ORDER BY 1"
        until(lambda: made.first.ask("postgres", state) == [("async",), ("sync",)], _STARTS)
        made.first.prepare(but_for="replicator")
        made.first.database("intake")
        yield made


def _set_what_patroni_sets(cluster: Cluster) -> None:
    """What is said once to the first server, before there is a copy."""
    until(lambda: cluster.ask("postgres", "SELECT pg_is_in_recovery()") == [(False,)], _STARTS)
    (overruled,) = block("sql-patroni")
    for statement in overruled.split(";\n"):
        if statement.strip():
            cluster.ask("postgres", statement)


class _Guide:
    """The guide's words for each machine, with our addresses, ports and folders in them."""

    def __init__(self, where: Sequence[Machine], keys: Path) -> None:
        self._where = where
        self._keys = keys
        self._ports = {port: free_port() for port in ("2379", "2380", "5432", "8008")}

    def begin_etcd(self, cluster: Cluster, number: int) -> None:
        """Begin the etcd of a machine."""
        (text,) = block("etcd")
        text = self._ours(text, cluster, number, {"/run/etcd": f"{cluster.folder}/etcd"})
        cluster.begin("env", *text.split(), "etcd")

    def begin_patroni(self, cluster: Cluster, number: int) -> None:
        """Begin Patroni, and with it the server; it answers on return."""
        (settings,), (text,) = block("conf"), block("yaml")
        cluster.port = self._ports["5432"]
        changes = {
            "/var/lib/postgresql/intake": f"{cluster.folder}/data",
            "/usr/lib/postgresql/15/bin": str(Path(program("postgres")).parent),
            "/run/postgresql": str(cluster.folder),
            "mode: required": "mode: 'off'",  # there is no watchdog, and nobody comes back
            **_SOONER,
        }
        for file, content in (
            ("patroni.yml", self._ours(text, cluster, number, changes)),
            ("postgresql.conf", settings + "dynamic_shared_memory_type = mmap\n"),
            ("pg_hba.conf", cluster.rules),
            ("pg_ident.conf", cluster.names),
        ):
            (cluster.folder / file).write_text(content)
        cluster.begin("patroni", str(cluster.folder / "patroni.yml"))
        cluster.wait_for_answer(_STARTS)

    def _ours(self, text: str, cluster: Cluster, number: int, changes: dict[str, str]) -> str:
        """The text of a machine, whose files are put where it says."""
        for said, ours in (changes | {"/etc/intake-db": str(cluster.folder)}).items():
            assert said in text
            text = text.replace(said, ours)
        # Lists of all three are the same everywhere.
        text = "\n".join(
            line if "db3" in line else line.replace("db1", f"db{number}")
            for line in text.splitlines()
        )
        for other, machine in enumerate(self._where, 1):
            text = text.replace(f"db{other}.internal", machine.address)
        text = text.replace("//0.0.0.0:", f"//{self._where[number - 1].address}:")
        for said, port in self._ports.items():
            text = text.replace(f":{said}", f":{port}")
        for name in re.findall(rf"{cluster.folder}/([a-z0-9.-]+\.(?:pem|key))", text):
            cluster.give(self._keys / name)
        return text
