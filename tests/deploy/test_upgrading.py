"""The page's blocks for a new version and back, cut off and run again, lose nothing that was sent."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.readme import blocks

BY_NAME = {one.said: one.commands for one in blocks()}
ELSEWHERE = ("cd /media", "sha256sum", "NEW=", "python3 ", "/opt/intake/$NEW/bin/pip", "curl ")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine's folders as far as the two blocks name them: a site with one text, at 0.1.0."""
    (tmp_path / "var/lib/intake/site").mkdir(parents=True)
    (tmp_path / "var/lib/intake/site/text").write_text("sent before")
    for version in ("0.1.0", "0.1.1"):
        (tmp_path / "opt/intake" / version).mkdir(parents=True)
    (tmp_path / "opt/intake/current").symlink_to("0.1.0")
    return tmp_path


def run(root: Path, *names: str, upto: str = "", after: str = "") -> str:
    """Run the blocks in one shell as typed, on past what fails; the first one `upto` a line."""
    script: list[str] = ["NEW=0.1.1", "systemctl() { :; }"]
    for number, name in enumerate(names):
        for line in BY_NAME[name].splitlines():
            if line.startswith(ELSEWHERE):
                continue
            if number == 0 and upto and upto in line:
                break
            script.append(re.sub(r"/(?=var/lib|opt/)", f"{root}/", line))
        script.append(after if number == 0 else ":")
    # Not with -c: a line that fails must end itself alone, as at a prompt.
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-i"],
        input="\n".join(script) + "\n",
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PS1": "", "HISTFILE": ""},
        start_new_session=True,
        cwd=root,
    )
    return done.stderr


def texts(root: Path) -> dict[str, str]:
    home = root / "var/lib/intake"
    return {str(path.relative_to(home)): path.read_text() for path in home.rglob("text")}


def test_an_upgrade_that_is_run_again_keeps_the_copy_from_before_it(root: Path) -> None:
    sent = f"echo 'sent since' > {root}/var/lib/intake/site/text"
    run(root, "upgrade", "upgrade", "rollback", after=sent)
    assert texts(root) == {"site/text": "sent before", "site-0.1.1/text": "sent since\n"}
    assert (root / "opt/intake/current").readlink() == Path("0.1.0")


def test_a_way_back_that_is_run_again_puts_nothing_in_another_place(root: Path) -> None:
    sent = f"echo 'sent since' > {root}/var/lib/intake/site/text"
    run(root, "upgrade", "rollback", "rollback", after=sent)
    assert texts(root) == {"site/text": "sent before", "site-0.1.1/text": "sent since\n"}
    assert (root / "opt/intake/current").readlink() == Path("0.1.0")


def test_an_upgrade_without_a_whole_copy_does_not_change_the_program(root: Path) -> None:
    full = "cp() { mkdir -p ${!#}; false; }"
    run(root, "upgrade", "upgrade", upto="systemctl", after=full)
    assert (root / "opt/intake/current").readlink() == Path("0.1.0")
    assert texts(root) == {"site/text": "sent before"}
    run(root, "upgrade")
    assert (root / "opt/intake/current").readlink() == Path("0.1.1")
    assert texts(root) == {"site/text": "sent before", "site-0.1.0/text": "sent before"}


def test_a_way_back_in_a_shell_that_knows_no_version_does_nothing(root: Path) -> None:
    run(root, "upgrade")
    before = texts(root)
    said = run(root, "rollback")
    assert "OLD" in said
    assert texts(root) == before
    assert sorted(path.name for path in root.iterdir()) == ["opt", "var"]
    assert (root / "opt/intake/current").readlink() == Path("0.1.1")
