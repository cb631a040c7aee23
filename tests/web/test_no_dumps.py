"""A crash leaves no core, nobody of the same user reads the memory, and swap is said to the operator."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from intake.web.swapping import swap_in_use
from tests.web.follow import Visitor, over_http
from tests.web.memory import family_of, readers_of
from tests.web.serving import serving, site_in, until
from tests.web.test_readers import reading, worker_of

# A process in a folder of its own with no limit to its core, as an operator may have set it.
CRASH = """
import ctypes, os, resource, signal, sys
os.chdir(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
from intake.dumps import refuse_dumps
{}
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)  # PR_GET_DUMPABLE
os.kill(os.getpid(), signal.SIGSEGV)
"""
PATTERN = Path("/proc/sys/kernel/core_pattern").read_text().strip()
DUMPS = resource.getrlimit(resource.RLIMIT_CORE)[1] == resource.RLIM_INFINITY


def crashed(folder: Path, change: str) -> tuple[bool, bool, bool]:
    """Whether a crash says that it dumped core, whether a file lies there, whether it could."""
    child = os.fork()
    if child == 0:  # pragma: no cover
        with (folder / "said").open("wb") as said:
            os.dup2(said.fileno(), 1)
            os.execv(sys.executable, [sys.executable, "-c", CRASH.format(change), str(folder)])
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGSEGV
    files = [path.name for path in folder.iterdir() if path.name != "said"]
    return os.WCOREDUMP(status), bool(files), (folder / "said").read_text().strip() == "1"


def test_a_crash_leaves_no_core(tmp_path: Path) -> None:
    assert crashed(tmp_path, "refuse_dumps()") == (False, False, False)


@pytest.mark.parametrize("kept", ["limit", "dumpable"])
def test_each_of_the_two_alone_leaves_none_either(tmp_path: Path, kept: str) -> None:
    """The limit does not hold for a program that the kernel hands dumps to; the other always does."""
    undone = {
        "dumpable": "limit = resource.setrlimit\nresource.setrlimit = lambda *_: None",
        "limit": "import intake.dumps as n\nn._PR_SET_DUMPABLE = 1",  # sets another thing
    }
    dumped, file, dumpable = crashed(tmp_path, f"{undone[kept]}\nrefuse_dumps()")
    assert not file
    assert dumpable == (kept == "limit")
    if kept == "dumpable" or not PATTERN.startswith("|"):
        assert not dumped


def test_the_twin_that_allows_dumps_is_caught(tmp_path: Path) -> None:
    if not DUMPS:
        pytest.skip("no process may dump core here, whatever it asks for")
    dumped, file, dumpable = crashed(tmp_path, "")
    assert dumpable
    assert dumped
    # A path or a program of its own puts it elsewhere.
    assert file == (not PATTERN.startswith(("/", "|")))


def serve_and_crash(folder: Path, change: str) -> list[str]:
    """What lies in the server's working folder after each kind of its processes crashed."""
    site_in(folder / "site")
    cores = folder / "cores"
    cores.mkdir()
    unlimited = 'ulimit -c "$(ulimit -H -c)"; cd "$0" && exec "$@"'
    with serving(folder / "site", ["sh", "-c", unlimited, str(cores)], change) as (port, server):
        assert Visitor(over_http(port)).get("/1").status == 200
        with reading(port, server.pid) as (_, reader):
            os.kill(reader, signal.SIGSEGV)
            until(lambda: readers_of(server.pid) == [])
        for which in (1, 0):  # who forks readers, with whom the worker ends; and the next worker
            one = worker_of(server.pid)[which]
            os.kill(one, signal.SIGSEGV)
            until(lambda one=one: one not in family_of(server.pid))
            until(lambda: len(family_of(server.pid)) == 3)
    return [path.name for path in cores.iterdir()]


def test_no_process_of_a_server_dumps_core(tmp_path: Path) -> None:
    assert serve_and_crash(tmp_path, "server.__name__") == []


