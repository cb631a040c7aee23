"""No word of a testimony is ever written anywhere but to the terminal, not for a moment.

Each command runs as a process of its own under strace, which sees every write, also to a file
that is gone again. Each test has a twin with a fault planted, which it must notice.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.author import Author
from intake.canaries import CanaryList
from intake.review.work import CHECKED
from tests.panel import Panel
from tests.review.conftest import Desk
from tests.review.test_canaries import mark_of, sealed_by
from tests.review.two_people import Pair
from tests.review.workroom import NOW, sealed_item

MARKER = "Zaur-MARKER-7391"
WRITES = "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,splice,sendfile"
_CALL = re.compile(r"(?:\[pid +\d+\] |\d+ +)?(\w+)\((\d+)<([^>]*)>")

RUN = "import sys; from intake.cli import run; sys.exit(run(sys.argv[1:]))"
# The twin: what is opened goes through a file, as a careless hand-over to another program would.
FAULT = """
import os, tempfile
from intake.container import Container
parse = Container.parse
def careless(data):
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return parse(data)
Container.parse = careless
"""


def traced(arguments: list[str], folder: Path, before: str = "") -> tuple[int, list[str]]:
    """Exit code, and every place other than the terminal to which the marker was written."""
    log = folder / "strace.log"
    command = ["strace", "-f", "-y", "-s", "1000000", "-e", f"trace={WRITES}", "-o", str(log)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(folder / "tmp")}
    process = subprocess.run(
        [*command, sys.executable, "-c", before + RUN, "review", *arguments],
        check=False,
        capture_output=True,
        env=environment,
        timeout=300,
    )
    places = list(_places(log.read_text(errors="replace")))
    log.unlink()
    return process.returncode, places


def _places(log: str) -> Iterator[str]:
    for row in log.splitlines():
        if MARKER in row:
            call = _CALL.match(row)
            assert call is not None, row[:200]
            if int(call[2]) > 2:
                yield f"{call[1]} {call[3]}"


def found_in(folder: Path) -> list[str]:
    """Every file in a folder that holds the marker."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if MARKER.encode() in path.read_bytes()]


@pytest.fixture
def commands(desk: Desk, panel: Panel) -> list[list[str]]:
    """A reviewer's day: import, look for a canary, list, show, redact, export."""
    (desk.folder / "tmp").mkdir()
    _, sealed = item = sealed_item(panel.roster, f"{MARKER} told me, and {MARKER} left")
    del sealed
    name = item[0].envelope.hex()[:12]
    span = f"narrative:0:{len(MARKER)}=person"
    out = str(desk.folder / "out.txt")
    author, text = Author.fresh(NOW), f"{MARKER} is a test"
    told = CanaryList(panel.roster.deployment, NOW, (mark_of(author, text),))
    (desk.folder / "list").write_bytes(told.to_bytes())
    given = ["--digits", told.digits, "--answer", str(desk.folder / "answer")]
    bundle = desk.bundle(item, sealed_by(panel, author, text))
    answers = desk.folder / "checklist.toml"
    day = [
        ["import", bundle, "--roots", desk.roots, "--policy", desk.policy],
        ["canaries", str(desk.folder / "list"), *given],
        ["list"],
        ["show", name],
        ["triage", name, "t.7"],
        ["show", name],
        ["read", name],
        ["redact", name, "--span", span, "--everywhere"],
        ["note", name, "checklist", str(answers)],
        ["sync", str(desk.folder / "stick")],
        ["signoff", name, "--for", "publish"],
        ["export", name, out, "--for", "publish"],
    ]
    (desk.folder / "stick").mkdir()
    answers.write_text("".join(f'{name} = "absent"\n' for name in CHECKED))
    return [[*command, *desk.common] for command in day]


def test_no_command_writes_a_word_to_any_file(desk: Desk, commands: list[list[str]]) -> None:
    pair = Pair(desk.panel, desk.folder / "case", desk.folder)
    for command in commands:
        if command[0] == "signoff":
            pair.second_signs(command[1], "publish", "text")
        assert traced(command, desk.folder) == (0, []), command[0]
    assert found_in(desk.folder) == []
    assert "[person] told me" in (desk.folder / "out.txt").read_text()


def test_the_twin_that_passes_a_word_through_a_file_is_noticed(
    desk: Desk, commands: list[list[str]]
) -> None:
    code, places = traced(commands[0], desk.folder, FAULT)
    assert code == 0
    assert any(place.startswith(f"write {desk.folder}/tmp/") for place in places)
    assert found_in(desk.folder) == [], "it is gone again: only strace saw it"


def test_the_twin_that_leaves_a_word_behind_is_noticed(
    desk: Desk, commands: list[list[str]]
) -> None:
    assert traced(commands[0], desk.folder)[0] == 0
    with tempfile.NamedTemporaryFile(dir=desk.folder / "case" / "items") as file:
        file.write(f"x {MARKER} y".encode())
        file.flush()
        assert found_in(desk.folder / "case") == [Path(file.name).name]
