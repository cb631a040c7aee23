"""What can be relied on while witnesses take their time, lie about its end, or stand behind tor."""

import socket
import time
from dataclasses import replace

import pytest

from intake.cli import run
from intake.errors import ProofError, StoreError
from intake.log import cosigning
from intake.log.cosigning import Outcome, cosign
from intake.tlog.policy import Policy
from tests.log.witnesses import CHUNKED, Endless, HonestWitness
from tests.log.worlds import FIRST, World
from tests.socks import socks_to


def names(outcome: Outcome) -> list[str]:
    return [name for name, _ in outcome.endorsed.witnesses]


@pytest.mark.parametrize(
    "answer",
    [
        Endless(b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n", b"a", 0.3),
        Endless(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n", b"a", 0.3),
        Endless(b"HTTP/1.1 200 X\r\n", b"A: b\r\n", 0.3),
        Endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        Endless(CHUNKED, b"1\r\na\r\n", 0.3),
        Endless(CHUNKED + b"-1\r\n", b"a" * 65536),
        Endless(CHUNKED + b"-FFFFFFFF\r\n", b"\r\n-FFFFFFFF\r\n"),
    ],
    ids=["drip", "drip to the end", "headers", "continue", "chunks", "chunk of -1", "less"],
)
def test_a_witness_without_an_end_holds_up_nobody(
    world: World,
    three: list[HonestWitness],
    policy: Policy,
    monkeypatch: pytest.MonkeyPatch,
    answer: Endless,
) -> None:
    """However slowly or fast it goes on, an answer has its time, and then others are asked."""
    monkeypatch.setattr(cosigning, "PATIENCE", 1.0)
    world.close()
    three[0].lie = lambda _: answer
    begin = time.monotonic()
    outcome = cosign(world.folder, policy)
    assert time.monotonic() - begin < 5
    assert names(outcome) == ["w1", "w2"]
    assert outcome.refusals == ("w0: it was not reached",)


def test_the_log_can_be_written_while_a_witness_thinks(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    """What is staged meanwhile waits for the next time, and goes on from what is published now."""
    first = world.close()
    staged = []

    def slow(given):
        three[0].lie = None
        staged.append(world.close(FIRST.next))
        return given

    three[0].lie = slow
    assert cosign(world.folder, policy).signed.checkpoint == first.checkpoint
    assert world.folder.staged() == staged[0]
    assert cosign(world.folder, policy).signed.checkpoint == staged[0].checkpoint


def test_who_writes_keeps_others_from_publishing(world: World, policy: Policy) -> None:
    world.close()
    with world.folder.locked(), pytest.raises(StoreError, match="being written already"):
        cosign(world.folder, policy)
    assert world.folder.published() is None


def test_of_two_who_ask_at_once_neither_takes_away_the_others_witnesses(
    world: World, three: list[HonestWitness], policy: Policy
) -> None:
    """Nor does the slower one bring back an older checkpoint."""
    world.close()

    def meanwhile(given):
        three[0].lie = None
        assert names(cosign(world.folder, policy)) == ["w0", "w1", "w2"]
        return 500, "text/plain", b""

    three[0].lie = meanwhile
    outcome = cosign(world.folder, policy)
    assert outcome.refusals == ("w0: it answered 500",)
    assert names(outcome) == ["w0", "w1", "w2"]
    assert world.folder.published() == outcome.signed
    assert len(outcome.signed.note.signatures) == 4
    world.close(FIRST.next)

    def overtaken(given):
        three[2].lie = None
        world.close(FIRST.next.next)
        cosign(world.folder, policy)
        return given

    three[2].lie = overtaken
    with pytest.raises(ProofError, match="older than the one"):
        cosign(world.folder, policy)
    assert world.folder.published().checkpoint == world.folder.staged().checkpoint


ONION = "w" * 56 + ".onion"


def test_a_witness_behind_an_onion_service_is_asked_through_the_proxy_alone(
    world: World,
    three: list[HonestWitness],
    policy: Policy,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With --socks by its name; without, it is refused, and no resolver hears of it."""
    world.close()
    hidden = replace(policy.witnesses[0], url=f"http://{ONION}/w")
    changed = replace(policy, witnesses=(hidden, *policy.witnesses[1:]))
    site = world.folder.path.parent
    (site / "keys").mkdir(exist_ok=True)
    (site / "keys" / "log.policy").write_bytes(changed.to_bytes())
    resolved: list[object] = []
    resolve = socket.getaddrinfo

    def heard(host, *rest, **more):
        resolved.append(host)
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", heard)
    assert run(["cosign", str(site)]) == 0
    assert three[0].asked == []
    printed = capsys.readouterr()
    assert printed.err.startswith("not cosigned by w0: an onion address is reached through tor")
    assert printed.out.endswith("cosigned by w1, w2\n")
    with socks_to(three[0].port) as proxy:
        alone = replace(changed, witnesses=(hidden,), groups=(), quorum="w0")
        (site / "keys" / "log.policy").write_bytes(alone.to_bytes())
        assert run(["cosign", str(site), "--socks", f"127.0.0.1:{proxy.port}"]) == 0
    assert proxy.asked == [(ONION.encode(), 80)] * 2  # its size was asked for once
    assert len(set(proxy.names)) == 2
    assert len(three[0].asked) == 2
    assert set(resolved) == {"127.0.0.1"}


def test_a_proxy_that_is_not_there_or_not_written_as_one_is_said(
    world: World,
    policy: Policy,
    three: list[HonestWitness],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody is asked without it."""
    world.close()
    site = world.folder.path.parent
    (site / "keys").mkdir(exist_ok=True)
    (site / "keys" / "log.policy").write_bytes(policy.to_bytes())
    assert run(["cosign", str(site), "--socks", "tor"]) == 1
    assert "a proxy is HOST:PORT" in capsys.readouterr().err
    assert run(["cosign", str(site), "--socks", "127.0.0.1:1"]) == 1
    assert "w2: it was not reached" in capsys.readouterr().err
    assert [witness.asked for witness in three] == [[], [], []]
