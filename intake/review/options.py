"""What every `intake review` command takes: a case folder, identities, and their passphrases."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import click

from intake.passphrase import passphrase_option, read_passphrase
from intake.review.case import Case
from intake.review.keys import LockedIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from intake.review.keys import ReviewerSecret

FILE: Final = click.Path(path_type=Path, dir_okay=False)
_Command = TypeVar("_Command", bound="Callable[..., object]")


def case_options(command: _Command) -> _Command:
    return _naming_case(command, required=True)


def may_name_case(command: _Command) -> _Command:
    """The same for a command that also works without a case."""
    return _naming_case(command, required=False)


def _naming_case(command: _Command, *, required: bool) -> _Command:
    for option in (
        passphrase_option,
        click.option(
            "--identity",
            "identities",
            type=FILE,
            metavar="FILE",
            multiple=True,
            required=required,
            envvar="INTAKE_IDENTITY",
            show_envvar=True,
            help="Your locked identity; again for an older one.",
        ),
        click.option(
            "--case",
            "folder",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="FOLDER",
            required=required,
            help="The case folder.",
        ),
    ):
        command = option(command)
    return command


@contextmanager
def opened(
    folder: Path, paths: Sequence[Path], passphrase_file: Path | None, *, writing: bool
) -> Generator[Case]:
    """The case, opened with these locked identities for as long as the block lasts."""
    with opened_with(folder, unlock_all(paths, passphrase_file), writing=writing) as case:
        yield case


@contextmanager
def opened_with(
    folder: Path, secrets: Sequence[ReviewerSecret], *, writing: bool
) -> Generator[Case]:
    """The case, opened with identities that are unlocked already."""
    keys = tuple(secret.identity for secret in secrets)
    signers = tuple(secret.signer for secret in secrets)
    with Case.opened(folder, keys, writing=writing, signers=signers) as case:
        yield case


def unlock_all(paths: Sequence[Path], passphrase_file: Path | None) -> tuple[ReviewerSecret, ...]:
    locked_ones = [LockedIdentity.parse(path.read_bytes()) for path in paths]
    return tuple(
        one.unlock(
            read_passphrase(passphrase_file, confirm=False, prompt=f"Passphrase of {one.name}")
        )
        for one in locked_ones
    )
