"""Takes the commands out of `deploy/README.md`, and what is said of each block."""

import re
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
_BLOCK = re.compile(r"(?:<!-- ([^>]*) -->\n)?```sh\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """Some commands, and the words of the comment before them, empty where there is none."""

    said: str
    commands: str


def blocks() -> list[Block]:
    """All blocks in the page's order."""
    text = (DEPLOY / "README.md").read_text("utf-8")
    found = [Block(said or "", commands) for said, commands in _BLOCK.findall(text)]
    assert len(found) == text.count("```sh"), "a block is not read"
    return found
