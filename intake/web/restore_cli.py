"""The operator's commands that put a site back: `intake restore`, and `intake drill` to try it out."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import click

from intake.age.whole import written_whole
from intake.epoch import Epoch
from intake.errors import MalformedError, StoreError
from intake.keeping.comparing import compare
from intake.keeping.known import Known
from intake.keeping.operator_key import read_identity
from intake.keeping.restoring import Backups, Put, Trust, put_back, workplace, write_files
from intake.log.site_log import SiteLog
from intake.machine import is_in_memory
from intake.passphrase import passphrase_option, read_passphrase
from intake.store import Place, PostgresPlace, Store
from intake.tlog.checkpoint import SignedCheckpoint
from intake.tlog.policy import POLICY_LIMIT, Policy
from intake.visible import line
from intake.web.settings import Settings
from intake.web.site import KEY_SIZE, STORE, Site, check_owner, today_in_utc

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own there, which only we read
_SETTINGS: Final = "site.toml"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PATH = click.Path(exists=True, path_type=Path)
_IDENTITY = click.option(
    "--identity", type=_FILE, required=True, help="The operator's key, NAME.operator."
)
_KNOWN = click.option(
    "--known",
    type=_PATH,
    multiple=True,
    help="A checkpoint that others have: a copy of /log/, an auditor's folder, or a file.",
)
_POLICY = click.option(
    "--policy", type=_FILE, help="Believe checkpoints by this policy, not the backup's own."
)
_ROSTER = click.option(
    "--roster", type=_FILE, help="The roster that came into use after the backup was made."
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.argument("site", type=click.Path(path_type=Path))
@_IDENTITY
@_KNOWN
@_POLICY
@_ROSTER
@click.option(
    "--accept-gap",
    is_flag=True,
    help="Restore though the site went on after the backup: what was taken back since comes back.",
)
@click.option("--store", metavar="URL", default="", help="A PostgreSQL database for the store.")
@click.option("--store-room", metavar="BYTES", default=0, help="How many bytes it may have.")
@passphrase_option
def restore(  # noqa: PLR0913 - each is an argument of the command
    *,
    files: tuple[Path, ...],
    site: Path,
    identity: Path,
    known: tuple[Path, ...],
    policy: Path | None,
    roster: Path | None,
    accept_gap: bool,
    store: str,
    store_room: int,
    passphrase_file: Path | None,
) -> None:
    """Put back the site of FILES, a base and its newest part, into the new folder SITE.

    Nothing stands at SITE before all holds; one line for each check that does: both files are whole
    and signed by their site's log; the log is the very one that others know (--known, at least one
    that witnesses cosigned), and none knows a longer one; every entry opens; every object is the
    one that was sealed; every submission of the log is here, or was taken back by its author, or
    two reviewers signed that they have it, and of those nothing comes back. What the log got after
    the backup is taken from a copy of its files, as long as it is public; where a week was closed
    since, a newer backup is needed.

    A backup that was not made with --hand-over is refused: nobody can know what was taken back
    between it and the loss of the site. With --accept-gap that comes back, until its author takes
    it back again, and what came in between is lost; say so where people will read it.

    The store is in a file of the folder, wherever it was before; with --store in that database,
    which is empty (deploy/postgresql.md), and to be made anew where a check does not hold.

    The log gets an entry that says that the site was restored. Then run `intake doctor`, `intake
    epoch`, `intake cosign` and `intake serve`. The old machine must never go on: witnesses refuse
    whichever of the two comes second. A new onion address goes into site.toml. The program that
    carries the daily notice is the operator's, and in no backup.
    """
    check_owner(site.parent)
    backups = _backups(files, identity, passphrase_file)
    if site.exists() or site.is_symlink():
        raise StoreError(f"something is there already: {site}", "name a new folder")
    trust = _trust(known, policy, roster)
    today = today_in_utc()
    with workplace(site.parent) as folder:
        place = PostgresPlace(store, store_room) if store else folder / STORE
        put = put_back(backups, place, trust, today, _say)
        try:
            if not put.head.last and not accept_gap:
                raise StoreError(
                    f"the site went on after {put.head.told}: what people took back since would"
                    " come back",
                    "look for a newer backup; where there is none, give --accept-gap",
                )
            _settle(folder, put, place, trust.known, Epoch.of(today))
        finally:
            put.store.close()
        # Now it is a site like any other, but for its name.
        folder.rename(site)
        os.sync()
    click.echo(line(f"restored {put.head.deployment} to {site}"))
    if not put.head.last:
        click.echo(
            line(
                f"what was taken back after {put.head.told} came back, and what came after is lost"
            )
        )


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@_IDENTITY
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Compare with this living site, whose log is then known, too.",
)
@_KNOWN
@_POLICY
@_ROSTER
@passphrase_option
def drill(  # noqa: PLR0913 - each is an argument of the command
    *,
    files: tuple[Path, ...],
    identity: Path,
    site: Path | None,
    known: tuple[Path, ...],
    policy: Path | None,
    roster: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Try out whether FILES, a base and its newest part, could be restored today; change nothing.

    Does all that `intake restore` does, in a folder in memory (/dev/shm) that is removed, and says
    what it proved. With --site it says, too, what the living site has and the backup has not. Do
    it each month, best where the operator's key is: not on the server.
    """
    backups = _backups(files, identity, passphrase_file)
    if not is_in_memory(_MEMORY):
        raise StoreError(f"{_MEMORY} is not in memory", "mount a tmpfs there")
    living = None if site is None else Site.open(site, only_look=True)
    if living is not None and living.log_folder.published() is not None:
        known = (living.log_folder.path, *known)
    trust = _trust(known, policy, roster)
    today = today_in_utc()
    with workplace(_MEMORY) as folder:
        place = folder / STORE
        put = put_back(backups, place, trust, today, _say)
        try:
            if living is not None:
                store = Store.open(living.store_place)
                try:
                    for text in compare(put.store, store):
                        _say(text)
                finally:
                    store.close()
            _settle(folder, put, place, trust.known, Epoch.of(today))
            _say("started: the restored log signs its next checkpoint, and the site opens")
        finally:
            put.store.close()
        Site.open(folder).current()
    click.echo(f"{put.head.told} can be restored; nothing of it is left here")


