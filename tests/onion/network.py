"""A private Tor network on 127.0.0.1: 3 authorities, 2 relays, onion services, 2 clients.

    python -m tests.onion.network FOLDER

Each service leads to a unix socket in FOLDER, as deploy/torrc has it. When all of them can be
reached, FOLDER/ready says where; that takes about 65 seconds, of waiting more than of work. The
network ends when nobody holds FOLDER/held open for writing any more, and takes FOLDER along. It
needs Debian's `tor`, touches no address but 127.0.0.1, and cannot reach the real Tor network.
"""

import base64
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from python_socks import ProxyType
from python_socks.sync import Proxy

from tests.ports import free_port

# Each with a socket of its own; `guarded` is for whoever has its key, all others are for anybody.
SERVICES = ("form", "audited", "guarded")
GUARDED = "guarded"
TORRC = Path("deploy/torrc")
_PATIENCE = 600  # seconds, on a machine with other work
_RELAY = """\
SocksPort 0
Address 127.0.0.1
AssumeReachable 1
ExitPolicy reject *:*
TestingDirAuthVoteExit *
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
V3AuthNIntervalsValid 2
"""
_AUTHORITY = """\
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo test@127.0.0.1
V3AuthVotingInterval 20
V3AuthVoteDelay 4
V3AuthDistDelay 4
TestingV3AuthInitialVotingInterval 20
TestingV3AuthInitialVoteDelay 4
TestingV3AuthInitialDistDelay 4
"""


def socket_of(folder: Path, service: str) -> Path:
    """Where whoever serves behind a service listens."""
    return folder / f"{service}.sock"


