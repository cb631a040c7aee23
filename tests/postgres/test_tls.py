"""What can be relied on when the server is on another machine: both sides show a certificate."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from intake.errors import StoreError
from intake.store import PostgresPlace, Store
from tests.log.worlds import FIRST, World
from tests.ports import free_port
from tests.postgres.certificates import certificate, options
from tests.postgres.clusters import ROOM, running
from tests.postgres.network import Machine


def test_a_host_and_a_server_on_a_network_believe_each_other_by_certificate_alone(
    tmp_path: Path,
) -> None:
    machine, port = Machine("db", "127.0.0.1"), free_port()
    for name, authority in ((machine.address, "ca"), ("intake", "ca"), ("stranger", "other")):
        certificate(tmp_path, name, authority)

    def place(client: str = "intake", authority: str = "ca", role: str = "intake") -> PostgresPlace:
        words = urlencode(options(tmp_path, client, authority))
        return PostgresPlace(f"postgresql://{role}@{machine.address}:{port}/intake?{words}", ROOM)

    with running(prepared=lambda cluster: cluster.listen(machine, port, tmp_path)) as cluster:
        cluster.database("intake")
        world = World.make(tmp_path / "site", place=place())
        kept = world.add()
        world.close()
        world.check([kept])
        assert kept.epoch == FIRST
        for wrong in (place(client="stranger"), place(authority="other"), place(role="postgres")):
            with pytest.raises(StoreError, match=r"cannot be reached|does not know us"):
                Store.open(wrong)
