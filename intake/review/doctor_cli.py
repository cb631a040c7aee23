"""`intake review doctor`: says what is wrong with a reviewer's machine, one line for each finding."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from intake.errors import StoreError
from intake.machine import Level
from intake.review.checkup import Machine, examine


@click.command("doctor")
@click.option(
    "--case",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    required=True,
    help="The case folder.",
)
def doctor(*, folder: Path) -> int:
    """Look at this machine, and at a case folder from outside, and say what to do first.

    It asks for no passphrase and changes nothing: who can look into the folder, whether its disk,
    swap and temporary files are encrypted or in memory, core dumps, the network, the clock. Run
    it before `intake review desk`, as the same user.

    Exit 0 where nothing is wrong, though there may be warnings; else 1. It cannot see who stands
    behind you, what the firmware does, or whether the disk was ever written without encryption.
    """
    if not folder.is_dir():
        raise StoreError(f"no case in {folder}", "make one with `intake review import`")
    findings = list(examine(folder, Machine.here(), dt.datetime.now(dt.UTC).date()))
    for finding in findings:
        click.echo(str(finding))
    return int(any(finding.level is Level.WRONG for finding in findings))