@dataclass
class _Network:
    """The processes of one network, in a folder each."""

    folder: Path
    running: "list[subprocess.Popen[bytes]]" = field(default_factory=list)
    trust: str = ""

    def start(self, name: str, settings: str) -> None:
        """Start one tor; its log at notice is in its folder."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True, mode=0o700)
        (folder / "torrc").write_text(
            f"TestingTorNetwork 1\nDataDirectory {folder}\nNickname {name}\nShutdownWaitLength 0\n"
            f"Log notice file {folder}/notice.log\nPathsNeededToBuildCircuits 0.67\n"
            f"{self.trust}{settings}"
        )
        self.running.append(subprocess.Popen(["tor", "-f", folder / "torrc", "--quiet"]))

    def check(self) -> None:
        """Fail where one of them ended."""
        for one in self.running:
            assert one.poll() is None, f"{one.args!r} ended with {one.returncode}"

    def stop(self) -> None:
        """End all of them."""
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait()


def run(folder: Path) -> None:
    """Bring the network up, say so, and keep it until nobody holds it."""
    held = os.open(folder / "held", os.O_RDONLY | os.O_NONBLOCK)
    network = _Network(folder)
    try:
        ready = _brought_up(network, held)
        _write(folder / "ready", json.dumps(ready))
        while not _is_let_go(held, 5):
            network.check()
    except (AssertionError, OSError, subprocess.CalledProcessError) as error:
        _write(folder / "failed", f"{type(error).__name__}: {error}")
        while not _is_let_go(held, 60):
            pass
    finally:
        network.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _brought_up(network: _Network, held: int) -> dict[str, object]:
    """Start everything, and wait until each service is reached; what tests need to know of it."""
    folder = network.folder
    ports = iter([free_port() for _ in range(10)])
    authorities = [(f"a{number}", next(ports), next(ports)) for number in range(3)]
    lines = (_authority_line(folder / name, *rest) for name, *rest in authorities)
    network.trust = "".join(lines)
    for name, or_port, dir_port in authorities:
        own = f"ORPort 127.0.0.1:{or_port}\nDirPort 127.0.0.1:{dir_port}\n"
        network.start(name, _RELAY + _AUTHORITY + own)
    for name in ("r0", "r1"):
        network.start(name, f"{_RELAY}ORPort 127.0.0.1:{next(ports)}\n")
    key = X25519PrivateKey.generate()
    (folder / "service").mkdir(mode=0o700)
    _authorize(folder / "service" / GUARDED, key)
    services = "".join(_service_lines(folder, name) for name in SERVICES)
    network.start("service", f"SocksPort 0\n{services}")
    hosts = {name: _host(network, name) for name in SERVICES}
    visitor, operator = next(ports), next(ports)
    network.start("visitor", f"SocksPort 127.0.0.1:{visitor}\n")
    keys = folder / "operator" / "keys"
    keys.mkdir(parents=True, mode=0o700)
    keys.parent.chmod(0o700)
    private = _in_base32(key.private_bytes_raw())
    host = hosts[GUARDED].removesuffix(".onion")
    (keys / "site.auth_private").write_text(f"{host}:descriptor:x25519:{private}\n")
    network.start("operator", f"SocksPort 127.0.0.1:{operator}\nClientOnionAuthDir {keys}\n")
    end = time.monotonic() + _PATIENCE
    with ExitStack() as doors:
        for name in SERVICES:
            doors.enter_context(_open_door(socket_of(folder, name)))
        for name, host in hosts.items():
            port = operator if name == GUARDED else visitor
            while not _is_reached(port, host):
                network.check()
                assert time.monotonic() < end, f"{name} is not reached: see the notice.log of each"
                assert not _is_let_go(held, 1), "nobody waits for it any more"
    return {"hosts": hosts, "visitor": visitor, "operator": operator}


def _authority_line(folder: Path, or_port: int, dir_port: int) -> str:
    """Make an authority's keys; the line by which all others know it."""
    keys = folder / "keys"
    keys.mkdir(parents=True)
    folder.chmod(0o700)
    files = {"-i": "authority_identity_key", "-s": "authority_signing_key"}
    files["-c"] = certificate = "authority_certificate"
    made = [word for flag, name in files.items() for word in (flag, str(keys / name))]
    address = f"127.0.0.1:{dir_port}"
    subprocess.run(
        [
            *("tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12"),
            *("-a", address, *made),
        ],
        input=b"test\n",
        check=True,
        capture_output=True,
    )
    identity = re.search(r"^fingerprint (\w+)", (keys / certificate).read_text(), re.MULTILINE)
    assert identity is not None
    listed = subprocess.run(
        [
            *("tor", "--quiet", "--ignore-missing-torrc", "-f", os.devnull, "--list-fingerprint"),
            *("--ORPort", "1", "--DirAuthority", "x 127.0.0.1:1 " + "F" * 40),
            *("--DataDirectory", folder, "--Nickname", folder.name),
        ],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    fingerprint = re.sub(r"\s", "", listed.partition(" ")[2])
    return (
        f"DirAuthority {folder.name} orport={or_port} no-v2 v3ident={identity[1]}"
        f" {address} {fingerprint}\n"
    )


def _service_lines(folder: Path, service: str) -> str:
    """The first service of deploy/torrc, word for word but for its folder and its socket."""
    rows = [row for row in TORRC.read_text("utf-8").splitlines() if row.startswith("HiddenService")]
    later = [n for n, row in enumerate(rows) if row.startswith("HiddenServiceDir ") and n]
    text = "\n".join(rows[: later[0] if later else None]) + "\n"
    text = re.sub(r"(?m)^HiddenServiceDir .*", f"HiddenServiceDir {folder}/service/{service}", text)
    return re.sub(r"unix:\S+", f"unix:{socket_of(folder, service)}", text)


def _authorize(folder: Path, key: X25519PrivateKey) -> None:
    """Whoever has this key, and nobody else, is told where the service in this folder is."""
    clients = folder / "authorized_clients"
    clients.mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    public = _in_base32(key.public_key().public_bytes_raw())
    (clients / "operator.auth").write_text(f"descriptor:x25519:{public}\n")


def _in_base32(key: bytes) -> str:
    return base64.b32encode(key).decode().rstrip("=")


def _host(network: _Network, service: str) -> str:
    path = network.folder / "service" / service / "hostname"
    end = time.monotonic() + 60
    while not path.exists():
        network.check()
        assert time.monotonic() < end, "tor made no onion address"
        time.sleep(0.1)
    return path.read_text().strip()


@contextmanager
def _open_door(path: Path) -> Iterator[None]:
    """Something that listens, until the network is ready and others may."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen(64)
        yield
    path.unlink()


def _is_reached(port: int, host: str) -> bool:
    proxy = Proxy.create(ProxyType.SOCKS5, "127.0.0.1", port, rdns=True)
    try:
        proxy.connect(host, 80, timeout=30).close()
    except Exception:  # noqa: BLE001 - the package's errors have no common name
        return False
    return True


def _is_let_go(held: int, seconds: float) -> bool:
    """Whether nobody holds the network, within so many seconds."""
    poll = select.poll()
    poll.register(held, 0)
    return bool(poll.poll(seconds * 1000))


def _write(path: Path, text: str) -> None:
    made = path.with_suffix(".new")
    made.write_text(text, "utf-8")
    made.rename(path)


def main() -> int:
    """Run it in the folder that the first argument names."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with suppress(KeyboardInterrupt):
        run(Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
