"""The people of the demo: each has a folder, and runs `intake` as a process of its own."""

import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def indent(text: str) -> str:
    """Four spaces before each line."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines())


class DemoError(Exception):
    """A step of the demo did not do what it should."""


def ran(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `intake` with these arguments in a folder, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "intake", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Person:
    """One role and its folder, which nobody else's commands are given."""

    name: str
    folder: Path

    @classmethod
    def arrive(cls, home: Path, name: str) -> "Person":
        """Make the folder, and a passphrase where only this person reads it."""
        folder = home / name
        folder.mkdir(mode=0o700)
        passphrase = folder / "passphrase"
        passphrase.touch(mode=0o600)
        passphrase.write_text(secrets.token_urlsafe(24) + "\n")
        return cls(name, folder)

    @property
    def passphrase(self) -> tuple[str, str]:
        """The option that names the passphrase's file."""
        return "--passphrase-file", str(self.folder / "passphrase")

    def intake(self, *words: str | Path, exit_code: int = 0) -> str:
        """Run one command; returns what it printed. Raises `DemoError` on another exit code."""
        arguments = [str(word) for word in words]
        done = ran(arguments, self.folder)
        if done.returncode != exit_code:
            raise DemoError(
                f"{self.name}: intake {' '.join(arguments[:2])} ended with {done.returncode}:"
                f" {done.stderr.strip()}"
            )
        return done.stdout if exit_code == 0 else done.stderr
