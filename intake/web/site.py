"""A site folder: the operator's words, the roster in use and those before it, keys and store.

Everything in it is checked when it is read. Nothing in it can open a testimony.
"""

import datetime as dt
import os
import pwd
import secrets
import shutil
from pathlib import Path
from typing import Self

from intake.age.whole import written_whole
from intake.container import SIZES
from intake.deployment import fresh_deployment
from intake.errors import MalformedError, RosterError, StoreError
from intake.keeping.standstill import check_not_handed_over
from intake.log.folder import LogFolder
from intake.roster import RootSet, Roster, SignedRoster, check_not_forbidden, open_roster
from intake.store import Place, PostgresPlace
from intake.tlog.checkpoint import origin_of
from intake.tlog.note import Algorithm, Signer
from intake.web.board_folder import BoardFolder
from intake.web.settings import Settings

STORE = "store.sqlite"  # in a site's folder, where no database is named
KEY_SIZE = 32  # bytes of the anti-forgery key and of the log's


class Site:
    """An opened site folder."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self._shelf: tuple[tuple[int, int], SignedRoster, dict[str, Roster]] | None = None

    @classmethod
    def create(cls, folder: Path, name: str, organisation: str, address: str, lang: str) -> Self:
        """Make a site with a fresh deployment id that shows its form by any address."""
        deployment = fresh_deployment(name)
        return cls.make(folder, Settings(deployment, organisation, address, lang, SIZES[0]))

    @classmethod
    def make(cls, folder: Path, settings: Settings) -> Self:
        """Make a site folder with these settings; raises where something is there."""
        check_owner(next(one for one in folder.parents if one.exists()))
        try:
            folder.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            raise StoreError(f"something is there already: {folder}", "name a new folder") from None
        try:
            site = cls(folder, settings)
            (folder / "keys" / "archive").mkdir(parents=True, mode=0o700)
            (folder / "site.toml").write_bytes(settings.to_bytes())
            _new_key(folder / "antiforgery.key")
            site._begin_log()
        except BaseException:
            shutil.rmtree(folder)  # or it could not be made again
            raise
        return site

    @classmethod
    def open(cls, folder: Path, *, handed_over: bool = False, only_look: bool = False) -> Self:
        """Open a site folder; its roster is read when it is asked for.

        One that went to another machine is refused, unless `handed_over` says that this is known;
        and root is where the folder is another's, unless it comes to `only_look`.
        """
        if not only_look:
            check_owner(folder)
        if not handed_over:
            check_not_handed_over(folder)
        return cls(folder, Settings.read(folder / "site.toml"))

    @property
    def store_path(self) -> Path:
        """The store's file, where it is in one."""
        return self.folder / STORE

    @property
    def store_place(self) -> Place:
        """Where the store is."""
        if self.settings.store:
            return PostgresPlace(self.settings.store, self.settings.store_room)
        return self.store_path

    @property
    def antiforgery_key(self) -> bytes:
        """The 32 bytes with which the form's tokens are signed."""
        key = (self.folder / "antiforgery.key").read_bytes()
        if len(key) != KEY_SIZE:
            raise MalformedError("antiforgery.key is damaged", "put 32 random bytes there")
        return key

    @property
    def log_signer(self) -> Signer:
        """The key that signs the log and its promises; a site from before it had a log gets one."""
        if not self._log_key_path.exists() and self.log_folder.staged() is None:
            self._begin_log()
        seed = self._log_key_path.read_bytes()
        if len(seed) != KEY_SIZE:
            raise MalformedError("log.key is damaged", "restore it from a backup")
        return Signer(origin_of(self.settings.deployment), Algorithm.ED25519, seed)

    def _begin_log(self) -> None:
        """Make the log's key, and a policy without witnesses."""
        _new_key(self._log_key_path)
        _write(self.log_policy_path, _POLICY.format(log=self.log_signer.vkey).encode())

    @property
    def _log_key_path(self) -> Path:
        return self.folder / "log.key"

    @property
    def log_folder(self) -> LogFolder:
        """The files of the log, as they are served."""
        return LogFolder(self.folder / "log")

    @property
    def board_folder(self) -> BoardFolder:
        """The files of the board, as they are served."""
        return BoardFolder(self.folder / "board", self.settings.deployment)

    @property
    def log_policy_path(self) -> Path:
        """Which witnesses cosign the log, and how many must."""
        return self.folder / "keys" / "log.policy"

    @property
    def _roster_path(self) -> Path:
        return self.folder / "keys" / "roster.note"

    @property
    def _roots_path(self) -> Path:
        return self.folder / "keys" / "roots"

    def roots(self) -> RootSet:
        """The root keys that this site trusts since its first roster."""
        try:
            return RootSet.parse(self._roots_path.read_bytes())
        except FileNotFoundError:
            raise RosterError(
                "this site has no roster yet", "publish one with `intake roster publish`"
            ) from None

    def current(self) -> SignedRoster:
        """The roster in use, verified but for its dates; read again when its file changes."""
        return self._read_shelf()[0]

    def named(self, digest: str, today: dt.date) -> Roster:
        """The roster with this digest, if objects sealed to it are taken today."""
        signed, shelf = self._read_shelf()
        roster = shelf.get(digest)
        if roster is None:
            raise RosterError("sealed to a roster that is not this site's", "get its roster again")
        if not roster.accepts_objects(today, signed.roster):
            raise RosterError(
                "sealed to a roster that is not taken any more", "seal it again to the newest one"
            )
        return roster

    def notes(self) -> tuple[bytes, ...]:
        """The signed notes of the current roster and of every one before it."""
        archive = sorted((self.folder / "keys" / "archive").glob("roster-*.note"))
        try:
            newest = self._roster_path.read_bytes()
        except FileNotFoundError:
            raise self._no_roster() from None
        return (newest, *(path.read_bytes() for path in archive))

    def _no_roster(self) -> RosterError:
        self.roots()  # or it never had one, and this says so
        return RosterError("the site's roster is missing: keys/roster.note")

    def _read_shelf(self) -> tuple[SignedRoster, dict[str, Roster]]:
        try:
            found = self._roster_path.stat()
        except FileNotFoundError:
            raise self._no_roster() from None
        stamp = (found.st_mtime_ns, found.st_ino)
        if self._shelf is None or self._shelf[0] != stamp:
            signed = self._verify(self._roster_path.read_bytes())
            check_not_forbidden(signed.roster)
            shelf = {signed.roster.digest: signed.roster}
            for note in self.notes()[1:]:
                # Signed by the roots of their time; the current roster was checked against them
                # when it was published, and the folder is the operator's own.
                older = SignedRoster.parse(note).roster
                shelf[older.digest] = older
            self._shelf = (stamp, signed, shelf)
        return self._shelf[1:]

    def _verify(self, note: bytes) -> SignedRoster:
        return open_roster(
            note,
            trusted=self.roots(),
            today=today_in_utc(),
            deployment=self.settings.deployment,
            allow_expired=True,
        )

    def publish(self, note: bytes, trusted: RootSet | None, today: dt.date) -> SignedRoster:
        """Put a roster into use, after every check that needs no log; keep the one before it.

        `trusted` are the roots for a site that has no roster yet, and None for one that has.
        """
        first = not self._roster_path.exists()
        if first != (trusted is not None):
            raise RosterError(
                "a site's roots are given with its first roster, and only then",
                "later rosters are checked against the roots of the one before",
            )
        previous = None if first else self.current().roster
        if previous is not None:
            trusted = previous.roots
        signed = open_roster(
            note,
            trusted=trusted or self.roots(),
            today=today,
            deployment=self.settings.deployment,
            previous=previous,
        )
        check_not_forbidden(signed.roster)
        if previous is not None:
            name = f"roster-{previous.version}.note"
            _write(self.folder / "keys" / "archive" / name, self._roster_path.read_bytes())
        # A crash between the two leaves a site that works: the roster bears the signatures of the
        # roots before it as well as of its own. Only the first needs its roots beforehand.
        if first:
            _write(self._roots_path, signed.roster.roots.to_bytes())
        _write(self._roster_path, note)
        if not first:
            _write(self._roots_path, signed.roster.roots.to_bytes())
        return signed


