"""The page's blocks for a new version and back, cut off and run again, lose nothing that was sent."""

import os
import re
import shutil
import subprocess
from hashlib import sha256
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


def stick(root: Path, fault: str) -> None:
    """A stick whose list holds, or has one thing wrong."""
    folder = root / "media/stick/wheelhouse"
    (folder / "deploy").mkdir(parents=True)
    files = {"VERSION": "0.1.1", "install.txt": "", "deploy/intake.service": "new"}
    for name, text in files.items():
        (folder / name).write_text(text)
    sums = [f"{sha256(text.encode()).hexdigest()}  {name}\n" for name, text in files.items()]
    (folder / "SHA256SUMS").write_text("".join(sums))
    if fault == "changed":
        (folder / "deploy/intake.service").write_text("other")
    elif fault == "more":
        (folder / "deploy/more.service").symlink_to("intake.service")
    elif fault == "less":
        (folder / "install.txt").unlink()


def installs(root: Path, *commands: str) -> list[str]:
    """What the lines that take from the stick do, in a shell where an earlier stick held."""
    lines = [line for block in commands for line in block.splitlines()]
    words = ("cd /media", "sha256sum", "STICK=", "VERSION=", "NEW=", "python3", "/opt")
    words += ("install -m", "install -D")  # and not a folder
    asked = "\n".join(line for line in lines if line.startswith(words))
    stubs = "".join(
        f"{word}() {{ echo {word} $* >> {root}/ran; }}\n" for word in ("python3", "install", "pip")
    )
    asked = re.sub(r"(?m)^/opt/intake/(\S+)/bin/pip", r"pip \1", asked)
    text = re.sub(r"/(?=var/lib|opt/|etc/|media/)", f"{root}/", asked)
    typed(f"VERSION=0.1.0; NEW=0.1.0; STICK={root}/earlier\n{stubs}{text}", root)
    return (root / "ran").read_text().splitlines() if (root / "ran").exists() else []


NEW_MACHINE = [one.commands for one in blocks() if not one.said]


@pytest.mark.parametrize("fault", ["changed", "more", "less"])
@pytest.mark.parametrize("commands", [NEW_MACHINE, [BY_NAME["upgrade"]]], ids=["first", "upgrade"])
def test_of_a_stick_that_does_not_hold_nothing_is_used_in_a_shell_that_goes_on(
    root: Path, commands: list[str], fault: str
) -> None:
    """Settings as little as wheels; a stick or version that was set before is not taken for this one."""
    stick(root, fault)
    assert installs(root, *commands) == []
    assert (root / "opt/intake/current").readlink() == Path("0.1.0")


def test_of_a_stick_that_holds_every_setting_is_installed(root: Path) -> None:
    stick(root, "")
    ran = installs(root, *NEW_MACHINE)
    taken = {word for line in ran for word in line.split() if "/deploy/" in word}
    folder = f"{root}/media/stick/wheelhouse/deploy"
    named = ("sysctl.conf", "journald.conf", "apt.conf", "torrc", "intake.nft", "intake.service")
    assert {f"{folder}/{name}" for name in named} <= taken
    assert {line.split()[0] for line in ran} == {"install", "python3", "pip"}
    (root / "ran").unlink()
    assert len(installs(root, BY_NAME["upgrade"])) == 3


def test_a_stick_that_does_not_hold_changes_no_unit_and_no_version(root: Path) -> None:
    """The block for a new version, pasted whole."""
    stick(root, "changed")
    kept = [line for line in BY_NAME["upgrade"].splitlines() if not line.startswith("curl ")]
    text = re.sub(r"/(?=var/lib|opt/|etc/|media/)", f"{root}/", "\n".join(kept))
    typed(f"NEW=0.1.1\nsystemctl() {{ :; }}\npython3() {{ :; }}\n{text}", root)
    assert (root / "opt/intake/current").readlink() == Path("0.1.0")
    assert list((root / "etc/systemd/system").iterdir()) == []
