"""A process that has everything loaded and forks one child for each thing to do, to be watched.

A child waits before its first step, so that strace can be attached to it and kill it at any system
call that changes a disk. Hundreds of kills cost as many forks, not as many starts of Python.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Whatever changes what is on a disk. `write` is there too: files that are written whole.
CHANGES = (
    "fsync,fdatasync,pwrite64,pwritev,pwritev2,write,writev,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,truncate,fallocate,utimensat"
)

PROGRAM = """
import contextlib, ctypes, json, os, sys, traceback
from pathlib import Path
from intake.errors import IntakeError
from tests.faults.operations import CODE, DEEDS, get_ready

def answer(**values):
    print(json.dumps(values), flush=True)

with contextlib.redirect_stdout(sys.stderr):
    get_ready()
answer(ready=True)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["deed"] in ("close", "retire"):
        CODE.learn(Path(asked["folder"]))
    go, told = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1))  # anybody may watch it
        os.close(told[0])
        os.read(go[0], 1)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(os.open(asked["said"], os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2)
        try:
            code = DEEDS[asked["deed"]](Path(asked["folder"]), asked["words"])
        except (IntakeError, OSError) as error:
            # As a page or a command would say it.
            print(f"intake: error: {error}", file=sys.stderr)
            code = 1
        except BaseException:
            traceback.print_exc()
            code = 70
        sys.stderr.flush()
        if not code:
            os.write(told[1], b"done")
        os._exit(code)
    os.close(told[1])
    answer(pid=child)
    sys.stdin.readline()
    os.write(go[1], b"!")
    done = os.read(told[0], 4) == b"done"
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for end in (*go, told[0]):
        os.close(end)
    answer(status=status, done=done)
"""


@dataclass(frozen=True)
class Outcome:
    """How a child ended, whether it had said that it was done, and by which calls it changed a disk."""

    status: int
    done: bool
    changes: tuple[str, ...] = ()


class Forking:
    """The process; `said` gets what its children say to standard error."""

    def __init__(self, process: "subprocess.Popen[str]", said: Path) -> None:
        self._process = process
        self.said = said

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    def _ask(self, *lines: str) -> dict[str, object]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for line in lines:
            self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def do(
        self, deed: str, folder: Path, *words: str, watch: tuple[str, ...] | None = None
    ) -> Outcome:
        """Let a child do something; with `watch`, under strace with these words."""
        asked = {"deed": deed, "folder": str(folder), "words": words, "said": str(self.said)}
        pid = self._ask(json.dumps(asked))["pid"]
        trace = self.said.with_suffix(".trace")
        watcher = None
        if watch is not None:
            command = ["strace", "-qq", "-o", str(trace), "-e", f"trace={CHANGES}", *watch]
            watcher = subprocess.Popen(
                [*command, "-p", str(pid)], stderr=subprocess.PIPE, text=True
            )
            until_attached(int(str(pid)))
        ended = self._ask("go")
        changes: tuple[str, ...] = ()
        if watcher is not None:
            watcher.communicate(timeout=60)
            changes = tuple(re.findall(r"^(\w+)\(", trace.read_text(), re.MULTILINE))
        return Outcome(int(str(ended["status"])), bool(ended["done"]), changes)

    def killed(self, deed: str, folder: Path, at: tuple[str, int], *words: str) -> Outcome:
        """Kill a child before it changes a disk by this call for the nth time.

        strace counts each call for itself.
        """
        inject = ("-e", f"inject={at[0]}:signal=KILL:when={at[1]}")
        return self.do(deed, folder, *words, watch=inject)


def until_attached(pid: int) -> None:
    """Wait until somebody watches a process, which is soon: thousands are."""
    status = Path(f"/proc/{pid}/status")
    deadline = time.monotonic() + 30
    while "TracerPid:\t0\n" in status.read_text():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)


@contextmanager
def forking(said: Path, before: Sequence[str] = ()) -> Iterator[Forking]:
    """Such a process, run by the command `before`, until the block ends."""
    process = subprocess.Popen(
        [*before, sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        made = Forking(process, said)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"ready": True}
        yield made
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)
        if process.stdout is not None:
            process.stdout.close()
