"""What the documents say is there, is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = ["README.md", "SECURITY.md", "CHANGELOG.md", "docs/format.md", "keys/README.md"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_a_document_names_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    paths = re.findall(r"`((?:intake|tests|docs|deploy|keys|requirements)/[\w./-]+)`", text)
    paths += [p for p in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in p]
    missing = [
        p
        for p in paths
        if not (ROOT / p).exists() and not (ROOT / name).parent.joinpath(p).exists()
    ]
    assert missing == []


def test_every_command_in_the_readme_is_one_of_the_programs() -> None:
    from intake.commands import TABLE, Family

    known = set()
    for word, entry in TABLE.items():
        known |= {f"{word} {w}" for w in entry.commands} if isinstance(entry, Family) else {word}
    text = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(
        r"(?:^|: |`)intake ((?:keys|roster|review|audit|witness) [a-z-]+|[a-z]+)",
        text,
        re.MULTILINE,
    )
    assert len(commands) > 10
    assert set(commands) <= known
