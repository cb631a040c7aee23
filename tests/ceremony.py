"""A folder as it is after keys were made at a ceremony, through the commands themselves."""

from pathlib import Path

from intake.cli import run
from intake.review.keys import LockedIdentity, LockedRootKey, ReviewerSecret, RootSecret
from intake.roster_draft import reviewer_lines, root_lines

DEPLOYMENT = "test-abcdefgh"
PASSPHRASE = "correct horse battery"


def intake(*words: str | Path, code: int = 0) -> None:
    """Run one command and expect its exit code."""
    assert run([str(word) for word in words]) == code


def make_keys(folder: Path) -> None:
    """Two reviewers' and three root holders' files, all with one passphrase."""
    (folder / "passphrase").write_text(f"{PASSPHRASE}\nnot this line\n", encoding="utf-8")
    given = ("--folder", folder, "--passphrase-file", folder / "passphrase")
    for name in ("r1", "r2"):
        intake("keys", "new-reviewer", name, *given)
    for name in ("root0", "root1", "root2"):
        intake("keys", "new-root", name, *given)


def lay_keys(folder: Path) -> None:
    """The files that `make_keys` makes, locked with a third of the work: for what comes after.

    The commands that make them are tested where `make_keys` is used.
    """
    (folder / "passphrase").write_text(f"{PASSPHRASE}\nnot this line\n", encoding="utf-8")
    for name in ("r1", "r2"):
        reviewer = ReviewerSecret.generate(name)
        locked = LockedIdentity.lock(reviewer, PASSPHRASE, passes=1)
        (folder / f"{name}.identity").write_bytes(locked.to_bytes())
        (folder / f"{name}.reviewer").write_bytes(reviewer_lines(reviewer.reviewer))
    for name in ("root0", "root1", "root2"):
        root = RootSecret.generate(name)
        locked_root = LockedRootKey.lock(root, PASSPHRASE, passes=1)
        (folder / f"{name}.rootkey").write_bytes(locked_root.to_bytes())
        (folder / f"{name}.root").write_bytes(root_lines(root.vkeys))


def draft(folder: Path, out: Path, *more: str | Path, code: int = 0) -> None:
    """Write a first roster's text, of these keys, good in November 2026."""
    roots = [word for n in range(3) for word in ("--root", folder / f"root{n}.root")]
    reviewers = [word for n in (1, 2) for word in ("--reviewer", folder / f"r{n}.reviewer")]
    days = ("--issued", "2026-11-01", "--expires", "2026-12-01", "--deployment", DEPLOYMENT)
    intake("roster", "draft", *days, *reviewers, *roots, *more, out, code=code)


def sign(folder: Path, roster: Path, *holders: int, code: int = 0) -> None:
    """Let these holders sign, without a question."""
    for number in holders:
        key = ("--key", folder / f"root{number}.rootkey")
        given = ("--yes", "--passphrase-file", folder / "passphrase")
        intake("roster", "sign", roster, *key, *given, code=code)
