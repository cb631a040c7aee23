"""The operator's commands: make a site, give it a roster, serve it, collect what came."""

import re
import shutil
from pathlib import Path
from typing import Any

import click

from intake.collect import Source, collect_bundle
from intake.container import SIZES
from intake.deployment import fresh_deployment
from intake.epoch import Epoch
from intake.errors import MalformedError, RosterError
from intake.reviewer import parse_recipient
from intake.roots import ROOT_FILE_LIMIT, RootSet, parse_fingerprint
from intake.roster import SignedRoster
from intake.store import Store
from intake.tlog.note import NOTE_LIMIT
from intake.web.languages import LANGUAGES
from intake.web.listening import Address, parse_address
from intake.web.settings import Settings
from intake.web.site import Site, today_in_utc

_SITE = click.argument("site", type=click.Path(path_type=Path))
_ONION = re.compile(r"\.onion(?![a-z0-9.-])", re.ASCII | re.IGNORECASE)


@click.command()
@_SITE
@click.option("--name", default="intake", help="First part of the deployment's name.")
@click.option("--organisation", required=True, help="Who runs it, as people will read it.")
@click.option("--address", required=True, help="The onion address, as people will see it.")
@click.option(
    "--language", type=click.Choice(tuple(LANGUAGES)), default="ru", help="The first language."
)
@click.option("--store", metavar="URL", default="", help="A PostgreSQL database for the store.")
@click.option("--store-room", metavar="BYTES", default=0, help="How many bytes it may have.")
def init(  # noqa: PLR0913, PLR0917 - its options
    site: Path,
    name: str,
    organisation: str,
    address: str,
    language: str,
    store: str,
    store_room: int,
) -> None:
    """Make a new site in the folder SITE: its settings, a key for its forms, an empty store.

    With an onion address, whoever comes by another one gets a warning instead of the form. This
    and everything else that is the operator's to decide is in the folder's site.toml. With --store
    the store is in that database, which is empty (deploy/postgresql.md).

    Prints the deployment's name, which the roster must bear. The site serves nothing before it
    has a roster: see `intake roster publish`.
    """
    settings = Settings(
        fresh_deployment(name),
        *(organisation, address, language, SIZES[0]),
        # Also where it is not spelled as it must be: then that is said, and nothing is made.
        only_onion=_ONION.search(address) is not None,
        store=store,
        store_room=store_room,
    )
    made = Site.make(site, settings)
    first = Epoch.of(today_in_utc())
    try:
        Store.create(made.store_place, made.settings.deployment, since=first).close()
    except BaseException:
        shutil.rmtree(made.folder)  # nothing in it is known to anybody yet; it can be made again
        raise
    click.echo(made.settings.deployment)


@click.command()
@_SITE
@click.argument("roster", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fingerprint", help="For the first roster: the 30 digits, read from paper.")
@click.option(
    "--roots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For the first roster: a roots file got another way.",
)
def publish_roster(site: Path, roster: Path, fingerprint: str | None, roots: Path | None) -> None:
    """Put ROSTER, a signed note, into use at SITE.

    The first one is checked against the root holders' fingerprint, or their roots file. Each later
    one must follow the one in use and be signed by its roots. A running site takes it up at once,
    and it stands in the site's log: `intake cosign` has that cosigned and shown.
    """
    note = _start_of(roster, NOTE_LIMIT)
    trusted = None
    if roots is not None:
        trusted = RootSet.parse(_start_of(roots, ROOT_FILE_LIMIT))
    elif fingerprint is not None:
        trusted = SignedRoster.parse(note).roster.roots
        if trusted.fingerprint != parse_fingerprint(fingerprint):
            raise RosterError(
                "the roster's root keys have another fingerprint",
                f"it is {trusted.fingerprint}: compare with the paper, digit by digit",
            )
    from intake.web.announcing import announce

    opened = Site.open(site)
    store = Store.open(opened.store_place)
    try:
        # Who is closing a week just now goes first; a crash before the entry is made good by the
        # next `intake epoch`.
        with opened.log_folder.locked(), store.leaves.closing():
            signed = opened.publish(note, trusted, today_in_utc())
            announce(opened, store)
    finally:
        store.close()
    click.echo(f"version {signed.roster.version}, {signed.roster.digest}")
    click.echo(f"expires {signed.roster.expires}, fingerprint {signed.roster.roots.fingerprint}")


def _start_of(path: Path, limit: int) -> bytes:
    """What a file holds, and not all of what is longer: that is refused when it is parsed."""
    with path.open("rb") as file:
        return file.read(limit + 1)


class _Where(click.ParamType[Address]):
    """The words of `--bind`."""

    name = "ADDRESS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Address:
        """Read an address, or end with exit 2."""
        try:
            return parse_address(value)
        except MalformedError as error:
            self.fail(f"{value} is {error.phrase}: {error.hint}", param, ctx)


@click.command()
@_SITE
@click.option(
    "--bind",
    type=_Where(),
    default="127.0.0.1:8000",
    show_default=True,
    help="Where to listen: 127.0.0.1:PORT, unix:/PATH, or systemd for the socket of its unit.",
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(site: Path, bind: Address, workers: int) -> None:
    """Serve the form of SITE until it is ended.

    Nothing about a request is written anywhere. Only one server runs on a site at a time.
    """
    from intake.web.server import run

    run(Site.open(site), bind, workers)


@click.command()
@_SITE
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option(
    "--for-auditor",
    "auditor",
    metavar="RECIPIENT",
    help="Seal it to this age1pq1 key instead, and leave the objects out.",
)
def collect(site: Path, bundle: Path, auditor: str | None) -> None:
    """Write everything that SITE keeps, and its log, into the new file BUNDLE, for a stick.

    Run `intake epoch` and `intake cosign` before, every Monday: what is in no published checkpoint
    goes along as not yet logged, and reviewers can read it but not let it leave. They check the
    log before they open anything (`intake review import`).

    The file is sealed to the reviewers of the current roster and filled up to a power of two, at
    least 16 MiB. Nothing is removed from the site. With --for-auditor it is for `intake audit
    bundle`: what the log commits to, and no object.
    """
    opened = Site.open(site)
    signed = opened.current()
    signed.roster.check_dates(today_in_utc())
    recipient = None if auditor is None else parse_recipient(auditor)
    store = Store.open(opened.store_place)
    try:
        contents = collect_bundle(
            Source(store, opened.log_folder, opened.log_signer, signed.roster, opened.notes()),
            bundle,
            recipient,
        )
    finally:
        store.close()
    waiting = sum(1 for item in contents.items if item.promise)
    click.echo(
        f"{len(contents.items)} submissions in {bundle}, {bundle.stat().st_size} bytes;"
        f" {waiting} of them not yet logged"
    )
