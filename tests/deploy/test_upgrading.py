"""The page's blocks for a new version and back, cut off and run again, lose nothing that was sent."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.readme import blocks

BY_NAME = {one.said: one.commands for one in blocks()}
ELSEWHERE = (
    *(
        "cd /media",
        "sha256sum",
        "NEW=",
        "python3 ",
        "/opt/intake/$NEW/bin/pip",
        "install ",
        "curl ",
    ),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine's folders as far as the two blocks name them: a site with one text, at 0.1.0."""
    (tmp_path / "var/lib/intake/site").mkdir(parents=True)
    (tmp_path / "var/lib/intake/site/text").write_text("sent before")
    for version in ("0.1.0", "0.1.1"):
        units = tmp_path / "opt/intake" / version / "units"
        units.mkdir(parents=True)
        (units / "intake.service").write_text(version)
    (tmp_path / "opt/intake/current").symlink_to("0.1.0")
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
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
            script.append(re.sub(r"/(?=var/lib|opt/|etc/)", f"{root}/", line))
        script.append(after if number == 0 else ":")
    return typed("\n".join(script), root)


def typed(script: str, root: Path) -> str:
    """What a shell says of lines at its prompt: one that fails ends itself alone, as not with -c."""
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-i"],
        input=f"{script}\n",
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
    assert sorted(path.name for path in root.iterdir()) == ["etc", "opt", "var"]
    assert (root / "opt/intake/current").readlink() == Path("0.1.1")


def test_the_units_are_those_of_the_version_that_is_in_use(root: Path) -> None:
    unit = root / "etc/systemd/system/intake.service"
    run(root, "upgrade")
    assert unit.read_text() == "0.1.1"
    shutil.rmtree(root / "var/lib/intake/site")
    (root / "opt/intake/current").unlink()
    (root / "var/lib/intake/site-0.1.0").rename(root / "var/lib/intake/site")
    (root / "opt/intake/current").symlink_to("0.1.0")
    run(root, "upgrade", "rollback")
    assert unit.read_text() == "0.1.0"


def test_a_copy_of_an_upgrade_that_was_cut_off_earlier_is_not_gone_back_to(root: Path) -> None:
    """The old version took what was sent meanwhile."""
    earlier = root / "var/lib/intake/site-0.1.0"
    earlier.mkdir()
    (earlier / "text").write_text("long ago")
    run(root, "upgrade", "rollback")
    found = texts(root)
    assert found["site/text"] == found["site-0.1.1/text"] == "sent before"
    assert set(found) == {"site/text", "site-0.1.1/text", "site-0.1.0.~1~/text"}


@pytest.mark.parametrize("name", ["first", "upgrade"])
def test_a_stick_that_does_not_hold_changes_nothing_in_a_shell_that_goes_on(
    root: Path, name: str
) -> None:
    """A block that is pasted runs to its end; a version that was set before is not taken for this one."""
    stick = root / "media/stick/wheelhouse"
    stick.mkdir(parents=True)
    (stick / "VERSION").write_text("0.1.1")
    (stick / "SHA256SUMS").write_text(f"{'0' * 64}  VERSION\n")
    (first,) = (one.commands for one in blocks() if "useradd" in one.commands)
    asked = first if name == "first" else BY_NAME[name]
    kept = [line for line in asked.splitlines() if not line.startswith(("curl ", "ln -sfn /opt"))]
    stubs = "\n".join(
        f"{word}() {{ echo {word} >> {root}/ran; }}" for word in ("python3", "install")
    )
    text = re.sub(r"/(?=var/lib|opt/|etc/|media/)", f"{root}/", "\n".join(kept))
    script = f"VERSION=0.1.1; NEW=0.1.1\nsystemctl() {{ :; }}\nuseradd() {{ :; }}\n{stubs}\n{text}"
    typed(script, root)
    assert not (root / "ran").exists()
    assert (root / "opt/intake/current").readlink() == Path("0.1.0")
    assert list((root / "etc/systemd/system").iterdir()) == []