# A new site has no witnesses: whoever reads its log believes the operator alone.
_POLICY = """\
# Who cosigns this site's log (C2SP tlog-policy). Ask three organisations; `intake cosign` asks them.
#
# witness w1 KEY https://example.org/PREFIX
# group q 2 w1 w2 w3
# quorum q

log {log}
quorum none
"""


def check_owner(folder: Path) -> None:
    """Raise `StoreError` where root would write into a folder of another user.

    What root leaves there, the site's user can neither read nor replace: the server and the night's
    close would fail from then on.
    """
    try:
        found = folder.stat()
    except OSError:
        return  # said by whoever opens it
    owner = found.st_uid
    if os.geteuid() != 0 or owner == 0:
        return
    try:
        name = pwd.getpwuid(owner).pw_name
        become = f"runuser -u {name} --"
    except KeyError:  # as of a container's user
        name = f"#{owner}"
        become = f"setpriv --reuid {owner} --regid {found.st_gid} --clear-groups"
    raise StoreError(
        f"{folder} is of the user {name}, and this is root",
        f"run it as that user: {become} intake …",
    )


def _new_key(path: Path) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_SIZE))
        file.flush()
        os.fsync(file.fileno())


def _write(path: Path, content: bytes) -> None:
    with written_whole(path) as file:
        file.write(content)


def today_in_utc() -> dt.date:
    """The day by this machine's clock."""
    return dt.datetime.now(dt.UTC).date()
