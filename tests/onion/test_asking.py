"""Programs through tor: a sealed letter, the auditor's commands, and a witness for who has its key."""

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from intake.cli import run
from intake.container import Mode
from intake.reaching import Address, Bounds, Connection, SocksAddress
from intake.tlog.policy import Policy
from tests.browser.serving import Served, served
from tests.onion.joining import Network
from tests.onion.network import GUARDED
from tests.web.follow import Headers, Send, Visitor
from tests.witness.conftest import serving as witnessing

SERVICE = "audited"
WORDS = "Это случилось в марте. Нас было трое"
BOUNDS = Bounds(60, 120, 1 << 20)


@pytest.fixture(scope="module")
def site(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A site that `intake serve` has behind an onion service."""
    folder = tmp_path_factory.mktemp("onion") / "site"
    with served(folder, onion=network.hosts[SERVICE], bind=network.bind(SERVICE)) as running:
        yield running


def by_socks(network: Network, site: Served) -> Send:
    """Requests to the onion address, one connection each."""

    def send(
        method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Headers, bytes]:
        address = Address.parse(site.address)
        connection = Connection(address, SocksAddress("127.0.0.1", network.visitor), BOUNDS)
        rows = [("Host", address.authority), *headers.items(), ("Content-Length", str(len(body)))]
        answer = connection.ask(method, path, rows, body)
        connection.close()
        return answer.status, list(answer.headers), answer.body

    return send


def through(port: int) -> tuple[str, str]:
    return "--socks", f"127.0.0.1:{port}"


def test_a_letter_sealed_on_ones_own_machine_arrives_by_socks(
    network: Network, site: Served, tmp_path: Path
) -> None:
    """The roster is fetched by the onion address, the letter is posted to /s, reviewers open it."""
    site.begin()
    visitor = Visitor(by_socks(network, site))
    (tmp_path / "roster.note").write_bytes(visitor.get("/roster.note").html.encode())
    (tmp_path / "text.txt").write_text(WORDS, "utf-8")
    paper = site.site.roots().fingerprint
    sealing = ["--roster", str(tmp_path / "roster.note"), "--fingerprint", str(paper)]
    assert run(["seal", str(tmp_path / "text.txt"), str(tmp_path / "letter"), *sealing]) == 0
    letter = (tmp_path / "letter").read_text("utf-8")
    page = visitor.press(visitor.get("/s/en"), "Send", {"letter": letter})
    assert page.status == 200
    assert "It has been sent" in page.words
    assert page.header("Onion-Location") == ""
    (container,) = site.kept()
    assert (container.mode, container.answers) == (Mode.TOOL, {"narrative": WORDS})


def test_auditors_ask_by_the_onion_address(
    network: Network, site: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`audit site` and `audit follow` find a whole site there, and nothing without a proxy."""
    folder = str(site.site.folder)
    assert run(["epoch", folder, "--now"]) == 0
    assert run(["cosign", folder]) == 0
    policy = ["--state", str(tmp_path / "state"), "--policy", str(site.site.log_policy_path)]
    for words in (["site", site.address], ["follow", site.address, *policy]):
        assert run(["audit", *words, *through(network.visitor)]) == 0, capsys.readouterr()
        capsys.readouterr()
        assert run(["audit", *words]) == 1
        assert "tor alone" in capsys.readouterr().err


@contextmanager
def led_to(path: Path, port: int) -> Iterator[None]:
    """Whoever connects to the socket at `path` is connected to a port of this machine."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def lead() -> None:
            with suppress(OSError):
                while True:
                    client, _ = door.accept()
                    behind = socket.create_connection(("127.0.0.1", port))
                    for pair in ((client, behind), (behind, client)):
                        opened.append(pair[0])
                        threads.append(threading.Thread(target=_copy, args=pair))
                        threads[-1].start()

        opened: list[socket.socket] = []
        threads = [threading.Thread(target=lead)]
        threads[0].start()
        try:
            yield
        finally:
            door.shutdown(socket.SHUT_RDWR)
            path.unlink()
            threads[0].join()
            for one in opened:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()
            for one in opened:
                one.close()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


def test_a_witness_behind_a_key_is_reached_with_the_key_and_by_nobody_else(
    network: Network, site: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Client authorisation: the operator's tor has the key and gets a cosignature, another does not."""
    folder = site.site.folder
    policy = site.site.log_policy_path
    before = policy.read_text("utf-8")
    log = re.search("(?m)^log (.*)$", before)
    assert log is not None
    partner = tmp_path / "witness"
    assert run(["epoch", str(folder), "--now"]) == 0
    assert run(["witness", "new", str(partner), "--name", "partner.test"]) == 0
    key = capsys.readouterr().out.splitlines()[-1]
    assert run(["witness", "add-log", str(partner), log[1]]) == 0
    where = f"witness w1 {key} http://{network.hosts[GUARDED]}/"
    policy.write_text(f"log {log[1]}\n{where}\nquorum w1\n", "utf-8")
    Policy.parse(policy.read_bytes())
    door = Path(network.bind(GUARDED).removeprefix("unix:"))
    try:
        with witnessing(partner) as witness, led_to(door, witness.port):
            assert run(["cosign", str(folder), *through(network.visitor)]) == 1
            assert "w1" in capsys.readouterr().err
            assert run(["cosign", str(folder), *through(network.operator)]) == 0
            assert "cosigned by w1" in capsys.readouterr().out
    finally:
        policy.write_text(before, "utf-8")
    told = network.logs("service") + network.logs("operator")
    assert network.hosts[GUARDED] not in told
