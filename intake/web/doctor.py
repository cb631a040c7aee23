"""`intake doctor`: says what is wrong with a site, one line for each finding."""

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import click

from intake.machine import Finding, Level
from intake.web import sentinel as leaks
from intake.web.checkup import Named, examine
from intake.web.checkup_machine import Machine
from intake.web.listening import parse_address
from intake.web.sentinel_machine import Machine as Grounds
from intake.web.site import Site

_PATH = click.Path(path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WAIT = 5.0  # seconds


@click.command()
@click.argument("site", type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every name in full.")
@click.option("--torrc", type=_PATH, help="tor's settings; else /etc/tor/torrc, where it is.")
@click.option("--lock", type=_FILE, help="The requirements file that was installed from.")
@click.option("--sentinel", is_flag=True, help="Plant fresh words, and look where they were left.")
@click.option("--bind", help="Where the site listens, as for `intake serve`.")
@click.option("--test-site", is_flag=True, help="A site that no survivor writes to: plant in full.")
@click.option("--wait", type=click.FloatRange(0, 1_000_000), help="Seconds before looking; else 5.")
@click.option("--log", "logs", type=_PATH, multiple=True, help="A log file of what serves SITE.")
@click.option("--unit", help="The server's systemd unit, for its journal; else intake.service.")
@click.option("--also", type=_PATH, multiple=True, help="A backup, or another folder, to look in.")
@click.option("--temporary", type=_PATH, multiple=True, help="Another folder for temporary files.")
@click.pass_context
def doctor(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    site: Path,
    as_json: bool,
    torrc: Path | None,
    lock: Path | None,
    sentinel: bool,
    bind: str | None,
    test_site: bool,
    wait: float | None,
    logs: tuple[Path, ...],
    unit: str | None,
    also: tuple[Path, ...],
    temporary: tuple[Path, ...],
) -> int:
    """Look at SITE and at this machine, and say what is wrong and what to do about it.

    Changes nothing but the version of an older store, which it brings to its own as every command
    does that opens one. Exit 0 where nothing is wrong, though there may be warnings; else 1.

    It looks at the roster, keys, weeks, log, board, backup and notices of the site, whether its
    store is whole, and who can read it; at the server's processes, memory that could reach a disk,
    disks, clock and system logs; at tor; and whether this program's own files are those it came
    with, with --lock of just these versions. Run it as root, or some of that cannot be seen.

    With --sentinel it looks for traces of people instead. It visits the running site at --bind with
    fresh random words, an address, a browser's name and a time that it knows, by the pages without
    script and by a sealed letter; waits; then reads the store, the site's folder, logs, temporary
    folders, swap, core dumps and what --also names for these, and for anybody's IP addresses,
    browsers and times finer than the week. Give a --wait longer than the time to the next backup
    to look in that too. Run it as root, or what it may not read is not checked.

    What it plants on a live site is a decoy: the form is filled in to its last page and not sent.
    With --test-site both ways are gone to the end, and two test testimonies stay on the site. Where
    no server runs, nothing is planted, and the file times are looked at.

    It prints a line a place: checked (nothing was found), found, or not checked. It cannot see what
    is compressed (but by gzip) or encrypted. Exit 1 where anything was found.
    """
    only = {"bind": bind, "test-site": test_site, "wait": wait, "log": logs, "unit": unit}
    only |= {"also": also, "temporary": temporary}
    if not sentinel:
        given = [n for n, value in only.items() if value not in (None, ()) and value is not False]
        if given:
            raise click.UsageError(f"--{given[0]} goes with --sentinel", context)
        now, named = dt.datetime.now(dt.UTC), Named(torrc, lock)
        findings = list(examine(Site.open(site, only_look=True), Machine.here(), now, named))
        click.echo(_as_json(findings) if as_json else "\n".join(map(str, findings)))
        return int(any(finding.level is Level.WRONG for finding in findings))
    grounds = Grounds.here(temporary, logs=logs, unit=unit or "intake.service", also=also)
    if torrc is not None or lock is not None:
        raise click.UsageError("--torrc and --lock do not go with --sentinel", context)
    address = parse_address(bind or "127.0.0.1:8000")
    waiting = _WAIT if wait is None else wait
    report = leaks.run(
        Site.open(site, only_look=True), address, grounds, test_site=test_site, wait=waiting
    )
    click.echo(report.to_json() if as_json else "\n".join(report.lines()))
    return int(report.found)


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