def _say(text: str) -> None:
    click.echo(line(f"ok  {text}"))


def _backups(files: Sequence[Path], identity: Path, passphrase_file: Path | None) -> Backups:
    if len(files) > 2:
        raise MalformedError(
            "more than two backups are named",
            "a base and its newest part are all: that has what the parts before it had",
        )
    ask = partial(read_passphrase, passphrase_file, confirm=False)
    part = files[1] if len(files) == 2 else None
    return Backups(files[0], part, [read_identity(identity, ask)])


def _trust(known: Sequence[Path], policy: Path | None, roster: Path | None) -> Trust:
    def read(path: Path | None) -> bytes | None:
        if path is None:
            return None
        with path.open("rb") as file:
            return file.read(POLICY_LIMIT + 1)

    by = read(policy)
    return Trust(
        [Known.at(path) for path in known], None if by is None else Policy.parse(by), read(roster)
    )


def _settle(folder: Path, put: Put, place: Place, known: Sequence[Known], today: Epoch) -> None:
    """Make a site of what was put back and proven.

    1. its files, which say where its store is now, with a fresh anti-forgery key; 2. the log goes on: one entry says so; 3. its tiles,
    signed anew, and those of what is shown; 4. the newest checkpoint that witnesses cosigned, which everybody is shown; 5. the
    board.
    """
    # (1)
    write_files(folder, put.files | {_SETTINGS: _kept_at(place, put.files[_SETTINGS])})
    with written_whole(folder / "antiforgery.key") as sink:
        sink.write(secrets.token_bytes(KEY_SIZE))
    site = Site.open(folder)
    log = SiteLog(put.store.leaves, site.log_folder, put.signer)
    with site.log_folder.locked(), put.store.leaves.closing():
        # (2)
        if log.retired() is None:
            log.note_restored(today)
        newest = _newest(put, known)
        # (3)
        log.stage(0 if newest is None else newest.checkpoint.size)
        # (4)
        if newest is not None:
            site.log_folder.publish(newest)
    # (5)
    site.board_folder.write(put.store.board.rows())


def _kept_at(place: Place, written: bytes) -> bytes:
    """What `site.toml` says, with the store at `place`; word for word where it was of that kind."""
    url, room = ("", 0) if isinstance(place, Path) else (place.url, place.room)
    settings = Settings.parse(written)
    if (settings.store, settings.store_room) == (url, room):
        return written
    return replace(settings, store=url, store_room=room).to_bytes()


def _newest(put: Put, known: Sequence[Known]) -> SignedCheckpoint | None:
    """The longest cosigned checkpoint, of those that are known and the backup's own."""
    found = [one.signed for one in known if one.signed is not None]
    own = put.files.get("log/checkpoint")
    found += [] if own is None else [SignedCheckpoint.parse(own)]
    return max(found, key=lambda signed: signed.checkpoint.size, default=None)
