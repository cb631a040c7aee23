"""What the server loads cannot open testimony; import-linter checks the layers, this the names."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "intake"
SERVER = [
    *(ROOT / "web").rglob("*.py"),
    *(ROOT / "store").rglob("*.py"),
    *(ROOT / "log").rglob("*.py"),
    *(
        ROOT / name
        for name in ("accept.py", "budget.py", "collect.py", "event.py", "seal.py", "testimony.py")
    ),
]
OPENING = {"decrypt", "decrypt_bytes", "open_file", "unwrap_file_key", "Bundle", "Identity"}


@pytest.mark.parametrize("path", SERVER, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_of_the_server_names_anything_that_decrypts(path: Path) -> None:
    names = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("intake.")
        for alias in node.names
    }
    modules = {
        node.module or ""
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
    }
    assert not names & OPENING
    assert "intake.age.decrypt" not in modules


REPLIES = {"replies_on", "SignedReply", "ReplyNote"}


def test_one_module_of_the_server_opens_replies_and_no_other_names_what_does() -> None:
    """That is what a visitor without script asks for, with their own code."""
    naming = {
        path.name
        for path in SERVER
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in REPLIES
    }
    assert naming == {"reply_reading.py"}


def test_the_running_server_has_nothing_of_the_reviewers_side() -> None:
    code = "import sys, intake.web.server; sys.exit('intake.review' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_shows_no_page_loads_nothing_that_makes_one() -> None:
    """A night's and a Monday's commands are each a start of their own."""
    code = "import sys, intake.web.cli; sys.exit('flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
