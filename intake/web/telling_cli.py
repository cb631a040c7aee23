"""The operator's two commands that tell others of a site: figures for a monitor, a daily notice."""

import os
from pathlib import Path

import click

from intake.age.whole import written_whole
from intake.errors import MalformedError, StoreError
from intake.store import Store
from intake.web.figures import Figures
from intake.web.notice import RECIPIENTS, Sent, hand_over, read_recipients, sealed
from intake.web.site import Site, today_in_utc

_SITE = click.argument("site", type=click.Path(path_type=Path))
_LIMIT = 65_536  # bytes of a file of figures


@click.command()
@_SITE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def metrics(site: Path, file: Path) -> None:
    """Write the figures of SITE that anybody may see into FILE, whose name ends in .prom.

    For the textfile collector of node_exporter: days since the last week was closed, days left of
    the roster, days since the last backup, and the store's size, rounded up to 16 MiB and measured
    once a week, after its close. FILE is the same whether somebody wrote this week or nobody. It
    is written whole and can be read by everybody (mode 0644).

    Let node_exporter collect nothing else on this machine (--collector.disable-defaults
    --collector.textfile): what it says of disks and network tells when people write.
    """
    if file.suffix != ".prom":
        raise MalformedError("the collector reads files alone whose names end in .prom")
    if not file.parent.is_dir():
        hint = "install prometheus-node-exporter, or name its collector's folder"
        raise StoreError(f"there is no folder {file.parent}", hint)
    before = ""
    if file.exists():
        with file.open("rb") as source:
            before = source.read(_LIMIT).decode("utf-8", "replace")
    figures = Figures.of(Site.open(site), today_in_utc(), before)
    with written_whole(file) as sink:
        sink.write(figures.to_text().encode())
        os.fchmod(sink.fileno(), 0o644)


@click.command()
@_SITE
def notify(site: Path) -> None:
    """Have the operator's program tell the courier whether SITE has something to collect.

    Run it once a day, always at the same hour. It runs the program that `notify` in site.toml
    names, with a sealed message on standard input: armored, of one length whatever it says, to the
    keys in SITE/keys/notice.recipients. Inside stands 1 where a week that is closed has
    submissions that were not released yet, else 0. What came this week it does not say.

    The program gets no environment, one minute, and its output goes nowhere. Exit 1 where it fails;
    `intake doctor` says so too.
    """
    opened = Site.open(site)
    if not opened.settings.notify:
        raise StoreError(
            "site.toml names no program for notices", 'notify = ["/usr/local/bin/intake-notify"]'
        )
    before, today = Sent.read(opened.folder), today_in_utc()
    roster = opened.current().roster
    recipients = read_recipients(opened.folder / "keys" / RECIPIENTS, roster)
    store = Store.open(opened.store_place)
    try:
        waiting = store.oldest_logged() is not None
    finally:
        store.close()
    failed = hand_over(opened.settings.notify, sealed(recipients, waiting=waiting))
    Sent(before.day if failed else today, failed).write(opened.folder)
    if failed:
        raise StoreError(f"no notice was sent: {failed}", "see `notify` in site.toml")
