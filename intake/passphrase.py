"""Asks a person for a passphrase, on the terminal or from the first line of a file.

It is never taken from the command line or the environment, where other programs can read it.
"""

from __future__ import annotations

import getpass
import unicodedata
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from intake.errors import MalformedError, WrongKeyError

if TYPE_CHECKING:
    from collections.abc import Callable

LINE_LIMIT: Final = 1024  # bytes

_F = TypeVar("_F", bound="Callable[..., object]")


def passphrase_option(function: _F) -> _F:
    """Give a command `--passphrase-file FILE`, as its parameter `passphrase_file`."""
    return click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Take the passphrase from the first line of FILE, and do not ask.",
    )(function)


def read_passphrase(file: Path | None, *, confirm: bool, prompt: str = "Passphrase") -> str:
    """Return a passphrase, in Unicode's NFC form.

    `confirm` asks twice, for one that will lock something. Raises `WrongKeyError` where there is
    no terminal to ask on or the two differ.
    """
    passphrase = _ask(prompt) if file is None else _first_line(file)
    if file is None and confirm and _ask(f"{prompt} again") != passphrase:
        raise WrongKeyError("the two passphrases differ", "nothing was written")
    return passphrase


def _ask(prompt: str) -> str:
    try:
        with warnings.catch_warnings():
            # Rather than show the passphrase while it is typed, getpass only warns.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return _text(getpass.getpass(f"{prompt}: ").encode("utf-8", "surrogateescape"))
    except (getpass.GetPassWarning, EOFError):
        raise WrongKeyError(
            "there is no terminal to ask for the passphrase", "give --passphrase-file FILE"
        ) from None


def _first_line(file: Path) -> str:
    with file.open("rb") as source:
        line = source.readline(LINE_LIMIT + 1)
    if len(line) > LINE_LIMIT:
        raise MalformedError(f"passphrase file's first line is longer than {LINE_LIMIT} bytes")
    return _text(line.removesuffix(b"\n").removesuffix(b"\r"))


def _text(raw: bytes) -> str:
    try:
        return unicodedata.normalize("NFC", raw.decode())
    except UnicodeDecodeError:
        raise MalformedError("passphrase is not UTF-8") from None
