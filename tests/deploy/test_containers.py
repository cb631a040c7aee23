"""The images are built from the wheelhouse and run as `compose.yaml` says, by the real podman."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from deploy.supply import wheelhouse
from intake.web.site import Site
from tests.deploy.machine import debian
from tests.deploy.over_socket import over_socket
from tests.panel import make_panel
from tests.web.follow import Visitor
from tests.web.serving import connect, until

CONTAINERS = Path(__file__).parents[2] / "deploy/containers"
_BASE = "FROM scratch\nADD debian.tar /\n"
_TO_JSON = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
_NOT_OURS = {"image", "build", "restart"}  # what is built here, and when it is started again


@dataclass
class Podman:
    """podman with a store of its own, so that it sees no image of this machine."""

    folder: Path

    def __call__(self, *words: str) -> str:
        command = ["podman", "--root", f"{self.folder}/store", "--runroot", f"{self.folder}/run"]
        # crun knows no machine with both versions of cgroups.
        command += ["--runtime", "runc", "--cgroup-manager", "cgroupfs", *words]
        env = os.environ | {"STORAGE_DRIVER": "vfs"}
        done = subprocess.run(
            command, env=env, check=False, capture_output=True, text=True, timeout=540
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
        return done.stdout

    def volume(self, name: str) -> Path:
        """Where a volume lies on this machine."""
        return Path(self("volume", "inspect", name, "--format={{.Mountpoint}}").strip())


def service(name: str) -> dict[str, Any]:
    """A service of the file, read by Debian's own parser of YAML."""
    said = subprocess.run(
        ["/usr/bin/python3", "-c", _TO_JSON],
        input=(CONTAINERS / "compose.yaml").read_bytes(),
        check=True,
        capture_output=True,
    ).stdout
    return json.loads(said)["services"][name]


def words(name: str) -> list[str]:
    """What `podman run` is told for a service; every word of the file is one that is known here."""
    made = []
    for key, value in service(name).items():
        match key, value:
            case "network_mode", str():
                made.append(f"--network={value}")
            case "read_only", True:
                made.append("--read-only")
            case "cap_drop" | "security_opt" | "tmpfs" | "volumes", list():
                flag = {"volumes": "volume"}.get(key, key.replace("_", "-"))
                made += [f"--{flag}={one}" for one in value]
            case "ulimits", dict():
                made += [f"--ulimit={limit}={most}" for limit, most in value.items()]
            case "pids_limit", int():
                made.append(f"--pids-limit={value}")
            case "mem_limit" | "memswap_limit", str():
                made.append(f"--{'memory' if key == 'mem_limit' else 'memory-swap'}={value}")
            case "mem_swappiness", int():
                made.append(f"--memory-swappiness={value}")
            case "logging", {"driver": driver}:
                made.append(f"--log-driver={driver}")
            case _ if key in _NOT_OURS:
                pass
            case _:
                pytest.fail(f"compose.yaml says {key}: {value}, which is not tested")
    return made


def answers(bind: str) -> bool:
    """Whether somebody listens there by now."""
    try:
        connect(bind).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def podman(pytestconfig: pytest.Config) -> Iterator[Podman]:
    """Both images, on a Debian that is brought here as a file: no registry is asked.

    They are large, so they lie on a disk.
    """
    assert pytestconfig.cache is not None
    packed = debian("bookworm", Path(pytestconfig.cache.mkdir("debian")))
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        made = Podman(folder)
        _build(made, packed)
        yield made
        # Not `system reset`: that is the machine's.
        made("rm", "--all", "--force", "--time=1")


def _build(podman: Podman, packed: Path) -> None:
    base = podman.folder / "base"
    base.mkdir()
    shutil.copy(packed, base / "debian.tar")
    (base / "Containerfile").write_text(_BASE)
    wheelhouse.make(podman.folder / "wheelhouse")
    build = ["build", "--isolation=chroot", "--network=host"]
    podman(*build, "--tag=base", str(base))
    build.append("--build-arg=BASE=localhost/base")
    for tag, name, context in (
        ("intake", "Containerfile", podman.folder / "wheelhouse"),
        ("intake-tor", "Containerfile.tor", CONTAINERS),
    ):
        podman(*build, f"--tag={tag}", f"--file={CONTAINERS / name}", str(context))


@pytest.mark.long
def test_the_form_is_asked_over_the_socket_in_its_volume(podman: Podman) -> None:
    run = ["run", "--rm", "--network=none", "--ulimit=nofile=8192", "--ulimit=nproc=4096"]
    run.append("--volume=site:/var/lib/intake")
    # What an operator does: a site, and a roster from a stick.
    podman(
        *run,
        "intake",
        "init",
        "/var/lib/intake/site",
        "--organisation=Archive",
        "--address=a.example",
    )
    volume = podman.volume("site")
    site = Site.open(volume / "site", only_look=True)
    panel = make_panel(deployment=site.settings.deployment)
    (volume / "roster.note").write_bytes(panel.note)
    os.chown(volume / "roster.note", 62001, 62001)
    digits = f"--fingerprint={panel.roster.roots.fingerprint}"
    podman(
        *run,
        "intake",
        "roster",
        "publish",
        "/var/lib/intake/site",
        "/var/lib/intake/roster.note",
        digits,
    )

    both = ["run", "--detach", "--ulimit=nproc=4096"]
    podman(*both, "--name=form", *words("form"), "intake")
    socket = podman.volume("socket")
    until(partial(answers, f"unix:{socket}/form.sock"), 60)
    visitor = Visitor(over_socket(socket / "form.sock", "a.example"))
    form = visitor.press(visitor.get("/en"), "Start")
    check = visitor.press(form, "Continue", {"narrative": "They came at night."})
    assert 'class="code"' in visitor.press(check, "Send").html

    state = json.loads(podman("inspect", "form"))[0]
    pid = state["State"]["Pid"]
    interfaces = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]
    status = Path(f"/proc/{pid}/status").read_text()
    for line in ("CapEff:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2", "Uid:\t62001"):
        assert line in status, line
    mounts = [line.split() for line in Path(f"/proc/{pid}/mounts").read_text().splitlines()]
    assert "ro" in next(options for _, point, _, options, *_ in mounts if point == "/").split(",")
    assert state["HostConfig"]["PidsLimit"] == 128
    assert state["HostConfig"]["LogConfig"]["Type"] == "none"

    # Tor reaches the socket, and nobody in its container the site.
    podman(*both, "--name=tor", "--network=none", *words("tor"), "intake-tor")
    assert podman("exec", "tor", "sh", "-c", "test -w /run/intake/form.sock && ls /var/lib") != ""
    assert "intake" not in podman("exec", "tor", "ls", "/var/lib").split()
    address = podman.volume("onion") / "intake/hostname"
    until(lambda: address.exists() and address.read_text().endswith(".onion\n"))
    podman("rm", "--force", "--time=1", "form", "tor")
