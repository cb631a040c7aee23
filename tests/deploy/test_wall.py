"""What the network's wall and Tor's settings let through, by the programs that read them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
_SERVER = "import socket; s = socket.create_server(('{}', {})); print('up', flush=True)\nwhile True: s.accept()"
_USERS = {"intake": 62001, "debian-tor": 62002, "_chrony": 62003, "nobody": 65534}

# Two machines on one cable: ours, with the wall, and the world.
_SCRIPT = r"""
set -eu
mount --make-rprivate /
printf '%s\n' 'root:x:0:0::/:/bin/sh' {users} > {folder}/passwd
mount --bind {folder}/passwd /etc/passwd
mount -t tmpfs tmpfs /run
ip link set lo up
ip netns add world
ip link add cable type veth peer name cable netns world
ip address add 10.9.0.1/24 dev cable
ip link set cable up
ip netns exec world ip address add 10.9.0.2/24 dev cable
ip netns exec world ip link set cable up
ip netns exec world ip link set lo up
ip route add default via 10.9.0.2
{load}
ip netns exec world {python} -c "{tcp}" > /run/up1 &
{python} -c "{ssh}" > /run/up2 &
{python} -c "{socks}" > /run/up3 &
while ! grep -qs up /run/up1 || ! grep -qs up /run/up2 || ! grep -qs up /run/up3; do sleep 0.05; done
ask() {{
  if "$@" > /dev/null 2>&1; then echo "yes"; else echo "no"; fi
}}
tcp() {{ # user address port
  setpriv --reuid "$1" --clear-groups timeout 2 bash -c "exec 3<>/dev/tcp/$2/$3"
}}
udp() {{
  setpriv --reuid "$1" --clear-groups bash -c "echo x > /dev/udp/$2/$3"
}}
{asks}
ip netns exec world timeout 2 bash -c 'exec 3<>/dev/tcp/10.9.0.1/22' > /dev/null 2>&1 && echo 'ssh from outside yes' || echo 'ssh from outside no'
kill %1 %2 %3
"""


def verdicts(folder: Path, rules: Path | None) -> dict[str, str]:
    """Who reaches what, behind a wall or without one: by real packets between two name spaces."""
    questions = [
        *(f"tcp {user} 10.9.0.2 9001" for user in _USERS),
        *(f"tcp {user} 127.0.0.1 9050" for user in _USERS),
        *(f"tcp {user} 127.0.0.1 22" for user in _USERS),
        *(f"udp {user} 10.9.0.2 123" for user in _USERS),
    ]
    words = {"python": shutil.which("python3"), "folder": folder}
    script = _SCRIPT.format(
        **words,
        users=" ".join(
            f"'{name}:x:{number}:{number}::/:/bin/sh'" for name, number in _USERS.items()
        ),
        load=f"nft --file '{rules}'" if rules else ":",
        tcp=_SERVER.format("10.9.0.2", 9001),
        ssh=_SERVER.format("0.0.0.0", 22),
        socks=_SERVER.format("127.0.0.1", 9050),
        asks="\n".join(f"echo '{one}' $(ask {one})" for one in questions),
    )
    done = subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, str], dict[str, str]]:
    folder = tmp_path_factory.mktemp("wall")
    return verdicts(folder, DEPLOY / "intake.nft"), verdicts(folder, None)


def test_what_the_wall_lets_through(both: tuple[dict[str, str], dict[str, str]]) -> None:
    through = {question for question, answer in both[0].items() if answer == "yes"}
    assert through == {
        "tcp debian-tor 10.9.0.2 9001",
        "tcp intake 127.0.0.1 9050",
        "tcp debian-tor 127.0.0.1 9050",
        "tcp _chrony 127.0.0.1 9050",
        "tcp nobody 127.0.0.1 9050",
        "tcp debian-tor 127.0.0.1 22",
        "tcp _chrony 127.0.0.1 22",
        "tcp nobody 127.0.0.1 22",
        "udp _chrony 10.9.0.2 123",
    }


def test_without_the_wall_all_of_it_goes_through(
    both: tuple[dict[str, str], dict[str, str]],
) -> None:
    assert set(both[1].values()) == {"yes"}
    assert both[0].keys() == both[1].keys()


def verified(torrc: Path) -> str:
    """What tor says of its settings, as Debian starts it."""
    defaults = "/usr/share/tor/tor-service-defaults-torrc"
    command = ["tor", "--verify-config", "--defaults-torrc", defaults, "-f", str(torrc)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return f"{done.returncode} {done.stdout}{done.stderr}"


def test_tor_takes_its_settings(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    shutil.copy(DEPLOY / "torrc", tmp_path / "torrc")
    said = verified(tmp_path / "torrc")
    assert said.startswith("0 "), said
    assert "[warn]" not in said, said
    text = (DEPLOY / "torrc").read_text("utf-8")
    (tmp_path / "torrc").write_text(text.replace("PoWDefensesEnabled 1", "PoWDefences 1"))
    assert verified(tmp_path / "torrc").startswith("1 ")


def test_the_form_s_onion_defends_itself_and_nothing_listens_to_a_network() -> None:
    text = (DEPLOY / "torrc").read_text("utf-8")
    services = re.split(r"(?m)^HiddenServiceDir ", text)[1:]
    assert services[0].startswith("/var/lib/tor/intake\n")
    assert "HiddenServicePoWDefensesEnabled 1" in services[0]
    assert re.findall(r"(?m)^HiddenServicePort (.*)$", text) == [
        "80 unix:/run/intake/form.sock",
        "22 127.0.0.1:22",
    ]
    assert re.findall(r"(?m)^(?:Socks|Control|OR|Dir)Port (\S+)", text) == ["127.0.0.1:9050", "0"]
