"""What a log may rely on when it asks a running witness."""

import signal
import socket
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest

from intake.errors import MalformedError, ProofError
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.policy import Group, Log, Policy
from intake.tlog.policy import Witness as PolicyWitness
from intake.tlog.witness import parse_answer, with_cosignature
from intake.witness.cosigning import Answer, Witness
from intake.witness.record import WitnessFolder
from intake.witness.serving import CONNECTIONS, WitnessServer, parse_bind
from tests.tlog.logs import LOG, ORIGIN
from tests.web.serving import connect
from tests.witness.conftest import (
    FORK,
    LEAVES,
    Partner,
    Serving,
    asking,
    make_partner,
    running,
    serving,
)


def test_three_witnesses_cosign_a_log_that_grows_and_a_quorum_believes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two of three, whichever of their keys a policy names; a fork gets none of them."""
    partners = [make_partner(tmp_path / f"w{n}", capsys, f"w{n}.test/w") for n in range(3)]
    keys = [partner.vkeys[n == 2] for n, partner in enumerate(partners)]
    policy = Policy(
        (Log(LOG.vkey),),
        tuple(PolicyWitness(f"w{n}", key) for n, key in enumerate(keys)),
        (Group("q", 2, ("w0", "w1", "w2")),),
        "q",
    )
    with serving(partners[0].folder) as a, serving(partners[1].folder) as b:
        with serving(partners[2].folder) as c:
            first = cosigned([a, b, c], keys, 0, 8)
        assert [name for name, _ in policy.endorsed(first).witnesses] == ["w0", "w1", "w2"]
        second = cosigned([a, b], keys, 8, 20)
        assert [name for name, _ in policy.endorsed(second).witnesses] == ["w0", "w1"]
        for witness in (a, b):
            assert witness.ask(asking(20, 20, FORK).to_bytes())[0] == 409
            assert witness.ask(asking(20, 30, FORK).to_bytes())[0] == 422
    with pytest.raises(ProofError, match="quorum"):
        policy.endorsed(asking(20, 30, FORK).signed)


def cosigned(witnesses: list[Serving], keys: list, old: int, size: int) -> SignedCheckpoint:
    """The checkpoint with a line of each witness, as a log collects them."""
    request = asking(old, size)
    signed = request.signed
    for witness, key in zip(witnesses, keys, strict=False):
        status, kind, body = witness.ask(request.to_bytes())
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        assert len(parse_answer(body)) == 2
        signed = with_cosignature(signed, body, key)
    return signed


def test_a_witness_has_the_patience_and_the_places_that_the_format_says(partner: Partner) -> None:
    """docs/format.md 16. A longer patience lets a few slow clients keep every log from asking."""
    documented = Path(__file__).parents[2] / "docs" / "format.md"
    with WitnessFolder(partner.folder) as folder:
        server = WitnessServer(("127.0.0.1", 0), Witness(folder))
        server.server_close()
    said = f"{server.patience} s for a connection, {CONNECTIONS} connections"
    assert said == "30 s for a connection, 32 connections"
    assert said in documented.read_text("utf-8")


def test_every_refusal_of_the_specification_comes_with_its_status(partner: Partner) -> None:
    """And 409 with the size to go on from, alone, as text/x.tlog.size."""
    unknown = asking(0, 1).to_bytes().replace(ORIGIN.encode(), b"testimony-intake/test-bcdefghi")
    unsigned = asking(0, 1).to_bytes().replace(b"\n1\n", b"\n2\n")
    with serving(partner.folder) as witness:
        assert witness.ask(asking(0, 8).to_bytes())[0] == 200
        plain = "text/plain; charset=utf-8"
        assert witness.ask(b"") == (
            400,
            plain,
            b"request is not an old size, a proof and a checkpoint\n",
        )
        assert witness.ask(asking(9, 8).to_bytes())[0] == 400
        assert witness.ask(unsigned)[0] == 403
        assert witness.ask(unknown) == (404, plain, b"this witness does not know the log\n")
        assert witness.ask(asking(0, 9).to_bytes()) == (409, "text/x.tlog.size", b"8\n")
        assert witness.ask(asking(8, 8, FORK).to_bytes()) == (409, "text/x.tlog.size", b"8\n")
        assert witness.ask(asking(8, 9, FORK).to_bytes())[0] == 422
        assert witness.ask(asking(8, 9).to_bytes())[0] == 200


FAULTS = {
    "before it is stored": "from intake.witness.record import Record\n"
    "Record.keep = lambda *_: os.kill(os.getpid(), signal.SIGKILL)",
    "while it is stored": "from pathlib import Path\nold = Path.replace\n"
    "Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)",
    "once it is stored": "from intake.witness.record import Record\nkeep = Record.keep\n"
    "Record.keep = lambda *a: (keep(*a), os.kill(os.getpid(), signal.SIGKILL))",
    "once it is signed": "from intake.witness.keys import WitnessKeys\ncosign = WitnessKeys.cosign\n"
    "WitnessKeys.cosign = lambda *a: (cosign(*a), os.kill(os.getpid(), signal.SIGKILL))",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_witness_killed_at_any_moment_never_signs_two_trees_of_one_size(
    partner: Partner, fault: str
) -> None:
    """kill -9 in the middle of a request; then two stories of that size: one of them is signed."""
    with serving(partner.folder) as witness:
        assert witness.ask(asking(0, 8).to_bytes())[0] == 200
    with serving(partner.folder, FAULTS[fault]) as witness:
        with pytest.raises(OSError):
            witness.ask(asking(8, 20).to_bytes())
        assert witness.process.wait(30) == -signal.SIGKILL
    stored = fault.startswith("once")
    left = list(partner.folder.rglob(".*.part"))
    assert len(left) == (fault == "while it is stored")
    with serving(partner.folder) as witness:
        assert list(partner.folder.rglob(".*.part")) == []
        if stored:
            # Nobody may have the signature of this tree; it is the only one all the same.
            other = [*LEAVES[:8], b"another", *LEAVES[9:]]
            assert witness.ask(asking(8, 20, other).to_bytes())[::2] == (409, b"20\n")
            assert witness.ask(asking(20, 20, other).to_bytes())[0] == 409
            assert witness.ask(asking(20, 20).to_bytes())[0] == 200
        else:
            assert witness.ask(asking(20, 20).to_bytes())[::2] == (409, b"8\n")
            assert witness.ask(asking(8, 20).to_bytes())[0] == 200


def test_of_two_stories_told_at_once_one_is_signed(partner: Partner) -> None:
    """Many connections, two trees of one size, one signature: the specification's race."""
    other = [*LEAVES[:8], b"another", *LEAVES[9:]]
    with serving(partner.folder) as witness:
        assert witness.ask(asking(0, 8).to_bytes())[0] == 200
        bodies = [asking(8, 20, leaves).to_bytes() for leaves in (LEAVES, other)] * 8
        statuses: list[int] = []
        gate = threading.Barrier(len(bodies))

        def ask(body: bytes) -> None:
            gate.wait()
            statuses.append(witness.ask(body)[0])

        threads = [threading.Thread(target=ask, args=(body,)) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(statuses) == [200] + [409] * 15


def test_nothing_is_said_or_written_about_requests(partner: Partner) -> None:
    """One line at the start; then the folder holds what it held, but for the last checkpoint."""
    with serving(partner.folder) as witness:
        before = set(partner.folder.rglob("*"))
        connect(f"127.0.0.1:{witness.port}").close()
        assert witness.ask(asking(0, 8).to_bytes())[0] == 200
        assert witness.ask(b"nonsense")[0] == 400
        with socket.create_connection(("127.0.0.1", witness.port)) as rude:
            rude.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 99\r\n\r\nx")
        assert witness.ask(asking(8, 9).to_bytes())[0] == 200
        assert set(partner.folder.rglob("*")) == before
        said = witness.said.read_text()
    assert said == f"one.test/w knows 1 logs, on port {witness.port}\n"


def test_a_checkpoint_that_cannot_be_stored_is_not_signed_and_the_operator_is_told(
    partner: Partner, capsys: pytest.CaptureFixture[str]
) -> None:
    """503, one line without a name of anyone; later the same request is signed."""
    folder = partner.folder / "latest"
    with running(partner) as server:
        port = server.server_address[1]
        folder.rename(partner.folder / "away")
        assert asked(port, asking(0, 8).to_bytes()) == 503
        (partner.folder / "away").rename(folder)
        assert asked(port, asking(0, 8).to_bytes()) == 200
    assert capsys.readouterr().err == (
        "intake: error: a checkpoint cannot be stored: No such file or directory\n"
    )


def asked(port: int, body: bytes) -> int:
    """The status of the answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", "/add-checkpoint", body)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_mistake_of_the_program_is_one_line_without_anything_of_the_request(
    partner: Partner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its kind alone; the connection is closed and the next one served."""

    def broken(_: Witness, body: bytes) -> Answer:
        raise ValueError(body)

    with running(partner) as server:
        with monkeypatch.context() as patch:
            patch.setattr(Witness, "answer", broken)
            with pytest.raises(OSError):
                asked(server.server_address[1], b"secret")
        assert asked(server.server_address[1], asking(0, 8).to_bytes()) == 200
    assert capsys.readouterr().err == "intake: error: a request failed with ValueError\n"


@pytest.mark.parametrize("text", ["", "127.0.0.1", "127.0.0.1:", "host:1", "127.0.0.1:65536", ":1"])
def test_an_address_to_listen_on_is_a_number_and_a_port(text: str) -> None:
    """No name is looked up."""
    with pytest.raises(MalformedError):
        parse_bind(text)
    assert parse_bind("127.0.0.1:8290") == ("127.0.0.1", 8290)
    assert parse_bind("[::1]:0") == ("::1", 0)
