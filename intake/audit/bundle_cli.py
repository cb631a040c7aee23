"""`intake audit bundle`: whether all that was sent is accounted for, without seeing any of it."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from intake.audit.bundle_check import (
    KEY_LIMIT,
    check_bundle,
    keep_seen,
    read_identities,
    read_seen,
    told_of,
)
from intake.bundle import Bundle
from intake.canonical import b64
from intake.roots import ROOT_FILE_LIMIT, RootSet
from intake.tlog.policy import POLICY_LIMIT, Policy
from intake.visible import line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.audit.bundle_check import Outcome
    from intake.bundle import Contents

TITLE: Final = "testimony-intake/bundle-check/v1"  # of its JSON
_FOUND: Final = 1
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--identity", type=_FILE, required=True, help="Your age identity, of age-keygen -pq.")
@click.option(
    "--policy", type=_FILE, required=True, help="Logs, witnesses and quorum: C2SP tlog-policy."
)
@click.option("--roots", type=_FILE, required=True, help="The root holders' public keys.")
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder that keeps the last checkpoint and what is still to come.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object in place of lines.")
@click.pass_context
def bundle(  # noqa: PLR0913 - each is an argument of the command
    ctx: click.Context,
    *,
    file: Path,
    identity: Path,
    policy: Path,
    roots: Path,
    state: Path | None,
    as_json: bool,
) -> None:
    """Check a FILE that was written with `intake collect --for-auditor`.

    The checks are those of `intake review import`, without the objects: the log's signature and
    witnesses, its entries, that it goes on from the last one in --state, that every entry is
    opened, that each submission is listed, withdrawn by its author, or in the hands of two
    reviewers, that nothing else is listed, and that what was promised has come.

    One line for each fault, after its check and kind. Then, or if there is none, how many were
    submitted, withdrawn and collected in each week. Exit 0: all holds; 1: something does not, and
    then nothing is kept.
    """
    seen = None if state is None else read_seen(state)
    believed = Policy.parse(_read(policy, POLICY_LIMIT))
    trusted = RootSet.parse(_read(roots, ROOT_FILE_LIMIT))
    keys = read_identities(_read(identity, KEY_LIMIT))
    with (
        tempfile.TemporaryDirectory() as workplace,
        file.open("rb") as source,
        Bundle.open(source, keys, Path(workplace)) as opened,
    ):
        outcome = check_bundle(opened, believed, trusted, seen)
    if state is not None and outcome.seen is not None:
        keep_seen(state, outcome.seen)
    if as_json:
        click.echo(json.dumps(_told(opened.contents, outcome)))
    else:
        for told in (*outcome.lines(), *_conclusion(outcome)):
            click.echo(line(told))
    ctx.exit(_FOUND if outcome.count else 0)


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit + 1)


def _conclusion(outcome: Outcome) -> tuple[str, ...]:
    checked = outcome.checked
    if checked is None:
        return ()
    weeks = (f"week {epoch}: {told_of(week)}" for epoch, week in checked.weeks.items())
    listed = len(checked.contents.items)
    return (
        *weeks,
        (
            f"the log has {checked.size} entries; {listed} objects are on the server, and"
            f" {len(checked.items)} of them are not yet logged"
        ),
    )


def _told(contents: Contents, outcome: Outcome) -> Mapping[str, object]:
    checked = outcome.checked
    told: dict[str, object] = {
        "title": TITLE,
        "deployment": contents.deployment,
        "epoch": str(contents.epoch),
        "count": outcome.count,
        "findings": [
            *({"check": 7, "kind": "roster", "phrase": e.phrase} for e in outcome.rosters),
            *(
                {"check": one.gap.check, "kind": str(one.gap), "phrase": one.phrase}
                for one in outcome.findings
            ),
        ],
    }
    if checked is not None:
        told |= {
            "size": checked.size,
            "root": b64(checked.root),
            "objects": len(checked.contents.items),
            "unlogged": len(checked.items),
            "weeks": {str(epoch): asdict(week) for epoch, week in checked.weeks.items()},
        }
    return told
