"""What is forked for a test is what the test would have started."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.starting import Started, start

# All that a program finds around it, and what must be its own.
TELLING = """
import json, os, random, resource, signal, ssl, sys, threading
from pathlib import Path
status = dict(row.split(":", 1) for row in Path("/proc/self/status").read_text().splitlines())
names = ("SigQ", "SigBlk", "SigIgn", "SigCgt", "Umask", "Seccomp", "Groups", "Threads", "NoNewPrivs")
files = {os.readlink(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd") if int(one) > 2
         and os.path.exists(f"/proc/self/fd/{one}")}
print(json.dumps({
    "alike": {
        "words": sys.argv, "path": sys.path, "folder": os.getcwd(), "name": __name__,
        "session": os.getsid(0) == os.getpid() == os.getpgid(0),
        "environment": dict(os.environ),
        "limits": [resource.getrlimit(which) for which in range(16)],
        "status": {name: status[name] for name in names if name != "SigQ"},
        "dumps": __import__("ctypes").CDLL(None).prctl(3, 0, 0, 0, 0),
        "nice": os.nice(0), "stdin": os.readlink("/proc/self/fd/0"), "hook": str(sys.excepthook),
        "files": sorted(files - {f"/proc/{os.getpid()}/fd"}),
        "threads": threading.active_count(),
        "end": [str(signal.getsignal(n)) for n in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE)],
    },
    "own": [random.random(), ssl.RAND_bytes(16).hex(), os.urandom(16).hex()],
}))
"""


def told(words: list[str], path: Path) -> dict[str, object]:
    """What a fork says."""
    with path.open("wb") as said:
        assert start(words, said).wait(30) == 0, path.read_text()
    return json.loads(path.read_text())


def test_a_fork_finds_what_a_new_process_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(
        ["-c", "print(1)"], tmp_path / "first"
    )  # who forks is there, and knows nothing of what follows
    monkeypatch.setenv("INTAKE_OF_THIS_TEST", "x")
    monkeypatch.chdir(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 7, hard))
    held = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(held, True)
    words = ["-c", TELLING, "a", "b c"]
    try:
        forks = [told(words, tmp_path / f"{n}") for n in range(2)]
        new = subprocess.run(
            [sys.executable, *words],
            start_new_session=True,
            env=os.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )
    finally:
        os.close(held)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    started = json.loads(new.stdout)
    for fork in forks:
        assert fork["alike"] == started["alike"]
    alone = [one for each in (*forks, started) for one in each["own"]]
    assert len(set(alone)) == len(alone)


def test_a_module_is_run_as_the_command_line_runs_it(tmp_path: Path) -> None:
    for words in (["-m", "intake", "--version"], ["-m", "intake", "serve", "--nonsense"]):
        path = tmp_path / "said"
        with path.open("wb") as said:
            code = start(words, said).wait(30)
        new = subprocess.run(
            [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        assert (code, path.read_bytes()) == (new.returncode, new.stdout)


def test_how_it_ends_is_told(tmp_path: Path) -> None:
    with (tmp_path / "said").open("wb") as said:
        running = start(["-c", "import time; time.sleep(600)"], said)
        failing = start(["-c", "1 / 0"], said)
        leaving = start(["-c", "import atexit; atexit.register(print, 'last'); exit(7)"], said)
    assert running.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(0.05)
    running.terminate()
    assert [one.wait(30) for one in (running, failing, leaving)] == [-signal.SIGTERM, 1, 7]
    text = (tmp_path / "said").read_text()
    assert "ZeroDivisionError" in text
    assert "last\n" in text
    assert isinstance(running, Started)
    running.kill()  # it is gone, and its number may be another's: nothing is sent
