"""`intake doctor`: says what is wrong with a site, one line for each finding."""

import json
from collections.abc import Sequence
from pathlib import Path

import click

from intake.visible import line
from intake.web.checkup import Finding, Level, Machine, examine
from intake.web.site import Site, today_in_utc


@click.command()
@click.argument("site", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every name in full.")
def doctor(*, site: Path, as_json: bool) -> int:
    """Look at SITE and at this machine, and say what is wrong and what to do about it.

    Changes nothing but the version of an older store, which it brings to its own as every command
    does that opens one. Exit 0 where nothing is wrong, though there may be warnings; else 1.
    """
    findings = list(examine(Site.open(site), Machine.here(), today_in_utc()))
    click.echo(_as_json(findings) if as_json else "\n".join(map(_as_line, findings)))
    return int(any(finding.level is Level.WRONG for finding in findings))


def _as_line(finding: Finding) -> str:
    advice = f" -> {finding.advice}" if finding.advice else ""
    # Names of groups and files stand in it.
    return line(f"{finding.level:8} {finding.topic}: {finding.says}{advice}")


def _as_json(findings: Sequence[Finding]) -> str:
    rows = [
        {
            "level": finding.level,
            "topic": finding.topic,
            "says": finding.says,
            "do": finding.advice,
            "names": finding.names,
        }
        for finding in findings
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)