def test_the_twin_whose_processes_dump_is_caught(tmp_path: Path) -> None:
    if not DUMPS or PATTERN.startswith(("/", "|")):
        pytest.skip("cores go elsewhere here")
    assert serve_and_crash(tmp_path, "server.refuse_dumps = lambda: None") != []


# Somebody who has the server's user, and nothing else, tries to read the memory of its process.
LOOK = """
import os, sys
try:
    with open(f"/proc/{sys.argv[1]}/mem", "rb", 0): print("read")
except PermissionError: print("refused")
"""
NOBODY = 65534


@pytest.mark.parametrize(("change", "said"), [("refuse_dumps()", "refused"), ("pass", "read")])
def test_nobody_of_the_same_user_reads_its_memory(change: str, said: str) -> None:
    """The twin shows that else anybody of that user could."""
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if os.geteuid() != 0:
        user = []
    else:
        assert shutil.which("setpriv"), "setpriv is missing"
    # The program is handed over loaded: a user without rights may not be able to read our files.
    held = f"""
import os, subprocess, sys
from intake.dumps import refuse_dumps
if os.geteuid() == 0:
    os.setgroups([]); os.setresgid({NOBODY}, {NOBODY}, {NOBODY})
    os.setresuid({NOBODY}, {NOBODY}, {NOBODY})
    import ctypes; ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # a change of user took it away
{change}
print("ready", flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        looked = subprocess.run(
            [*user, "/usr/bin/env", "python3", "-c", LOOK, str(process.pid)],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": "/usr/bin:/bin"},
        )
        process.stdin.close()
    assert looked.stdout == f"{said}\n", looked.stderr


SWAPS = "Filename Type Size Used Priority\n/dev/sda2 partition 8 0 -2\n"


def machine(folder: Path, limits: dict[str, str], swaps: str = SWAPS) -> tuple[Path, Path]:
    proc, groups = folder / "proc", folder / "groups"
    (proc / "self").mkdir(parents=True)
    (proc / "self/cgroup").write_text("0::/system.slice/intake.service\n")
    (proc / "swaps").write_text(swaps)
    (groups / "system.slice/intake.service").mkdir(parents=True)
    for group, limit in limits.items():
        (groups / group / "memory.swap.max").write_text(f"{limit}\n")
    return proc, groups


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({}, ("/dev/sda2",)),
        ({"system.slice/intake.service": "max"}, ("/dev/sda2",)),
        ({"system.slice/intake.service": "0"}, ()),
        ({"system.slice": "0", "system.slice/intake.service": "max"}, ()),
        ({"system.slice": "4096"}, ("/dev/sda2",)),
    ],
)
def test_swap_counts_where_this_process_may_be_swapped_out(
    tmp_path: Path, limits: dict[str, str], found: tuple[str, ...]
) -> None:
    assert swap_in_use(*machine(tmp_path, limits)) == found


def test_swap_in_memory_and_a_hidden_table_are_none(tmp_path: Path) -> None:
    zram = SWAPS.replace("/dev/sda2", "/dev/zram0")
    assert swap_in_use(*machine(tmp_path / "a", {}, zram)) == ()
    proc, groups = machine(tmp_path / "b", {})
    (proc / "swaps").unlink()
    assert swap_in_use(proc, groups) == ()


@pytest.mark.parametrize("places", [("/dev/sda2", "/swap\x1b[2J"), ()])
def test_the_operator_is_told_of_swap_in_one_line(tmp_path: Path, places: tuple[str, ...]) -> None:
    site_in(tmp_path / "site")
    log = tmp_path / "log"
    change = f"server.swap_in_use = lambda: {places!r}"
    with serving(tmp_path / "site", change=change, log=log) as (port, _):
        assert Visitor(over_http(port)).get("/1").status == 200
    said = log.read_text().splitlines()
    assert len(said) == bool(places)
    assert all(line.startswith("intake: swap is on (/dev/sda2, /swap") for line in said)
    assert "\x1b" not in log.read_text()
