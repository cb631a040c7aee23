"""The process behind `tests.starting`: it forks, and tells how each fork ended."""

import contextlib
import json
import marshal
import os
import resource
import runpy
import select
import socket
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import intake.review.cli
import intake.web.cli
import intake.web.log_cli
import intake.web.server
import intake.witness.cli
from tests.templates_once import (
    Addresses,
    Codes,
    Packed,
    compile_addresses_once,
    compile_templates_once,
    pack_files_once,
)


def forks(asking: socket.socket) -> list[str]:
    """Fork for each that asks; returns in a fork alone, with the words of its program."""
    running: dict[int, tuple[int, int]] = {}
    while True:
        ready, _, _ = select.select([asking, *running], [], [])
        for one in ready:
            if one is not asking:
                _tell(one, *running.pop(one))
        if asking not in ready:
            continue
        told, files, _, _ = socket.recv_fds(asking, 1 << 20, 4)
        if not told:
            sys.exit()  # nobody asks any more
        tasks = list(Path("/proc/self/task").iterdir())
        assert len(tasks) == 1, "a fork would lack the other threads"
        pid = os.fork()
        if not pid:
            return _begun(files, json.loads(told))
        for file in files[:3]:
            os.close(file)
        running[os.pidfd_open(pid)] = pid, files[3]
        asking.send(b"%d" % pid)


def _begun(files: list[int], asked: dict[str, Any]) -> list[str]:
    """Leave what is the parent's, take what a program is started with, and return its words."""
    os.setsid()
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    os.closerange(3, 1 << 20)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    for which, soft, hard in asked["limits"]:
        resource.setrlimit(which, (soft, hard))
    return asked["words"]


def _tell(handle: int, pid: int, way: int) -> None:
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with contextlib.suppress(BrokenPipeError):  # nobody waits for it any more
        os.write(way, b"%d" % status)
    os.close(handle)
    os.close(way)


def become(words: list[str]) -> None:
    """Run a module or a program, as Python's command line does."""
    way, what, *rest = words
    sys.argv = [what if way == "-m" else way, *rest]
    sys.path[0] = str(Path.cwd()) if way == "-m" else ""
    if way == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        assert way == "-c"
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})


def prepared() -> tuple[Codes, Packed, Addresses]:
    """All templates and addresses compiled and files packed, by a fork: nothing else of a site comes to be here."""
    come, go = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            with os.fdopen(go, "wb") as told:
                told.write(marshal.dumps(_prepare()))
        except Exception:  # noqa: BLE001 - whatever it is: the fork must not go on as its parent
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(go)
    with os.fdopen(come, "rb") as told:
        made = marshal.loads(told.read())
    os.waitpid(pid, 0)
    return made


def _prepare() -> tuple[Codes, Packed, Addresses]:
    from intake.accept import Acceptor
    from intake.store import Store
    from tests.web.serving import site_in

    made = compile_templates_once(), pack_files_once(), compile_addresses_once()
    with tempfile.TemporaryDirectory() as folder:
        site, _ = site_in(Path(folder) / "site")
        store = Store.open(site.store_place)
        intake.web.server.create_app(site, Acceptor(store, site, site.settings.largest))
        store.close()
    return made


if __name__ == "__main__":
    all_codes, all_packed, all_addresses = prepared()
    compile_templates_once(all_codes)
    pack_files_once(all_packed)
    compile_addresses_once(all_addresses)
    become(forks(socket.socket(fileno=int(sys.argv[1]))))
