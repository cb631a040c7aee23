"""What can be relied on when the server is on another machine: both sides show a certificate."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.errors import StoreError
from intake.store import PostgresPlace, Store
from tests.log.worlds import FIRST, World
from tests.postgres.clusters import ROOM, Cluster, running
from tests.web.serving import free_port


def certificate(folder: Path, name: str, authority: str) -> None:
    """A key and its certificate for a name, by an authority of ours, which is made where it lacks."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    if not (folder / f"{authority}.pem").exists():
        words = ("-keyout", f"{authority}.key", "-out", f"{authority}.pem", "-subj", "/CN=ours")
        openssl("req", "-x509", *new, *words)
    openssl("req", *new, "-keyout", f"{name}.key", "-out", "asked", "-subj", f"/CN={name}")
    (folder / "names").write_text(f"subjectAltName=DNS:{name}\n")
    words = ("-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial")
    openssl("x509", "-req", "-in", "asked", *words, "-extfile", "names", "-out", f"{name}.pem")


def over_network(port: int, keys: Path) -> Callable[[Cluster], None]:
    """Let a server listen with the certificate of `localhost`."""

    def prepared(cluster: Cluster) -> None:
        for name in ("localhost.pem", "localhost.key", "ca.pem"):
            shutil.copy(keys / name, cluster.folder / name)
            shutil.chown(cluster.folder / name, cluster.folder.owner())
            (cluster.folder / name).chmod(0o600)
        cluster.more = [
            "listen_addresses = 'localhost'",
            f"port = {port}",
            "ssl = on",
            *(
                f"{setting} = '{cluster.folder / name}'"
                for setting, name in (
                    ("ssl_cert_file", "localhost.pem"),
                    ("ssl_key_file", "localhost.key"),
                    ("ssl_ca_file", "ca.pem"),
                )
            ),
        ]
        cluster.port = port
        cluster.configure()

    return prepared


def test_a_host_and_a_server_on_a_network_believe_each_other_by_certificate_alone(
    tmp_path: Path,
) -> None:
    for name, authority in (("localhost", "ca"), ("intake", "ca"), ("stranger", "other")):
        certificate(tmp_path, name, authority)
    port = free_port()

    def place(client: str = "intake", authority: str = "ca", role: str = "intake") -> PostgresPlace:
        files = {"sslrootcert": f"{authority}.pem", "sslcert": f"{client}.pem"}
        files["sslkey"] = f"{client}.key"
        options = "&".join(f"{name}={tmp_path / file}" for name, file in files.items())
        url = f"postgresql://{role}@localhost:{port}/intake?sslmode=verify-full&{options}"
        return PostgresPlace(url, ROOM)

    with running(prepared=over_network(port, tmp_path)) as cluster:
        cluster.database("intake")
        (tmp_path / "intake.key").chmod(0o600)
        world = World.make(tmp_path / "site", place=place())
        kept = world.add()
        world.close()
        world.check([kept])
        assert kept.epoch == FIRST
        for wrong in (place(client="stranger"), place(authority="other"), place(role="postgres")):
            with pytest.raises(StoreError, match=r"cannot be reached|does not know us"):
                Store.open(wrong)
